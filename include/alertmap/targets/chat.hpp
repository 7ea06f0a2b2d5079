#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/detail/markup.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/text.hpp"

/// What targets of chats need beside kit.hpp: text of an alert in the chat's markup, cut by what the chat counts, and the alerts of a
/// group in one message. All functions are safe to call from any thread and do not allocate once the writer's buffer has its size;
/// they are linear in the text.
namespace alertmap::kit {

/// A short text in memory of its own.
struct StateText {
    char text[72] = {};
    std::size_t size = 0;
    operator std::string_view() const noexcept { return {text, size}; }
};

/// "[FIRING] ", "[FIRING:2 RESOLVED:1] " of a group of which two alerts fire and one is resolved, "[RESOLVED] ", "[ACKNOWLEDGED] ": what
/// is written in front of the title. At most 60 bytes. Empty if the title begins like that itself, as Alertmanager's default subject does.
[[nodiscard]] inline StateText state_prefix(const Event& event) noexcept {
    StateText state;
    const std::string_view title = kit::title(event);
    if (title.starts_with("[FIRING") || title.starts_with("[RESOLVED")) return state;
    const auto put = [&state](std::string_view text) {
        for (const char c : text) state.text[state.size++] = c;
    };
    switch (event.transition) {
        case Transition::resolve: put("[RESOLVED] "); return state;
        case Transition::acknowledge: put("[ACKNOWLEDGED] "); return state;
        default: break;
    }
    const auto put_count = [&](std::string_view before, std::size_t count) {
        put(before);
        put(decimal(count));
    };
    put("[FIRING");
    if (event.firing + event.resolved > 1) put_count(":", event.firing);
    if (event.resolved != 0 && event.firing != 0) put_count(" RESOLVED:", event.resolved);
    put("] ");
    return state;
}

/// A part of a string that is open (JsonWriter::begin_string()).
inline void part_marked(JsonWriter& json, std::string_view text, Markup markup) {
    if (detail::stays_as_it_is(text, markup, text.size())) return json.part(text);
    detail::MarkupPieces pieces(text, markup);
    std::string_view piece;
    while (pieces.next(piece)) json.part(piece);
}
/// The same with as much of the text as makes at most `limit` (4 or more) units, escapes and ellipsis included.
inline void part_marked(JsonWriter& json, std::string_view text, Markup markup, std::size_t limit, TextUnit unit = TextUnit::code_points) {
    if (detail::stays_as_it_is(text, markup, limit)) return json.part(text);
    const detail::FittedText fitted = detail::fit_text(text, markup, limit, unit);
    part_marked(json, fitted.text, markup);
    if (fitted.cut) json.part("\u2026");
}

/// One member: a text.
inline void member_marked(JsonWriter& json, JsonKey key, Text text, Markup markup, std::size_t limit,
                          TextUnit unit = TextUnit::code_points) {
    if (detail::stays_as_it_is(text, markup, limit)) return json.member(key, text);
    json.key(key);
    json.begin_string();
    part_marked(json, text, markup, limit, unit);
    json.end_string();
}

/// One member: the title behind its state, "[FIRING] Disk almost full". `limit` is 80 or more.
inline void member_headline(JsonWriter& json, JsonKey key, const Event& event, Markup markup, std::size_t limit,
                            TextUnit unit = TextUnit::code_points) {
    const StateText prefix = state_prefix(event);
    json.key(key);
    json.begin_string();
    part_marked(json, prefix, markup);
    // Each bracket may have a backslash.
    part_marked(json, title(event), markup, limit - (prefix.size == 0 ? 0 : prefix.size + 2), unit);
    json.end_string();
}

/// A part: "and 3 more".
inline void part_more(JsonWriter& json, std::size_t count) {
    const NumberText digits = decimal(count);
    json.part("and ");
    json.part(digits);
    json.part(" more");
}

/// A part: the description. Of a group, where it has an alert a line (those that fire first), whole lines and "and N more".
inline void part_alerts(JsonWriter& json, const Event& event, Markup markup, std::size_t limit, TextUnit unit = TextUnit::code_points) {
    if (event.firing + event.resolved <= 1) return part_marked(json, event.description, markup, limit, unit);
    const detail::FittedLines fitted = detail::fit_lines(event.description, markup, limit, unit);
    part_marked(json, fitted.text, markup);
    if (fitted.cut) json.part("\u2026");
    if (fitted.left_out == 0) return;
    json.part("\n");
    part_more(json, fitted.left_out);
}

}  // namespace alertmap::kit
