#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/detail/code_points.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/parser.hpp"
#include "bytes.hpp"
#include "escape_search.hpp"
#include "mint.hpp"
#include "storage.hpp"

// In an unnamed namespace, so that functions with a single call are inlined; worth 4 % of a parse.
namespace alertmap::detail {
namespace {

/// Position in a body and its structural index; reads values according to JSON's grammar only. Functions that detect invalid JSON return
/// false and stop the walk there; failed_ marks other failures.
class Cursor {
 protected:
    /// `index` has `count` entries and room for four more. `base` is the offset of `body` in the caller's body.
    Cursor(std::string_view body, std::size_t base, std::uint32_t* index, std::size_t count, const ParseOptions& options,
           Storage& storage) noexcept
        : body_(body.data()),
          size_(body.size()),
          base_(base),
          at_(index),
          end_(index + count),
          padded_(body.data() + (body.size() < text_padding ? 0 : body.size() - text_padding)),
          options_(options),
          storage_(storage) {
        for (std::size_t i = 0; i < 4; ++i) index[count + i] = static_cast<std::uint32_t>(body.size());
    }

    // ---- The index ----

    [[nodiscard]] char current() const noexcept { return at_ != end_ ? body_[*at_] : '\0'; }
    [[nodiscard]] bool take(char wanted) noexcept {
        if (current() != wanted) return false;
        ++at_;
        return true;
    }
    /// Skips this JSON if the next bytes equal it.
    template <CompactJson Json>
    [[nodiscard]] bool pass_if_next() noexcept {
        constexpr std::size_t size = sizeof Json.bytes - 1;
        if (size_ - *at_ < size || !same_bytes<size>(body_ + *at_, Json.bytes)) return false;
        at_ += Json.entries;
        return true;
    }
    /// The scalar at the current entry, without trailing white space.
    [[nodiscard]] std::string_view token() const noexcept {
        const char* first = body_ + at_[0];
        const char* last = body_ + at_[1];
        while (is_json_space(last[-1])) --last;
        return {first, static_cast<std::size_t>(last - first)};
    }

    bool fail(const Warning& failure) noexcept {
        if (!failed_) storage_.failure = failure;
        failed_ = true;
        return false;
    }
    bool fail(Errc code, std::size_t offset, std::string_view field = {}) noexcept {
        return fail(Warning{code, offset + base_, alert_, field, {}});
    }
    bool out_of_memory() noexcept { return fail(Warning{Errc::out_of_memory, no_offset, Warning::no_alert, {}, {}}); }

    // ---- Strings ----

    /// The first escape that is not yet decoded; each string checks only whether it is inside. All backslashes of a valid body are in
    /// strings, and strings are read in order, so each escape is searched once.
    [[nodiscard]] const char* next_escape() const noexcept { return escape_.place; }

    /// True if `close`, the end of a string, is far enough from the end of the body for block copies.
    [[nodiscard]] bool is_padded(const char* close) const noexcept { return close <= padded_; }

