#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// Computes the external ID (deduplication key) of an event: equal for a trigger and its resolve, different for different incidents.
/// Thread-safe.
///
/// Sources: `fingerprint` identifies the alert, `episode` one firing period of it, `group_key` and `group_key_hash` the group (the hash as
/// in Alertmanager's PagerDuty and Opsgenie notifiers). `label("alertname")` merges all alerts of a rule: see collisions().
struct ExternalIdPolicy {
    /// The first source with a non-blank value is used; with `combine` all sources.
    FieldSources from = default_sources();

    /// Joins the values of all sources with slashes; a missing value is an empty part.
    bool combine = false;

    /// Prefixes, each followed by a slash, e.g. the cluster (a literal) or the receiver. In prefixes, and in all parts of a combination but
    /// the last, `/` and `%` are escaped as %2F and %25, so that different values never give equal IDs.
    FieldSources scope = {};

    /// In bytes; 0: unlimited. A longer ID is replaced with its SHA-256 (64 hex digits): truncated IDs would collide.
    std::size_t max_length = 255;

    Callable<Text> function = {};  ///< replaces `from` and `combine`; not called for unlisted alerts

    /// Never empty. Fallbacks: an alert's fingerprint; for a group the SHA-256 of its key, else a hash of its group labels, else a hash of
    /// its alerts' fingerprints that does not depend on their order. Unlisted alerts get a separate ID, made from the group's key (else its
    /// labels, else its receiver), so that their resolve closes no other incident. The result views the group, the arena or this policy.
    /// Allocates from the arena only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const ExternalIdPolicy&, const ExternalIdPolicy&) = default;

 private:
    [[nodiscard]] static ALERTMAP_API FieldSources default_sources();
};

}  // namespace alertmap
