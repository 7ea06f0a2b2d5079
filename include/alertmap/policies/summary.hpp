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

/// The one-line title of an event. Thread-safe.
struct SummaryPolicy {
    FieldSources from = default_sources();  ///< the first non-blank value is used
    Callable<Text> function = {};           ///< replaces `from`

    /// One line: line breaks are replaced with spaces. Never empty: defaults to alertmanager_subject(). A view into the group, the arena or
    /// this policy. Allocates from the arena only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const SummaryPolicy&, const SummaryPolicy&) = default;

 private:
    [[nodiscard]] static ALERTMAP_API FieldSources default_sources();
};

/// The detailed text of an event. Thread-safe.
struct DescriptionPolicy {
    FieldSources from = default_sources();  ///< the first non-blank value is used

    /// For a group of several alerts, including truncated ones: one line per firing alert, or per alert if none is firing; each line is the
    /// first non-blank value. Empty: no lines.
    FieldSources lines = default_lines();
    std::size_t max_lines = 20;  ///< the number of omitted alerts follows in a last line: "and 3 more"

    Callable<Text> function = {};  ///< replaces all of the above

    /// Empty if no source has a value. A view into the group, the arena or this policy. Allocates from the arena only. O(alerts) for a
    /// group.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const DescriptionPolicy&, const DescriptionPolicy&) = default;

 private:
    [[nodiscard]] static ALERTMAP_API FieldSources default_sources();
    [[nodiscard]] static ALERTMAP_API FieldSources default_lines();
};

}  // namespace alertmap
