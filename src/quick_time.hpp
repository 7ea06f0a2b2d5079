#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/timestamp.hpp"
#include "bytes.hpp"

namespace alertmap::inline v0_1::detail {

/// The digits behind the point, up to 9 of them, as nanoseconds; more than 999,999,999 if they are none. Behind them stands one more
/// byte, before them at least 11.
inline std::uint32_t nanoseconds_of(const char* digits, std::size_t count) noexcept {
    constexpr std::uint32_t scale[] = {0, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
    // The last eight bytes, with zeros for what is no part of the fraction, and the first of nine by itself.
    const unsigned others = count < 8 ? static_cast<unsigned>(8 - count) * 8 : 0;
    std::uint64_t last = load64_little_endian(digits + count - 8);
    if (others != 0) last = (last >> others << others) | (0x3030303030303030 & ~(~std::uint64_t{0} << others));
    const std::uint32_t value = eight_digits(last);
    const unsigned first = count == 9 ? static_cast<unsigned char>(*digits) - unsigned{'0'} : 0;
    return value > 99'999'999 || first > 9 ? ~0u : (value + first * 100'000'000) * scale[count];
}

/// read_time(), quicker for Alertmanager's own spelling: 2026-01-15T10:30:00Z, or with 1 to 9 digits behind a point.
inline bool read_time_quickly(Timestamp& out) noexcept {
    const std::string_view text = out.text;
    if (text.size() < 20 || text.size() == 21 || text.size() > 30 || text.back() != 'Z') return read_time(out);
    if (text.size() == 20 && std::memcmp(text.data(), "0001-01-01T00:00:00Z", 20) == 0) {  // a firing alert's endsAt
        out.is_set = false;
        return true;
    }
    // "2026-01-" and "15T10:30": the signs are checked, then made zeros, so that eight bytes are one number.
    constexpr std::uint64_t date_mask = 0xff0000ff00000000;
    constexpr std::uint64_t date_signs = 0x2d00002d00000000;
    constexpr std::uint64_t clock_mask = 0x0000ff0000ff0000;
    constexpr std::uint64_t clock_signs = 0x00003a0000540000;
    constexpr std::uint64_t zeros = 0x3030303030303030;
    const std::uint64_t date = load64_little_endian(text.data());
    const std::uint64_t clock = load64_little_endian(text.data() + 8);
    if ((date & date_mask) != date_signs || (clock & clock_mask) != clock_signs || text[16] != ':') return read_time(out);
    const std::uint32_t ymd = eight_digits((date & ~date_mask) | (zeros & date_mask));     // YYYY0MM0
    const std::uint32_t dhm = eight_digits((clock & ~clock_mask) | (zeros & clock_mask));  // DD0hh0mm
    const std::uint32_t year = ymd / 10'000;
    const std::uint32_t month = ymd % 10'000 / 10;
    const std::uint32_t day = dhm / 1'000'000;
    const std::uint32_t hour = dhm / 1000 % 1000;
    const std::uint32_t minute = dhm % 1000;
    const unsigned tens = static_cast<unsigned char>(text[17]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(text[18]) - unsigned{'0'};
    // Year 1, leap seconds and all that is no time: not here.
    if (year < 2 || year > 9999 || month - 1 > 11 || day - 1 > 30 || hour > 23 || minute > 59 || tens > 5 || ones > 9)
        return read_time(out);
    if (day > 28 && static_cast<int>(day) > days_in_month(static_cast<int>(year), static_cast<int>(month))) return read_time(out);
    std::uint32_t nanoseconds = 0;
    if (text.size() != 20) {
        nanoseconds = nanoseconds_of(text.data() + 20, text.size() - 21);
        if (text[19] != '.' || nanoseconds > 999'999'999) return read_time(out);
    }
    const std::int64_t days = days_from_civil(static_cast<int>(year), static_cast<int>(month), static_cast<int>(day));
    out.seconds = days * 86400 + hour * 3600 + minute * 60 + tens * 10 + ones;
    if (out.seconds == 0) return read_time(out);  // 1970-01-01T00:00:00Z is "not yet"
    out.nanoseconds = static_cast<std::int32_t>(nanoseconds);
    out.is_set = true;
    return true;
}

}  // namespace alertmap::inline v0_1::detail
