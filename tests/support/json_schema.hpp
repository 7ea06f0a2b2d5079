#pragma once

#include <string>
#include <string_view>

#include "alertmap/timestamp.hpp"
#include "json_value.hpp"

// As much of OpenAPI 3.0's schemas as Rootly's description uses; a keyword that is not known here is a failure.
namespace alertmap_test {

class JsonSchema {
 public:
    /// `document` holds what "$ref" points into, and must outlive this.
    explicit JsonSchema(const JsonValue& document) : document_(document) {}

    /// The first thing wrong with `value`, with its place; empty: nothing.
    std::string check(const JsonValue& schema, const JsonValue& value, const std::string& place = "$") const {
        if (const JsonValue* ref = schema.find("$ref")) return check(at(ref->text), value, place);
        if (schema.type != JsonValue::Type::object) return place + ": no schema";
        if (value.type == JsonValue::Type::null) return schema["nullable"].text == "true" ? "" : place + ": null";
        for (const auto& [keyword, rule] : schema.members) {
            std::string wrong = check_keyword(schema, keyword, rule, value, place);
            if (!wrong.empty()) return wrong;
        }
        return {};
    }

 private:
    const JsonValue& at(std::string_view reference) const {
        const JsonValue* found = &document_;
        reference.remove_prefix(2);  // "#/"
        while (!reference.empty()) {
            const std::size_t slash = reference.find('/');
            found = &(*found)[reference.substr(0, slash)];
            reference = slash == std::string_view::npos ? std::string_view() : reference.substr(slash + 1);
        }
        return *found;
    }

    std::string check_keyword(const JsonValue& schema, const std::string& keyword, const JsonValue& rule, const JsonValue& value,
                              const std::string& place) const {
        if (keyword == "type") return is_type(rule.text, value) ? "" : place + ": not of type " + rule.text;
        if (keyword == "enum") return is_one_of(rule, value) ? "" : place + ": not in enum";
        if (keyword == "oneOf") return check_one_of(rule, value, place);
        if (keyword == "required") return check_required(rule, value, place);
        if (keyword == "properties") return check_properties(schema, value, place);
        if (keyword == "items") return check_items(rule, value, place);
        if (keyword == "format") return rule.text == "date-time" && is_date_time(value.text) ? "" : place + ": not a " + rule.text;
        if (keyword == "additionalProperties" || keyword == "nullable" || keyword == "description" || keyword == "deprecated") return {};
        return place + ": unknown keyword " + keyword;
    }
    static bool is_type(std::string_view type, const JsonValue& value) {
        switch (value.type) {
            case JsonValue::Type::object: return type == "object";
            case JsonValue::Type::array: return type == "array";
            case JsonValue::Type::string: return type == "string";
            case JsonValue::Type::boolean: return type == "boolean";
            case JsonValue::Type::number:
                return type == "number" || (type == "integer" && value.text.find_first_of(".eE") == std::string::npos);
            default: return false;
        }
    }
    static bool is_one_of(const JsonValue& values, const JsonValue& value) {
        for (const JsonValue& allowed : values.elements) {
            if (allowed.type == value.type && allowed.text == value.text) return true;
        }
        return false;
    }
    static bool is_date_time(const std::string& text) {
        return text.size() > 10 && text[10] == 'T' && alertmap::parse_timestamp(text).has_value();
    }
    std::string check_one_of(const JsonValue& schemas, const JsonValue& value, const std::string& place) const {
        int fitting = 0;
        for (const JsonValue& schema : schemas.elements) fitting += check(schema, value, place).empty() ? 1 : 0;
        return fitting == 1 ? "" : place + ": fits " + std::to_string(fitting) + " of oneOf";
    }
    static std::string check_required(const JsonValue& names, const JsonValue& value, const std::string& place) {
        for (const JsonValue& name : names.elements) {
            if (value.find(name.text) == nullptr) return place + "." + name.text + ": missing";
        }
        return {};
    }
    std::string check_properties(const JsonValue& schema, const JsonValue& value, const std::string& place) const {
        for (const auto& [name, member] : value.members) {
            const std::string inner = place + "." + name;
            if (const JsonValue* property = schema["properties"].find(name)) {
                std::string wrong = check(*property, member, inner);
                if (!wrong.empty()) return wrong;
            } else if (schema["additionalProperties"].text == "false") {
                return inner + ": additional property";
            }
        }
        return {};
    }
    std::string check_items(const JsonValue& schema, const JsonValue& value, const std::string& place) const {
        for (std::size_t i = 0; i < value.elements.size(); ++i) {
            std::string wrong = check(schema, value.elements[i], place + "[" + std::to_string(i) + "]");
            if (!wrong.empty()) return wrong;
        }
        return {};
    }

    const JsonValue& document_;
};

}  // namespace alertmap_test
