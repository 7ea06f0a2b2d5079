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

// What one target has open, and what it should have open: see docs/why-the-pager-was-wrong.md for the failures behind the rules.
namespace alertmap {

class Ledger;

/// One Alertmanager cluster that sends to this ledger.
struct ClusterOptions {
    std::string name;  ///< the name that Source::cluster and ListingSource::cluster give it

    /// The Alertmanagers of the cluster that are asked for listings (the names that ListingSource::peer gives them). Empty: no listings
    /// are to be had. With two or more a resolve is confirmed by a listing before the incident is closed (rule 9).
    std::vector<std::string> peers = {};

    /// When an alert that a listing shows and no message brought may open an incident (rule 8).
    enum class Opens : std::uint8_t {
        when_mutes_are_listed,  ///< only from listings that name the mute time intervals: /alerts/groups of Alertmanager >= 0.28
        always,                 ///< for clusters without mute_time_intervals and active_time_intervals
        never,
    };
    Opens opens = Opens::when_mutes_are_listed;

    /// Nothing is closed by a listing that shows no heartbeat alert (an event with `heartbeat`): Prometheus is not sending then.
    bool needs_heartbeat = false;
};

/// How a Ledger decides. A plain value; the defaults suit Alertmanager's own defaults (group_wait 30 s, group_interval 5 min,
/// repeat_interval 4 h). Durations are nanoseconds: see seconds(), minutes(), hours().
struct LedgerOptions {
    TargetTraits traits = {};  ///< of the target: T::traits, or AnyTarget's

    std::vector<ClusterOptions> clusters = {};  ///< those that can be asked for listings; others may send, too

    /// True: the service can ask the vendor what it has open under an ID (actions of kind look_up).
    bool can_look_up = false;

    /// Whether the mapping makes the external ID from the group key (presets per group do). An alert that only a listing shows is then
    /// opened only if the group key was learned from a message (see Ledger::group_key()), and what another group's incident tells already
    /// (a second route, or a route that was spelled anew) is not opened twice (rule 1).
    bool id_needs_group_key = false;

    /// Whether an external ID stands for one alert (as the fingerprint does) or for several. by_text: for one alert if the fingerprint
    /// is part of the ID. IDs for several are kept open while alerts of their group are missing from its messages (rule 7).
    enum class IdFor : std::uint8_t { by_text, one_alert, several_alerts };
    IdFor id_for = IdFor::by_text;

    /// A repeat of a trigger is sent on at most once in this time, in case the vendor closed the incident and did not tell (rule 1).
    Duration reassert = hours(1);
    /// Also where the vendor pages again for a repeat, or does not document what it does. Applies to updates as well.
    bool repeat_where_it_pages = false;
    /// True: the first repeat after a human closed the incident pages again at once; false: the first one that comes `reassert` later.
    bool page_at_once_after_human_close = false;

    /// How long a trigger of an episode that has ended is held where no listing can be had: group_wait + group_interval (rule 3).
    Duration settle = minutes(5) + seconds(30);
    /// A starts_at further ahead than this is taken for the time of receipt (rule 2).
    Duration max_ahead = minutes(5);

    /// How long an alert must be missing from listings before it counts as ended: at least 4 times the longer of Prometheus' resend delay
    /// (1 min) and the slowest evaluation interval (rule 8).
    Duration close_grace = minutes(4);
    /// How long an alert must be listed without being open before it is opened: more than group_wait + group_interval (rule 8).
    Duration open_grace = minutes(7);
    /// An Alertmanager that is up for less than this neither opens nor closes by its listing (rule 8).
    Duration peer_grace = minutes(5);
    /// How many complete listings in a row must agree (rule 8).
    std::uint32_t listings = 3;
    /// How often a listing is asked for, and how old one may be beside those of the other peers.
    Duration listing_interval = minutes(1);
    /// The shortest time between two requests for a listing that somebody waits for.
    Duration listing_pause = seconds(10);
    /// The longest that a resolve waits for its confirmation by a listing (rule 9).
    Duration confirm = minutes(1);

    /// Alertmanager's longest repeat_interval: ended episodes are remembered for that long and 15 minutes (rule 10).
    Duration repeat_interval = hours(4);
    /// An alert of which nothing was heard for this long counts as ended. 0: never. For senders whose listings cannot be had (rule 7).
    Duration stale_after = 0;

    /// A request without an answer counts as unknown after this time.
    Duration answer_within = minutes(5);
    /// The pause before the first and the longest pause between tries of a request; doubled in between (rule 6).
    Duration first_retry = seconds(1);
    Duration longest_retry = minutes(5);

