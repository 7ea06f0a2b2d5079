#include "alertmap/chrono.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>

using namespace alertmap;
using namespace std::chrono_literals;

TEST_CASE("chrono: Timestamp to std::chrono and back") {
    const auto time = parse_timestamp("2026-01-15T16:00:00.123456789+05:30");
    REQUIRE(time);
    const auto exact = to_sys_time(*time);
    REQUIRE(exact.has_value());
    CHECK(*exact == std::chrono::sys_days(std::chrono::year(2026) / 1 / 15) + 10h + 30min + 123456789ns);
    CHECK(to_timestamp(*exact) == *time);
    CHECK(*to_sys_time<std::chrono::seconds>(*time) == std::chrono::sys_days(std::chrono::year(2026) / 1 / 15) + 10h + 30min);
    CHECK(*to_sys_time<std::chrono::microseconds>(*time) ==
          std::chrono::sys_days(std::chrono::year(2026) / 1 / 15) + 10h + 30min + 123456us);
}

TEST_CASE("chrono: unset and out-of-range times give no value") {
    CHECK_FALSE(to_sys_time(Timestamp{}).has_value());
    const auto early = parse_timestamp("1500-01-01T00:00:00Z");
    const auto late = parse_timestamp("9999-12-31T23:59:59.5Z");
    REQUIRE(early);
    REQUIRE(late);
    CHECK_FALSE(to_sys_time(*early).has_value());
    CHECK_FALSE(to_sys_time(*late).has_value());
    CHECK(to_timestamp(*to_sys_time<std::chrono::microseconds>(*early)) == *early);
    CHECK(to_timestamp(*to_sys_time<std::chrono::microseconds>(*late)) == *late);
}

TEST_CASE("chrono: a time before 1970 has a non-negative fraction") {
    const auto time = parse_timestamp("1969-12-31T23:59:59.25Z");
    REQUIRE(time);
    CHECK(*to_sys_time(*time) == std::chrono::sys_time<std::chrono::nanoseconds>(-750ms));
    CHECK(to_timestamp(*to_sys_time(*time)) == *time);
}

TEST_CASE("chrono: UnixTime and Duration") {
    const std::chrono::sys_time<std::chrono::nanoseconds> time(5s + 7ns);
    CHECK(to_unix_time(time) == seconds(5) + 7);
    CHECK(to_sys_time(to_unix_time(time)) == time);
    CHECK(to_unix_time(std::chrono::sys_time<std::chrono::milliseconds>(-1ms)) == -1'000'000);
    CHECK(to_duration(2min) == minutes(2));
}
