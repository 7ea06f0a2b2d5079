#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/detail/compat.hpp"

// Escapes the contents of JSON strings; bytes that need no escape are copied in blocks.
namespace alertmap::detail {

/// Bytes that the copies below may write beyond the end of their output.
inline constexpr std::size_t copy_overrun = 32;

/// Copies up to copy_overrun bytes too many, so that short texts need neither a call nor a loop. Requires that many readable bytes.
ALERTMAP_ALWAYS_INLINE inline char* copy_blocks(char* to, const char* from, std::size_t size) noexcept {
    char* const end = to + size;
    forget_value(from);  // prevents a false g++ warning about reading beyond a literal
    std::memcpy(to, from, 32);
    if (size > 32) {
        std::memcpy(to + 32, from + 32, 32);
        if (size > 64) std::memcpy(to + 64, from + 64, size - 64);
    }
    return end;
}

inline constexpr char hex_digits[] = "0123456789abcdef";

/// The letter of the short escape (\n: 'n'), 'u' for \u00XX, 0 for none.
inline constexpr std::array<char, 256> json_escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

constexpr char* escape_one(char* to, unsigned char c, char escape) noexcept {
    *to++ = '\\';
    *to++ = escape;
    if (escape != 'u') return to;
    *to++ = '0';
    *to++ = '0';
    *to++ = hex_digits[c >> 4];
    *to++ = hex_digits[c & 15];
    return to;
}

/// True if any byte of the word needs an escape in JSON.
template <class Word>
[[nodiscard]] constexpr bool needs_escape(Word word) noexcept {
    constexpr Word ones = static_cast<Word>(~Word{0}) / 255;  // 0x01 in each byte
    constexpr Word tops = ones * 128;
    const auto zero_byte = [&](Word w) { return (w - ones) & ~w & tops; };
    return (((word - ones * 0x20) & ~word & tops) | zero_byte(word ^ ones * '"') | zero_byte(word ^ ones * '\\')) != 0;
}

/// Copies between one and two words of bytes. Returns false, with undefined output, if a byte needs an escape.
template <class Word>
[[nodiscard]] inline bool copy_clean(char* to, const char* from, std::size_t size) noexcept {
    Word first;
    Word last;
    std::memcpy(&first, from, sizeof first);
    std::memcpy(&last, from + size - sizeof last, sizeof last);
    if (needs_escape(first) || needs_escape(last)) return false;
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + size - sizeof last, &last, sizeof last);
    return true;
}

/// escape_json for a given block type (see compat.hpp).
template <class AnyBlock>
inline char* escape_json_by(char* to, std::string_view text) noexcept {
    const char* from = text.data();
    const char* const end = from + text.size();
    // This loop leaves less than one block.
    while (end - from >= AnyBlock::size) {
        const AnyBlock block = AnyBlock::load(from);
        block.store(to);
        const auto mask = (block.equal('"') | block.equal('\\') | block.at_most(0x1f)).mask();
        if (mask == 0) {
            to += AnyBlock::size;
            from += AnyBlock::size;
            continue;
        }
        const std::ptrdiff_t clean = first_marked<AnyBlock>(mask);
        to += clean;
        from += clean;
        const auto c = static_cast<unsigned char>(*from++);
        to = escape_one(to, c, json_escapes[c]);
    }
    // Copies the rest as two overlapping words if no byte needs an escape.
    static_assert(AnyBlock::size <= 16);
    const auto left = static_cast<std::size_t>(end - from);
    if (left >= 8) {
        if (copy_clean<std::uint64_t>(to, from, left)) return to + left;
    } else if (left >= 4) {
        if (copy_clean<std::uint32_t>(to, from, left)) return to + left;
    }
    for (; from != end; ++from) {
        const auto c = static_cast<unsigned char>(*from);
        if (const char escape = json_escapes[c]; escape != 0) {
            to = escape_one(to, c, escape);
        } else {
            *to++ = *from;
        }
    }
    return to;
}

/// Appends `text` with the escapes that JSON requires. Needs room for 6 bytes per input byte and copy_overrun.
inline char* escape_json(char* to, std::string_view text) noexcept { return escape_json_by<Block>(to, text); }

/// As escape_json, and escapes < > & U+2028 U+2029 as \uXXXX.
/// Source: Go encoding/json/encode.go (appendString, escapeHTML).
inline char* escape_go(char* to, std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool html = c == '<' || c == '>' || c == '&';
        if (const char escape = html ? 'u' : json_escapes[c]; escape != 0) {
            to = escape_one(to, c, escape);
        } else if (c == 0xe2 && text.size() - i > 2 && text[i + 1] == '\x80' && (text[i + 2] == '\xa8' || text[i + 2] == '\xa9')) {
            std::memcpy(to, text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029", 6);
            to += 6;
            i += 2;
        } else {
            *to++ = text[i];
        }
    }
    return to;
}

}  // namespace alertmap::detail
