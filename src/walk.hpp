#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>

#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/parser.hpp"
#include "bytes.hpp"
#include "cursor.hpp"
#include "member_names.hpp"
#include "name_hash.hpp"
#include "repeated_names.hpp"
#include "storage.hpp"

// Stage 2: one pass over the structural characters that stage 1 found, directly into AlertGroup.
//
// Stage 1 has validated UTF-8, paired the quotes and rejected control characters in strings. Its index has the offset of each structural
// character, each opening quote and the first byte of each other scalar; only white space is between the end of a value and the next entry.
// This pass checks the grammar, escapes, numbers and literals.
//
// In an unnamed namespace, as in cursor.hpp.
namespace alertmap::detail {
namespace {

/// Why a walk stopped: invalid JSON (a second, slow pass locates the error), or another error, in Storage::failure.
enum class WalkEnd : std::uint8_t { done, not_json, failed };

class Walk : private Cursor {
 public:
    /// As in Cursor.
    Walk(std::string_view body, std::size_t base, std::uint32_t* index, std::size_t count, const ParseOptions& options,
         Storage& storage) noexcept
        : Cursor(body, base, index, count, options, storage) {}

    [[nodiscard]] WalkEnd run(AlertGroup& group) noexcept {
        if (!prepare()) return WalkEnd::failed;
        if (base_ != 0) warn(Errc::byte_order_mark, std::size_t{0} - base_);
        const bool done = top_level(group) && finish(group);
        if (!failed_ && !done) return WalkEnd::not_json;
        storage_.sort_warnings();
        // Only at the end, as warnings are not found in body order.
        if (options_.strict && storage_.warning_count != 0) fail(storage_.warnings.data()[0]);
        return failed_ ? WalkEnd::failed : WalkEnd::done;
    }

 private:
    // ---- Labels ----

    /// A set that is being read.
    struct LabelSet {
        Label* first;
        Label* to;
        Label* limit;
        std::uint64_t prefix = 0;  // sort_prefix of the last name
        bool ascending = true;     // so far; then names are unique
        bool whole = true;         // so far: the set can be copied as one block
    };

    /// Reads pairs from the current entry on, as long as they have Go's compact form: "name":"value" is four entries, and the bytes between
    /// strings have fixed positions. True: the object has ended. False: the remaining pairs need the general parser.
    ALERTMAP_ALWAYS_INLINE inline bool compact_pairs(LabelSet& set, std::string_view field) noexcept {
        if (current() != '"') return false;
        // Limited by the room for labels, and to pairs far enough from the end to be verbatim and for reads of 8 bytes.
        const auto entries = static_cast<std::size_t>(far_enough_ - at_ < 4 ? 0 : far_enough_ - at_) / 4;
        const auto room = static_cast<std::size_t>(set.limit - set.to);
        Label* to = set.to;
        Label* const stop = to + (entries < room ? entries : room);
        // Local copies, which the writes to labels cannot alias.
        const char* const body = body_;
        const char* escape = next_escape();
        const std::uint32_t* at = at_;
        std::uint64_t previous = set.prefix;
        bool ended = false;
        while (to != stop) {
            const char* const name = body + at[0] + 1;
            const char* const colon = body + at[1];
            const char* const value = body + at[2] + 1;
            const char* const behind = body + at[3];
            if ((load32_little_endian(colon - 1) & three_bytes) != as32('"', ':', '"')) break;
            const std::uint32_t close = load32_little_endian(behind - 1) & three_bytes;
            const bool more = close == as32('"', ',', '"');
            if (!more) [[unlikely]] {
                if ((close & two_bytes) != as32('"', '}', '\0')) break;
            }
            to->name = Mint::verbatim(name, static_cast<std::size_t>(colon - name - 1));
            to->value = Mint::verbatim(value, static_cast<std::size_t>(behind - value - 1));
            std::uint64_t prefix = sort_prefix(name, to->name.size());
            if (escape < behind) [[unlikely]] {
                if (!decode_pair(set, *to, field)) {
                    bad_escape_ = true;
                    break;
                }
                escape = next_escape();
                if (to->name.data() != name) {
                    note_order(set, to);
                    prefix = ~std::uint64_t{0};
                }
            }
            // Equal first 8 bytes, or a name with escapes: compare in full.
            if (prefix <= previous) [[unlikely]]
                note_order(set, to);
            previous = prefix;
            ++to;
            at += 4;
            if (!more) {
                ended = true;
                break;
            }
        }
        set.to = to;
        set.prefix = previous;
        at_ = at;
        return ended;
    }
    /// Decodes the escapes of a pair. Outside of the loop, which needs the registers.
    ALERTMAP_NOINLINE bool decode_pair(LabelSet& set, Label& label, std::string_view field) noexcept {
        const auto decode_one = [&](Text& text, std::string_view key) {
            const char* const end = text.data() + text.size();
            if (next_escape() >= end) return true;
            if (!decode(text.data(), end, text)) return false;
            if (lone_surrogate_ != nullptr) warn_of_surrogate(field, key);
            if (Mint::kind(text) == TextKind::unknown) set.whole = false;
            return true;
        };
        return decode_one(label.name, {}) && decode_one(label.value, label.name);
    }
    ALERTMAP_NOINLINE static void note_order(LabelSet& set, const Label* label) noexcept {
        if (set.ascending && label != set.first && !(label[-1].name < label->name)) set.ascending = false;
    }

