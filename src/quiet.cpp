#include "alertmap/policies/quiet.hpp"

#include <algorithm>

#include "alertmap/labels.hpp"
#include "alertmap/policies/glob.hpp"

namespace alertmap {

bool QuietPolicy::operator()(const Subject& subject, Arena& arena) const {
    if (function) return function(subject, arena);
    const auto matches = [&](const LabelCondition& condition) {
        const Label* label = subject.labels().find(condition.label);
        return label != nullptr && matches_any_glob(label->value, condition.values);
    };
    return std::any_of(rules.begin(), rules.end(),
                       [&](const Rule& rule) { return !rule.empty() && std::all_of(rule.begin(), rule.end(), matches); });
}

}  // namespace alertmap
