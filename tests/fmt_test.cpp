#include "alertmap/fmt.hpp"

#include <doctest/doctest.h>

#include <string>

using alertmap::Errc;
using alertmap::Error;
using alertmap::Severity;
using alertmap::Status;
using alertmap::Transition;

TEST_CASE("enumerators are formatted by name") {
    CHECK(fmt::format("{} {}", Status::firing, Status::resolved) == "firing resolved");
    CHECK(fmt::format("{} {}", Severity::critical, Severity::info) == "critical info");
    CHECK(fmt::format("{} {}", Transition::trigger, Transition::ignore) == "trigger ignore");
    CHECK(fmt::format("{}", Errc::truncated_body) == "truncated_body");
}

TEST_CASE("the format specification is that of a string") {
    CHECK(fmt::format("[{:>10}]", Status::firing) == "[    firing]");
    CHECK(fmt::format("[{:-<8}]", Severity::error) == "[error---]");
    CHECK(fmt::format("[{:.4}]", Transition::acknowledge) == "[ackn]");
}

TEST_CASE("an error is formatted as to_string writes it") {
    const Error error{Errc::invalid_time, 412, "alerts[3].startsAt"};
    CHECK(fmt::format("{}", error) == to_string(error));
    CHECK(fmt::format("{}", error).find("alerts[3].startsAt") == 0);
}

TEST_CASE("a text is formatted as its bytes") {
    CHECK(fmt::format("[{}] [{:>4}]", alertmap::Text("up"), alertmap::Text::literal<"up">()) == "[up] [  up]");
}

TEST_CASE("a time is formatted as it was sent") {
    const auto time = alertmap::parse_timestamp("2026-02-28T10:00:00.5+01:00");
    REQUIRE(time);
    CHECK(fmt::format("{}", *time) == "2026-02-28T10:00:00.5+01:00");
    CHECK(fmt::format("[{}]", alertmap::Timestamp{}) == "[]");
}
