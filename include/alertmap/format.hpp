#pragma once

#include <format>
#include <string_view>

#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

// Opt-in: std::format for values that appear in log lines, if the standard library has <format> (GCC 13, Clang 17, MSVC 2022). As fmt.hpp:
// prints the result of name(), to_string() or Timestamp::text, and accepts a string's format specification.

namespace alertmap::detail {

/// Formats name(value).
template <class Named>
struct StdNameFormatter : std::formatter<std::string_view> {
    template <class Context>
    auto format(Named value, Context& context) const {
        return std::formatter<std::string_view>::format(name(value), context);
    }
};

}  // namespace alertmap::detail

/// "firing"
template <>
struct std::formatter<alertmap::Status> : alertmap::detail::StdNameFormatter<alertmap::Status> {};

/// "critical"
template <>
struct std::formatter<alertmap::Severity> : alertmap::detail::StdNameFormatter<alertmap::Severity> {};

/// "trigger"
template <>
struct std::formatter<alertmap::Transition> : alertmap::detail::StdNameFormatter<alertmap::Transition> {};

/// "truncated_body"
template <>
struct std::formatter<alertmap::Errc> : alertmap::detail::StdNameFormatter<alertmap::Errc> {};

/// The bytes.
template <>
struct std::formatter<alertmap::Text> : std::formatter<std::string_view> {
    template <class Context>
    auto format(alertmap::Text text, Context& context) const {
        return std::formatter<std::string_view>::format(text, context);
    }
};

/// "alerts[3].startsAt: not a time (byte 412)". Allocates the text.
template <>
struct std::formatter<alertmap::Error> : std::formatter<std::string_view> {
    template <class Context>
    auto format(const alertmap::Error& error, Context& context) const {
        return std::formatter<std::string_view>::format(to_string(error), context);
    }
};

/// The original text; empty if the time has none.
template <>
struct std::formatter<alertmap::Timestamp> : std::formatter<std::string_view> {
    template <class Context>
    auto format(const alertmap::Timestamp& time, Context& context) const {
        return std::formatter<std::string_view>::format(time.text, context);
    }
};
