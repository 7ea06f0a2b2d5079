#pragma once

#include <span>
#include <string_view>

#include "alertmap/detail/export.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// Mappings to start from. Each call makes a new value; it allocates.
namespace preset {

/// One event per alert, so that each alert resolves by itself, and one for alerts that a message does not list (cut off by max_alerts, or
/// unreadable), so that they are not lost. The external ID is the fingerprint: the same from all peers of an
/// Alertmanager cluster, across restarts and changed routes, and different for each instance. The summary is the annotation
/// `summary` or `title`, else the alertname. The severity is the label or annotation `severity`; an unknown word is an error and
/// is kept in Event::severity_word. The alerts Watchdog and heartbeat only ping.
/// If several clusters with equal label sets share one on-call account, put the cluster's name into external_id.scope.
[[nodiscard]] ALERTMAP_API Mapping recommended();

/// As Rootly's own Alertmanager integration: one event per alert, external ID and summary are the alertname. So alerts of one rule
/// on two instances share an ID, and the first to resolve closes both: see collisions(). A resolve carries the payload's endsAt.
/// Paging targets come from the annotation `rootly`, or from notify.fixed.
/// Source: docs.rootly.com, integrations/alertmanager ("How Alerts Are Mapped", "How Auto-Resolution Works").
[[nodiscard]] ALERTMAP_API Mapping rootly();

/// As SIGNL4 documents it for Alertmanager: one event per group, its external ID the groupKey unchanged (of any length). It resolves
/// only if no alert of the group can still fire.
/// Source: docs.signl4.com, integrations/prometheus (ExtIDParam=groupKey, ExtStatusParam=status, ResolvedStatus=resolved).
[[nodiscard]] ALERTMAP_API Mapping signl4();

/// The fields of Better Stack's outgoing webhook as SIGNL4 documents them: title ($NAME) the alertname, cause ($CAUSE) from the
/// annotations, URL, and an ID for each incident: the episode (an alert that fires again is another incident). One event per alert.
/// Source: docs.signl4.com, integrations/better-stack.
[[nodiscard]] ALERTMAP_API Mapping better_stack();

/// As Grafana OnCall's own Alertmanager integration: one event per group, its external ID the groupKey, its title the group's
/// alertname, its link that of the first firing alert, with the numbers of firing and resolved alerts. The alertname `heartbeat`
/// is the heartbeat. Labels and severity are those of the group labels, which stay the same as alerts come and go: OnCall opens another
/// alert group where what it groups by changes. Source: grafana.com/docs/oncall, integrations/alertmanager;
/// engine/config_integrations/alertmanager.py.
[[nodiscard]] ALERTMAP_API Mapping grafana_oncall();

}  // namespace preset

/// A preset by name, with one line of documentation.
struct Preset {
    std::string_view name;
    std::string_view about;
    Mapping (*make)();
};

/// All presets. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const Preset> presets() noexcept;

/// The preset of that name (exact case). Errc::unknown_name. Allocates.
[[nodiscard]] ALERTMAP_API Result<Mapping> find_preset(std::string_view name);

}  // namespace alertmap
