#pragma once

#include <cstddef>
#include <string_view>

namespace alertmap::detail {

/// The first bytes of `text` that make at most `limit` code points. `text` is UTF-8.
[[nodiscard]] constexpr std::string_view first_code_points(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) return text;
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size(); ++at) {
        const bool starts = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
        if (starts && count++ == limit) break;
    }
    return text.substr(0, at);
}

}  // namespace alertmap::detail
