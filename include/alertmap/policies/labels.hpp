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

/// Label and annotation sets of a subject. `own`: the alert's labels, or the group's common labels.
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

/// The selected set of a subject. Valid as long as the group.
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

/// Selects, renames and adds the labels of an event. Thread-safe.
struct LabelsPolicy {
    /// Renames a label.
    struct Rename {
        std::string from;
        std::string to;
        friend bool operator==(const Rename&, const Rename&) = default;
    };
    /// Adds a label with the value of the first non-blank source. A static label: `{"region", {literal("eu-1")}}`.
    struct Addition {
        std::string name;
        FieldSources from;
        friend bool operator==(const Addition&, const Addition&) = default;
    };

    std::vector<LabelSet> from = {LabelSet::own};  ///< for a name in several sets, the first set is used
    std::vector<std::string> include = {};         ///< keep only names that match one of these globs; empty: all. See matches_glob()
    std::vector<std::string> exclude = {};         ///< drop names that match one of these globs
    std::vector<Rename> rename = {};               ///< applied after include and exclude
    std::vector<Addition> add = {};                ///< added unless the name already exists
    Callable<Labels> function = {};                ///< replaces all of the above

    /// Returns a single unchanged set as is; otherwise an array in the arena with unique names, in the order of sets and additions (above
    /// 64 labels: sorted by name). O(n * globs); with several sets or renames O(n log n) above 64 labels.
    [[nodiscard]] ALERTMAP_API Labels operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const LabelsPolicy&, const LabelsPolicy&) = default;
};

}  // namespace alertmap
