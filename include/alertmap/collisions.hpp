#pragma once

#include <string>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/mapper.hpp"

namespace alertmap {

/// Two different alerts of one message that get the same external ID. Owns the ID; the alerts belong to the group.
struct Collision {
    std::string external_id;
    const Alert* first = nullptr;  ///< the first alert of the message with that ID
    const Alert* other = nullptr;  ///< a later one with the same ID and another fingerprint
};

/// The alerts of a message that would be opened as one incident, which the first to resolve closes for all. In the order of the
/// message. Empty for a mapper per group. Allocates; O(n log n) in the number of alerts.
[[nodiscard]] ALERTMAP_API std::vector<Collision> collisions(const AlertGroup& group, const Mapper& map);
std::vector<Collision> collisions(AlertGroup&& group, const Mapper& map) = delete;  ///< the result refers to the group

}  // namespace alertmap
