#include "alertmap/detail/vendor_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"

using namespace alertmap;

namespace {
std::string cut(std::string_view text, std::size_t limit) {
    Buffer out;
    {
        JsonWriter json(out);
        json.begin_object();
        detail::member_cut(json, "t", text, limit);
        json.end_object();
    }
    return out.str().substr(6, out.size() - 8);
}
std::string time_of(const Timestamp& time) {
    Buffer out;
    {
        JsonWriter json(out);
        json.begin_object();
        detail::member_time(json, "t", time);
        json.end_object();
    }
    return out.str();
}
std::string utc(std::int64_t seconds, std::int32_t nanoseconds) {
    Timestamp time;
    time.is_set = true;
    time.seconds = seconds;
    time.nanoseconds = nanoseconds;
    return time_of(time);
}
}  // namespace

TEST_CASE("vendor_text: cut by code points") {
    CHECK(cut("abcd", 4) == "abcd");
    CHECK(cut("abcde", 4) == "abc\xe2\x80\xa6");
    CHECK(cut("", 4) == "");
    CHECK(cut("\xc3\xa9\xc3\xa9\xc3\xa9", 3) == "\xc3\xa9\xc3\xa9\xc3\xa9");
    CHECK(cut("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3) == "\xc3\xa9\xc3\xa9\xe2\x80\xa6");
    CHECK(cut("\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5", 1) == "\xe2\x80\xa6");
    CHECK(cut("\"\"\"\"", 3) == "\\\"\\\"\xe2\x80\xa6");
}

TEST_CASE("vendor_text: the first code points") {
    CHECK(detail::first_code_points("a\xe4\xb8\xad"
                                    "b",
                                    2) == "a\xe4\xb8\xad");
    CHECK(detail::first_code_points("a\xe4\xb8\xad"
                                    "b",
                                    3) ==
          "a\xe4\xb8\xad"
          "b");
    CHECK(detail::first_code_points("abc", 0) == "");
}

TEST_CASE("vendor_text: times") {
    CHECK(time_of({}) == "{}");
    CHECK(time_of(*parse_timestamp("0001-01-01T00:00:00Z")) == "{}");
    CHECK(time_of(*parse_timestamp("2026-03-04T05:06:07.089+05:30")) == R"({"t":"2026-03-04T05:06:07.089+05:30"})");
    CHECK(time_of(*parse_timestamp("2026-01-15 16:00:00.123456789 +0530 +0530 m=+8560.28")) == R"({"t":"2026-01-15T10:30:00.123456789Z"})");
    CHECK(time_of(*parse_timestamp("2026-01-15t16:00:00z")) == R"({"t":"2026-01-15T16:00:00.000000000Z"})");
    CHECK(utc(951'782'400, 1) == R"({"t":"2000-02-29T00:00:00.000000001Z"})");
    CHECK(utc(951'868'800, 0) == R"({"t":"2000-03-01T00:00:00.000000000Z"})");
    CHECK(utc(-1, 999'999'999) == R"({"t":"1969-12-31T23:59:59.999999999Z"})");
    CHECK(utc(253'402'300'799, 0) == R"({"t":"9999-12-31T23:59:59.000000000Z"})");
}

TEST_CASE("vendor_text: every day is the one that parse_timestamp() reads") {
    // One time of day in each of 300 years' days, a prime number of days apart.
    for (std::int64_t day = -135'000; day < 400'000; day += 37) {
        const std::string text = utc(day * 86400 + 43'201, 0);
        const auto back = parse_timestamp(std::string_view(text).substr(6, text.size() - 8));
        REQUIRE(back);
        REQUIRE(back->seconds == day * 86400 + 43'201);
    }
}
