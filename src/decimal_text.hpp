#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/identity.hpp"

namespace alertmap::detail {

/// A number in decimal digits, in the arena.
inline Text decimal_text(std::uint64_t number, Arena& arena) {
    char* digits = arena.allocate(20);
    return arena.made(digits, static_cast<std::size_t>(put_decimal(digits, number) - digits));
}

}  // namespace alertmap::detail
