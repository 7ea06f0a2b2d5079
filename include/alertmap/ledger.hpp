#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/listing.hpp"
#include "alertmap/result.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/unix_time.hpp"

// State across messages: the open incidents of one target. docs/why-the-pager-was-wrong.md explains the failures behind the rules.
namespace alertmap {

class Ledger;

/// One Alertmanager cluster that sends to this ledger.
struct ClusterOptions {
    std::string name;  ///< the name used in Source::cluster and ListingSource::cluster

    /// Names of the Alertmanagers to poll for listings, as in ListingSource::peer. Empty: listings are not available. With two or more, a
    /// resolve is confirmed by a listing before the incident is closed (rule 9).
    std::vector<std::string> peers = {};

    /// When an alert that only a listing shows, but no message, may open an incident (rule 8).
    enum class Opens : std::uint8_t {
        when_mutes_are_listed,  ///< only from listings that include mute time intervals: /alerts/groups of Alertmanager >= 0.28
        always,                 ///< for clusters that use neither mute_time_intervals nor active_time_intervals
        never,
    };
    Opens opens = Opens::when_mutes_are_listed;

    /// True: a listing without a heartbeat alert (an event with `heartbeat`) closes nothing, because Prometheus is not sending alerts then.
    bool needs_heartbeat = false;
};

/// Settings of a Ledger. A plain value. The defaults fit Alertmanager's own (group_wait 30 s, group_interval 5 min, repeat_interval 4 h).
/// Durations are in nanoseconds: use seconds(), minutes(), hours().
struct LedgerOptions {
    TargetTraits traits = {};  ///< the target's: T::traits, or AnyTarget::traits()

    std::vector<ClusterOptions> clusters = {};  ///< clusters that can be polled for listings; other clusters may send messages, too

    /// True: the caller can ask the vendor whether an incident with an external ID is open (actions of kind look_up).
    bool can_look_up = false;

    /// True if the mapping derives the external ID from the group key, as the per-group presets do. Then an alert that only a listing shows
    /// is opened only if its group key is known from a message (see Ledger::group_key()), and not if another group's incident already
    /// contains it (a second route, or a changed route) (rule 1). Independent of this option, an alert whose
    /// ID contains its start (an episode) is not opened if an open incident with another start contains it.
    bool id_needs_group_key = false;

    /// Whether an external ID identifies one alert, as the fingerprint does, or several. by_text: one alert if the ID contains the
    /// fingerprint. An incident of several alerts stays open while messages of its group leave out alerts (rule 7).
    enum class IdFor : std::uint8_t { by_text, one_alert, several_alerts };
    IdFor id_for = IdFor::by_text;

    /// Minimum interval between forwarded repeats of a trigger; a repeat reopens an incident that the vendor closed without a callback
    /// (rule 1).
    Duration reassert = hours(1);
    /// True: forward repeats and updates even if the vendor pages again for a repeat, or does not document its behaviour.
    bool repeat_where_it_pages = false;
    /// After a human closed the incident: true: the first repeat pages again at once; false: only a repeat at least `reassert` later.
    bool page_at_once_after_human_close = false;

    /// How long a trigger of an ended episode is held if no listing is available: group_wait + group_interval (rule 3).
    Duration settle = minutes(5) + seconds(30);
    /// A starts_at further in the future than this is replaced by the time of receipt (rule 2).
    Duration max_ahead = minutes(5);

    /// How long an alert must be missing from listings to count as ended: at least 4 times the larger of Prometheus's resend delay (1 min)
    /// and the longest evaluation interval (rule 8).
    Duration close_grace = minutes(4);
    /// How long an alert must be listed but not open before it is opened: more than group_wait + group_interval (rule 8).
    Duration open_grace = minutes(7);
    /// Listings of an Alertmanager with less uptime than this neither open nor close incidents (rule 8).
    Duration peer_grace = minutes(5);
    /// Number of consecutive complete listings that must agree (rule 8).
    std::uint32_t listings = 3;
    /// Polling interval of listings; also the maximum age difference between the peers' listings.
    Duration listing_interval = minutes(1);
    /// Minimum interval between listing requests while an incident waits for a listing.
    Duration listing_pause = seconds(10);
    /// Maximum time that a resolve waits for confirmation by a listing (rule 9).
    Duration confirm = minutes(1);