    std::size_t max_incidents = 200'000;  ///< beyond: observe() says `untracked`, and nothing that is open is forgotten (rule 10)
    std::size_t max_members = 10'000;     ///< alerts of one incident; beyond: it stays open until a listing shows that they ended
};

/// Who said something: the Alertmanager cluster and, of a message, the group that it is about. Views; read during the call only.
struct Source {
    std::string_view cluster;   ///< as in ClusterOptions::name; any other name is a cluster without listings
    std::string_view receiver;  ///< AlertGroup::receiver
    Labels group_labels;        ///< AlertGroup::group_labels

    /// The source of this message. Views of both arguments.
    [[nodiscard]] static Source of(std::string_view cluster, const AlertGroup& group) noexcept {
        return {cluster, group.receiver, group.group_labels};
    }
};

/// What observe() made of an event.
enum class Observed : std::uint8_t {
    news,       ///< something changed: an alert fires or ended, or there is more to send
    repeat,     ///< it is known already
    stale,      ///< a resolve of an earlier episode: dropped (rule 2)
    held,       ///< a trigger of an episode that ended: waits for a listing or for the settling time (rule 3)
    not_open,   ///< a resolve of what is not open: nothing to do (rule 4)
    ignored,    ///< the event's transition is ignore, and it ended nothing
    heartbeat,  ///< not for the ledger: ping with it at once
    untracked,  ///< the ledger is full (rule 10): send the event yourself, once
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

/// What an action asks for.
enum class ActionKind : std::uint8_t {
    open,         ///< send the event (a trigger)
    update,       ///< send the event (a trigger) to the incident that is open
    acknowledge,  ///< send the event (an acknowledge)
    close,        ///< send the event (a resolve)
    look_up,      ///< ask the vendor whether an incident with this external ID is open, and call vendor_said()
    list,         ///< ask each Alertmanager of `cluster` for a listing, and call listed(); no ticket, no answered()
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

/// One thing to do now. The views (those of the event included) are the ledger's, valid until its next call that is not const.
struct Action {
    ActionKind kind = ActionKind::open;
    std::uint64_t ticket = 0;  ///< for answered(); never 0 but for `list`
    std::string_view external_id;
    std::string_view vendor_id;  ///< the vendor's own ID of the incident; empty: not known (or none)
    Event event;                 ///< what to render with Target::request; its transition fits the kind. Its `members` are empty
    std::string_view reason;     ///< why, for a log; static storage
    std::string_view cluster;    ///< of `list`
};

/// How a request ended.
enum class Outcome : std::uint8_t {
    accepted,  ///< the vendor took it
    already,   ///< the vendor had it already (409 to a resolve, for example)
    rejected,  ///< the fault of this event (400, 413, 422, or Target::request failed): a dead letter, reported
    retry,     ///< the fault of the target (401, 403, 404, 408, 429, 5xx, no connection): kept and tried again
    unknown,   ///< it was sent, and no answer came: it may have arrived
};

/// The outcome that an HTTP status stands for where the vendor documents nothing else: 2xx accepted; 400, 413, 422 rejected; all others
/// retry. A request without an answer is `unknown` where it may have been sent, and `retry` where no connection came about.
[[nodiscard]] constexpr Outcome outcome_of(int http_status) noexcept {
    if (http_status >= 200 && http_status <= 299) return Outcome::accepted;
    return http_status == 400 || http_status == 413 || http_status == 422 ? Outcome::rejected : Outcome::retry;
}

/// The answer to an action. Views are read during the call only.
struct Answer {
    Outcome outcome = Outcome::accepted;
    std::string_view vendor_id = {};  ///< the vendor's own ID, if the answer names one
    Duration retry_after = 0;         ///< of `retry`: the vendor's Retry-After; 0: the ledger chooses
};

/// What a vendor says of an incident, by a callback or as the answer to a look-up.
enum class VendorState : std::uint8_t { open, acknowledged, closed };

[[nodiscard]] constexpr std::string_view name(VendorState state) noexcept {
    switch (state) {
        case VendorState::open: return "open";
        case VendorState::acknowledged: return "acknowledged";
        case VendorState::closed: break;
    }
    return "closed";
}

/// What the ledger knows of one incident, for a status page. Views: valid until the ledger's next call that is not const.
struct IncidentView {
    std::string_view external_id;
    std::string_view vendor_id;
    std::string_view vendor;  ///< closed, open, acknowledged, closed_by_human, maybe_open, maybe_closed
    std::string_view summary;
    bool wanted_open = false;    ///< an alert of it fires (or may fire: rule 7)
    bool in_flight = false;      ///< a request waits for its answer
    std::uint32_t attempts = 0;  ///< tries of the request that is due, so far
    UnixTime not_before = 0;     ///< of the next try; 0: none waits
    std::size_t firing = 0;      ///< alerts that fire
    std::size_t ended = 0;       ///< alerts that ended and are remembered
};

/// One row of the state to persist. Owns its strings.
struct LedgerRow {
    std::string key;   ///< of the row; any text
    std::string json;  ///< what to keep under it; empty: delete the row
};

/// Something that a human should hear of. Owns its ID.
struct LedgerReport {
    /// What happened to the incident.
    enum class Kind : std::uint8_t {
        dead_letter,        ///< the vendor (or the target) rejected this event; it is not tried again until there is news
        maybe_open,         ///< the answer to a close was lost, and there is no way to find out: the incident may still be open
        cannot_close,       ///< the vendor's own ID is needed for a close and is not known: the incident stays open
        closed_stale,       ///< closed because nothing was heard of it for `stale_after`
        closed_by_listing,  ///< closed because listings no longer show it: the resolve never came
        opened_by_listing,  ///< opened because listings show it: the trigger never came
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

/// Who answered with a listing, and whether it can be relied on. Views; read during the call only.
struct ListingSource {
    std::string_view cluster;
    std::string_view peer;      ///< one of ClusterOptions::peers
    UnixTime asked_at = 0;      ///< when the request was sent; 0: now
    UnixTime up_since = 0;      ///< AlertmanagerStatus::up_since; 0: not known, and never long enough
    bool ready = true;          ///< false: the cluster is settling (AlertmanagerStatus::ready)
    bool complete = true;       ///< Listing::unreadable == 0: otherwise nothing closes
    bool has_receiver = true;   ///< false: our receiver is missing in GET /api/v2/receivers: nothing closes
    bool mutes_listed = false;  ///< Listing::mutes_listed
};

/// One event that a listing was mapped to.
struct ListedEvent {
    Event event;
    bool quiet = false;  ///< suppressed, muted or unprocessed: keeps open what is open, opens nothing
};

/// An incident that the vendor lists as its own, for import(). Views; read during the call only.
struct VendorIncident {
    std::string_view external_id;
    std::string_view vendor_id = {};
    VendorState state = VendorState::open;
};

/// Counters since construction (they are not part of the state).
struct LedgerStats {
    std::size_t incidents = 0;    ///< rows, ended ones included
    std::size_t open = 0;         ///< of these: what the vendor has open, or may have
    std::size_t members = 0;      ///< alerts, ended ones included
    std::size_t bytes = 0;        ///< memory, about
    std::uint64_t untracked = 0;  ///< events beyond max_incidents
    std::uint64_t stale = 0;      ///< resolves of earlier episodes that were dropped
    std::uint64_t held = 0;       ///< triggers that were held
    std::uint64_t dead_letters = 0;
    std::uint64_t lost_reports = 0;  ///< reports that nobody took, beyond 1,000
};

/// Keeps what one target has open equal to what fires. Messages, listings, answers and callbacks go in; requests to send come out. It
/// does no I/O, has no clock and starts no thread: `now` is an argument of each call (it may jump; only pauses depend on it). One Ledger
/// for each target (and mapping); all Alertmanager clusters that feed the target go into the same one.
///
///     Ledger ledger({.traits = target::PagerDuty::traits});
///     for (const Subject subject : subjects(*group, per)) ledger.observe(Source::of("eu", *group), map(subject, arena), now);
///     save(ledger.changes());                                     // then answer Alertmanager with 2xx
///     for (const Action& action : ledger.due(now)) { ... target.request(action.event), send ... }
///     ledger.answered(ticket, {outcome_of(status), vendor_id}, now);
///     wait_until(ledger.next());
///
/// Observe map(unlisted(*group), arena) of each message as well: a complete message closes what stood for alerts that earlier ones left
/// out. Observe all events of a message before due(). The rules by number are in docs/why-the-pager-was-wrong.md. A Ledger owns everything
/// in it; arguments are read during the call only. Movable; a ledger that was moved from can be destroyed or assigned to. Not safe for use
/// by several threads at the same time.
class Ledger {
 public:
    ALERTMAP_API explicit Ledger(LedgerOptions options = {});
    ALERTMAP_API Ledger(Ledger&& other) noexcept;
    ALERTMAP_API Ledger& operator=(Ledger&& other) noexcept;
    ALERTMAP_API ~Ledger();

