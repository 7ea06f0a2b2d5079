#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/event.hpp"
#include "alertmap/policies/external_id.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/policies/heartbeat.hpp"
#include "alertmap/policies/labels.hpp"
#include "alertmap/policies/location.hpp"
#include "alertmap/policies/notify.hpp"
#include "alertmap/policies/severity.hpp"
#include "alertmap/policies/summary.hpp"
#include "alertmap/policies/transition.hpp"
#include "alertmap/policies/url.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// How subjects become events: one policy for each question, each a plain value to be set, replaced or called by itself. Default
/// constructed it is recommended(). Safe to share between threads; owns its configuration, not what it maps.
///
///     Mapping mapping = rootly();
///     mapping.external_id.from = {FieldKind::fingerprint};
///     for (Subject subject : subjects(group, mapping.per)) {
///         const Event event = mapping(subject, arena);
///     }
struct Mapping {
    FanOut per = FanOut::per_alert;  ///< what subjects() to hand it; the mapping itself takes either
    SummaryPolicy summary = {};
    DescriptionPolicy description = {};
    LabelsPolicy labels = {};
    ExternalIdPolicy external_id = {};
    UrlPolicy url = {{{FieldKind::generator_url}, {FieldKind::external_url}}};
    UrlPolicy runbook_url = {{{FieldKind::annotation, "runbook_url"}, {FieldKind::annotation, "runbook"}}};
    TransitionPolicy transition = {};
    SeverityPolicy severity = {};
    NotifyPolicy notify = {};
    HeartbeatPolicy heartbeat = {};
    FieldSources source = {
        {FieldKind::label, "instance"}, {FieldKind::label, "node"}, {FieldKind::label, "pod"}, {FieldKind::label, "host"}};
    FieldSources service = {{FieldKind::label, "service"}, {FieldKind::label, "job"}};
    LocationPolicy location = {};
    std::string client = "Alertmanager";  ///< who reports; its URL is the externalURL

    /// The event of one subject. Its strings are views: into the group, the arena, or this Mapping. Does not allocate once the
    /// arena has seen a larger one. The cost of an alert does not depend on how many others there are.
    [[nodiscard]] Event operator()(const Subject& subject, Arena& arena) const;

    /// Equal configuration. A mapping with a function of the user's equals none.
    friend bool operator==(const Mapping&, const Mapping&) = default;
};

/// What we would choose: one event for each alert, so that each resolves by itself and truncation hides none of the others. The ID
/// is the fingerprint: the same from all peers of a cluster, through restarts and changed routes, and another one for each
/// instance. The title is the annotation that a rule's author wrote for people, else the alertname. Where alerts are known to
/// share labels (several clusters in one on-call account), put the cluster in front: external_id.scope. The severity is the label
/// (or annotation) of that name; a word that nobody knows pages as an error and stays visible. Watchdog and heartbeat only ping.
[[nodiscard]] inline Mapping recommended() { return {}; }

/// What Rootly does with an Alertmanager body. The documented ID is the alertname: alerts of one rule on two instances are one
/// alert there, and the first to resolve closes it for both; see collisions(). A resolve carries the endsAt of the payload.
/// Paging: annotation `rootly`; or notify.fixed.
/// Source: docs.rootly.com, integrations/alertmanager ("How Alerts Are Mapped", "How Auto-Resolution Works").
[[nodiscard]] inline Mapping rootly();

/// What SIGNL4 documents for Alertmanager: one event for each group, its ID the groupKey as it is (of any length), its status
/// that of the group; "resolved" is sent only when no alert of it can still fire.
/// Source: docs.signl4.com, integrations/prometheus (ExtIDParam=groupKey, ExtStatusParam=status, ResolvedStatus=resolved).
[[nodiscard]] inline Mapping signl4();

/// The fields of Better Stack's outgoing webhook as SIGNL4 documents them: Title ($NAME) the alertname, Cause ($CAUSE) what the
/// annotations say, URL, and an ID for each incident: the fingerprint.
/// Source: docs.signl4.com, integrations/better-stack.
[[nodiscard]] inline Mapping better_stack();

