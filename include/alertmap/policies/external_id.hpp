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

/// The external ID (dedup key) of an event: equal for a trigger and its resolve, different for different incidents.
///
/// `fingerprint` identifies the alert, `episode` one firing of it, `group_key` and `group_key_hash` the group (the latter as
/// Alertmanager's PagerDuty and Opsgenie notifiers compute it). `label("alertname")` merges all alerts of one rule: see collisions().
struct ExternalIdPolicy {
    /// The first source that is not blank; with `combine` all of them.
    FieldSources from = default_sources();

    /// Joins all of `from` with slashes. A missing value is an empty part.
    bool combine = false;

    /// Prefixes, each followed by a slash: the cluster (a literal), the receiver. In prefixes, and in all but the last part of a
    /// combination, `/` and `%` are written as %2F and %25, so that different values never make equal IDs.
    FieldSources scope = {};

    /// In bytes; 0: unlimited. A longer ID is replaced by its SHA-256 (64 hex digits). It is not cut: cut IDs collide.
    std::size_t max_length = 255;

    Callable<Text> function = {};  ///< instead of `from` and `combine`; not asked for the unlisted alerts

    /// Never empty. If no source has a value: the alert's fingerprint; of a group the SHA-256 of its key, else a hash of its group
    /// labels, else one of its alerts' fingerprints in any order. The unlisted alerts of a group have an ID of their own, made from
    /// its key (or its labels, or its receiver) alone, so that their resolve closes nothing else. A view into the group, the arena or this
    /// policy.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const ExternalIdPolicy&, const ExternalIdPolicy&) = default;

 private:
    [[nodiscard]] static ALERTMAP_API FieldSources default_sources();
};

}  // namespace alertmap