    /// Decodes the string between `first` and its closing quote at `end`, which has an escape.
    bool decode(const char* const first, const char* const end, Text& out) noexcept {
        // Decoded text is never longer than its escaped form; written in blocks.
        char* to = storage_.text.room(Mint::spelling_bytes + static_cast<std::size_t>(end - first) + 2 * text_padding);
        if (to == nullptr) return out_of_memory();
        to += Mint::spelling_bytes;
        char* const text = to;
        const char* from = first;
        // Local copies, which the writes cannot alias.
        const char* const body = body_;
        const char* const body_end = body + size_;
        const char* const padded = padded_;
        Escape escape = escape_;
        unsigned dirty = 0;  // not 0: JSON requires an escape for one of the characters
        const auto copy_up_to = [&](const char* place) {
            const auto plain = static_cast<std::size_t>(place - from);
            if (place <= padded) [[likely]] {
                copy_blocks(to, from, plain);
            } else {
                std::memcpy(to, from, plain);
            }
            to += plain;
        };
        do {
            copy_up_to(escape.place);
            from = escape.place;
            escape = escape.next(body, body_end);
            // Stage 1 guarantees that the closing quote is not escaped.
            char plain = unescaped(from[1]);
            from += 2;
            if (plain == '\0') {
                if (from[-1] != 'u' || end - from < 4) return false;
                const std::uint32_t code_point = hex4(from);
                from += 4;
                if (code_point >= 0x80) {
                    if (code_point > 0xffff) return false;
                    if (!is_surrogate(code_point)) {
                        to = put_utf8(to, code_point);
                        continue;
                    }
                    const Surrogate pair = surrogate(code_point, from, end);
                    if (pair.size == 0) return false;
                    if (pair.size == 12) {
                        from += 6;
                        escape = escape.next(body, body_end);  // skip the second surrogate
                    } else if (lone_surrogate_ == nullptr) {
                        lone_surrogate_ = from - 6;
                    }
                    to = put_utf8(to, pair.code_point);
                    continue;
                }
                plain = static_cast<char>(code_point);
            }
            *to++ = plain;
            dirty |= static_cast<unsigned char>(json_escapes[static_cast<unsigned char>(plain)]);
        } while (escape.place < end);
        copy_up_to(end);
        escape_ = escape;
        const auto size = static_cast<std::size_t>(to - text);
        storage_.text.keep(to);  // the room included text_padding readable bytes after it
        // A lone surrogate must not be written in its escaped form.
        if (lone_surrogate_ != nullptr) {
            out = std::string_view(text, size);
            return true;
        }
        const auto spelled = static_cast<std::size_t>(end - first);
        const char* const spelling = end <= padded ? first : padded_copy(first, spelled);
        if (spelling == nullptr) return false;
        Mint::put_spelling(text, spelling, spelled);
        out = Mint::decoded(text, size, dirty == 0);
        return true;
    }
    /// A copy of bytes near the end of the body, readable in blocks. Null: out of memory.
    ALERTMAP_NOINLINE const char* padded_copy(const char* bytes, std::size_t size) noexcept {
        char* copy = storage_.text.room(size + 2 * text_padding);
        if (copy == nullptr) {
            (void)out_of_memory();
            return nullptr;
        }
        // Normally copied in blocks that end at the last byte, as the bytes before can be read as well.
        const std::size_t whole = (size / text_padding + 1) * text_padding;
        const char* const end = bytes + size;
        if (static_cast<std::size_t>(end - body_) >= whole) {
            (void)copy_blocks(copy, end - whole, whole);
            copy += whole - size;
        } else {
            std::memcpy(copy, bytes, size);
        }
        storage_.text.keep(copy + size + text_padding);
        return copy;
    }
    /// A string without escapes near the end of the body. Copied if Go would escape it, so that it is written unchanged.
    ALERTMAP_NOINLINE bool text_at_end(const char* bytes, std::size_t size, Text& out) noexcept {
        const std::string_view text(bytes, size);
        out = text;
        return !may_differ_in_go(text) || copied_text(bytes, size, out);
    }
    /// The same, always copied.
    ALERTMAP_NOINLINE bool copied_text(const char* bytes, std::size_t size, Text& out) noexcept {
        const char* const copy = padded_copy(bytes, size);
        if (copy == nullptr) return false;
        out = Mint::verbatim(copy, size);
        return true;
    }
    struct Surrogate {
        std::uint32_t code_point;
        unsigned size;  // bytes read: 6 for a lone surrogate, 0 if the second escape is not a surrogate
    };
    /// Decodes a surrogate whose escape ends at `from`.
    ALERTMAP_NOINLINE static Surrogate surrogate(std::uint32_t first, const char* from, const char* end) noexcept {
        if (is_high_surrogate(first) && end - from >= 6 && from[0] == '\\' && from[1] == 'u') {
            const std::uint32_t second = hex4(from + 2);
            if (second > 0xffff) return {0, 0};
            if (const std::uint32_t both = joined_surrogates(first, second); both != replacement_character) return {both, 12};
        }
        return {replacement_character, 6};
    }

