#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/detail/ascii.hpp"

// Percent-encoding for URLs and forms (application/x-www-form-urlencoded with %20 for a space, which all receivers accept).
namespace alertmap::detail {

/// Encoded form of a byte, copied with its whole size.
struct PercentForm {
    char text[3] = {};
    std::uint8_t size = 0;
};
inline constexpr std::array<PercentForm, 256> percent_forms = [] {
    constexpr char digits[] = "0123456789ABCDEF";
    std::array<PercentForm, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        const bool plain = is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
        table[i] = plain ? PercentForm{{c}, 1} : PercentForm{{'%', digits[i >> 4], digits[i & 15]}, 3};
    }
    return table;
}();

/// Writes the encoded text to `to`, and up to 3 bytes after it; returns the end of the text. Needs room for percent_room(text.size())
/// bytes. Linear.
inline char* percent_encode(char* to, std::string_view text) noexcept {
    for (const char c : text) {
        const PercentForm& form = percent_forms[static_cast<unsigned char>(c)];
        std::memcpy(to, &form, sizeof form);
        to += form.size;
    }
    return to;
}
/// Room that percent_encode() needs for a text of this size, in bytes.
[[nodiscard]] constexpr std::size_t percent_room(std::size_t size) noexcept { return 3 * size + sizeof(PercentForm); }

}  // namespace alertmap::detail
