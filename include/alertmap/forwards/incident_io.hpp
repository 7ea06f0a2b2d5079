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

/// incident.io's Alertmanager source: the group's own JSON with version "1", as Alertmanager's own notifier sends it. The group says
/// "resolved" only if fully_resolved(). A missing groupKey is made up.
///
/// incident.io answers 429 for a body above max_body. As the notifier does, a larger group is then one alert, the first that fires (else
/// the first), and the others count as truncated; that alert goes without annotations if it is too large by itself.
/// Safe to use from several threads at once.
/// Source: Alertmanager notify/incidentio/incidentio.go
struct IncidentIo {
    static constexpr std::string_view name = "incident_io";
    static constexpr std::string_view doc = "incident.io Alertmanager source";

    /// Bytes. Source: Alertmanager notify/incidentio/incidentio.go
    static constexpr std::size_t max_body = 524'288;

    std::string url = {};
    std::string token = {};
    std::size_t max_alerts = 0;  ///< for split(): smaller messages instead of one that lacks alerts. 0: as the notifier does

    static constexpr Option<IncidentIo> options[] = {
        {"url", &IncidentIo::url, "URL of the alert source, as incident.io shows it", OptionIs::required},
        {"token", &IncidentIo::token, "token of the alert source", OptionIs::required_secret},
        {"max_alerts", &IncidentIo::max_alerts, "alerts per message; 0: all"},
    };

    /// Errc::payload_too_large for a group that is above max_body with one alert without annotations; `out` is then as it was. Linear.
    [[nodiscard]] ALERTMAP_API Result<void> write(const AlertGroup& group, Buffer& out) const;

    /// Allocates. Errors: as write(), Errc::missing_value, Errc::invalid_url.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        return detail::post(*this, group, Url(url), {detail::bearer(token)});
    }
};

}  // namespace alertmap::forward
