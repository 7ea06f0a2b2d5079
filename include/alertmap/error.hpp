#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace alertmap {

/// Error and warning codes. Named after the mistake in the input, not after the place in the library that detects it. Values start at 1:
/// Errc{} is the error() of a successful Result.
enum class Errc : std::uint8_t {
    // The body is not JSON (RFC 8259).
    empty_body = 1,
    truncated_body,
    invalid_utf8,
    invalid_json,
    invalid_number,
    invalid_literal,
    invalid_escape,
    control_character,
    trailing_content,

    // Valid JSON, but not an alert group.
    top_level_array,
    sns_envelope,
    azure_common_schema,
    grafana_legacy,
    alertmanager_v1,
    not_an_alert_group,

    // The body exceeds a limit of ParseOptions.
    body_too_large,
    too_many_alerts,
    too_many_labels,
    too_deep,
    out_of_memory,
    unsupported_cpu,

    // Oddities that are tolerated: warnings, or errors under ParseOptions::strict.
    byte_order_mark,
    duplicate_key,
    invalid_count,
    invalid_time,
    lone_surrogate,
    missing_field,
    null_value,
    other_case,
    unknown_status,
    useless_id,
    wrong_type,

    // Invalid configuration (mapping file, text form of a policy, target options) or invalid vendor answer.
    invalid_syntax,
    invalid_value,
    missing_value,
    unknown_name,

    // Events or groups that a target cannot write.
    empty_external_id,
    invalid_header,
    invalid_url,
    missing_heartbeat,
    missing_vendor_id,
    payload_too_large,
    unsupported_transition,
};

/// The enumerator's own name, e.g. "truncated_body". Static storage.
[[nodiscard]] constexpr std::string_view name(Errc code) noexcept;

/// One sentence for a log line, e.g. "the body ends inside a value". Static storage; contains no part of the body.
[[nodiscard]] constexpr std::string_view message(Errc code) noexcept;

/// Unknown byte offset.
inline constexpr std::size_t no_offset = static_cast<std::size_t>(-1);

/// An error code with its place: `offset` in bytes from the start of the input, `path` inside it ("alerts[3].startsAt"; empty: the whole
/// input). Owns its path. Contains no value of the body, no URL and no secret.
struct Error {
    Errc code{};  ///< Errc{}: no error
    std::size_t offset = no_offset;
    std::string path;

    friend bool operator==(const Error&, const Error&) = default;
    /// Compares the code alone: `result.error() == Errc::truncated_body`.
    friend bool operator==(const Error& error, Errc wanted) noexcept { return error.code == wanted; }
};

/// One line of text, e.g. "alerts[3].startsAt: not a time (byte 412)". Control characters are written as \uXXXX, so that a key cannot forge
/// log lines. Allocates.
[[nodiscard]] inline std::string to_string(const Error& error);

/// Writes name(code).
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Errc code) {
    return out << name(code);
}
/// Writes to_string(error).
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Error& error) {
    return out << to_string(error);
}

