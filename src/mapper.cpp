#include "alertmap/mapper.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "alertmap/detail/alert_counts.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/identity.hpp"

namespace alertmap {

struct Mapper::State {
    Mapping mapping;
};

namespace {

/// The alerts that the event of this subject speaks for, in the arena.
std::span<const EventMember> members_of(const Subject& subject, const Decision& decision, const TransitionPolicy& transition,
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

/// "5 alerts of this group are not listed (max_alerts cut them off): HighLoad".
std::string_view unlisted_summary(const AlertGroup& group, Transition transition, Arena& arena) {
    std::string_view title = group.group_labels.get("alertname");
    if (title.empty()) title = group.common_labels.get("alertname");
    if (title.empty()) title = group.group_key;
    if (title.empty()) title = group.receiver;
    if (transition == Transition::resolve) return arena.concat({"all alerts of this group are listed: ", title});
    const bool cut = !cut_off_alerts_are_resolved(group);
    char digits[20];
    char* const end = detail::put_decimal(digits, cut ? group.truncated_alerts : group.unreadable_alerts);
    const bool counted = cut || group.unreadable_alerts != 0;
    return arena.concat({counted ? std::string_view(digits, static_cast<std::size_t>(end - digits)) : "the",
                         " alerts of this group are not listed (", cut ? "max_alerts cut them off" : "they could not be read",
                         "): ", title});
}

}  // namespace

Mapper::Mapper(Mapping mapping) : state_(new State{std::move(mapping)}) {}

const Mapping& Mapper::mapping() const& noexcept { return state_->mapping; }

Event Mapper::operator()(const Subject& subject, Arena& arena) const& {
    if (subject.unlisted) [[unlikely]]
        return unlisted_event(subject, arena);
    const Mapping& mapping = state_->mapping;
    const AlertGroup& group = *subject.group;
    const detail::AlertCounts counts = detail::count_alerts(subject);
    const Decision decision = mapping.transition(subject, arena);
    const SeverityFound severity = mapping.severity(subject, arena);
    const NotifyFound notify = mapping.notify(subject, arena);

    // In one go: an Event is large enough for writing it twice to be measurable.
    return {
        .transition = decision.transition,
        .reason = decision.reason,
        .severity = severity.severity,
        .severity_word = severity.word,
        .summary = mapping.summary(subject, arena),
        .description = mapping.description(subject, arena),
        .external_id = mapping.external_id(subject, arena),
        .url = mapping.url(subject, arena),
        .runbook_url = mapping.runbook_url(subject, arena),
        .source = first_of(mapping.source, subject, arena),
        .service = first_of(mapping.service, subject, arena),
        .location = mapping.location(subject, arena),
        .client = mapping.client,
        .client_url = is_http_url(group.external_url) ? group.external_url : std::string_view{},
        .starts_at = counts.starts_at,
        .ends_at = decision.transition == Transition::resolve ? counts.ends_at : Timestamp{},
        .labels = mapping.labels(subject, arena),
        .notify = notify.targets,
        .firing = counts.firing,
        .resolved = counts.resolved,
        .members = members_of(subject, decision, mapping.transition, arena),
        .group_key = group.group_key,
        .complete = cut_off_alerts_are_resolved(group) && !group.incomplete,
        .page = decision.page,
        .heartbeat = mapping.heartbeat(subject, arena),
        .note = notify.note,
        .body = group.body,
        .decoded = group.decoded,
    };
}

/// As the event of the group, but of its listed alerts it says nothing.
Event Mapper::unlisted_event(const Subject& subject, Arena& arena) const {
    const Mapping& mapping = state_->mapping;
    const AlertGroup& group = *subject.group;
    const Decision decision = mapping.transition(subject, arena);
    Event event = (*this)({&group, nullptr}, arena);
    event.transition = decision.transition;
    event.reason = decision.reason;
    event.page = decision.page;
    event.summary = detail::one_line(unlisted_summary(group, decision.transition, arena), arena);
    event.description = {};
    event.external_id = mapping.external_id(subject, arena);
    if (!event.client_url.empty()) event.url = event.client_url;  // where all alerts are listed
    event.starts_at = {};
    event.ends_at = {};
    event.firing = 0;
    event.resolved = 0;
    const Status status = decision.transition == Transition::resolve ? Status::resolved : Status::firing;
    event.members = {new (arena.array<EventMember>(1)) EventMember{event.external_id, {}, {}, status}, 1};
    event.unlisted = true;
    event.heartbeat = false;
    if (decision.transition == Transition::trigger) {
        event.note =
            cut_off_alerts_are_resolved(group) ? "alerts of this group could not be read" : "max_alerts cut off alerts of this group";
    }
    return event;
}

}  // namespace alertmap
