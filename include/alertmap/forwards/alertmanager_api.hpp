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

/// The alerts of a group into another Alertmanager (or Mimir), as Prometheus sends them: POST /api/v2/alerts.
///
/// An alert is known there by its labels alone. A resolved one has its endsAt. A firing one has none, so the other Alertmanager resolves it
/// by itself after its resolve_timeout (5 minutes) unless it comes again: the repeat_interval of the route that sends here must be
/// shorter, or `firing_ends_at` set to a time that is far away; then only a resolve ends it.
///
/// One alert that the API refuses would cost all the others (the whole call is answered with 400). So labels without a name or a value are
/// left out, an alert without labels takes the group's, a time that was not sent is not written, endsAt is never before startsAt, and
/// a generatorURL that is no http URL is left out. The URL of the first Alertmanager becomes an annotation, as the API has no field for it.
/// Alerts that the message does not list are not sent. Safe to use from several threads at once.
/// Source: Alertmanager api/v2/openapi.yaml (postableAlerts), api/v2/api.go, types/types.go (Alert.Validate, Alert.Merge)
struct AlertmanagerApi {
    static constexpr std::string_view name = "alertmanager_api";
    static constexpr std::string_view doc = "the alerts, into another Alertmanager or Mimir by its API";

    std::string url = {};
    std::string token = {};
    std::string user = {};
    std::string password = {};
    std::string tenant = {};
    std::string firing_ends_at = {};
    std::string url_annotation = "alertmanager_url";

    static constexpr Option<AlertmanagerApi> options[] = {
        {"url", &AlertmanagerApi::url, "URL of the Alertmanager, with its route prefix, without /api/v2", OptionIs::required},
        {"token", &AlertmanagerApi::token, "bearer token, if it wants one", OptionIs::secret},
        {"user", &AlertmanagerApi::user, "user name, if it wants one"},
        {"password", &AlertmanagerApi::password, "the user's password", OptionIs::secret},
        {"tenant", &AlertmanagerApi::tenant, "X-Scope-OrgID, for Mimir"},
        {"firing_ends_at", &AlertmanagerApi::firing_ends_at,
         "endsAt of firing alerts, as 2100-01-01T00:00:00Z; empty: the receiver's resolve_timeout"},
        {"url_annotation", &AlertmanagerApi::url_annotation, "annotation for the URL of the first Alertmanager; empty: none"},
    };

    /// An array of all alerts of the group, and a newline. Errc::invalid_value for a firing_ends_at that is no time. Linear.
    [[nodiscard]] ALERTMAP_API Result<void> write(const AlertGroup& group, Buffer& out) const;

    /// Allocates. Errors: as write(), Errc::missing_value, Errc::invalid_url, Errc::invalid_header.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        Url to(url);
        to.path("api").path("v2").path("alerts");
        const Header login = token.empty() ? detail::basic(user, password) : detail::bearer(token);
        return detail::post(*this, group, to, {login, {"X-Scope-OrgID", tenant}});
    }
};

}  // namespace alertmap::forward
