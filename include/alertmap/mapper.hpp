#pragma once

#include <memory>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Runs a Mapping: subject in, event out. It is the only way to run one.
///
///     const Mapper map(preset::recommended());
///     for (const Subject subject : subjects(group, map.per())) {
///         const Event event = map(subject, arena);
///     }
///
/// Owns a copy of the mapping, so that a temporary mapping is safe to pass and later changes of the original have no effect.
/// Immutable. A copy (also a moved one) shares the state of the original, and events stay valid as long as any of the copies.
/// Safe to call from several threads at once, each with its own Arena.
class Mapper {
 public:
    /// Prepares the mapping. Allocates; do it once, not per message.
    ALERTMAP_API explicit Mapper(Mapping mapping);

    // No move: there is no Mapper without a state.
    Mapper(const Mapper&) = default;
    Mapper& operator=(const Mapper&) = default;

    /// The event of one subject. Its strings are views: into the group, the arena or this Mapper. Always has a summary and an
    /// external ID. Does not allocate once the arena has seen as large a message. O(labels + annotations) for an alert, and
    /// O(alerts) of the same for a group.
    [[nodiscard]] ALERTMAP_API Event operator()(const Subject& subject, Arena& arena) const&;
    Event operator()(const Subject& subject, Arena& arena) const&& = delete;  ///< the event would refer to a destroyed Mapper

    /// The configuration that it runs.
    [[nodiscard]] ALERTMAP_API const Mapping& mapping() const& noexcept;
    const Mapping& mapping() const&& = delete;

    /// For subjects(): which events a group becomes.
    [[nodiscard]] FanOut per() const noexcept { return mapping().per; }

 private:
    [[nodiscard]] Event listed_event(const Subject& subject, Arena& arena) const;
    [[nodiscard]] Event redacted_event(const Subject& subject, Arena& arena) const;
    [[nodiscard]] Event unlisted_event(const Subject& subject, Arena& arena) const;

    struct State;
    std::shared_ptr<const State> state_;
};

}  // namespace alertmap
