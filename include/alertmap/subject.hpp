#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/array_view.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/index_iterator.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/status.hpp"

namespace alertmap {

/// Which events a group becomes.
enum class FanOut : std::uint8_t {
    per_alert,               ///< one per alert; one for the unlisted alerts if no alert can be read
    per_group,               ///< one for the whole group
    per_alert_and_unlisted,  ///< one per alert, and one for unlisted alerts if there may be any: see has_unlisted_alerts()
};

[[nodiscard]] constexpr std::string_view name(FanOut fan_out) noexcept {
    switch (fan_out) {
        case FanOut::per_alert: return "alert";
        case FanOut::per_group: return "group";
        case FanOut::per_alert_and_unlisted: break;
    }
    return "alert+unlisted";
}

/// What one event is about: one alert, a whole group, or the alerts of a group that its message does not list (see unlisted()). A view;
/// valid as long as the group.
struct Subject {
    const AlertGroup* group = nullptr;
    const Alert* alert = nullptr;  ///< null: the subject is not a single alert
    bool unlisted = false;         ///< true: the subject is the unlisted alerts of the group

    friend bool operator==(const Subject&, const Subject&) = default;  ///< compares identity

    /// The alert, or all listed alerts of the group.
    [[nodiscard]] constexpr ArrayView<Alert> alerts() const noexcept {
        return alert != nullptr ? ArrayView<Alert>(alert, 1) : group->alerts;
    }
    /// The alert's labels, or the labels that all alerts of the group share.
    [[nodiscard]] constexpr Labels labels() const noexcept { return alert != nullptr ? alert->labels : group->common_labels; }
    /// The alert's annotations, or those that all alerts of the group share.
    [[nodiscard]] constexpr Labels annotations() const noexcept {
        return alert != nullptr ? alert->annotations : group->common_annotations;
    }

    /// The alert's status, or the group's status as sent (to decide on a resolve use fully_resolved()).
    [[nodiscard]] constexpr Status status() const noexcept { return alert != nullptr ? alert->status : group->status; }
};

/// The alerts of the group that the message does not list, as a subject with an external ID of its own. A mapping makes a trigger of it if
/// there may be such alerts, and a resolve if the message lists all alerts.
///
/// subjects() includes it only for triggers, since most messages are complete. A caller that remembers what is open, as the ledger does,
/// maps it for each message and sends the resolve if that ID is open; then the first complete message closes the incident. Without such
/// state the incident stays open until a human closes it.
[[nodiscard]] constexpr Subject unlisted(const AlertGroup& group ALERTMAP_LIFETIMEBOUND) noexcept { return {&group, nullptr, true}; }
Subject unlisted(AlertGroup&& group) = delete;

/// The subjects of a group, in order: `for (Subject subject : subjects(group, FanOut::per_alert))`. A std::ranges view; valid as long as
/// the group. Allocates nothing.
class Subjects {
 public:
    using iterator = detail::IndexIterator<Subjects, Subject>;

    constexpr Subjects() noexcept = default;
    constexpr Subjects(const AlertGroup& group, FanOut fan_out) noexcept
        : group_(&group),
          alerts_(fan_out == FanOut::per_group ? 0 : group.alerts.size()),
          unlisted_(fan_out != FanOut::per_group && has_unlisted_alerts(group) &&
                    (group.alerts.empty() || fan_out == FanOut::per_alert_and_unlisted)),
          size_(alerts_ + (fan_out == FanOut::per_group || unlisted_ ? 1 : 0)) {}
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    /// The i-th subject, i < size().
    [[nodiscard]] constexpr Subject operator[](std::size_t i) const noexcept {
        return i < alerts_ ? Subject{group_, &group_->alerts[i], false} : Subject{group_, nullptr, unlisted_};
    }
    [[nodiscard]] constexpr iterator begin() const noexcept { return {*this, 0}; }
    [[nodiscard]] constexpr iterator end() const noexcept { return {*this, size_}; }

 private:
    const AlertGroup* group_ = nullptr;
    std::size_t alerts_ = 0;  // number of alerts that are subjects
    bool unlisted_ = false;   // whether the last subject is the unlisted alerts
    std::size_t size_ = 0;
};

/// The subjects of `group`: see Subjects. O(1).
[[nodiscard]] constexpr Subjects subjects(const AlertGroup& group ALERTMAP_LIFETIMEBOUND, FanOut fan_out) noexcept {
    return {group, fan_out};
}
Subjects subjects(AlertGroup&& group, FanOut fan_out) = delete;

}  // namespace alertmap

template <>
inline constexpr bool std::ranges::enable_view<alertmap::Subjects> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::Subjects> = true;