    /// Reads the labels of the object whose brace was just read.
    bool label_pairs(Labels& out, std::string_view field, std::size_t depth) noexcept {
        Label* const first = storage_.labels.data() + storage_.labels.size();
        const std::size_t left = storage_.labels.bytes() / sizeof(Label) - storage_.labels.size();
        LabelSet set{first, first, first + (options_.max_labels < left ? options_.max_labels : left)};
        if (take('}')) {
            set.whole = false;
        } else if (!compact_pairs(set, field)) {
            set.whole = false;
            if (!other_pairs(set, field, depth)) return false;
        }
        auto count = static_cast<std::size_t>(set.to - first);
        if (!set.ascending) {
            set.whole = false;
            if (!drop_labels(first, count, field)) return false;
        }
        storage_.labels.resize(storage_.labels.size() + count);
        out = set.whole ? Mint::block(first, count) : Labels(first, count);
        return true;
    }
    /// Reads the pairs that compact_pairs() left, one by one, with the general parser.
    ALERTMAP_NOINLINE bool other_pairs(LabelSet& set, std::string_view field, std::size_t depth) noexcept {
        do {
            if (bad_escape_) return false;
            const std::size_t offset = at_ != end_ ? *at_ : size_;
            Label beyond;
            Label& label = set.to != set.limit ? *set.to : beyond;
            if (current() != '"' || !string(label.name, field) || !take(':')) return false;
            if (!tolerant_text(depth + 1, label.value, field, label.name)) return false;
            if (set.to == set.limit) return drop_pairs(offset, field, depth);
            note_order(set, set.to);
            set.prefix = ~std::uint64_t{0};
            if (label.value.data() == nullptr) set.ascending = false;  // null replaces an earlier pair, and is dropped
            ++set.to;
            if (take('}')) return true;
            if (!take(',') || current() != '"') return false;
        } while (!compact_pairs(set, field));
        return true;
    }
    /// Skips the pairs above the limit, starting after the first of them.
    ALERTMAP_NOINLINE bool drop_pairs(std::size_t offset, std::string_view field, std::size_t depth) noexcept {
        warn(Errc::too_many_labels, offset, field);
        dropped_ = true;
        while (!take('}')) {
            if (!take(',') || !skip_name(field) || !skip(depth + 1, field)) return false;
        }
        return true;
    }
    /// Keeps the last pair of each name, and drops it if it is null.
    ALERTMAP_NOINLINE bool drop_labels(Label* first, std::size_t& count, std::string_view field) noexcept {
        if (!drop_duplicates(first, count, field)) return false;
        const Label* const end = std::remove_if(first, first + count, [](const Label& label) { return label.value.data() == nullptr; });
        count = static_cast<std::size_t>(end - first);
        return true;
    }

    bool label_set(Labels& out, std::string_view field, std::size_t depth) noexcept {
        out = {};
        const bool object = current() == '{';
        if (object && depth <= options_.max_depth) {
            ++at_;
            return label_pairs(out, field, depth);
        }
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        const bool null = current() == 'n';
        if (!skip(depth, field)) return false;
        if (object) return true;  // too deep
        warn(null ? Errc::null_value : Errc::wrong_type, offset, field);
        return true;
    }

