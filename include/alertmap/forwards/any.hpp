#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

#include "alertmap/detail/any_writer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/forwards/better_stack.hpp"
#include "alertmap/forwards/concept.hpp"
#include "alertmap/forwards/grafana_oncall.hpp"
#include "alertmap/forwards/rootly.hpp"
#include "alertmap/forwards/signl4.hpp"

namespace alertmap {

/// Any forward, the user's own ones included, chosen at run time. Itself a Forward. Copies share the struct inside.
class AnyForward : public detail::AnyWriter<AlertGroup> {
 public:
    template <Forward T>
    requires(!std::same_as<T, AnyForward>) AnyForward(T forward) : AnyForward(max_alerts_of(forward), std::move(forward)) {}

    std::string_view name;
    std::size_t max_alerts;  ///< for split(); 0: no limit

 private:
    template <Forward T>
    AnyForward(std::size_t most, T&& forward) : AnyWriter(std::move(forward)), name(T::name), max_alerts(most) {}

    template <Forward T>
    [[nodiscard]] static std::size_t max_alerts_of(const T& forward) noexcept {
        if constexpr (requires { forward.max_alerts; }) {
            return forward.max_alerts;
        } else {
            return 0;
        }
    }
};

/// The built-in forwards, with their options. Static storage.
[[nodiscard]] inline std::span<const Kind<AnyForward>> forwards() noexcept {
    return detail::kinds<AnyForward,             //
                         forward::Alertmanager,  //
                         forward::Signl4,        //
                         forward::BetterStack,   //
                         forward::Rootly,        //
                         forward::GrafanaOncall>;
}

/// A built-in forward by its name. Errors as make_target().
[[nodiscard]] inline Result<AnyForward> make_forward(std::string_view name, std::span<const OptionValue> options = {}) {
    return detail::make_by_name(forwards(), name, options);
}

}  // namespace alertmap
