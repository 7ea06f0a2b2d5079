#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Reference reader of forms (application/x-www-form-urlencoded), independent of the library's code.
namespace test {

/// False for an unencoded reserved byte, and for an invalid escape.
inline bool percent_decoded(std::string_view text, std::string& out) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    out.clear();
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            if (plain.find(text[i]) == std::string_view::npos) return false;
            out += text[i];
            continue;
        }
        if (text.size() - i < 3) return false;
        const std::size_t high = digits.find(text[i + 1]);
        const std::size_t low = digits.find(text[i + 2]);
        if (high == std::string_view::npos || low == std::string_view::npos) return false;
        out += static_cast<char>(16 * high + low);
        i += 2;
    }
    return true;
}

inline std::string json_string(std::string_view text) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
            out.append("\\u00") += digits[byte >> 4];
            out += digits[byte & 15];
            continue;
        }
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// The form as a JSON object of strings; empty for an invalid form or a duplicate name.
inline std::string form_as_json(std::string_view form) {
    std::vector<std::string> names;
    std::string out = "{";
    std::string name;
    std::string value;
    while (!form.empty()) {
        const std::size_t end = form.find('&');
        const std::string_view pair = form.substr(0, end);
        const std::size_t equals = pair.find('=');
        if (equals == 0 || equals == std::string_view::npos) return {};
        if (!percent_decoded(pair.substr(0, equals), name) || !percent_decoded(pair.substr(equals + 1), value)) return {};
        for (const std::string& other : names) {
            if (other == name) return {};
        }
        names.push_back(name);
        if (out.size() > 1) out += ',';
        out += json_string(name) + ':' + json_string(value);
        if (end == std::string_view::npos) return out + '}';
        form.remove_prefix(end + 1);
    }
    return {};  // empty, or a trailing "&"
}

}  // namespace test