    template <class Named>
    [[nodiscard]] static bool all_differ(const Named* first, std::size_t count) noexcept {
        for (std::size_t i = 1; i < count; ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (first[i].name.size() == first[j].name.size() && same_name(first[i].name, first[j].name)) return false;
            }
        }
        return true;
    }
    /// Keeps the last of each name, in order.
    template <class Named>
    bool drop_duplicates(Named* first, std::size_t& count, std::string_view field) noexcept {
        constexpr std::size_t few = 16;
        if (count <= few && all_differ(first, count)) return true;
        // Seeded with addresses, which senders do not know.
        const NameHash hash(reinterpret_cast<std::uintptr_t>(first), reinterpret_cast<std::uintptr_t>(body_));
        RepeatedNames repeated(storage_.names);
        if (!repeated.find(first, count, hash)) return out_of_memory();
        if (repeated.count() == 0) return true;
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (repeated.comes_again(i)) {
                warn(Errc::duplicate_key, place_of(first[i].name), field, first[i].name);
            } else {
                first[kept++] = first[i];
            }
        }
        count = kept;
        return true;
    }
    /// Offset of a name in the body; a decoded name has none.
    [[nodiscard]] std::size_t place_of(std::string_view name) const noexcept {
        const std::size_t at = reinterpret_cast<std::uintptr_t>(name.data()) - reinterpret_cast<std::uintptr_t>(body_);
        return at < size_ ? at - 1 : no_offset - base_;
    }
    // ---- Times ----

