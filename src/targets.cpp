#include "alertmap/targets.hpp"

#include <span>
#include <string_view>

#include "alertmap/targets/any.hpp"

namespace alertmap {

std::span<const Kind<AnyTarget>> targets() noexcept {
    static constexpr auto kinds = detail::kinds<AnyTarget,                     //
                                                target::Signl4,                //
                                                target::BetterStack,           //
                                                target::BetterStackWebhook,    //
                                                target::BetterStackIncidents,  //
                                                target::Rootly,                //
                                                target::RootlyApi,             //
                                                target::GrafanaOncall,         //
                                                target::PagerDuty,             //
                                                target::Opsgenie,              //
                                                target::IncidentIo,            //
                                                target::SplunkOnCall,          //
                                                target::Ilert,                 //
                                                target::Goalert,               //
                                                target::Keep,                  //
                                                target::Servicenow,            //
                                                target::SlackWebhook,          //
                                                target::Slack,                 //
                                                target::Teams,                 //
                                                target::GoogleChat,            //
                                                target::Ntfy>;
    return kinds;
}

Result<AnyTarget> make_target(std::string_view name, std::span<const OptionValue> options) {
    return detail::make_by_name(targets(), name, options);
}

}  // namespace alertmap
