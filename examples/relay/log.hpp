#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>

// One logfmt line per event, on standard error.
namespace relay {

/// A field of a line. Texts are quoted and escaped, so that a sender's text cannot forge lines or fields.
struct LogField {
    std::string_view name;
    std::string value;

    LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
    LogField(std::string_view field, const char* text) : name(field), value(text) {}
    LogField(std::string_view field, const std::string& text) : name(field), value(text) {}
    template <class Number>
    requires std::is_arithmetic_v<Number> LogField(std::string_view field, Number number) : name(field), value(fmt::format("{}", number)) {}
};

/// Formats `text` as a logfmt value: quoted if needed, with escaped control characters, quotes and backslashes.
inline std::string logfmt_value(std::string_view text) {
    std::string out;
    bool quote = text.empty();
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f) {
            out += fmt::format("\\x{:02x}", byte);
            quote = true;
        } else {
            quote = quote || c == ' ' || c == '=' || c == '"' || c == '\\' || byte >= 0x80;
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
    }
    return quote ? '"' + out + '"' : out;
}

inline void log(std::string_view level, std::string_view message, std::initializer_list<LogField> fields = {}) {
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::string line = fmt::format("ts={:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z level={} msg={}", utc.tm_year + 1900, utc.tm_mon + 1,
                                   utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds, level, logfmt_value(message));
    for (const LogField& field : fields) line += fmt::format(" {}={}", field.name, logfmt_value(field.value));
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace relay
