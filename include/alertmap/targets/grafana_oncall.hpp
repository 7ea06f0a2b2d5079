#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/detail/post.hpp"
#include "alertmap/detail/vendor_text.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/options.hpp"
#include "alertmap/targets/concept.hpp"

namespace alertmap::target {

/// The formatted webhook of Grafana OnCall and Grafana IRM, and its heartbeat. Knows no acknowledge:
/// Errc::unsupported_transition. Severity, source, service and the labels go along for OnCall's routes and templates.
/// Source: grafana/oncall, engine/config_integrations/formatted_webhook.py and its documents
struct GrafanaOncall {
    static constexpr std::string_view name = "grafana_oncall";
    static constexpr std::string_view doc = "Grafana OnCall / IRM formatted webhook";
    static constexpr bool resolves_by_external_id = true;

    /// In code points, where OnCall itself would cut. Source: engine/settings/base.py
    static constexpr std::size_t max_title = 500;
    static constexpr std::size_t max_message = 50'000;
    /// A longer link is left out: cut, it would lead elsewhere. Source: engine/apps/alerts/models/alert.py
    static constexpr std::size_t max_link = 500;
    /// Messages in five minutes; what comes above is dropped, not queued. Source: ratelimit_mixin.py, Grafana IRM's rate limits.
    static constexpr std::size_t per_integration_in_5_minutes = 300;
    static constexpr std::size_t per_organisation_in_5_minutes = 900;

    std::string url = {};  ///< the integration's, its token included; masked behind the host

    static constexpr Option<GrafanaOncall> options[] = {{"url", &GrafanaOncall::url, "URL of the integration", true}};

    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (!detail::writable(event)) return detail::why_not_writable(event);
        if (event.transition == Transition::acknowledge) return Errc::unsupported_transition;
        JsonWriter json(out, {event.body, event.decoded});
        json.begin_object();
        json.member("alert_uid", event.external_id);
        detail::member_cut(json, "title", detail::title(event), max_title);
        json.member("state", event.transition == Transition::resolve ? "ok" : "alerting");
        if (event.url.size() <= max_link) json.member_unless_empty("link_to_upstream_details", event.url);
        detail::member_cut(json, "message", event.description, max_message);
        detail::member_severity(json, "severity", event.severity);
        json.member_unless_empty("source", event.source);
        json.member_unless_empty("service", event.service);
        json.member_unless_empty("runbook_url", event.runbook_url);
        json.key("labels");
        json.begin_object();
        json.members(event.labels);
        json.end_object();
        json.end_object();
        return {};
    }

    /// The slash at the end, without which OnCall does not find the integration, is added.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        if (url.empty()) return detail::missing("url");
        if (detail::beats(event)) return detail::ping(Url(url).path("heartbeat").slash().hide());
        return detail::post(*this, event, Url(url).slash().hide());
    }
};

}  // namespace alertmap::target