    /// Alertmanager's longest repeat_interval. Ended episodes are remembered for this time plus 15 minutes (rule 10).
    Duration repeat_interval = hours(4);
    /// An alert without news for this long counts as ended; 0: never. For senders without listings (rule 7).
    Duration stale_after = 0;

    /// A request without an answer after this time counts as Outcome::unknown.
    Duration answer_within = minutes(5);
    /// First and longest pause between retries of a request; doubles in between (rule 6).
    Duration first_retry = seconds(1);
    Duration longest_retry = minutes(5);

    std::size_t max_incidents = 200'000;  ///< above: observe() returns `untracked`; open incidents are never dropped (rule 10)
    std::size_t max_members = 10'000;     ///< alerts of one incident; above: it stays open until a listing shows that they ended
};

/// Origin of a message: the Alertmanager cluster and the group. Views; only read during the call.
struct Source {
    std::string_view cluster;   ///< a ClusterOptions::name; any other name is a cluster without listings
    std::string_view receiver;  ///< AlertGroup::receiver
    Labels group_labels;        ///< AlertGroup::group_labels

    /// The source of this message. Valid as long as both arguments.
    [[nodiscard]] static Source of(std::string_view cluster, const AlertGroup& group) noexcept {
        return {cluster, group.receiver, group.group_labels};
    }
};

/// Result of observe().
enum class Observed : std::uint8_t {
    news,       ///< something changed: an alert started or ended, or there is more to send
    repeat,     ///< already known
    stale,      ///< resolve of an earlier episode: dropped (rule 2)
    held,       ///< trigger of an ended episode: held until a listing arrives or the settling time is over (rule 3)
    not_open,   ///< resolve of an incident that is not open: nothing to do (rule 4)
    ignored,    ///< the event's transition is ignore, and it ended no alert
    heartbeat,  ///< not handled by the ledger: the caller pings at once
    untracked,  ///< the ledger is full (rule 10): the caller sends the event itself, once
};

[[nodiscard]] constexpr std::string_view name(Observed observed) noexcept {
    switch (observed) {
        case Observed::news: return "news";
        case Observed::repeat: return "repeat";
        case Observed::stale: return "stale";
        case Observed::held: return "held";
        case Observed::not_open: return "not_open";
        case Observed::ignored: return "ignored";
        case Observed::heartbeat: return "heartbeat";
        case Observed::untracked: break;
    }
    return "untracked";
}

/// Kind of an action.
enum class ActionKind : std::uint8_t {
    open,         ///< send the event: a trigger
    update,       ///< send the event: a trigger for an incident that is already open
    acknowledge,  ///< send the event: an acknowledge
    close,        ///< send the event: a resolve
    look_up,      ///< ask the vendor whether an incident with this external ID is open, then call vendor_said()
    list,         ///< get a listing from each Alertmanager of `cluster`, then call listed(); has no ticket and needs no answered()
};

[[nodiscard]] constexpr std::string_view name(ActionKind kind) noexcept {
    switch (kind) {
        case ActionKind::open: return "open";
        case ActionKind::update: return "update";
        case ActionKind::acknowledge: return "acknowledge";
        case ActionKind::close: return "close";
        case ActionKind::look_up: return "look_up";
        case ActionKind::list: break;
    }
    return "list";
}

/// A request that the caller should send now. Views, including those of the event, are valid until the ledger's next non-const call.
struct Action {
    ActionKind kind = ActionKind::open;
    std::uint64_t ticket = 0;  ///< pass it to answered(); 0 only for `list`
    std::string_view external_id;
    std::string_view vendor_id;  ///< the vendor's ID of the incident; empty: unknown, or the vendor has none
    Event event;                 ///< render it with Target::request; its transition matches the kind. `members` is empty
    std::string_view reason;     ///< reason for a log; static storage
    std::string_view cluster;    ///< only for `list`
};

/// Result of a request.
enum class Outcome : std::uint8_t {
    accepted,  ///< the vendor accepted it
    already,   ///< the vendor was already in this state (409 to a resolve, for example)
    rejected,  ///< this event is at fault (400, 413, 422, or Target::request failed): dead letter, reported
    retry,     ///< the target is at fault (401, 403, 404, 408, 429, 5xx, no connection): kept and retried
    unknown,   ///< sent but not answered: it may have arrived
};

/// The default outcome of an HTTP status, if the vendor documents nothing else: 2xx accepted; 400, 413, 422 rejected; others retry. Without
/// an answer use `unknown` if the request may have been sent, and `retry` if no connection was made.
[[nodiscard]] constexpr Outcome outcome_of(int http_status) noexcept {
    if (http_status >= 200 && http_status <= 299) return Outcome::accepted;
    return http_status == 400 || http_status == 413 || http_status == 422 ? Outcome::rejected : Outcome::retry;
}

/// Answer to an action. Views; only read during the call.
struct Answer {
    Outcome outcome = Outcome::accepted;
    std::string_view vendor_id = {};  ///< the vendor's ID, if the answer contains it
    Duration retry_after = 0;         ///< for `retry`: the vendor's Retry-After; 0: the ledger decides
};

/// State of an incident at the vendor, from a callback or a look-up.
enum class VendorState : std::uint8_t { open, acknowledged, closed };

[[nodiscard]] constexpr std::string_view name(VendorState state) noexcept {
    switch (state) {
        case VendorState::open: return "open";
        case VendorState::acknowledged: return "acknowledged";
        case VendorState::closed: break;
    }
    return "closed";
}

/// State of one incident, for a status page. Views, valid until the ledger's next non-const call.
struct IncidentView {
    std::string_view external_id;
    std::string_view vendor_id;
    std::string_view vendor;  ///< closed, open, acknowledged, closed_by_human, maybe_open, maybe_closed
    std::string_view summary;
    bool wanted_open = false;    ///< an alert of it is firing, or may be (rule 7)
    bool in_flight = false;      ///< a request is waiting for its answer
    std::uint32_t attempts = 0;  ///< attempts of the pending request so far
    UnixTime not_before = 0;     ///< time of the next attempt; 0: none is pending
    std::size_t firing = 0;      ///< firing alerts
    std::size_t ended = 0;       ///< ended alerts that are still remembered
};

/// One row of persistent state. Owns its strings.
struct LedgerRow {
    std::string key;   ///< primary key; any text
    std::string json;  ///< the value; empty: delete the row
};

/// An incident that an operator should know about. Owns its ID.
struct LedgerReport {
    /// What happened to it.
    enum class Kind : std::uint8_t {
        dead_letter,        ///< the vendor or the target rejected the event; not retried until the alert changes
        maybe_open,         ///< the answer to a close was lost and no look-up is possible: the incident may still be open
        cannot_close,       ///< a close needs the vendor's ID, which is unknown: the incident stays open
        closed_stale,       ///< closed because there was no news for `stale_after`
        closed_by_listing,  ///< closed because listings no longer show it: the resolve was lost
        opened_by_listing,  ///< opened because listings show it: the trigger was lost
        untracked,          ///< the ledger is full
    };
    Kind kind{};
    std::string external_id;
};

[[nodiscard]] constexpr std::string_view name(LedgerReport::Kind kind) noexcept {
    switch (kind) {
        case LedgerReport::Kind::dead_letter: return "dead_letter";
        case LedgerReport::Kind::maybe_open: return "maybe_open";
        case LedgerReport::Kind::cannot_close: return "cannot_close";
        case LedgerReport::Kind::closed_stale: return "closed_stale";
        case LedgerReport::Kind::closed_by_listing: return "closed_by_listing";
        case LedgerReport::Kind::opened_by_listing: return "opened_by_listing";
        case LedgerReport::Kind::untracked: break;
    }
    return "untracked";
}

/// Origin and reliability of a listing. Views; only read during the call.
struct ListingSource {
    std::string_view cluster;
    std::string_view peer;      ///< one of ClusterOptions::peers
    UnixTime asked_at = 0;      ///< time at which the request was sent; 0: now
    UnixTime up_since = 0;      ///< AlertmanagerStatus::up_since; 0: unknown, treated as too short
    bool ready = true;          ///< false: the cluster is settling (AlertmanagerStatus::ready)
    bool complete = true;       ///< Listing::unreadable == 0; if false, the listing closes nothing
    bool has_receiver = true;   ///< false: GET /api/v2/receivers does not list our receiver; the listing closes nothing
    bool mutes_listed = false;  ///< Listing::mutes_listed
};

/// An event mapped from a listing.
struct ListedEvent {
    Event event;
    bool quiet = false;  ///< suppressed, muted or unprocessed: keeps an incident open but does not open one
};

/// An open incident from the vendor's own list, for import(). Views; only read during the call.
struct VendorIncident {
    std::string_view external_id;
    std::string_view vendor_id = {};
    VendorState state = VendorState::open;
};

/// Counters since construction; not part of the persistent state.
struct LedgerStats {
    std::size_t incidents = 0;    ///< rows, including ended ones
    std::size_t open = 0;         ///< incidents that are or may be open at the vendor
    std::size_t members = 0;      ///< alerts, including ended ones
    std::size_t bytes = 0;        ///< approximate memory use
    std::uint64_t untracked = 0;  ///< events above max_incidents
    std::uint64_t stale = 0;      ///< dropped resolves of earlier episodes
    std::uint64_t held = 0;       ///< held triggers
    std::uint64_t dead_letters = 0;
    std::uint64_t lost_reports = 0;  ///< reports dropped because more than 1,000 were not collected
};

/// Synchronises the open incidents of one target with the firing alerts. Input: messages, listings, vendor answers and callbacks; output:
/// requests to send. Does no I/O, has no clock and starts no thread: each call takes `now`, which may jump (only pauses depend on it). Use
/// one Ledger per target and mapping, for all Alertmanager clusters that send to the target.
///
///     Ledger ledger({.traits = target::PagerDuty::traits});
///     for (const Subject subject : subjects(*group, per)) ledger.observe(Source::of("eu", *group), map(subject, arena), now);
///     save(ledger.changes());                                     // then answer Alertmanager with 2xx
///     for (const Action& action : ledger.due(now)) { ... target.request(action.event), send ... }
///     ledger.answered(ticket, {outcome_of(status), vendor_id}, now);
///     wait_until(ledger.next());
///
/// For each message, also observe map(unlisted(*group), arena): a complete message closes the incident for alerts that earlier messages
/// left out. Observe all events of a message before due(). Rule numbers refer to docs/why-the-pager-was-wrong.md. A Ledger owns its state;
/// arguments are only read during the call. Movable; a moved-from ledger can only be destroyed or assigned to. Calls may allocate and throw
/// std::bad_alloc. Not thread-safe.
class Ledger {
 public:
    ALERTMAP_API explicit Ledger(LedgerOptions options = {});
    ALERTMAP_API Ledger(Ledger&& other) noexcept;
    ALERTMAP_API Ledger& operator=(Ledger&& other) noexcept;
    ALERTMAP_API ~Ledger();

