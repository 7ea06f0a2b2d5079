#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/any_writer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/forwards/concept.hpp"
#include "alertmap/options.hpp"

namespace alertmap {

/// A forward chosen at run time: built-in or custom. Copies share the immutable struct inside. Thread-safe.
class AnyForward : public detail::AnyWriter<AlertGroup> {
 public:
    template <Forward T>
    requires(!std::same_as<T, AnyForward>) AnyForward(T forward) : AnyForward(max_alerts_of(forward), std::move(forward)) {}

    /// Name of the forward. Static storage.
    [[nodiscard]] std::string_view name() const noexcept { return name_; }
    /// Maximum alerts per message, for split(); 0: no limit.
    [[nodiscard]] std::size_t max_alerts() const noexcept { return max_alerts_; }

 private:
    template <Forward T>
    AnyForward(std::size_t max_alerts, T&& forward) : AnyWriter(std::forward<T>(forward)), name_(T::name), max_alerts_(max_alerts) {}

    template <Forward T>
    [[nodiscard]] static std::size_t max_alerts_of(const T& forward) noexcept {
        if constexpr (requires { forward.max_alerts; }) {
            return forward.max_alerts;
        } else {
            return 0;
        }
    }

    std::string_view name_;
    std::size_t max_alerts_;
};

/// All built-in forwards and their options. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const Kind<AnyForward>> forwards() noexcept;

/// Makes a built-in forward by name. Allocates. Errors: as make_target().
[[nodiscard]] ALERTMAP_API Result<AnyForward> make_forward(std::string_view name, std::span<const OptionValue> options = {});

}  // namespace alertmap
