#pragma once

#include <cstddef>
#include <span>
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
#include "alertmap/targets/chat.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"

namespace alertmap::target {

/// ServiceNow Event Management: em_event records, which ServiceNow turns into alerts. The external ID is the message_key; a resolve has
/// severity 0 (clear) and the resolution state Closing. One call can contain several events, for example those of a group: see write(span).
/// Does not support acknowledge. Thread-safe.
/// Source: https://www.servicenow.com/docs (Event Management, "Send events via web service"; event fields)
struct Servicenow {
    static constexpr std::string_view name = "servicenow";
    static constexpr std::string_view doc = "ServiceNow Event Management (em_event)";
    static constexpr TargetTraits traits = {
        .repeat = Repeat::merges, .unknown_resolve = UnknownResolve::unknown, .acknowledges = false, .experimental = true};

    /// In bytes; ServiceNow counts characters, so this is on the safe side.
    static constexpr std::size_t max_message_key = 1'024;
    // In code points.
    static constexpr std::size_t max_description = 4'000;
    static constexpr std::size_t max_name = 100;
    /// 1 critical, 2 major, 3 minor, 4 warning, 5 OK (info); 0 clear.
    static constexpr kit::SeverityWords severity_words = {"1", "2", "3", "5"};
    static constexpr std::string_view severity_choices = "1|2|3|4|5";

    std::string user = {};
    std::string password = {};
    std::string token = {};
    std::string severities = {};
    std::string base_url = {};

    static constexpr Option<Servicenow> options[] = {
        {"base_url", &Servicenow::base_url, "https://<instance>.service-now.com", OptionIs::required},
        {"user", &Servicenow::user, "user with the role evt_mgmt_integration"},
        {"password", &Servicenow::password, "the user's password", OptionIs::secret},
        {"token", &Servicenow::token, "OAuth token, instead of a user", OptionIs::secret},
        {"severities", &Servicenow::severities, "severities, e.g. page=1,ticket=4; default: 1, 2, 3, 5"},
    };

    /// See Target. Errors also: Errc::payload_too_large for an external ID above max_message_key.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const { return write(std::span(&event, 1), out); }

    /// Appends all events as one body. If any of them cannot be written, returns its error and appends nothing; write events individually
    /// to keep the others.
    [[nodiscard]] Result<void> write(std::span<const Event> events, Buffer& out) const {
        for (const Event& event : events) {
            if (const auto refused = kit::refused(event, traits)) return *refused;
            if (event.external_id.size() > max_message_key) return Error{Errc::payload_too_large, no_offset, "message_key"};
        }
        JsonWriter json(out);
        json.begin_object();
        json.key("records");
        json.begin_array();
        for (const Event& event : events) write_record(json, event);
        json.end_array();
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const { return request(std::span(&event, 1)); }
    /// See Target.
    [[nodiscard]] Result<Request> request(std::span<const Event> events) const {
        Url url(base_url);
        url.path("api").path("global").path("em").path("jsonv2");
        const Header login = token.empty() ? kit::basic(user, password) : kit::bearer(token);
        return kit::post(*this, events, url, {login, {"Accept", "application/json"}});
    }

 private:
    ALERTMAP_ALWAYS_INLINE void write_record(JsonWriter& json, const Event& event) const {
        const bool resolved = event.transition == Transition::resolve;
        json.begin_object();
        kit::member_marked(json, "source", kit::first_of(event.client, "Alertmanager"), Markup::line, max_name);
        if (!event.client_url.empty()) kit::member_marked(json, "event_class", event.client_url, Markup::line, max_name);
        if (!event.source.empty()) kit::member_marked(json, "node", host(event.source), Markup::line, max_name);
        if (!event.service.empty()) kit::member_marked(json, "resource", event.service, Markup::line, max_name);
        const Text alert = event.labels.get("alertname");
        if (!alert.empty()) {
            kit::member_marked(json, "metric_name", alert, Markup::line, max_name);
            kit::member_marked(json, "type", alert, Markup::line, max_name);
        }
        json.member("message_key", event.external_id);
        json.member("severity", resolved ? std::string_view("0") : kit::severity_word(event, severity_words, severities, severity_choices));
        resolved ? json.member_word("resolution_state", "Closing") : json.member_word("resolution_state", "New");
        const kit::TimeText time = kit::utc_date_time(resolved ? event.ends_at : event.starts_at);
        if (time.size != 0) json.member("time_of_event", std::string_view(time));
        json.key("description");
        json.begin_string();
        if (event.description.empty()) {
            kit::part_marked(json, kit::title(event), Markup::plain, max_description);
        } else {
            kit::part_marked(json, kit::title(event), Markup::line, max_description / 4);
            json.part_raw("\\n");
            kit::part_alerts(json, event, Markup::plain, max_description - max_description / 4 - 1);
        }
        json.end_string();
        if (!resolved) write_labels(json, event.labels);
        json.end_object();
    }
    /// Writes the labels as a string that contains JSON.
    ALERTMAP_ALWAYS_INLINE static void write_labels(JsonWriter& json, const Labels& labels) {
        json.key("additional_info");
        json.begin_string();
        std::string_view before = R"({\")";
        for (const Label& label : labels) {
            json.part_raw(before);
            before = R"(\",\")";
            kit::part_marked(json, label.name, Markup::json);
            json.part_raw(R"(\":\")");
            kit::part_marked(json, label.value, Markup::json);
        }
        json.part_raw(labels.empty() ? "{}" : R"(\"})");
        json.end_string();
    }
    /// The host name without the port: ServiceNow binds the node to a configuration item by name. An IPv6 address keeps its colons.
    [[nodiscard]] static std::string_view host(std::string_view source) noexcept {
        const std::size_t colon = source.rfind(':');
        if (source.starts_with('[')) {
            const std::size_t end = source.find(']');
            return end == std::string_view::npos ? source : source.substr(1, end - 1);
        }
        if (colon == std::string_view::npos || colon == 0 || source.find(':') != colon) return source;
        return source.substr(0, colon);
    }
};

}  // namespace alertmap::target
