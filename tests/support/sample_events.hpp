#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "alertmap/event.hpp"

// Hand-made events as a mapping would make them of one group: two alerts of DiskAlmostFull.
namespace test {

using namespace alertmap;

inline constexpr Label alert_labels[] = {{"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"},
                                         {"instance", "n1:9100"},         {"job", "node"},
                                         {"severity", "critical"},        {"service", "blob-store"}};
inline constexpr Label group_labels[] = {
    {"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"}, {"job", "node"}, {"severity", "critical"}, {"service", "blob-store"}};
inline constexpr NotifyTarget one_target[] = {{"EscalationPolicy", "00000000-0000-4000-8000-000000000001"}};
inline constexpr NotifyTarget two_targets[] = {{"User", "27854"}, {"EscalationPolicy", "00000000-0000-4000-8000-000000000001"}};

inline Timestamp at(std::int64_t seconds, std::string_view text) {
    Timestamp time;
    time.seconds = seconds;
    time.nanoseconds = 89'000'000;
    time.is_set = true;
    time.text = text;
    return time;
}

inline Event alert_firing() {
    Event event;
    event.severity_word = "critical";
    event.summary = "Disk almost full on n1:9100";
    event.description = "Less than 5% left on n1:9100";
    event.external_id = "a1b2c3d4e5f60718";
    event.url = "http://prom.example.test:9090/graph?g0.expr=disk_free_ratio+%3C+0.05&g0.tab=1";
    event.runbook_url = "https://runbooks.example.test/disk";
    event.source = "n1:9100";
    event.service = "blob-store";
    event.client = "Alertmanager";
    event.client_url = "http://am.example.test:9093";
    event.starts_at = at(1772600767, "2026-03-04T05:06:07.089Z");
    event.labels = {alert_labels, std::size(alert_labels)};
    event.notify = one_target;
    event.firing = 1;
    return event;
}

inline Event alert_resolved() {
    Event event = alert_firing();
    event.transition = Transition::resolve;
    event.ends_at = at(1772603167, "2026-03-04T05:46:07.089Z");
    event.firing = 0;
    event.resolved = 1;
    return event;
}

inline Event alert_acknowledged() {
    Event event = alert_firing();
    event.transition = Transition::acknowledge;
    return event;
}

inline Event group_firing() {
    Event event = alert_firing();
    event.summary = "[FIRING:2] DiskAlmostFull eu-1";
    event.description = "n1:9100: Disk almost full on n1:9100\nn2:9100: Disk almost full on n2:9100";
    event.external_id = "0e9dbfed6425f676246e29974beca4913ac9412230a2840045ab4da12a693545";
    event.source = {};
    event.labels = {group_labels, std::size(group_labels)};
    event.notify = two_targets;
    event.firing = 2;
    return event;
}

inline Event group_resolved() {
    Event event = group_firing();
    event.transition = Transition::resolve;
    event.summary = "[RESOLVED] DiskAlmostFull eu-1";
    event.ends_at = at(1772603167, "2026-03-04T05:46:07.089Z");
    event.firing = 0;
    event.resolved = 2;
    return event;
}

/// Difficult alert texts: quotes, backslashes, control characters, other scripts, line separators, names that vendors reserve, and a time
/// in Go's format.
inline Event hostile() {
    static constexpr Label labels[] = {{"title", "not the title"},    {"X-S4-Status", "resolved"},
                                       {"dedup_key", "other"},        {"quote\"back\\slash", "\""},
                                       {"emoji", "\xf0\x9f\x94\xa5"}, {"severity", "P1"},
                                       {"tpl", "{{ .Evil }} $NAME"},  {"ctl", std::string_view("\0\x1f\x7f", 3)}};
    Event event = alert_firing();
    event.severity = Severity::warning;
    event.severity_word = "P1";
    event.summary = "say \"hi\" \\ C:\\temp\t\r\n </script> \xe2\x80\xa8 \xc3\xa9\xe4\xb8\xad\xf0\x9f\x94\xa5";
    event.description = std::string_view("nul \0 bell \x07 del \x7f", 18);
    event.external_id = "{}/{team=\"a\\b\"}:{alertname=\"x\"}";
    event.source = "host\\1";
    event.service = "a \"service\"";
    event.location = "40.6413111,-73.7781391";
    event.starts_at = at(1772600767, "2026-03-04 10:36:07.089 +0530 IST m=+8560.28");
    event.labels = {labels, std::size(labels)};
    event.notify = {};
    return event;
}

/// Texts far above every vendor's limit, of three bytes per character.
inline Event very_long() {
    static const std::string text = [] {
        std::string made;
        for (int i = 0; i < 60'000; ++i) made += "\xe7\x81\xab";
        return made;
    }();
    Event event = alert_firing();
    event.summary = text;
    event.description = text;
    return event;
}

/// The dead man's switch.
inline Event heartbeat() {
    Event event = alert_firing();
    event.summary = "Watchdog";
    event.heartbeat = true;
    return event;
}

}  // namespace test