    /// Parses the time in `out.text`; false if it is invalid.
    bool time(Timestamp& out) noexcept {
        const std::string_view text = out.text;
        if (text.size() == 20 && std::memcmp(text.data(), "0001-01-01T00:00:00Z", 20) == 0) return true;
        // Alertmanager's form on the same day as the previous time: 2026-01-15T10:30:00Z, optionally with 1 to 9 fraction digits.
        Storage::Day& day = storage_.day;
        if (text.size() < 20 || text.size() == 21 || text.size() > 30 || text.back() != 'Z' ||
            std::memcmp(text.data(), day.text, sizeof day.text) != 0) {
            return other_time(out);
        }
        // "10:30:00" as digit values; above 9 where a byte is not a digit or colon. Then each pair of digits as one byte.
        const std::uint64_t clock = load64_little_endian(text.data() + 11) ^ 0x30303a30303a3030;
        const std::uint64_t too_high = (clock | (clock + 0x0606000606000606)) & 0xf0f0fff0f0fff0f0;
        const std::uint64_t pairs = clock * 10 + (clock >> 8);
        const std::uint64_t hour = pairs & 0xff;
        const std::uint64_t minute = pairs >> 24 & 0xff;
        const std::uint64_t second = pairs >> 48 & 0xff;
        if (too_high != 0 || hour > 23 || minute > 59 || second > 59) return read_time(out);
        std::uint32_t nanoseconds = 0;
        if (text.size() != 20) {
            constexpr std::uint32_t scale[] = {0, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
            const std::size_t digits = text.size() - 21;
            const unsigned others = digits < 8 ? static_cast<unsigned>(8 - digits) * 8 : 0;
            std::uint64_t last = load64_little_endian(text.data() + text.size() - 9);
            if (others != 0) last = (last >> others << others) | (0x3030303030303030 & ~(~std::uint64_t{0} << others));
            nanoseconds = eight_digits(last);
            const unsigned first = digits == 9 ? static_cast<unsigned char>(text[20]) - unsigned{'0'} : 0;
            if (text[19] != '.' || nanoseconds > 99'999'999 || first > 9) return read_time(out);
            nanoseconds = (nanoseconds + first * 100'000'000) * scale[digits];
        }
        out.seconds = day.seconds + static_cast<std::int64_t>(hour * 3600 + minute * 60 + second);
        out.nanoseconds = static_cast<std::int32_t>(nanoseconds);
        out.is_set = true;
        return true;
    }
    /// Other forms, and the first time of a day.
    bool other_time(Timestamp& out) noexcept {
        if (!read_time(out)) return false;
        const std::string_view text = out.text;
        // Excludes 1 January 1970, which has the unset time, and leap seconds, which belong to the next day.
        if (out.seconds >= 86400 && text[10] == 'T' && text.back() == 'Z' && text[17] != '6') {
            std::memcpy(storage_.day.text, text.data(), sizeof storage_.day.text);
            storage_.day.seconds = out.seconds - out.seconds % 86400;
        }
        return true;
    }
    bool timestamp(Timestamp& out, std::string_view field) noexcept {
        out = {};
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        const bool is_string = current() == '"';
        if (!tolerant_text(alert_depth + 1, out.text, field)) return false;
        if (is_string && !time(out)) warn(Errc::invalid_time, offset, field);
        return true;
    }

    // ---- The alert ----

    /// `known` is false for null: the status is derived later.
    bool read_status(Status& out, bool& known, std::size_t depth) noexcept {
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        Text word;
        if (!tolerant_text(depth, word, "status")) return false;
        known = word.data() != nullptr;
        out = is_same_word(word, "resolved") ? Status::resolved : Status::firing;
        if (known && word != name(out)) warn(Errc::unknown_status, offset, "status");
        return true;
    }

    /// Reads the string at the current entry; used by the ordered parser only. As string(), calls a function in uncommon cases.
    ALERTMAP_ALWAYS_INLINE inline bool compact_string(Text& out, std::string_view field) noexcept {
        const char* const open = body_ + at_[0];
        const char* const close = body_ + at_[1] - 1;
        if (*close != '"' || next_escape() < close || !is_padded(close)) [[unlikely]]
            return odd_ordered_string(out, field);
        ++at_;
        out = Mint::verbatim(open + 1, static_cast<std::size_t>(close - open - 1));
        return true;
    }
    ALERTMAP_NOINLINE bool odd_ordered_string(Text& out, std::string_view field) noexcept {
        const char* const open = body_ + at_[0];
        const char* const close = closing_quote();
        ++at_;
        // The group key is so near the end that block reads need a copy, which is cheaper than scanning it.
        if (!is_padded(close) && next_escape() >= close) return copied_text(open + 1, static_cast<std::size_t>(close - open - 1), out);
        return text_between(open, close, out, field);
    }

    /// Reads members as long as they have Alertmanager's order and form. Afterwards the position is after a value or, if none matched, at
    /// the brace. False: invalid JSON.
    bool ordered_members(Alert& alert, unsigned& seen) noexcept {
        const auto has = [&](KnownMember member) { seen |= bit(member); };
        if (options_.max_depth <= alert_depth) return true;
        if (pass_if_next<R"({"status":"firing","labels":{)">()) {
            alert.status = Status::firing;
        } else if (pass_if_next<R"({"status":"resolved","labels":{)">()) {
            alert.status = Status::resolved;
        } else {
            return true;
        }
        has(KnownMember::status);
        has(KnownMember::labels);
        if (!label_pairs(alert.labels, "labels", alert_depth + 1)) return false;
        if (!pass_if_next<R"(,"annotations":{)">()) return true;
        has(KnownMember::annotations);
        if (!label_pairs(alert.annotations, "annotations", alert_depth + 1)) return false;
        if (!pass_if_next<R"(,"startsAt":")">()) return true;
        has(KnownMember::starts_at);
        if (!ordered_time(alert.starts_at, "startsAt")) return false;
        if (!pass_if_next<R"(,"endsAt":")">()) return true;
        has(KnownMember::ends_at);
        if (!ordered_time(alert.ends_at, "endsAt")) return false;
        if (!pass_if_next<R"(,"generatorURL":")">()) return true;
        has(KnownMember::generator_url);
        if (!compact_string(alert.generator_url, "generatorURL")) return false;
        if (!pass_if_next<R"(,"fingerprint":")">()) return true;
        has(KnownMember::fingerprint);
        const std::size_t offset = *at_;
        if (!compact_string(alert.fingerprint, "fingerprint")) return false;
        // Normally 16 hex digits.
        const Text& id = alert.fingerprint;
        if (id.size() != 16 || id[0] < '0' || id[15] <= ' ' || (id[0] == '0' && id[1] <= '0'))
            drop_if_meaningless(alert.fingerprint, offset, "fingerprint");
        return true;
    }
    /// Drops a fingerprint or group key that identifies nothing: it would merge all alerts.
    ALERTMAP_NOINLINE void drop_if_meaningless(Text& id, std::size_t offset, std::string_view field) noexcept {
        if (id.data() == nullptr || !is_meaningless_id(id)) return;
        id = {};
        warn(Errc::useless_id, offset, field);
    }
    bool identity(Text& id, std::size_t depth, std::string_view field) noexcept {
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        if (!tolerant_text(depth, id, field)) return false;
        drop_if_meaningless(id, offset, field);
        return true;
    }
    bool ordered_time(Timestamp& out, std::string_view field) noexcept {
        const std::size_t offset = *at_;
        if (!compact_string(out.text, field)) return false;
        if (!time(out)) warn(Errc::invalid_time, offset, field);
        return true;
    }

    /// The member that Go would match case-insensitively; `name` is not an exact match. Names that may_have() excludes match nothing.
    ALERTMAP_NOINLINE KnownMember member_in_other_case(std::string_view name, std::span<const MemberName> names) noexcept {
        const bool ascii = is_ascii(name);
        for (const MemberName& one : names) {
            if ((ascii && one.name.size() != name.size()) || !same_member_in_go(name, one.name)) continue;
            warn(Errc::other_case, at_ != end_ ? *at_ : size_, name);
            return one.member;
        }
        return KnownMember::other;
    }

    bool alert() noexcept {
        if (storage_.alerts.size() == options_.max_alerts) return fail(Errc::too_many_alerts, *at_);
        if (!storage_.alerts.reserve(storage_.alerts.size() + 1)) return out_of_memory();
        const std::size_t offset = *at_;
        Alert& alert = *new (storage_.alerts.data() + storage_.alerts.size()) Alert(storage_.blank_alert);
        storage_.alerts.resize(storage_.alerts.size() + 1);
        unsigned seen = 0;
        bool status_known = true;
        alert_extra_ = storage_.alert_extra.size();
        alert_extra_cut_ = false;
        if (!ordered_members(alert, seen)) return false;
        if (seen == 0) status_known = false;
        if (!other_members(alert, seen, status_known)) return false;
        if (storage_.alert_extra.size() != alert_extra_ && !close_alert_extra(alert)) return false;

        if (!status_known) {
            if ((seen & bit(KnownMember::status)) == 0) warn(Errc::missing_field, offset, "status");
            alert.status = status_of_group;
            status_missing_ = true;
        }
        if ((seen & bit(KnownMember::labels)) == 0) warn(Errc::missing_field, offset, "labels");
        return !failed_;
    }

    /// Reads the members that the ordered parser left, in any order and form.
    bool other_members(Alert& alert, unsigned& seen, bool& status_known) noexcept {
        const auto value = [&](Text name) { return alert_value(alert, name, seen, status_known); };
        return seen == 0 ? members(value) : more_members(value);
    }
    bool alert_value(Alert& alert, Text name, unsigned& seen, bool& status_known) noexcept {
        KnownMember member = KnownMember::other;
        if (alert_sizes.may_have(name)) {
            member = alert_member(name);
            if (member == KnownMember::other) member = member_in_other_case(name, alert_names);
        }
        note_duplicate(member, name, seen);
        switch (member) {
            case KnownMember::status: return read_status(alert.status, status_known, alert_depth + 1);
            case KnownMember::labels: return label_set(alert.labels, "labels", alert_depth + 1);
            case KnownMember::annotations: return label_set(alert.annotations, "annotations", alert_depth + 1);
            case KnownMember::starts_at: return timestamp(alert.starts_at, "startsAt");
            case KnownMember::ends_at: return timestamp(alert.ends_at, "endsAt");
            case KnownMember::generator_url: return tolerant_text(alert_depth + 1, alert.generator_url, "generatorURL");
            case KnownMember::fingerprint: return identity(alert.fingerprint, alert_depth + 1, "fingerprint");
            default: return extra_member(name, alert_depth + 1, storage_.alert_extra, alert_extra_);
        }
    }

    static constexpr unsigned bit(KnownMember member) noexcept { return 1u << static_cast<unsigned>(member); }
    void note_duplicate(KnownMember member, std::string_view name, unsigned& seen) noexcept {
        if (member == KnownMember::other) return;
        if ((seen & bit(member)) != 0) warn(Errc::duplicate_key, at_ != end_ ? *at_ : size_, name);
        seen |= bit(member);
    }

    // ---- Unknown members ----

    bool extra_member(Text name, std::size_t depth, Store<ExtraMember>& fields, std::size_t first_of_object) noexcept {
        // Unknown members do not affect which alerts there are: the group stays complete without one of its own.
        const bool of_group = &fields == &storage_.group_extra;
        const bool dropped_before = dropped_;
        if (fields.size() - first_of_object >= options_.max_labels) {
            bool& warned = of_group ? group_extra_cut_ : alert_extra_cut_;
            if (!warned) warn(Errc::too_many_labels, at_ != end_ ? *at_ : size_, name);
            warned = true;
            if (!skip(depth, name)) return false;
            dropped_ = dropped_before || !of_group;
            return true;
        }
        // Constructed in place: copying a value right after writing it in parts would stall.
        ExtraMember* const place = fields.spare();
        if (place == nullptr) return out_of_memory();
        ExtraMember& field = *new (place) ExtraMember{name, {}, {}};
        const char c = current();
        if (c == '"') {
            const char* const first = body_ + *at_;
            const char* const close = closing_quote();
            if (!string(field.text, name)) return false;
            field.json = {first, static_cast<std::size_t>(close + 1 - first)};
        } else if (c == '{' || c == '[') {
            if (!compact(depth, field.text, name)) return false;
            if (of_group) dropped_ = dropped_before;
            if (is_dropped()) return true;
            field.json = field.text;
        } else {
            if (!scalar(field.json)) return false;
            if (c != 'n') field.text = field.json;
        }
        fields.resize(fields.size() + 1);
        return true;
    }
    /// Stores the number of unknown members of the alert. The pointers are set in finish(), as the memory may move until then.
    bool close_alert_extra(Alert& alert) noexcept {
        std::size_t count = storage_.alert_extra.size() - alert_extra_;
        ExtraMember* const first = storage_.alert_extra.data() + alert_extra_;
        if (count > 1 && !drop_duplicates(first, count, {})) return false;
        storage_.alert_extra.resize(alert_extra_ + count);
        alert.extra = {nullptr, count};
        return true;
    }

    // ---- The group ----

    ALERTMAP_ALWAYS_INLINE inline bool group_text(Text& out, std::string_view field, KnownMember member) noexcept {
        seen_ |= bit(member);
        return compact_string(out, field);
    }
    /// As ordered_members() of an alert.
    bool ordered_members(AlertGroup& group) noexcept {
        const auto has = [&](KnownMember member) { seen_ |= bit(member); };
        const auto labels = [&](Labels& out, std::string_view field, KnownMember member) {
            has(member);
            return label_pairs(out, field, 2);
        };
        if (options_.max_depth <= alert_depth || !pass_if_next<R"({"receiver":")">()) return true;
        if (!group_text(group.receiver, "receiver", KnownMember::receiver)) return false;
        const bool firing = pass_if_next<R"(,"status":"firing","alerts":)">();
        if (!firing && !pass_if_next<R"(,"status":"resolved","alerts":)">()) return true;
        group.status = firing ? Status::firing : Status::resolved;
        status_known_ = true;
        has(KnownMember::status);
        has(KnownMember::alerts);
        if (!alerts(group)) return false;
        if (pass_if_next<R"(,"notification_reason":")">() &&
            !group_text(group.notification_reason, "notification_reason", KnownMember::notification_reason)) {
            return false;
        }
        if (!pass_if_next<R"(,"groupLabels":{)">()) return true;
        if (!labels(group.group_labels, "groupLabels", KnownMember::group_labels)) return false;
        if (!pass_if_next<R"(,"commonLabels":{)">()) return true;
        if (!labels(group.common_labels, "commonLabels", KnownMember::common_labels)) return false;
        if (!pass_if_next<R"(,"commonAnnotations":{)">()) return true;
        if (!labels(group.common_annotations, "commonAnnotations", KnownMember::common_annotations)) return false;
        if (pass_if_next<R"(,"routeLabels":{)">() && !labels(group.route_labels, "routeLabels", KnownMember::route_labels)) return false;
        if (!pass_if_next<R"(,"externalURL":")">()) return true;
        if (!group_text(group.external_url, "externalURL", KnownMember::external_url)) return false;
        if (!pass_if_next<R"(,"version":")">()) return true;
        if (!group_text(group.version, "version", KnownMember::version)) return false;
        if (!pass_if_next<R"(,"groupKey":")">()) return true;
        const std::size_t offset = *at_;
        if (!group_text(group.group_key, "groupKey", KnownMember::group_key)) return false;
        // Normally "{...}:{...}".
        const Text& key = group.group_key;
        if (key.size() < 5 || key[0] != '{' || key[key.size() - 1] != '}') drop_if_meaningless(group.group_key, offset, "groupKey");
        if (!pass_if_next<R"(,"truncatedAlerts":0})">()) return true;
        --at_;  // more_members() reads the brace
        has(KnownMember::truncated_alerts);
        return true;
    }

