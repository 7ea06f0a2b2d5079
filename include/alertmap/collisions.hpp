#pragma once

#include <string>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/mapper.hpp"

namespace alertmap {

/// Two different alerts of one message with the same external ID. Owns the ID; the pointers are valid as long as the group.
struct Collision {
    std::string external_id;
    const Alert* first = nullptr;  ///< the first alert of the message with that ID
    const Alert* other = nullptr;  ///< a later one with the same ID and another fingerprint
};

/// Finds different alerts of a message that share an external ID: the vendor merges them into one incident, and the first resolve closes it
/// for all. In message order. Empty if the mapper makes one event per group. Allocates; O(n log n) in the number of alerts. Thread-safe.
[[nodiscard]] ALERTMAP_API std::vector<Collision> collisions(const AlertGroup& group, const Mapper& map);
std::vector<Collision> collisions(AlertGroup&& group, const Mapper& map) = delete;  ///< the result refers to the group

}  // namespace alertmap
