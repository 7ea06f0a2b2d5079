#include "alertmap/recorder.hpp"

#include <charconv>
#include <utility>

#include "alertmap/arena.hpp"
#include "raw_json.hpp"

namespace alertmap {
namespace {

using detail::each_element;
using detail::each_member;
using detail::JsonReader;
using detail::JsonType;
using detail::next_text;

/// Accepts "alertCreated" and "alert_created".
bool is_member(std::string_view name, std::string_view declared) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        char wanted = declared[i];
        if (wanted == '_') {
            if (at < name.size() && name[at] == '_') {
                ++at;
                continue;
            }
            wanted = static_cast<char>(declared[++i] - 'a' + 'A');
        }
        if (at == name.size() || name[at++] != wanted) return false;
    }
    return at == name.size();
}

struct KindName {
    std::string_view declared;
    RecordKind kind;
};
constexpr KindName kinds[] = {
    {"alertmanager_startup_event", RecordKind::startup},
    {"alertmanager_shutdown_event", RecordKind::shutdown},
    {"alert_created", RecordKind::alert_created},
    {"alert_resolved", RecordKind::alert_resolved},
    {"alert_grouped", RecordKind::alert_grouped},
    {"notification", RecordKind::notification},
    {"silence_created", RecordKind::silence_created},
    {"silence_updated", RecordKind::silence_updated},
    {"silence_muted_alert", RecordKind::silence_muted_alert},
    {"inhibition_muted_alert", RecordKind::inhibition_muted_alert},
};

/// Converts a decimal uint64 (protojson writes it as a string) to the format of fingerprints in messages.
std::string hex_fingerprint(std::string_view decimal) {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
    if (code != std::errc{} || end != decimal.data() + decimal.size()) return {};
    std::string hex;
    for (int shift = 60; shift >= 0; shift -= 4) hex += "0123456789abcdef"[(number >> shift) & 15];
    return hex;
}

class RecordReader {
 public:
    RecordReader(JsonReader& json, Arena& arena) : json_(json), arena_(arena) {}

    /// False: not a record.
    bool read() {
        return each_member(json_, arena_, [this](std::string_view name) { return member(name); }) && known_;
    }
    Record record;

 private:
    void member(std::string_view name) {
        if (name == "@timestamp" || name == "timestamp") {
            known_ = true;
            Timestamp at;
            at.text = next_text(json_, arena_);
            if (detail::read_time(at)) record.at = unix_time(at);
        } else if (name == "instance") {
            record.instance = next_text(json_, arena_);
        } else if (name == "data") {
            each_member(json_, arena_, [this](std::string_view inner) { kind(inner); });
        } else {
            kind(name);  // a oneof may lack `data`
        }
    }
    void kind(std::string_view name) {
        for (const KindName& known : kinds) {
            if (!is_member(name, known.declared)) continue;
            known_ = true;
            record.kind = known.kind;
            each_member(json_, arena_, [this](std::string_view inner) { content(inner); });
            return;
        }
        json_.skip();
    }
    void content(std::string_view name) {
        if (name == "alert") {
            each_member(json_, arena_, [this](std::string_view inner) { content(inner); });
        } else if (name == "fingerprint") {
            record.fingerprint = hex_fingerprint(next_text(json_, arena_));
        } else if (is_member(name, "group_info") || is_member(name, "group")) {
            each_member(json_, arena_, [this](std::string_view inner) { group(inner); });
        } else {
            group(name);
        }
    }
    void group(std::string_view name) {
        if (is_member(name, "group_key")) {
            record.group_key = next_text(json_, arena_);
        } else if (is_member(name, "receiver_name")) {
            record.receiver = next_text(json_, arena_);
        } else {
            json_.skip();
        }
    }

    JsonReader& json_;
    Arena& arena_;
    bool known_ = false;
};

void read_one(JsonReader& json, Arena& arena, Records& out, std::size_t max_records, bool& too_many) {
    RecordReader reader(json, arena);
    const bool found = reader.read();
    if (json.failed()) return;
    if (!found) {
        ++out.unreadable;
    } else if (out.records.size() == max_records) {
        too_many = true;
    } else {
        out.records.push_back(std::move(reader.record));
    }
}

}  // namespace

Result<Records> read_records(std::string_view body, std::size_t max_records) {
    Records out;
    bool too_many = false;
    const std::size_t first = body.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return Errc::empty_body;
    if (body[first] == '[') {
        Arena arena;
        JsonReader json(body);
        each_element(json, [&] { read_one(json, arena, out, max_records, too_many); });
        if (!json.finish()) return json.error();
    } else {
        // A single object may span several lines.
        Arena arena;
        JsonReader whole(body);
        read_one(whole, arena, out, max_records, too_many);
        if (!whole.finish()) {
            out = {};
            while (!body.empty() && !too_many) {
                const std::size_t end = body.find('\n');
                const std::string_view line = body.substr(0, end);
                body = end == std::string_view::npos ? std::string_view{} : body.substr(end + 1);
                if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
                arena.clear();
                Records one;
                JsonReader json(line);
                read_one(json, arena, one, 1, too_many);
                if (!json.finish()) {
                    ++out.unreadable;
                    continue;
                }
                out.unreadable += one.unreadable;
                if (one.records.empty()) continue;
                if (out.records.size() == max_records) too_many = true;
                if (!too_many) out.records.push_back(std::move(one.records.front()));
            }
        }
    }
    if (too_many) return Errc::too_many_alerts;
    return out;
}

}  // namespace alertmap