    bool group_value(AlertGroup& group, Text name) noexcept {
        KnownMember member = KnownMember::other;
        if (group_sizes.may_have(name)) {
            member = group_member(name);
            if (member == KnownMember::other) member = member_in_other_case(name, group_names);
        }
        note_duplicate(member, name, seen_);
        switch (member) {
            case KnownMember::receiver: return tolerant_text(2, group.receiver, "receiver");
            case KnownMember::status: return read_status(group.status, status_known_, 2);
            case KnownMember::alerts: return alerts(group);
            case KnownMember::notification_reason: return tolerant_text(2, group.notification_reason, "notification_reason");
            case KnownMember::group_labels: return label_set(group.group_labels, "groupLabels", 2);
            case KnownMember::common_labels: return label_set(group.common_labels, "commonLabels", 2);
            case KnownMember::common_annotations: return label_set(group.common_annotations, "commonAnnotations", 2);
            case KnownMember::route_labels: return label_set(group.route_labels, "routeLabels", 2);
            case KnownMember::external_url: return tolerant_text(2, group.external_url, "externalURL");
            case KnownMember::version: return tolerant_text(2, group.version, "version");
            case KnownMember::group_key: return identity(group.group_key, 2, "groupKey");
            case KnownMember::truncated_alerts: return truncated(group.truncated_alerts);
            default: return extra_member(name, 2, storage_.group_extra, 0);
        }
    }

