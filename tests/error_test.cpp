#include "alertmap/error.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <set>
#include <string>

using alertmap::Errc;
using alertmap::Error;

TEST_CASE("error: every code has a unique name and message") {
    std::set<std::string_view> names;
    std::set<std::string_view> messages;
    const auto last = static_cast<unsigned>(Errc::unsupported_transition);
    for (unsigned code = 1; code <= last; ++code) {
        const auto errc = static_cast<Errc>(code);
        CAPTURE(code);
        CHECK(name(errc) != "unknown");
        CHECK(name(errc).find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789") == std::string_view::npos);
        CHECK_FALSE(message(errc).empty());
        names.insert(name(errc));
        messages.insert(message(errc));
    }
    CHECK(names.size() == last);
    CHECK(messages.size() == last);
}

TEST_CASE("error: an invalid code has a text") {
    CHECK(name(Errc{}) == "unknown");
    CHECK(name(static_cast<Errc>(255)) == "unknown");
    CHECK_FALSE(message(static_cast<Errc>(255)).empty());
}

TEST_CASE("error: names equal the enumerators") {
    CHECK(name(Errc::empty_body) == "empty_body");
    CHECK(name(Errc::truncated_body) == "truncated_body");
    CHECK(name(Errc::top_level_array) == "top_level_array");
    CHECK(name(Errc::lone_surrogate) == "lone_surrogate");
    CHECK(name(Errc::unsupported_transition) == "unsupported_transition");
    static_assert(name(Errc::too_deep) == "too_deep");
}

TEST_CASE("error: to_string has path, message and offset") {
    CHECK(to_string(Error{Errc::invalid_time, 412, "alerts[3].startsAt"}) == "alerts[3].startsAt: not a time (byte 412)");
    CHECK(to_string(Error{Errc::invalid_time, 412, {}}) == "not a time (byte 412)");
    CHECK(to_string(Error{Errc::invalid_time, 0, "x"}) == "x: not a time (byte 0)");
    CHECK(to_string(Error{Errc::invalid_time, alertmap::no_offset, "x"}) == "x: not a time");
    CHECK(to_string(Error{Errc::empty_body, alertmap::no_offset, {}}) == "the body is empty");
}

TEST_CASE("error: equality compares code, offset and path") {
    const Error error{Errc::too_deep, 3, "alerts"};
    CHECK(error == Error{Errc::too_deep, 3, "alerts"});
    CHECK_FALSE(error == Error{Errc::too_deep, 4, "alerts"});
    CHECK_FALSE(error == Error{Errc::too_deep, 3, ""});
    CHECK_FALSE(error == Error{Errc::too_many_alerts, 3, "alerts"});
}

TEST_CASE("error: control characters in a path are escaped") {
    CHECK(to_string(Error{Errc::invalid_value, alertmap::no_offset, "a\nerror b\r\x1b[2J\x7f"}) ==
          "a\\u000aerror b\\u000d\\u001b[2J\\u007f: invalid value");
    CHECK(alertmap::detail::printable("a\u0085b\u009bc\u2028d\u2029e\u202ef\u2066g\u2069") ==
          "a\\u0085b\\u009bc\\u2028d\\u2029e\\u202ef\\u2066g\\u2069");
    for (const std::string text : {"", "alerts[3].labels.größe",
                                   "\u00a0\u2027\u202f\u2065\u206a\u0080"
                                   "x\\\"",
                                   "日本 🔥", "\xc2", "\xe2\x80", "\xe2"}) {
        CAPTURE(text);
        const std::string shown = alertmap::detail::printable(text);
        CHECK((shown == text) == (text.find("\u0080") == std::string::npos));
    }
}
