#pragma once

#include <string>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// A label and its matching values: globs, see matches_glob().
struct LabelCondition {
    std::string label;
    std::vector<std::string> values;

    friend bool operator==(const LabelCondition&, const LabelCondition&) = default;
};

/// Selects events that open an incident without paging (Event::page). Resolves are not affected, and no event is dropped: to drop alerts,
/// use routes in Alertmanager. A target that cannot open an incident without paging will page. Thread-safe.
struct QuietPolicy {
    /// Conditions that must all match.
    using Rule = std::vector<LabelCondition>;

    std::vector<Rule> rules = {};  ///< an event is quiet if any rule matches; a rule without conditions never matches
    Callable<bool> function = {};  ///< replaces `rules`

    /// For a group only common labels are compared, so that a single loud alert makes the group loud. A missing label does not match. Does
    /// not allocate. O(rules * labels).
    [[nodiscard]] ALERTMAP_API bool operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const QuietPolicy&, const QuietPolicy&) = default;
};

}  // namespace alertmap
