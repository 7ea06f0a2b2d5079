#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap::target {

/// Keep's alert events. The external ID is the fingerprint, Keep's deduplication key. Keep answers 202 when it has queued the event.
/// Thread-safe.
/// Source: keephq/keep keep/api/models/alert.py (AlertDto), keep/api/routes/alerts.py
struct Keep {
    static constexpr std::string_view name = "keep";
    static constexpr std::string_view doc = "Keep alert events";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .unknown_resolve = UnknownResolve::opens};

    /// In bytes; Keep truncates a longer one, which could merge two alerts.
    static constexpr std::size_t max_fingerprint = 255;
    static constexpr kit::SeverityWords severity_words = {"critical", "high", "warning", "info"};

    std::string base_url = {};
    std::string api_key = {};
    std::string environment = {};

    static constexpr Option<Keep> options[] = {
        {"base_url", &Keep::base_url, "URL of Keep's API", OptionIs::required},
        {"api_key", &Keep::api_key, "API key", OptionIs::required_secret},
        {"environment", &Keep::environment, "environment of all alerts, e.g. production"},
    };

    /// See Target. Errors also: Errc::payload_too_large for an external ID above max_fingerprint.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (event.external_id.size() > max_fingerprint) return Error{Errc::payload_too_large, no_offset, "fingerprint"};
        const bool resolve = event.transition == Transition::resolve;
        const Label* alertname = event.labels.find("alertname");
        const std::string_view alert = alertname == nullptr ? std::string_view() : std::string_view(alertname->value);
        JsonWriter json(out);
        json.begin_object();
        json.member("id", event.external_id);
        json.member("name", kit::first_of(alert, kit::title(event)));
        json.member("status", status(event.transition));
        json.member("severity", kit::severity_word(event, severity_words, {}, "critical|high|warning|info|low"));
        kit::member_time(json, "lastReceived", resolve && event.ends_at.is_set ? event.ends_at : event.starts_at);
        json.member_unless_empty("environment", environment);
        json.member_unless_empty("service", event.service);
        json.key("source");
        json.begin_array();
        json.value("alertmanager");
        json.end_array();
        json.member("message", kit::title(event));
        json.member_unless_empty("description", event.description);
        json.member_unless_empty("url", event.url);
        kit::member_labels(json, "labels", event.labels);
        json.member("fingerprint", event.external_id);
        kit::member_time(json, "startedAt", event.starts_at);
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Url url(base_url);
        return kit::post(*this, event, url.path("alerts").path("event"), {{"X-API-KEY", api_key, true}});
    }

 private:
    [[nodiscard]] static std::string_view status(Transition transition) noexcept {
        if (transition == Transition::trigger) return "firing";
        return transition == Transition::acknowledge ? "acknowledged" : "resolved";
    }
};

}  // namespace alertmap::target
