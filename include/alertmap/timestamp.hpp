#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <string_view>

#include "alertmap/error.hpp"
#include "alertmap/result.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// A point in time and its original text. The text is kept even if it is not a valid time.
struct Timestamp {
    std::int64_t seconds = 0;      ///< since 1970-01-01T00:00:00Z; years 1 to 9999
    std::int32_t nanoseconds = 0;  ///< 0 to 999,999,999
    bool is_set = false;           ///< false: absent, empty, Go's or Unix' zero time (year 1, 1970-01-01T00:00:00Z) or invalid
    Text text;                     ///< as sent; null data if absent. Valid as long as the group

    [[nodiscard]] explicit constexpr operator bool() const noexcept { return is_set; }

    /// Compares points in time, not texts. Unset times are equal to each other and before any other.
    friend constexpr bool operator==(const Timestamp& a, const Timestamp& b) noexcept { return std::is_eq(a <=> b); }
    friend constexpr std::strong_ordering operator<=>(const Timestamp& a, const Timestamp& b) noexcept {
        if (!a.is_set || !b.is_set) return a.is_set <=> b.is_set;
        if (const auto order = a.seconds <=> b.seconds; std::is_neq(order)) return order;
        return a.nanoseconds <=> b.nanoseconds;
    }

    /// Writes the original text; nothing if the time has none.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Timestamp& time) {
        return out << std::string_view(time.text);
    }
};

/// Parses RFC 3339 (any offset, any number of fraction digits, lower-case t and z) and Go's Time.String() with or without the monotonic
/// part. Year 1, 1970-01-01T00:00:00Z and the empty text give an unset time. Errc::invalid_time. The result views `text`. Allocates
/// nothing; thread-safe.
/// Source: RFC 3339, section 5.6; Go time/format.go (Time.String).
[[nodiscard]] inline Result<Timestamp> parse_timestamp(Text text);

namespace detail {

constexpr std::int64_t days_from_civil(int year, int month, int day) noexcept {
    // Years start on 1 March, so that the leap day is the last: Howard Hinnant, chrono-compatible low-level date algorithms.
    year -= month <= 2 ? 1 : 0;
    const int era = year / 400;
    const int year_of_era = year - era * 400;
    const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return std::int64_t{era} * 146097 + day_of_era - 719468;
}

constexpr int days_in_month(int year, int month) noexcept {
    constexpr unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = month == 2 && (year % 4 == 0) && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (leap ? 1 : 0);
}

/// Cursor over the text of a time. Each step returns false if it does not match.
struct TimeText {
    const char* at;
    const char* end;

    constexpr bool done() const noexcept { return at == end; }
    constexpr bool take(char wanted) noexcept {
        if (at == end || *at != wanted) return false;
        ++at;
        return true;
    }
    constexpr bool digits(int count, int& value) noexcept {
        if (end - at < count) return false;
        value = 0;
        for (int i = 0; i < count; ++i) {
            const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
            if (digit > 9) return false;
            value = value * 10 + static_cast<int>(digit);
        }
        at += count;
        return true;
    }
    constexpr bool fraction(std::int32_t& nanoseconds) noexcept {
        nanoseconds = 0;
        if (!take('.')) return true;
        int scale = 100'000'000;
        const char* first = at;
        for (; at != end && *at >= '0' && *at <= '9'; ++at) {
            nanoseconds += (*at - '0') * scale;
            scale /= 10;
        }
        return at != first;
    }
    /// "+05:30" or "-0330", in seconds.
    constexpr bool offset(int& seconds) noexcept {
        const int sign = take('+') ? 1 : take('-') ? -1 : 0;
        int hours = 0;
        int minutes = 0;
        if (sign == 0 || !digits(2, hours)) return false;
        take(':');
        if (!digits(2, minutes) || hours > 23 || minutes > 59) return false;
        seconds = sign * (hours * 3600 + minutes * 60);
        return true;
    }
    /// Go's suffixes after the offset: " UTC", " +0530", optionally " m=+8560.28".
    constexpr bool go_suffix() noexcept {
        if (!take(' ')) return false;
        const char* zone = at;
        while (at != end && *at != ' ') ++at;
        if (at == zone) return false;
        if (done()) return true;
        if (!take(' ') || !take('m') || !take('=') || !(take('+') || take('-'))) return false;
        const char* clock = at;
        while (at != end && ((*at >= '0' && *at <= '9') || *at == '.')) ++at;
        return at != clock && done();
    }
};

/// Returns false for an invalid time; `out` is then unset but keeps its text. Requires `out.text`.
constexpr bool read_time(Timestamp& out) noexcept {
    out.seconds = 0;
    out.nanoseconds = 0;
    out.is_set = false;
    if (out.text.empty()) return true;
    TimeText text{out.text.data(), out.text.data() + out.text.size()};
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
    if (!text.digits(4, year) || !text.take('-') || !text.digits(2, month) || !text.take('-') || !text.digits(2, day)) return false;
    const bool spaced = text.take(' ');
    if (!spaced && !text.take('T') && !text.take('t')) return false;
    if (!text.digits(2, hour) || !text.take(':') || !text.digits(2, minute) || !text.take(':') || !text.digits(2, second)) return false;
    std::int32_t nanoseconds = 0;
    if (!text.fraction(nanoseconds)) return false;
    if (spaced && text.take(' ')) {
        if (!text.offset(offset) || !text.go_suffix()) return false;
    } else if (!text.take('Z') && !text.take('z')) {
        if (!text.offset(offset)) return false;
    }
    if (!text.done()) return false;
    // Second 60 is a leap second; it counts as the first second of the next minute.
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return false;
    if (hour > 23 || minute > 59 || second > 60) return false;
    const std::int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    if (year == 1 || (seconds == 0 && nanoseconds == 0)) return true;
    out.seconds = seconds;
    out.nanoseconds = nanoseconds;
    out.is_set = true;
    return true;
}

}  // namespace detail

inline Result<Timestamp> parse_timestamp(Text text) {
    Timestamp time;
    time.text = text;
    if (!detail::read_time(time)) return Errc::invalid_time;
    return time;
}

}  // namespace alertmap

/// Equal times have equal hashes.
template <>
struct std::hash<alertmap::Timestamp> {
    [[nodiscard]] std::size_t operator()(const alertmap::Timestamp& time) const noexcept {
        if (!time.is_set) return 0;
        return std::hash<std::int64_t>{}(time.seconds) * 31 + static_cast<std::size_t>(time.nanoseconds) + 1;
    }
};
