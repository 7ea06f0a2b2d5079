#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/detail/code_points.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/timestamp.hpp"

// Text the way that vendors take it.
namespace alertmap::detail {

/// The text, or as much of it as leaves room for an ellipsis within `limit` code points.
inline void member_cut(JsonWriter& json, JsonKey key, std::string_view text, std::size_t limit) {
    if (first_code_points(text, limit).size() == text.size()) return json.member(key, text);
    json.key(key);
    json.value_joined({first_code_points(text, limit - 1), "\u2026"});
}

/// The severity's name.
inline void member_severity(JsonWriter& json, JsonKey key, Severity severity) {
    switch (severity) {
        case Severity::critical: return json.member_word(key, "critical");
        case Severity::error: return json.member_word(key, "error");
        case Severity::warning: return json.member_word(key, "warning");
        case Severity::info: break;
    }
    json.member_word(key, "info");
}

/// A time as RFC 3339: as sent where it was sent so, in UTC where it came in Go's other spelling. Nothing if it is not set.
inline void member_time(JsonWriter& json, JsonKey key, const Timestamp& time) {
    if (!time.is_set) return;
    if (time.text.size() > 10 && time.text[10] == 'T') return json.member(key, time.text);
    // Days to a date, counting from 1 March: Howard Hinnant, chrono-compatible low-level date algorithms.
    const std::int64_t shifted = time.seconds + std::int64_t{719468} * 86400;
    const std::int64_t days = shifted / 86400;
    const std::int64_t second_of_day = shifted % 86400;
    const std::int64_t era = days / 146097;
    const std::int64_t day_of_era = days % 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    char text[] = "0000-00-00T00:00:00.000000000Z";
    const auto put = [&text](std::size_t end, int width, std::int64_t number) {
        for (; width-- > 0; number /= 10) text[--end] = static_cast<char>('0' + number % 10);
    };
    put(4, 4, year_of_era + era * 400 + (month >= 10 ? 1 : 0));
    put(7, 2, month < 10 ? month + 3 : month - 9);
    put(10, 2, day_of_year - (153 * month + 2) / 5 + 1);
    put(13, 2, second_of_day / 3600);
    put(16, 2, second_of_day / 60 % 60);
    put(19, 2, second_of_day % 60);
    put(29, 9, time.nanoseconds);
    json.member(key, std::string_view(text, sizeof text - 1));
}

}  // namespace alertmap::detail
