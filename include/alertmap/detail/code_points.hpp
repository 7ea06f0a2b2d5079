#pragma once

#include <cstddef>
#include <string_view>

// Where a text can be cut. All texts are UTF-8; no function here splits a code point.
namespace alertmap::detail {

[[nodiscard]] constexpr bool starts_code_point(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

/// The first bytes of `text` that make at most `limit` code points.
[[nodiscard]] constexpr std::string_view first_code_points(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at) {
        if (starts_code_point(text[at]) && count++ == limit) break;
    }
    return text.substr(0, at);
}

/// The first code points of `text` that fit into `limit` bytes.
[[nodiscard]] constexpr std::string_view first_bytes(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    while (limit != 0 && !starts_code_point(text[limit])) --limit;
    return text.substr(0, limit);
}

/// The first code points of `text` that fit into `limit` UTF-16 code units: how Java, C# and JavaScript count.
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
