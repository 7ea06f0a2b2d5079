#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "alertmap/policies/field_source.hpp"

namespace alertmap {

/// What deduplicates and resolves: the same for a trigger and for its resolve, another one for anything else.
///
/// `fingerprint` is the alert itself, `episode` one burning of it, `group_key` and `group_key_hash` the group (the latter as
/// Alertmanager's PagerDuty and Opsgenie notifiers name it). `label:alertname` merges all alerts of one rule: see collisions().
struct ExternalIdPolicy {
    /// The first that is not blank; with `combine` all of them.
    FieldSources from = {{FieldKind::fingerprint}, {FieldKind::group_key_hash}};

    /// All of `from` as one ID, with a slash between them. A value that is missing leaves its place empty.
    bool combine = false;

    /// Put in front, each with a slash behind it: the cluster (a literal), the receiver. In these, and in all but the last part
    /// of a combination, `/` and `%` become %2F and %25, so that different values never make the same ID.
    FieldSources scope = {};

    /// In bytes; 0: none. A longer ID becomes its SHA-256 (64 hex digits), never a piece of itself: cut IDs collide.
    std::size_t max_length = 255;

    /// Never empty. Where no source has anything: the alert's fingerprint; the group key's SHA-256; for a group without a key a
    /// hash of its group labels, and without those one of its alerts' fingerprints in any order. A view into the group or arena.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const {
        std::string_view id = subject.unlisted ? of_unlisted(*subject.group, arena)
                              : combine        ? combined(from, subject, arena)
                                               : first_of(from, subject, arena);
        if (id.empty()) id = last_resort(subject, arena);
        for (auto part = scope.rbegin(); part != scope.rend(); ++part)
            id = arena.concat({escaped((*part)(subject, arena), arena), "/", id});
        return max_length == 0 || id.size() <= max_length ? id : sha256_hex(id, arena);
    }

    friend bool operator==(const ExternalIdPolicy&, const ExternalIdPolicy&) = default;

 private:
    [[nodiscard]] static std::string_view combined(const FieldSources& sources, const Subject& subject, Arena& arena);
    [[nodiscard]] static std::string_view of_unlisted(const AlertGroup& group, Arena& arena);
    [[nodiscard]] static std::string_view last_resort(const Subject& subject, Arena& arena);
    [[nodiscard]] static std::string_view escaped(std::string_view part, Arena& arena);
};

inline std::string_view ExternalIdPolicy::escaped(std::string_view part, Arena& arena) {
    if (part.find_first_of("/%") == std::string_view::npos) return part;
    char* text = arena.allocate(3 * part.size());
    char* to = text;
    for (char c : part) {
        if (c == '/' || c == '%') {
            *to++ = '%';
            *to++ = '2';
            c = c == '/' ? 'F' : '5';
        }
        *to++ = c;
    }
    return {text, static_cast<std::size_t>(to - text)};
}

inline std::string_view ExternalIdPolicy::combined(const FieldSources& sources, const Subject& subject, Arena& arena) {
    std::string_view* parts = arena.array<std::string_view>(sources.size());
    bool any = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string_view value = sources[i](subject, arena);
        any = any || !detail::is_blank(value);
        parts[i] = i + 1 == sources.size() ? value : escaped(value, arena);
    }
    return any ? detail::join({parts, sources.size()}, "/", arena) : std::string_view{};
}

/// Of the group alone, and never one that an alert or the group has: what resolves the unlisted alerts must not close anything else.
inline std::string_view ExternalIdPolicy::of_unlisted(const AlertGroup& group, Arena& arena) {
    std::string_view id = group.group_key;
    if (id.empty() && !group.group_labels.empty()) id = fingerprint(group.group_labels, arena);
    if (id.empty()) id = arena.concat({group.receiver, "/", group.external_url});
    return arena.concat({sha256_hex(id, arena), "/unlisted"});
}

inline std::string_view ExternalIdPolicy::last_resort(const Subject& subject, Arena& arena) {
    if (subject.alert != nullptr) return fingerprint(*subject.alert, arena);
    const AlertGroup& group = *subject.group;
    if (!group.group_key.empty()) return group_key_hash(group, arena);
    if (!group.group_labels.empty()) return sha256_hex(fingerprint(group.group_labels, arena), arena);
    // Only the same alerts are the same group then: a resolve of others must not close it.
    std::string_view* prints = arena.array<std::string_view>(group.alerts.size());
    for (std::size_t i = 0; i < group.alerts.size(); ++i) prints[i] = fingerprint(group.alerts[i], arena);
    std::sort(prints, prints + group.alerts.size());
    return sha256_hex(detail::join({prints, group.alerts.size()}, "/", arena), arena);
}

}  // namespace alertmap
