#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "alertmap/detail/code_points.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/detail/post.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

/// Building blocks for built-in and custom targets: event checks, requests, texts, times, severities and vendors' answers. All functions
/// are pure and thread-safe. Functions that return a Request, a Header or a std::string allocate; the others do not.
namespace alertmap::kit {

// ------------------------------------------------------------------------------------------------ event checks

/// The reason why no target with these traits writes the event; empty: it can be written. Errc::unsupported_transition for
/// Transition::ignore, for a heartbeat and for an acknowledge that the vendor does not support; Errc::empty_external_id. Call it first in
/// write().
[[nodiscard]] inline std::optional<Errc> refused(const Event& event, const TargetTraits& traits = {}) noexcept {
    if (event.transition == Transition::ignore || event.heartbeat) return Errc::unsupported_transition;
    if (event.transition == Transition::acknowledge && !traits.acknowledges) return Errc::unsupported_transition;
    if (event.external_id.empty()) return Errc::empty_external_id;
    return {};
}

/// True for a firing heartbeat: request() sends a ping for it if the vendor has a heartbeat URL.
[[nodiscard]] inline bool pings(const Event& event) noexcept { return event.heartbeat && event.transition == Transition::trigger; }

/// The error of request() for a heartbeat if the heartbeat option is unset; its path is the option's key.
[[nodiscard]] inline Error missing_heartbeat(std::string_view option) { return {Errc::missing_heartbeat, no_offset, std::string(option)}; }

// ------------------------------------------------------------------------------------------------ requests

using detail::basic;
using detail::bearer;
using detail::missing;
using detail::ping;
using detail::post;
using detail::post_body;

/// Marks `value` as a secret of the request's body, as JsonWriter or a form spells it; to_string() masks it.
ALERTMAP_API void mask_in_body(Request& request, std::string_view value);

// ------------------------------------------------------------------------------------------------ texts

using detail::first_bytes;
using detail::first_code_points;
using detail::first_utf16;

/// The summary or, if empty, the external ID: vendors require a title.
[[nodiscard]] inline Text title(const Event& event) noexcept { return event.summary.empty() ? event.external_id : event.summary; }

/// The first non-empty text.
[[nodiscard]] inline Text first_of(Text first, Text second, Text third = {}) noexcept {
    if (!first.empty()) return first;
    return second.empty() ? third : second;
}

/// A number in decimal digits, by value.
struct NumberText {
    char text[20] = {};  ///< enough for 2^64 - 1 and -2^63
    std::size_t size = 0;
    operator std::string_view() const noexcept { return {text, size}; }
};
/// Formats a number in decimal. Does not allocate.
template <std::integral Number>
[[nodiscard]] NumberText decimal(Number number) noexcept {
    NumberText out;
    out.size = static_cast<std::size_t>(std::to_chars(out.text, out.text + sizeof out.text, number).ptr - out.text);
    return out;
}

/// Writes a member with a text of at most `limit` (at least 1) code points, including the ellipsis of a truncated text.
inline void member_cut(JsonWriter& json, JsonKey key, Text text, std::size_t limit) {
    if (first_code_points(text, limit).size() == text.size()) return json.member(key, text);
    json.key(key);
    json.value_joined({first_code_points(text, limit - 1), "\u2026"});
}

/// Writes a member with an object of the labels.
ALERTMAP_ALWAYS_INLINE inline void member_labels(JsonWriter& json, JsonKey key, Labels labels) {
    json.key(key);
    json.begin_object();
    json.members(labels);
    json.end_object();
}

// ------------------------------------------------------------------------------------------------ IDs

/// 64 lower-case hex digits, by value.
struct IdHash {
    char text[64] = {};
    operator std::string_view() const noexcept { return {text, sizeof text}; }
};

/// SHA-256 of an external ID that the vendor does not accept, as in ExternalIdPolicy::max_length. Equal for trigger and resolve. Linear.
[[nodiscard]] ALERTMAP_API IdHash id_hash(std::string_view id) noexcept;

// ------------------------------------------------------------------------------------------------ severities

/// Writes a member with "critical", "error", "warning" or "info".
ALERTMAP_ALWAYS_INLINE inline void member_severity(JsonWriter& json, JsonKey key, Severity severity) {
    switch (severity) {
        case Severity::critical: return json.member_word(key, "critical");
        case Severity::error: return json.member_word(key, "error");
        case Severity::warning: return json.member_word(key, "warning");
        case Severity::info: break;
    }
    json.member_word(key, "info");
}

/// A vendor's words for the four severities.
struct SeverityWords {
    std::string_view critical;
    std::string_view error;
    std::string_view warning;
    std::string_view info;

    /// The vendor's word for the severity.
    [[nodiscard]] constexpr std::string_view of(Severity severity) const noexcept {
        switch (severity) {
            case Severity::critical: return critical;
            case Severity::error: return error;
            case Severity::warning: return warning;
            case Severity::info: break;
        }
        return info;
    }
};

/// The vendor's severity or priority word for an event: Event::priority, else a match in the user's `table`, else `words`. `table` is a
/// list "page=P1,warning=P4"; its keys are the sender's words (Event::severity_word, case-insensitive) or severity names. `choices`, e.g.
/// "P1|P2|P3", are the words that the vendor accepts (case-insensitive; a trailing "*" matches any suffix); other words are skipped, as the
/// vendor would reject the alert. Empty `choices`: any word is accepted. The result views the event, `table`, `choices` or `words`. Linear
/// in the two lists.
[[nodiscard]] ALERTMAP_API std::string_view severity_word(const Event& event, const SeverityWords& words, std::string_view table = {},
                                                          std::string_view choices = {}) noexcept;

// ------------------------------------------------------------------------------------------------ times

/// A time as text, by value; empty if the time is unset.
struct TimeText {
    char text[32] = {};
    std::size_t size = 0;
    operator std::string_view() const noexcept { return {text, size}; }
};

/// RFC 3339 in UTC: "2026-03-04T05:06:07.089000000Z".
[[nodiscard]] ALERTMAP_API TimeText utc_rfc3339(const Timestamp& time) noexcept;
/// In UTC: "2026-03-04 05:06:07".
[[nodiscard]] ALERTMAP_API TimeText utc_date_time(const Timestamp& time) noexcept;

/// Writes a member with the time as RFC 3339: the original text if it is RFC 3339, else in UTC. Writes nothing if the time is unset.
ALERTMAP_ALWAYS_INLINE inline void member_time(JsonWriter& json, JsonKey key, const Timestamp& time) {
    if (!time.is_set) return;
    if (time.text.size() > 10 && time.text[10] == 'T') return json.member(key, time.text);
    const TimeText text = utc_rfc3339(time);
    json.member(key, std::string_view(text));
}

// ------------------------------------------------------------------------------------------------ vendors' answers

/// True for HTTP 2xx, the success codes of most vendors.
[[nodiscard]] constexpr bool is_success(int http_status) noexcept { return http_status >= 200 && http_status < 300; }

/// The string or number at `name` (or `name`.`inner`) of a JSON answer. Errors: Errc::missing_vendor_id if it is missing or empty; JSON
/// errors. Allocates. Linear in the answer.
[[nodiscard]] ALERTMAP_API Result<std::string> read_id(std::string_view answer, std::string_view name, std::string_view inner = {});

/// True only if the answer is JSON with `true` at `name`; for vendors that report errors with HTTP 200. Linear in the answer.
[[nodiscard]] ALERTMAP_API bool says_true(std::string_view answer, std::string_view name);

}  // namespace alertmap::kit
