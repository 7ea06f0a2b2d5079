#include "alertmap/timestamp.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

using alertmap::Errc;
using alertmap::parse_timestamp;
using alertmap::Timestamp;

namespace {

struct Known {
    std::string_view text;
    std::int64_t seconds;
    std::int32_t nanoseconds;
};

// Seconds from GNU date.
constexpr Known known[] = {
    {"2026-01-15T10:30:00Z", 1768473000, 0},
    {"2026-01-15T10:30:00.12Z", 1768473000, 120'000'000},
    {"2026-01-15T16:00:00.123456789+05:30", 1768473000, 123'456'789},
    {"2026-01-15T10:30:00-08:00", 1768501800, 0},
    {"2026-11-20T20:28:21.318263699-03:30", 1795219101, 318'263'699},
    {"1969-12-31T23:59:59Z", -1, 0},
    {"1969-12-31T23:59:59.5Z", -1, 500'000'000},
    {"1970-01-01T00:00:00.000000001Z", 0, 1},
    {"1970-01-01T00:00:01Z", 1, 0},
    {"2026-01-15t10:30:00z", 1768473000, 0},
    {"2026-01-15T10:30:00+0000", 1768473000, 0},
    {"2026-01-15T10:30:00-00:00", 1768473000, 0},
    {"2026-01-15T10:30:00.0Z", 1768473000, 0},
    {"2026-01-15T10:30:00.000000001Z", 1768473000, 1},
    {"2026-01-15T10:30:00.9999999999Z", 1768473000, 999'999'999},
    {"2000-02-29T00:00:00Z", 951782400, 0},
    {"2024-02-29T12:00:00Z", 1709208000, 0},
    {"1900-03-01T00:00:00Z", -2203891200, 0},
    {"2016-12-31T23:59:60Z", 1483228800, 0},
    {"0002-01-01T00:00:00Z", -62104060800, 0},
    {"9999-12-31T23:59:59Z", 253402300799, 0},
    {"9999-12-31T23:59:59.999999999-23:59", 253402387139, 999'999'999},
    {"2026-01-15 10:30:00 +0000 UTC", 1768473000, 0},
    {"2026-01-15 16:00:00.123456789 +0530 +0530", 1768473000, 123'456'789},
    {"2026-01-15 16:00:00.123456789 +0530 IST m=+8560.28", 1768473000, 123'456'789},
    {"2026-01-15 10:30:00 +0000 UTC m=-0.000012345", 1768473000, 0},
    {"2026-01-15 07:30:00 -0300 -03", 1768473000, 0},
    {"2026-01-15 10:30:00+00:00", 1768473000, 0},
    {"2026-01-15 10:30:00Z", 1768473000, 0},
};

constexpr std::string_view unset[] = {
    "",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+05:30",
    "0001-12-31T23:59:59.999Z",
    "0001-01-01 00:00:00 +0000 UTC",
    "1970-01-01T00:00:00Z",
    "1970-01-01T05:30:00+05:30",
    "1970-01-01T00:00:00.000Z",
    "1970-01-01 00:00:00 +0000 UTC",
};

constexpr std::string_view invalid[] = {
    "never",
    " ",
    "0",
    "1768473000",
    "2026",
    "2026-01-15",
    "2026-01-15T",
    "2026-01-15T10:30Z",
    "2026-01-15T10:30:00",
    "2026-01-15T10:30:00 ",
    "2026-01-15T10:30:00Z ",
    " 2026-01-15T10:30:00Z",
    "2026-01-15T10:30:00ZZ",
    "2026-01-15T10:30:00.Z",
    "2026-01-15T10:30:00,5Z",
    "2026-01-15T10:30:00+5:30",
    "2026-01-15T10:30:00+05",
    "2026-01-15T10:30:00+05:3",
    "2026-01-15T10:30:00+24:00",
    "2026-01-15T10:30:00+05:60",
    "2026-01-15T24:00:00Z",
    "2026-01-15T10:60:00Z",
    "2026-01-15T10:30:61Z",
    "2026-00-15T10:30:00Z",
    "2026-13-15T10:30:00Z",
    "2026-01-00T10:30:00Z",
    "2026-01-32T10:30:00Z",
    "2026-02-29T10:30:00Z",
    "1900-02-29T10:30:00Z",
    "2026-04-31T10:30:00Z",
    "0000-01-01T00:00:00Z",
    "12026-01-15T10:30:00Z",
    "-026-01-15T10:30:00Z",
    "2026-1-15T10:30:00Z",
    "2026/01/15T10:30:00Z",
    "2026-01-15_10:30:00Z",
    "2026-01-15T10.30.00Z",
    "2026-01-15 10:30:00 +0000",
    "2026-01-15 10:30:00 +0000 ",
    "2026-01-15 10:30:00 +0000 UTC ",
    "2026-01-15 10:30:00 +0000 UTC m=",
    "2026-01-15 10:30:00 +0000 UTC m=8560",
    "2026-01-15 10:30:00 +0000 UTC m=+",
    "2026-01-15 10:30:00 +0000 UTC m=+12x",
    "2026-01-15 10:30:00 UTC",
    "2026-01-15T10:30:00 +0000 UTC",
    "Thu Jan 15 10:30:00 2026",
};

/// Format number 0 to 7 of a time, made with the standard library's calendar: the C library's ends in 2038 if time_t has 32 bits.
std::string spell(int spelling, std::int64_t seconds, std::int32_t nanoseconds, int offset_minutes) {
    if (spelling == 0 || spelling == 2) offset_minutes = 0;
    const std::chrono::sys_time<std::chrono::seconds> local(std::chrono::seconds(seconds) + std::chrono::minutes(offset_minutes));
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day parts(day);
    const std::chrono::hh_mm_ss clock(local - day);
    char date[64];
    std::snprintf(date, sizeof date, "%04d-%02u-%02u", static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                  static_cast<unsigned>(parts.day()));
    char time[64];
    std::snprintf(time, sizeof time, "%02d:%02d:%02d", static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    char digits[32];
    std::snprintf(digits, sizeof digits, ".%09d", nanoseconds);
    std::string fraction = digits;
    while (fraction.back() == '0') fraction.pop_back();  // as Go trims it
    if (fraction == ".") fraction.clear();
    const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    const char* sign = offset_minutes < 0 ? "-" : "+";
    char colon[32];
    std::snprintf(colon, sizeof colon, "%s%02d:%02d", sign, size / 60, size % 60);
    char plain[32];
    std::snprintf(plain, sizeof plain, "%s%02d%02d", sign, size / 60, size % 60);
    switch (spelling) {
        case 0: return std::string(date) + "T" + time + fraction + "Z";
        case 1: return std::string(date) + "T" + time + fraction + colon;
        case 2: return std::string(date) + "t" + time + digits + "z";
        case 3: return std::string(date) + "T" + time + digits + plain;
        case 4: return std::string(date) + " " + time + fraction + " " + plain + " UTC";
        case 5: return std::string(date) + " " + time + fraction + " " + plain + " " + plain;
        case 6: return std::string(date) + " " + time + fraction + " " + plain + " CEST m=+8560.280000001";
        default: return std::string(date) + " " + time + fraction + colon;
    }
}

}  // namespace

TEST_CASE("timestamp: known texts") {
    for (const Known& expected : known) {
        CAPTURE(expected.text);
        const auto time = parse_timestamp(expected.text);
        REQUIRE(time);
        CHECK(time->is_set);
        CHECK(static_cast<bool>(*time));
        CHECK(time->seconds == expected.seconds);
        CHECK(time->nanoseconds == expected.nanoseconds);
        CHECK(time->text.data() == expected.text.data());
        CHECK(time->text.size() == expected.text.size());
    }
}

TEST_CASE("timestamp: unset times") {
    for (const std::string_view text : unset) {
        CAPTURE(text);
        const auto time = parse_timestamp(text);
        REQUIRE(time);
        CHECK_FALSE(time->is_set);
        CHECK_FALSE(static_cast<bool>(*time));
        CHECK(time->seconds == 0);
        CHECK(time->nanoseconds == 0);
        CHECK(time->text == text);
    }
}

TEST_CASE("timestamp: not a time") {
    for (const std::string_view text : invalid) {
        CAPTURE(text);
        const auto time = parse_timestamp(text);
        REQUIRE_FALSE(time);
        CHECK(time.error().code == Errc::invalid_time);
    }
}

TEST_CASE("timestamp: no prefix of a time reads past its end") {
    for (const Known& expected : known) {
        for (std::size_t size = 0; size < expected.text.size(); ++size) {
            const std::string exact(expected.text.substr(0, size));  // separate allocation: ASan detects reads beyond it
            const auto time = parse_timestamp(exact);
            if (time && time->is_set) CHECK(time->text.size() == size);
        }
    }
    CHECK_FALSE(parse_timestamp("2026-01-15T10:30:00"));
}

TEST_CASE("timestamp: random times in all formats are read back") {
    std::mt19937_64 random(20260115);
    std::uniform_int_distribution<std::int64_t> any_second(-62104060800 + 86400, 253402300799 - 86400);
    std::uniform_int_distribution<std::int32_t> any_nanosecond(0, 999'999'999);
    std::uniform_int_distribution<int> any_offset(-14 * 60, 14 * 60);
    for (int i = 0; i < 3000; ++i) {
        const std::int64_t seconds = any_second(random);
        std::int32_t nanoseconds = any_nanosecond(random);
        for (int digits = static_cast<int>(random() % 10), unit = 1; digits > 0; --digits) {
            unit *= 10;
            if (digits == 1) nanoseconds -= nanoseconds % unit;
        }
        for (int spelling = 0; spelling < 8; ++spelling) {
            const std::string text = spell(spelling, seconds, nanoseconds, any_offset(random));
            CAPTURE(text);
            const auto time = parse_timestamp(text);
            REQUIRE(time);
            REQUIRE(time->is_set);
            REQUIRE(time->seconds == seconds);
            REQUIRE(time->nanoseconds == nanoseconds);
        }
    }
}

TEST_CASE("timestamp: a mutated time gives a valid time or an error") {
    std::mt19937 random(7);
    const std::string_view alphabet = "0123456789-+:.TtZz m=UTC\0\xff";
    for (int i = 0; i < 30000; ++i) {
        std::string text(known[random() % std::size(known)].text);
        for (auto edits = 1 + random() % 3; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            const char other = alphabet[random() % alphabet.size()];
            switch (random() % 3) {
                case 0: text[at] = other; break;
                case 1: text.insert(at, 1, other); break;
                default: text.erase(at, 1); break;
            }
        }
        const auto time = parse_timestamp(text);
        if (!time) {
            REQUIRE(time.error().code == Errc::invalid_time);
            continue;
        }
        CAPTURE(text);
        REQUIRE(time->nanoseconds >= 0);
        REQUIRE(time->nanoseconds < 1'000'000'000);
        REQUIRE(time->seconds >= -62135596800 - 86400);
        REQUIRE(time->seconds <= 253402300799 + 86400);
        REQUIRE(time->text == text);
    }
}

TEST_CASE("timestamp: default-constructed is unset") {
    constexpr Timestamp time;
    CHECK_FALSE(time);
    CHECK(time.text.data() == nullptr);
}
