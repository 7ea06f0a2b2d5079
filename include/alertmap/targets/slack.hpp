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
#include "alertmap/targets/chat.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"

namespace alertmap::target {

namespace slack {

// In code points, including escapes. Slack itself truncates at 40,000 characters; the title's limit is that of Alertmanager's notifier.
// Source: https://docs.slack.dev/reference/methods/chat.postMessage, Alertmanager notify/slack/slack.go
inline constexpr std::size_t max_title = 1'024;
inline constexpr std::size_t max_text = 8'000;
inline constexpr std::size_t max_field = 1'000;
inline constexpr std::size_t max_fields = 20;

ALERTMAP_ALWAYS_INLINE inline void write_field(JsonWriter& json, Text name, Text value) {
    json.begin_object();
    kit::member_marked(json, "title", name, Markup::mrkdwn, max_field);
    kit::member_marked(json, "value", value, Markup::mrkdwn, max_field);
    json.member("short", name.size() + value.size() < 60);
    json.end_object();
}

/// Writes the members text, mrkdwn and attachments. Formatting is disabled (mrkdwn, mrkdwn_in), because * _ ~ cannot be escaped.
ALERTMAP_ALWAYS_INLINE inline void write_message(JsonWriter& json, const Event& event) {
    const bool fires = event.transition == Transition::trigger;
    kit::member_headline(json, "text", event, Markup::mrkdwn, max_title);
    json.member("mrkdwn", false);
    json.key("attachments");
    json.begin_array();
    json.begin_object();
    kit::member_marked(json, "fallback", kit::title(event), Markup::mrkdwn, max_title);
    if (event.transition == Transition::resolve) {
        json.member_word("color", "good");
    } else if (event.transition == Transition::acknowledge || event.severity == Severity::warning || event.severity == Severity::info) {
        json.member_word("color", "warning");
    } else {
        json.member_word("color", "danger");
    }
    if (!event.url.empty()) {
        json.member_word("title", "Source");
        json.member("title_link", event.url);
    }
    if (!event.description.empty()) {
        json.key("text");
        json.begin_string();
        kit::part_alerts(json, event, Markup::mrkdwn, max_text);
        json.end_string();
    }
    if (fires && (!event.labels.empty() || !event.runbook_url.empty())) {
        json.key("fields");
        json.begin_array();
        if (!event.runbook_url.empty()) write_field(json, "runbook", event.runbook_url);
        std::size_t count = 0;
        for (const Label& label : event.labels) {
            if (++count <= max_fields) write_field(json, label.name, label.value);
        }
        json.end_array();
    }
    json.key("mrkdwn_in");
    json.begin_array();
    json.end_array();
    json.end_object();
    json.end_array();
}

}  // namespace slack

/// Slack incoming webhook: one message per transition, as webhooks cannot edit messages. Slack does not format the texts, and they are
/// escaped against links and mentions. Success is HTTP 200 with the text "ok". Thread-safe.
/// Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, Alertmanager notify/slack/slack.go
struct SlackWebhook {
    static constexpr std::string_view name = "slack_webhook";
    static constexpr std::string_view doc = "Slack incoming webhook";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::nothing,
                                            .repeat = Repeat::pages_again,
                                            .unknown_resolve = UnknownResolve::opens,
                                            .acknowledges = false,
                                            .rate = {1, 1, RatePer::integration},
                                            .per_group = true,
                                            .experimental = true};

    std::string url = {};

    static constexpr Option<SlackWebhook> options[] = {
        {"url", &SlackWebhook::url, "URL of the incoming webhook", OptionIs::required_secret},
    };

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        JsonWriter json(out);
        json.begin_object();
        slack::write_message(json, event);
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const { return kit::post(*this, event, Url(url).mask_all_but_host()); }

    /// True for HTTP 200 with the text "ok"; other texts are errors.
    [[nodiscard]] static bool succeeded(Transition, int http_status, std::string_view answer = {}) noexcept {
        return http_status == 200 && answer == "ok";
    }
};

/// Slack's Web API with a bot token: a trigger posts a message, acknowledge and resolve edit it. The vendor ID is the channel ID and the
/// message's ts, "C0123456789:1503435956.000247". Errors have HTTP status 200 and "ok": false. Thread-safe.
/// Source: https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/reference/methods/chat.update
struct Slack {
    static constexpr std::string_view name = "slack";
    static constexpr std::string_view doc = "Slack Web API: bot messages, edited on resolve";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::vendor_id,
                                            .repeat = Repeat::pages_again,
                                            .unknown_resolve = UnknownResolve::ignored,
                                            .rate = {1, 1, RatePer::integration},
                                            .per_group = true,
                                            .experimental = true};

    std::string token = {};
    std::string channel = {};
    std::string base_url = "https://slack.com/api";

    static constexpr Option<Slack> options[] = {
        {"token", &Slack::token, "token of the bot (xoxb-...)", OptionIs::required_secret},
        {"channel", &Slack::channel, "ID of the channel, or #name", OptionIs::required},
        {"base_url", &Slack::base_url, "URL of the Web API"},
    };

    /// See Target. Errc::missing_vendor_id for acknowledge and resolve: use request(), which knows the message to edit.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (event.transition != Transition::trigger) return Errc::missing_vendor_id;
        write_body(event, {}, out);
        return {};
    }

    /// See Target. `vendor_id` comes from read_id(); without a channel in it, the configured channel is used.
    [[nodiscard]] Result<Request> request(const Event& event, std::string_view vendor_id = {}) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (auto valid = check_options(*this); !valid) return valid.error();
        const bool edits = event.transition != Transition::trigger;
        if (edits && vendor_id.empty()) return Errc::missing_vendor_id;
        Buffer body;
        write_body(event, edits ? vendor_id : std::string_view(), body);
        Url url(base_url);
        edits ? url.path("chat.update") : url.path("chat.postMessage");
        return kit::post_body(url, {kit::bearer(token)}, "application/json; charset=utf-8", body.view());
    }

    /// True only for HTTP 200 with "ok": true.
    [[nodiscard]] static bool succeeded(Transition, int http_status, std::string_view answer = {}) {
        return http_status == 200 && kit::says_true(answer, "ok");
    }

    /// "<channel>:<ts>" from the answer to the first message. Errors: JSON errors, and Errc::missing_vendor_id. Allocates.
    [[nodiscard]] static Result<std::string> read_id(std::string_view answer) {
        Result<std::string> channel_id = kit::read_id(answer, "channel");
        if (!channel_id) return channel_id;
        Result<std::string> ts = kit::read_id(answer, "ts");
        if (!ts) return ts;
        return channel_id->append(":").append(*ts);
    }

 private:
    void write_body(const Event& event, std::string_view vendor_id, Buffer& out) const {
        JsonWriter json(out);
        json.begin_object();
        const std::size_t colon = vendor_id.find(':');
        const bool has_channel = !vendor_id.empty() && colon != std::string_view::npos;
        json.member("channel", has_channel ? vendor_id.substr(0, colon) : std::string_view(channel));
        if (!vendor_id.empty()) json.member("ts", has_channel ? vendor_id.substr(colon + 1) : vendor_id);
        slack::write_message(json, event);
        json.end_object();
    }
};

}  // namespace alertmap::target
