#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "alertmap/array_view.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

namespace alertmap {

/// An unknown member: one that has no field here, such as Grafana's URLs or a sender's own keys.
struct ExtraMember {
    Text name;
    std::string_view json;  ///< the raw JSON value as in the body, validated; without white space between tokens
    Text text;              ///< a string: its decoded value; null: empty; otherwise the JSON

    friend bool operator==(const ExtraMember&, const ExtraMember&) = default;
};

/// Unknown members in the sender's order. A std::ranges view; valid as long as the group.
class ExtraMembers {
 public:
    constexpr ExtraMembers() = default;
    constexpr ExtraMembers(const ExtraMember* first, std::size_t count) noexcept : first_(first), count_(count) {}

    [[nodiscard]] constexpr const ExtraMember* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const ExtraMember* end() const noexcept { return first_ + count_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return count_ == 0; }
    [[nodiscard]] constexpr const ExtraMember& operator[](std::size_t i) const noexcept { return first_[i]; }

    /// The member with this name, or null. If the name occurs several times, the last one. Linear.
    [[nodiscard]] constexpr const ExtraMember* find(std::string_view name) const noexcept {
        for (std::size_t i = count_; i-- > 0;) {
            if (first_[i].name == name) return &first_[i];
        }
        return nullptr;
    }

    /// The text of the member with this name. Empty with null data if there is none.
    [[nodiscard]] constexpr Text text(std::string_view name) const noexcept {
        const ExtraMember* member = find(name);
        return member != nullptr ? member->text : Text{};
    }

    /// Equal members in equal order. Values are compared as JSON text, byte by byte.
    friend constexpr bool operator==(ExtraMembers a, ExtraMembers b) noexcept { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
    const ExtraMember* first_ = nullptr;
    std::size_t count_ = 0;
};

/// One alert of a group. All strings are views into the parsed body or, if they had escapes, into the Parser. They are valid until the body
/// is freed or the Parser parses again or is destroyed. An absent string has null data; an empty one does not.
struct Alert {
    Status status = Status::firing;
    Labels labels;
    Labels annotations;
    Timestamp starts_at;
    Timestamp ends_at;  ///< unset while the alert is firing (on the wire: year 1, empty or 1970)
    Text generator_url;
    Text fingerprint;  ///< 16 hex digits from Alertmanager >= 0.19; absent in older versions, see identity.hpp
    ExtraMembers extra;

    /// Labels and annotations compare as sets, times as points in time. An absent string equals an empty one.
    friend bool operator==(const Alert&, const Alert&) = default;
};

/// The message of an Alertmanager webhook: v3, v4 up to 0.34, and compatible senders (Grafana, Mimir). Strings are views, see Alert.
/// Source: Alertmanager notify/webhook/webhook.go (Message) and template/template.go (Data).
struct AlertGroup {
    Text receiver;                   ///< regexp-quoted by Alertmanager >= 0.8: see unquote_receiver()
    Status status = Status::firing;  ///< computed from the *listed* alerts only: see fully_resolved()
    ArrayView<Alert> alerts;
    Text notification_reason;  ///< >= 0.32
    Labels group_labels;
    Labels common_labels;
    Labels common_annotations;
    Labels route_labels;  ///< >= 0.34
    Text external_url;
    Text version;
    Text group_key;                      ///< opaque; a number (v3) is kept as its digits
    std::uint64_t truncated_alerts = 0;  ///< number of alerts that max_alerts dropped from the message
    ExtraMembers extra;

    /// Part of the message could not be read: the body was truncated and salvaged, an element of `alerts` was not an object, `alerts` was
    /// missing, or a value exceeded a limit of ParseOptions and was dropped.
    bool incomplete = false;
    std::uint64_t unreadable_alerts = 0;  ///< elements of `alerts` that were not alerts; the lost rest of a salvaged body counts as one

