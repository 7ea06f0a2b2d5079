#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "alertmap/array_view.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

namespace alertmap {

/// What the on-call system should do with the event.
enum class Transition : std::uint8_t { trigger, acknowledge, resolve, ignore };

/// "trigger", "acknowledge", "resolve" or "ignore". Static storage.
[[nodiscard]] constexpr Text name(Transition transition) noexcept {
    switch (transition) {
        case Transition::trigger: return Text::literal<"trigger">();
        case Transition::acknowledge: return Text::literal<"acknowledge">();
        case Transition::resolve: return Text::literal<"resolve">();
        case Transition::ignore: break;
    }
    return Text::literal<"ignore">();
}

/// Writes name(transition).
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Transition transition) {
    return out << std::string_view(name(transition));
}

/// The four severities that on-call systems share, highest first.
enum class Severity : std::uint8_t { critical, error, warning, info };

/// "critical", "error", "warning" or "info". Static storage.
[[nodiscard]] constexpr Text name(Severity severity) noexcept {
    switch (severity) {
        case Severity::critical: return Text::literal<"critical">();
        case Severity::error: return Text::literal<"error">();
        case Severity::warning: return Text::literal<"warning">();
        case Severity::info: break;
    }
    return Text::literal<"info">();
}

/// Writes name(severity).
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Severity severity) {
    return out << std::string_view(name(severity));
}

/// Whom to page, in the vendor's terms: {"EscalationPolicy", "1a2b..."}.
struct NotifyTarget {
    Text type;
    Text id;

    friend bool operator==(const NotifyTarget&, const NotifyTarget&) = default;
};

/// One alert of an event.
struct EventMember {
    Text fingerprint;  ///< as sent, or computed if absent; never empty in an event of a Mapper
    Timestamp starts_at;
    Timestamp ends_at;  ///< unset while the alert is firing
    Status status = Status::firing;

    friend bool operator==(const EventMember&, const EventMember&) = default;
};

/// Vendor-neutral event: the input of a target. A plain value that can be printed, edited or made by hand. Strings are UTF-8 views into the
/// body, the Parser, the Arena or the Mapper, and valid as long as these.
struct Event {
    Transition transition = Transition::trigger;
    Text reason;  ///< why the event is ignored; empty otherwise
    Severity severity = Severity::critical;
    Text severity_word;  ///< the sender's original word; empty: none was sent
    Text priority;       ///< in the vendor's scale ("P1"), from the mapping's table; empty: the target derives it from the severity
    Text summary;        ///< one line; never empty in an event of a Mapper
    Text description;
    Text external_id;  ///< deduplication key: a resolve must have the ID of its trigger; never empty in an event of a Mapper
    Text url;          ///< http or https, or empty
    Text runbook_url;  ///< http or https, or empty
    Text source;       ///< the failing component ("web-1:9100")
    Text service;
    Text location;    ///< "latitude,longitude"
    Text client;      ///< the monitoring system: "Alertmanager"
    Text client_url;  ///< the monitoring system's URL; http or https, or empty
    Timestamp starts_at;
    Timestamp ends_at;
    Labels labels;  ///< labels to include in the payload, as selected by the mapping
    ArrayView<NotifyTarget> notify;
    std::size_t firing = 0;          ///< listed alerts that are firing
    std::size_t resolved = 0;        ///< listed alerts that are resolved
    ArrayView<EventMember> members;  ///< the alerts of this event: one, or all listed alerts of the group
    Text group_key;                  ///< the message's group key
    bool complete = true;            ///< false: the group may have alerts that the message does not list
    bool unlisted = false;           ///< true: the event is about those alerts, see unlisted() in subject.hpp; false: about `members`
    /// False: open an alert without paging anyone (Rootly's status `open`). Only used with Transition::trigger. A target without such a
    /// state writes an ordinary trigger: an extra page is better than an unnoticed alert.
    bool page = true;
    bool heartbeat = false;  ///< dead man's switch: ping a heartbeat URL, never page
    Text mapping_note;       ///< what the mapping ignored in the alert, and why; empty: nothing

    /// Labels compare as sets, times as points in time, `notify` and `members` in order. O(labels + members).
    friend bool operator==(const Event& a, const Event& b) noexcept {
        return a.transition == b.transition && a.reason == b.reason && a.severity == b.severity && a.severity_word == b.severity_word &&
               a.priority == b.priority && a.summary == b.summary && a.description == b.description && a.external_id == b.external_id &&
               a.url == b.url && a.runbook_url == b.runbook_url && a.source == b.source && a.service == b.service &&
               a.location == b.location && a.client == b.client && a.client_url == b.client_url && a.starts_at == b.starts_at &&
               a.ends_at == b.ends_at && a.labels == b.labels &&
               std::equal(a.notify.begin(), a.notify.end(), b.notify.begin(), b.notify.end()) && a.firing == b.firing &&
               a.resolved == b.resolved && std::equal(a.members.begin(), a.members.end(), b.members.begin(), b.members.end()) &&
               a.group_key == b.group_key && a.complete == b.complete && a.unlisted == b.unlisted && a.page == b.page &&
               a.heartbeat == b.heartbeat && a.mapping_note == b.mapping_note;
    }
};

}  // namespace alertmap
