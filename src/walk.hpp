#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>

#include "alertmap/detail/escape.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/parser.hpp"

// Stage 2: one walk over the structural characters that stage 1 found, straight into AlertGroup.
//
// Stage 1 has checked UTF-8, has paired the quotes and found no control character inside them. Its index holds the offset
// of each structural character, of each opening quote and of the first byte of each other scalar; nothing but white space
// lies between the end of a value and the next entry. What is left to check is the grammar, escapes, numbers and literals.
namespace alertmap::inline v0_1::detail {

/// A growing array of trivial values that reports failure instead of throwing.
template <class T>
class Store {
 public:
    static_assert(std::is_trivially_copyable_v<T>);

    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store() { std::free(data_); }

    [[nodiscard]] T* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return capacity_ * sizeof(T); }
    void resize(std::size_t size) noexcept { size_ = size; }

    /// Room for `count` values in all. False: no memory.
    [[nodiscard]] bool reserve(std::size_t count) noexcept {
        if (count <= capacity_) return true;
        const std::size_t capacity = count > capacity_ * 2 ? count : capacity_ * 2;
        void* data = std::realloc(static_cast<void*>(data_), capacity * sizeof(T));
        if (data == nullptr) return false;
        data_ = static_cast<T*>(data);
        capacity_ = capacity;
        return true;
    }
    [[nodiscard]] bool push(const T& value) noexcept {
        if (size_ == capacity_ && !reserve(size_ + 16)) return false;
        data_[size_++] = value;
        return true;
    }

 private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Everything a walk writes to; reused from body to body.
struct Storage {
    static constexpr std::size_t max_warnings = 1000;

    Store<Alert> alerts;
    Store<Label> labels;       // reserved ahead: sets hold pointers into it
    Store<Field> alert_extra;  // alerts hold offsets into it until the walk is done
    Store<Field> group_extra;
    Store<char> text;  // decoded strings; reserved ahead
    Store<Warning> warnings;
    Store<std::uint64_t> names;  // hash table of the duplicate check
    std::size_t warning_count = 0;

    /// The day of the last time that was read in Alertmanager's form ("2026-01-15T"), and its first second.
    struct Day {
        char text[11] = {'1', '9', '7', '0', '-', '0', '1', '-', '0', '2', 'T'};
        std::int64_t seconds = 86400;
    } day;

    [[nodiscard]] std::size_t bytes() const noexcept {
        return alerts.bytes() + labels.bytes() + alert_extra.bytes() + group_extra.bytes() + text.bytes() + warnings.bytes() +
               names.bytes();
    }
};

/// Why a walk stopped: a syntax error (its place is found by a second, slow look), or an Error of its own.
enum class Walked : std::uint8_t { done, not_json, failed };

class Walk {
 public:
    /// `index` has `count` entries and room for four more. `base` is the offset of `body` in what the caller calls the body.
    Walk(std::string_view body, std::size_t base, std::uint32_t* index, std::size_t count, const ParseOptions& options,
         Storage& storage) noexcept
        : body_(body.data()), size_(body.size()), base_(base), at_(index), end_(index + count), options_(options), storage_(storage) {
        for (std::size_t i = 0; i < 4; ++i) index[count + i] = static_cast<std::uint32_t>(body.size());
    }

    [[nodiscard]] Walked run(AlertGroup& group) noexcept {
        if (!prepare()) return Walked::failed;
        if (base_ != 0) warn(Errc::byte_order_mark, std::size_t{0} - base_);
        const bool done = top_level(group) && finish(group);
        return failed_ ? Walked::failed : done ? Walked::done : Walked::not_json;
    }

    /// The error of a walk that failed.
    [[nodiscard]] const Warning& failure() const noexcept { return failure_; }

    void warn(Errc code, std::size_t offset, std::string_view field = {}, std::string_view key = {}) noexcept {
        const Warning warning{code, offset + base_, alert_, field, key};
        if (options_.strict) {
            fail(warning);
        } else {
            ++storage_.warning_count;
            if (storage_.warnings.size() < Storage::max_warnings) (void)storage_.warnings.push(warning);
        }
    }

 private:
    // The members of the alert and of the group, in Alertmanager's order; the bit of each in `seen`.
    enum class Member : std::uint8_t {
        status,
        labels,
        annotations,
        starts_at,
        ends_at,
        generator_url,
        fingerprint,
        receiver,
        alerts,
        notification_reason,
        group_labels,
        common_labels,
        common_annotations,
        route_labels,
        external_url,
        version,
        group_key,
        truncated_alerts,
        other,
    };

    // ---- The index ----

    [[nodiscard]] char current() const noexcept { return at_ != end_ ? body_[*at_] : '\0'; }
    [[nodiscard]] bool take(char wanted) noexcept {
        if (current() != wanted) return false;
        ++at_;
        return true;
    }
    /// True if the bytes from the current entry on are these.
    template <std::size_t Size>
    [[nodiscard]] bool stands_here(const char (&text)[Size]) const noexcept {
        return size_ - *at_ >= Size - 1 && std::memcmp(body_ + *at_, text, Size - 1) == 0;
    }
    /// The scalar at the current entry, without the white space behind it.
    [[nodiscard]] std::string_view token() const noexcept {
        const char* first = body_ + at_[0];
        const char* last = body_ + at_[1];
        while (is_json_space(last[-1])) --last;
        return {first, static_cast<std::size_t>(last - first)};
    }

    bool fail(const Warning& failure) noexcept {
        if (!failed_) failure_ = failure;
        failed_ = true;
        return false;
    }
    bool fail(Errc code, std::size_t offset, std::string_view field = {}) noexcept {
        return fail(Warning{code, offset + base_, alert_, field, {}});
    }
    bool out_of_memory() noexcept { return fail(Warning{Errc::out_of_memory, no_offset, Warning::no_alert, {}, {}}); }

    // ---- Strings ----