    /// The options passed to the constructor.
    [[nodiscard]] ALERTMAP_API const LedgerOptions& options() const noexcept;

    /// Processes an event of a message. O(members of the event); a repeat allocates nothing.
    ALERTMAP_API Observed observe(const Source& source, const Event& event, UnixTime now);

    /// Processes the listing of one Alertmanager. Map it with the mapping used for messages, and pass all its events in one call, even if
    /// there are none. `elsewhere`: fingerprints of listed alerts that are not routed to our receiver; they keep open incidents open.
    /// O(events + known alerts of the cluster).
    ALERTMAP_API void listed(const ListingSource& source, std::span<const ListedEvent> events, std::span<const std::string_view> elsewhere,
                             UnixTime now);

    /// The group key that messages had for this group (receiver as in the message, and group labels); empty if unknown. Assign it to
    /// AlertGroup::group_key of a listing's group before mapping. Valid until the next non-const call.
    [[nodiscard]] ALERTMAP_API std::string_view group_key(const Source& source) const;

    /// Returns the actions to perform now, at most `max_actions`, at most one per incident; marks them as in flight. O(number of actions).
    /// The span and its views are valid until the next non-const call.
    [[nodiscard]] ALERTMAP_API std::span<const Action> due(UnixTime now, std::size_t max_actions = 100);

