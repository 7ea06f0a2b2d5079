#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/detail/compat.hpp"
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
ALERTMAP_ALWAYS_INLINE inline void part_marked(JsonWriter& json, Text text, Markup markup) {
    json.part_by(7 * text.size() + 3, [&](char* to) { return detail::write_marked_json(to, text, markup); });
}
/// The same with as much of the text as makes at most `limit` (4 or more) units, escapes and ellipsis included.
ALERTMAP_ALWAYS_INLINE inline void part_marked(JsonWriter& json, Text text, Markup markup, std::size_t limit,
                                               TextUnit unit = TextUnit::code_points) {
    json.part_by(detail::fitted_room(text.size(), limit), [&](char* to) {
        return detail::write_fitted_json(to, text, markup, {limit, unit});
    });
}

/// One member: a text.
ALERTMAP_ALWAYS_INLINE inline void member_marked(JsonWriter& json, JsonKey key, Text text, Markup markup, std::size_t limit,
                                                 TextUnit unit = TextUnit::code_points) {
    json.key(key);
    json.begin_string();
    part_marked(json, text, markup, limit, unit);
    json.end_string();
}

/// One member: the title behind its state, "[FIRING] Disk almost full". `limit` is 80 or more.
ALERTMAP_ALWAYS_INLINE inline void member_headline(JsonWriter& json, JsonKey key, const Event& event, Markup markup, std::size_t limit,
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
ALERTMAP_ALWAYS_INLINE inline void part_more(JsonWriter& json, std::size_t count) {
    const NumberText digits = decimal(count);
    json.part("and ");
    json.part(digits);
    json.part(" more");
}

/// A part: the description. Of a group, where it has an alert a line (those that fire first), whole lines and "and N more".
ALERTMAP_ALWAYS_INLINE inline void part_alerts(JsonWriter& json, const Event& event, Markup markup, std::size_t limit,
                                               TextUnit unit = TextUnit::code_points) {
    const bool lines = event.firing + event.resolved > 1;
    json.part_by(detail::fitted_room(event.description.size(), limit), [&](char* to) {
        return detail::write_fitted_json(to, event.description, markup, {limit, unit, lines});
    });
}

}  // namespace alertmap::kit