    /// The options that it was made with.
    [[nodiscard]] ALERTMAP_API const LedgerOptions& options() const noexcept;

    /// A message said this. O(members of the event); a repeat allocates nothing.
    ALERTMAP_API Observed observe(const Source& source, const Event& event, UnixTime now);

    /// The listing of one Alertmanager, mapped to events with the mapping that maps messages: all of them in one call, also where there
    /// are none. `elsewhere`: fingerprints of listed alerts that are not routed to our receiver; they keep open what is open.
    /// O(events + what is known of the cluster).
    ALERTMAP_API void listed(const ListingSource& source, std::span<const ListedEvent> events, std::span<const std::string_view> elsewhere,
                             UnixTime now);

    /// The group key that messages gave to this group (receiver as in the message, group labels); empty: none did. Set it as
    /// AlertGroup::group_key of a listing's group before mapping. Valid until the next call that is not const.
    [[nodiscard]] ALERTMAP_API std::string_view group_key(const Source& source) const;

    /// What is to be done now, at most `max_actions`; the actions are taken to be in flight from here on. One request for an incident
    /// at a time. O(number of actions). The span and all in it are valid until the next call that is not const.
    [[nodiscard]] ALERTMAP_API std::span<const Action> due(UnixTime now, std::size_t max_actions = 100);

