#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/detail/json_reader.hpp"

namespace alertmap_test {

/// A JSON value that a test can walk.
struct JsonValue {
    using Type = alertmap::detail::JsonType;

    Type type = Type::none;
    std::string text;  ///< a string's value; a number's or boolean's text
    std::vector<std::pair<std::string, JsonValue>> members;
    std::vector<JsonValue> elements;

    const JsonValue* find(std::string_view name) const {
        for (const auto& [key, value] : members) {
            if (key == name) return &value;
        }
        return nullptr;
    }
    /// The value at that name; one of type none where there is none.
    const JsonValue& operator[](std::string_view name) const {
        static const JsonValue nothing;
        const JsonValue* found = find(name);
        return found != nullptr ? *found : nothing;
    }
};

inline JsonValue read_value(alertmap::detail::JsonReader& json) {
    JsonValue value;
    value.type = json.type();
    std::string_view raw;
    std::string key;
    switch (value.type) {
        case JsonValue::Type::object:
            for (json.begin_object(); json.next_member(key);) {
                std::string name = key;
                value.members.emplace_back(std::move(name), read_value(json));
            }
            break;
        case JsonValue::Type::array:
            for (json.begin_array(); json.next_element();) value.elements.push_back(read_value(json));
            break;
        case JsonValue::Type::string: json.string(value.text); break;
        default: json.skip(raw); value.text = raw;
    }
    return value;
}

/// Of type none if the text is not JSON.
inline JsonValue parse_json(std::string_view text) {
    alertmap::detail::JsonReader json(text);
    JsonValue value = read_value(json);
    return json.finish() ? value : JsonValue{};
}

}  // namespace alertmap_test
