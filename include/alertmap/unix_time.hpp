#pragma once

#include <cstdint>
#include <limits>

#include "alertmap/timestamp.hpp"

namespace alertmap {

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z. Years 1678 to 2261 fit.
using UnixTime = std::int64_t;

/// A length of time in nanoseconds.
using Duration = std::int64_t;

/// That many seconds, minutes or hours.
[[nodiscard]] constexpr Duration seconds(std::int64_t count) noexcept { return count * 1'000'000'000; }
[[nodiscard]] constexpr Duration minutes(std::int64_t count) noexcept { return seconds(count * 60); }
[[nodiscard]] constexpr Duration hours(std::int64_t count) noexcept { return minutes(count * 60); }

/// The point in time that a Timestamp names; `otherwise` where it is not set. What does not fit becomes the nearest that does.
[[nodiscard]] constexpr UnixTime unix_time(const Timestamp& time, UnixTime otherwise = 0) noexcept {
    if (!time.is_set) return otherwise;
    constexpr std::int64_t last_second = std::numeric_limits<UnixTime>::max() / seconds(1) - 1;
    if (time.seconds > last_second) return last_second * seconds(1);
    if (time.seconds < -last_second) return -last_second * seconds(1);
    return time.seconds * seconds(1) + time.nanoseconds;
}

/// The Timestamp of a point in time, without a text.
[[nodiscard]] constexpr Timestamp timestamp(UnixTime time) noexcept {
    Timestamp result;
    std::int64_t whole = time / seconds(1);
    std::int64_t rest = time % seconds(1);
    if (rest < 0) {
        whole -= 1;
        rest += seconds(1);
    }
    result.seconds = whole;
    result.nanoseconds = static_cast<std::int32_t>(rest);
    result.is_set = true;
    return result;
}

/// The sum, or the latest (earliest) time that fits.
[[nodiscard]] constexpr UnixTime later(UnixTime time, Duration by) noexcept {
    if (by > 0 && time > std::numeric_limits<UnixTime>::max() - by) return std::numeric_limits<UnixTime>::max();
    if (by < 0 && time < std::numeric_limits<UnixTime>::min() - by) return std::numeric_limits<UnixTime>::min();
    return time + by;
}

}  // namespace alertmap
