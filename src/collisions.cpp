#include "alertmap/collisions.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/identity.hpp"

namespace alertmap {

std::vector<Collision> collisions(const AlertGroup& group, const Mapper& map) {
    std::vector<Collision> found;
    if (map.per() == FanOut::per_group) return found;

    struct Identified {
        std::string_view external_id;
        const Alert* alert;
    };
    const ExternalIdPolicy& external_id = map.mapping().external_id;
    Arena arena;
    std::vector<Identified> all;
    all.reserve(group.alerts.size());
    for (const Alert& alert : group.alerts) all.push_back({external_id({&group, &alert}, arena), &alert});
    std::sort(all.begin(), all.end(), [](const Identified& a, const Identified& b) {
        return a.external_id != b.external_id ? a.external_id < b.external_id : a.alert < b.alert;
    });
    const Identified* first = nullptr;
    for (const Identified& one : all) {
        if (first == nullptr || first->external_id != one.external_id) {
            first = &one;
        } else if (fingerprint(*first->alert, arena) != fingerprint(*one.alert, arena)) {
            found.push_back({std::string(one.external_id), first->alert, one.alert});
        }
    }
    std::sort(found.begin(), found.end(), [](const Collision& a, const Collision& b) { return a.other < b.other; });
    return found;
}

}  // namespace alertmap
