#include <algorithm>

#include "peer.hpp"

namespace bench {
namespace {

bool same(const alertmap::Timestamp& a, const alertmap::Timestamp& b) {
    return a.text == b.text && a.is_set == b.is_set && a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

bool same(const alertmap::Alert& a, const alertmap::Alert& b) {
    return a.status == b.status && a.labels == b.labels && a.annotations == b.annotations && same(a.starts_at, b.starts_at) &&
           same(a.ends_at, b.ends_at) && a.generator_url == b.generator_url && a.fingerprint == b.fingerprint;
}

}  // namespace

bool equal(const alertmap::AlertGroup& a, const alertmap::AlertGroup& b) {
    return a.receiver == b.receiver && a.status == b.status && a.notification_reason == b.notification_reason &&
           a.group_labels == b.group_labels && a.common_labels == b.common_labels && a.common_annotations == b.common_annotations &&
           a.route_labels == b.route_labels && a.external_url == b.external_url && a.version == b.version && a.group_key == b.group_key &&
           a.truncated_alerts == b.truncated_alerts && a.incomplete == b.incomplete &&
           std::equal(a.alerts.begin(), a.alerts.end(), b.alerts.begin(), b.alerts.end(),
                      [](const alertmap::Alert& one, const alertmap::Alert& other) { return same(one, other); });
}

}  // namespace bench
