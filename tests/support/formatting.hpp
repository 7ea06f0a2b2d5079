#pragma once

#include <doctest/doctest.h>

#include <string_view>

#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

/// Common tests of fmt.hpp and format.hpp. `format(format string, values...)` returns a std::string.
template <class Format>
void check_formatting(Format format) {
    using namespace alertmap;
    // Enumerators by name.
    CHECK(format("{} {}", Status::firing, Status::resolved) == "firing resolved");
    CHECK(format("{} {}", Severity::critical, Severity::info) == "critical info");
    CHECK(format("{} {}", Transition::trigger, Transition::ignore) == "trigger ignore");
    CHECK(format("{}", Errc::truncated_body) == "truncated_body");
    // The format specification of a string.
    CHECK(format("[{:>10}]", Status::firing) == "[    firing]");
    CHECK(format("[{:-<8}]", Severity::error) == "[error---]");
    CHECK(format("[{:.4}]", Transition::acknowledge) == "[ackn]");
    // An error as by to_string().
    const Error error{Errc::invalid_time, 412, "alerts[3].startsAt"};
    CHECK(format("{}", error) == to_string(error));
    CHECK(format("{}", error).find("alerts[3].startsAt") == 0);
    // A text as its bytes.
    CHECK(format("[{}] [{:>4}]", Text("up"), Text::literal<"up">()) == "[up] [  up]");
    // A time's original text.
    const auto time = parse_timestamp("2026-02-28T10:00:00.5+01:00");
    REQUIRE(time);
    CHECK(format("{}", *time) == "2026-02-28T10:00:00.5+01:00");
    CHECK(format("[{}]", Timestamp{}) == "[]");
}
