#pragma once

#include <string_view>

#include "alertmap/policies/field_source.hpp"

namespace alertmap {

/// Whether the text is "latitude,longitude" in decimal degrees: "40.6413111,-73.7781391". Does not allocate.
[[nodiscard]] constexpr bool is_coordinates(std::string_view text) noexcept;

/// Where on earth it is, for those who show it on a map.
struct LocationPolicy {
    FieldSources from = {};

    /// The first that is_coordinates(), or an empty view: "eu-west-1" is no place on a map.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const {
        for (const FieldSource& source : from) {
            const std::string_view text = source(subject, arena);
            if (is_coordinates(text)) return text;
        }
        return {};
    }

    friend bool operator==(const LocationPolicy&, const LocationPolicy&) = default;
};

namespace detail {

/// Digits with at most one dot among them, behind a sign if there is one.
constexpr bool is_decimal(std::string_view text) noexcept {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    bool dot = false;
    bool digit = false;
    for (char c : text) {
        if (c == '.' && dot) return false;
        dot = dot || c == '.';
        digit = digit || c != '.';
        if (c != '.' && (c < '0' || c > '9')) return false;
    }
    return digit;
}

}  // namespace detail

constexpr bool is_coordinates(std::string_view text) noexcept {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) return false;
    return detail::is_decimal(text.substr(0, comma)) && detail::is_decimal(detail::trim(text.substr(comma + 1)));
}

}  // namespace alertmap
