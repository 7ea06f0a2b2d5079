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
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"

namespace alertmap::target {

/// Opsgenie's alert API or, with another base_url, its successor Jira Service Management. The external ID is the alias: creating an alert
/// with the alias of an open one increases its count. Labels are sent as details, as many as fit. Event::notify selects the responders;
/// types other than team, user, escalation and schedule are omitted, as the API would reject the alert. An answer 202 means queued, not
/// created. Thread-safe.
/// Source: https://docs.opsgenie.com/docs/alert-api, https://docs.opsgenie.com/docs/alerts-and-alert-fields,
/// https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/ (integration events), Alertmanager notify/opsgenie/opsgenie.go
struct Opsgenie {
    static constexpr std::string_view name = "opsgenie";
    static constexpr std::string_view doc = "Opsgenie or, with another base_url, Jira Service Management";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .unknown_resolve = UnknownResolve::unknown};

    // In code points.
    static constexpr std::size_t max_message = 130;
    static constexpr std::size_t max_description = 15'000;
    static constexpr std::size_t max_entity = 512;
    static constexpr std::size_t max_source = 100;
    // In bytes; Opsgenie counts characters, so this is on the safe side.
    static constexpr std::size_t max_alias = 512;
    static constexpr std::size_t max_details = 8'000;
    static constexpr std::size_t max_responders = 50;
    /// The API rejects anything but P1 to P5 with 422.
    /// Source: prometheus/alertmanager#2088
    static constexpr kit::SeverityWords priority_words = {"P1", "P2", "P3", "P5"};
    static constexpr std::string_view priority_choices = "P1|P2|P3|P4|P5";

    std::string api_key = {};
    std::string priorities = {};
    std::string base_url = "https://api.opsgenie.com";

    static constexpr Option<Opsgenie> options[] = {
        {"api_key", &Opsgenie::api_key, "key of the API integration", OptionIs::required_secret},
        {"priorities", &Opsgenie::priorities, "priorities by severity, e.g. page=P1,warning=P4; default: P1, P2, P3, P5"},
        {"base_url", &Opsgenie::base_url,
         "https://api.eu.opsgenie.com for the EU, https://api.atlassian.com/jsm/ops/integration for Jira Service Management"},
    };

    /// See Target. Errors also: Errc::payload_too_large for an external ID above max_alias.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (event.external_id.size() > max_alias) return Error{Errc::payload_too_large, no_offset, "alias"};
        JsonWriter json(out);
        json.begin_object();
        if (event.transition == Transition::trigger) write_alert(json, event);
        kit::member_cut(json, "source", kit::first_of(event.client_url, event.client, "Alertmanager"), max_source);
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Url url(base_url);
        url.path("v2").path("alerts");
        if (event.transition != Transition::trigger) {
            url.path(event.external_id).path(event.transition == Transition::acknowledge ? "acknowledge" : "close");
            url.query("identifierType", "alias");
        }
        return kit::post(*this, event, url, {{"Authorization", "GenieKey " + api_key, true}});
    }

 private:
    ALERTMAP_ALWAYS_INLINE void write_alert(JsonWriter& json, const Event& event) const {
        kit::member_cut(json, "message", kit::title(event), max_message);
        json.member("alias", event.external_id);
        if (!event.description.empty()) kit::member_cut(json, "description", event.description, max_description);
        write_responders(json, event);
        json.key("details");
        json.begin_object();
        std::size_t size = 0;
        write_detail(json, size, "url", event.url);
        write_detail(json, size, "runbook_url", event.runbook_url);
        for (const Label& label : event.labels) {
            if (label.name != "url" && label.name != "runbook_url") write_detail(json, size, label.name, label.value);
        }
        json.end_object();
        if (!event.service.empty()) kit::member_cut(json, "entity", event.service, max_entity);
        json.member("priority", kit::severity_word(event, priority_words, priorities, priority_choices));
    }
    ALERTMAP_ALWAYS_INLINE static void write_detail(JsonWriter& json, std::size_t& size, Text key, Text value) {
        if (value.empty() || size + key.size() + value.size() > max_details) return;
        size += key.size() + value.size();
        json.member(key, value);
    }
    ALERTMAP_ALWAYS_INLINE static void write_responders(JsonWriter& json, const Event& event) {
        std::size_t count = 0;
        for (const NotifyTarget& responder : event.notify) {
            if (!is_responder(responder) || count == max_responders) continue;
            if (count++ == 0) {
                json.key("responders");
                json.begin_array();
            }
            json.begin_object();
            json.member("id", responder.id);
            json.member("type", responder.type);
            json.end_object();
        }
        if (count != 0) json.end_array();
    }
    [[nodiscard]] static bool is_responder(const NotifyTarget& responder) noexcept {
        const std::string_view type = responder.type;
        return !responder.id.empty() && (type == "team" || type == "user" || type == "escalation" || type == "schedule");
    }
};

}  // namespace alertmap::target
