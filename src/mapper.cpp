#include "alertmap/mapper.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/detail/alert_counts.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/identity.hpp"
#include "decimal_text.hpp"
#include "name_slots.hpp"

namespace alertmap {

namespace {

/// Labels and annotations of a subject that policies refer to by name. Pointers, initialised only as far as used: clearing a thousand bytes
/// per alert would cost more than a search.
struct SubjectValues {
    const Label* labels[detail::NameSlots::capacity];
    const Label* annotations[detail::NameSlots::capacity];
};

Text value_in(const Label* label) noexcept { return label != nullptr ? label->value : Text{}; }

/// One source of a list: read from a slot if it is a plain label or annotation, else evaluated.
struct Step {
    enum class From : std::uint8_t { label, annotation, fingerprint, generator_url, external_url, source };
    From from = From::source;
    std::size_t slot = 0;
    const FieldSource* source = nullptr;
};
using Steps = std::vector<Step>;

}  // namespace

struct Mapper::State {
    explicit State(Mapping from) : mapping(std::move(from)) {
        std::vector<Steps*> lists;
        const auto add = [&](Steps& list, const FieldSources& sources) {
            list = steps(sources);
            lists.push_back(&list);
        };
        add(summary, mapping.summary.from);
        add(description, mapping.description.from);
        add(severity, mapping.severity.from);
        add(external_id, mapping.external_id.from);
        add(url, mapping.url.from);
        add(runbook_url, mapping.runbook_url.from);
        add(source, mapping.source);
        add(service, mapping.service);
        add(location, mapping.location.from);
        alertname = labels.add("alertname");
        labels.finish();
        annotations.finish();
        for (Steps* list : lists) settle(*list);
        const LabelsPolicy& set = mapping.labels;
        passes_labels =
            !set.function && set.from.size() == 1 && set.include.empty() && set.exclude.empty() && set.rename.empty() && set.add.empty();
        const ExternalIdPolicy& id = mapping.external_id;
        has_quiet = mapping.quiet.function || !mapping.quiet.rules.empty();
        has_priority = mapping.priority.function || !mapping.priority.words.empty();
        plain_id = !id.function && !id.combine && id.scope.empty();
        const HeartbeatPolicy& heartbeat = mapping.heartbeat;
        heartbeat_by_name = !heartbeat.function && heartbeat.labels.empty() && labels.is_placed(alertname);
        client = texts.copy(mapping.client);
    }

    const Mapping mapping;
    detail::NameSlots labels;
    detail::NameSlots annotations;
    Steps summary, description, severity, external_id, url, runbook_url, source, service, location;
    Text client;
    std::size_t alertname = 0;
    bool passes_labels = false;  // one set, unchanged
    bool plain_id = false;       // the first non-blank value
    bool has_quiet = false;
    bool has_priority = false;
    bool heartbeat_by_name = false;  // by alertname only

 private:
    Arena texts;  // configured texts, scanned once

