#pragma once

#include <string>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/json_reader.hpp"

// Strings of a JSON text, copied only if they have escapes.
namespace alertmap::detail {

/// The value of a validated raw JSON string (with quotes): a view of it, or decoded into the arena.
inline std::string_view decoded(std::string_view raw, Arena& arena) {
    const std::string_view inside = raw.substr(1, raw.size() - 2);
    if (inside.find('\\') == std::string_view::npos) return inside;
    std::string text;
    JsonReader(raw).string(text);
    return arena.copy(text);
}

/// The next value as text: a string's value, or the text of a number or boolean. Null data for other types, which are skipped.
inline std::string_view next_text(JsonReader& json, Arena& arena) {
    const JsonType type = json.type();
    std::string_view raw;
    if (!json.skip(raw)) return {};
    switch (type) {
        case JsonType::string: return decoded(raw, arena);
        case JsonType::number:
        case JsonType::boolean: return raw;
        default: return {};
    }
}

/// Calls `member(name)` for each member of the next value; it must read or skip the member's value. False for other types, which are
/// skipped.
template <class F>
bool each_member(JsonReader& json, Arena& arena, const F& member) {
    if (json.type() != JsonType::object) {
        json.skip();
        return false;
    }
    std::string_view raw;
    for (json.begin_object(); json.next_raw_member(raw);) member(decoded(raw, arena));
    return true;
}

/// The same for the elements of an array.
template <class F>
bool each_element(JsonReader& json, const F& element) {
    if (json.type() != JsonType::array) {
        json.skip();
        return false;
    }
    for (json.begin_array(); json.next_element();) element();
    return true;
}

}  // namespace alertmap::detail
