#include "alertmap/timestamp.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace alertmap;

// Arbitrary text: a time with a four-digit year, or invalid. A valid time equals its RFC 3339 form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto time = parse_timestamp(text);
    if (!time) return time.error().code == Errc::invalid_time ? 0 : (std::abort(), 0);
    if (time->text.data() != text.data() || time->text.size() != size) std::abort();
    if (!time->is_set) return time->seconds == 0 && time->nanoseconds == 0 ? 0 : (std::abort(), 0);
    if (time->nanoseconds < 0 || time->nanoseconds > 999'999'999) std::abort();
    if (time->seconds < -62135596800 - 86400 || time->seconds > 253402300799 + 86400) std::abort();
    if (size >= 20 && size <= 30 && text[10] == 'T' && text.back() == 'Z') {
        std::string other(text.substr(0, size - 1));
        other += "+00:00";
        const auto same = parse_timestamp(other);
        if (!same || same->seconds != time->seconds || same->nanoseconds != time->nanoseconds) std::abort();
    }
    return 0;
}
