#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// Bodies as Alertmanager sends them: Kubernetes-like alerts in Go's format (sorted keys, no white space, < > & as \u00XX, member order of
// Alertmanager's template.Data). Reproducible by seed.
namespace bench {

struct Shape {
    std::size_t alerts = 1;
    unsigned escapes = 5;  ///< percentage of annotations with an escape (label values: half of it); 0: no string of the body has one
    std::uint64_t seed = 1;
};

[[nodiscard]] std::string generate(const Shape& shape);

/// Number of different bodies for a measurement, so that the branch predictor cannot learn them.
[[nodiscard]] constexpr std::size_t bodies_of(std::size_t alerts) {
    return alerts <= 1 ? 256 : alerts <= 10 ? 64 : alerts <= 100 ? 16 : alerts <= 1000 ? 2 : 1;
}

[[nodiscard]] std::vector<std::string> generate_set(std::size_t alerts, unsigned escapes);

/// A body that is expensive to parse. `name` is one of hostile_names.
[[nodiscard]] std::string generate_hostile(const std::string& name);

inline constexpr const char* hostile_names[] = {"deep_nesting", "deep_nesting_skipped", "million_labels", "million_alerts",
                                                "full_sets",    "only_escapes",         "only_u_escapes", "duplicate_keys",
                                                "unknown_keys", "numbers_as_text"};

}  // namespace bench
