#pragma once

#include <cstddef>
#include <string_view>

namespace alertmap::detail {

/// Maximum nesting that the non-recursive JSON checks support: they keep one flag per level.
inline constexpr std::size_t deepest_nesting = 1024;

/// Checks that brackets, names, colons and commas form one JSON value; used by JsonWriter in debug builds. Does not check the contents of
/// strings and scalars, nor levels beyond deepest_nesting.
[[nodiscard]] inline bool is_one_json_value(std::string_view json) noexcept {
    std::size_t at = 0;
    bool is_object[deepest_nesting];  // one per open bracket
    std::size_t depth = 0;
    const auto here = [&] { return at < json.size() ? json[at] : '\0'; };
    const auto space = [&] {
        while (here() == ' ' || here() == '\n' || here() == '\r' || here() == '\t') ++at;
    };
    const auto string = [&] {
        for (++at; at < json.size() && json[at] != '"'; ++at) at += json[at] == '\\' ? 1 : 0;
        return at++ < json.size();
    };
    const auto name = [&] {
        space();
        if (here() != '"' || !string()) return false;
        space();
        if (here() != ':') return false;
        ++at;
        return true;
    };
    while (true) {
        space();
        const char c = here();
        if (c == '{' || c == '[') {
            if (depth == deepest_nesting) return true;
            is_object[depth] = c == '{';
            ++at;
            space();
            if (here() != (c == '{' ? '}' : ']')) {
                if (is_object[depth++] && !name()) return false;
                continue;
            }
            ++at;
        } else if (c == '"') {
            if (!string()) return false;
        } else {
            const std::size_t first = at;
            while (at < json.size() && std::string_view(",:{}[]\" \n\r\t").find(json[at]) == std::string_view::npos) ++at;
            if (at == first) return false;
        }
        space();
        while (depth != 0 && here() == (is_object[depth - 1] ? '}' : ']')) {
            ++at;
            --depth;
            space();
        }
        if (depth == 0) return at == json.size();
        if (here() != ',') return false;
        ++at;
        if (is_object[depth - 1] && !name()) return false;
    }
}

}  // namespace alertmap::detail
