#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/export.hpp"
#include "alertmap/ledger.hpp"
#include "alertmap/result.hpp"

// Vendors' outgoing webhooks: a human acknowledged or closed an incident. None of them was tested against the vendor; each function names
// its source. Verify the sender first if callbacks come from a network: by signature, or by a secret path. The functions are pure and
// thread-safe; they allocate their results. Errors: JSON errors, Errc::wrong_type if the body is not a JSON object.
namespace alertmap {

/// The state that a callback reports for one incident, for Ledger::vendor_said(). Owns its strings.
struct VendorCallback {
    std::string external_id;  ///< alertmap's external ID; empty: the callback has only the vendor's ID
    std::string vendor_id;    ///< the vendor's ID; empty: not in the callback
    VendorState state = VendorState::open;

    friend bool operator==(const VendorCallback&, const VendorCallback&) = default;
};

/// PagerDuty webhooks v3. Reads event.event_type (incident.acknowledged, .resolved, .reopened, .unacknowledged, .triggered),
/// data.incident_key (external ID) and data.id (vendor ID). Other event types give an empty result.
/// Source: developer.pagerduty.com, Webhooks Overview (v3), from memory; not tested.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_pagerduty_callback(std::string_view body);

/// Checks the header X-PagerDuty-Signature ("v1=<hex>", several separated by commas during key rotation): true if one of them is the
/// HMAC-SHA256 of the raw body. Constant time for a given length. False if the secret is empty.
/// Source: developer.pagerduty.com, Verifying Signatures, from memory; not tested.
[[nodiscard]] ALERTMAP_API bool verify_pagerduty_signature(std::string_view body, std::string_view header, std::string_view secret);

/// SIGNL4 outbound webhook. Reads eventType 201 (status change), alert.externalEventId (external ID), alert.id (vendor ID) and
/// alert.statusCode: 2 acknowledged, 4 closed; other codes give an empty result. The codes are from memory, not from a document at hand.
/// Source: docs.signl4.com, outbound webhook; not tested.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_signl4_callback(std::string_view body);

/// Better Stack outgoing webhook with the default body. Reads `event` (started, acknowledged, resolved, reopened) and data.id (vendor ID).
/// Source: docs.betteruptime.com/integrations/webhooks (before the rebranding); not tested.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_better_stack_callback(std::string_view body);

/// Rootly alert webhook. Reads event.type (alert.acknowledged, alert.resolved, alert.created), data.id, data.external_id and data.status,
/// also below data.attributes. The status overrides the event type.
/// Source: docs.rootly.com, webhooks, from memory; not tested.
[[nodiscard]] ALERTMAP_API Result<std::vector<VendorCallback>> read_rootly_callback(std::string_view body);

}  // namespace alertmap
