#pragma once

#include <cstdint>
#include <limits>

#include "alertmap/timestamp.hpp"

namespace alertmap {

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z. Years 1678 to 2261.
using UnixTime = std::int64_t;

/// A duration in nanoseconds.
using Duration = std::int64_t;

/// Durations of `count` seconds, minutes or hours.
[[nodiscard]] constexpr Duration seconds(std::int64_t count) noexcept { return count * 1'000'000'000; }
[[nodiscard]] constexpr Duration minutes(std::int64_t count) noexcept { return seconds(count * 60); }
[[nodiscard]] constexpr Duration hours(std::int64_t count) noexcept { return minutes(count * 60); }

/// Converts a Timestamp; returns `otherwise` if it is unset. Saturates if out of range.
[[nodiscard]] constexpr UnixTime unix_time(const Timestamp& time, UnixTime otherwise = 0) noexcept {
    if (!time.is_set) return otherwise;
    constexpr std::int64_t last_second = std::numeric_limits<UnixTime>::max() / seconds(1) - 1;
    if (time.seconds > last_second) return last_second * seconds(1);
    if (time.seconds < -last_second) return -last_second * seconds(1);
    return time.seconds * seconds(1) + time.nanoseconds;
}

/// Converts to a Timestamp without text.
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

/// Adds a duration; saturates if out of range.
[[nodiscard]] constexpr UnixTime later(UnixTime time, Duration by) noexcept {
    if (by > 0 && time > std::numeric_limits<UnixTime>::max() - by) return std::numeric_limits<UnixTime>::max();
    if (by < 0 && time < std::numeric_limits<UnixTime>::min() - by) return std::numeric_limits<UnixTime>::min();
    return time + by;
}

}  // namespace alertmap
