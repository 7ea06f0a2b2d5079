#pragma once

#include <optional>

#include "alertmap/subject.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap {

/// Which events a message becomes for a target: the one place where what was asked for meets what suits the target.
///
/// - `chosen`, if somebody said so: `--per` of convert, "per" of a mapping file or preset that was named, your own code.
/// - Otherwise one event for each alert, of which a pager makes one incident each; and one for the group for a chat
///   (TargetTraits::per_group), where an alert a message is a flood. Its description lists the alerts, those that fire first, and says how
///   many more there are.
///
///     for (Subject subject : subjects(group, fan_out_for(target.traits()))) ...
///
/// Pure; safe to call from any thread.
[[nodiscard]] constexpr FanOut fan_out_for(const TargetTraits& traits, std::optional<FanOut> chosen = {}) noexcept {
    if (chosen) return *chosen;
    return traits.per_group ? FanOut::per_group : FanOut::per_alert_and_unlisted;
}

}  // namespace alertmap
