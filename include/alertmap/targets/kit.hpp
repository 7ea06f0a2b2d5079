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

/// What every target needs, the built-in ones and yours: refusals, requests, texts, times, severities and vendors' answers.
/// All functions are pure, and safe to call from any thread. Those that return a Request, a Header or a std::string allocate;
/// the others do not.
namespace alertmap::kit {

// ------------------------------------------------------------------------------------------------ which events are written

/// Why no target with these traits writes the event, or nothing: Errc::unsupported_transition for Transition::ignore, for a
/// heartbeat and for an acknowledge that the vendor does not know; Errc::empty_external_id. The first line of each write().
[[nodiscard]] inline std::optional<Errc> refused(const Event& event, const TargetTraits& traits = {}) noexcept {
    if (event.transition == Transition::ignore || event.heartbeat) return Errc::unsupported_transition;
    if (event.transition == Transition::acknowledge && !traits.acknowledges) return Errc::unsupported_transition;
    if (event.external_id.empty()) return Errc::empty_external_id;
    return {};
}

/// True for a heartbeat that says "alive", which request() answers with a ping where the vendor has a place for it.
[[nodiscard]] inline bool pings(const Event& event) noexcept { return event.heartbeat && event.transition == Transition::trigger; }

/// What request() answers to a heartbeat where the vendor has a place for it and nobody has said which: the option to set is the path.
[[nodiscard]] inline Error missing_heartbeat(std::string_view option) { return {Errc::missing_heartbeat, no_offset, std::string(option)}; }

// ------------------------------------------------------------------------------------------------ requests

using detail::basic;
using detail::bearer;
using detail::missing;
using detail::ping;
using detail::post;
using detail::post_body;

/// Marks `value` as a secret of the request's body: to_string() masks it there, spelled as JsonWriter or a form does.
ALERTMAP_API void mask_in_body(Request& request, std::string_view value);

// ------------------------------------------------------------------------------------------------ texts

using detail::first_bytes;
using detail::first_code_points;
using detail::first_utf16;

/// The summary or, as no vendor takes an empty title, the external ID.
[[nodiscard]] inline Text title(const Event& event) noexcept { return event.summary.empty() ? event.external_id : event.summary; }

/// The first of the texts that is not empty.
[[nodiscard]] inline Text first_of(Text first, Text second, Text third = {}) noexcept {
    if (!first.empty()) return first;
    return second.empty() ? third : second;
}

/// A number in decimal digits, in memory of its own.
struct NumberText {
    char text[20] = {};  ///< as long as 2^64 - 1 and -2^63
    std::size_t size = 0;
    operator std::string_view() const noexcept { return {text, size}; }
};
/// The number in decimal digits. Does not allocate.
template <std::integral Number>
[[nodiscard]] NumberText decimal(Number number) noexcept {
    NumberText out;
    out.size = static_cast<std::size_t>(std::to_chars(out.text, out.text + sizeof out.text, number).ptr - out.text);
    return out;
}

/// One member: the text, or as much of it as leaves room for an ellipsis within `limit` (1 or more) code points.
inline void member_cut(JsonWriter& json, JsonKey key, Text text, std::size_t limit) {
    if (first_code_points(text, limit).size() == text.size()) return json.member(key, text);
    json.key(key);
    json.value_joined({first_code_points(text, limit - 1), "\u2026"});
}

/// One member: an object of the labels.
ALERTMAP_ALWAYS_INLINE inline void member_labels(JsonWriter& json, JsonKey key, Labels labels) {
    json.key(key);
    json.begin_object();
    json.members(labels);
    json.end_object();
}

// ------------------------------------------------------------------------------------------------ IDs

/// 64 lower-case hex digits, in memory of their own.
struct IdHash {
    char text[64] = {};
    operator std::string_view() const noexcept { return {text, sizeof text}; }
};

/// The SHA-256 of an ID that the vendor does not take as it is: what ExternalIdPolicy::max_length makes of one that is too long. The same
/// for trigger and resolve. Linear.
[[nodiscard]] ALERTMAP_API IdHash id_hash(std::string_view id) noexcept;

// ------------------------------------------------------------------------------------------------ severities

/// One member: "critical", "error", "warning" or "info".
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

/// The vendor's word for the event: Event::priority first (the mapping's table), then the user's table, then `words`. `table` is a list of
/// pairs, "page=P1,warning=P4"; its left sides are the sender's own words (event.severity_word, compared without case) or names of
/// severities. `choices`, "P1|P2|P3", are the only words that the vendor takes, also compared without case; one that ends in "*" is any
/// word with that beginning. Another word is passed over, as the vendor would refuse the alert. None: he takes any. The result views the
/// event, `table`, `choices` or `words`. Linear in the two lists.
[[nodiscard]] ALERTMAP_API std::string_view severity_word(const Event& event, const SeverityWords& words, std::string_view table = {},
                                                          std::string_view choices = {}) noexcept;

// ------------------------------------------------------------------------------------------------ times

/// A time as text, in memory of its own. Empty: the time is not set.
struct TimeText {
    char text[32] = {};
    std::size_t size = 0;
    operator std::string_view() const noexcept { return {text, size}; }
};

/// "2026-03-04T05:06:07.089000000Z": RFC 3339, in UTC.
[[nodiscard]] ALERTMAP_API TimeText utc_rfc3339(const Timestamp& time) noexcept;
/// "2026-03-04 05:06:07", in UTC.
[[nodiscard]] ALERTMAP_API TimeText utc_date_time(const Timestamp& time) noexcept;

/// One member: a time as RFC 3339, as sent where it was sent so, else in UTC. None if it is not set.
ALERTMAP_ALWAYS_INLINE inline void member_time(JsonWriter& json, JsonKey key, const Timestamp& time) {
    if (!time.is_set) return;
    if (time.text.size() > 10 && time.text[10] == 'T') return json.member(key, time.text);
    const TimeText text = utc_rfc3339(time);
    json.member(key, std::string_view(text));
}

// ------------------------------------------------------------------------------------------------ answers

/// True for an HTTP status of the 200s: what most vendors answer when they took the request.
[[nodiscard]] constexpr bool is_success(int http_status) noexcept { return http_status >= 200 && http_status < 300; }

/// The string, or the number's text, at `name` (or `name`.`inner`) of a vendor's JSON answer. Errors: Errc::missing_vendor_id if
/// it is not there or empty; JSON's. Allocates. Linear in the answer.
[[nodiscard]] ALERTMAP_API Result<std::string> read_id(std::string_view answer, std::string_view name, std::string_view inner = {});

/// True only if the answer is JSON and says `true` at `name`: for vendors whose errors come with HTTP 200. Linear in the answer.
[[nodiscard]] ALERTMAP_API bool says_true(std::string_view answer, std::string_view name);

}  // namespace alertmap::kit
