#pragma once

#include <string>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

namespace alertmap::forward {

/// Better Stack's Prometheus integration. Its grouping and resolving are not documented. Therefore a group that is not fully_resolved() has
/// the status "firing" (unless resolve_truncated is set), and a missing groupKey is made from labels; everything else is unchanged.
/// Thread-safe.
/// Source: https://betterstack.com/docs/uptime/prometheus/
struct BetterStack {
    static constexpr std::string_view name = "better_stack";
    static constexpr std::string_view doc = "Better Stack Prometheus integration";

    std::string token = {};  ///< the integration's token; part of the URL
    bool resolve_truncated = false;
    std::string base_url = "https://uptime.betterstack.com";

    static constexpr Option<BetterStack> options[] = {
        {"token", &BetterStack::token, "token of the integration", OptionIs::required_secret},
        {"resolve_truncated", &BetterStack::resolve_truncated, "resolve although alerts were truncated: true or false"},
        {"base_url", &BetterStack::base_url, "scheme and host"},
    };

    /// See Forward.
    [[nodiscard]] Result<void> write(const AlertGroup& group, Buffer& out) const {
        AlertGroup message = resolve_truncated ? group : with_safe_status(group);
        const std::string key = group.group_key.empty() ? stable_group_key(group) : std::string();
        if (!key.empty()) message.group_key = key;
        write_group(message, out);
        return {};
    }

    /// See Forward.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        Url url(base_url);
        return detail::post(*this, group, url.path("api").path("v1").path("prometheus").path("webhook").path(token, true));
    }
};

}  // namespace alertmap::forward
