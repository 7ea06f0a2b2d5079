#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/status.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"

namespace alertmap::target {

/// PagerDuty's Events API v2. The external ID is the dedup_key. With sha256(groupKey), the ID of Alertmanager's own notifier, it also
/// resolves incidents that the notifier opened. custom_details contains the labels, and firing, resolved, num_firing and num_resolved as in
/// Alertmanager's notifier. An event above max_event is sent without details, and says so. Thread-safe.
/// Source: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/, Alertmanager notify/pagerduty/pagerduty.go
struct PagerDuty {
    static constexpr std::string_view name = "pagerduty";
    static constexpr std::string_view doc = "PagerDuty Events API v2";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .unknown_resolve = UnknownResolve::ignored};

    static constexpr std::size_t max_dedup_key = 255;  ///< bytes
    static constexpr std::size_t max_summary = 1024;   ///< code points
    static constexpr std::size_t max_event = 512'000;  ///< bytes
    /// The API rejects other words with 400.
    /// Source: prometheus/alertmanager#3902
    static constexpr kit::SeverityWords severity_words = {"critical", "error", "warning", "info"};

    std::string routing_key = {};  ///< the integration key of a service; part of the body
    std::string url = "https://events.pagerduty.com/v2/enqueue";

    static constexpr Option<PagerDuty> options[] = {
        {"routing_key", &PagerDuty::routing_key, "integration key of the service", OptionIs::required_secret},
        {"url", &PagerDuty::url, "URL of the events API; EU: https://events.eu.pagerduty.com/v2/enqueue"},
    };

    /// See Target. Errors also: Errc::missing_value without routing_key; Errc::payload_too_large for an external ID above max_dedup_key, or
    /// an event above max_event without its details.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (routing_key.empty()) return kit::missing("routing_key");
        if (event.external_id.size() > max_dedup_key) return Error{Errc::payload_too_large, no_offset, "dedup_key"};
        if (write_event(event, out, true) || write_event(event, out, false)) return {};
        return Errc::payload_too_large;
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Result<Request> request = kit::post(*this, event, Url(url));
        if (request) kit::mask_in_body(*request, routing_key);
        return request;
    }

 private:
    /// Returns false and appends nothing if the body is too large.
    [[nodiscard]] bool write_event(const Event& event, Buffer& out, bool with_details) const {
        JsonWriter json(out);
        json.begin_object();
        json.member("routing_key", routing_key);
        json.member("event_action", alertmap::name(event.transition));
        json.member("dedup_key", event.external_id);
        if (event.transition == Transition::trigger) {
            json.member_unless_empty("client", event.client);
            json.member_unless_empty("client_url", event.client_url);
            write_payload(json, event, with_details);
            write_links(json, event);
        }
        json.end_object();
        if (json.size() <= max_event) return true;
        json.abandon();
        return false;
    }

    ALERTMAP_ALWAYS_INLINE static void write_payload(JsonWriter& json, const Event& event, bool with_details) {
        json.key("payload");
        json.begin_object();
        kit::member_cut(json, "summary", kit::title(event), max_summary);
        json.member("source", source(event));
        json.member("severity", kit::severity_word(event, severity_words, {}, "critical|error|warning|info"));
        kit::member_time(json, "timestamp", event.starts_at);
        json.member_unless_empty("component", event.service);
        json.key("custom_details");
        json.begin_object();
        if (with_details) {
            json.member_unless_empty("description", event.description);
            // The names and text values of Alertmanager's own notifier, so that existing event rules keep working.
            // Source: Alertmanager config/notifiers.go (DefaultPagerdutyDetails), template/default.tmpl (__text_alert_list).
            const bool counted = event.firing + event.resolved != 0;
            json.key("firing");
            !counted || event.firing != 0 ? write_firing(json, event) : json.value("");
            json.key("resolved");
            write_resolved(json, event);
            member_number(json, "num_firing", event.firing);
            member_number(json, "num_resolved", event.resolved);
            kit::member_labels(json, "labels", event.labels);
        } else {
            json.member("error", "details left out: the event would be above 512,000 bytes");
        }
        json.end_object();
        json.end_object();
    }
    /// Writes a number as text.
    ALERTMAP_ALWAYS_INLINE static void member_number(JsonWriter& json, JsonKey key, std::size_t number) {
        const kit::NumberText digits = kit::decimal(number);
        json.member(key, std::string_view(digits));
    }
    static constexpr std::size_t most_lines = 64;  ///< member `labels` contains all of them

    ALERTMAP_ALWAYS_INLINE static void write_line(JsonWriter& json, Text key, Text value) {
        if (value.empty()) return;
        json.part_raw(" - ");
        json.part(key);
        json.part_raw(" = ");
        json.part(value);
        json.part_raw("\\n");
    }
    ALERTMAP_ALWAYS_INLINE static void write_firing(JsonWriter& json, const Event& event) {
        json.begin_string();
        json.part_raw("Labels:\\n");
        std::size_t lines = 0;
        for (const Label& label : event.labels) {
            if (++lines <= most_lines) write_line(json, label.name, label.value);
        }
        json.part_raw("Annotations:\\n");
        write_line(json, Text::literal<"summary">(), event.summary);
        write_line(json, Text::literal<"description">(), event.description);
        json.part_raw("Source: ");
        json.part(event.url);
        json.part_raw("\\n");
        json.end_string();
    }
    /// An event has no labels of the resolved alerts of a group.
    ALERTMAP_ALWAYS_INLINE static void write_resolved(JsonWriter& json, const Event& event) {
        std::size_t lines = 0;
        json.begin_string();
        for (const EventMember& member : event.members) {
            if (event.resolved == 0 || member.status != Status::resolved || ++lines > most_lines) continue;
            json.part_raw(" - fingerprint = ");
            json.part(member.fingerprint);
            json.part_raw("\\n");
        }
        json.end_string();
    }
    ALERTMAP_ALWAYS_INLINE static void write_links(JsonWriter& json, const Event& event) {
        if (event.url.empty() && event.runbook_url.empty()) return;
        json.key("links");
        json.begin_array();
        write_link(json, event.url, "Source");
        write_link(json, event.runbook_url, "Runbook");
        json.end_array();
    }
    ALERTMAP_ALWAYS_INLINE static void write_link(JsonWriter& json, Text href, Text text) {
        if (href.empty()) return;
        json.begin_object();
        json.member("href", href);
        json.member("text", text);
        json.end_object();
    }

    /// Required by PagerDuty.
    [[nodiscard]] static Text source(const Event& event) noexcept {
        if (!event.source.empty()) return event.source;
        if (!event.client.empty()) return event.client;
        return "Alertmanager";
    }
};

}  // namespace alertmap::target
