#pragma once

#include <string>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// A label and the values that match: globs, see matches_glob().
struct LabelCondition {
    std::string label;
    std::vector<std::string> values;

    friend bool operator==(const LabelCondition&, const LabelCondition&) = default;
};

/// Which events open an incident without paging anybody (Event::page). A resolve is never held back, and nothing is dropped: to drop
/// alerts, route them elsewhere in Alertmanager. A target that cannot open an incident without paging pages.
struct QuietPolicy {
    /// All conditions of a rule must match.
    using Rule = std::vector<LabelCondition>;

    std::vector<Rule> rules = {};  ///< an event is quiet if one of these matches; a rule without conditions never does
    Callable<bool> function = {};  ///< instead of `rules`

    /// Of a group only labels that all its alerts share are compared, so that one loud alert keeps the group loud. A missing label
    /// does not match. Does not allocate. O(rules * labels).
    [[nodiscard]] ALERTMAP_API bool operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const QuietPolicy&, const QuietPolicy&) = default;
};

}  // namespace alertmap
