#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/detail/json_reader.hpp"
#include "alertmap/json_writer.hpp"
#include "event_texts.hpp"
#include "ledger_state.hpp"

// A ledger's rows as JSON. Times are nanoseconds since 1970. Default values are left out; unknown members are skipped, so that an older
// program can read rows of a newer one.
namespace alertmap {

using detail::Flight;
using detail::JsonReader;
using detail::JsonType;
using detail::Member;
using detail::MemberState;
using detail::Vendor;

namespace {

struct FlagWord {
    detail::IncidentFlag flag;
    std::string_view word;
};
constexpr FlagWord flag_words[] = {
    {detail::wants_update, "wants_update"},
    {detail::wants_reassert, "wants_reassert"},
    {detail::wants_acknowledge, "wants_acknowledge"},
    {detail::owes_close, "owes_close"},
    {detail::pages_again, "pages_again"},
    {detail::dead, "dead"},
    {detail::coarse, "coarse"},
    {detail::overflow, "overflow"},
    {detail::by_listing, "by_listing"},
    {detail::by_age, "by_age"},
    {detail::has_ends_at, "has_ends_at"},
    {detail::no_acknowledge, "no_acknowledge"},
    {detail::no_look_up, "no_look_up"},
};

bool waits(const Member& member) noexcept { return member.state == MemberState::ending || member.state == MemberState::held; }

// Writing.

/// Text that is guaranteed to be UTF-8, whatever the caller put into an event: otherwise the row could not be read back.
class ValidText {
 public:
    explicit ValidText(std::string_view text) : text_(text) {
        const char* const end = text.data() + text.size();
        for (const char* at = text.data(); at != end;) {
            const int length = detail::utf8_length(at, end);
            if (length <= 0) {
                replace();
                return;
            }
            at += length;
        }
    }
    [[nodiscard]] std::string_view view() const noexcept { return text_; }

 private:
    void replace() {
        const char* const end = text_.data() + text_.size();
        for (const char* at = text_.data(); at != end;) {
            const int length = detail::utf8_length(at, end);
            if (length <= 0) {
                owned_ += "\xef\xbf\xbd";
                ++at;
            } else {
                owned_.append(at, static_cast<std::size_t>(length));
                at += length;
            }
        }
        text_ = owned_;
    }

    std::string owned_;
    std::string_view text_;
};

void put(JsonWriter& json, std::string_view name, std::string_view text) {
    if (text.empty()) return;
    json.key(name);
    json.value(ValidText(text).view());
}

void put_time(JsonWriter& json, std::string_view name, UnixTime time, UnixTime otherwise) {
    if (time == otherwise) return;
    json.key(name);
    json.value(time);
}

void put_hex(JsonWriter& json, std::string_view name, std::uint64_t number) {
    constexpr char digits[] = "0123456789abcdef";
    char text[16];
    for (int i = 0; i < 16; ++i) text[i] = digits[(number >> (60 - 4 * i)) & 0xf];
    json.key(name);
    json.value(std::string_view(text, 16));
}

void put_timestamp(JsonWriter& json, std::string_view name, const Timestamp& time) {
    if (!time.is_set) return;
    json.key(name);
    if (time.text.empty()) {
        json.value(unix_time(time));
    } else {
        json.value(ValidText(time.text).view());
    }
}

void put_pair(JsonWriter& json, std::string_view first, std::string_view second) {
    json.begin_array();
    json.value(ValidText(first).view());
    json.value(ValidText(second).view());
    json.end_array();
}

void put_event(JsonWriter& json, const Event& event) {
    json.key("event");
    json.begin_object();
    json.member("severity", name(event.severity));
    for (const detail::EventText& text : detail::event_texts) {
        if (text.stored) put(json, text.name, event.*text.member);
    }
    put_timestamp(json, "starts_at", event.starts_at);
    put_timestamp(json, "ends_at", event.ends_at);
    json.member("firing", event.firing);
    json.member("resolved", event.resolved);
    if (!event.complete) json.member("complete", false);
    if (event.unlisted) json.member("unlisted", true);
    if (!event.page) json.member("page", false);
    json.key("labels");
    json.begin_array();
    for (const Label& label : event.labels) put_pair(json, label.name, label.value);
    json.end_array();
    if (!event.notify.empty()) {
        json.key("notify");
        json.begin_array();
        for (const NotifyTarget& target : event.notify) put_pair(json, target.type, target.id);
        json.end_array();
    }
    json.end_object();
}

// Reading.

/// Reads one row. Numbers and words out of range are errors; unknown members are not.
class RowReader {
 public:
    explicit RowReader(std::string_view text) : json_(text) {}

