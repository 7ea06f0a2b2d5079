#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "alertmap/alert_group.hpp"

namespace alertmap {

/// How many events a group becomes: one for each alert, or one for all.
enum class FanOut : std::uint8_t { per_alert, per_group };

[[nodiscard]] constexpr std::string_view name(FanOut fan_out) noexcept { return fan_out == FanOut::per_alert ? "alert" : "group"; }

/// What one event is about: a group, or one alert of it. Two pointers; the group must outlive it.
struct Subject {
    const AlertGroup* group = nullptr;
    const Alert* alert = nullptr;  ///< null: the group as a whole

    /// The labels (annotations) of the alert, or those that all alerts of the group share.
    [[nodiscard]] constexpr Labels labels() const noexcept { return alert != nullptr ? alert->labels : group->common_labels; }
    [[nodiscard]] constexpr Labels annotations() const noexcept {
        return alert != nullptr ? alert->annotations : group->common_annotations;
    }

    /// The status of the alert, or that of the group as sent (see fully_resolved() before closing anything on it).
    [[nodiscard]] constexpr Status status() const noexcept { return alert != nullptr ? alert->status : group->status; }
};

/// The subjects of a group, in order: `for (Subject subject : subjects(group, FanOut::per_alert))`. A view.
class Subjects {
 public:
    class iterator {
     public:
        using difference_type = std::ptrdiff_t;
        using value_type = Subject;

        constexpr iterator() = default;
        constexpr iterator(const AlertGroup* group, const Alert* alert, std::size_t at) noexcept : group_(group), alert_(alert), at_(at) {}
        constexpr Subject operator*() const noexcept { return {group_, alert_ != nullptr ? alert_ + at_ : nullptr}; }
        constexpr iterator& operator++() noexcept {
            ++at_;
            return *this;
        }
        constexpr iterator operator++(int) noexcept {
            iterator before = *this;
            ++at_;
            return before;
        }
        friend constexpr bool operator==(const iterator& a, const iterator& b) noexcept { return a.at_ == b.at_; }

     private:
        const AlertGroup* group_ = nullptr;
        const Alert* alert_ = nullptr;  // the first alert, or null for the group itself
        std::size_t at_ = 0;
    };

    constexpr Subjects(const AlertGroup& group, FanOut fan_out) noexcept : group_(&group), fan_out_(fan_out) {}
    [[nodiscard]] constexpr std::size_t size() const noexcept { return fan_out_ == FanOut::per_alert ? group_->alerts.size() : 1; }
    [[nodiscard]] constexpr iterator begin() const noexcept { return {group_, first(), 0}; }
    [[nodiscard]] constexpr iterator end() const noexcept { return {group_, first(), size()}; }

 private:
    [[nodiscard]] constexpr const Alert* first() const noexcept { return fan_out_ == FanOut::per_alert ? group_->alerts.data() : nullptr; }

    const AlertGroup* group_;
    FanOut fan_out_;
};

[[nodiscard]] constexpr Subjects subjects(const AlertGroup& group, FanOut fan_out) noexcept { return {group, fan_out}; }
Subjects subjects(AlertGroup&& group, FanOut fan_out) = delete;

}  // namespace alertmap
