#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/timestamp.hpp"
#include "support/json.hpp"

// The subset of JSON Schema (and OpenAPI 3.0) used by Rootly's description and the schemas in tests/golden/; an unknown keyword is a
// failure.
namespace test {

/// The value with this name, or null.
inline const Json& member(const Json& json, std::string_view name) {
    static const Json nothing;
    const Json* found = json.find(name);
    return found != nullptr ? *found : nothing;
}

class JsonSchema {
 public:
    /// `document` contains the targets of "$ref", and must outlive this.
    explicit JsonSchema(const Json& document) : document_(document) {}

    /// The first fault of `value` with its place; empty: valid.
    std::string check(const Json& schema, const Json& value, const std::string& place = "$") const {
        if (const Json* ref = schema.find("$ref")) return check(at(ref->text), value, place);
        if (schema.kind != Json::Kind::object) return place + ": no schema";
        if (value.kind == Json::Kind::null && (schema.members.empty() || member(schema, "type").text == "null")) return {};
        if (value.kind == Json::Kind::null) return member(schema, "nullable").raw == "true" ? "" : place + ": null";
        for (const auto& [keyword, rule] : schema.members) {
            std::string wrong = check_keyword(schema, keyword.text, rule, value, place);
            if (!wrong.empty()) return wrong;
        }
        return {};
    }

 private:
    const Json& at(std::string_view reference) const {
        const Json* found = &document_;
        reference.remove_prefix(2);  // "#/"
        while (!reference.empty()) {
            const std::size_t slash = reference.find('/');
            found = &member(*found, reference.substr(0, slash));
            reference = slash == std::string_view::npos ? std::string_view() : reference.substr(slash + 1);
        }
        return *found;
    }

    std::string check_keyword(const Json& schema, const std::string& keyword, const Json& rule, const Json& value,
                              const std::string& place) const {
        if (keyword == "type") return is_type(rule.text, value) ? "" : place + ": not of type " + rule.text;
        if (keyword == "enum") return is_one_of(rule, value) ? "" : place + ": not in enum";
        if (keyword == "oneOf") return check_one_of(rule, value, place);
        if (keyword == "required") return check_required(rule, value, place);
        if (keyword == "properties" || keyword == "additionalProperties") return check_properties(schema, value, place);
        if (keyword == "items") return check_items(rule, value, place);
        if (keyword == "format") return rule.text == "date-time" && is_date_time(value.text) ? "" : place + ": not a " + rule.text;
        if (keyword == "const") return rule.raw == value.raw ? "" : place + ": not " + std::string(rule.raw);
        if (keyword == "maxItems") return value.elements.size() <= number(rule) ? "" : place + ": more items than " + std::string(rule.raw);
        if (keyword == "maxLength") return code_points(value.text) <= number(rule) ? "" : place + ": longer than " + std::string(rule.raw);
        if (keyword == "minLength") return code_points(value.text) >= number(rule) ? "" : place + ": shorter than " + std::string(rule.raw);
        if (keyword == "pattern") return has_prefix(rule.text, value.text) ? "" : place + ": not " + rule.text;
        if (keyword == "$schema" || keyword == "title") return {};
        if (keyword == "nullable" || keyword == "description" || keyword == "deprecated") return {};
        return place + ": unknown keyword " + keyword;
    }
    /// Of patterns only a literal prefix is supported: "^#".
    static bool has_prefix(std::string_view pattern, std::string_view text) {
        const bool literal = pattern.starts_with('^') && pattern.find_first_of("\\.[]{}()*+?|$", 1) == std::string_view::npos;
        return literal && text.starts_with(pattern.substr(1));
    }
    static std::size_t number(const Json& json) { return std::stoul(std::string(json.raw)); }
    static std::size_t code_points(std::string_view text) {
        std::size_t count = 0;
        for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
        return count;
    }
    static bool is_type(std::string_view type, const Json& value) {
        switch (value.kind) {
            case Json::Kind::object: return type == "object";
            case Json::Kind::array: return type == "array";
            case Json::Kind::string: return type == "string";
            case Json::Kind::boolean: return type == "boolean";
            case Json::Kind::number:
                return type == "number" || (type == "integer" && value.raw.find_first_of(".eE") == std::string_view::npos);
            default: return false;
        }
    }
    static bool is_one_of(const Json& values, const Json& value) {
        for (const Json& allowed : values.elements) {
            const bool same = allowed.kind == Json::Kind::string ? allowed.text == value.text : allowed.raw == value.raw;
            if (allowed.kind == value.kind && same) return true;
        }
        return false;
    }
    static bool is_date_time(const std::string& text) {
        return text.size() > 10 && text[10] == 'T' && alertmap::parse_timestamp(text).has_value();
    }
    std::string check_one_of(const Json& schemas, const Json& value, const std::string& place) const {
        int fitting = 0;
        for (const Json& schema : schemas.elements) fitting += check(schema, value, place).empty() ? 1 : 0;
        return fitting == 1 ? "" : place + ": fits " + std::to_string(fitting) + " of oneOf";
    }
    static std::string check_required(const Json& names, const Json& value, const std::string& place) {
        for (const Json& name : names.elements) {
            if (value.find(name.text) == nullptr) return place + "." + name.text + ": missing";
        }
        return {};
    }
    std::string check_properties(const Json& schema, const Json& value, const std::string& place) const {
        for (const auto& [name, inside] : value.members) {
            const std::string inner = place + "." + name.text;
            if (const Json* property = member(schema, "properties").find(name.text)) {
                std::string wrong = check(*property, inside, inner);
                if (!wrong.empty()) return wrong;
            } else if (member(schema, "additionalProperties").raw == "false") {
                return inner + ": additional property";
            } else if (const Json* other = schema.find("additionalProperties"); other != nullptr && other->kind == Json::Kind::object) {
                std::string wrong = check(*other, inside, inner);
                if (!wrong.empty()) return wrong;
            }
        }
        return {};
    }
    std::string check_items(const Json& schema, const Json& value, const std::string& place) const {
        for (std::size_t i = 0; i < value.elements.size(); ++i) {
            std::string wrong = check(schema, value.elements[i], place + "[" + std::to_string(i) + "]");
            if (!wrong.empty()) return wrong;
        }
        return {};
    }

    const Json& document_;
};

}  // namespace test
