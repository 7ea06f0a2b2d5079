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

/// The Alertmanager integration (v2) of Grafana OnCall and Grafana IRM. OnCall treats each message as one alert, grouped by groupKey and
/// resolved by status alone.
///
/// Adds numFiring and numResolved, as OnCall would count them. A group that is not fully_resolved() has the status "firing" (unless
/// resolve_truncated is set). A missing groupKey is made from labels: OnCall needs it to group and resolve. A missing
/// groupLabels.alertname, the title in OnCall's default template, is taken from the alerts. Use split() for groups above max_alerts; the
/// parts share the groupKey. Thread-safe.
/// Source: grafana/oncall, engine/config_integrations/alertmanager.py, engine/apps/integrations/views.py
struct GrafanaOncall {
    static constexpr std::string_view name = "grafana_oncall";
    static constexpr std::string_view doc = "Grafana OnCall / IRM Alertmanager integration";

    /// Recommended by the documentation "to avoid requests that are too large"; until 2023 it said "less than 300".
    static constexpr std::size_t recommended_max_alerts = 100;
    static constexpr std::size_t historical_max_alerts = 300;
    /// Messages in five minutes; more are dropped, not queued.
    /// Source: ratelimit_mixin.py, Grafana IRM's rate limits.
    static constexpr std::size_t per_integration_in_5_minutes = 300;
    static constexpr std::size_t per_organisation_in_5_minutes = 900;
    /// Valid heartbeat intervals in seconds.
    /// Source: engine/apps/heartbeat/models.py
    static constexpr std::uint32_t heartbeat_intervals[] = {60, 120, 180, 300, 600, 900, 1800, 3600, 43200, 86400};

    std::string url = {};  ///< the integration's URL, including its token; everything after the host is masked
    std::size_t max_alerts = recommended_max_alerts;
    bool resolve_truncated = false;

    static constexpr Option<GrafanaOncall> options[] = {
        {"url", &GrafanaOncall::url, "URL of the integration", OptionIs::required_secret},
        {"max_alerts", &GrafanaOncall::max_alerts, "alerts in one message; 0: no limit"},
        {"resolve_truncated", &GrafanaOncall::resolve_truncated, "resolve although alerts were truncated: true or false"},
    };

    /// See Forward.
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

    /// One message of any size. Appends a final slash to the URL, which OnCall requires. Allocates.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        return detail::post(*this, group, Url(url).slash().mask_all_but_host());
    }

    /// The heartbeat ping, without a body: send it instead of a group of the heartbeat alert. Allocates.
    [[nodiscard]] Result<Request> heartbeat() const {
        if (url.empty()) return detail::missing("url");
        return detail::ping(Url(url).path("heartbeat").slash().mask_all_but_host());
    }
};

}  // namespace alertmap::forward
