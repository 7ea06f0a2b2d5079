#include "alertmap/policies/priority.hpp"

#include <string_view>

#include "alertmap/detail/ascii.hpp"

namespace alertmap {

Text PriorityPolicy::operator()(const SeverityFound& severity, const Subject& subject, Arena& arena) const {
    if (function) return function(subject, arena);
    const auto find = [&](std::string_view word) -> const PriorityWord* {
        for (const PriorityWord& known : words) {
            if (detail::is_same_word(word, known.word)) return &known;
        }
        return nullptr;
    };
    if (words.empty()) return {};
    if (const PriorityWord* found = find(severity.word)) return found->priority;
    // From the severity upwards: critical, error, warning, info.
    for (int level = static_cast<int>(severity.severity); level >= 0; --level) {
        if (const PriorityWord* found = find(name(static_cast<Severity>(level)))) return found->priority;
    }
    return {};
}

}  // namespace alertmap
