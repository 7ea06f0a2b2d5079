#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap::target {

/// Formatted webhook of Grafana OnCall and Grafana IRM, and its heartbeat. Does not support acknowledge: Errc::unsupported_transition.
/// Severity, source, service and labels are sent for OnCall's routes and templates. Thread-safe.
/// Source: grafana/oncall, engine/config_integrations/formatted_webhook.py and its documentation
struct GrafanaOncall {
    static constexpr std::string_view name = "grafana_oncall";
    static constexpr std::string_view doc = "Grafana OnCall / IRM formatted webhook";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges,
                                            .unknown_resolve = UnknownResolve::opens,
                                            .acknowledges = false,
                                            .rate = {300, 300, RatePer::integration}};

    /// In code points; OnCall truncates at these limits.
    /// Source: engine/settings/base.py
    static constexpr std::size_t max_title = 500;
    static constexpr std::size_t max_message = 50'000;
    /// In bytes. OnCall renders links of up to 50,000; 2,000 works in all browsers and proxies. A longer link is omitted: truncated, it
    /// would lead elsewhere.
    /// Source: engine/settings/base.py
    static constexpr std::size_t max_link = 2'000;

    std::string url = {};  ///< the integration's URL, including its token; everything after the host is masked

    static constexpr Option<GrafanaOncall> options[] = {{"url", &GrafanaOncall::url, "URL of the integration", OptionIs::required_secret}};

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        JsonWriter json(out);
        json.begin_object();
        json.member("alert_uid", event.external_id);
        kit::member_cut(json, "title", kit::title(event), max_title);
        json.member("state", event.transition == Transition::resolve ? "ok" : "alerting");
        if (event.url.size() <= max_link) json.member_unless_empty("link_to_upstream_details", event.url);
        kit::member_cut(json, "message", event.description, max_message);
        kit::member_severity(json, "severity", event.severity);
        json.member_unless_empty("priority", event.priority);
        json.member_unless_empty("source", event.source);
        json.member_unless_empty("service", event.service);
        json.member_unless_empty("runbook_url", event.runbook_url);
        kit::member_labels(json, "labels", event.labels);
        json.end_object();
        return {};
    }

    /// See Target. Appends a final slash to the URL, which OnCall requires.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        if (url.empty()) return kit::missing("url");
        if (kit::pings(event)) return kit::ping(Url(url).path("heartbeat").slash().mask_all_but_host());
        return kit::post(*this, event, Url(url).slash().mask_all_but_host());
    }
};

}  // namespace alertmap::target
