#pragma once

#include "../../src/event_texts.hpp"
#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/event.hpp"

// Values with texts of unknown kind: JsonWriter scans each byte of them. The output must equal that for texts that are copied.
namespace test {

inline alertmap::Text unknown(alertmap::Text text) { return text.view(); }

inline alertmap::Labels unknown(alertmap::Labels labels, alertmap::Arena& arena) {
    if (!labels.present()) return {};
    auto* copies = arena.array<alertmap::Label>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) copies[i] = {unknown(labels[i].name), unknown(labels[i].value)};
    return {copies, labels.size()};
}

inline alertmap::Timestamp unknown(alertmap::Timestamp time) {
    time.text = unknown(time.text);
    return time;
}

inline alertmap::ExtraMembers unknown(alertmap::ExtraMembers members, alertmap::Arena& arena) {
    auto* copies = arena.array<alertmap::ExtraMember>(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) copies[i] = {unknown(members[i].name), members[i].json, unknown(members[i].text)};
    return {copies, members.size()};
}

/// The same group, in the arena.
inline alertmap::AlertGroup unknown(alertmap::AlertGroup group, alertmap::Arena& arena) {
    auto* alerts = arena.array<alertmap::Alert>(group.alerts.size());
    for (std::size_t i = 0; i < group.alerts.size(); ++i) {
        alertmap::Alert alert = group.alerts[i];
        alert.labels = unknown(alert.labels, arena);
        alert.annotations = unknown(alert.annotations, arena);
        alert.starts_at = unknown(alert.starts_at);
        alert.ends_at = unknown(alert.ends_at);
        alert.generator_url = unknown(alert.generator_url);
        alert.fingerprint = unknown(alert.fingerprint);
        alert.extra = unknown(alert.extra, arena);
        alerts[i] = alert;
    }
    group.alerts = {alerts, group.alerts.size()};
    for (alertmap::Labels* labels : {&group.group_labels, &group.common_labels, &group.common_annotations, &group.route_labels}) {
        *labels = unknown(*labels, arena);
    }
    for (alertmap::Text* text : {&group.receiver, &group.notification_reason, &group.external_url, &group.version, &group.group_key}) {
        *text = unknown(*text);
    }
    group.extra = unknown(group.extra, arena);
    return group;
}

/// The same event.
inline alertmap::Event unknown(alertmap::Event event, alertmap::Arena& arena) {
    for (const alertmap::detail::EventText& text : alertmap::detail::event_texts) event.*text.member = unknown(event.*text.member);
    event.labels = unknown(event.labels, arena);
    event.starts_at = unknown(event.starts_at);
    event.ends_at = unknown(event.ends_at);
    return event;
}

}  // namespace test