    /// Reports the result of an action. Has no effect if the ticket is no longer in flight (a late answer).
    ALERTMAP_API void answered(std::uint64_t ticket, const Answer& answer, UnixTime now);

    /// Reports a state from the vendor: a callback or the answer to a look-up. `closed` while alerts are firing counts as closed by a
    /// human; a later repeat pages again. Has no effect for an unknown ID. Never ends an alert.
    ALERTMAP_API void vendor_said(std::string_view external_id, VendorState state, UnixTime now, std::string_view vendor_id = {});

    /// Restores open incidents from the vendor's list after the state was lost: they are not opened a second time, and are closed by a
    /// resolve or by listings that do not show them. A known ID is changed only if the ledger considered it closed.
    ALERTMAP_API void import(std::span<const VendorIncident> incidents, UnixTime now);

    /// Requests a listing of this cluster with the next due(); for hints such as the event recorder's.
    ALERTMAP_API void hint(std::string_view cluster, UnixTime now);

    /// Time at which due() has the next action, unless another call is made earlier; the largest UnixTime: never.
    [[nodiscard]] ALERTMAP_API UnixTime next() const noexcept;

    /// Rows that changed since the last call. Persist them before answering the message, and after answered(). Allocates.
    [[nodiscard]] ALERTMAP_API std::vector<LedgerRow> changes();

