#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/policies/glob.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// The label and annotation sets of a subject. `own`: the alert's labels; of a group those that all its alerts share.
enum class LabelSet : std::uint8_t { own, common, group, route, annotations, common_annotations };

[[nodiscard]] constexpr std::string_view name(LabelSet set) noexcept {
    switch (set) {
        case LabelSet::own: return "own";
        case LabelSet::common: return "common";
        case LabelSet::group: return "group";
        case LabelSet::route: return "route";
        case LabelSet::annotations: return "annotations";
        case LabelSet::common_annotations: break;
    }
    return "common_annotations";
}

/// A set of a subject.
[[nodiscard]] constexpr Labels labels_of(const Subject& subject, LabelSet set) noexcept {
    switch (set) {
        case LabelSet::own: return subject.labels();
        case LabelSet::common: return subject.group->common_labels;
        case LabelSet::group: return subject.group->group_labels;
        case LabelSet::route: return subject.group->route_labels;
        case LabelSet::annotations: return subject.annotations();
        case LabelSet::common_annotations: break;
    }
    return subject.group->common_annotations;
}

/// Which labels an event carries.
struct LabelsPolicy {
    /// A label that the event carries under another name.
    struct Rename {
        std::string from;
        std::string to;
        friend bool operator==(const Rename&, const Rename&) = default;
    };
    /// A label to add; its value is the first source that is not blank. A static label: `{"region", {literal("eu-1")}}`.
    struct Addition {
        std::string name;
        FieldSources from;
        friend bool operator==(const Addition&, const Addition&) = default;
    };

    std::vector<LabelSet> from = {LabelSet::own};  ///< if a name is in several sets, the first set counts
    std::vector<std::string> include = {};         ///< only names that match one of these globs; empty: all. See matches_glob()
    std::vector<std::string> exclude = {};         ///< not the names that match one of these globs
    std::vector<Rename> rename = {};               ///< after include and exclude
    std::vector<Addition> add = {};                ///< unless the name is already there
    Callable<Labels> function = {};                ///< instead of all of the above

    /// One unchanged set is returned as it is. Otherwise an array in the arena, in the order of the sets and additions (more
    /// than 64 labels: sorted by name), each name once. O(n * globs); with several sets or renames O(n log n) above 64 labels.
    [[nodiscard]] ALERTMAP_API Labels operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const LabelsPolicy&, const LabelsPolicy&) = default;
};

}  // namespace alertmap
