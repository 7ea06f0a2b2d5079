#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/arena.hpp"

namespace alertmap::detail {

/// A number in decimal digits, in the arena.
inline Text decimal_text(std::uint64_t number, Arena& arena) {
    constexpr std::size_t longest = 20;
    char* const digits = arena.allocate(longest);
    return arena.made(digits, static_cast<std::size_t>(std::to_chars(digits, digits + longest, number).ptr - digits));
}

}  // namespace alertmap::detail
