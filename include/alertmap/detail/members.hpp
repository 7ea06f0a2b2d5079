#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/compat.hpp"

namespace alertmap::detail {

/// Whether Alertmanager always writes a member, or only in newer versions and if it has a value.
enum class Written : std::uint8_t { always, if_present };

/// Calls `visit(JSON name, member, Written)` for each known member of an alert, in Alertmanager's order. The only list of these members:
/// the parser's names, copies, written messages and test descriptions use it. `Owner` is Alert or const Alert.
/// Source: Alertmanager template/template.go (Alert).
template <class Owner, class Visit>
requires std::same_as<std::remove_const_t<Owner>, Alert> ALERTMAP_ALWAYS_INLINE constexpr void each_member(Owner& alert, Visit&& visit) {
    visit("status", alert.status, Written::always);
    visit("labels", alert.labels, Written::always);
    visit("annotations", alert.annotations, Written::always);
    visit("startsAt", alert.starts_at, Written::always);
    visit("endsAt", alert.ends_at, Written::always);
    visit("generatorURL", alert.generator_url, Written::always);
    visit("fingerprint", alert.fingerprint, Written::always);
}

/// The same for a group.
/// Source: Alertmanager notify/webhook/webhook.go (Message), template/template.go (Data).
template <class Owner, class Visit>
requires std::same_as<std::remove_const_t<Owner>, AlertGroup> ALERTMAP_ALWAYS_INLINE constexpr void each_member(Owner& group,
                                                                                                                Visit&& visit) {
    visit("receiver", group.receiver, Written::always);
    visit("status", group.status, Written::always);
    visit("alerts", group.alerts, Written::always);
    visit("notification_reason", group.notification_reason, Written::if_present);
    visit("groupLabels", group.group_labels, Written::always);
    visit("commonLabels", group.common_labels, Written::always);
    visit("commonAnnotations", group.common_annotations, Written::always);
    visit("routeLabels", group.route_labels, Written::if_present);
    visit("externalURL", group.external_url, Written::always);
    visit("version", group.version, Written::always);
    visit("groupKey", group.group_key, Written::always);
    visit("truncatedAlerts", group.truncated_alerts, Written::always);
}

}  // namespace alertmap::detail
