#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

namespace alertmap::forward {

/// incident.io's Alertmanager source: the group's own JSON with version "1", as Alertmanager's notifier sends it. The status is "resolved"
/// only if fully_resolved(). A missing groupKey is made from labels.
///
/// incident.io rejects bodies above max_body with 429. As in the notifier, a larger group is reduced to one alert, the first firing one or
/// else the first; the others are counted as truncated. If that alert alone is too large, it loses its annotations. Thread-safe.
/// Source: Alertmanager notify/incidentio/incidentio.go
struct IncidentIo {
    static constexpr std::string_view name = "incident_io";
    static constexpr std::string_view doc = "incident.io Alertmanager source";

    /// Bytes.
    /// Source: Alertmanager notify/incidentio/incidentio.go
    static constexpr std::size_t max_body = 524'288;

    std::string url = {};
    std::string token = {};
    std::size_t max_alerts = 0;  ///< for split(): several smaller messages instead of one reduced message. 0: as the notifier

    static constexpr Option<IncidentIo> options[] = {
        {"url", &IncidentIo::url, "URL of the alert source, as incident.io shows it", OptionIs::required},
        {"token", &IncidentIo::token, "token of the alert source", OptionIs::required_secret},
        {"max_alerts", &IncidentIo::max_alerts, "alerts per message; 0: all"},
    };

    /// Errc::payload_too_large if one alert without annotations is above max_body; `out` is unchanged then. Linear.
    [[nodiscard]] ALERTMAP_API Result<void> write(const AlertGroup& group, Buffer& out) const;

    /// Allocates. Errors: those of write(), Errc::missing_value, Errc::invalid_url.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        return detail::post(*this, group, Url(url), {detail::bearer(token)});
    }
};

}  // namespace alertmap::forward
