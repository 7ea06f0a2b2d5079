#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/code_points.hpp"
#include "alertmap/detail/json_check.hpp"
#include "alertmap/error.hpp"

namespace alertmap::detail {

enum class JsonType : std::uint8_t { object, array, string, number, boolean, null, none };

constexpr bool is_json_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Appends a code point as UTF-8, at most 4 bytes; returns the end.
constexpr char* put_utf8(char* to, std::uint32_t code_point) noexcept {
    if (code_point < 0x80) {
        *to++ = static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        *to++ = static_cast<char>(0xc0 | (code_point >> 6));
        *to++ = static_cast<char>(0x80 | (code_point & 0x3f));
    } else if (code_point < 0x10000) {
        *to++ = static_cast<char>(0xe0 | (code_point >> 12));
        *to++ = static_cast<char>(0x80 | ((code_point >> 6) & 0x3f));
        *to++ = static_cast<char>(0x80 | (code_point & 0x3f));
    } else {
        *to++ = static_cast<char>(0xf0 | (code_point >> 18));
        *to++ = static_cast<char>(0x80 | ((code_point >> 12) & 0x3f));
        *to++ = static_cast<char>(0x80 | ((code_point >> 6) & 0x3f));
        *to++ = static_cast<char>(0x80 | (code_point & 0x3f));
    }
    return to;
}

/// Length of the UTF-8 character at `at` (which must be before `end`): 1 to 4; 0 if invalid; -1 if truncated.
/// Source: The Unicode Standard, table 3-7.
constexpr int utf8_length(const char* at, const char* end) noexcept {
    const auto byte = [&](int i) { return static_cast<unsigned char>(at[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const int length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (int i = 1; i < length; ++i) {
        if (at + i == end) return -1;
        unsigned low = 0x80;
        unsigned high = 0xbf;
        if (i == 1) {
            if (lead == 0xe0) low = 0xa0;
            if (lead == 0xed) high = 0x9f;
            if (lead == 0xf0) low = 0x90;
            if (lead == 0xf4) high = 0x8f;
        }
        if (byte(i) < low || byte(i) > high) return 0;
    }
    return length;
}

/// Pull parser for one JSON text (RFC 8259) that validates every byte, one at a time: for small texts and for locating errors. The text
/// must outlive the reader. After a failure all calls fail; error() has the code and the offset.
///
///     JsonReader json(text);
///     for (json.begin_object(); json.next_member(name);) { ... read or skip the value ... }
///     if (!json.finish()) return json.error();
class JsonReader {
 public:
    explicit JsonReader(std::string_view text, std::size_t max_depth = 64) noexcept
        : begin_(text.data()), at_(begin_), end_(begin_ + text.size()), max_depth_(max_depth) {}

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] Errc code() const noexcept { return code_; }
    /// The error without a path, which the caller adds.
    [[nodiscard]] alertmap::Error error() const { return {code_, offset(), {}}; }
    /// Offset of the next byte to read (after white space), or of the failure.
    [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

    /// Type of the next value; none at the end, after a failure or if no value starts here.
    [[nodiscard]] JsonType type() noexcept {
        space();
        if (failed_ || at_ == end_) return JsonType::none;
        switch (*at_) {
            case '{': return JsonType::object;
            case '[': return JsonType::array;
            case '"': return JsonType::string;
            case 't':
            case 'f': return JsonType::boolean;
            case 'n': return JsonType::null;
            default: return *at_ == '-' || (*at_ >= '0' && *at_ <= '9') ? JsonType::number : JsonType::none;
        }
    }

    bool begin_object() noexcept { return begin('{'); }
    bool begin_array() noexcept { return begin('['); }

    /// True: the name of the next member was read; its value is next. False: the object ended, or failed().
    bool next_member(std::string& name) {
        if (!next('}')) return false;
        if (at_ == end_ || *at_ != '"') return fail_unexpected();
        if (!string(name)) return false;
        space();
        return take(':');
    }

    /// The same with the raw name, including quotes and escapes; allocates nothing.
    bool next_raw_member(std::string_view& raw_name) noexcept {
        if (!next('}')) return false;
        const char* first = at_;
        if (!member_name()) return false;
        raw_name = {first, static_cast<std::size_t>(behind_name_ - first)};
        return true;
    }

    /// True: an element is next. False: the array ended, or failed().
    bool next_element() noexcept { return next(']'); }

    bool string(std::string& out) {
        out.clear();
        if (type() != JsonType::string) return fail_unexpected();
        ++at_;
        while (true) {
            const char* first = at_;
            std::uint32_t code_point = 0;
            const Piece piece = string_piece(code_point);
            if (piece == Piece::failed) return false;
            if (piece == Piece::end) return true;
            if (piece == Piece::plain) {
                out.append(first, at_);
            } else {
                char bytes[4];
                out.append(bytes, put_utf8(bytes, code_point));
            }
        }
    }
    bool boolean(bool& out) noexcept {
        if (type() != JsonType::boolean) return fail_unexpected();
        out = *at_ == 't';
        return literal(out ? "true" : "false");
    }
    bool null() noexcept { return type() == JsonType::null ? literal("null") : fail_unexpected(); }
    /// Reads a number; `out` is its text.
    bool number(std::string_view& out) noexcept {
        if (type() != JsonType::number) return fail_unexpected();
        const char* first = at_;
        if (!number_text()) return false;
        out = {first, static_cast<std::size_t>(at_ - first)};
        return true;
    }

    /// Validates and skips the next value; `raw` is its text.
    bool skip(std::string_view& raw) noexcept {
        space();
        const char* first = at_;
        if (!skip_value()) return false;
        raw = {first, static_cast<std::size_t>(at_ - first)};
        return true;
    }
    bool skip() noexcept {
        std::string_view raw;
        return skip(raw);
    }

    /// True if only white space is left and nothing failed.
    bool finish() noexcept {
        space();
        if (failed_) return false;
        return at_ == end_ ? true : fail(Errc::trailing_content);
    }

 private:
    enum class Piece : std::uint8_t { plain, escaped, end, failed };

    bool fail(Errc code) noexcept {
        if (!failed_) {
            failed_ = true;
            code_ = code;
        }
        return false;
    }
    /// At the end of the text every failure is a truncation.
    bool fail_here(Errc code) noexcept { return fail(at_ == end_ ? Errc::truncated_body : code); }
    bool fail_unexpected() noexcept {
        if (at_ != end_ && utf8_length(at_, end_) == 0) return fail(Errc::invalid_utf8);
        return fail_here(Errc::invalid_json);
    }

    void space() noexcept {
        if (failed_) return;
        while (at_ != end_ && is_json_space(*at_)) ++at_;
    }
    bool take(char wanted) noexcept {
        if (failed_) return false;
        if (at_ == end_ || *at_ != wanted) return fail_unexpected();
        ++at_;
        return true;
    }
    bool begin(char bracket) noexcept {
        space();
        if (!failed_ && at_ != end_ && *at_ == bracket && depth_ == max_depth_) return fail(Errc::too_deep);
        if (!take(bracket)) return false;
        ++depth_;
        first_ = true;
        return true;
    }
    /// Reads the comma before the next member or element, or the closing bracket.
    bool next(char bracket) noexcept {
        space();
        if (failed_) return false;
        if (at_ != end_ && *at_ == bracket) {
            ++at_;
            --depth_;
            first_ = false;
            return false;
        }
        if (!first_ && !take(',')) return false;
        if (!first_) space();
        first_ = false;
        if (at_ == end_ || *at_ == bracket) return fail_unexpected();
        return true;
    }

    bool literal(std::string_view word) noexcept {
        for (char c : word) {
            if (at_ == end_ || *at_ != c) return fail_here(Errc::invalid_literal);
            ++at_;
        }
        return ends_here(Errc::invalid_literal);
    }
    /// A scalar must not be followed directly by a character of another scalar.
    bool ends_here(Errc code) noexcept {
        if (at_ == end_ || is_json_space(*at_) || *at_ == ',' || *at_ == ']' || *at_ == '}' || *at_ == ':' || *at_ == '[' || *at_ == '{' ||
            *at_ == '"') {
            return true;
        }
        return fail(utf8_length(at_, end_) == 0 ? Errc::invalid_utf8 : code);
    }
    bool digits() noexcept {
        const char* first = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
        return at_ != first ? true : fail_here(Errc::invalid_number);
    }
    bool number_text() noexcept {
        if (*at_ == '-') ++at_;
        if (at_ != end_ && *at_ == '0') {
            ++at_;
        } else if (!digits()) {
            return false;
        }
        if (at_ != end_ && *at_ == '.') {
            ++at_;
            if (!digits()) return false;
        }
        if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
            ++at_;
            if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
            if (!digits()) return false;
        }
        return ends_here(Errc::invalid_number);
    }

    bool hex4(std::uint32_t& value) noexcept {
        value = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const int digit = at_ == end_ ? -1 : hex_value(*at_);
            if (digit < 0) return fail_here(Errc::invalid_escape);
            value = value * 16 + static_cast<std::uint32_t>(digit);
        }
        return true;
    }
    /// Decodes the escape after a backslash. A lone surrogate becomes U+FFFD, as in Go's encoding/json.
    bool escape(std::uint32_t& code_point) noexcept {
        if (at_ == end_) return fail(Errc::truncated_body);
        switch (*at_) {
            case 'b': code_point = '\b'; break;
            case 'f': code_point = '\f'; break;
            case 'n': code_point = '\n'; break;
            case 'r': code_point = '\r'; break;
            case 't': code_point = '\t'; break;
            case '"':
            case '\\':
            case '/': code_point = static_cast<unsigned char>(*at_); break;
            case 'u': {
                ++at_;
                if (!hex4(code_point)) return false;
                if (!is_surrogate(code_point)) return true;
                const char* behind = at_;
                std::uint32_t low = 0;
                if (is_high_surrogate(code_point) && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
                    at_ += 2;
                    if (!hex4(low)) return false;
                }
                code_point = joined_surrogates(code_point, low);
                if (code_point == replacement_character) at_ = behind;
                return true;
            }
            default: return fail(utf8_length(at_, end_) == 0 ? Errc::invalid_utf8 : Errc::invalid_escape);
        }
        ++at_;
        return true;
    }
    /// Reads one character, a run of unescaped ones, or the closing quote.
    Piece string_piece(std::uint32_t& code_point) noexcept {
        const char* first = at_;
        while (at_ != end_ && *at_ != '"' && *at_ != '\\') {
            if (static_cast<unsigned char>(*at_) < 0x20) return fail(Errc::control_character), Piece::failed;
            const int length = utf8_length(at_, end_);
            if (length == -1) at_ = end_;
            if (length <= 0) return fail_here(Errc::invalid_utf8), Piece::failed;
            at_ += length;
        }
        if (at_ == end_) return fail(Errc::truncated_body), Piece::failed;
        if (at_ != first) return Piece::plain;
        ++at_;
        if (at_[-1] == '"') return Piece::end;
        return escape(code_point) ? Piece::escaped : Piece::failed;
    }
    bool skip_string() noexcept {
        ++at_;
        std::uint32_t code_point = 0;
        while (true) {
            const Piece piece = string_piece(code_point);
            if (piece == Piece::failed) return false;
            if (piece == Piece::end) return true;
        }
    }
    bool skip_scalar() noexcept {
        switch (type()) {
            case JsonType::string: return skip_string();
            case JsonType::number: return number_text();
            case JsonType::boolean: return literal(*at_ == 't' ? "true" : "false");
            case JsonType::null: return literal("null");
            default: return fail_unexpected();
        }
    }
    bool skip_value() noexcept {
        // Iterative; is_object has one flag per level.
        std::array<bool, deepest_nesting> is_object;
        const std::size_t outer = depth_;
        while (true) {
            const JsonType next_type = type();
            if (next_type == JsonType::object || next_type == JsonType::array) {
                if (depth_ - outer == is_object.size()) return fail(Errc::too_deep);
                is_object[depth_ - outer] = next_type == JsonType::object;
                if (!(next_type == JsonType::object ? begin_object() : begin_array())) return false;
            } else if (!skip_scalar()) {
                return false;
            }
            // Close all levels that end here, then go to the next value.
            while (true) {
                if (depth_ == outer) return true;
                const bool object = is_object[depth_ - outer - 1];
                const std::size_t depth = depth_;
                if (next(object ? '}' : ']')) {
                    if (object && !member_name()) return false;
                    break;
                }
                if (failed_ || depth_ == depth) return false;
            }
        }
    }
    bool member_name() noexcept {
        if (at_ == end_ || *at_ != '"') return fail_unexpected();
        if (!skip_string()) return false;
        behind_name_ = at_;
        space();
        return take(':');
    }

    const char* behind_name_ = nullptr;
    const char* begin_;
    const char* at_;
    const char* end_;
    std::size_t max_depth_;
    std::size_t depth_ = 0;
    bool first_ = false;
    bool failed_ = false;
    Errc code_{};
};

}  // namespace alertmap::detail