    /// Compares as Alert does, with the alerts in order. O(alerts).
    friend bool operator==(const AlertGroup& a, const AlertGroup& b) noexcept {
        return a.receiver == b.receiver && a.status == b.status &&
               std::equal(a.alerts.begin(), a.alerts.end(), b.alerts.begin(), b.alerts.end()) &&
               a.notification_reason == b.notification_reason && a.group_labels == b.group_labels && a.common_labels == b.common_labels &&
               a.common_annotations == b.common_annotations && a.route_labels == b.route_labels && a.external_url == b.external_url &&
               a.version == b.version && a.group_key == b.group_key && a.truncated_alerts == b.truncated_alerts && a.extra == b.extra &&
               a.incomplete == b.incomplete && a.unreadable_alerts == b.unreadable_alerts;
    }
};

/// The notification_reason that Alertmanager >= 0.32 sends only if no alert of the group is firing. It covers all alerts of the group,
/// including those that max_alerts drops from the message. Silenced and inhibited alerts count as resolved, as they do for the status.
/// Source: Alertmanager notify/dedup_stage.go.
inline constexpr std::string_view all_alerts_resolved = "all alerts resolved";

/// False if max_alerts dropped alerts that may still be firing. O(1).
[[nodiscard]] constexpr bool cut_off_alerts_are_resolved(const AlertGroup& group) noexcept {
    return group.truncated_alerts == 0 || (group.status == Status::resolved && group.notification_reason == all_alerts_resolved);
}

/// True only if no alert of the group can still be firing: the message's status is resolved, every listed alert is resolved, all alerts
/// could be read, and the notification_reason says that the alerts that max_alerts dropped are resolved. `status` alone is not enough:
/// Alertmanager computes it from the listed alerts. O(alerts).
[[nodiscard]] constexpr bool fully_resolved(const AlertGroup& group) noexcept {
    if (group.status != Status::resolved || group.incomplete || !cut_off_alerts_are_resolved(group)) return false;
    for (const Alert& alert : group.alerts) {
        if (alert.status != Status::resolved) return false;
    }
    return true;
}

/// True if the group may have firing alerts that the message does not list: max_alerts dropped them, or they could not be read. O(1).
[[nodiscard]] constexpr bool has_unlisted_alerts(const AlertGroup& group) noexcept {
    return !cut_off_alerts_are_resolved(group) || (group.incomplete && (group.alerts.empty() || group.unreadable_alerts != 0));
}

/// The alerts with one status, in order: `for (const Alert& alert : firing(group))`. A std::ranges view of the group's alerts; allocates
/// nothing. size() is O(alerts).
class AlertsWithStatus {
 public:
    /// Forward iterator that skips alerts with another status.
    class iterator {
     public:
        using difference_type = std::ptrdiff_t;
        using value_type = Alert;

        constexpr iterator() = default;
        constexpr iterator(const Alert* at, const Alert* end, Status status) noexcept : at_(at), end_(end), status_(status) { skip(); }
        constexpr const Alert& operator*() const noexcept { return *at_; }
        constexpr const Alert* operator->() const noexcept { return at_; }
        constexpr iterator& operator++() noexcept {
            ++at_;
            skip();
            return *this;
        }
        constexpr iterator operator++(int) noexcept {
            iterator before = *this;
            ++*this;
            return before;
        }
        friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

     private:
        constexpr void skip() noexcept {
            while (at_ != end_ && at_->status != status_) ++at_;
        }
        const Alert* at_ = nullptr;
        const Alert* end_ = nullptr;
        Status status_{};
    };

    constexpr AlertsWithStatus() noexcept = default;
    constexpr AlertsWithStatus(std::span<const Alert> alerts, Status status) noexcept : alerts_(alerts), status_(status) {}
    [[nodiscard]] constexpr iterator begin() const noexcept { return {alerts_.data(), alerts_.data() + alerts_.size(), status_}; }
    [[nodiscard]] constexpr iterator end() const noexcept {
        return {alerts_.data() + alerts_.size(), alerts_.data() + alerts_.size(), status_};
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return begin() == end(); }
    [[nodiscard]] constexpr std::size_t size() const noexcept {
        std::size_t count = 0;
        for (const Alert& alert : alerts_) count += alert.status == status_ ? 1 : 0;
        return count;
    }

 private:
    std::span<const Alert> alerts_;
    Status status_{};
};

[[nodiscard]] constexpr AlertsWithStatus firing(const AlertGroup& group) noexcept { return {group.alerts, Status::firing}; }
[[nodiscard]] constexpr AlertsWithStatus resolved(const AlertGroup& group) noexcept { return {group.alerts, Status::resolved}; }

}  // namespace alertmap

template <>
inline constexpr bool std::ranges::enable_view<alertmap::ExtraMembers> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::ExtraMembers> = true;
template <>
inline constexpr bool std::ranges::enable_view<alertmap::AlertsWithStatus> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::AlertsWithStatus> = true;
