#pragma once

#include <concepts>
#include <span>
#include <string_view>
#include <utility>

#include "alertmap/detail/any_writer.hpp"
#include "alertmap/targets/better_stack.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/grafana_oncall.hpp"
#include "alertmap/targets/pagerduty.hpp"
#include "alertmap/targets/rootly.hpp"
#include "alertmap/targets/signl4.hpp"

namespace alertmap {

/// Any target, the user's own ones included, chosen at run time. Itself a Target. Copies share the struct inside.
class AnyTarget : public detail::AnyWriter<Event> {
 public:
    template <Target T>
    requires(!std::same_as<T, AnyTarget>) AnyTarget(T target)
        : AnyWriter(std::move(target)), name(T::name), resolves_by_external_id(T::resolves_by_external_id) {}

    std::string_view name;
    bool resolves_by_external_id;
};

/// The built-in targets, with their options. Static storage.
[[nodiscard]] inline std::span<const Kind<AnyTarget>> targets() noexcept {
    return detail::kinds<AnyTarget,                     //
                         target::Signl4,                //
                         target::BetterStack,           //
                         target::BetterStackWebhook,    //
                         target::BetterStackIncidents,  //
                         target::Rootly,                //
                         target::RootlyApi,             //
                         target::GrafanaOncall,         //
                         target::PagerDuty>;
}

/// A built-in target by its name, e.g. make_target("signl4", *parse_options(flags)). Errors: Errc::unknown_name (without a
/// path: the target's; with one: that option), Errc::invalid_value.
[[nodiscard]] inline Result<AnyTarget> make_target(std::string_view name, std::span<const OptionValue> options = {}) {
    return detail::make_by_name(targets(), name, options);
}

}  // namespace alertmap
