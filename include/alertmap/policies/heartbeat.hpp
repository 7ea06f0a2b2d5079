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

/// Is it the dead man's switch, an alert that always fires to show that alerting works? Such an event pings, and never pages.
struct HeartbeatPolicy {
    /// A label and the value that it must have.
    struct Match {
        std::string label;
        std::string value;
        friend bool operator==(const Match&, const Match&) = default;
    };

    /// kube-prometheus calls it Watchdog, the guide of Grafana OnCall heartbeat.
    std::vector<std::string> alertnames = {"Watchdog", "heartbeat"};
    std::vector<Match> labels = {};  ///< any of these labels with that value, too
    Callable<bool> function = {};    ///< instead of all of the above

    /// Names and values are compared byte by byte. A group is one only if all its alerts share the label. Does not allocate.
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
