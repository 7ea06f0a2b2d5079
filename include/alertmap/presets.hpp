#pragma once

#include <span>
#include <string_view>

#include "alertmap/detail/export.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// Mappings to start from. Each call returns a new value and allocates. Thread-safe.
namespace preset {

/// One event per alert, so that each alert resolves independently, and one for alerts that a message does not list (dropped by max_alerts,
/// or unreadable). The external ID is the fingerprint: equal for all peers of an Alertmanager cluster, stable across restarts and route
/// changes, and different per instance. The summary is the annotation `summary` or `title`, else the alertname. The severity is the label
/// or annotation `severity`; an unknown word maps to error and is kept in Event::severity_word. The alerts Watchdog and heartbeat are
/// heartbeats. If several clusters with equal label sets share an on-call account, add the cluster's name to external_id.scope.
[[nodiscard]] ALERTMAP_API Mapping recommended();

/// As Rootly's own Alertmanager integration: one event per alert; external ID and summary are the alertname. Alerts of one rule on two
/// instances therefore share an ID, and the first resolve closes both: see collisions(). A resolve carries the payload's endsAt. Paging
/// targets come from the annotation `rootly`, else from notify.fixed.
/// Source: docs.rootly.com, integrations/alertmanager ("How Alerts Are Mapped", "How Auto-Resolution Works").
[[nodiscard]] ALERTMAP_API Mapping rootly();

/// As SIGNL4 documents for Alertmanager: one event per group; the external ID is the unchanged groupKey, of any length. Resolves only if no
/// alert of the group can still be firing.
/// Source: docs.signl4.com, integrations/prometheus (ExtIDParam=groupKey, ExtStatusParam=status, ResolvedStatus=resolved).
[[nodiscard]] ALERTMAP_API Mapping signl4();

/// The fields of Better Stack's outgoing webhook as SIGNL4 documents them: one event per alert; title ($NAME) is the alertname, cause
/// ($CAUSE) comes from the annotations, and the ID is the episode's: an alert that fires again is a new incident.
/// Source: docs.signl4.com, integrations/better-stack.
[[nodiscard]] ALERTMAP_API Mapping better_stack();

/// As Grafana OnCall's own Alertmanager integration: one event per group; the external ID is the groupKey, the title the group's alertname,
/// the link that of the first firing alert; firing and resolved alerts are counted. The alertname `heartbeat` is a heartbeat. Labels and
/// severity come from the group labels, which do not change as alerts come and go: OnCall opens a new alert group if a value that it groups
/// by changes.
/// Source: grafana.com/docs/oncall, integrations/alertmanager; engine/config_integrations/alertmanager.py.
[[nodiscard]] ALERTMAP_API Mapping grafana_oncall();

}  // namespace preset

/// A preset's name, one line of documentation, and its function.
struct Preset {
    std::string_view name;
    std::string_view about;
    Mapping (*make)();
};

/// All presets, in order of documentation. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const Preset> presets() noexcept;

/// Finds a preset by name (case-sensitive). Errc::unknown_name. Allocates.
[[nodiscard]] ALERTMAP_API Result<Mapping> find_preset(std::string_view name);

}  // namespace alertmap