    /// The string between these quotes: a view of the body, or decoded.
    bool text_between(const char* open, const char* close, Text& out, std::string_view field = {}, std::string_view key = {}) noexcept {
        if (next_escape() >= close) [[likely]] {
            const auto size = static_cast<std::size_t>(close - open - 1);
            if (!is_padded(close)) [[unlikely]]
                return text_at_end(open + 1, size, out);
            out = Mint::verbatim(open + 1, size);
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
    /// The closing quote of the string at the current entry; only white space is between it and the next entry.
    [[nodiscard]] const char* closing_quote() const noexcept {
        const char* close = body_ + at_[1] - 1;
        while (*close != '"') --close;
        return close;
    }
    /// Reads the string at the current entry. Inlined for the common case: a function call would store the position in memory.
    ALERTMAP_ALWAYS_INLINE inline bool string(Text& out, std::string_view field = {}, std::string_view key = {}) noexcept {
        const char* const open = body_ + at_[0];
        const char* const close = body_ + at_[1] - 1;
        if (*close != '"' || next_escape() < close || !is_padded(close)) [[unlikely]]
            return odd_string(out, field, key);
        ++at_;
        out = Mint::verbatim(open + 1, static_cast<std::size_t>(close - open - 1));
        return true;
    }
    ALERTMAP_NOINLINE bool odd_string(Text& out, std::string_view field, std::string_view key) noexcept {
        const char* const open = body_ + at_[0];
        const char* const close = closing_quote();
        ++at_;
        return text_between(open, close, out, field, key);
    }

    // ---- Values of any type ----

    /// Validates and skips the string at the current entry.
    bool skip_string(std::string_view field) noexcept {
        const char* const open = body_ + at_[0];
        const char* const close = closing_quote();
        ++at_;
        if (next_escape() >= close) [[likely]]
            return true;
        Text text;
        char* const kept = storage_.text.place();
        const bool valid = text_between(open, close, text, field);
        storage_.text.back_to(kept);
        return valid;
    }
    bool skip_name(std::string_view field) noexcept { return current() == '"' && skip_string(field) && take(':'); }
    bool skip_scalar(std::string_view field) noexcept {
        if (current() == '"') return skip_string(field);
        std::string_view json;
        return scalar(json);
    }
    /// The literal or number at the current entry.
    bool scalar(std::string_view& out) noexcept {
        if (at_ == end_) return false;
        out = token();
        ++at_;
        return is_literal_or_number(out);
    }
    /// Validates and skips the value at the current entry, at this depth. A value deeper than max_depth adds a warning; is_dropped() then
    /// says that it must not be used.
    bool skip(std::size_t depth, std::string_view field, std::string_view key = {}) noexcept {
        too_deep_at_ = no_offset;
        if (!pass_value(depth, field)) return false;
        if (is_dropped()) [[unlikely]] {
            warn(Errc::too_deep, too_deep_at_, field, key);
            dropped_ = true;
        }
        return true;
    }
    /// True if the value last read by skip(), raw() or compact() was too deep.
    [[nodiscard]] bool is_dropped() const noexcept { return too_deep_at_ != no_offset; }

    bool pass_value(std::size_t depth, std::string_view field) noexcept {
        std::array<bool, deepest> is_object;  // for the outer levels; inner levels are bits in storage_.names
        std::size_t open = 0;
        const auto in_object = [&] { return open <= deepest ? is_object[open - 1] : deep_level(open - 1); };
        while (true) {
            const char c = current();
            if (c == '{' || c == '[') {
                if (depth + open > options_.max_depth && !is_dropped()) too_deep_at_ = *at_;
                if (open < deepest) {
                    is_object[open] = c == '{';
                } else if (!set_deep_level(open, c == '{')) {
                    return false;
                }
                ++at_;
                if (!take(c == '{' ? '}' : ']')) {
                    ++open;
                    if (c == '{' && !skip_name(field)) return false;
                    continue;
                }
            } else if (!skip_scalar(field)) {
                return false;
            }
            // Close all levels that end here, then go to the next value.
            while (open != 0 && take(in_object() ? '}' : ']')) --open;
            if (open == 0) return true;
            if (!take(',') || (in_object() && !skip_name(field))) return false;
        }
    }
    [[nodiscard]] bool deep_level(std::size_t level) const noexcept {
        const std::size_t bit = level - deepest;
        return (storage_.names.data()[bit / 64] >> (bit % 64) & 1) != 0;
    }
    bool set_deep_level(std::size_t level, bool object) noexcept {
        const std::size_t bit = level - deepest;
        if (!storage_.names.reserve(bit / 64 + 1)) return out_of_memory();
        std::uint64_t& word = storage_.names.data()[bit / 64];
        const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
        // Initialise the rest of a new word before reading it.
        word = bit % 64 == 0 ? std::uint64_t{object} : object ? word | mask : word & ~mask;
        return true;
    }
    bool pass() noexcept {
        ++at_;
        return true;
    }
    bool enter(std::size_t depth) noexcept { return depth <= options_.max_depth || fail(Errc::too_deep, *at_); }

    /// Iterates over the members of the object at the current entry; `on_value(name)` must read or skip each value.
    template <class OnValue>
    bool members(OnValue on_value) noexcept {
        ++at_;
        return take('}') || (member(on_value) && more_members(on_value));
    }
    /// The same, starting after a value.
    template <class OnValue>
    bool more_members(OnValue on_value) noexcept {
        while (!take('}')) {
            if (!take(',') || !member(on_value)) return false;
        }
        return true;
    }
    template <class OnValue>
    bool member(OnValue on_value) noexcept {
        Text name;
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

    /// Reads the raw JSON of the value at the current entry; absent if it was too deep.
    bool raw(std::size_t depth, std::string_view& out, std::string_view field, std::string_view key = {}) noexcept {
        const char* first = body_ + *at_;
        char* const kept = storage_.text.place();
        out = {};
        if (!skip(depth, field, key)) return false;
        storage_.text.back_to(kept);  // discard what was decoded meanwhile
        if (is_dropped()) return true;
        const char* last = body_ + *at_;
        while (is_json_space(last[-1])) --last;
        out = {first, static_cast<std::size_t>(last - first)};
        return true;
    }
    /// The same without white space; copied only if there is any.
    bool compact(std::size_t depth, Text& out, std::string_view field, std::string_view key = {}) noexcept {
        std::string_view json;
        out = {};
        if (!raw(depth, json, field, key)) return false;
        if (is_dropped()) return true;
        unsigned spaces = 0;
        for (const char c : json) spaces += static_cast<unsigned char>(c) <= ' ' ? 1 : 0;
        if (spaces == 0) {
            out = json;
            return true;
        }
        char* const first = storage_.text.room(json.size());
        if (first == nullptr) return out_of_memory();
        char* to = first;
        bool in_string = false;
        for (std::size_t i = 0; i < json.size(); ++i) {
            const char c = json[i];
            if (!in_string && is_json_space(c)) continue;
            if (c == '"') in_string = !in_string;
            *to++ = c;
            if (c == '\\') *to++ = json[++i];
        }
        const auto size = static_cast<std::size_t>(to - first);
        if (size == json.size()) {
            out = json;
            return true;
        }
        out = std::string_view(first, size);
        storage_.text.keep(to);
        return true;
    }

    /// A text field of any JSON type: a string; null, or nested too deep: empty; otherwise its compact JSON.
    bool tolerant_text(std::size_t depth, Text& out, std::string_view field, std::string_view key = {}) noexcept {
        if (current() == '"') return string(out, field, key);
        const std::size_t offset = *at_;
        if (current() == 'n') {
            out = {};
            if (token() != "null") return false;
            warn(Errc::null_value, offset, field, key);
            return pass();
        }
        if (current() == '{' || current() == '[') {
            if (!compact(depth, out, field, key)) return false;
            if (is_dropped()) return true;
        } else {
            std::string_view json;
            if (!scalar(json)) return false;
            out = json;
        }
        warn(Errc::wrong_type, offset, field, key);
        return true;
    }

    // ---- Warnings ----

    void warn(Errc code, std::size_t offset, std::string_view field = {}, std::string_view key = {}) noexcept {
        ++storage_.warning_count;
        storage_.keep({code, offset + base_, alert_, field, key});
    }

    static constexpr std::size_t deepest = 1024;  // upper bound of max_depth

    const char* body_;
    std::size_t size_;
    std::size_t base_;
    const std::uint32_t* at_;
    const std::uint32_t* end_;
    const char* padded_;  // the last position with text_padding bytes after it, or the start of the body
    const ParseOptions& options_;
    Storage& storage_;
    using Escape = EscapeSearch<Block>;
    Escape escape_{};
    const char* lone_surrogate_ = nullptr;  // the first one in the string decoded last
    std::uint32_t alert_ = Warning::no_alert;
    std::size_t too_deep_at_ = no_offset;  // of the value skipped last
    bool dropped_ = false;                 // part of an alert or of the group was dropped
    bool failed_ = false;
};

}  // namespace
}  // namespace alertmap::detail
