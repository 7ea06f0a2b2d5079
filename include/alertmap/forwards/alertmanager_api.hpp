#pragma once

#include <string>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/detail/post.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

namespace alertmap::forward {

/// Sends the alerts of a group to another Alertmanager or Mimir, as Prometheus does: POST /api/v2/alerts.
///
/// The API identifies an alert by its labels only. A resolved alert is sent with its endsAt. A firing alert has none, so the receiver
/// resolves it after its resolve_timeout (5 minutes) unless it is sent again: make the sending route's repeat_interval shorter, or set
/// `firing_ends_at` to a distant time, so that only a resolve ends it.
///
/// The API rejects the whole call with 400 if one alert is invalid. Therefore labels with an empty name or value are left out, an alert
/// without labels gets the group's labels, missing times are left out, endsAt is never before startsAt, and a generatorURL that is not an
/// http URL is left out. The first Alertmanager's URL becomes an annotation, as the API has no field for it. Unlisted alerts are not sent.
/// Thread-safe.
/// Source: Alertmanager api/v2/openapi.yaml (postableAlerts), api/v2/api.go, types/types.go (Alert.Validate, Alert.Merge)
struct AlertmanagerApi {
    static constexpr std::string_view name = "alertmanager_api";
    static constexpr std::string_view doc = "the alerts, to the API of another Alertmanager or Mimir";

    std::string url = {};
    std::string token = {};
    std::string user = {};
    std::string password = {};
    std::string tenant = {};
    std::string firing_ends_at = {};
    std::string url_annotation = "alertmanager_url";

    static constexpr Option<AlertmanagerApi> options[] = {
        {"url", &AlertmanagerApi::url, "URL of the Alertmanager, with its route prefix, without /api/v2", OptionIs::required},
        {"token", &AlertmanagerApi::token, "bearer token, if required", OptionIs::secret},
        {"user", &AlertmanagerApi::user, "user name, if required"},
        {"password", &AlertmanagerApi::password, "the user's password", OptionIs::secret},
        {"tenant", &AlertmanagerApi::tenant, "X-Scope-OrgID, for Mimir"},
        {"firing_ends_at", &AlertmanagerApi::firing_ends_at,
         "endsAt of firing alerts, e.g. 2100-01-01T00:00:00Z; empty: the receiver's resolve_timeout"},
        {"url_annotation", &AlertmanagerApi::url_annotation, "annotation for the URL of the first Alertmanager; empty: none"},
    };

    /// Appends a JSON array of the group's alerts and a newline. Errc::invalid_value if firing_ends_at is not a time. Linear.
    [[nodiscard]] ALERTMAP_API Result<void> write(const AlertGroup& group, Buffer& out) const;

    /// Allocates. Errors: those of write(), Errc::missing_value, Errc::invalid_url, Errc::invalid_header.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        Url to(url);
        to.path("api").path("v2").path("alerts");
        const Header login = token.empty() ? detail::basic(user, password) : detail::bearer(token);
        return detail::post(*this, group, to, {login, {"X-Scope-OrgID", tenant}});
    }
};

}  // namespace alertmap::forward