    bool alerts(AlertGroup& group) noexcept {
        storage_.alerts.resize(0);
        storage_.alert_extra.resize(0);
        group.incomplete = false;
        group.unreadable_alerts = 0;
        if (current() != '[' || options_.max_depth < 2) {
            const std::size_t offset = at_ != end_ ? *at_ : size_;
            const bool null = current() == 'n';
            const bool array = current() == '[';
            if (!skip(2, "alerts")) return false;
            if (!array) warn(null ? Errc::null_value : Errc::wrong_type, offset, "alerts");
            group.incomplete = true;  // the message does not say which alerts have the status
            return true;
        }
        alert_ = 0;
        const bool done = elements([&] {
            const bool object = current() == '{';
            if (object && alert_depth <= options_.max_depth) {
                if (!alert()) return false;
            } else {
                const std::size_t offset = at_ != end_ ? *at_ : size_;
                if (!skip(alert_depth, {})) return false;
                if (!object) warn(Errc::wrong_type, offset);
                group.incomplete = true;
                ++group.unreadable_alerts;
            }
            ++alert_;
            return !failed_;
        });
        alert_ = Warning::no_alert;
        return done;
    }

    /// An unreadable count is read as 1: alerts may be missing, so nothing may be closed.
    bool truncated(std::uint64_t& out) noexcept {
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        const bool null = current() == 'n';
        const bool is_string = current() == '"';
        Text text;
        if (at_ != end_ && read_count(token(), out) && (token().size() == 1 || token().front() != '0')) return pass();
        if (is_string ? !string(text, "truncatedAlerts") : !compact(2, text, "truncatedAlerts")) return false;
        out = is_string || !is_dropped() ? 0 : 1;
        if (!is_string && is_dropped()) return true;
        if (null) return warn(Errc::null_value, offset, "truncatedAlerts"), true;
        if (is_string && text.empty()) return warn(Errc::wrong_type, offset, "truncatedAlerts"), true;
        if (read_count(text, out)) {
            if (is_string) warn(Errc::wrong_type, offset, "truncatedAlerts");
        } else {
            if (!read_integral(text, out)) out = 1;
            warn(Errc::invalid_count, offset, "truncatedAlerts");
        }
        return true;
    }

