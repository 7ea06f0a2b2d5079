#pragma once

#include <cstddef>

#include "alertmap/subject.hpp"

// What a subject adds up to: of an alert its own, of a group that of its alerts.
namespace alertmap::detail {

constexpr bool earlier(const Timestamp& a, const Timestamp& b) noexcept {
    return a.seconds != b.seconds ? a.seconds < b.seconds : a.nanoseconds < b.nanoseconds;
}

struct Facts {
    std::size_t firing = 0;
    std::size_t resolved = 0;
    Timestamp starts_at;  ///< the earliest of the firing alerts; of all, where none fires
    Timestamp ends_at;    ///< the latest
};

constexpr Facts facts(const Alert& alert) noexcept {
    const bool resolved = alert.status == Status::resolved;
    return {resolved ? 0u : 1u, resolved ? 1u : 0u, alert.starts_at, alert.ends_at};
}

constexpr Facts facts(const AlertGroup& group) noexcept {
    Facts all;
    Timestamp any_start;
    const auto keep_earliest = [](Timestamp& earliest, const Timestamp& time) {
        if (time && (!earliest || earlier(time, earliest))) earliest = time;
    };
    for (const Alert& alert : group.alerts) {
        (alert.status == Status::resolved ? all.resolved : all.firing) += 1;
        keep_earliest(any_start, alert.starts_at);
        if (alert.status == Status::firing) keep_earliest(all.starts_at, alert.starts_at);
        if (alert.ends_at && (!all.ends_at || earlier(all.ends_at, alert.ends_at))) all.ends_at = alert.ends_at;
    }
    if (all.firing == 0) all.starts_at = any_start;
    return all;
}

constexpr Facts facts(const Subject& subject) noexcept { return subject.alert != nullptr ? facts(*subject.alert) : facts(*subject.group); }

/// The alert itself; of a group its first firing alert, else its first. Null: a group without alerts.
constexpr const Alert* leading_alert(const Subject& subject) noexcept {
    if (subject.alert != nullptr || subject.group->alerts.empty()) return subject.alert;
    for (const Alert& alert : subject.group->alerts) {
        if (alert.status == Status::firing) return &alert;
    }
    return &subject.group->alerts.front();
}

}  // namespace alertmap::detail
