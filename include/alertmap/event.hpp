#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <span>
#include <string_view>

#include "alertmap/labels.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

namespace alertmap {

/// What an event asks the on-call system to do.
enum class Transition : std::uint8_t { trigger, acknowledge, resolve, ignore };

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

/// The four severities that on-call systems share, the worst first.
enum class Severity : std::uint8_t { critical, error, warning, info };

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

/// Whom to page, in the vendor's words: {"EscalationPolicy", "1a2b..."}.
struct NotifyTarget {
    Text type;
    Text id;

    friend bool operator==(const NotifyTarget&, const NotifyTarget&) = default;
};

/// One alert that an event speaks for.
struct EventMember {
    Text fingerprint;  ///< as sent, or computed; never empty when a Mapping made it
    Timestamp starts_at;
    Timestamp ends_at;  ///< unset while the alert fires
    Status status = Status::firing;

    friend bool operator==(const EventMember&, const EventMember&) = default;
};

/// Vendor-neutral event: what a target writes. A plain value: print it, edit it, make one by hand.
/// Strings are UTF-8 views (into the body, the Parser, the Arena or the Mapping) and live as long as those.
struct Event {
    Transition transition = Transition::trigger;
    Text reason;  ///< why it is ignored; empty otherwise
    Severity severity = Severity::critical;
    Text severity_word;  ///< the sender's own word for it; empty: none was sent
    Text priority;       ///< on the vendor's scale ("P1"), by the mapping's table; empty: the target's own words apply
    Text summary;        ///< one line; never empty when a Mapping made it
    Text description;
    Text external_id;  ///< what deduplicates and resolves; never empty when a Mapping made it
    Text url;          ///< http or https, or empty
    Text runbook_url;  ///< http or https, or empty
    Text source;       ///< what is broken ("web-1:9100")
    Text service;
    Text location;    ///< "latitude,longitude"
    Text client;      ///< who reports: "Alertmanager"
    Text client_url;  ///< its external URL; http or https, or empty
    Timestamp starts_at;
    Timestamp ends_at;
    Labels labels;  ///< what goes along, as chosen by the mapping
    std::span<const NotifyTarget> notify;
    std::size_t firing = 0;                ///< listed alerts that fire
    std::size_t resolved = 0;              ///< listed alerts that are resolved
    std::span<const EventMember> members;  ///< the alerts that it speaks for: one, or all that the message lists of the group
    Text group_key;                        ///< of the message
    bool complete = true;                  ///< false: there may be alerts of the group that the message does not list
    bool unlisted = false;                 ///< true: about those alerts, see unlisted() in subject.hpp; false: about `members`
    /// False: open an alert, but page nobody (Rootly's status `open`). A target that knows no such state writes an ordinary trigger: one
    /// page too many is better than an alert that nobody sees. Has no meaning but with Transition::trigger.
    bool page = true;
    bool heartbeat = false;  ///< the dead man's switch: ping, never page
    Text mapping_note;       ///< what the mapping ignored in the alert and why, in words; empty: nothing

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
