#pragma once

#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/code_points.hpp"
#include "alertmap/text.hpp"

// Text functions of the policies: trim, truncate, join.
namespace alertmap::detail {

constexpr bool is_space(char c) noexcept { return static_cast<unsigned char>(c) <= ' '; }

/// Removes white space and control characters at both ends.
template <class View>
requires(std::same_as<View, Text> || std::same_as<View, std::string_view>) constexpr View trim(View text) noexcept {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

/// True if the text is empty or all white space.
constexpr bool is_blank(std::string_view text) noexcept {
    for (char c : text) {
        if (!is_space(c)) return false;
    }
    return true;
}

/// Truncates to at most `limit` (> 0) code points, including an ellipsis. A truncated text is in the arena.
/// Source: Alertmanager notify/util.go (TruncateInRunes).
inline Text cut_code_points(Text text, std::size_t limit, Arena& arena) {
    if (first_code_points(text, limit).size() == text.size()) return text;
    return arena.concat({first_code_points(text, limit - 1), "\u2026"});
}

/// Trims, and replaces each run of line breaks and surrounding white space with one space. Copies only if needed.
inline Text one_line(Text text, Arena& arena) {
    const bool may_break = !text.needs_no_escape();
    text = trim(text);
    if (!may_break || text.empty()) return text;
    const bool broken = std::memchr(text.data(), '\n', text.size()) != nullptr || std::memchr(text.data(), '\r', text.size()) != nullptr;
    if (!broken) return text;
    char* line = arena.allocate(text.size());
    char* to = line;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\n' && text[i] != '\r') {
            *to++ = text[i];
            continue;
        }
        while (is_space(to[-1])) --to;  // the first character is not white space
        *to++ = ' ';
        while (is_space(text[i + 1])) ++i;  // nor is the last
    }
    return arena.made(line, static_cast<std::size_t>(to - line));
}

/// Joins the texts with a separator, in the arena.
inline Text join(std::span<const std::string_view> texts, std::string_view separator, Arena& arena) {
    if (texts.empty()) return {};
    std::size_t size = separator.size() * (texts.size() - 1);
    for (std::string_view text : texts) size += text.size();
    char* bytes = arena.allocate(size);
    char* to = bytes;
    const auto put = [&](std::string_view text) {
        if (!text.empty()) std::memcpy(to, text.data(), text.size());
        to += text.size();
    };
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i != 0) put(separator);
        put(texts[i]);
    }
    return arena.made(bytes, size);
}

}  // namespace alertmap::detail
