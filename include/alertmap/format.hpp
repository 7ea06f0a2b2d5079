#pragma once

#include <format>
#include <string_view>

#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

// Opt-in: std::format for the values that end up in log lines, where the standard library has <format> (GCC 13, Clang 17, MSVC 2022). The
// same as fmt.hpp: they write what name(), to_string() and Timestamp::text say, and take the format specification of a string.

namespace alertmap::detail {

/// A formatter that writes name(value).
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

/// The text as sent; nothing for a time without text.
template <>
struct std::formatter<alertmap::Timestamp> : std::formatter<std::string_view> {
    template <class Context>
    auto format(const alertmap::Timestamp& time, Context& context) const {
        return std::formatter<std::string_view>::format(time.text, context);
    }
};
