#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Detects the dead man's switch, an alert that always fires to prove that alerting works. Its events ping and never page. Thread-safe.
struct HeartbeatPolicy {
    /// A label with the value that it must have.
    struct Match {
        std::string label;
        std::string value;
        friend bool operator==(const Match&, const Match&) = default;
    };

    /// The names in kube-prometheus and in Grafana OnCall's guide.
    std::vector<std::string> alertnames = {"Watchdog", "heartbeat"};
    std::vector<Match> labels = {};  ///< a match of any of these labels is a heartbeat, too
    Callable<bool> function = {};    ///< replaces all of the above

    /// Compares names and values byte by byte. A group is a heartbeat only if all its alerts share the label. Does not allocate.
    [[nodiscard]] bool operator()(const Subject& subject, Arena& arena) const {
        if (function) return function(subject, arena);
        if (!alertnames.empty()) {
            const std::string_view alertname = subject.labels().get("alertname");
            for (const std::string& name : alertnames) {
                if (alertname == name && !name.empty()) return true;
            }
        }
        for (const Match& match : labels) {
            const Label* label = subject.labels().find(match.label);
            if (label != nullptr && label->value == match.value) return true;
        }
        return false;
    }

    friend bool operator==(const HeartbeatPolicy&, const HeartbeatPolicy&) = default;
};

}  // namespace alertmap
