#include "alertmap/format.hpp"

#include <doctest/doctest.h>

#include <string>

using alertmap::Errc;
using alertmap::Error;
using alertmap::Severity;
using alertmap::Status;
using alertmap::Transition;

TEST_CASE("enumerators are formatted by name") {
    CHECK(std::format("{} {}", Status::firing, Status::resolved) == "firing resolved");
    CHECK(std::format("{} {}", Severity::critical, Severity::info) == "critical info");
    CHECK(std::format("{} {}", Transition::trigger, Transition::ignore) == "trigger ignore");
    CHECK(std::format("{}", Errc::truncated_body) == "truncated_body");
}

TEST_CASE("the format specification is that of a string") {
    CHECK(std::format("[{:>10}]", Status::firing) == "[    firing]");
    CHECK(std::format("[{:-<8}]", Severity::error) == "[error---]");
    CHECK(std::format("[{:.4}]", Transition::acknowledge) == "[ackn]");
}

TEST_CASE("an error is formatted as to_string writes it") {
    const Error error{Errc::invalid_time, 412, "alerts[3].startsAt"};
    CHECK(std::format("{}", error) == to_string(error));
    CHECK(std::format("{}", error).find("alerts[3].startsAt") == 0);
}

TEST_CASE("a text is formatted as its bytes") {
    CHECK(std::format("[{}] [{:>4}]", alertmap::Text("up"), alertmap::Text::literal<"up">()) == "[up] [  up]");
}

TEST_CASE("a time is formatted as it was sent") {
    const auto time = alertmap::parse_timestamp("2026-02-28T10:00:00.5+01:00");
    REQUIRE(time);
    CHECK(std::format("{}", *time) == "2026-02-28T10:00:00.5+01:00");
    CHECK(std::format("[{}]", alertmap::Timestamp{}) == "[]");
}
