#pragma once

#include <optional>

#include "alertmap/subject.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap {

/// Chooses which events a message becomes: `chosen` if set (--per of convert, "per" of a mapping file or named preset, or code), else the
/// target's default. The default is one event per alert for pagers, which open an incident for each, and one per group for chats
/// (TargetTraits::per_group), to avoid a message per alert. A group's description lists its alerts, firing ones first, and the number of
/// omitted ones.
///
///     for (Subject subject : subjects(group, fan_out_for(target.traits()))) ...
///
/// Pure and thread-safe; allocates nothing.
[[nodiscard]] constexpr FanOut fan_out_for(const TargetTraits& traits, std::optional<FanOut> chosen = {}) noexcept {
    if (chosen) return *chosen;
    return traits.per_group ? FanOut::per_group : FanOut::per_alert_and_unlisted;
}

}  // namespace alertmap
