#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

#include "alertmap/alert_group.hpp"

// A hand-made group as Alertmanager 0.34 sends it: two alerts of DiskAlmostFull.
namespace test {

using namespace alertmap;

inline constexpr Label first_labels[] = {{"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"},
                                         {"instance", "n1:9100"},         {"job", "node"},
                                         {"severity", "critical"},        {"service", "blob-store"}};
inline constexpr Label second_labels[] = {{"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"},
                                          {"instance", "n2:9100"},         {"job", "node"},
                                          {"severity", "critical"},        {"service", "blob-store"}};
inline constexpr Label first_annotations[] = {{"description", "Less than 5% left on n1:9100"}, {"summary", "Disk <almost> \"full\""}};
inline constexpr Label second_annotations[] = {{"description", "Less than 5% left on n2:9100"}, {"summary", ""}};
inline constexpr Label grouped_by[] = {{"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"}};

template <std::size_t Size>
constexpr Labels labels_of(const Label (&labels)[Size]) {
    return {labels, Size};
}

inline Timestamp sent(std::string_view text) {
    Timestamp time;
    time.text = text;
    detail::read_time(time);
    return time;
}

inline Alert an_alert(Labels labels, Labels annotations, std::string_view fingerprint, Status status) {
    Alert alert;
    alert.status = status;
    alert.labels = labels;
    alert.annotations = annotations;
    alert.starts_at = sent("2026-03-04T05:06:07.089Z");
    alert.ends_at = sent(status == Status::firing ? "0001-01-01T00:00:00Z" : "2026-03-04T05:46:07.089Z");
    alert.generator_url = "http://prom.example.test:9090/graph?g0.expr=disk_free_ratio+%3C+0.05&g0.tab=1";
    alert.fingerprint = fingerprint;
    return alert;
}

/// `first` and `second` are the alerts' states.
inline AlertGroup sample_group(Status first, Status second) {
    static Alert alerts[2][2][2];
    Alert(&pair)[2] = alerts[first == Status::resolved][second == Status::resolved];
    pair[0] = an_alert(labels_of(first_labels), labels_of(first_annotations), "a1b2c3d4e5f60718", first);
    pair[1] = an_alert(labels_of(second_labels), labels_of(second_annotations), "18f7e6d5c4b3a291", second);
    AlertGroup group;
    group.receiver = "storage\\-pager";
    group.status = first == Status::resolved ? second : first;
    group.alerts = pair;
    group.notification_reason = "first notification";
    group.group_labels = labels_of(grouped_by);
    group.common_labels = labels_of(grouped_by);
    group.common_annotations = {first_annotations, 0};
    group.route_labels = {grouped_by, 0};
    group.external_url = "http://am.example.test:9093";
    group.version = "4";
    group.group_key = "{}/{team=\"storage\"}:{alertname=\"DiskAlmostFull\", cluster=\"eu-1\"}";
    return group;
}

inline AlertGroup firing_group() { return sample_group(Status::firing, Status::firing); }
inline AlertGroup mixed_group() { return sample_group(Status::resolved, Status::firing); }
inline AlertGroup resolved_group() { return sample_group(Status::resolved, Status::resolved); }

/// Status resolved, with three truncated alerts.
inline AlertGroup truncated_group() {
    AlertGroup group = resolved_group();
    group.truncated_alerts = 3;
    return group;
}

}  // namespace test
