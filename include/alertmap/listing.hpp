#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/array_view.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/result.hpp"
#include "alertmap/text.hpp"
#include "alertmap/unix_time.hpp"

// Answers of Alertmanager's API: GET /api/v2/alerts/groups, /alerts, /receivers and /status.
// Source: Alertmanager api/v2/openapi.yaml. Tested with 0.25; newer members as documented there.
namespace alertmap {

/// Which alerts of a listing are ours, and limits.
struct ListingOptions {
    std::string receiver = {};      ///< our receiver's name in Alertmanager's configuration; empty: every alert is ours
    std::string external_url = {};  ///< externalURL in this Alertmanager's messages, so that events from listings and messages are equal
    std::size_t max_bytes = 256'000'000;
    std::size_t max_alerts = 1'000'000;
};

/// Alerts of one group: either the active or the quiet ones.
struct ListedGroup {
    /// As in a message: receiver quoted, alerts firing and without ends_at (a listing's endsAt is the time at which Alertmanager drops the
    /// alert unless it is sent again). Common labels and annotations are computed from the alerts listed here. No group_key: see
    /// Ledger::group_key(). Alertmanager's API truncates times to milliseconds.
    AlertGroup group;
    bool quiet = false;  ///< silenced, inhibited, muted, not yet processed, or in an unknown state
};

/// The listing of one Alertmanager. Views into the body or the ListingReader; valid until the body is freed or the reader reads again.
struct Listing {
    /// Our receiver's alerts by group; a group occurs twice if it has active and quiet alerts.
    ArrayView<ListedGroup> groups;
    /// Fingerprints of alerts that are not routed to our receiver; they are firing, too.
    ArrayView<std::string_view> elsewhere;
    std::size_t alerts = 0;      ///< number of alerts in `groups`
    std::size_t unreadable = 0;  ///< elements that were not alerts; if not 0, no alert may be considered ended because of this listing
    bool mutes_listed = false;   ///< includes mute time intervals (>= 0.28, /alerts/groups): an alert that is not quiet is not muted
};

/// Reads listings; keep one per Alertmanager. It stops allocating once it has read the largest listing. Movable. Not thread-safe.
///
/// As tolerant as the webhook parser: members in any order, unknown members skipped, null equals absent, numbers and booleans as labels
/// read as text. A missing fingerprint is computed from the labels; an alert with neither is unreadable. Errors: JSON errors
/// (Errc::truncated_body etc., with byte offset), not_an_alert_group for other JSON, body_too_large, too_many_alerts, too_deep.
class ListingReader {
 public:
    ALERTMAP_API explicit ListingReader(ListingOptions options = {});
    ALERTMAP_API ListingReader(ListingReader&& other) noexcept;
    ALERTMAP_API ListingReader& operator=(ListingReader&& other) noexcept;
    ALERTMAP_API ~ListingReader();

    /// Reads the answer to GET /api/v2/alerts/groups. Preferred: it has groups and mute time intervals.
    [[nodiscard]] ALERTMAP_API Result<Listing> alert_groups(std::string_view body ALERTMAP_LIFETIMEBOUND) & ALERTMAP_LIFETIMEBOUND;
    /// Reads the answer to GET /api/v2/alerts: each alert becomes its own group without group labels.
    [[nodiscard]] ALERTMAP_API Result<Listing> alerts(std::string_view body ALERTMAP_LIFETIMEBOUND) & ALERTMAP_LIFETIMEBOUND;

    // Deleted: the listing would outlive the bytes that it views, or the reader.
    template <detail::TextOwner Temporary>
    Result<Listing> alert_groups(Temporary&& body) & = delete;
    template <detail::TextOwner Temporary>
    Result<Listing> alerts(Temporary&& body) & = delete;
    Result<Listing> alert_groups(std::string_view body) && = delete;
    Result<Listing> alerts(std::string_view body) && = delete;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The answer to GET /api/v2/status, reduced to what a ledger needs. Owns its strings.
struct AlertmanagerStatus {
    std::string version;    ///< "0.25.0"; empty: absent
    UnixTime up_since = 0;  ///< start time, from `uptime`; 0: unknown
    bool ready = false;     ///< the cluster status is "ready" or "disabled" (no peers); false while it settles
    std::size_t peers = 0;  ///< members of the cluster, including itself
};

/// Parses it; missing members keep their defaults. Errors: JSON errors, Errc::wrong_type if it is not an object. Allocates. Thread-safe.
[[nodiscard]] ALERTMAP_API Result<AlertmanagerStatus> read_alertmanager_status(std::string_view body);

/// Parses the answer to GET /api/v2/receivers: the names as in the configuration. Errors: JSON errors, Errc::wrong_type if it is not an
/// array. Allocates. Thread-safe.
[[nodiscard]] ALERTMAP_API Result<std::vector<std::string>> read_receivers(std::string_view body);

}  // namespace alertmap
