#pragma once

#include <string>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/json_reader.hpp"

// Strings of a JSON text without copying them where they have no escapes.
namespace alertmap::detail {

/// The value of a raw JSON string (with its quotes), which was checked: a view of it, or decoded into the arena.
inline std::string_view decoded(std::string_view raw, Arena& arena) {
    const std::string_view inside = raw.substr(1, raw.size() - 2);
    if (inside.find('\\') == std::string_view::npos) return inside;
    std::string text;
    JsonReader(raw).string(text);
    return arena.copy(text);
}

/// The next value as text: a string's, a number's or boolean's as it is there; nothing (null data) for all else, which is passed over.
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

/// Calls `member(name)` for each member of the next value, which is before the member's value and must read or skip it. Whatever is no
/// object is passed over: false.
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