    /// How an action ended. A ticket that is not in flight any more (a late answer) changes nothing.
    ALERTMAP_API void answered(std::uint64_t ticket, const Answer& answer, UnixTime now);

    /// What the vendor said of an incident by itself (a callback), or as the answer to a look-up. Closed while its alerts fire means: by
    /// a human; a later repeat pages again. An ID that is not known changes nothing. Never ends an alert.
    ALERTMAP_API void vendor_said(std::string_view external_id, VendorState state, UnixTime now, std::string_view vendor_id = {});

    /// What the vendor has open, after the state was lost: such incidents are closed by a resolve or by listings that do not show them,
    /// and not opened a second time. An ID that is known already changes only if the vendor was thought to have nothing open under it.
    ALERTMAP_API void import(std::span<const VendorIncident> incidents, UnixTime now);

    /// The event recorder (or somebody else) saw something: a listing of that cluster is asked for with the next due().
    ALERTMAP_API void hint(std::string_view cluster, UnixTime now);

    /// When due() has something next; the largest UnixTime: nothing is to be waited for. Earlier than that only by a call of the others.
    [[nodiscard]] ALERTMAP_API UnixTime next() const noexcept;

    /// The rows that changed since the last call. Persist them before the message is answered, and after answered(). Allocates.
    [[nodiscard]] ALERTMAP_API std::vector<LedgerRow> changes();

    /// Everything as one JSON text, to be read back by read(): {"version":1,"groups":[...],"incidents":[...]}. Appends to `out`. No secret
    /// is ever in it.
    ALERTMAP_API void write(Buffer& out) const;

    /// Replaces the state by one that write() wrote. What was in flight counts as sent without an answer. A row that cannot be read is
    /// left out and makes the result an error (with its place), all others are taken. Errors: those of JSON, wrong_type, missing_field.
    [[nodiscard]] ALERTMAP_API Result<void> read(std::string_view json, UnixTime now);

    /// Takes one row as changes() gave it. Call it for all rows, in any order, before anything else. Errors: see read().
    [[nodiscard]] ALERTMAP_API Result<void> read_row(std::string_view key, std::string_view json, UnixTime now);

    /// What a human should hear of, since the last call; at most 1,000 are kept.
    [[nodiscard]] ALERTMAP_API std::vector<LedgerReport> reports();

    /// How much it holds, and what it has counted since it was made.
    [[nodiscard]] ALERTMAP_API LedgerStats stats() const noexcept;

    /// All incidents, those that ended and are remembered included, in no particular order: for a status page. Allocates.
    [[nodiscard]] ALERTMAP_API std::vector<IncidentView> incidents() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The events of a listing, made with the mapping that maps the messages (`map(subject, arena)`) and with the group keys that the ledger
/// has learned. Their texts are views into the listing, the arena and the mapping; valid as long as all of these. Allocates.
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

/// Whether a mapping makes the external ID from the group key: LedgerOptions::id_needs_group_key. It maps two groups that differ in it.
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