    [[nodiscard]] JsonReader& json() noexcept { return json_; }
    [[nodiscard]] bool failed() const noexcept { return failed_ || json_.failed(); }
    [[nodiscard]] Error error() const { return json_.failed() ? json_.error() : Error{code_, json_.offset(), path_}; }
    void fail(Errc code, std::string_view path) {
        if (failed()) return;
        failed_ = true;
        code_ = code;
        path_ = path;
    }

    /// Calls `member(name)` for each member; a value that it does not read (it returns false) is skipped.
    template <class F>
    void object(std::string_view path, const F& member) {
        if (json_.type() != JsonType::object) return wrong_type(path);
        std::string name;
        for (json_.begin_object(); !failed() && json_.next_member(name);) {
            if (!member(std::string_view(name))) json_.skip();
        }
    }
    template <class F>
    void array(std::string_view path, const F& element) {
        if (json_.type() != JsonType::array) return wrong_type(path);
        for (json_.begin_array(); !failed() && json_.next_element();) element();
    }
    bool text(std::string_view path, std::string& out) {
        if (json_.type() != JsonType::string) {
            wrong_type(path);
            return true;
        }
        json_.string(out);
        return true;
    }
    template <class Number>
    bool number(std::string_view path, Number& out) {
        std::string_view digits;
        if (json_.type() != JsonType::number) {
            wrong_type(path);
            return true;
        }
        if (!json_.number(digits)) return true;
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
        if (code != std::errc{} || end != digits.data() + digits.size()) fail(Errc::invalid_value, path);
        return true;
    }
    bool boolean(std::string_view path, bool& out) {
        if (json_.type() != JsonType::boolean) {
            wrong_type(path);
            return true;
        }
        json_.boolean(out);
        return true;
    }
    bool hex(std::string_view path, std::uint64_t& out) {
        std::string digits;
        text(path, digits);
        if (failed()) return true;
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
        if (code != std::errc{} || end != digits.data() + digits.size()) fail(Errc::invalid_value, path);
        return true;
    }
    template <class Words>
    bool word(std::string_view path, const Words& words, std::size_t& out) {
        std::string found;
        text(path, found);
        if (failed()) return true;
        for (std::size_t i = 0; i < std::size(words); ++i) {
            if (words[i] == found) {
                out = i;
                return true;
            }
        }
        fail(Errc::unknown_name, path);
        return true;
    }

 private:
    void wrong_type(std::string_view path) { fail(json_.type() == JsonType::none ? Errc::truncated_body : Errc::wrong_type, path); }

    JsonReader json_;
    bool failed_ = false;
    Errc code_{};
    std::string path_;
};

/// The event of a row; its texts are in the arena.
class EventReader {
 public:
    EventReader(RowReader& row, Arena& arena) : row_(row), arena_(arena) {}

    Event read() {
        row_.object("event", [this](std::string_view name) { return member(name); });
        event_.labels = {labels_.data(), labels_.size()};
        event_.notify = notify_;
        return event_;
    }

