#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap::target {

/// REST endpoint of Splunk On-Call (VictorOps). The external ID is the entity_id; sha256(groupKey) is the ID of Alertmanager's own
/// notifier. Labels are sent as separate fields; one with a reserved name is sent as "label_<name>". Success is HTTP 2xx without "failure"
/// in the body. Thread-safe.
/// Source: https://help.splunk.com (Splunk On-Call, REST endpoint integration guide), Alertmanager notify/victorops/victorops.go
struct SplunkOnCall {
    static constexpr std::string_view name = "splunk_on_call";
    static constexpr std::string_view doc = "Splunk On-Call (VictorOps) REST endpoint";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .unknown_resolve = UnknownResolve::unknown};

    /// In code points.
    /// Source: Alertmanager notify/victorops/victorops.go
    static constexpr std::size_t max_state_message = 20'480;
    /// CRITICAL opens an incident, WARNING may open one, INFO only adds to the timeline.
    static constexpr kit::SeverityWords message_types = {"CRITICAL", "CRITICAL", "WARNING", "INFO"};

    std::string api_key = {};
    std::string routing_key = {};
    std::string message_type = {};
    std::string base_url = "https://alert.victorops.com/integrations/generic/20131114/alert";

    static constexpr Option<SplunkOnCall> options[] = {
        {"api_key", &SplunkOnCall::api_key, "key of the REST integration", OptionIs::required_secret},
        {"routing_key", &SplunkOnCall::routing_key, "routing key", OptionIs::required},
        {"message_type", &SplunkOnCall::message_type, "message types by severity, e.g. ticket=INFO,warning=CRITICAL"},
        {"base_url", &SplunkOnCall::base_url, "URL of the endpoint, without the keys"},
    };

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        JsonWriter json(out);
        json.begin_object();
        json.member("message_type", type_of(event));
        json.member("entity_id", event.external_id);
        json.member("entity_display_name", kit::title(event));
        json.member("monitoring_tool", kit::first_of(event.client, "Alertmanager"));
        if (event.transition == Transition::trigger) {
            if (!event.description.empty()) kit::member_cut(json, "state_message", event.description, max_state_message);
            json.member_unless_empty("vo_annotate.u.Runbook", event.runbook_url);
            json.member_unless_empty("vo_annotate.u.Source", event.url);
            write_labels(json, event.labels);
        }
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        return kit::post(*this, event, Url(base_url).path(api_key, true).path(routing_key));
    }

    /// True for HTTP 2xx unless the answer has "result":"failure". Linear in the answer.
    [[nodiscard]] static bool succeeded(Transition, int http_status, std::string_view answer = {}) {
        return kit::is_success(http_status) && kit::read_id(answer, "result").value_or({}) != "failure";
    }

 private:
    [[nodiscard]] std::string_view type_of(const Event& event) const noexcept {
        if (event.transition == Transition::acknowledge) return "ACKNOWLEDGEMENT";
        if (event.transition == Transition::resolve) return "RECOVERY";
        return kit::severity_word(event, message_types, message_type, "CRITICAL|WARNING|INFO");
    }
    [[nodiscard]] static bool is_reserved(std::string_view label) noexcept {
        if (label.size() < 3) return false;
        // The first letter excludes nearly every name.
        switch (label[0]) {
            case 'a':
                return label == "alert_url" || label == "ack_author" || label == "ack_msg" || label == "agent" || label == "api_key" ||
                       label == "alert_count";
            case 'e': return label == "entity_id" || label == "entity_display_name" || label == "entity_state" || label == "entity_type";
            case 'h': return label == "host_name";
            case 'm': return label == "message_type" || label == "monitoring_tool" || label == "monitor_name" || label == "monitor_type";
            case 'r': return label == "routing_key";
            case 's': return label == "state_message" || label == "state_start_time" || label == "service";
            case 't': return label == "timestamp";
            case 'v':
            case 'V': return label.starts_with("vo_") || label.starts_with("VO_");
            default: return false;
        }
    }
    static void write_labels(JsonWriter& json, const Labels& labels) {
        if (std::none_of(labels.begin(), labels.end(), [](const Label& label) { return is_reserved(label.name); })) {
            return json.members(labels);
        }
        for (const Label& label : labels) {
            is_reserved(label.name) ? json.key_joined({"label_", label.name}) : json.key(label.name);
            json.value(label.value);
        }
    }
};

}  // namespace alertmap::target
