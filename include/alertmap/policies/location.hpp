#pragma once

#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// True if the text is "latitude,longitude" in decimal degrees, e.g. "40.6413111,-73.7781391". Thread-safe.
[[nodiscard]] ALERTMAP_API bool is_coordinates(std::string_view text) noexcept;

/// Geographic coordinates, for targets that show a map. Thread-safe.
struct LocationPolicy {
    FieldSources from = {};
    Callable<Text> function = {};  ///< replaces `from`

    /// The first value that is_coordinates(), or an empty view. A view into the group, the arena or this policy. Allocates from the arena
    /// only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const LocationPolicy&, const LocationPolicy&) = default;
};

}  // namespace alertmap
