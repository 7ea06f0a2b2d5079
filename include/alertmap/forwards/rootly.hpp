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
/// Rootly's external ID is the alertname, whatever the instance: two groups with one alertname are one alert there, and the
/// first resolve closes both. (target::Rootly sends an ID of one's own instead.) Whom to page may be in the URL
/// (notify_type, notify_id) or in the `rootly` annotation of the rule, which goes along as it is. A resolve that meets no
/// alert creates one, and would page: a resolved group's URL names nobody.
/// Source: https://docs.rootly.com/integrations/alertmanager
struct Rootly {
    static constexpr std::string_view name = "rootly";
    static constexpr std::string_view doc = "Rootly Alertmanager source";

    /// Per minute and source. Source: https://docs.rootly.com/alerts
    static constexpr std::size_t alerts_per_minute = 50;

    std::string secret = {};
    std::string notify_type = {};
    std::string notify_id = {};
    /// auto: "resolved" if fully_resolved(), "triggered" if the message says resolved and is not, else not written, so that each alert's
    /// own status counts; nothing where the message brought its own. none: not written. Anything else: that word, always.
    std::string alert_status = "auto";
    std::string url = "https://webhooks.rootly.com/webhooks/incoming/alertmanager_webhooks";

    static constexpr Option<Rootly> options[] = {
        {"secret", &Rootly::secret, "bearer token of the source", OptionIs::required_secret},
        {"notify_type", &Rootly::notify_type, "kind of the target to page", OptionIs::optional, "User|Group|EscalationPolicy|Service"},
        {"notify_id", &Rootly::notify_id, "its ID"},
        {"alert_status", &Rootly::alert_status, "rootly_alert_status", OptionIs::optional, "auto|none|open|triggered|resolved"},
        {"url", &Rootly::url, "URL of the source"},
    };

    [[nodiscard]] Result<void> write(const AlertGroup& group, Buffer& out) const {
        const std::string_view word = status_word(group);
        const AddedMember added{"rootly_alert_status", word};
        write_group(group, out, {&added, word.empty() ? std::size_t{0} : std::size_t{1}});
        return {};
    }

    /// Also Errc::missing_value for a notify_type without notify_id or the other way round.
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