    Steps steps(const FieldSources& sources) {
        Steps list;
        for (const FieldSource& one : sources) {
            Step step{Step::From::source, 0, &one};
            if (const FieldRef* field = one.field()) {
                if (field->is(NamedField::label)) step = {Step::From::label, labels.add(field->name()), &one};
                if (field->is(NamedField::annotation)) step = {Step::From::annotation, annotations.add(field->name()), &one};
                if (field->is(FieldKind::fingerprint)) step.from = Step::From::fingerprint;
                if (field->is(FieldKind::generator_url)) step.from = Step::From::generator_url;
                if (field->is(FieldKind::external_url)) step.from = Step::From::external_url;
            }
            list.push_back(step);
        }
        return list;
    }
    /// Sources without a slot are evaluated as any other source.
    void settle(Steps& list) const {
        for (Step& step : list) {
            const bool lost = (step.from == Step::From::label && !labels.is_placed(step.slot)) ||
                              (step.from == Step::From::annotation && !annotations.is_placed(step.slot));
            if (lost) step.from = Step::From::source;
        }
    }
};

namespace {

/// The slow path of value_of().
ALERTMAP_NOINLINE Text other_value_of(const Step& step, const Subject& subject, Arena& arena) {
    switch (step.from) {
        case Step::From::fingerprint:
            if (subject.alert != nullptr) return fingerprint(*subject.alert, arena);
            return {};
        case Step::From::generator_url:
            if (subject.alert != nullptr) return subject.alert->generator_url;
            break;
        case Step::From::external_url: return subject.group->external_url;
        default: break;
    }
    return (*step.source)(subject, arena);
}

ALERTMAP_ALWAYS_INLINE inline Text value_of(const Step& step, const SubjectValues& values, const Subject& subject, Arena& arena) {
    if (step.from == Step::From::label) return value_in(values.labels[step.slot]);
    if (step.from == Step::From::annotation) return value_in(values.annotations[step.slot]);
    return other_value_of(step, subject, arena);
}

/// As first_of(), source by source.
template <class Accepts>
Text first_value(const Steps& steps, const SubjectValues& values, const Subject& subject, Arena& arena, Accepts accepts) {
    for (const Step& step : steps) {
        const Text value = value_of(step, values, subject, arena);
        if (accepts(value)) return value;
    }
    return {};
}

constexpr auto not_blank = [](std::string_view text) { return !detail::is_blank(text); };
constexpr auto is_link = [](std::string_view text) { return !text.empty() && is_http_url(text); };

/// The alerts of the subject's event, in the arena.
std::span<const EventMember> event_members(const Subject& subject, const Decision& decision, const TransitionPolicy& transition,
                                           Arena& arena) {
    const ArrayView<Alert> alerts = subject.alerts();
    EventMember* const members = arena.array<EventMember>(alerts.size());
    for (std::size_t i = 0; i < alerts.size(); ++i) {
        const Alert& alert = alerts[i];
        new (members + i) EventMember{fingerprint(alert, arena), alert.starts_at, alert.ends_at, transition.status(alert)};
    }
    // An override of the alert's status applies here, too.
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
    const bool counted = cut || group.unreadable_alerts != 0;
    return arena.concat(
        {counted ? std::string_view(detail::decimal_text(cut ? group.truncated_alerts : group.unreadable_alerts, arena)) : "the",
         " alerts of this group are not listed (", cut ? "max_alerts cut them off" : "they could not be read", "): ", title});
}

}  // namespace

Mapper::Mapper(Mapping mapping) : state_(new State(std::move(mapping))) {}

const Mapping& Mapper::mapping() const& noexcept { return state_->mapping; }

// Each branch returns a call, so that the event is constructed in place: it is large, and copying it costs as much as a policy.
Event Mapper::operator()(const Subject& subject, Arena& arena) const& {
    if (subject.unlisted) [[unlikely]]
        return unlisted_event(subject, arena);
    if (!state_->mapping.redact.names.empty()) [[unlikely]]
        return redacted_event(subject, arena);
    return listed_event(subject, arena);
}

Event Mapper::redacted_event(const Subject& subject, Arena& arena) const {
    Event event = listed_event(subject, arena);
    state_->mapping.redact(event, subject, arena);
    return event;
}

Event Mapper::listed_event(const Subject& subject, Arena& arena) const {
    // Must equal the policies' results: policies.cpp is the reference, this function reads slots instead.
    const State& state = *state_;
    const Mapping& mapping = state.mapping;
    const AlertGroup& group = *subject.group;
    SubjectValues values;
    state.labels.fill(subject.labels(), values.labels);
    state.annotations.fill(subject.annotations(), values.annotations);
    const auto first = [&](const Steps& steps, auto accepts) { return first_value(steps, values, subject, arena, accepts); };

    const detail::AlertCounts counts = detail::count_alerts(subject);
    const Decision decision = mapping.transition(subject, arena);
    const SeverityFound severity = subject.alert != nullptr && !mapping.severity.function
                                       ? mapping.severity.of_word(first(state.severity, not_blank))
                                       : mapping.severity(subject, arena);
    const NotifyFound notify = mapping.notify(subject, arena);
    const bool quiet = state.has_quiet && decision.transition == Transition::trigger && mapping.quiet(subject, arena);

    const auto summary = [&]() -> Text {
        const Text found = mapping.summary.function ? Text{} : first(state.summary, not_blank);
        return found.empty() ? Text(mapping.summary(subject, arena)) : Text(detail::one_line(found, arena));
    };
    const auto external_id = [&]() -> Text {
        const Text found = state.plain_id ? first(state.external_id, not_blank) : Text{};
        const std::size_t limit = mapping.external_id.max_length;
        const bool fits = !found.empty() && (limit == 0 || found.size() <= limit);
        return fits ? found : Text(mapping.external_id(subject, arena));
    };
    const auto is_heartbeat = [&] {
        if (!state.heartbeat_by_name) return mapping.heartbeat(subject, arena);
        const std::string_view alertname = value_in(values.labels[state.alertname]);
        for (const std::string& name : mapping.heartbeat.alertnames) {
            if (alertname == name && !name.empty()) return true;
        }
        return false;
    };
    const auto link = [&](const UrlPolicy& policy, const Steps& steps) -> Text {
        return policy.function ? Text(policy(subject, arena)) : first(steps, is_link);
    };

    // Initialised at once: writing an Event twice costs measurable time.
    return {
        .transition = decision.transition,
        .reason = decision.reason,
        .severity = severity.severity,
        .severity_word = severity.word,
        .priority = state.has_priority ? Text(mapping.priority(severity, subject, arena)) : Text{},
        .summary = summary(),
        .description = subject.alert != nullptr && !mapping.description.function ? first(state.description, not_blank)
                                                                                 : Text(mapping.description(subject, arena)),
        .external_id = external_id(),
        .url = link(mapping.url, state.url),
        .runbook_url = link(mapping.runbook_url, state.runbook_url),
        .source = first(state.source, not_blank),
        .service = first(state.service, not_blank),
        .location = mapping.location.function ? Text(mapping.location(subject, arena)) : first(state.location, is_coordinates),
        .client = state.client,
        .client_url = is_http_url(group.external_url) ? group.external_url : Text{},
        .starts_at = counts.starts_at,
        .ends_at = decision.transition == Transition::resolve ? counts.ends_at : Timestamp{},
        .labels = state.passes_labels ? labels_of(subject, mapping.labels.from[0]) : mapping.labels(subject, arena),
        .notify = notify.targets,
        .firing = counts.firing,
        .resolved = counts.resolved,
        .members = event_members(subject, decision, mapping.transition, arena),
        .group_key = group.group_key,
        .complete = cut_off_alerts_are_resolved(group) && !group.incomplete,
        .unlisted = false,
        .page = decision.page && !quiet,
        .heartbeat = is_heartbeat(),
        .mapping_note = notify.note,
    };
}

/// As the group's event, but without its listed alerts.
Event Mapper::unlisted_event(const Subject& subject, Arena& arena) const {
    const Mapping& mapping = state_->mapping;
    const AlertGroup& group = *subject.group;
    const Decision decision = mapping.transition(subject, arena);
    Event event = listed_event({&group, nullptr}, arena);
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
    if (!mapping.redact.names.empty()) mapping.redact(event, subject, arena);
    event.heartbeat = false;
    if (decision.transition == Transition::trigger) {
        event.mapping_note =
            cut_off_alerts_are_resolved(group) ? "alerts of this group could not be read" : "max_alerts cut off alerts of this group";
    }
    return event;
}

}  // namespace alertmap
