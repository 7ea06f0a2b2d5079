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

/// ilert's events API. The external ID is the alertKey. ilert compares it case-insensitively and truncates it at an undocumented limit, so
/// prefer fingerprints and hashes. The integration key is part of the body. Thread-safe.
/// Source: https://api.ilert.com/api-docs (events), iLert/ilert-go event.go
struct Ilert {
    static constexpr std::string_view name = "ilert";
    static constexpr std::string_view doc = "ilert events API";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .unknown_resolve = UnknownResolve::unknown};

    static constexpr kit::SeverityWords priority_words = {"HIGH", "HIGH", "LOW", "LOW"};

    std::string integration_key = {};
    std::string priorities = {};
    std::string url = "https://api.ilert.com/api/events";

    static constexpr Option<Ilert> options[] = {
        {"integration_key", &Ilert::integration_key, "key of the alert source", OptionIs::required_secret},
        {"priorities", &Ilert::priorities, "priorities by severity, e.g. page=HIGH,warning=HIGH; default: HIGH, HIGH, LOW, LOW"},
        {"url", &Ilert::url, "URL of the events API"},
    };

    /// See Target. Errors also: Errc::missing_value without integration_key.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (integration_key.empty()) return kit::missing("integration_key");
        const bool trigger = event.transition == Transition::trigger;
        JsonWriter json(out);
        json.begin_object();
        json.member("integrationKey", integration_key);
        json.member("eventType", type_of(event.transition));
        json.member("summary", kit::title(event));
        if (trigger) json.member_unless_empty("details", event.description);
        json.member("alertKey", event.external_id);
        if (trigger) {
            json.member("priority", kit::severity_word(event, priority_words, priorities, "HIGH|LOW"));
            write_links(json, event);
            kit::member_labels(json, "labels", event.labels);
        }
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Result<Request> request = kit::post(*this, event, Url(url));
        if (request) kit::mask_in_body(*request, integration_key);
        return request;
    }

 private:
    [[nodiscard]] static std::string_view type_of(Transition transition) noexcept {
        if (transition == Transition::trigger) return "ALERT";
        return transition == Transition::acknowledge ? "ACCEPT" : "RESOLVE";
    }
    static void write_links(JsonWriter& json, const Event& event) {
        if (event.url.empty() && event.runbook_url.empty()) return;
        json.key("links");
        json.begin_array();
        write_link(json, event.url, "Source");
        write_link(json, event.runbook_url, "Runbook");
        json.end_array();
    }
    static void write_link(JsonWriter& json, std::string_view href, std::string_view text) {
        if (href.empty()) return;
        json.begin_object();
        json.member("href", href);
        json.member("text", text);
        json.end_object();
    }
};

}  // namespace alertmap::target
