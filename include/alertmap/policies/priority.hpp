#pragma once

#include <string>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/severity.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// A word for a severity (compared without case), and the vendor's priority for it.
struct PriorityWord {
    std::string word;
    std::string priority;

    friend bool operator==(const PriorityWord&, const PriorityWord&) = default;
};

/// From severity to the vendor's own scale ("P1"), for targets that have one (Event::priority).
struct PriorityPolicy {
    /// Looked up in this order: the sender's word ("page"), then critical, error, warning or info as found by the severity policy,
    /// then the next higher severity that is in the table. So an unknown word never gets a low priority by accident.
    std::vector<PriorityWord> words = {};
    Callable<Text> function = {};  ///< instead of `words`; gives the priority

    /// Empty: the target's own words for severities apply. A view into this policy, or of the function's.
    [[nodiscard]] ALERTMAP_API Text operator()(const SeverityFound& severity, const Subject& subject, Arena& arena) const;

    friend bool operator==(const PriorityPolicy&, const PriorityPolicy&) = default;
};

}  // namespace alertmap
