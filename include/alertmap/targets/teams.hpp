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

/// Microsoft Teams through Workflows (Power Automate): one adaptive card per transition. Texts are in text runs, which Teams does not
/// format; a group has one line per alert. A card above max_body loses its labels, then text. Thread-safe.
/// Source: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook,
/// https://adaptivecards.io/explorer/TextRun.html, Alertmanager notify/msteamsv2/msteamsv2.go
struct Teams {
    static constexpr std::string_view name = "teams";
    static constexpr std::string_view doc = "Microsoft Teams through Workflows";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::nothing,
                                            .repeat = Repeat::pages_again,
                                            .unknown_resolve = UnknownResolve::opens,
                                            .acknowledges = false,
                                            .rate = {4, 1, RatePer::integration},
                                            .per_group = true,
                                            .experimental = true};

    /// In bytes. Teams documents about 28 KB, but status 413 was observed from 21 KB.
    static constexpr std::size_t max_body = 21'000;
    // In code points.
    static constexpr std::size_t max_title = 500;
    static constexpr std::size_t max_text = 8'000;
    static constexpr std::size_t max_label = 500;
    /// In bytes; a longer link is omitted.
    static constexpr std::size_t max_link = 2'000;

    std::string url = {};

    static constexpr Option<Teams> options[] = {
        {"url", &Teams::url, "URL of the workflow", OptionIs::required_secret},
    };

    /// See Target. Errors also: Errc::payload_too_large for a card that is still above max_body after all reductions.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        constexpr Room rooms[] = {{max_title, max_text, true}, {max_title, max_text, false}, {max_title, 2'000, false}, {200, 200, false}};
        for (const Room& room : rooms) {
            if (write_card(event, room, out)) return {};
        }
        return Errc::payload_too_large;
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const { return kit::post(*this, event, Url(url).mask_all_but_host()); }

 private:
    struct Room {
        std::size_t title;
        std::size_t text;
        bool labels;
    };

    /// Returns false and appends nothing if the body is too large.
    [[nodiscard]] static bool write_card(const Event& event, const Room& room, Buffer& out) {
        JsonWriter json(out);
        json.begin_object();
        json.member_word("type", "message");
        json.key("attachments");
        json.begin_array();
        json.begin_object();
        json.member_word("contentType", "application/vnd.microsoft.card.adaptive");
        json.key("contentUrl");
        json.null();
        json.key("content");
        json.begin_object();
        json.member_word("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.member_word("type", "AdaptiveCard");
        json.member_word("version", "1.2");
        json.key("body");
        json.begin_array();
        write_title(json, event, room.title);
        if (event.transition == Transition::trigger) write_text(json, event, room);
        json.end_array();
        write_actions(json, event);
        json.key("msteams");
        json.begin_object();
        json.member_word("width", "full");
        json.end_object();
        json.end_object();
        json.end_object();
        json.end_array();
        json.end_object();
        if (json.size() <= max_body) return true;
        json.abandon();
        return false;
    }
    ALERTMAP_ALWAYS_INLINE static void begin_block(JsonWriter& json) {
        json.begin_object();
        json.member_word("type", "RichTextBlock");
        json.key("inlines");
        json.begin_array();
    }
    ALERTMAP_ALWAYS_INLINE static void end_block(JsonWriter& json) {
        json.end_array();
        json.end_object();
    }
    ALERTMAP_ALWAYS_INLINE static void write_title(JsonWriter& json, const Event& event, std::size_t limit) {
        begin_block(json);
        json.begin_object();
        json.member_word("type", "TextRun");
        kit::member_headline(json, "text", event, Markup::line, limit);
        json.member_word("size", "Medium");
        json.member_word("weight", "Bolder");
        if (event.transition == Transition::resolve) {
            json.member_word("color", "Good");
        } else if (event.severity == Severity::critical || event.severity == Severity::error) {
            json.member_word("color", "Attention");
        } else {
            json.member_word("color", "Warning");
        }
        json.end_object();
        end_block(json);
    }
    ALERTMAP_ALWAYS_INLINE static void write_text(JsonWriter& json, const Event& event, const Room& room) {
        // One block per line: text runs have no line breaks.
        const detail::FittedLines fitted = detail::fit_lines(event.description, Markup::line, room.text, TextUnit::code_points);
        for (std::string_view rest = fitted.text; !rest.empty();) {
            const std::size_t newline = rest.find('\n');
            const bool last = newline == std::string_view::npos;
            write_run(json, rest.substr(0, newline), last && fitted.cut);
            rest = last ? std::string_view() : rest.substr(newline + 1);
        }
        if (fitted.left_out != 0) write_missing(json, event.firing + event.resolved > 1 ? fitted.left_out : 0);
        if (!room.labels) return;
        for (const Label& label : event.labels) {
            begin_block(json);
            json.begin_object();
            json.member_word("type", "TextRun");
            json.key("text");
            json.begin_string();
            kit::part_marked(json, label.name, Markup::line, max_label);
            json.part_raw(": ");
            json.end_string();
            json.member("isSubtle", true);
            json.end_object();
            json.begin_object();
            json.member_word("type", "TextRun");
            kit::member_marked(json, "text", label.value, Markup::line, max_label);
            json.end_object();
            end_block(json);
        }
    }
    ALERTMAP_ALWAYS_INLINE static void write_run(JsonWriter& json, std::string_view text, bool cut) {
        begin_block(json);
        json.begin_object();
        json.member_word("type", "TextRun");
        json.key("text");
        json.begin_string();
        kit::part_marked(json, text, Markup::line);
        if (cut) json.part_raw("\u2026");
        json.end_string();
        json.end_object();
        end_block(json);
    }
    /// Writes "and N more", or an ellipsis if the number of omitted alerts is unknown (0).
    ALERTMAP_ALWAYS_INLINE static void write_missing(JsonWriter& json, std::size_t alerts) {
        begin_block(json);
        json.begin_object();
        json.member_word("type", "TextRun");
        json.key("text");
        json.begin_string();
        alerts == 0 ? json.part_raw("\u2026") : kit::part_more(json, alerts);
        json.end_string();
        json.end_object();
        end_block(json);
    }
    ALERTMAP_ALWAYS_INLINE static void write_actions(JsonWriter& json, const Event& event) {
        const bool url = !event.url.empty() && event.url.size() <= max_link;
        const bool runbook = !event.runbook_url.empty() && event.runbook_url.size() <= max_link;
        if (!url && !runbook) return;
        json.key("actions");
        json.begin_array();
        if (url) write_action(json, "Source", event.url);
        if (runbook) write_action(json, "Runbook", event.runbook_url);
        json.end_array();
    }
    ALERTMAP_ALWAYS_INLINE static void write_action(JsonWriter& json, JsonKey title, const Text& link) {
        json.begin_object();
        json.member_word("type", "Action.OpenUrl");
        json.member_word("title", title);
        json.member("url", link);
        json.end_object();
    }
};

}  // namespace alertmap::target
