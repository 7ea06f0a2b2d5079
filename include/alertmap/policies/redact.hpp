#pragma once

#include <string>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Removes the values of sensitive labels and annotations from events. Thread-safe.
struct RedactPolicy {
    std::vector<std::string> names = {};  ///< globs for names of labels and annotations, see matches_glob()
    std::string text = "[redacted]";      ///< replacement for a value

    /// Replaces the values in all texts and labels of the event, regardless of their source, as a rule's template may have copied a label
    /// into the description. A value shorter than 4 bytes is replaced only as a whole word. A URL that contains a value, also
    /// percent-encoded, is removed. An external ID or group key that contains one is replaced with its SHA-256, so that trigger and resolve
    /// still match. `subject` is the event's subject. New texts are in the arena. O(texts * values).
    ALERTMAP_API void operator()(Event& event, const Subject& subject, Arena& arena) const;

    friend bool operator==(const RedactPolicy&, const RedactPolicy&) = default;
};

struct Mapping;

/// A redacted group for a forward: labels filtered by labels.include and labels.exclude, and `redact` applied to labels, annotations, URLs,
/// unknown members and the group key. Fingerprints are those of the unfiltered alerts. The result is a view, valid as long as the group,
/// the mapping and the arena. O(labels * globs + texts * values). Thread-safe.
[[nodiscard]] ALERTMAP_API AlertGroup filtered(const AlertGroup& group, const Mapping& mapping, Arena& arena);

}  // namespace alertmap
