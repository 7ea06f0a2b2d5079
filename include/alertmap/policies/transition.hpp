#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/event.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/status.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// Result of a TransitionPolicy; the reason has static storage.
struct Decision {
    Transition transition = Transition::trigger;
    Text reason = {};  ///< for ignore; empty otherwise
    bool page = true;  ///< see Event::page

    friend bool operator==(const Decision&, const Decision&) = default;
};

/// Decides whether an event triggers, resolves or is ignored.
///
/// An alert is decided by its own status only. A group triggers while a listed alert is firing, and resolves only if fully_resolved(): if
/// alerts were truncated or unreadable, it may still be firing, so the result is ignore. Unlisted alerts trigger while there may be any
/// (see has_unlisted_alerts()), and resolve with the first complete message. A resolve that identifies no group (no key, no labels, no
/// alerts) is ignored. Does not allocate; thread-safe.
struct TransitionPolicy {
    /// What determines that an alert or a group is resolved.
    enum class By : std::uint8_t {
        status,   ///< each alert's status
        ends_at,  ///< an alert with an endsAt is resolved; not for Alertmanager < 0.15.3, which sends future times for firing alerts
    };
    By by = By::status;

    /// Name of an unknown member, annotation or label that overrides the decision with one of these values (case-insensitive): `open`
    /// (opens without paging), `triggered`, `resolved`, `acknowledged`. Looked up in the alert's unknown members, annotations and labels,
    /// then in the group's. Other values are ignored.
    /// Source: docs.rootly.com, integrations/alertmanager (rootly_alert_status).
    std::string override_key = {};

    Callable<Decision> function = {};  ///< replaces all of the above

    /// The decision for a subject. `arena` is only used by `function`.
    [[nodiscard]] Decision operator()(const Subject& subject, Arena& arena) const {
        if (function) return function(subject, arena);
        if (subject.unlisted) return of_unlisted(*subject.group);
        if (!override_key.empty()) {
            if (const std::optional<Decision> overridden = find_override(subject)) return *overridden;
        }
        if (subject.alert != nullptr) return {status(*subject.alert) == Status::resolved ? Transition::resolve : Transition::trigger};
        return of_group(*subject.group);
    }

    /// The status of an alert according to `by`, without the override.
    [[nodiscard]] Status status(const Alert& alert) const noexcept {
        return by == By::status ? alert.status : alert.ends_at.is_set ? Status::resolved : Status::firing;
    }

    friend bool operator==(const TransitionPolicy&, const TransitionPolicy&) = default;

 private:
    [[nodiscard]] Decision of_group(const AlertGroup& group) const;
    [[nodiscard]] static Decision of_unlisted(const AlertGroup& group);
    [[nodiscard]] std::optional<Decision> find_override(const Subject& subject) const;
};

[[nodiscard]] constexpr std::string_view name(TransitionPolicy::By by) noexcept {
    return by == TransitionPolicy::By::status ? "status" : "ends_at";
}

namespace detail {

constexpr std::optional<Decision> override_word(std::string_view word) noexcept {
    word = trim(word);
    if (is_same_word(word, "open")) return Decision{Transition::trigger, {}, false};
    for (std::string_view known : {"triggered", "trigger", "firing"}) {
        if (is_same_word(word, known)) return Decision{Transition::trigger};
    }
    for (std::string_view known : {"resolved", "resolve"}) {
        if (is_same_word(word, known)) return Decision{Transition::resolve};
    }
    for (std::string_view known : {"acknowledged", "acknowledge"}) {
        if (is_same_word(word, known)) return Decision{Transition::acknowledge};
    }
    return std::nullopt;
}

/// The reason for ignoring a resolve: the message does not list all alerts.
constexpr Decision resolve_of_unlisted_alerts(const AlertGroup& group) noexcept {
    if (!cut_off_alerts_are_resolved(group)) {
        return {Transition::ignore, "says resolved, but alerts that max_alerts cut off may still fire"};
    }
    return {Transition::ignore, "says resolved, but alerts that could not be read may still fire"};
}

/// Without these, groups of all senders would have the same external ID.
constexpr bool is_nameless(const AlertGroup& group) noexcept {
    return group.group_key.empty() && group.group_labels.empty() && group.common_labels.empty() && group.alerts.empty();
}

inline constexpr Decision resolve_of_nameless_group = {Transition::ignore, "says resolved, but not which group"};

}  // namespace detail

inline Decision TransitionPolicy::of_group(const AlertGroup& group) const {
    bool all_resolved = true;
    for (const Alert& alert : group.alerts) all_resolved = all_resolved && status(alert) == Status::resolved;
    if (!all_resolved) return {Transition::trigger};

    const bool says_resolved = by == By::ends_at ? !group.alerts.empty() : group.status == Status::resolved;
    if (!cut_off_alerts_are_resolved(group) || group.incomplete) {
        // A firing message that lists no firing alert is still a trigger: it is about unlisted alerts.
        return says_resolved ? detail::resolve_of_unlisted_alerts(group) : Decision{Transition::trigger};
    }
    if (says_resolved) return detail::is_nameless(group) ? detail::resolve_of_nameless_group : Decision{Transition::resolve};
    if (group.alerts.empty()) return {Transition::trigger};
    return {Transition::ignore, "says firing, but all its alerts are resolved"};
}

inline Decision TransitionPolicy::of_unlisted(const AlertGroup& group) {
    if (!has_unlisted_alerts(group)) return detail::is_nameless(group) ? detail::resolve_of_nameless_group : Decision{Transition::resolve};
    return group.status == Status::resolved ? detail::resolve_of_unlisted_alerts(group) : Decision{Transition::trigger};
}

inline std::optional<Decision> TransitionPolicy::find_override(const Subject& subject) const {
    const auto look = [&](const ExtraMembers& extra, Labels annotations, Labels labels) {
        for (std::string_view word : {extra.text(override_key), annotations.get(override_key), labels.get(override_key)}) {
            if (word.empty()) continue;
            if (const std::optional<Decision> found = detail::override_word(word)) return found;
        }
        return std::optional<Decision>{};
    };
    const AlertGroup& group = *subject.group;
    if (subject.alert != nullptr) {
        if (const auto found = look(subject.alert->extra, subject.alert->annotations, subject.alert->labels)) return found;
    }
    return look(group.extra, group.common_annotations, group.common_labels);
}

}  // namespace alertmap
