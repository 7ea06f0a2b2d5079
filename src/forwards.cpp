#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/forwards/alertmanager_api.hpp"
#include "alertmap/forwards/any.hpp"
#include "alertmap/forwards/better_stack.hpp"
#include "alertmap/forwards/grafana_oncall.hpp"
#include "alertmap/forwards/incident_io.hpp"
#include "alertmap/forwards/rootly.hpp"
#include "alertmap/forwards/signl4.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/policies/url.hpp"
#include "alertmap/status.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/timestamp.hpp"

namespace alertmap {

namespace forward {

Result<void> IncidentIo::write(const AlertGroup& group, Buffer& out) const {
    const std::size_t start = out.size();
    AlertGroup sent = with_safe_status(group);
    sent.version = "1";
    const std::string key = group.group_key.empty() ? stable_group_key(group) : std::string();
    if (!key.empty()) sent.group_key = key;
    write_group(sent, out);
    if (out.size() - start <= max_body) return {};
    if (!group.alerts.empty()) {
        const auto fires = [](const Alert& alert) { return alert.status == Status::firing; };
        const auto first = std::find_if(group.alerts.begin(), group.alerts.end(), fires);
        Alert alert = first == group.alerts.end() ? group.alerts[0] : *first;
        sent.alerts = {&alert, 1};
        sent.truncated_alerts += group.alerts.size() - 1;
        sent = with_safe_status(sent);
        for (int i = 0; i < 2; ++i) {
            out.truncate(start);
            write_group(sent, out);
            if (out.size() - start <= max_body) return {};
            alert.annotations = {};
            sent.common_annotations = {};
            sent.extra = {};
        }
    }
    out.truncate(start);
    return Errc::payload_too_large;
}

namespace {

bool is_posted(const Label& label) { return !label.name.empty() && !label.value.empty(); }
bool any_posted(Labels labels) { return std::any_of(labels.begin(), labels.end(), is_posted); }

/// The API rejects the whole call if an alert has no labels.
void post_labels(JsonWriter& json, const Labels& own, const AlertGroup& group) {
    json.key("labels");
    json.begin_object();
    const Labels* chosen = nullptr;
    for (const Labels* labels : {&own, &group.common_labels, &group.group_labels}) {
        if (chosen == nullptr && any_posted(*labels)) chosen = labels;
    }
    if (chosen == nullptr) json.member("alertname", "unnamed");
    if (chosen != nullptr) {
        for (const Label& label : *chosen) {
            if (is_posted(label)) json.member(label.name, label.value);
        }
    }
    json.end_object();
}

void post_annotations(JsonWriter& json, Labels annotations, std::string_view url_name, std::string_view url) {
    json.key("annotations");
    json.begin_object();
    for (const Label& annotation : annotations) {
        if (is_posted(annotation)) json.member(annotation.name, annotation.value);
    }
    if (!url_name.empty() && !url.empty() && annotations.find(url_name) == nullptr) json.member(url_name, url);
    json.end_object();
}

void post_times(JsonWriter& json, const Alert& alert, std::string_view firing_ends_at) {
    const auto post = [&](JsonKey key, const Timestamp& time) {
        const kit::TimeText text = kit::utc_rfc3339(time);
        json.member(key, std::string_view(text));
    };
    const Timestamp& start = alert.starts_at;
    if (start.is_set) post("startsAt", start);
    if (alert.status == Status::firing) {
        if (!firing_ends_at.empty()) json.member("endsAt", firing_ends_at);
    } else if (alert.ends_at.is_set && alert.ends_at >= start) {
        post("endsAt", alert.ends_at);
    } else if (start.is_set) {
        post("endsAt", start);
    } else {
        json.member("endsAt", "1970-01-01T00:00:01Z");  // any time in the past
    }
}

}  // namespace

Result<void> AlertmanagerApi::write(const AlertGroup& group, Buffer& out) const {
    if (!firing_ends_at.empty()) {
        const Result<Timestamp> time = parse_timestamp(firing_ends_at);
        if (!time || !time->is_set) return Error{Errc::invalid_value, no_offset, "firing_ends_at"};
    }
    {
        JsonWriter json(out);
        json.begin_array();
        for (const Alert& alert : group.alerts) {
            json.begin_object();
            post_labels(json, alert.labels, group);
            post_annotations(json, alert.annotations, url_annotation, group.external_url);
            post_times(json, alert, firing_ends_at);
            if (is_http_url(alert.generator_url)) json.member("generatorURL", alert.generator_url);
            json.end_object();
        }
        json.end_array();
    }
    out.push_back('\n');
    return {};
}

}  // namespace forward

std::span<const Kind<AnyForward>> forwards() noexcept {
    static constexpr auto kinds = detail::kinds<AnyForward,              //
                                                forward::Alertmanager,   //
                                                forward::Signl4,         //
                                                forward::BetterStack,    //
                                                forward::Rootly,         //
                                                forward::GrafanaOncall,  //
                                                forward::IncidentIo,     //
                                                forward::AlertmanagerApi>;
    return kinds;
}

Result<AnyForward> make_forward(std::string_view name, std::span<const OptionValue> options) {
    return detail::make_by_name(forwards(), name, options);
}

}  // namespace alertmap
