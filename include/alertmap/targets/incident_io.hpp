#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap::target {

/// incident.io's alert events, v2, for an HTTP alert source. The external ID is the deduplication_key. Labels and other values are sent as
/// metadata, for use in the source's configuration. Does not support acknowledge. An event above max_body is sent without metadata and with
/// a truncated description, and says so. Thread-safe.
/// Source: https://api-docs.incident.io (Alert Events V2), incident-io/sdk-python, Alertmanager notify/incidentio/incidentio.go
struct IncidentIo {
    static constexpr std::string_view name = "incident_io";
    static constexpr std::string_view doc = "incident.io alert events v2";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .acknowledges = false};

    /// In bytes; above it the API answers 429.
    /// Source: Alertmanager notify/incidentio/incidentio.go
    static constexpr std::size_t max_body = 524'288;
    /// Code points of a truncated description: fits into max_body even if each byte needs an escape.
    static constexpr std::size_t max_cut_description = 20'000;
    static constexpr std::size_t max_cut_title = 1'000;

    std::string alert_source_id = {};
    std::string token = {};
    std::string base_url = "https://api.incident.io";

    static constexpr Option<IncidentIo> options[] = {
        {"alert_source_id", &IncidentIo::alert_source_id, "ID of the HTTP alert source's configuration", OptionIs::required},
        {"token", &IncidentIo::token, "secret of the alert source", OptionIs::required_secret},
        {"base_url", &IncidentIo::base_url, "scheme and host"},
    };

    /// See Target. Errors also: Errc::payload_too_large if the reduced event is still above max_body.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (write_event(event, out, true) || write_event(event, out, false)) return {};
        return Errc::payload_too_large;
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Url url(base_url);
        url.path("v2").path("alert_events").path("http").path(alert_source_id);
        return kit::post(*this, event, url, {kit::bearer(token)});
    }

 private:
    /// Returns false and appends nothing if the body is too large.
    [[nodiscard]] static bool write_event(const Event& event, Buffer& out, bool whole) {
        const bool trigger = event.transition == Transition::trigger;
        JsonWriter json(out);
        json.begin_object();
        kit::member_cut(json, "title", kit::title(event), whole ? max_body : max_cut_title);
        json.member("status", trigger ? std::string_view("firing") : std::string_view("resolved"));
        json.member("deduplication_key", event.external_id);
        if (trigger) {
            if (!event.description.empty()) {
                kit::member_cut(json, "description", event.description, whole ? max_body : max_cut_description);
            }
            if (whole) json.member_unless_empty("source_url", event.url);
            json.key("metadata");
            json.begin_object();
            whole ? write_metadata(json, event) : json.member("error", "left out: the event would be above 524,288 bytes");
            json.end_object();
        }
        json.end_object();
        if (json.size() <= max_body) return true;
        json.abandon();
        return false;
    }
    static void write_metadata(JsonWriter& json, const Event& event) {
        kit::member_severity(json, "severity", event.severity);
        json.member_unless_empty("priority", event.priority);
        json.member_unless_empty("source", event.source);
        json.member_unless_empty("service", event.service);
        json.member_unless_empty("runbook_url", event.runbook_url);
        kit::member_time(json, "started_at", event.starts_at);
        json.member("firing", event.firing);
        json.member("resolved", event.resolved);
        kit::member_labels(json, "labels", event.labels);
    }
};

}  // namespace alertmap::target
