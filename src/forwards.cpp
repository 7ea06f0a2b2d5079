#include <span>
#include <string_view>

#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/forwards/any.hpp"
#include "alertmap/forwards/better_stack.hpp"
#include "alertmap/forwards/grafana_oncall.hpp"
#include "alertmap/forwards/rootly.hpp"
#include "alertmap/forwards/signl4.hpp"

namespace alertmap {

std::span<const Kind<AnyForward>> forwards() noexcept {
    static constexpr auto kinds = detail::kinds<AnyForward,             //
                                                forward::Alertmanager,  //
                                                forward::Signl4,        //
                                                forward::BetterStack,   //
                                                forward::Rootly,        //
                                                forward::GrafanaOncall>;
    return kinds;
}

Result<AnyForward> make_forward(std::string_view name, std::span<const OptionValue> options) {
    return detail::make_by_name(forwards(), name, options);
}

}  // namespace alertmap
