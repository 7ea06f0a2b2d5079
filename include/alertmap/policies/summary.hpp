#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/policies/field_source.hpp"

namespace alertmap {

/// The one-line title. A policy: `operator()` gives a view into the group, the arena or this; valid as long as those.
struct SummaryPolicy {
    /// The first that is not blank wins.
    FieldSources from = {{FieldKind::annotation, "summary"}, {FieldKind::annotation, "title"}, {FieldKind::label, "alertname"}};

    /// One line (line breaks become spaces). Never empty: where no source has anything it is alertmanager_subject().
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const {
        const std::string_view found = first_of(from, subject, arena);
        return detail::one_line(!found.empty() ? found : alertmanager_subject(subject, arena), arena);
    }

    friend bool operator==(const SummaryPolicy&, const SummaryPolicy&) = default;
};

/// What else there is to say, in as many lines as it takes.
struct DescriptionPolicy {
    /// The first that is not blank wins.
    FieldSources from = {{FieldKind::annotation, "description"}, {FieldKind::annotation, "message"}};

    /// Of a group with several alerts (those that were cut off count): one line for each that fires (for each, if none fires), from the
    /// first of these that is not blank. Empty: no such list.
    FieldSources lines = default_lines();
    std::size_t max_lines = 20;  ///< what is left out is counted in the last line: "and 3 more"

    /// Empty where nothing has anything to say.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const {
        const AlertGroup& group = *subject.group;
        if (subject.alert == nullptr && (group.alerts.size() > 1 || group.truncated_alerts != 0)) {
            const std::string_view text = list(group, arena);
            if (!text.empty()) return text;
        }
        return first_of(from, subject, arena);
    }

    friend bool operator==(const DescriptionPolicy&, const DescriptionPolicy&) = default;

 private:
    [[nodiscard]] static FieldSources default_lines();
    [[nodiscard]] std::string_view list(const AlertGroup& group, Arena& arena) const;
};

inline FieldSources DescriptionPolicy::default_lines() {
    return {*TextTemplate::parse(ready_texts[2].text),
            {FieldKind::annotation, "summary"},
            {FieldKind::annotation, "description"},
            {FieldKind::annotation, "message"},
            {FieldKind::label, "alertname"}};
}

inline std::string_view DescriptionPolicy::list(const AlertGroup& group, Arena& arena) const {
    if (lines.empty()) return {};
    const bool any_fires = !firing(group).empty();
    std::string_view* texts = arena.array<std::string_view>(std::min(max_lines, group.alerts.size()) + 1);
    std::size_t count = 0;
    std::uint64_t left_out = group.truncated_alerts;
    for (const Alert& alert : group.alerts) {
        if (any_fires && alert.status != Status::firing) continue;
        const std::string_view line = count < max_lines ? first_of(lines, {&group, &alert}, arena) : std::string_view{};
        if (line.empty()) {
            ++left_out;
        } else {
            texts[count++] = detail::one_line(line, arena);
        }
    }
    if (count == 0) return {};
    if (left_out != 0) texts[count++] = arena.concat({"and ", detail::count_text(left_out, arena), " more"});
    return detail::join({texts, count}, "\n", arena);
}

}  // namespace alertmap