namespace detail {

struct ErrcText {
    std::string_view name;
    std::string_view message;
};

constexpr ErrcText errc_text(Errc code) noexcept {
    switch (code) {
        case Errc::empty_body: return {"empty_body", "the body is empty"};
        case Errc::truncated_body: return {"truncated_body", "the body ends before its JSON does"};
        case Errc::invalid_utf8: return {"invalid_utf8", "not UTF-8"};
        case Errc::invalid_json: return {"invalid_json", "not JSON: unexpected character"};
        case Errc::invalid_number: return {"invalid_number", "not a JSON number"};
        case Errc::invalid_literal: return {"invalid_literal", "not JSON: expected true, false or null"};
        case Errc::invalid_escape: return {"invalid_escape", "invalid escape in a JSON string"};
        case Errc::control_character: return {"control_character", "raw control character in a JSON string"};
        case Errc::trailing_content: return {"trailing_content", "data after the JSON value"};
        case Errc::top_level_array:
            return {"top_level_array", "a JSON array, not an alert group (a custom payload, or alerts as posted to Alertmanager?)"};
        case Errc::sns_envelope: return {"sns_envelope", "an Amazon SNS envelope: the alert group, if any, is the string in its Message"};
        case Errc::azure_common_schema:
            return {"azure_common_schema", "an Azure Monitor alert (common alert schema), not an Alertmanager group"};
        case Errc::grafana_legacy: return {"grafana_legacy", "a legacy Grafana alert (before unified alerting), not an Alertmanager group"};
        case Errc::alertmanager_v1: return {"alertmanager_v1", "a webhook of Alertmanager before 0.1.0 (key alert instead of alerts)"};
        case Errc::not_an_alert_group: return {"not_an_alert_group", "JSON without alerts or any other key of an alert group"};
        case Errc::body_too_large: return {"body_too_large", "the body is longer than max_bytes"};
        case Errc::too_many_alerts: return {"too_many_alerts", "more alerts than max_alerts"};
        case Errc::too_many_labels: return {"too_many_labels", "more labels in one set than max_labels"};
        case Errc::too_deep: return {"too_deep", "nested deeper than max_depth"};
        case Errc::out_of_memory: return {"out_of_memory", "no memory left"};
        case Errc::unsupported_cpu:
            return {"unsupported_cpu", "simdjson has no kernel for this CPU, or none that SIMDJSON_FORCE_IMPLEMENTATION names"};
        case Errc::byte_order_mark: return {"byte_order_mark", "starts with a UTF-8 byte order mark"};
        case Errc::duplicate_key: return {"duplicate_key", "duplicate key (last wins)"};
        case Errc::invalid_count: return {"invalid_count", "not a count of alerts"};
        case Errc::invalid_time: return {"invalid_time", "not a time"};
        case Errc::lone_surrogate: return {"lone_surrogate", "lone surrogate, read as U+FFFD"};
        case Errc::missing_field: return {"missing_field", "missing"};
        case Errc::null_value: return {"null_value", "null, read as absent"};
        case Errc::other_case: return {"other_case", "a name in other case, matched as in Go"};
        case Errc::unknown_status: return {"unknown_status", "neither firing nor resolved"};
        case Errc::useless_id: return {"useless_id", "a meaningless ID, read as absent"};
        case Errc::wrong_type: return {"wrong_type", "unexpected JSON type"};
        case Errc::invalid_syntax: return {"invalid_syntax", "syntax error"};
        case Errc::invalid_value: return {"invalid_value", "invalid value"};
        case Errc::missing_value: return {"missing_value", "a value is missing"};
        case Errc::unknown_name: return {"unknown_name", "no such name"};
        case Errc::empty_external_id: return {"empty_external_id", "the event has no external_id"};
        case Errc::invalid_header: return {"invalid_header", "invalid header name or value"};
        case Errc::invalid_url: return {"invalid_url", "not an http or https URL"};
        case Errc::missing_heartbeat: return {"missing_heartbeat", "a heartbeat, but this option is not set"};
        case Errc::missing_vendor_id: return {"missing_vendor_id", "needs the ID that the vendor returned when the alert was created"};
        case Errc::payload_too_large: return {"payload_too_large", "larger than the vendor accepts"};
        case Errc::unsupported_transition: return {"unsupported_transition", "the target has no payload for this transition"};
    }
    return {"unknown", "unknown error"};
}

/// Escapes control characters (C0, DEL, C1), line separators (U+2028, U+2029) and bidirectional controls (U+202A to U+202E, U+2066 to
/// U+2069) as \uXXXX, so that text from a sender cannot forge log lines or move the cursor.
inline std::string printable(std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = [&](std::size_t i) { return i < text.size() ? unsigned{static_cast<unsigned char>(text[i])} : 0u; };
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code_point = byte(i);
        std::size_t more = 0;  // bytes of the code point after this one
        if (code_point == 0xc2 && byte(i + 1) >= 0x80 && byte(i + 1) < 0xa0) {
            code_point = byte(i + 1);
            more = 1;
        } else if (code_point == 0xe2 && (byte(i + 1) == 0x80 || byte(i + 1) == 0x81)) {
            code_point = 0x2000 | (byte(i + 1) & 0x3f) << 6 | (byte(i + 2) & 0x3f);
            more = 2;
        }
        const bool control = code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0 && (more == 1 || code_point == 0x7f));
        if (!control && !(code_point >= 0x2028 && code_point <= 0x202e) && !(code_point >= 0x2066 && code_point <= 0x2069)) {
            out += text[i];
            continue;
        }
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4) out += hex[code_point >> shift & 0xf];
        i += more;
    }
    return out;
}

}  // namespace detail

constexpr std::string_view name(Errc code) noexcept { return detail::errc_text(code).name; }

constexpr std::string_view message(Errc code) noexcept { return detail::errc_text(code).message; }

inline std::string to_string(const Error& error) {
    std::string text = detail::printable(error.path);
    if (!text.empty()) text += ": ";
    text += message(error.code);
    if (error.offset != no_offset) text.append(" (byte ").append(std::to_string(error.offset)).append(")");
    return text;
}

}  // namespace alertmap