/// What Grafana OnCall does with an Alertmanager body: one event for each group, known by its groupKey, titled by the alertname of
/// the group, linked to its first alert (that fires), with the counts of firing and resolved alerts. Alertname `heartbeat` is the
/// heartbeat. Source: grafana.com/docs/oncall, integrations/alertmanager; engine/config_integrations/alertmanager.py.
[[nodiscard]] inline Mapping grafana_oncall();

/// A preset by name, and one line about it.
struct Preset {
    std::string_view name;
    std::string_view about;
    Mapping (*make)();
};

/// A member of Mapping (a key of mapping files), and one line about it.
struct PolicyText {
    std::string_view name;
    std::string_view about;
};

inline Mapping rootly() {
    Mapping mapping;
    mapping.summary.from = {
        {FieldKind::label, "alertname"}, {FieldKind::common_label, "alertname"}, {FieldKind::common_label, "description"}};
    mapping.labels.from = {LabelSet::common};
    mapping.labels.add = {{"instance", {{FieldKind::label, "instance"}}},
                          {"dc", {{FieldKind::label, "dc"}}},
                          {"job", {{FieldKind::label, "job"}}},
                          {"status", {{FieldKind::label, "status"}, {FieldKind::status}}}};
    mapping.external_id.from = {{FieldKind::label, "alertname"}};
    mapping.transition.override_key = "rootly_alert_status";
    mapping.notify.annotation = "rootly";
    mapping.heartbeat.alertnames.clear();
    return mapping;
}

inline Mapping signl4() {
    Mapping mapping;
    mapping.per = FanOut::per_group;
    mapping.summary.from = {{FieldKind::alertmanager_subject}};
    mapping.description.from = {{FieldKind::annotation, "summary"}, {FieldKind::annotation, "description"}};
    mapping.external_id.from = {{FieldKind::group_key}};
    mapping.external_id.max_length = 0;
    mapping.heartbeat.alertnames.clear();
    return mapping;
}

inline Mapping better_stack() {
    Mapping mapping;
    mapping.summary.from = {{FieldKind::label, "alertname"}};
    mapping.description.from = {
        {FieldKind::annotation, "summary"}, {FieldKind::annotation, "description"}, {FieldKind::annotation, "message"}};
    mapping.heartbeat.alertnames.clear();
    return mapping;
}

inline Mapping grafana_oncall() {
    Mapping mapping;
    mapping.per = FanOut::per_group;
    mapping.summary.from = {{FieldKind::group_label, "alertname"}, {FieldKind::label, "alertname"}};
    mapping.external_id.from = {{FieldKind::group_key}};
    mapping.external_id.max_length = 0;
    mapping.heartbeat.alertnames = {"heartbeat"};
    return mapping;
}

inline constexpr std::array<Preset, 5> presets = {{
    {"recommended", "per alert, known by its fingerprint, titled by its summary annotation", &recommended},
    {"rootly", "per alert, known and titled by its alertname, as Rootly documents it", &rootly},
    {"signl4", "per group, known by its groupKey, as SIGNL4 documents it", &signl4},
    {"better_stack", "per alert, titled by its alertname, as in Better Stack's webhook template", &better_stack},
    {"grafana_oncall", "per group, known by its groupKey, as Grafana OnCall does it", &grafana_oncall},
}};

/// The preset of that name (see presets). Errc::unknown_name.
[[nodiscard]] inline Result<Mapping> find_preset(std::string_view name) {
    for (const Preset& preset : presets) {
        if (preset.name == name) return preset.make();
    }
    return Errc::unknown_name;
}

