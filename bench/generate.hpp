#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Bodies as Alertmanager sends them: Kubernetes-like alerts in Go's byte style (sorted keys, no white space, < > & as \u00XX,
// the field order of Alertmanager's template.Data). The same seed gives the same bytes everywhere.
namespace bench {

struct Shape {
    std::size_t alerts = 1;
    unsigned escapes = 5;  ///< how many of 100 annotations hold an escape (label values: half as many); 0: no string of the body does
    std::uint64_t seed = 1;
};

[[nodiscard]] std::string generate(const Shape& shape);

/// How many different bodies of that many alerts a measurement runs over, so that the branch predictor learns none by heart.
[[nodiscard]] constexpr std::size_t bodies_of(std::size_t alerts) {
    return alerts <= 1 ? 256 : alerts <= 10 ? 64 : alerts <= 100 ? 16 : alerts <= 1000 ? 2 : 1;
}

[[nodiscard]] std::vector<std::string> generate_set(std::size_t alerts, unsigned escapes);

/// A body that wants to be slow. `name` is one of hostile_names.
[[nodiscard]] std::string generate_hostile(const std::string& name);

inline constexpr const char* hostile_names[] = {"deep_nesting", "deep_nesting_skipped", "million_labels", "million_alerts",
                                                "full_sets",    "only_escapes",         "only_u_escapes", "duplicate_keys",
                                                "unknown_keys", "numbers_as_text"};

}  // namespace bench