 private:
    bool member(std::string_view name) {
        constexpr std::string_view severities[] = {"critical", "error", "warning", "info"};
        if (name == "severity") {
            std::size_t severity = 0;
            row_.word("event.severity", severities, severity);
            event_.severity = static_cast<Severity>(severity);
            return true;
        }
        if (name == "starts_at") return time("event.starts_at", event_.starts_at);
        if (name == "ends_at") return time("event.ends_at", event_.ends_at);
        if (name == "firing") return row_.number("event.firing", event_.firing);
        if (name == "resolved") return row_.number("event.resolved", event_.resolved);
        if (name == "complete") return row_.boolean("event.complete", event_.complete);
        if (name == "unlisted") return row_.boolean("event.unlisted", event_.unlisted);
        if (name == "page") return row_.boolean("event.page", event_.page);
        if (name == "labels") {
            row_.array("event.labels", [this] {
                const auto [first, second] = pair("event.labels");
                labels_.push_back({first, second});
            });
            return true;
        }
        if (name == "notify") {
            row_.array("event.notify", [this] {
                const auto [first, second] = pair("event.notify");
                notify_.push_back({first, second});
            });
            return true;
        }
        for (const detail::EventText& text : detail::event_texts) {
            if (!text.stored || text.name != name) continue;
            row_.text("event", text_);
            event_.*text.member = arena_.copy(text_);
            return true;
        }
        return false;
    }
    bool time(std::string_view path, Timestamp& out) {
        if (row_.json().type() == JsonType::number) {
            UnixTime time = 0;
            row_.number(path, time);
            out = timestamp(time);
            return true;
        }
        row_.text(path, text_);
        out.text = arena_.copy(text_);
        detail::read_time(out);
        return true;
    }
    std::pair<std::string_view, std::string_view> pair(std::string_view path) {
        std::string_view texts[2];
        std::size_t count = 0;
        row_.array(path, [&] {
            row_.text(path, text_);
            if (count < 2) texts[count] = arena_.copy(text_);
            ++count;
        });
        if (count != 2) row_.fail(Errc::wrong_type, path);
        return {texts[0], texts[1]};
    }

