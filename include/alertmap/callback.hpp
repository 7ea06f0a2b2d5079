#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/export.hpp"
#include "alertmap/ledger.hpp"
#include "alertmap/result.hpp"

// What the vendors' own webhooks say of incidents: acknowledged and closed by a human. None of them could be tried against the vendor; each
// names its source. Whoever takes them from a network checks first who sent them: a signature, or a secret path.
namespace alertmap {

/// What one callback says of one incident; for Ledger::vendor_said(). Owns its strings; a callback is a rare thing.
struct VendorCallback {
    std::string external_id;  ///< ours; empty: the callback names only the vendor's own ID
    std::string vendor_id;    ///< the vendor's own; empty: not named
    VendorState state = VendorState::open;

    friend bool operator==(const VendorCallback&, const VendorCallback&) = default;
};

/// PagerDuty, webhooks v3: event.event_type incident.acknowledged, .resolved, .reopened, .unacknowledged, .triggered; the external ID is
/// data.incident_key, the vendor's data.id. Other types give nothing.
/// Source: developer.pagerduty.com, Webhooks Overview (v3), as recalled; not tried.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_pagerduty_callback(std::string_view body);

/// Whether `header` (X-PagerDuty-Signature: "v1=<hex>", several with commas while a secret is changed) has the HMAC-SHA256 of the body
/// as it was received. In constant time for a given length. False for an empty secret.
/// Source: developer.pagerduty.com, Verifying Signatures, as recalled; not tried.
[[nodiscard]] ALERTMAP_API bool verify_pagerduty_signature(std::string_view body, std::string_view header, std::string_view secret);

/// SIGNL4, outbound webhook: eventType 201 (acknowledged or closed); the external ID is alert.externalEventId, the vendor's alert.id, and
/// alert.statusCode says which: 2 acknowledged, 4 closed (the status codes are recalled, not documented in the sources at hand; another
/// code gives nothing). Source: docs.signl4.com, outbound webhook; not tried.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_signl4_callback(std::string_view body);

/// Better Stack, outgoing webhook with its default body: `event` (started, acknowledged, resolved, reopened) and data.id, the vendor's own
/// ID. Source: docs.betteruptime.com/integrations/webhooks (before the new brand); not tried.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_better_stack_callback(std::string_view body);

/// Rootly, webhook of alerts: event.type (alert.acknowledged, alert.resolved, alert.created) and data.id, data.external_id, data.status,
/// also below data.attributes. The status, where there is one, decides. Source: docs.rootly.com, webhooks, as recalled; not tried.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_rootly_callback(std::string_view body);

}  // namespace alertmap