inline constexpr std::array<PolicyText, 15> policy_texts = {{
    {"per", "one event for each alert, or one for each group"},
    {"summary", "the one-line title: the first source that is not blank"},
    {"description", "what else there is to say; of a group a line for each alert"},
    {"labels", "which labels go along: sets, include, exclude, rename, add"},
    {"external_id", "what deduplicates and resolves: sources, combine, scope, max_length"},
    {"url", "the link back: the first source with an http or https URL"},
    {"runbook_url", "the link to the runbook"},
    {"transition", "trigger, acknowledge, resolve or ignore: by status or ends_at, with an override key"},
    {"severity", "critical, error, warning or info: sources of the word, words, fallback"},
    {"notify", "whom to page: an annotation with JSON, or fixed targets"},
    {"heartbeat", "which alerts are the dead man's switch: alertnames, labels"},
    {"source", "what is broken"},
    {"service", "which service it belongs to"},
    {"location", "latitude and longitude"},
    {"client", "who reports"},
}};

/// Two alerts of one body that a mapping takes for the same one. Owns its ID; the alerts are those of the group.
struct Collision {
    std::string external_id;
    const Alert* first = nullptr;  ///< the first alert of the body with that ID
    const Alert* other = nullptr;  ///< one with other labels (by its fingerprint) and the same ID
};

/// The alerts of a body that would be opened as one and closed by the first to resolve, in the order of the body. Empty for a
/// mapping per group. Allocates; O(n log n) in the number of alerts.
[[nodiscard]] inline std::vector<Collision> collisions(const AlertGroup& group, const Mapping& mapping) {
    std::vector<Collision> found;
    if (mapping.per == FanOut::per_group) return found;

    struct Identified {
        std::string_view external_id;
        const Alert* alert;
    };
    Arena arena;
    std::vector<Identified> all;
    all.reserve(group.alerts.size());
    for (const Alert& alert : group.alerts) all.push_back({mapping.external_id({&group, &alert}, arena), &alert});
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

namespace detail {

/// The alerts that the event of this subject speaks for, in the arena.
inline std::span<const EventMember> members(const Subject& subject, const Decision& decision, const TransitionPolicy& transition,
                                            Arena& arena) {
    const std::span<const Alert> alerts = subject.alert != nullptr ? std::span(subject.alert, 1) : subject.group->alerts;
    EventMember* const members = arena.array<EventMember>(alerts.size());
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        const Alert& alert = alerts[i];
        new (members + i) EventMember{fingerprint(alert, arena), alert.starts_at, alert.ends_at, transition.status(alert)};
    }
    // What overrides the status of an alert decides here too.
    if (subject.alert != nullptr && decision.transition != Transition::ignore) {
        members->status = decision.transition == Transition::resolve ? Status::resolved : Status::firing;
    }
    return {members, alerts.size()};
}

}  // namespace detail

inline Event Mapping::operator()(const Subject& subject, Arena& arena) const {
    const AlertGroup& group = *subject.group;
    const detail::Facts facts = detail::facts(subject);
    const Decision decision = transition(subject, arena);
    const SeverityFound how_bad = severity(subject, arena);
    const NotifyFound whom = notify(subject, arena);

    // In one go: an Event is large enough for writing it twice to be seen.
    return {
        .transition = decision.transition,
        .reason = decision.reason,
        .severity = how_bad.severity,
        .severity_word = how_bad.word,
        .summary = summary(subject, arena),
        .description = description(subject, arena),
        .external_id = external_id(subject, arena),
        .url = url(subject, arena),
        .runbook_url = runbook_url(subject, arena),
        .source = first_of(source, subject, arena),
        .service = first_of(service, subject, arena),
        .location = location(subject, arena),
        .client = client,
        .client_url = is_http_url(group.external_url) ? group.external_url : std::string_view{},
        .starts_at = facts.starts_at,
        .ends_at = decision.transition == Transition::resolve ? facts.ends_at : Timestamp{},
        .labels = labels(subject, arena),
        .notify = whom.targets,
        .firing = facts.firing,
        .resolved = facts.resolved,
        .members = detail::members(subject, decision, transition, arena),
        .group_key = group.group_key,
        .complete = group.truncated_alerts == 0 && !group.incomplete,
        .heartbeat = heartbeat(subject, arena),
        .note = whom.note,
        .body = group.body,
        .decoded = group.decoded,
    };
}

}  // namespace alertmap
