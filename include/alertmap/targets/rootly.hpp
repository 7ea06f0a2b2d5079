#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/rootly_resources.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"

namespace alertmap::detail {

/// The first target that Rootly can page, with the type in Rootly's spelling; empty if there is none, or if the event should not page. With
/// `in_url` only types allowed in a source's URL. Rootly rejects the whole alert if a type is unknown.
[[nodiscard]] inline NotifyTarget first_rootly_target(const Event& event, bool in_url = false) noexcept {
    if (!event.page) return {};
    for (const NotifyTarget& target : event.notify) {
        const std::string_view type = rootly_resource(target.type);
        if (type.empty() || target.id.empty() || (in_url && !is_rootly_url_resource(type))) continue;
        return {type, target.id};
    }
    return {};
}

/// Writes all targets that Rootly can page, if there are several.
ALERTMAP_ALWAYS_INLINE inline void member_rootly_targets(JsonWriter& json, const Event& event) {
    const auto can_page = [](const NotifyTarget& target) { return !rootly_resource(target.type).empty() && !target.id.empty(); };
    if (!event.page || std::count_if(event.notify.begin(), event.notify.end(), can_page) < 2) return;
    json.key("alerting_targets");
    json.begin_array();
    for (const NotifyTarget& target : event.notify) {
        if (!can_page(target)) continue;
        json.begin_object();
        json.member("type", rootly_resource(target.type));
        json.member("id", target.id);
        json.end_object();
    }
    json.end_array();
}

}  // namespace alertmap::detail

namespace alertmap::target {

/// Rootly's generic webhook source. Configure the source with this mapping: external_id `$.external_id`, state `$.state` with the resolve
/// state "resolved", title `$.title`, description `$.description`, URL `$.external_url`, target `$.target_type` and `$.target_id`. Does not
/// support acknowledge: Errc::unsupported_transition.
///
/// A resolve without a matching alert creates a new alert and pages: only resolve what was triggered before. Therefore neither body nor URL
/// of a resolve contains a paging target. Rootly's mapping accepts one target: the first one that Rootly can page; all are in
/// `alerting_targets`. An event without paging (Event::page is false) has no target either; the source has no state for that, so its own
/// routes may still page. Thread-safe.
/// Source: https://docs.rootly.com/alerts/generic-webhook-alert-source (installation, auto-resolution)
struct Rootly {
    static constexpr std::string_view name = "rootly";
    static constexpr std::string_view doc = "Rootly generic webhook source";
    static constexpr TargetTraits traits = {
        .repeat = Repeat::merges, .unknown_resolve = UnknownResolve::opens, .acknowledges = false, .rate = {50, 60, RatePer::integration}};

    std::string secret = {};
    std::string url = "https://webhooks.rootly.com/webhooks/incoming/generic_webhooks";
    bool notify_in_url = false;  ///< add the paging target to the URL, too: works without a mapping

    static constexpr Option<Rootly> options[] = {
        {"secret", &Rootly::secret, "bearer token of the source", OptionIs::required_secret},
        {"url", &Rootly::url, "URL of the source"},
        {"notify_in_url", &Rootly::notify_in_url, "append /notify/<type>/<id> to the URL: true or false"},
    };

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        const bool resolve = event.transition == Transition::resolve;
        JsonWriter json(out);
        json.begin_object();
        json.member("title", kit::title(event));
        if (!resolve) json.member_unless_empty("description", event.description);
        json.member("external_id", event.external_id);
        json.member("state", resolve ? Text::literal<"resolved">() : Text::literal<"triggered">());
        if (resolve) {
            kit::member_time(json, "ended_at", event.ends_at);
        } else {
            write_details(json, event);
        }
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Url to(url);
        if (const NotifyTarget paged = detail::first_rootly_target(event, true);
            notify_in_url && !paged.id.empty() && event.transition == Transition::trigger) {
            to.path("notify").path(paged.type).path(paged.id);
        }
        return kit::post(*this, event, to, {kit::bearer(secret)});
    }

 private:
    ALERTMAP_ALWAYS_INLINE static void write_details(JsonWriter& json, const Event& event) {
        json.member_unless_empty("external_url", event.url);
        if (const NotifyTarget paged = detail::first_rootly_target(event); !paged.id.empty()) {
            json.member("target_type", paged.type);
            json.member("target_id", paged.id);
        }
        detail::member_rootly_targets(json, event);
        kit::member_severity(json, "severity", event.severity);
        json.member_unless_empty("priority", event.priority);
        json.member_unless_empty("source", event.source);
        json.member_unless_empty("service", event.service);
        json.member_unless_empty("runbook_url", event.runbook_url);
        kit::member_time(json, "started_at", event.starts_at);
        kit::member_labels(json, "labels", event.labels);
    }
};

