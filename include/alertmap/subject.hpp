#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/index_iterator.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/status.hpp"

namespace alertmap {

/// Which events a group becomes.
enum class FanOut : std::uint8_t {
    per_alert,               ///< one for each alert; where none can be read, one for the unlisted alerts
    per_group,               ///< one for all
    per_alert_and_unlisted,  ///< one for each alert, and one for the unlisted alerts if there may be some: see has_unlisted_alerts()
};

[[nodiscard]] constexpr std::string_view name(FanOut fan_out) noexcept {
    switch (fan_out) {
        case FanOut::per_alert: return "alert";
        case FanOut::per_group: return "group";
        case FanOut::per_alert_and_unlisted: break;
    }
    return "alert+unlisted";
}

/// What one event is about: one alert of a group, the group as a whole, or those alerts of the group that the message does not list
/// (see unlisted()). A view; the group must outlive it.
struct Subject {
    const AlertGroup* group = nullptr;
    const Alert* alert = nullptr;  ///< null: not one alert
    bool unlisted = false;         ///< true: the alerts that the message does not list

    friend bool operator==(const Subject&, const Subject&) = default;  ///< the same subject of the same group, not an equal one

    /// The labels (annotations) of the alert, or those that all alerts of the group share.
    [[nodiscard]] constexpr Labels labels() const noexcept { return alert != nullptr ? alert->labels : group->common_labels; }
    /// The annotations, in the same way.
    [[nodiscard]] constexpr Labels annotations() const noexcept {
        return alert != nullptr ? alert->annotations : group->common_annotations;
    }

    /// The status of the alert, or that of the group as sent (see fully_resolved() before closing anything on it).
    [[nodiscard]] constexpr Status status() const noexcept { return alert != nullptr ? alert->status : group->status; }
};

/// The alerts of the group that the message does not list, as one subject with an external ID of its own. What a mapping makes of it
/// triggers if there may be such alerts, and resolves if the message lists them all.
///
/// subjects() yields it only where it triggers, since most messages list all alerts. Who remembers what is open (a ledger does) maps it
/// for each message and sends the resolve if that ID is open: the first message that lists all alerts of the group again closes it.
/// Without such a memory the incident stays open at the vendor until a human closes it.
[[nodiscard]] constexpr Subject unlisted(const AlertGroup& group ALERTMAP_LIFETIMEBOUND) noexcept { return {&group, nullptr, true}; }
Subject unlisted(AlertGroup&& group) = delete;

/// The subjects of a group, in order: `for (Subject subject : subjects(group, FanOut::per_alert))`. A std::ranges view.
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
    std::size_t alerts_ = 0;  // that are subjects of their own
    bool unlisted_ = false;   // the last subject is the unlisted alerts
    std::size_t size_ = 0;
};

[[nodiscard]] constexpr Subjects subjects(const AlertGroup& group ALERTMAP_LIFETIMEBOUND, FanOut fan_out) noexcept {
    return {group, fan_out};
}
Subjects subjects(AlertGroup&& group, FanOut fan_out) = delete;

}  // namespace alertmap

template <>
inline constexpr bool std::ranges::enable_view<alertmap::Subjects> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::Subjects> = true;
