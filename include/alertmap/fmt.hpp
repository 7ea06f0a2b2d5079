#pragma once

#include <fmt/format.h>

#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

// Opt-in: {fmt} formatters (9.1 or newer) for values that appear in log lines. They print the result of name(), to_string() or
// Timestamp::text, and accept a string's format specification ("{:>10}"). The caller links fmt::fmt; alertmap does not.
#if FMT_VERSION < 90100
#error "alertmap/fmt.hpp needs fmt 9.1 or newer: apt install libfmt-dev, vcpkg install fmt, or conan install --requires=fmt/[>=9.1]"
#endif

namespace alertmap::detail {

/// Formats name(value).
template <class Named>
struct NameFormatter : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(Named value, Context& context) const {
        return fmt::formatter<std::string_view>::format(name(value), context);
    }
};

}  // namespace alertmap::detail

/// "firing"
template <>
struct fmt::formatter<alertmap::Status> : alertmap::detail::NameFormatter<alertmap::Status> {};

/// "critical"
template <>
struct fmt::formatter<alertmap::Severity> : alertmap::detail::NameFormatter<alertmap::Severity> {};

/// "trigger"
template <>
struct fmt::formatter<alertmap::Transition> : alertmap::detail::NameFormatter<alertmap::Transition> {};

/// "truncated_body"
template <>
struct fmt::formatter<alertmap::Errc> : alertmap::detail::NameFormatter<alertmap::Errc> {};

/// The bytes.
template <>
struct fmt::formatter<alertmap::Text> : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(alertmap::Text text, Context& context) const {
        return fmt::formatter<std::string_view>::format(text, context);
    }
};

/// "alerts[3].startsAt: not a time (byte 412)". Allocates the text.
template <>
struct fmt::formatter<alertmap::Error> : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(const alertmap::Error& error, Context& context) const {
        return fmt::formatter<std::string_view>::format(to_string(error), context);
    }
};

/// The original text; empty if the time has none.
template <>
struct fmt::formatter<alertmap::Timestamp> : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(const alertmap::Timestamp& time, Context& context) const {
        return fmt::formatter<std::string_view>::format(time.text, context);
    }
};