/// Rootly's REST API (JSON:API) and heartbeats. Acknowledge and resolve need Rootly's alert ID, which read_id() extracts from the answer to
/// the creation; Rootly cannot resolve by external_id. An event without paging (Event::page is false) has the status "open" and no target.
/// An acknowledge has no body: write() appends nothing. An alert accepts one notification target: the first one that Rootly can page; all
/// are in `data.alerting_targets`. Event::priority is used as urgency ID if it is a UUID. No text limits are documented, so texts are not
/// truncated. Thread-safe.
/// Source: rootlyhq/rootly-rs spec/swagger.json; media type: rootlyhq/rootly-go, .vendored/rootly-api/swagger.json
struct RootlyApi {
    static constexpr std::string_view name = "rootly_api";
    static constexpr std::string_view doc = "Rootly REST API (JSON:API)";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::vendor_id,
                                            .repeat = Repeat::merges,
                                            .unknown_resolve = UnknownResolve::ignored,
                                            .rate = {50, 60, RatePer::credential}};

    static constexpr std::string_view media_type = "application/vnd.api+json";

    std::string token = {};
    std::string status = "triggered";  ///< or "open"; empty: not sent, for organisations without Rootly On-Call
    std::string alert_urgency_id = {};
    std::string resolution_message = {};
    std::string heartbeat_id = {};
    std::string base_url = "https://api.rootly.com";

    static constexpr Option<RootlyApi> options[] = {
        {"token", &RootlyApi::token, "API key", OptionIs::required_secret},
        {"status", &RootlyApi::status, "status of a new alert; empty: not sent", OptionIs::optional, "triggered|open"},
        {"alert_urgency_id", &RootlyApi::alert_urgency_id, "ID of the urgency"},
        {"resolution_message", &RootlyApi::resolution_message, "resolution message"},
        {"heartbeat_id", &RootlyApi::heartbeat_id, "ID of the heartbeat to ping"},
        {"base_url", &RootlyApi::base_url, "scheme and host"},
    };

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (event.transition == Transition::acknowledge) return {};
        JsonWriter json(out);
        json.begin_object();
        json.key("data");
        json.begin_object();
        json.member("type", "alerts");
        json.key("attributes");
        json.begin_object();
        if (event.transition == Transition::resolve) {
            json.member_unless_empty("resolution_message", resolution_message);
        } else {
            write_attributes(json, event);
        }
        json.end_object();
        json.end_object();
        json.end_object();
        return {};
    }

    /// See Target. Acknowledge and resolve require `alert_id`, from read_id(): else Errc::missing_vendor_id.
    [[nodiscard]] Result<Request> request(const Event& event, std::string_view alert_id = {}) const {
        Url url(base_url);
        if (kit::pings(event)) {
            if (heartbeat_id.empty()) return kit::missing_heartbeat("heartbeat_id");
            return kit::ping(url.path("v1").path("heartbeats").path(heartbeat_id).path("ping"), {kit::bearer(token)});
        }
        if (const auto refused = kit::refused(event, traits)) return *refused;
        url.path("v1").path("alerts");
        if (event.transition != Transition::trigger) {
            if (alert_id.empty()) return Errc::missing_vendor_id;
            url.path(alert_id).path(event.transition == Transition::acknowledge ? "acknowledge" : "resolve");
        }
        return kit::post(*this, event, url, {kit::bearer(token)}, media_type);
    }

    /// The alert's ID from the answer to its creation. Errors: JSON errors, and Errc::missing_vendor_id. Allocates.
    [[nodiscard]] static Result<std::string> read_id(std::string_view answer) { return kit::read_id(answer, "data", "id"); }

 private:
    /// 8-4-4-4-12 hex digits. Rootly rejects an alert with an invalid urgency ID.
    [[nodiscard]] static bool is_uuid(std::string_view text) noexcept {
        if (text.size() != 36) return false;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
            const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (dash ? c != '-' : !hex) return false;
        }
        return true;
    }
    ALERTMAP_ALWAYS_INLINE void write_attributes(JsonWriter& json, const Event& event) const {
        json.member("summary", kit::title(event));
        json.member_unless_empty("description", event.description);
        // Organisations without Rootly On-Call have no status.
        json.member_unless_empty("status", status.empty() || event.page ? std::string_view(status) : std::string_view("open"));
        if (const NotifyTarget paged = detail::first_rootly_target(event); !paged.id.empty()) {
            json.member("notification_target_type", paged.type);
            json.member("notification_target_id", paged.id);
        }
        json.member("external_id", event.external_id);
        json.member("deduplication_key", event.external_id);
        json.member_unless_empty("external_url", event.url);
        json.member_unless_empty("alert_urgency_id", is_uuid(event.priority) ? std::string_view(event.priority) : alert_urgency_id);
        kit::member_time(json, "started_at", event.starts_at);
        json.key("labels");
        json.begin_array();
        for (const Label& label : event.labels) {
            json.begin_object();
            json.member("key", label.name);
            json.member("value", label.value);
            json.end_object();
        }
        json.end_array();
        write_data(json, event);
    }
    ALERTMAP_ALWAYS_INLINE static void write_data(JsonWriter& json, const Event& event) {
        json.key("data");
        json.begin_object();
        kit::member_severity(json, "severity", event.severity);
        if (!is_uuid(event.priority)) json.member_unless_empty("priority", event.priority);
        json.member_unless_empty("source", event.source);
        json.member_unless_empty("service", event.service);
        json.member_unless_empty("runbook_url", event.runbook_url);
        json.member_unless_empty("client", event.client);
        json.member_unless_empty("client_url", event.client_url);
        json.member("firing", event.firing);
        json.member("resolved", event.resolved);
        detail::member_rootly_targets(json, event);
        json.end_object();
    }
};

}  // namespace alertmap::target
