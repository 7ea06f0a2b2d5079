#pragma once

#include <memory>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Runs a Mapping: turns a subject into an event.
///
///     const Mapper map(preset::recommended());
///     for (const Subject subject : subjects(group, map.per())) {
///         const Event event = map(subject, arena);
///     }
///
/// Owns a copy of the mapping: it can be made from a temporary, and later changes to the original have no effect. Immutable. Copies and
/// moves share the state, so events stay valid as long as any copy exists. Thread-safe; each thread needs its own Arena.
class Mapper {
 public:
    /// Prepares the mapping. Allocates; do it once, not per message.
    ALERTMAP_API explicit Mapper(Mapping mapping);

    // Not movable (moves copy): a Mapper always has a state.
    Mapper(const Mapper&) = default;
    Mapper& operator=(const Mapper&) = default;

    /// Maps one subject. The event's strings are views into the group, the arena or this Mapper. Summary and external ID are never empty.
    /// Allocates from the arena only. O(labels + annotations) for an alert; for a group, the sum over its alerts.
    [[nodiscard]] ALERTMAP_API Event operator()(const Subject& subject, Arena& arena) const&;
    Event operator()(const Subject& subject, Arena& arena) const&& = delete;  ///< the event would view a destroyed Mapper

    /// The configuration. Valid as long as this Mapper.
    [[nodiscard]] ALERTMAP_API const Mapping& mapping() const& noexcept;
    const Mapping& mapping() const&& = delete;

    /// Which events a group becomes; for subjects().
    [[nodiscard]] FanOut per() const noexcept { return mapping().per; }

 private:
    [[nodiscard]] Event listed_event(const Subject& subject, Arena& arena) const;
    [[nodiscard]] Event redacted_event(const Subject& subject, Arena& arena) const;
    [[nodiscard]] Event unlisted_event(const Subject& subject, Arena& arena) const;

    struct State;
    std::shared_ptr<const State> state_;
};

}  // namespace alertmap
