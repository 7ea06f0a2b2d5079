#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/detail/ascii.hpp"

// Types that Rootly can page: for the policy that reads them from an annotation, and for the targets that write them.
namespace alertmap::detail {

inline constexpr std::string_view rootly_resources[] = {"User", "Group", "EscalationPolicy", "Service", "Functionality"};

/// A resource type in Rootly's spelling, matched case-insensitively (ASCII); empty if Rootly has no such type.
/// Source: rootlyhq/rootly-rs spec/swagger.json (new_alert, notification_target_type).
[[nodiscard]] constexpr std::string_view rootly_resource(std::string_view type) noexcept {
    for (const std::string_view known : rootly_resources) {
        if (is_same_word(known, type)) return known;
    }
    return {};
}

/// True for types that are allowed in a source's URL (/notify/<type>/<id>); `type` in Rootly's spelling.
/// Source: docs.rootly.com, alerts/generic-webhook-alert-source.
[[nodiscard]] constexpr bool is_rootly_url_resource(std::string_view type) noexcept { return !type.empty() && type != "Functionality"; }

}  // namespace alertmap::detail
