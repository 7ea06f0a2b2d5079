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

/// A severity word (case-insensitive) and the vendor's priority for it.
struct PriorityWord {
    std::string word;
    std::string priority;

    friend bool operator==(const PriorityWord&, const PriorityWord&) = default;
};

/// Maps severities to the vendor's own priorities ("P1"), for targets that have them (Event::priority). Thread-safe.
struct PriorityPolicy {
    /// Lookup order: the sender's word ("page"); then critical, error, warning or info from the severity policy; then the next higher
    /// severity in the table. An unknown word therefore never gets a low priority by accident.
    std::vector<PriorityWord> words = {};
    Callable<Text> function = {};  ///< replaces `words`; returns the priority

    /// Empty: the target derives the priority from the severity. A view into this policy, or the function's result. Does not allocate.
    [[nodiscard]] ALERTMAP_API Text operator()(const SeverityFound& severity, const Subject& subject, Arena& arena) const;

    friend bool operator==(const PriorityPolicy&, const PriorityPolicy&) = default;
};

}  // namespace alertmap
