#pragma once

#include <cstddef>

#include "alertmap/alert_group.hpp"
#include "alertmap/status.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/timestamp.hpp"

// Counts and times of a subject: one alert, or all alerts of a group.
namespace alertmap::detail {

constexpr bool is_earlier(const Timestamp& a, const Timestamp& b) noexcept {
    return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

struct AlertCounts {
    std::size_t firing = 0;
    std::size_t resolved = 0;
    Timestamp starts_at;  ///< the earliest of the firing alerts; of all alerts if none is firing
    Timestamp ends_at;    ///< the latest; unset if no alert has an end
};

constexpr AlertCounts count_alerts(const Alert& alert) noexcept {
    const bool resolved = alert.status == Status::resolved;
    return {resolved ? 0u : 1u, resolved ? 1u : 0u, alert.starts_at, alert.ends_at};
}

constexpr AlertCounts count_alerts(const AlertGroup& group) noexcept {
    AlertCounts all;
    Timestamp any_start;
    const auto keep_earliest = [](Timestamp& earliest, const Timestamp& time) {
        if (time && (!earliest || is_earlier(time, earliest))) earliest = time;
    };
    for (const Alert& alert : group.alerts) {
        (alert.status == Status::resolved ? all.resolved : all.firing) += 1;
        keep_earliest(any_start, alert.starts_at);
        if (alert.status == Status::firing) keep_earliest(all.starts_at, alert.starts_at);
        if (alert.ends_at && (!all.ends_at || is_earlier(all.ends_at, alert.ends_at))) all.ends_at = alert.ends_at;
    }
    if (all.firing == 0) all.starts_at = any_start;
    return all;
}

constexpr AlertCounts count_alerts(const Subject& subject) noexcept {
    return subject.alert != nullptr ? count_alerts(*subject.alert) : count_alerts(*subject.group);
}

/// The alert itself; for a group its first firing alert, else its first alert; null for a group without alerts.
constexpr const Alert* leading_alert(const Subject& subject) noexcept {
    if (subject.alert != nullptr || subject.group->alerts.empty()) return subject.alert;
    for (const Alert& alert : subject.group->alerts) {
        if (alert.status == Status::firing) return &alert;
    }
    return &subject.group->alerts.front();
}

}  // namespace alertmap::detail
