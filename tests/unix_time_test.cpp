#include "alertmap/unix_time.hpp"

#include <doctest/doctest.h>

using namespace alertmap;

TEST_CASE("unix time: to nanoseconds and back, including before 1970") {
    for (const char* text :
         {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59Z", "1700-01-01T00:00:00.000000001Z", "2026-01-15T16:00:00.5Z"}) {
        CAPTURE(text);
        const Timestamp time = *parse_timestamp(text);
        CHECK(timestamp(unix_time(time)) == time);
    }
    CHECK(timestamp(-1).seconds == -1);
    CHECK(timestamp(-1).nanoseconds == 999'999'999);
    CHECK(unix_time({}, 7) == 7);
    CHECK(unix_time(*parse_timestamp("9999-12-31T23:59:59Z")) > unix_time(*parse_timestamp("2261-01-01T00:00:00Z")));
    CHECK(unix_time(*parse_timestamp("1500-01-01T00:00:00Z")) < unix_time(*parse_timestamp("1678-01-01T00:00:00Z")));
}
