#pragma once

#include <alertmap/alertmap.hpp>

#include <cstddef>
#include <string>
#include <string_view>

// A custom target: Squadcast's incident webhook. A plain struct with the same features as a built-in target: options, choice by name,
// AnyTarget, masked secrets. tests/targets/custom_target_test.cpp tests it like the built-in targets.
namespace custom {

using namespace alertmap;

/// Source: https://developers.squadcast.com (incident webhook)
struct Squadcast {
    static constexpr std::string_view name = "squadcast";
    static constexpr std::string_view doc = "Squadcast incident webhook";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .acknowledges = false};
    static constexpr std::size_t max_body = 30'000;  // Squadcast answers 413 above "30 KB"

    std::string url = {};
    std::string priority = {};

    static constexpr Option<Squadcast> options[] = {
        {"url", &Squadcast::url, "URL of the incident webhook", OptionIs::required_secret},
        {"priority", &Squadcast::priority, "priority of every incident", OptionIs::optional, "P1|P2|P3|P4|P5"},
    };

    Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        // A too large alert is reduced, so that it is accepted.
        if (write_incident(event, out, max_body, true) || write_incident(event, out, 1'000, false)) return {};
        return Errc::payload_too_large;
    }

    Result<Request> request(const Event& event) const { return kit::post(*this, event, Url(url).mask_all_but_host()); }

 private:
    /// Returns false and appends nothing if the body is too large.
    bool write_incident(const Event& event, Buffer& out, std::size_t max_text, bool with_tags) const {
        JsonWriter json(out);
        json.begin_object();
        json.member("status", event.transition == Transition::trigger ? "trigger" : "resolve");
        json.member("event_id", event.external_id);
        if (event.transition == Transition::trigger) {
            kit::member_cut(json, "message", kit::title(event), max_text);
            kit::member_cut(json, "description", kit::first_of(event.description, kit::title(event)), max_text);
            json.member_unless_empty("priority", priority);
            if (with_tags) kit::member_labels(json, "tags", event.labels);
        }
        json.end_object();
        if (json.size() <= max_body) return true;
        json.abandon();
        return false;
    }
};

static_assert(Target<Squadcast>);

}  // namespace custom