    // ---- Start and end ----

    static constexpr std::size_t alert_depth = 3;
    static constexpr std::int64_t year_9999 = 253'370'764'800;
    static constexpr Status status_of_group{2};  // of an alert without a status, until the whole group is read

    bool prepare() noexcept {
        storage_.alerts.resize(0);
        storage_.labels.resize(0);
        storage_.alert_extra.resize(0);
        storage_.group_extra.resize(0);
        storage_.text.clear();
        storage_.warnings.resize(0);
        storage_.warning_count = 0;
        // A label has four entries; decoded and compacted text is never longer than its source.
        const auto entries = static_cast<std::size_t>(end_ - at_);
        if (!storage_.labels.reserve(entries / 4 + 1)) return out_of_memory();
        far_enough_ = end_;
        while (far_enough_ != at_ && far_enough_[-1] + text_padding > size_) --far_enough_;
        escape_ = Escape::first(body_, body_ + size_);
        return true;
    }

    bool top_level(AlertGroup& group) noexcept {
        if (current() == '{') {
            const auto value = [&](Text name) { return group_value(group, name) && !failed_; };
            return enter(1) && ordered_members(group) && (seen_ == 0 ? members(value) : more_members(value));
        }
        const std::size_t offset = *at_;
        const bool array = current() == '[';
        if (!skip(1, {}) || at_ != end_) return false;
        return fail(array ? Errc::top_level_array : Errc::not_an_alert_group, offset);
    }

