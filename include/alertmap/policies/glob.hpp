#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/export.hpp"

namespace alertmap {

/// True if the whole text matches the pattern: `*` matches any number of bytes, `?` one byte, a backslash makes the next byte literal.
/// Case-sensitive. O(text * pattern) in the worst case; neither recursive nor allocating. Thread-safe.
[[nodiscard]] ALERTMAP_API bool matches_glob(std::string_view text, std::string_view pattern) noexcept;

/// True if the text matches any of the patterns.
[[nodiscard]] ALERTMAP_API bool matches_any_glob(std::string_view text, const std::vector<std::string>& patterns) noexcept;

}  // namespace alertmap
