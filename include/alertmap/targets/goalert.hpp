#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap::target {

/// GoAlert's generic API and heartbeats. The external ID is the dedup key. (GoAlert's own Alertmanager endpoint deduplicates by the
/// summary, so a group whose alerts change stays open: target/goalert#4461.) Does not support acknowledge. An event above max_body loses
/// its labels. Thread-safe.
/// Source: target/goalert genericapi/handler.go, alert/alert.go, alert/dedup.go, auth/gettoken.go, app/defaults.go
struct Goalert {
    static constexpr std::string_view name = "goalert";
    static constexpr std::string_view doc = "GoAlert generic API";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .unknown_resolve = UnknownResolve::unknown, .acknowledges = false};

    // In code points: GoAlert truncates at these limits.
    static constexpr std::size_t max_summary = 1'024;
    static constexpr std::size_t max_details = 6'144;
    /// In bytes. GoAlert counts code points, and silently truncates a longer key.
    static constexpr std::size_t max_dedup = 512;
    /// In bytes: a server's default.
    static constexpr std::size_t max_body = 256 * 1024;

    std::string base_url = {};
    std::string token = {};
    std::string heartbeat_url = {};

    static constexpr Option<Goalert> options[] = {
        {"base_url", &Goalert::base_url, "URL of the server, with its path prefix if it has one", OptionIs::required},
        {"token", &Goalert::token, "key of the generic integration", OptionIs::required_secret},
        {"heartbeat_url", &Goalert::heartbeat_url, "URL of a heartbeat monitor", OptionIs::secret},
    };

    /// See Target. Errors also: Errc::payload_too_large for an external ID above max_dedup.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        if (event.external_id.size() > max_dedup) return Error{Errc::payload_too_large, no_offset, "dedup"};
        if (write_alert(event, out, true) || write_alert(event, out, false)) return {};
        return Errc::payload_too_large;
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        if (kit::pings(event)) {
            if (heartbeat_url.empty()) return kit::missing_heartbeat("heartbeat_url");
            return kit::ping(Url(heartbeat_url).mask_all_but_host());
        }
        Url url(base_url);
        return kit::post(*this, event, url.path("api").path("v2").path("generic").path("incoming"), {kit::bearer(token)});
    }

 private:
    /// Returns false and appends nothing if the body is too large.
    [[nodiscard]] static bool write_alert(const Event& event, Buffer& out, bool with_labels) {
        JsonWriter json(out);
        json.begin_object();
        // A close requires a summary, too.
        kit::member_cut(json, "summary", kit::title(event), max_summary);
        if (event.transition == Transition::trigger) {
            if (!event.description.empty()) kit::member_cut(json, "details", event.description, max_details);
            json.member("dedup", event.external_id);
            if (with_labels) kit::member_labels(json, "meta", event.labels);
        } else {
            json.member("dedup", event.external_id);
            json.member_word("action", "close");
        }
        json.end_object();
        if (json.size() <= max_body) return true;
        json.abandon();
        return false;
    }
};

}  // namespace alertmap::target
