#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/result.hpp"
#include "alertmap/text.hpp"
#include "alertmap/unix_time.hpp"

// What an Alertmanager says when it is asked: GET /api/v2/alerts/groups, /alerts, /receivers and /status.
// Source: Alertmanager api/v2/openapi.yaml. Tried with 0.25; what came later is as its source says.
namespace alertmap {

/// What of a listing is ours, and how much of one is read.
struct ListingOptions {
    std::string receiver = {};      ///< the receiver that sends to us, as it is in Alertmanager's configuration; empty: all are ours
    std::string external_url = {};  ///< what messages of this Alertmanager have as externalURL, so that events come out the same
    std::size_t max_bytes = 256'000'000;
    std::size_t max_alerts = 1'000'000;
};

/// Alerts of one group that are active, or that are not.
struct ListedGroup {
    /// As a message would have it: the receiver quoted, alerts firing and without ends_at (a listing's endsAt is when Alertmanager gives
    /// up on an alert that is not sent again). Common labels and annotations are those of the alerts here. No group_key: see
    /// Ledger::group_key(). Times are cut to milliseconds by Alertmanager's API.
    AlertGroup group;
    bool quiet = false;  ///< silenced, inhibited, muted, not processed yet, or of an unknown state
};

/// What one Alertmanager lists. Views: into the body, or into the ListingReader; valid until either goes or reads again.
struct Listing {
    /// Our receiver's alerts by group; a group may come twice, its active alerts and its quiet ones.
    std::span<const ListedGroup> groups;
    /// Fingerprints of the alerts that are not routed to our receiver. They fire, too.
    std::span<const std::string_view> elsewhere;
    std::size_t alerts = 0;      ///< in `groups`
    std::size_t unreadable = 0;  ///< elements that are no alert: nothing may be taken to have ended by this listing
    bool mutes_listed = false;   ///< it names the mute time intervals (>= 0.28, /alerts/groups): what is not quiet is not muted
};

/// Reads listings; keep one for each Alertmanager. It allocates only until it has seen the largest. Movable; not safe for use by several
/// threads at the same time.
///
/// Tolerant like the parser of webhooks: members in any order, unknown ones passed over, null and missing ones taken for absent, numbers
/// and booleans as labels taken as their text. An alert without fingerprint gets the computed one; without it and without labels it is
/// unreadable. Errors: those of JSON (Errc::truncated_body and so on, with the byte offset), not_an_alert_group for another kind
/// of JSON, body_too_large, too_many_alerts, too_deep.
class ListingReader {
 public:
    ALERTMAP_API explicit ListingReader(ListingOptions options = {});
    ALERTMAP_API ListingReader(ListingReader&& other) noexcept;
    ALERTMAP_API ListingReader& operator=(ListingReader&& other) noexcept;
    ALERTMAP_API ~ListingReader();

    /// The answer to GET /api/v2/alerts/groups: the one to ask for, since it has groups and mute time intervals.
    [[nodiscard]] ALERTMAP_API Result<Listing> alert_groups(std::string_view body ALERTMAP_LIFETIMEBOUND) & ALERTMAP_LIFETIMEBOUND;
    /// The answer to GET /api/v2/alerts: each alert is a group of its own, without group labels.
    [[nodiscard]] ALERTMAP_API Result<Listing> alerts(std::string_view body ALERTMAP_LIFETIMEBOUND) & ALERTMAP_LIFETIMEBOUND;

    // The listing would outlive the bytes that it views, or the reader that owns a part of them.
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

/// The answer to GET /api/v2/status, as far as a ledger needs it. Owns its strings.
struct AlertmanagerStatus {
    std::string version;    ///< "0.25.0"; empty: none was given
    UnixTime up_since = 0;  ///< `uptime`: when it was started; 0: not known
    bool ready = false;     ///< the cluster's status is "ready", or "disabled" (it has no peers); false while it settles
    std::size_t peers = 0;  ///< members of the cluster as it sees them, itself included
};

/// Reads it. Members that are missing keep their defaults. Errors: those of JSON, Errc::wrong_type for what is no object. Allocates.
[[nodiscard]] ALERTMAP_API Result<AlertmanagerStatus> read_alertmanager_status(std::string_view body);

/// The answer to GET /api/v2/receivers: the names, as they are in the configuration. Errors: those of JSON, Errc::wrong_type for what is
/// no array. Allocates.
[[nodiscard]] ALERTMAP_API Result<std::vector<std::string>> read_receivers(std::string_view body);

}  // namespace alertmap