    /// Appends the state as one JSON text for read(): {"version":1,"groups":[...],"incidents":[...]}. Contains no secrets.
    ALERTMAP_API void write(Buffer& out) const;

    /// Replaces the state with one written by write(). Requests in flight count as sent without an answer. An unreadable row is skipped and
    /// makes the result an error with its place; the others are read. Errors: JSON errors, wrong_type, missing_field.
    [[nodiscard]] ALERTMAP_API Result<void> read(std::string_view json, UnixTime now);

    /// Reads one row from changes(). Call it for all rows, in any order, before other calls. Errors: as read().
    [[nodiscard]] ALERTMAP_API Result<void> read_row(std::string_view key, std::string_view json, UnixTime now);

    /// Reports since the last call; at most 1,000 are kept. Allocates.
    [[nodiscard]] ALERTMAP_API std::vector<LedgerReport> reports();

    /// Current sizes and counters. O(1).
    [[nodiscard]] ALERTMAP_API LedgerStats stats() const noexcept;

    /// All incidents in unspecified order, including ended ones that are remembered; for a status page. Allocates.
    [[nodiscard]] ALERTMAP_API std::vector<IncidentView> incidents() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Maps a listing to events with `map(subject, arena)`, the mapping used for messages, and the group keys known to the ledger. The events
/// are views, valid as long as the listing, the arena and the mapping. Allocates.
template <class Map>
[[nodiscard]] std::vector<ListedEvent> listed_events(const Ledger& ledger, std::string_view cluster, const Listing& listing, FanOut per,
                                                     const Map& map, Arena& arena) {
    std::vector<ListedEvent> events;
    for (const ListedGroup& listed : listing.groups) {
        AlertGroup group = listed.group;
        group.group_key = arena.copy(ledger.group_key(Source::of(cluster, group)));
        for (const Subject subject : subjects(group, per)) events.push_back({map(subject, arena), listed.quiet});
    }
    return events;
}

/// True if a mapping derives the external ID from the group key, for LedgerOptions::id_needs_group_key. Maps two groups that differ only in
/// their key. Allocates.
template <class Map>
[[nodiscard]] bool needs_group_key(FanOut per, const Map& map) {
    Arena arena;
    const Label labels[] = {{"alertname", "a"}};
    Alert alert;
    alert.labels = {labels, 1};
    alert.fingerprint = "0000000000000001";
    AlertGroup group;
    group.alerts = {&alert, 1};
    group.group_labels = group.common_labels = alert.labels;
    std::string_view ids[2];
    for (std::string_view& id : ids) {
        group.group_key = &id == ids ? "{}:{a=\"1\"}" : "{}:{a=\"2\"}";
        for (const Subject subject : subjects(group, per)) id = arena.copy(map(subject, arena).external_id);
    }
    return ids[0] != ids[1];
}

}  // namespace alertmap
