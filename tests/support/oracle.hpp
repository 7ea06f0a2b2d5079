#pragma once

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/parser.hpp"
#include "support/describe.hpp"
#include "support/expected.hpp"
#include "support/json.hpp"

// Compares the parser with the reference reader on one body. Empty if they agree, otherwise the difference.
namespace test {

/// Known member names that differ only in case are duplicates, too.
inline bool has_duplicates(const Json& json) {
    std::set<std::string> names;
    for (const auto& [key, value] : json.members) {
        if (!names.insert(Expected::folded(key.text)).second || has_duplicates(value)) return true;
    }
    return std::any_of(json.elements.begin(), json.elements.end(), has_duplicates);
}

/// "code path", without duplicates. Lone surrogates are excluded: the reference reader does not report their place.
inline std::set<std::string> warning_set(const alertmap::Parser& parser) {
    std::set<std::string> out;
    for (const alertmap::Warning& warning : parser.warnings()) {
        if (warning.code != alertmap::Errc::lone_surrogate) out.insert(std::string(name(warning.code)) + " " + warning.path());
    }
    return out;
}

inline bool opens(char c) { return c == '[' || c == '{'; }

inline std::string difference_from_reference(alertmap::Parser& parser, std::string_view body) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    const bool marked = body.starts_with(mark);
    const std::size_t base = marked ? mark.size() : 0;
    Json json;
    JsonText text(body.substr(base));
    const bool valid = text.read(json);
    const auto group = parser.parse(body);
    // The reference reader has no limits.
    const auto is_too_deep = [](const alertmap::Warning& warning) { return warning.code == alertmap::Errc::too_deep; };
    if (std::count_if(body.begin(), body.end(), opens) > 64) {
        if (!group && group.error().code == alertmap::Errc::too_deep) return "";
        if (std::any_of(parser.warnings().begin(), parser.warnings().end(), is_too_deep)) return "";
    }
    if (group && !std::is_sorted(parser.warnings().begin(), parser.warnings().end(),
                                 [](const alertmap::Warning& a, const alertmap::Warning& b) { return a.offset < b.offset; })) {
        return "the warnings are not in the order of the body";
    }
    if (!valid) {
        if (group) return "accepted, but it is not JSON at byte " + std::to_string(base + text.offset());
        const alertmap::Error& error = group.error();
        const std::size_t offset = base + text.offset();
        if (body.find_first_not_of(" \t\r\n", base) == std::string_view::npos) {
            return error.code == alertmap::Errc::empty_body ? "" : "nothing at all, but the error is " + to_string(error);
        }
        if (error.offset != offset) return "broken at byte " + std::to_string(offset) + ", but the error is " + to_string(error);
        if ((error.code == alertmap::Errc::truncated_body) != (offset == body.size())) {
            return "truncated or broken at byte " + std::to_string(offset) + ", but the error is " + to_string(error);
        }
        return "";
    }
    if (!Expected::is_group(json)) {
        if (group) return "accepted, but it is no group";
        switch (group.error().code) {
            case alertmap::Errc::top_level_array: return json.kind == Json::Kind::array ? "" : "not an array";
            case alertmap::Errc::sns_envelope:
            case alertmap::Errc::azure_common_schema:
            case alertmap::Errc::grafana_legacy:
            case alertmap::Errc::alertmanager_v1:
            case alertmap::Errc::not_an_alert_group: return "";
            default: return "valid JSON, but the error is " + to_string(group.error());
        }
    }
    if (!group) return "valid, but the error is " + to_string(group.error());
    const Expected expected(json);
    const std::string got = describe(*group);
    if (got != expected.group) return "expected\n" + expected.group + "but got\n" + got;
    std::set<std::string> warnings(expected.warnings.begin(), expected.warnings.end());
    if (marked) warnings.insert("byte_order_mark ");
    const std::set<std::string> got_warnings = warning_set(parser);
    if (parser.warning_count() > 1000) return "";
    const bool same = has_duplicates(json) ? std::includes(got_warnings.begin(), got_warnings.end(), warnings.begin(), warnings.end())
                                           : got_warnings == warnings;
    if (same) return "";
    std::string out = "expected warnings\n";
    for (const std::string& warning : warnings) out += warning + "\n";
    out += "but got\n";
    for (const std::string& warning : got_warnings) out += warning + "\n";
    return out;
}

/// Writes a tree in another spelling with the same meaning.
struct Spelling {
    bool white_space = false;   ///< between all tokens
    bool shuffled = false;      ///< members of the group and of alerts; labels keep their order, which is part of the group
    bool escaped_keys = false;  ///< the first letter of each name as \uXXXX

    std::string write(const Json& json, std::mt19937& random) const {
        std::string out;
        value(json, random, out, 0);
        space(random, out);
        return out;
    }

 private:
    void space(std::mt19937& random, std::string& out) const {
        if (!white_space) return;
        for (auto count = random() % 3; count > 0; --count) out += " \t\r\n"[random() % 4];
    }
    void name(const Json& key, std::string& out) const {
        if (!escaped_keys || key.raw.size() < 3 || key.raw[1] == '\\' || (key.raw[1] & 0x80) != 0) {
            out += key.raw;
            return;
        }
        constexpr std::string_view hex = "0123456789abcdef";
        const auto c = static_cast<unsigned char>(key.raw[1]);
        out.append("\"\\u00").append(1, hex[c >> 4]).append(1, hex[c & 15]).append(key.raw.substr(2));
    }
    void value(const Json& json, std::mt19937& random, std::string& out, int depth) const {
        space(random, out);
        if (json.kind == Json::Kind::object) {
            std::vector<std::size_t> order(json.members.size());
            for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
            if (shuffled && (depth == 0 || depth == 2)) std::shuffle(order.begin(), order.end(), random);
            out += '{';
            bool first = true;
            for (const std::size_t i : order) {
                if (!first) out += ',';
                first = false;
                space(random, out);
                name(json.members[i].first, out);
                space(random, out);
                out += ':';
                value(json.members[i].second, random, out, depth + 1);
            }
            space(random, out);
            out += '}';
        } else if (json.kind == Json::Kind::array) {
            out += '[';
            bool first = true;
            for (const Json& element : json.elements) {
                if (!first) out += ',';
                first = false;
                value(element, random, out, depth + 1);
            }
            space(random, out);
            out += ']';
        } else {
            out += json.raw;
        }
        space(random, out);
    }
};

}  // namespace test
