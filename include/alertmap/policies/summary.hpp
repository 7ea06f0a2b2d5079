#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// The one-line title of an event.
struct SummaryPolicy {
    FieldSources from = default_sources();  ///< the first that is not blank
    Callable<Text> function = {};           ///< instead of `from`

    /// One line: line breaks become spaces. Never empty: if no source has a value it is alertmanager_subject(). A view into the
    /// group, the arena or this policy.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const SummaryPolicy&, const SummaryPolicy&) = default;

 private:
    [[nodiscard]] static ALERTMAP_API FieldSources default_sources();
};

/// The longer text of an event.
struct DescriptionPolicy {
    FieldSources from = default_sources();  ///< the first that is not blank

    /// Of a group with several alerts (truncated ones included): one line for each firing alert, or for each alert if none fires,
    /// from the first of these sources that is not blank. Empty: no such list.
    FieldSources lines = default_lines();
    std::size_t max_lines = 20;  ///< the alerts left out are counted in a last line: "and 3 more"

    Callable<Text> function = {};  ///< instead of all of the above

    /// Empty if no source has a value. A view into the group, the arena or this policy. O(alerts) for a group.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const DescriptionPolicy&, const DescriptionPolicy&) = default;

 private:
    [[nodiscard]] static ALERTMAP_API FieldSources default_sources();
    [[nodiscard]] static ALERTMAP_API FieldSources default_lines();
};

}  // namespace alertmap
