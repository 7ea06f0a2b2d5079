#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include "alertmap/timestamp.hpp"
#include "alertmap/unix_time.hpp"

// Opt-in: conversions between std::chrono and Timestamp, UnixTime, Duration. All are pure, thread-safe, and allocate nothing.

namespace alertmap {

/// Converts a Timestamp; rounds down to ToDuration. Empty if the time is unset or out of range: nanoseconds in 64 bits (the default) hold
/// the years 1678 to 2261, microseconds every Timestamp.
///
///     const auto started = to_sys_time<std::chrono::seconds>(alert.starts_at);
template <class ToDuration = std::chrono::nanoseconds>
[[nodiscard]] constexpr std::optional<std::chrono::sys_time<ToDuration>> to_sys_time(const Timestamp& time) noexcept {
    using Ticks = typename ToDuration::rep;
    static_assert(std::numeric_limits<Ticks>::is_integer && sizeof(Ticks) >= sizeof(std::int64_t), "ToDuration counts in 64 bits");
    using Second = std::chrono::seconds;
    if (!time.is_set) return std::nullopt;
    if constexpr (std::ratio_less_v<typename ToDuration::period, std::ratio<1>>) {
        constexpr std::int64_t most = std::chrono::duration_cast<Second>(ToDuration::max()).count();
        if (time.seconds >= most || time.seconds <= -most) return std::nullopt;
    }
    return std::chrono::floor<ToDuration>(std::chrono::sys_time<Second>(Second(time.seconds))) +
           std::chrono::floor<ToDuration>(std::chrono::nanoseconds(time.nanoseconds));
}

/// Converts to a Timestamp without text. Years 1 to 9999.
template <class FromDuration>
[[nodiscard]] constexpr Timestamp to_timestamp(std::chrono::sys_time<FromDuration> time) noexcept {
    const auto whole = std::chrono::floor<std::chrono::seconds>(time);
    Timestamp result;
    result.seconds = whole.time_since_epoch().count();
    result.nanoseconds = static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time - whole).count());
    result.is_set = true;
    return result;
}

/// Converts to UnixTime, for Ledger: `ledger.due(to_unix_time(std::chrono::system_clock::now()))`. Years 1678 to 2261.
template <class FromDuration>
[[nodiscard]] constexpr UnixTime to_unix_time(std::chrono::sys_time<FromDuration> time) noexcept {
    return std::chrono::floor<std::chrono::nanoseconds>(time).time_since_epoch().count();
}
/// Converts UnixTime, such as the result of Ledger::next().
[[nodiscard]] constexpr std::chrono::sys_time<std::chrono::nanoseconds> to_sys_time(UnixTime time) noexcept {
    return std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(time));
}
/// Converts to alertmap's Duration: `settings.reassert = to_duration(std::chrono::hours(1))`.
[[nodiscard]] constexpr Duration to_duration(std::chrono::nanoseconds length) noexcept { return length.count(); }

}  // namespace alertmap
