#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/markup.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/text.hpp"

/// Helpers for chat targets, in addition to kit.hpp: alert text in the chat's markup, truncated in the chat's units, and a group's alerts
/// in one message. All functions are thread-safe, linear in the text, and allocate only for growth of the writer's buffer.
namespace alertmap::kit {

/// A short text by value.
struct StateText {
    char text[72] = {};
    std::size_t size = 0;
    operator std::string_view() const noexcept { return {text, size}; }
};

/// The prefix of the title, at most 60 bytes: "[FIRING] ", "[RESOLVED] ", "[ACKNOWLEDGED] ", for a group "[FIRING:2 RESOLVED:1] ". Empty if
/// the title already starts like this, as Alertmanager's default subject does.
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

/// Writes a part of a string that JsonWriter::begin_string() started.
ALERTMAP_ALWAYS_INLINE inline void part_marked(JsonWriter& json, Text text, Markup markup) {
    if (text.needs_no_escape() && markup == Markup::json) return json.part(text);
    json.part_by(7 * text.size() + 3, [&](char* to) { return detail::write_marked_json(to, text, markup); });
}
/// The same, truncated to `limit` (at least 4) units, including escapes and ellipsis.
ALERTMAP_ALWAYS_INLINE inline void part_marked(JsonWriter& json, Text text, Markup markup, std::size_t limit,
                                               TextUnit unit = TextUnit::code_points) {
    if (text.size() <= limit && text.needs_no_escape() && markup == Markup::plain) return json.part(text);
    json.part_by(detail::fitted_room(text.size(), limit), [&](char* to) {
        return detail::write_fitted_json(to, text, markup, {limit, unit});
    });
}

/// Writes a member with a truncated text.
ALERTMAP_ALWAYS_INLINE inline void member_marked(JsonWriter& json, JsonKey key, Text text, Markup markup, std::size_t limit,
                                                 TextUnit unit = TextUnit::code_points) {
    json.key(key);
    json.begin_string();
    part_marked(json, text, markup, limit, unit);
    json.end_string();
}

/// Writes a member with the state and the title, "[FIRING] Disk almost full". `limit` is at least 80.
ALERTMAP_ALWAYS_INLINE inline void member_headline(JsonWriter& json, JsonKey key, const Event& event, Markup markup, std::size_t limit,
                                                   TextUnit unit = TextUnit::code_points) {
    const StateText prefix = state_prefix(event);
    json.key(key);
    json.begin_string();
    part_marked(json, prefix, markup);
    // Each bracket may be escaped with a backslash.
    part_marked(json, title(event), markup, limit - (prefix.size == 0 ? 0 : prefix.size + 2), unit);
    json.end_string();
}

/// Writes a part: "and 3 more".
ALERTMAP_ALWAYS_INLINE inline void part_more(JsonWriter& json, std::size_t count) {
    const NumberText digits = decimal(count);
    json.part_raw("and ");
    json.part_raw(digits);
    json.part_raw(" more");
}

/// Writes a part: the description. For a group with one alert per line: whole lines, firing alerts first, and "and N more".
ALERTMAP_ALWAYS_INLINE inline void part_alerts(JsonWriter& json, const Event& event, Markup markup, std::size_t limit,
                                               TextUnit unit = TextUnit::code_points) {
    const bool lines = event.firing + event.resolved > 1;
    json.part_by(detail::fitted_room(event.description.size(), limit), [&](char* to) {
        return detail::write_fitted_json(to, event.description, markup, {limit, unit, lines});
    });
}

}  // namespace alertmap::kit
