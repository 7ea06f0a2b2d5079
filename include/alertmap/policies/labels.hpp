#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/policies/field_source.hpp"

namespace alertmap {

/// The sets that a subject has. `own`: the alert's labels; of a group those that all its alerts share.
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

/// Which names and values go along with the event.
struct LabelsPolicy {
    struct Rename {
        std::string from;
        std::string to;
        friend bool operator==(const Rename&, const Rename&) = default;
    };
    /// One more label: the first source that is not blank.
    struct Addition {
        std::string name;
        FieldSources from;
        friend bool operator==(const Addition&, const Addition&) = default;
    };

    std::vector<LabelSet> from = {LabelSet::own};  ///< of a name that stands in several sets the first counts
    std::vector<std::string> include = {};         ///< only these names of the sets; empty: all
    std::vector<std::string> exclude = {};         ///< not these
    std::vector<Rename> rename = {};               ///< after include and exclude
    std::vector<Addition> add = {};                ///< unless the name is there already
    Callable<Labels> function = {};                ///< instead of all of the above

    /// One set as it is: the same view, no copy. Otherwise an array in the arena, in the order of the sets and additions (more
    /// than 64 labels: by name). A name stands once.
    [[nodiscard]] Labels operator()(const Subject& subject, Arena& arena) const {
        if (function) return function(subject, arena);
        if (from.size() == 1 && include.empty() && exclude.empty() && rename.empty() && add.empty()) return labels_of(subject, from[0]);
        return select(subject, arena);
    }

    friend bool operator==(const LabelsPolicy&, const LabelsPolicy&) = default;

 private:
    [[nodiscard]] Labels select(const Subject& subject, Arena& arena) const;
    [[nodiscard]] bool selects(std::string_view name) const {
        if (!include.empty() && std::find(include.begin(), include.end(), name) == include.end()) return false;
        return std::find(exclude.begin(), exclude.end(), name) == exclude.end();
    }
    [[nodiscard]] std::string_view renamed(std::string_view name) const {
        const auto found = std::find_if(rename.begin(), rename.end(), [&](const Rename& entry) { return entry.from == name; });
        return found != rename.end() ? std::string_view(found->to) : name;
    }
};

namespace detail {

/// Drops all but the first label of a name; returns how many are left.
inline std::size_t unique_names(Label* labels, std::size_t count, Arena& arena) {
    constexpr std::size_t few = 64;
    if (count <= few) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (Labels(labels, kept).find(labels[i].name) == nullptr) labels[kept++] = labels[i];
        }
        return kept;
    }
    // Many: sorted, since comparing each with each would let one large body take minutes.
    struct Numbered {
        Label label;
        std::size_t number;
    };
    Numbered* sorted = arena.array<Numbered>(count);
    for (std::size_t i = 0; i < count; ++i) sorted[i] = {labels[i], i};
    std::sort(sorted, sorted + count, [](const Numbered& a, const Numbered& b) {
        return a.label.name != b.label.name ? a.label.name < b.label.name : a.number < b.number;
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (kept == 0 || labels[kept - 1].name != sorted[i].label.name) labels[kept++] = sorted[i].label;
    }
    return kept;
}

}  // namespace detail

inline Labels LabelsPolicy::select(const Subject& subject, Arena& arena) const {
    std::size_t most = add.size();
    for (LabelSet set : from) most += labels_of(subject, set).size();
    Label* labels = arena.array<Label>(most);
    std::size_t count = 0;
    for (LabelSet set : from) {
        for (const Label& label : labels_of(subject, set)) {
            if (selects(label.name)) labels[count++] = {renamed(label.name), label.value};
        }
    }
    if (from.size() > 1 || !rename.empty()) count = detail::unique_names(labels, count, arena);
    for (const Addition& addition : add) {
        if (Labels(labels, count).find(addition.name) != nullptr) continue;
        const std::string_view value = first_of(addition.from, subject, arena);
        if (!value.empty()) labels[count++] = {addition.name, value};
    }
    return {labels, count};
}

}  // namespace alertmap
