#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Code points: surrogates, and truncation of UTF-8 text. No function here splits a code point.
namespace alertmap::detail {

[[nodiscard]] constexpr bool starts_code_point(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

/// Replaces a lone surrogate, as in Go's encoding/json: U+FFFD.
inline constexpr std::uint32_t replacement_character = 0xfffd;

[[nodiscard]] constexpr bool is_surrogate(std::uint32_t code_unit) noexcept { return code_unit >= 0xd800 && code_unit <= 0xdfff; }
[[nodiscard]] constexpr bool is_high_surrogate(std::uint32_t code_unit) noexcept { return code_unit >= 0xd800 && code_unit < 0xdc00; }

/// The code point of a surrogate pair; U+FFFD if the code units are not a pair.
[[nodiscard]] constexpr std::uint32_t joined_surrogates(std::uint32_t high, std::uint32_t low) noexcept {
    const bool pair = is_high_surrogate(high) && is_surrogate(low) && !is_high_surrogate(low);
    return pair ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00) : replacement_character;
}

/// The longest prefix of `text` with at most `limit` code points.
[[nodiscard]] constexpr std::string_view first_code_points(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at) {
        if (starts_code_point(text[at]) && count++ == limit) break;
    }
    return text.substr(0, at);
}

/// The longest prefix of `text` with at most `limit` bytes.
[[nodiscard]] constexpr std::string_view first_bytes(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    while (limit != 0 && !starts_code_point(text[limit])) --limit;
    return text.substr(0, limit);
}

/// The longest prefix of `text` with at most `limit` UTF-16 code units, the unit of Java, C# and JavaScript.
[[nodiscard]] constexpr std::string_view first_utf16(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at) {
        if (!starts_code_point(text[at])) continue;
        count += static_cast<unsigned char>(text[at]) >= 0xf0 ? 2 : 1;
        if (count > limit) break;
    }
    return text.substr(0, at);
}

}  // namespace alertmap::detail
