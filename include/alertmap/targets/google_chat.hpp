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

/// Google Chat webhook: one card per transition. All cards of an incident are in one thread, whose key is the external ID, so that a
/// resolve is shown below its trigger without stored state. Texts are escaped as HTML, which cards interpret. A message above max_body
/// loses its labels, then text. Thread-safe.
/// Source: https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages,
/// https://developers.google.com/workspace/chat/quickstart/webhooks, https://developers.google.com/workspace/chat/limits
struct GoogleChat {
    static constexpr std::string_view name = "google_chat";
    static constexpr std::string_view doc = "Google Chat webhook, one thread per incident";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::external_id,
                                            .repeat = Repeat::pages_again,
                                            .unknown_resolve = UnknownResolve::opens,
                                            .rate = {60, 60, RatePer::integration},
                                            .per_group = true,
                                            .experimental = true};

    /// Maximum message size in bytes.
    /// Source: https://developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages
    static constexpr std::size_t max_body = 32'000;
    /// In bytes; Google counts characters, so this is on the safe side.
    /// Source: the same, Thread.threadKey
    static constexpr std::size_t max_thread_key = 4'000;
    // In code points, including escapes.
    static constexpr std::size_t max_title = 500;
    static constexpr std::size_t max_text = 5'000;
    static constexpr std::size_t max_label = 500;
    /// In bytes; a longer link is omitted.
    static constexpr std::size_t max_link = 2'000;

    std::string url = {};

    static constexpr Option<GoogleChat> options[] = {
        {"url", &GoogleChat::url, "URL of the webhook, with its key and token", OptionIs::required_secret},
    };

    /// See Target. Errors also: Errc::payload_too_large for an external ID above max_thread_key.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (event.external_id.size() > max_thread_key) return Error{Errc::payload_too_large, no_offset, "thread.threadKey"};
        constexpr Room rooms[] = {{max_title, max_text, true}, {max_title, max_text, false}, {200, 500, false}};
        for (const Room& room : rooms) {
            if (write_message(event, room, out)) return {};
        }
        return Errc::payload_too_large;
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        return kit::post(*this, event, Url(url).mask_all_but_host().query("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"));
    }

 private:
    struct Room {
        std::size_t title;
        std::size_t text;
        bool labels;
    };

    /// Returns false and appends nothing if the body is too large.
    [[nodiscard]] static bool write_message(const Event& event, const Room& room, Buffer& out) {
        JsonWriter json(out);
        json.begin_object();
        json.key("cardsV2");
        json.begin_array();
        json.begin_object();
        json.member_word("cardId", "alert");
        json.key("card");
        json.begin_object();
        json.key("sections");
        json.begin_array();
        json.begin_object();
        json.key("widgets");
        json.begin_array();
        write_title(json, event, room.title);
        if (event.transition == Transition::trigger) write_details(json, event, room);
        write_buttons(json, event);
        json.end_array();
        json.end_object();
        json.end_array();
        json.end_object();
        json.end_object();
        json.end_array();
        json.key("thread");
        json.begin_object();
        json.member("threadKey", event.external_id);
        json.end_object();
        json.end_object();
        if (json.size() <= max_body) return true;
        json.abandon();
        return false;
    }
    ALERTMAP_ALWAYS_INLINE static void write_title(JsonWriter& json, const Event& event, std::size_t limit) {
        json.begin_object();
        json.key("textParagraph");
        json.begin_object();
        json.key("text");
        json.begin_string();
        json.part_raw("<b>");
        kit::part_marked(json, kit::state_prefix(event), Markup::html);
        kit::part_marked(json, kit::title(event), Markup::html, limit);
        json.part_raw("</b>");
        json.end_string();
        json.end_object();
        json.end_object();
    }
    ALERTMAP_ALWAYS_INLINE static void write_details(JsonWriter& json, const Event& event, const Room& room) {
        if (!event.description.empty()) {
            json.begin_object();
            json.key("textParagraph");
            json.begin_object();
            json.key("text");
            json.begin_string();
            kit::part_alerts(json, event, Markup::html, room.text);
            json.end_string();
            json.end_object();
            json.end_object();
        }
        if (!room.labels) return;
        for (const Label& label : event.labels) {
            if (label.value.empty()) continue;
            json.begin_object();
            json.key("decoratedText");
            json.begin_object();
            kit::member_marked(json, "topLabel", label.name, Markup::line, max_label);  // topLabel is not interpreted as HTML
            kit::member_marked(json, "text", label.value, Markup::html, max_label);
            json.end_object();
            json.end_object();
        }
    }
    ALERTMAP_ALWAYS_INLINE static void write_buttons(JsonWriter& json, const Event& event) {
        const bool source = !event.url.empty() && event.url.size() <= max_link;
        const bool runbook = !event.runbook_url.empty() && event.runbook_url.size() <= max_link;
        if (!source && !runbook) return;
        json.begin_object();
        json.key("buttonList");
        json.begin_object();
        json.key("buttons");
        json.begin_array();
        if (source) write_button(json, "Source", event.url);
        if (runbook) write_button(json, "Runbook", event.runbook_url);
        json.end_array();
        json.end_object();
        json.end_object();
    }
    ALERTMAP_ALWAYS_INLINE static void write_button(JsonWriter& json, JsonKey text, const Text& link) {
        json.begin_object();
        json.member_word("text", text);
        json.key("onClick");
        json.begin_object();
        json.key("openLink");
        json.begin_object();
        json.member("url", link);
        json.end_object();
        json.end_object();
        json.end_object();
    }
};

}  // namespace alertmap::target