    /// The first backslash at or behind `from`: each string asks only whether it lies inside. All backslashes of a valid body
    /// lie in strings, and the strings come in order, so that each is searched once.
    void seek_backslash(const char* from) noexcept {
        // Where one string has escapes the next often has: look at what is near before calling for what is far.
        const char* const end = body_ + size_;
        const char* const near = end - from < 64 ? end : from + 64;
        backslash_ = find_backslash(from, near);
        if (backslash_ != near || near == end) return;
        from = near;
        const void* found = std::memchr(from, '\\', static_cast<std::size_t>(body_ + size_ - from));
        backslash_ = found != nullptr ? static_cast<const char*>(found) : body_ + size_;
    }

    static const char* find_backslash(const char* from, const char* end) noexcept {
#if defined(__SSE2__)
        const __m128i backslash = _mm_set1_epi8('\\');
        for (; end - from >= 16; from += 16) {
            const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
            const int mask = _mm_movemask_epi8(_mm_cmpeq_epi8(block, backslash));
            if (mask != 0) return from + std::countr_zero(static_cast<unsigned>(mask));
        }
#endif
        while (from != end && *from != '\\') ++from;
        return from;
    }

    /// Four hex digits, or a value above 0xffff.
    static std::uint32_t hex4(const char* from) noexcept {
        // Each digit's value; of anything else a bit that no sum of four values reaches.
        static constexpr std::array<std::uint32_t, 256> values = [] {
            std::array<std::uint32_t, 256> all{};
            for (std::size_t c = 0; c < all.size(); ++c) {
                const int value = hex_value(static_cast<char>(c));
                all[c] = value < 0 ? 0x10000 : static_cast<std::uint32_t>(value);
            }
            return all;
        }();
        const auto value = [&](int i) { return values[static_cast<unsigned char>(from[i])]; };
        return value(0) << 12 | value(1) << 8 | value(2) << 4 | value(3);
    }

    /// Copies from `from` up to the next backslash, or to `end`: both are moved there. Writes up to 32 bytes too many.
    /// True: a backslash stands there. If none does, backslash_ is the first one behind `end`.
    bool copy_plain(const char*& from, const char* end, char*& to) noexcept {
#if defined(__SSE2__)
        // 32 bytes, as two blocks: most strings are then done in one or two turns.
        const char* const last_block = body_ + size_ - 32;
        const __m128i backslash = _mm_set1_epi8('\\');
        const auto copy = [&](int at) {
            const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
            _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), block);
            return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(block, backslash)));
        };
        for (; from <= last_block; from += 32, to += 32) {
            const unsigned mask = copy(0) | copy(16) << 16;
            const int plain = mask != 0 ? std::countr_zero(mask) : 32;
            const auto left = end - from;
            if (plain < left) {
                if (mask == 0) continue;
                from += plain;
                to += plain;
                return true;
            }
            mask != 0 ? void(backslash_ = from + plain) : seek_backslash(from + 32);
            to += left;
            from = end;
            return false;
        }
