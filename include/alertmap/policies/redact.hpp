#pragma once

#include <string>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Labels and annotations whose values must not leave.
struct RedactPolicy {
    std::vector<std::string> names = {};  ///< globs for names of labels and annotations; see matches_glob()
    std::string text = "[redacted]";      ///< what replaces a value

    /// Replaces the values in all texts and labels of the event, wherever they came from: a rule's template may have put a label's
    /// value into the description. A value of fewer than 4 bytes is replaced only as a whole word. A URL that contains a value (also
    /// percent-encoded) is removed. An external ID or group key that contains one is replaced by its SHA-256, so that trigger and
    /// resolve still agree. `subject` is the one that the event was made of. New texts are in the arena. O(texts * values).
    ALERTMAP_API void operator()(Event& event, const Subject& subject, Arena& arena) const;

    friend bool operator==(const RedactPolicy&, const RedactPolicy&) = default;
};

struct Mapping;

/// The group as a forward may hand it on: labels filtered by labels.include and labels.exclude, and `redact` applied to labels,
/// annotations, URLs, extra members and the group key. Fingerprints stay those of the unfiltered alerts. The result and its alerts
/// are views into the group, the mapping and the arena. O(labels * globs + texts * values).
[[nodiscard]] ALERTMAP_API AlertGroup filtered(const AlertGroup& group, const Mapping& mapping, Arena& arena);

}  // namespace alertmap