    RowReader& row_;
    Arena& arena_;
    Event event_;
    std::string text_;
    std::vector<Label> labels_;
    std::vector<NotifyTarget> notify_;
};

struct ReadMember {
    Member member;
    std::string cluster;
    std::uint64_t group = 0;
};

ReadMember read_member(RowReader& row) {
    ReadMember out;
    constexpr std::string_view severities[] = {"critical", "error", "warning", "info"};
    std::size_t state = static_cast<std::size_t>(MemberState::ended);
    std::size_t severity = 0;
    row.object("members", [&](std::string_view name) {
        if (name == "cluster") return row.text("members.cluster", out.cluster);
        if (name == "alert") return row.hex("members.alert", out.member.alert);
        if (name == "state") return row.word("members.state", detail::member_words, state);
        if (name == "starts_at") return row.number("members.starts_at", out.member.starts_at);
        if (name == "ended_at") return row.number("members.ended_at", out.member.ended_at);
        if (name == "heard") return row.number("members.heard", out.member.heard);
        if (name == "since") return row.number("members.since", out.member.since);
        if (name == "revision") return row.number("members.revision", out.member.revision);
        if (name == "severity") return row.word("members.severity", severities, severity);
        if (name == "group") return row.hex("members.group", out.group);
        if (name == "contradicted") return row.boolean("members.contradicted", out.member.contradicted);
        if (name == "unlisted") return row.boolean("members.unlisted", out.member.unlisted);
        if (name == "unnamed") {
            out.member.cluster = detail::any_cluster;
            bool unnamed = false;
            return row.boolean("members.unnamed", unnamed);
        }
        return false;
    });
    out.member.state = static_cast<MemberState>(state);
    out.member.severity = static_cast<Severity>(severity);
    return out;
}

}  // namespace

void Ledger::State::write_incident(Buffer& out, const Incident& incident) const {
    JsonWriter json(out);
    json.begin_object();
    put(json, "id", incident.external_id.view());
    json.member("vendor", detail::vendor_words[static_cast<std::size_t>(incident.vendor)]);
    put(json, "vendor_id", incident.vendor_id.view());
    if (incident.flight != Flight::none) json.member("flight", detail::flight_words[static_cast<std::size_t>(incident.flight)]);
    if (incident.attempts != 0) json.member("attempts", incident.attempts);
    put_time(json, "sent_at", incident.sent_at, 0);
    put_time(json, "changed_at", incident.changed_at, 0);
    put_time(json, "timer", incident.timer, 0);
    const unsigned flags = static_cast<unsigned>(incident.flags | incident.served) & detail::kept_flags;
    if (flags != 0) {
        json.key("flags");
        json.begin_array();
        for (const FlagWord& flag : flag_words) {
            if ((flags & flag.flag) != 0) json.value(flag.word);
        }
        json.end_array();
    }
    json.key("members");
    json.begin_array();
    for (const Member& member : incident.members) {
        json.begin_object();
        if (member.cluster == detail::any_cluster) {
            json.member("unnamed", true);
        } else {
            put(json, "cluster", clusters[member.cluster].name);
            put_hex(json, "alert", member.alert);
        }
        json.member("state", detail::member_words[static_cast<std::size_t>(member.state)]);
        put_time(json, "starts_at", member.starts_at, detail::always);
        put_time(json, "ended_at", member.ended_at, detail::always);
        put_time(json, "heard", member.heard, 0);
        // Counts of consecutive listings are not stored, so that a listing does not change every row; they restart at 0.
        if (waits(member)) put_time(json, "since", member.since, 0);
        if (member.revision != 0) json.member("revision", member.revision);
        json.member("severity", name(member.severity));
        if (member.group != 0) put_hex(json, "group", groups[member.group].id);
        if (member.contradicted) json.member("contradicted", true);
        if (member.unlisted) json.member("unlisted", true);
        json.end_object();
    }
    json.end_array();
    if (!incident.event.empty()) {
        Arena scratch;
        put_event(json, incident.event.load(scratch));
    }
    json.end_object();
}

void Ledger::State::write_group(Buffer& out, const detail::Group& group) const {
    JsonWriter json(out);
    json.begin_object();
    put_hex(json, "group", group.id);
    put(json, "cluster", clusters[group.cluster].name);
    put(json, "receiver", group.receiver);
    put(json, "key", group.key);
    if (group.labels != 0) put_hex(json, "labels", group.labels);
    put_time(json, "heard", group.heard, 0);
    if (group.incomplete) json.member("incomplete", true);
    if (group.flips >= detail::flips_of_two_routes) json.member("second_route", true);
    json.end_object();
}

Result<void> Ledger::State::read_incident(std::string_view json, UnixTime now) {
    Incident read;
    std::string external_id;
    std::string text;
    std::size_t vendor = 0;
    std::size_t flight = 0;
    std::vector<ReadMember> members;
    Arena scratch;
    RowReader row(json);
    row.object({}, [&](std::string_view name) {
        if (name == "id") return row.text("id", external_id);
        if (name == "vendor") return row.word("vendor", detail::vendor_words, vendor);
        if (name == "vendor_id") {
            row.text("vendor_id", text);
            read.vendor_id = detail::OwnedText(text);
            return true;
        }
        if (name == "flight") return row.word("flight", detail::flight_words, flight);
        if (name == "attempts") return row.number("attempts", read.attempts);
        if (name == "sent_at") return row.number("sent_at", read.sent_at);
        if (name == "changed_at") return row.number("changed_at", read.changed_at);
        if (name == "timer") return row.number("timer", read.timer);
        if (name == "flags") {
            row.array("flags", [&] {
                row.text("flags", text);
                for (const FlagWord& flag : flag_words) {
                    if (flag.word == text) read.set(flag.flag);
                }
            });
            return true;
        }
        if (name == "members") {
            row.array("members", [&] { members.push_back(read_member(row)); });
            return true;
        }
        if (name == "event") {
            EventReader reader(row, scratch);  // owns the labels that the event views
            const Event event = reader.read();
            if (!row.failed()) {
                read.event = detail::StoredEvent(event);
                read.set(detail::has_event);
                read.kept_severity = event.severity;
            }
            return true;
        }
        return false;
    });
    if (!row.failed()) row.json().finish();
    if (row.failed()) return row.error();
    if (external_id.empty()) return Error{Errc::missing_field, 0, "id"};

    std::uint32_t number = find(external_id);
    if (number != detail::HashIndex::none) {
        remove(number);
        deleted.pop_back();
    }
    number = add(external_id, now);
    Incident& incident = *incidents[number];
    read.external_id = std::move(incident.external_id);
    incident = std::move(read);
    incident.vendor = static_cast<Vendor>(vendor);
    // The reader's clock may be behind the writer's.
    incident.changed_at = std::min(incident.changed_at, now);
    incident.sent_at = std::min(incident.sent_at, now);
    incident.timer = std::min(incident.timer, later(now, std::max(options.longest_retry, options.reassert)));
    for (ReadMember& said : members) {
        Member& member = said.member;
        if (member.cluster != detail::any_cluster) member.cluster = cluster_of(said.cluster);
        member.group = said.group != 0 ? group_with_id(said.group) : 0;
        member.heard = std::min(member.heard, now);
        const Member kept = member;
        Member* const added = incident.members.find(member.alert, member.cluster) == nullptr ? add_member(incident, member) : nullptr;
        if (added == nullptr) continue;
        const Duration longest = kept.state == MemberState::held ? options.settle : options.confirm;
        if (waits(kept)) added->since = std::min(kept.since, later(now, longest));
        added->contradicted = kept.contradicted;
    }
    // It is unknown whether the request was sent.
    if (static_cast<Flight>(flight) != Flight::none) {
        incident.timer = now;
        incident.flight = static_cast<Flight>(flight);
        fail(incident, Answer{Outcome::unknown}, now);
        // A look-up must not overtake a request that is still on its way.
        incident.timer = options.can_look_up ? later(now, options.first_retry) : now;
    }
    schedule(number, now);
    return {};
}

Result<void> Ledger::State::read_group(std::string_view json, UnixTime now) {
    std::uint64_t id = 0;
    detail::Group read;
    std::string cluster;
    bool second_route = false;
    RowReader row(json);
    row.object({}, [&](std::string_view name) {
        if (name == "group") return row.hex("group", id);
        if (name == "cluster") return row.text("cluster", cluster);
        if (name == "receiver") return row.text("receiver", read.receiver);
        if (name == "key") return row.text("key", read.key);
        if (name == "labels") return row.hex("labels", read.labels);
        if (name == "heard") return row.number("heard", read.heard);
        if (name == "incomplete") return row.boolean("incomplete", read.incomplete);
        if (name == "second_route") return row.boolean("second_route", second_route);
        return false;
    });
    if (!row.failed()) row.json().finish();
    if (row.failed()) return row.error();
    if (id == 0) return Error{Errc::missing_field, 0, "group"};

    const std::uint32_t number = group_with_id(id);
    detail::Group& group = groups[number];
    if (group.key.empty() && group.receiver.empty()) {
        group.key = std::move(read.key);
        group.receiver = std::move(read.receiver);
        group.cluster = cluster_of(cluster);
        groups_by_key.insert(group_hash(group.cluster, group.receiver, group.key), number);
    }
    group.heard = std::min(read.heard, now);
    group.incomplete = read.incomplete;
    group.labels = read.labels;
    if (second_route) group.flips = detail::flips_of_two_routes;
    // Of two keys with equal labels, the last one used belongs to the current route.
    const auto learned = groups_by_labels.find(group.labels);
    if (learned == groups_by_labels.end() || groups[learned->second].heard <= group.heard) learn(number);
    return {};
}

namespace {

std::string group_row(std::uint64_t id) {
    constexpr char digits[] = "0123456789abcdef";
    std::string key = "g";
    for (int shift = 60; shift >= 0; shift -= 4) key += digits[(id >> shift) & 0xf];
    return key;
}

}  // namespace

std::vector<LedgerRow> Ledger::changes() {
    State& state = *state_;
    std::vector<LedgerRow> rows;
    rows.reserve(state.deleted.size() + state.dirty_groups.size() + state.dirty_incidents.size());
    // Deletions first: a row may have been added again under its old key.
    for (std::string& key : state.deleted) rows.push_back({std::move(key), {}});
    state.deleted.clear();
    Buffer out;
    for (const std::uint32_t number : std::exchange(state.dirty_groups, {})) {
        detail::Group& group = state.groups[number];
        if (!group.dirty) continue;
        group.dirty = false;
        out.clear();
        if (group.used) state.write_group(out, group);
        rows.push_back({group_row(group.id), out.str()});
    }
    for (const std::uint32_t number : std::exchange(state.dirty_incidents, {})) {
        if (!state.incidents[number] || !state.incidents[number]->has(detail::dirty)) continue;
        State::Incident& incident = *state.incidents[number];
        incident.clear(detail::dirty);
        out.clear();
        state.write_incident(out, incident);
        rows.push_back({std::string("i").append(incident.external_id.view()), out.str()});
    }
    return rows;
}

void Ledger::write(Buffer& out) const {
    const State& state = *state_;
    out.append("{\"version\":1,\"groups\":[");
    bool first = true;
    for (const detail::Group& group : state.groups) {
        if (!group.used) continue;
        if (!std::exchange(first, false)) out.append(",");
        state.write_group(out, group);
    }
    out.append("],\"incidents\":[");
    first = true;
    for (std::uint32_t row = 0; row < state.incidents.size(); ++row) {
        const State::Incident* const incident = state.incidents[row];
        if (incident == nullptr) continue;
        if (!std::exchange(first, false)) out.append(",\n");
        state.write_incident(out, *incident);
    }
    out.append("]}");
}

Result<void> Ledger::read(std::string_view text, UnixTime caller_now) {
    state_ = std::make_unique<State>(std::move(state_->options));
    State& state = *state_;
    const UnixTime now = state.tick(caller_now);
    Result<void> result;
    const auto take = [&](const Result<void>& row, std::size_t offset) {
        if (row || !result) return;
        Error error = row.error();
        if (error.offset != no_offset) error.offset += offset;
        result = error;
    };
    JsonReader json(text);
    std::string name;
    for (json.begin_object(); json.next_member(name);) {
        const bool incidents = name == "incidents";
        if ((!incidents && name != "groups") || json.type() != JsonType::array) {
            if (incidents || name == "groups") take(Error{Errc::wrong_type, json.offset(), name}, 0);
            json.skip();
            continue;
        }
        for (json.begin_array(); json.next_element();) {
            std::string_view row;
            if (!json.skip(row)) break;
            const auto offset = static_cast<std::size_t>(row.data() - text.data());
            take(incidents ? state.read_incident(row, now) : state.read_group(row, now), offset);
        }
    }
    if (!json.finish()) take(json.error(), 0);
    return result;
}

Result<void> Ledger::read_row(std::string_view key, std::string_view json, UnixTime caller_now) {
    const UnixTime now = state_->tick(caller_now);
    if (key.empty() || (key[0] != 'i' && key[0] != 'g')) return Error{Errc::unknown_name, no_offset, "key"};
    return key[0] == 'i' ? state_->read_incident(json, now) : state_->read_group(json, now);
}

}  // namespace alertmap