#endif
        while (from != end && *from != '\\') *to++ = *from++;
        if (from != end) return true;
        seek_backslash(end);
        return false;
    }

    /// Decodes the string between `from` and its closing quote at `end`, which has a backslash.
    bool decode(const char* from, const char* end, std::string_view& out) noexcept {
        char* const before = storage_.text.data() + storage_.text.size();
        char* to = before + 1;
        bool clean = true;
        while (copy_plain(from, end, to)) {
            do {
                // The closing quote is no part of an escape: stage 1 has seen to that.
                const char plain = unescaped(from[1]);
                if (plain != '\0') {
                    *to++ = plain;
                    from += 2;
                    clean = clean && plain == '/';
                } else if (!decode_u(from, end, to, clean)) {
                    return false;
                }
            } while (*from == '\\');  // at the latest the closing quote is none
        }
        out = {before + 1, static_cast<std::size_t>(to - before - 1)};
        keep_text(before, to, clean ? clean_mark : '\0');
        return true;
    }
    /// Keeps the text between these two bytes. They tell what needs no escape in JSON from all else: see AlertGroup::decoded. There is
    /// room for them: a string that is decoded had quotes of its own.
    void keep_text(char* before, char* behind, char mark) noexcept {
        *before = mark;
        *behind = mark;
        storage_.text.resize(static_cast<std::size_t>(behind + 1 - storage_.text.data()));
    }
    /// The escape at `from`, which is none of the short ones. `clean` becomes false if JSON must escape what it stands for.
    bool decode_u(const char*& from, const char* end, char*& to, bool& clean) noexcept {
        if (from[1] != 'u' || end - from < 6) return false;
        std::uint32_t code_point = hex4(from + 2);
        if (code_point > 0xffff) return false;
        const char* const escape = from;
        from += 6;
        if (code_point >= 0xd800 && code_point <= 0xdfff) [[unlikely]] {
            std::uint32_t low = 0;
            if (code_point < 0xdc00 && end - from >= 6 && from[0] == '\\' && from[1] == 'u') {
                low = hex4(from + 2);
                if (low > 0xffff) return false;
            }
            if (low >= 0xdc00 && low <= 0xdfff) {
                code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
                from += 6;
            } else {
                code_point = 0xfffd;
                if (lone_surrogate_ == nullptr) lone_surrogate_ = escape;
            }
        }
        clean = clean && code_point >= 0x20 && code_point != '"' && code_point != '\\';
        to = put_utf8(to, code_point);
        return true;
    }
    /// What a backslash and this stand for; 0 for none, and for \u.
    static char unescaped(char c) noexcept {
        static constexpr std::array<char, 256> table = [] {
            std::array<char, 256> all{};
            all['"'] = '"';
            all['\\'] = '\\';
            all['/'] = '/';
            all['b'] = '\b';
            all['f'] = '\f';
            all['n'] = '\n';
            all['r'] = '\r';
            all['t'] = '\t';
            return all;
        }();
        return table[static_cast<unsigned char>(c)];
    }

    /// The string between these quotes: a view of the body, or decoded.
    bool text_between(const char* open, const char* close, std::string_view& out, std::string_view field = {},
                      std::string_view key = {}) noexcept {
        if (backslash_ >= close) [[likely]] {
            out = {open + 1, static_cast<std::size_t>(close - open - 1)};
            return true;
        }
        if (!decode(open + 1, close, out)) return false;
        if (lone_surrogate_ != nullptr) warn_of_surrogate(field, key);
        return true;
    }
    void warn_of_surrogate(std::string_view field, std::string_view key) noexcept {
        warn(Errc::lone_surrogate, static_cast<std::size_t>(lone_surrogate_ - body_), field, key);
        lone_surrogate_ = nullptr;
    }
    /// The string at the current entry.
    bool string(std::string_view& out, std::string_view field = {}, std::string_view key = {}) noexcept {
        const std::string_view quoted = token();
        ++at_;
        return text_between(quoted.data(), quoted.data() + quoted.size() - 1, out, field, key);
    }

    // ---- Values of any type ----

    [[nodiscard]] static bool is_number(std::string_view text) noexcept {
        const char* at = text.data();
        const char* const end = at + text.size();
        const auto digits = [&] {
            const char* const first = at;
            while (at != end && static_cast<unsigned char>(*at) - unsigned{'0'} <= 9) ++at;
            return at != first;
        };
        if (at != end && *at == '-') ++at;
        if (at != end && *at == '0') {
            ++at;
        } else if (!digits()) {
            return false;
        }
        if (at != end && *at == '.' && (++at, !digits())) return false;
        if (at != end && (*at == 'e' || *at == 'E')) {
            ++at;
            if (at != end && (*at == '+' || *at == '-')) ++at;
            if (!digits()) return false;
        }
        return at == end;
    }
    [[nodiscard]] static bool is_literal_or_number(std::string_view text) noexcept {
        switch (text.front()) {
            case 't': return text == "true";
            case 'f': return text == "false";
            case 'n': return text == "null";
            default: return is_number(text);
        }
    }
    /// Checks and passes the string at the current entry.
    bool skip_string(std::string_view field) noexcept {
        const std::string_view quoted = token();
        ++at_;
        const char* const close = quoted.data() + quoted.size() - 1;
        if (backslash_ >= close) [[likely]]
            return true;
        std::string_view text;
        const std::size_t kept = storage_.text.size();
        const bool valid = text_between(quoted.data(), close, text, field);
        storage_.text.resize(kept);
        return valid;
    }
    bool skip_name(std::string_view field) noexcept { return current() == '"' && skip_string(field) && take(':'); }
    bool skip_scalar(std::string_view field) noexcept {
        if (current() == '"') return skip_string(field);
        return at_ != end_ && is_literal_or_number(token()) && pass();
    }
    /// Checks and passes the value at the current entry, at this depth.
    bool skip(std::size_t depth, std::string_view field) noexcept {
        std::array<bool, deepest> is_object;
        std::size_t open = 0;
        while (true) {
            const char c = current();
            if (c == '{' || c == '[') {
                if (!enter(depth + open)) return false;
                is_object[open] = c == '{';
                ++at_;
                if (!take(c == '{' ? '}' : ']')) {
                    if (is_object[open++] && !skip_name(field)) return false;
                    continue;
                }
            } else if (!skip_scalar(field)) {
                return false;
            }
            // Close what ends here, then stand before the next value.
            while (open != 0 && take(is_object[open - 1] ? '}' : ']')) --open;
            if (open == 0) return true;
            if (!take(',') || (is_object[open - 1] && !skip_name(field))) return false;
        }
    }
    bool pass() noexcept {
        ++at_;
        return true;
    }
    bool enter(std::size_t depth) noexcept { return depth <= options_.max_depth || fail(Errc::too_deep, *at_); }

    /// The members of the object at the current entry: `on_value(name)` must read or skip each value.
    template <class OnValue>
    bool members(OnValue on_value) noexcept {
        ++at_;
        return take('}') || (member(on_value) && more_members(on_value));
    }
    /// The same from behind a value on.
    template <class OnValue>
    bool more_members(OnValue on_value) noexcept {
        while (!take('}')) {
            if (!take(',') || !member(on_value)) return false;
        }
        return true;
    }
    template <class OnValue>
    bool member(OnValue on_value) noexcept {
        std::string_view name;
        return current() == '"' && string(name) && take(':') && on_value(name);
    }
    template <class OnElement>
    bool elements(OnElement on_element) noexcept {
        ++at_;
        if (take(']')) return true;
        while (true) {
            if (!on_element()) return false;
            if (take(']')) return true;
            if (!take(',')) return false;
        }
    }

    /// The JSON of the value at the current entry, as it stands; the value is passed.
    bool raw(std::size_t depth, std::string_view& out, std::string_view field) noexcept {
        const char* first = body_ + *at_;
        const std::size_t kept = storage_.text.size();
        if (!skip(depth, field)) return false;
        storage_.text.resize(kept);  // what was decoded on the way is not kept
        const char* last = body_ + *at_;
        while (is_json_space(last[-1])) --last;
        out = {first, static_cast<std::size_t>(last - first)};
        return true;
    }
    /// The same without white space: a copy if there is any to leave out.
    bool compact(std::size_t depth, std::string_view& out, std::string_view field) noexcept {
        if (!raw(depth, out, field)) return false;
        char* const before = storage_.text.data() + storage_.text.size();
        char* const first = before + 1;
        char* to = first;
        bool in_string = false;
        for (std::size_t i = 0; i < out.size(); ++i) {
            const char c = out[i];
            if (!in_string && is_json_space(c)) continue;
            if (c == '"') in_string = !in_string;
            *to++ = c;
            if (c == '\\') *to++ = out[++i];
        }
        const auto size = static_cast<std::size_t>(to - first);
        if (size == out.size()) return true;
        out = {first, size};
        keep_text(before, to, '\0');
        return true;
    }

    /// A text field, whatever type it has: a string; of null nothing; of anything else its compact JSON.
    bool tolerant_text(std::size_t depth, std::string_view& out, std::string_view field, std::string_view key = {}) noexcept {
        if (current() == '"') return string(out, field, key);
        const std::size_t offset = *at_;
        if (current() == 'n') {
            out = {};
            if (token() != "null") return false;
            warn(Errc::null_value, offset, field, key);
            return pass();
        }
        if (current() == '{' || current() == '[') {
            if (!compact(depth, out, field)) return false;
        } else {
            if (at_ == end_ || !is_literal_or_number(token())) return false;
            out = token();
            ++at_;
        }
        warn(Errc::wrong_type, offset, field, key);
        return true;
    }

    // ---- Labels ----

    static std::uint64_t load64(const char* from) noexcept {
        std::uint64_t value;
        std::memcpy(&value, from, sizeof value);
        return value;
    }
    static std::uint32_t load32(const char* from) noexcept {
        std::uint32_t value;
        std::memcpy(&value, from, sizeof value);
        return value;
    }
    static constexpr std::uint32_t as32(char a, char b, char c) noexcept {
        const auto byte = [](char x) { return std::uint32_t{static_cast<unsigned char>(x)}; };
        return std::endian::native == std::endian::little ? byte(a) | byte(b) << 8 | byte(c) << 16
                                                          : byte(a) << 24 | byte(b) << 16 | byte(c) << 8;
    }
    static constexpr std::uint32_t three_bytes = std::endian::native == std::endian::little ? 0x00ffffffu : 0xffffff00u;
    static constexpr std::uint32_t two_bytes = std::endian::native == std::endian::little ? 0x0000ffffu : 0xffff0000u;

    /// The first 8 bytes of a name as a number that sorts as the bytes do. Reads 8 bytes.
    static std::uint64_t sort_prefix(const char* name, std::size_t size) noexcept {
        static constexpr std::array<std::uint64_t, 9> masks = [] {
            std::array<std::uint64_t, 9> all{};
            for (std::size_t i = 1; i < 9; ++i) all[i] = ~std::uint64_t{0} << (64 - 8 * i);
            return all;
        }();
        std::uint64_t prefix = load64(name);
        if constexpr (std::endian::native == std::endian::little) prefix = __builtin_bswap64(prefix);
        return prefix & masks[size < 8 ? size : 8];
    }

    /// A set that is being read.
    struct LabelSet {
        Label* first;
        Label* to;
        Label* limit;
        std::uint64_t prefix = 0;  // sort_prefix of the last name
        bool ascending = true;     // so far: then no name stands twice
    };

    /// The pairs from the current entry on, in the compact form that Go writes, as far as that form goes: "name":"value" is
    /// four entries, and each byte between two strings has one place to stand.
    /// True: the object has ended. False: the rest, from the current entry on, is for the general way.
    bool compact_pairs(LabelSet& set, std::string_view field) noexcept {
        if (current() != '"') return false;
        // As many pairs as there is room for, and as stand far enough from the end for reads of 8 bytes.
        const auto entries = static_cast<std::size_t>(far_enough_ - at_ < 4 ? 0 : far_enough_ - at_) / 4;
        const auto room = static_cast<std::size_t>(set.limit - set.to);
        Label* to = set.to;
        Label* const stop = to + (entries < room ? entries : room);
        // Copies, so that the labels being written are not taken for what changes these.
        const char* const body = body_;
        const std::uint32_t* at = at_;
        std::uint64_t previous = set.prefix;
        bool last = false;
        while (to != stop && !last) {
            const char* const name = body + at[0] + 1;
            const char* const colon = body + at[1];
            const char* const value = body + at[2] + 1;
            const char* const behind = body + at[3];
            const std::uint32_t close = load32(behind - 1) & three_bytes;
            if ((load32(colon - 1) & three_bytes) != as32('"', ':', '"')) break;
            if (close != as32('"', ',', '"')) {
                last = (close & two_bytes) == as32('"', '}', '\0');
                if (!last) break;
            }
            to->name = {name, static_cast<std::size_t>(colon - name - 1)};
            to->value = {value, static_cast<std::size_t>(behind - value - 1)};
            const std::uint64_t prefix = sort_prefix(name, to->name.size());
            if (backslash_ < behind) [[unlikely]] {
                if (!text_between(name - 1, colon - 1, to->name, field) ||
                    !text_between(value - 1, behind - 1, to->value, field, to->name)) {
                    bad_escape_ = true;
                    break;
                }
            }
            // Names that start with the same 8 bytes, or one with escapes: compare in full.
            const bool plain = to->name.data() == name;
            if (prefix <= previous || !plain) [[unlikely]]
                note_order(set, to);
            previous = plain ? prefix : ~std::uint64_t{0};
            ++to;
            at += 4;
        }
        set.to = to;
        set.prefix = previous;
        at_ = at;
        return last && !bad_escape_;
    }
    static void note_order(LabelSet& set, const Label* label) noexcept {
        if (label != set.first && !(label[-1].name < label->name)) set.ascending = false;
    }

    /// The labels of the object whose brace is just behind the walk.
    bool label_pairs(Labels& out, std::string_view field, std::size_t depth) noexcept {
        Label* const first = storage_.labels.data() + storage_.labels.size();
        const std::size_t left = storage_.labels.bytes() / sizeof(Label) - storage_.labels.size();
        LabelSet set{first, first, first + (options_.max_labels < left ? options_.max_labels : left)};
        const bool empty = take('}');
        while (!empty && !compact_pairs(set, field)) {
            if (bad_escape_) return false;
            // One pair the general way.
            const std::size_t offset = at_ != end_ ? *at_ : size_;
            Label label;
            if (current() != '"' || !string(label.name, field) || !take(':')) return false;
            if (!tolerant_text(depth + 1, label.value, field, label.name)) return false;
            if (set.to == set.limit) return fail(Errc::too_many_labels, offset, field);
            *set.to = label;
            note_order(set, set.to);
            set.prefix = ~std::uint64_t{0};
            if (label.value.data() == nullptr) set.ascending = false;  // null takes the place of the same name before it, then goes
            ++set.to;
            if (take('}')) break;
            if (!take(',') || current() != '"') return false;
        }
        std::size_t count = static_cast<std::size_t>(set.to - first);
        if (!set.ascending) {
            if (!drop_duplicates(first, count, field)) return false;
            const Label* const end = std::remove_if(first, first + count, [](const Label& label) { return label.value.data() == nullptr; });
            count = static_cast<std::size_t>(end - first);
        }
        storage_.labels.resize(storage_.labels.size() + count);
        out = {first, count};
        return true;
    }

    bool label_set(Labels& out, std::string_view field, std::size_t depth) noexcept {
        out = {};
        if (current() == '{') {
            if (!enter(depth)) return false;
            ++at_;
            return label_pairs(out, field, depth);
        }
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        const bool null = current() == 'n';
        if (!skip(depth, field)) return false;
        warn(null ? Errc::null_value : Errc::wrong_type, offset, field);
        return true;
    }

    /// Keeps the last of each name, in order. Linear: hostile senders write many names.
    template <class Named>
    bool drop_duplicates(Named* first, std::size_t& count, std::string_view field) noexcept {
        constexpr std::size_t few = 16;
        constexpr std::uint64_t free_slot = ~std::uint64_t{0};
        const std::size_t slots = std::bit_ceil(2 * count);
        if (count > few) {
            if (!storage_.names.reserve(slots)) return out_of_memory();
            std::memset(storage_.names.data(), 0xff, slots * sizeof(std::uint64_t));
        }
        // From the last to the first: what has been seen already stands behind, and wins.
        std::size_t kept = count;
        for (std::size_t i = count; i-- > 0;) {
            bool twice = false;
            if (count <= few) {
                for (std::size_t j = kept; j < count && !twice; ++j) twice = same_name(first[j].name, first[i].name);
            } else {
                // A slot is the upper half of a hash and an index, so that other names are told apart without a look at them.
                const std::uint64_t hashed = hash(first[i].name);
                const std::uint64_t tag = hashed >> 32 << 32;
                std::size_t slot = hashed & (slots - 1);
                std::uint64_t* const table = storage_.names.data();
                for (; table[slot] != free_slot && !twice; slot = (slot + 1) & (slots - 1)) {
                    twice = table[slot] >> 32 == tag >> 32 && same_name(first[table[slot] & 0xffffffff].name, first[i].name);
                }
                if (!twice) table[slot] = tag | (kept - 1);
            }
            if (twice) {
                warn(Errc::duplicate_key, place_of(first[i].name), field, first[i].name);
                if (failed_) return false;
            } else {
                first[--kept] = first[i];
            }
        }
        std::memmove(static_cast<void*>(first), first + kept, (count - kept) * sizeof(Named));
        count -= kept;
        return true;
    }
    /// Of a name that lies in the body; a decoded one has no place any more.
    [[nodiscard]] std::size_t place_of(std::string_view name) const noexcept {
        const std::size_t at = reinterpret_cast<std::uintptr_t>(name.data()) - reinterpret_cast<std::uintptr_t>(body_);
        return at < size_ ? at - 1 : no_offset - base_;
    }
    /// Seeded by an address, so that nobody can send names that all meet in one slot.
    [[nodiscard]] std::uint64_t hash(std::string_view name) const noexcept {
        std::uint64_t state = reinterpret_cast<std::uintptr_t>(storage_.names.data()) * 0x9e3779b97f4a7c15u ^ name.size();
        const auto mix = [&](std::uint64_t word) {
            state = (state ^ word) * 0xd6e8feb86659fd93u;
            state ^= state >> 32;
        };
        std::size_t i = 0;
        for (; i + 8 <= name.size(); i += 8) mix(load64(name.data() + i));
        const char* const at = name.data() + i;
        const std::size_t left = name.size() - i;
        if (at >= body_ && at + 8 <= body_ + size_) {
            mix(load64_little_endian(at) & ((std::uint64_t{1} << (8 * left)) - 1));
        } else {
            std::uint64_t rest = 0;
            if (left != 0) std::memcpy(&rest, at, left);
            mix(std::endian::native == std::endian::little ? rest : __builtin_bswap64(rest));
        }
        return state ^ state >> 15;
    }

    // ---- Times ----

    /// Eight ASCII digits, the first in the first byte of memory; or more than 99,999,999.
    static std::uint32_t eight_digits(std::uint64_t chunk) noexcept {
        if (((chunk & 0xf0f0f0f0f0f0f0f0) | ((chunk + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4) != 0x3333333333333333) return ~0u;
        chunk = (chunk & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
        chunk = (chunk & 0x00ff00ff00ff00ff) * 6553601 >> 16;
        return static_cast<std::uint32_t>((chunk & 0x0000ffff0000ffff) * 42949672960001 >> 32);
    }
    static std::uint64_t load64_little_endian(const char* from) noexcept {
        const std::uint64_t value = load64(from);
        return std::endian::native == std::endian::little ? value : __builtin_bswap64(value);
    }

    /// Reads the time in `out.text`; false: it is none.
    bool time(Timestamp& out) noexcept {
        const std::string_view text = out.text;
        if (text.size() == 20 && std::memcmp(text.data(), "0001-01-01T00:00:00Z", 20) == 0) return true;
        // Alertmanager's own form, on the day of the time before: 2026-01-15T10:30:00Z, or with 1 to 9 digits behind a point.
        Storage::Day& day = storage_.day;
        if (text.size() < 20 || text.size() == 21 || text.size() > 30 || text.back() != 'Z' ||
            std::memcmp(text.data(), day.text, sizeof day.text) != 0) {
            return other_time(out);
        }
        // "10:30:00" with digits for the colons, so that all eight can be read at once.
        constexpr std::uint64_t colons = 0x00003a00003a0000;
        const std::uint64_t clock = load64_little_endian(text.data() + 11);
        if ((clock & 0x0000ff0000ff0000) != colons) return read_time(out);
        const std::uint32_t hms = eight_digits(clock - 0x00000a00000a0000);
        const std::uint32_t hour = hms / 1'000'000;
        const std::uint32_t minute = hms / 1000 % 100;
        const std::uint32_t second = hms % 100;
        if (hour > 23 || minute > 59 || second > 59) return read_time(out);
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
        out.seconds = day.seconds + hour * 3600 + minute * 60 + second;
        out.nanoseconds = static_cast<std::int32_t>(nanoseconds);
        out.is_set = true;
        return true;
    }
    /// Any other form, and the first of a day.
    bool other_time(Timestamp& out) noexcept {
        if (!read_time(out)) return false;
        const std::string_view text = out.text;
        // Not the first day of 1970, which has an unset second, nor a leap second, which belongs to the next day.
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

    static bool same_word(std::string_view text, std::string_view lower_case) noexcept {
        if (text.size() != lower_case.size()) return false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower_case[i]) return false;
        }
        return true;
    }
    /// `known` false: it was null, so that the status is to be derived.
    bool status(Status& out, bool& known, std::size_t depth) noexcept {
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        std::string_view word;
        if (!tolerant_text(depth, word, "status")) return false;
        known = word.data() != nullptr;
        out = same_word(word, "resolved") ? Status::resolved : Status::firing;
        if (known && word != name(out)) warn(Errc::unknown_status, offset, "status");
        return true;
    }

    /// The string at the current entry, if it ends where the next entry starts; the general way does not come here.
    bool compact_string(std::string_view& out, std::string_view field) noexcept {
        const char* const open = body_ + at_[0];
        const char* const close = body_ + at_[1] - 1;
        if (*close != '"') return string(out, field);
        ++at_;
        return text_between(open, close, out, field);
    }

    /// The members that Alertmanager writes, in its order and form, as far as they stand like that. The walk then stands
    /// behind a value (or, if nothing fitted, still on the brace). False: not JSON.
    bool ordered_members(Alert& alert, unsigned& seen) noexcept {
        const auto has = [&](Member member) { seen |= bit(member); };
        if (options_.max_depth <= alert_depth) return true;
        if (stands_here(R"({"status":"firing","labels":{)")) {
            alert.status = Status::firing;
        } else if (stands_here(R"({"status":"resolved","labels":{)")) {
            alert.status = Status::resolved;
        } else {
            return true;
        }
        at_ += 8;
        has(Member::status);
        has(Member::labels);
        if (!label_pairs(alert.labels, "labels", alert_depth + 1)) return false;
        if (!stands_here(R"(,"annotations":{)")) return true;
        at_ += 4;
        has(Member::annotations);
        if (!label_pairs(alert.annotations, "annotations", alert_depth + 1)) return false;
        if (!stands_here(R"(,"startsAt":")")) return true;
        at_ += 3;
        has(Member::starts_at);
        if (!ordered_time(alert.starts_at, "startsAt")) return false;
        if (!stands_here(R"(,"endsAt":")")) return true;
        at_ += 3;
        has(Member::ends_at);
        if (!ordered_time(alert.ends_at, "endsAt")) return false;
        if (!stands_here(R"(,"generatorURL":")")) return true;
        at_ += 3;
        has(Member::generator_url);
        if (!compact_string(alert.generator_url, "generatorURL")) return false;
        if (!stands_here(R"(,"fingerprint":")")) return true;
        at_ += 3;
        has(Member::fingerprint);
        return compact_string(alert.fingerprint, "fingerprint");
    }
    bool ordered_time(Timestamp& out, std::string_view field) noexcept {
        const std::size_t offset = *at_;
        if (!compact_string(out.text, field)) return false;
        if (!time(out)) warn(Errc::invalid_time, offset, field);
        return true;
    }

    static Member alert_member(std::string_view name) noexcept {
        switch (name.size()) {
            case 6:
                return name == "status"   ? Member::status
                       : name == "labels" ? Member::labels
                       : name == "endsAt" ? Member::ends_at
                                          : Member::other;
            case 8: return name == "startsAt" ? Member::starts_at : Member::other;
            case 11: return name == "annotations" ? Member::annotations : name == "fingerprint" ? Member::fingerprint : Member::other;
            case 12: return name == "generatorURL" ? Member::generator_url : Member::other;
            default: return Member::other;
        }
    }

    bool alert() noexcept {
        if (alert_depth > options_.max_depth) return fail(Errc::too_deep, *at_);
        if (storage_.alerts.size() == options_.max_alerts) return fail(Errc::too_many_alerts, *at_);
        if (!storage_.alerts.reserve(storage_.alerts.size() + 1)) return out_of_memory();
        const std::size_t offset = *at_;
        Alert& alert = *new (storage_.alerts.data() + storage_.alerts.size()) Alert(blank_);
        storage_.alerts.resize(storage_.alerts.size() + 1);
        unsigned seen = 0;
        bool status_known = true;
        alert_extra_ = storage_.alert_extra.size();
        if (!ordered_members(alert, seen)) return false;
        if (seen == 0) status_known = false;
        if (!other_members(alert, seen, status_known)) return false;
        if (storage_.alert_extra.size() != alert_extra_ && !close_extra(storage_.alert_extra, alert_extra_, alert.extra)) return false;

        if (!status_known) {
            if ((seen & bit(Member::status)) == 0) warn(Errc::missing_field, offset, "status");
            // A time at the end of all times is one that nobody set.
            alert.status = alert.ends_at.is_set && alert.ends_at.seconds < year_9999 ? Status::resolved : Status::firing;
        }
        if ((seen & bit(Member::labels)) == 0) warn(Errc::missing_field, offset, "labels");
        return !failed_;
    }

    /// What the ordered way has left: the rest of the object, in any order and form.
    bool other_members(Alert& alert, unsigned& seen, bool& status_known) noexcept {
        const auto value = [&](std::string_view name) { return alert_value(alert, name, seen, status_known); };
        return seen == 0 ? members(value) : more_members(value);
    }
    bool alert_value(Alert& alert, std::string_view name, unsigned& seen, bool& status_known) noexcept {
        const Member member = alert_member(name);
        note_duplicate(member, name, seen);
        switch (member) {
            case Member::status: return status(alert.status, status_known, alert_depth + 1);
            case Member::labels: return label_set(alert.labels, "labels", alert_depth + 1);
            case Member::annotations: return label_set(alert.annotations, "annotations", alert_depth + 1);
            case Member::starts_at: return timestamp(alert.starts_at, "startsAt");
            case Member::ends_at: return timestamp(alert.ends_at, "endsAt");
            case Member::generator_url: return tolerant_text(alert_depth + 1, alert.generator_url, "generatorURL");
            case Member::fingerprint: return tolerant_text(alert_depth + 1, alert.fingerprint, "fingerprint");
            default: return extra_member(name, alert_depth + 1, storage_.alert_extra, alert_extra_);
        }
    }

    static constexpr unsigned bit(Member member) noexcept { return 1u << static_cast<unsigned>(member); }
    void note_duplicate(Member member, std::string_view name, unsigned& seen) noexcept {
        if (member == Member::other) return;
        if ((seen & bit(member)) != 0) warn(Errc::duplicate_key, at_ != end_ ? *at_ : size_, name);
        seen |= bit(member);
    }

    // ---- Members without a field ----

    bool extra_member(std::string_view name, std::size_t depth, Store<Field>& fields, std::size_t first_of_object) noexcept {
        if (fields.size() - first_of_object >= options_.max_labels) return fail(Errc::too_many_labels, at_ != end_ ? *at_ : size_, name);
        Field field{name, {}, {}};
        const char* first = body_ + (at_ != end_ ? *at_ : size_);
        if (current() == '"') {
            if (!string(field.text, name)) return false;
            const char* last = body_ + *at_;
            while (is_json_space(last[-1])) --last;
            field.json = {first, static_cast<std::size_t>(last - first)};
        } else {
            const bool null = current() == 'n';
            if (!raw(depth, field.json, name)) return false;
            if (!null) field.text = field.json;
        }
        return fields.push(field) || out_of_memory();
    }
    /// The alert's own fields are the ones from `from` on. Until the walk is done the view holds an offset for a pointer.
    bool close_extra(Store<Field>& fields, std::size_t from, Fields& out) noexcept {
        std::size_t count = fields.size() - from;
        if (count > 1 && !drop_duplicates(fields.data() + from, count, {})) return false;
        fields.resize(from + count);
        out = {reinterpret_cast<const Field*>(from * sizeof(Field)), count};
        return true;
    }

    // ---- The group ----

    static Member group_member(std::string_view name) noexcept {
        switch (name.size()) {
            case 6: return name == "status" ? Member::status : name == "alerts" ? Member::alerts : Member::other;
            case 7: return name == "version" ? Member::version : Member::other;
            case 8: return name == "receiver" ? Member::receiver : name == "groupKey" ? Member::group_key : Member::other;
            case 11:
                return name == "groupLabels"   ? Member::group_labels
                       : name == "externalURL" ? Member::external_url
                       : name == "routeLabels" ? Member::route_labels
                                               : Member::other;
            case 12: return name == "commonLabels" ? Member::common_labels : Member::other;
            case 15: return name == "truncatedAlerts" ? Member::truncated_alerts : Member::other;
            case 17: return name == "commonAnnotations" ? Member::common_annotations : Member::other;
            case 19: return name == "notification_reason" ? Member::notification_reason : Member::other;
            default: return Member::other;
        }
    }

    /// As ordered_members, for the group.
    bool ordered_members(AlertGroup& group) noexcept {
        const auto has = [&](Member member) { seen_ |= bit(member); };
        const auto labels = [&](Labels& out, std::string_view field, Member member) {
            at_ += 4;
            has(member);
            return label_pairs(out, field, 2);
        };
        const auto text = [&](std::string_view& out, std::string_view field, Member member) {
            at_ += 3;
            has(member);
            return compact_string(out, field);
        };
        if (options_.max_depth <= alert_depth || !stands_here(R"({"receiver":")")) return true;
        if (!text(group.receiver, "receiver", Member::receiver)) return false;
        const bool firing = stands_here(R"(,"status":"firing","alerts":[)");
        if (!firing && !stands_here(R"(,"status":"resolved","alerts":[)")) return true;
        group.status = firing ? Status::firing : Status::resolved;
        status_known_ = true;
        at_ += 7;
        has(Member::status);
        has(Member::alerts);
        if (!alerts(group)) return false;
        if (stands_here(R"(,"notification_reason":")") &&
            !text(group.notification_reason, "notification_reason", Member::notification_reason)) {
            return false;
        }
        if (!stands_here(R"(,"groupLabels":{)")) return true;
        if (!labels(group.group_labels, "groupLabels", Member::group_labels)) return false;
        if (!stands_here(R"(,"commonLabels":{)")) return true;
        if (!labels(group.common_labels, "commonLabels", Member::common_labels)) return false;
        if (!stands_here(R"(,"commonAnnotations":{)")) return true;
        if (!labels(group.common_annotations, "commonAnnotations", Member::common_annotations)) return false;
        if (stands_here(R"(,"routeLabels":{)") && !labels(group.route_labels, "routeLabels", Member::route_labels)) return false;
        if (!stands_here(R"(,"externalURL":")")) return true;
        if (!text(group.external_url, "externalURL", Member::external_url)) return false;
        if (!stands_here(R"(,"version":")")) return true;
        if (!text(group.version, "version", Member::version)) return false;
        return !stands_here(R"(,"groupKey":")") || text(group.group_key, "groupKey", Member::group_key);
    }

    bool group_value(AlertGroup& group, std::string_view name) noexcept {
        const Member member = group_member(name);
        note_duplicate(member, name, seen_);
        switch (member) {
            case Member::receiver: return tolerant_text(2, group.receiver, "receiver");
            case Member::status: return status(group.status, status_known_, 2);
            case Member::alerts: return alerts(group);
            case Member::notification_reason: return tolerant_text(2, group.notification_reason, "notification_reason");
            case Member::group_labels: return label_set(group.group_labels, "groupLabels", 2);
            case Member::common_labels: return label_set(group.common_labels, "commonLabels", 2);
            case Member::common_annotations: return label_set(group.common_annotations, "commonAnnotations", 2);
            case Member::route_labels: return label_set(group.route_labels, "routeLabels", 2);
            case Member::external_url: return tolerant_text(2, group.external_url, "externalURL");
            case Member::version: return tolerant_text(2, group.version, "version");
            case Member::group_key: return tolerant_text(2, group.group_key, "groupKey");
            case Member::truncated_alerts: return truncated(group.truncated_alerts);
            default: return extra_member(name, 2, storage_.group_extra, 0);
        }
    }

    bool alerts(AlertGroup& group) noexcept {
        storage_.alerts.resize(0);
        storage_.alert_extra.resize(0);
        group.incomplete = false;
        if (current() != '[') {
            const std::size_t offset = at_ != end_ ? *at_ : size_;
            const bool null = current() == 'n';
            if (!skip(2, "alerts")) return false;
            warn(null ? Errc::null_value : Errc::wrong_type, offset, "alerts");
            group.incomplete = true;  // nothing says what the status is about
            return true;
        }
        if (options_.max_depth < 2) return fail(Errc::too_deep, *at_, "alerts");
        alert_ = 0;
        const bool done = elements([&] {
            if (current() == '{') {
                if (!alert()) return false;
            } else {
                const std::size_t offset = at_ != end_ ? *at_ : size_;
                if (!skip(3, {})) return false;
                warn(Errc::wrong_type, offset);
                group.incomplete = true;
            }
            ++alert_;
            return !failed_;
        });
        alert_ = Warning::no_alert;
        return done;
    }

    /// What cannot be read as a count counts as one: alerts may be missing, and nothing must be closed on that.
    bool truncated(std::uint64_t& out) noexcept {
        const std::size_t offset = at_ != end_ ? *at_ : size_;
        const bool null = current() == 'n';
        const bool is_string = current() == '"';
        std::string_view text;
        if (at_ != end_ && read_count(token(), out) && (token().size() == 1 || token().front() != '0')) return pass();
        if (is_string ? !string(text, "truncatedAlerts") : !compact(2, text, "truncatedAlerts")) return false;
        out = 0;
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
    static bool read_count(std::string_view text, std::uint64_t& out) noexcept {
        std::uint64_t value = 0;
        for (const char c : text) {
            const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
            if (digit > 9 || value > (~std::uint64_t{0} - digit) / 10) return false;
            value = value * 10 + digit;
        }
        out = value;
        return !text.empty();
    }
    /// 3.0, 1e3 and what is beyond 64 bits.
    static bool read_integral(std::string_view text, std::uint64_t& out) noexcept {
        if (!is_number(text) || text.front() == '-') return false;
        std::uint64_t digits = 0;
        bool overflow = false;
        std::int64_t exponent = 0;
        std::size_t i = 0;
        bool fraction = false;
        for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
            if (text[i] == '.') {
                fraction = true;
                continue;
            }
            const auto digit = static_cast<std::uint64_t>(text[i] - '0');
            if (digits > (~std::uint64_t{0} - digit) / 10) {
                overflow = true;
                continue;
            }
            digits = digits * 10 + digit;
            exponent -= fraction ? 1 : 0;
        }
        if (i < text.size()) {
            const bool minus = text[++i] == '-';
            if (minus || text[i] == '+') ++i;
            std::int64_t written = 0;
            for (; i < text.size() && written < 1000; ++i) written = written * 10 + (text[i] - '0');
            exponent += minus ? -written : written;
        }
        for (; exponent < 0 && digits != 0; ++exponent) {
            if (digits % 10 != 0) return false;
            digits /= 10;
        }
        for (; exponent > 0 && digits != 0 && !overflow; --exponent) {
            overflow = digits > ~std::uint64_t{0} / 10;
            digits *= 10;
        }
        out = overflow ? ~std::uint64_t{0} : digits;
        return true;
    }

    // ---- The whole ----

    static constexpr std::size_t alert_depth = 3;
    static constexpr std::size_t deepest = 1024;  // max_depth is never more
    static constexpr std::int64_t year_9999 = 253'370'764'800;

    bool prepare() noexcept {
        storage_.alerts.resize(0);
        storage_.labels.resize(0);
        storage_.alert_extra.resize(0);
        storage_.group_extra.resize(0);
        storage_.text.resize(0);
        storage_.warnings.resize(0);
        storage_.warning_count = 0;
        // A label is four entries; decoded and compacted text is never longer than what it was read from.
        const auto entries = static_cast<std::size_t>(end_ - at_);
        if (!storage_.labels.reserve(entries / 4 + 1) || !storage_.text.reserve(size_ + 64)) return out_of_memory();
        far_enough_ = end_;
        while (far_enough_ != at_ && far_enough_[-1] + std::size_t{8} > size_) --far_enough_;
        seek_backslash(body_);
        return true;
    }

    bool top_level(AlertGroup& group) noexcept {
        if (current() == '{') {
            const auto value = [&](std::string_view name) { return group_value(group, name) && !failed_; };
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
        if ((seen_ & bit(Member::alerts)) == 0) {
            warn(Errc::missing_field, 0, "alerts");
            group.incomplete = true;
        }
        if (storage_.alert_extra.size() != 0) {
            for (std::size_t i = 0; i < storage_.alerts.size(); ++i) {
                Fields& extra = storage_.alerts.data()[i].extra;
                if (extra.empty()) continue;
                extra = {storage_.alert_extra.data() + reinterpret_cast<std::uintptr_t>(extra.begin()) / sizeof(Field), extra.size()};
            }
        }
        group.alerts = {storage_.alerts.data(), storage_.alerts.size()};
        if (!status_known_) {
            group.status = group.alerts.empty() ? Status::firing : Status::resolved;
            for (const Alert& alert : group.alerts) {
                if (alert.status == Status::firing) group.status = Status::firing;
            }
        }
        return true;
    }

    [[nodiscard]] bool looks_like_a_group() const noexcept {
        constexpr unsigned telling = bit(Member::alerts) | bit(Member::receiver) | bit(Member::group_labels) | bit(Member::common_labels) |
                                     bit(Member::common_annotations) | bit(Member::group_key) | bit(Member::truncated_alerts);
        return (seen_ & telling) != 0;
    }
    static Errc shape_of(const Fields& members) noexcept {
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

    const char* body_;
    std::size_t size_;
    std::size_t base_;
    const std::uint32_t* at_;
    const std::uint32_t* end_;
    const ParseOptions& options_;
    Storage& storage_;

    const std::uint32_t* far_enough_ = nullptr;  // behind the last entry with 8 bytes to read
    const Alert blank_{};                        // copied with wide stores, where g++ would clear 150 bytes with a slow rep stos
    const char* backslash_ = nullptr;
    std::uint32_t alert_ = Warning::no_alert;
    unsigned seen_ = 0;            // members of the group
    std::size_t alert_extra_ = 0;  // where the extra members of the current alert begin
    bool status_known_ = false;
    const char* lone_surrogate_ = nullptr;  // the first of the string that was decoded last
    bool bad_escape_ = false;
    bool failed_ = false;
    Warning failure_;
};

}  // namespace alertmap::inline v0_1::detail
