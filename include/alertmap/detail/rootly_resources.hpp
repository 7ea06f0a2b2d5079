#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/detail/ascii.hpp"

// What Rootly can page, for the policy that reads it from an annotation and for the targets that write it.
namespace alertmap::detail {

inline constexpr std::string_view rootly_resources[] = {"User", "Group", "EscalationPolicy", "Service", "Functionality"};

/// Rootly's spelling of a resource type, compared without case (ASCII); empty: Rootly has no such type.
/// Source: rootlyhq/rootly-rs spec/swagger.json (new_alert, notification_target_type).
[[nodiscard]] constexpr std::string_view rootly_resource(std::string_view type) noexcept {
    for (const std::string_view known : rootly_resources) {
        if (is_same_word(known, type)) return known;
    }
    return {};
}

/// True for the types that the URL of a source takes (/notify/<type>/<id>); `type` in Rootly's spelling.
/// Source: docs.rootly.com, alerts/generic-webhook-alert-source.
[[nodiscard]] constexpr bool is_rootly_url_resource(std::string_view type) noexcept { return !type.empty() && type != "Functionality"; }

}  // namespace alertmap::detail
