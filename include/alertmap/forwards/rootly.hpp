#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/status.hpp"

namespace alertmap::forward {

/// Rootly's native Alertmanager source: the group's own JSON plus rootly_alert_status.
///
/// Rootly uses the alertname as external ID: groups with equal alertnames share one alert, and the first resolve closes it for all.
/// (target::Rootly sends a configurable ID instead.) Paging targets come from the URL (notify_type, notify_id) or the rule's `rootly`
/// annotation, which is forwarded. The URL of a resolved group has no paging target: a resolve without a matching alert creates an alert,
/// which would page. Thread-safe.
/// Source: https://docs.rootly.com/integrations/alertmanager
struct Rootly {
    static constexpr std::string_view name = "rootly";
    static constexpr std::string_view doc = "Rootly Alertmanager source";

    /// Alerts per minute and source.
    /// Source: https://docs.rootly.com/alerts
    static constexpr std::size_t alerts_per_minute = 50;

    std::string secret = {};
    std::string notify_type = {};
    std::string notify_id = {};
    /// auto: "resolved" if fully_resolved(), "triggered" if the message says resolved but is not fully resolved; otherwise left out, so
    /// that each alert's own status applies. A status that the message brought is kept. none: never written. Any other word: always that
    /// word.
    std::string alert_status = "auto";
    std::string url = "https://webhooks.rootly.com/webhooks/incoming/alertmanager_webhooks";

    static constexpr Option<Rootly> options[] = {
        {"secret", &Rootly::secret, "bearer token of the source", OptionIs::required_secret},
        {"notify_type", &Rootly::notify_type, "type of the paging target", OptionIs::optional, "User|Group|EscalationPolicy|Service"},
        {"notify_id", &Rootly::notify_id, "ID of the paging target"},
        {"alert_status", &Rootly::alert_status, "rootly_alert_status", OptionIs::optional, "auto|none|open|triggered|resolved"},
        {"url", &Rootly::url, "URL of the source"},
    };

    /// See Forward.
    [[nodiscard]] Result<void> write(const AlertGroup& group, Buffer& out) const {
        const std::string_view word = status_word(group);
        const AddedMember added{"rootly_alert_status", word};
        write_group(group, out, {&added, word.empty() ? std::size_t{0} : std::size_t{1}});
        return {};
    }

    /// Errors also: Errc::missing_value if only one of notify_type and notify_id is set. Allocates.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        if (notify_type.empty() != notify_id.empty()) return detail::missing(notify_type.empty() ? "notify_type" : "notify_id");
        Url to(url);
        if (!notify_type.empty() && status_word(group) != "resolved" && !fully_resolved(group)) {
            to.path("notify").path(notify_type).path(notify_id);
        }
        return detail::post(*this, group, to, {detail::bearer(secret)});
    }

 private:
    [[nodiscard]] std::string_view status_word(const AlertGroup& group) const noexcept {
        if (alert_status.empty() || alert_status == "none") return {};
        if (alert_status != "auto") return alert_status;
        if (group.extra.find("rootly_alert_status") != nullptr) return {};
        if (fully_resolved(group)) return "resolved";
        return group.status == Status::resolved ? "triggered" : std::string_view{};
    }
};

}  // namespace alertmap::forward
