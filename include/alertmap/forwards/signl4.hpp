#pragma once

#include <string>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

namespace alertmap::forward {

/// SIGNL4's webhook for the unmodified Alertmanager message: URL parameters name the JSON members with the ID and the status.
///
/// The body is the received group, with two corrections: a group that is not fully_resolved() has the status "firing", since SIGNL4 would
/// close the alert otherwise (unless resolve_truncated is set), and a missing groupKey is made from labels. Thread-safe.
/// Source: https://docs.signl4.com/integrations/prometheus/prometheus.html (legacy, before 0.32),
/// https://www.signl4.com/blog/update-july-2020-resolve-alerts/
struct Signl4 {
    static constexpr std::string_view name = "signl4";
    static constexpr std::string_view doc = "SIGNL4 webhook that reads the Alertmanager message (ExtIDParam, ...)";

    std::string id = {};  ///< secret of the team or integration
    std::string ext_id_param = "groupKey";
    std::string ext_status_param = "status";
    std::string resolved_status = "resolved";
    std::string new_status = {};  ///< if set, SIGNL4 discards messages whose status is neither this nor resolved_status
    std::string ack_status = {};
    bool resolve_truncated = false;
    std::string base_url = "https://connect.signl4.com";

    static constexpr Option<Signl4> options[] = {
        {"id", &Signl4::id, "team or integration secret", OptionIs::required_secret},
        {"ext_id_param", &Signl4::ext_id_param, "member of the body with the ID"},
        {"ext_status_param", &Signl4::ext_status_param, "member of the body with the status"},
        {"resolved_status", &Signl4::resolved_status, "status that closes the alert"},
        {"new_status", &Signl4::new_status, "status that opens an alert; empty: any other"},
        {"ack_status", &Signl4::ack_status, "status that acknowledges the alert"},
        {"resolve_truncated", &Signl4::resolve_truncated, "resolve although alerts were truncated: true or false"},
        {"base_url", &Signl4::base_url, "scheme and host"},
    };

    /// The webhook URL, for Alertmanager's configuration or for request(). Contains the secret. Allocates.
    [[nodiscard]] Url url() const {
        Url url(base_url);
        url.path("webhook").path(id, true).query("ExtIDParam", ext_id_param).query("ExtStatusParam", ext_status_param);
        url.query("ResolvedStatus", resolved_status);
        if (!new_status.empty()) url.query("NewStatus", new_status);
        if (!ack_status.empty()) url.query("AckStatus", ack_status);
        return url;
    }

    /// See Forward.
    [[nodiscard]] Result<void> write(const AlertGroup& group, Buffer& out) const {
        AlertGroup message = resolve_truncated ? group : with_safe_status(group);
        const std::string key = group.group_key.empty() ? stable_group_key(group) : std::string();
        if (!key.empty()) message.group_key = key;
        write_group(message, out);
        return {};
    }

    /// See Forward.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const { return detail::post(*this, group, url()); }
};

}  // namespace alertmap::forward
