#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

namespace alertmap::forward {

/// The Alertmanager integration (v2) of Grafana OnCall and Grafana IRM: one message is one alert there, grouped by groupKey
/// and resolved by status alone.
///
/// Added: numFiring and numResolved of the message, as OnCall would count them. Changed: a group that is not
/// fully_resolved() says "firing" (resolve_truncated turns that off), and a missing groupKey is made up: without one OnCall
/// groups nothing and resolves nothing. A missing groupLabels.alertname, from which OnCall's default template takes the title, is that of
/// the alerts. split() a larger group at max_alerts; the parts share the groupKey.
/// Source: grafana/oncall, engine/config_integrations/alertmanager.py, engine/apps/integrations/views.py
struct GrafanaOncall {
    static constexpr std::string_view name = "grafana_oncall";
    static constexpr std::string_view doc = "Grafana OnCall / IRM Alertmanager integration";

    /// What the documents recommend, "to avoid requests that are too large"; they said "less than 300" until 2023.
    static constexpr std::size_t recommended_max_alerts = 100;
    static constexpr std::size_t historical_max_alerts = 300;
    /// Messages in five minutes; what comes above is dropped, not queued. Source: ratelimit_mixin.py, Grafana IRM's rate limits.
    static constexpr std::size_t per_integration_in_5_minutes = 300;
    static constexpr std::size_t per_organisation_in_5_minutes = 900;
    /// What a heartbeat's interval can be, in seconds. Source: engine/apps/heartbeat/models.py
    static constexpr std::uint32_t heartbeat_intervals[] = {60, 120, 180, 300, 600, 900, 1800, 3600, 43200, 86400};

    std::string url = {};  ///< the integration's, its token included; masked behind the host
    std::size_t max_alerts = recommended_max_alerts;
    bool resolve_truncated = false;

    static constexpr Option<GrafanaOncall> options[] = {
        {"url", &GrafanaOncall::url, "URL of the integration", OptionIs::required_secret},
        {"max_alerts", &GrafanaOncall::max_alerts, "alerts in one message; 0: no limit"},
        {"resolve_truncated", &GrafanaOncall::resolve_truncated, "believe \"resolved\" although alerts were cut off: true or false"},
    };

    [[nodiscard]] Result<void> write(const AlertGroup& group, Buffer& out) const {
        AlertGroup message = resolve_truncated ? group : with_safe_status(group);
        const std::string key = group.group_key.empty() ? stable_group_key(group) : std::string();
        if (!key.empty()) message.group_key = key;
        const std::vector<Label> labels = detail::group_labels_with_alertname(group);
        if (!labels.empty()) message.group_labels = {labels.data(), labels.size()};
        const AddedMember added[] = {
            {"numFiring", std::uint64_t{firing(group).size()}},
            {"numResolved", std::uint64_t{resolved(group).size()}},
        };
        write_group(message, out, added);
        return {};
    }

    /// One message, whatever its size. The slash at the end, without which OnCall does not find the integration, is added.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        return detail::post(*this, group, Url(url).slash().mask_all_but_host());
    }

    /// The ping that says "alive", for the group of the heartbeat alert: send it instead of the group. No body.
    [[nodiscard]] Result<Request> heartbeat() const {
        if (url.empty()) return detail::missing("url");
        return detail::ping(Url(url).path("heartbeat").slash().mask_all_but_host());
    }
};

}  // namespace alertmap::forward