    bool finish(AlertGroup& group) noexcept {
        if (at_ != end_) return false;
        std::size_t count = storage_.group_extra.size();
        if (count > 1 && !drop_duplicates(storage_.group_extra.data(), count, {})) return false;
        group.extra = {storage_.group_extra.data(), count};
        if (!looks_like_a_group()) return fail(shape_of(group.extra), 0);
        if ((seen_ & bit(KnownMember::alerts)) == 0) {
            warn(Errc::missing_field, 0, "alerts");
            group.incomplete = true;
        }
        if (storage_.alert_extra.size() != 0) {
            const ExtraMember* next = storage_.alert_extra.data();
            for (std::size_t i = 0; i < storage_.alerts.size(); ++i) {
                ExtraMembers& extra = storage_.alerts.data()[i].extra;
                if (extra.empty()) continue;
                extra = {next, extra.size()};
                next += extra.size();
            }
        }
        group.alerts = {storage_.alerts.data(), storage_.alerts.size()};
        if (dropped_) group.incomplete = true;
        if (status_missing_) fill_in_statuses(group.status);
        if (!status_known_) {
            group.status = group.alerts.empty() ? Status::firing : Status::resolved;
            for (const Alert& alert : group.alerts) {
                if (alert.status == Status::firing) group.status = Status::firing;
            }
        }
        return true;
    }

    /// An alert without a status gets the group's; without that, an endsAt means resolved. An endsAt at the maximum time is treated as
    /// unset.
    ALERTMAP_NOINLINE void fill_in_statuses(Status of_group) noexcept {
        for (std::size_t i = 0; i < storage_.alerts.size(); ++i) {
            Alert& alert = storage_.alerts.data()[i];
            if (alert.status != status_of_group) continue;
            const bool ended = alert.ends_at.is_set && alert.ends_at.seconds < year_9999;
            alert.status = status_known_ ? of_group : ended ? Status::resolved : Status::firing;
        }
    }

    [[nodiscard]] bool looks_like_a_group() const noexcept {
        constexpr unsigned telling = bit(KnownMember::alerts) | bit(KnownMember::receiver) | bit(KnownMember::group_labels) |
                                     bit(KnownMember::common_labels) | bit(KnownMember::common_annotations) | bit(KnownMember::group_key) |
                                     bit(KnownMember::truncated_alerts);
        return (seen_ & telling) != 0;
    }
    static Errc shape_of(const ExtraMembers& members) noexcept {
        const auto has = [&](std::string_view name) { return members.find(name) != nullptr; };
        if (has("Type") && (has("TopicArn") || has("Message"))) return Errc::sns_envelope;
        if (members.text("schemaId") == "azureMonitorCommonAlertSchema" ||
            (has("data") && members.text("data").find("\"essentials\"") != std::string_view::npos)) {
            return Errc::azure_common_schema;
        }
        if (has("evalMatches") || (has("ruleId") && has("state"))) return Errc::grafana_legacy;
        if (has("alert")) return Errc::alertmanager_v1;
        return Errc::not_an_alert_group;
    }

    const std::uint32_t* far_enough_ = nullptr;  // after the last entry followed by text_padding readable bytes
    unsigned seen_ = 0;                          // members of the group
    std::size_t alert_extra_ = 0;                // where the current alert's unknown members begin
    bool status_known_ = false;
    bool status_missing_ = false;  // of an alert
    bool alert_extra_cut_ = false;
    bool group_extra_cut_ = false;
    bool bad_escape_ = false;
};

}  // namespace
}  // namespace alertmap::detail
