#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/ledger.hpp"
#include "stored_event.hpp"

// Data structures of a Ledger. The rules are in ledger.cpp, the processing of listings in ledger_listings.cpp, the rows in ledger_json.cpp.
namespace alertmap::detail {

inline constexpr UnixTime never = std::numeric_limits<UnixTime>::max();
inline constexpr UnixTime always = std::numeric_limits<UnixTime>::min();

/// Known state of an incident at the vendor.
enum class Vendor : std::uint8_t {
    closed,
    open,
    acknowledged,
    closed_by_human,
    maybe_open,    ///< a trigger was sent but not answered, or a resolve came for an unknown incident
    maybe_closed,  ///< a close was sent but not answered
};
[[nodiscard]] inline bool is_open(Vendor vendor) noexcept { return vendor == Vendor::open || vendor == Vendor::acknowledged; }
inline constexpr std::array<std::string_view, 6> vendor_words = {"closed",          "open",       "acknowledged",
                                                                 "closed_by_human", "maybe_open", "maybe_closed"};

/// Known state of one alert of an incident.
enum class MemberState : std::uint8_t {
    firing,
    ending,  ///< a resolve that a listing must confirm (rule 9)
    held,    ///< a trigger of an ended episode (rule 3)
    ended,   ///< remembered; if rounds != 0, listings show it as active and may open it (rule 8)
};
inline constexpr std::array<std::string_view, 4> member_words = {"firing", "ending", "held", "ended"};

/// The unknown alerts of an imported incident.
inline constexpr std::uint16_t any_cluster = 0xffff;

/// One alert of an incident, from one cluster.
struct Member {
    std::uint64_t alert = 0;      ///< see alert_key()
    UnixTime starts_at = always;  ///< sender's time: the latest of the episode
    UnixTime ended_at = always;   ///< sender's time: end of the last ended or ending episode
    UnixTime heard = 0;           ///< time of the last news
    /// firing: missing from listings since then (0: not missing); ending, held: deadline for the decision; ended: listed as active since
    /// then
    UnixTime since = 0;
    std::uint32_t revision = 0;  ///< hash of severity and paging targets, as last seen
    std::uint32_t group = 0;     ///< group of the last message; 0: unknown
    std::uint16_t cluster = 0;
    MemberState state = MemberState::ended;
    Severity severity = Severity::critical;
    std::uint8_t rounds = 0;    ///< consecutive listings with the same result, see since
    bool contradicted = false;  ///< ending: a later message says that it is firing
    bool unlisted = false;      ///< represents the alerts that messages do not list
};

/// Members sorted by (alert, cluster); a single member needs no allocation.
class Members {
 public:
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    [[nodiscard]] Member* begin() noexcept { return many_ ? many_.get() : &one_; }
    [[nodiscard]] Member* end() noexcept { return begin() + size_; }
    [[nodiscard]] const Member* begin() const noexcept { return many_ ? many_.get() : &one_; }
    [[nodiscard]] const Member* end() const noexcept { return begin() + size_; }
    [[nodiscard]] Member* find(std::uint64_t alert, std::uint16_t cluster) noexcept;
    [[nodiscard]] const Member* find(std::uint64_t alert, std::uint16_t cluster) const noexcept;
    Member& insert(const Member& member);
    void erase(Member* member) noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept { return many_ ? capacity_ * sizeof(Member) : 0; }

 private:
    [[nodiscard]] const Member* lower_bound(std::uint64_t alert, std::uint16_t cluster) const noexcept;

    std::unique_ptr<Member[]> many_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = 1;
    Member one_;
};

/// Pending requests and other properties of an open incident.
enum IncidentFlag : std::uint16_t {
    wants_update = 1,       ///< another alert, severity or paging target
    wants_reassert = 2,     ///< a repeat arrived, and the last trigger is older than the reassert interval
    wants_acknowledge = 4,  ///< the message says acknowledged
    owes_close = 8,         ///< an episode ended and the next began before the close was sent (rule 5)
    pages_again = 16,       ///< send a trigger regardless of the vendor's reaction to repeats: after a human's close or a rejected close
    dead = 32,              ///< the request was rejected: not retried before news or the end of the reassert interval
    coarse = 64,            ///< the ID represents several alerts
    dirty = 128,            ///< changed since the last changes()
    overflow = 256,         ///< more alerts than max_members: open until a listing shows that all ended
    by_listing = 512,       ///< opened or closed by a listing
    by_age = 1024,          ///< closed by stale_after
    has_ends_at = 2048,     ///< the event is the resolve that closed it
    no_acknowledge = 4096,  ///< the vendor rejected an acknowledge of this episode
    no_look_up = 8192,      ///< the vendor rejected a look-up
    newer = 16384,          ///< the request in flight reports an older episode or revision
    has_event = 32768,      ///< `event` is not empty
};
inline constexpr std::uint16_t kept_flags = wants_update | wants_reassert | wants_acknowledge | owes_close | pages_again | dead | coarse |
                                            overflow | by_listing | by_age | has_ends_at | no_acknowledge | no_look_up;
inline constexpr std::uint16_t served_by_trigger = wants_update | wants_reassert | pages_again;

/// Request in flight.
enum class Flight : std::uint8_t { none, open, update, acknowledge, close, look_up };
inline constexpr std::array<std::string_view, 6> flight_words = {"none", "open", "update", "acknowledge", "close", "look_up"};

/// Three cache lines; a repeat reads the first two.
struct alignas(64) Incident {
    NearText external_id;  ///< empty: a free row
    Members members;
    UnixTime sent_at = 0;  ///< time of the last accepted trigger, or of the human's close
    std::uint32_t firing = 0;
    std::uint32_t ending = 0;
    std::uint16_t flags = 0;
    std::uint16_t served = 0;  ///< flags that the request in flight satisfies
    Vendor vendor = Vendor::closed;
    Flight flight = Flight::none;
    Severity kept_severity = Severity::critical;  ///< severity of `event`
    std::uint32_t held = 0;

    StoredEvent event;
    OwnedText vendor_id;
    UnixTime changed_at = 0;  ///< time of the last news; the start of the time for which it is remembered
    UnixTime timer = 0;       ///< in flight: since; otherwise: earliest time of the next request
    UnixTime wake = never;    ///< time of its entry in the queue
    std::uint32_t attempts = 0;
    std::uint32_t generation = 0;  ///< with the row's number: the ticket

    [[nodiscard]] bool has(unsigned flag) const noexcept { return (flags & flag) != 0; }
    void set(unsigned flag) noexcept { flags = static_cast<std::uint16_t>(flags | flag); }
    void clear(unsigned flag) noexcept { flags = static_cast<std::uint16_t>(flags & ~flag); }
};

/// A key that recurs this often after another key with equal labels belongs to a second route. Fewer recurrences: late messages from before
/// a route change.
inline constexpr std::uint8_t flips_of_two_routes = 2;

/// Rows in chunks: an incident keeps its address and needs no allocation of its own.
class Incidents {
 public:
    /// Null for a free row.
    [[nodiscard]] Incident* operator[](std::uint32_t row) const noexcept {
        Incident& incident = chunks_[row / per_chunk][row % per_chunk];
        return incident.external_id.empty() ? nullptr : &incident;
    }
    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    std::uint32_t add(std::string_view external_id);
    void remove(std::uint32_t row);
    [[nodiscard]] std::size_t bytes() const noexcept { return chunks_.size() * per_chunk * sizeof(Incident) + free_.capacity() * 4; }

 private:
    static constexpr std::uint32_t per_chunk = 64;

    std::vector<std::unique_ptr<Incident[]>> chunks_;
    std::vector<std::uint32_t> free_;
    std::uint32_t size_ = 0;
};

/// A group of alerts, as identified by messages.
struct Group {
    std::string key;
    std::string receiver;
    std::uint64_t id = 0;      ///< hash of (cluster, receiver, key): stable, for rows
    std::uint64_t labels = 0;  ///< hash of (cluster, receiver, group labels)
    UnixTime heard = 0;
    std::uint32_t members = 0;  ///< number of members that refer to it
    std::uint16_t cluster = 0;
    bool used = false;
    bool incomplete = false;  ///< its last message left out alerts (rule 7)
    bool dirty = false;
    bool current = false;     ///< groups_by_labels refers to it
    bool replaced = false;    ///< another key with equal labels replaced it
    std::uint8_t flips = 0;   ///< recurrences after that, up to flips_of_two_routes
    std::uint8_t rounds = 0;  ///< complete listings since it was incomplete
    /// An incident that is open only because of this group.
    struct KeptOpen {
        std::uint32_t row = 0;
        std::uint8_t rounds = 0;  ///< listings in a row that show no alert with its ID
    };
    std::vector<KeptOpen> kept_open;
};

/// A listing round: the answers of a cluster's peers so far.
struct Round {
    std::vector<UnixTime> asked;                     ///< per peer; never: no answer yet
    std::unordered_map<std::uint64_t, bool> alerts;  ///< alert -> active
    std::unordered_set<std::uint32_t> listed;        ///< rows of incidents whose ID a listed alert has
    std::unordered_set<std::uint64_t> covered;       ///< alerts with a wanted incident, computed on demand
    bool covered_known = false;
    bool fit = true;
    bool has_receiver = true;  ///< and each answer was read completely
    bool heartbeat = false;
    bool mutes = true;
};

struct Cluster {
    std::string name;
    const ClusterOptions* options = nullptr;  ///< null: no listings
    Round round;
    std::uint32_t good_rounds = 0;  ///< consecutive
    UnixTime asked_at = always;     ///< time of the last action `list`
    bool wanted = false;            ///< an incident waits for a listing

    [[nodiscard]] bool can_list() const noexcept { return options != nullptr && !options->peers.empty(); }
    [[nodiscard]] bool confirms() const noexcept { return options != nullptr && options->peers.size() >= 2; }
};

/// Open-addressing index of numbers by hash; the caller compares.
class HashIndex {
 public:
    /// Returned by find() if no number satisfies `same`.
    static constexpr std::uint32_t none = 0xffffffff;
    template <class Same>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, const Same& same) const {
        if (slots_.empty()) return none;
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        for (std::size_t at = static_cast<std::size_t>(hash) & mask();; at = (at + 1) & mask()) {
            const Slot& slot = slots_[at];
            if (slot.number == none) return none;
            if (slot.tag == tag && same(slot.number)) return slot.number;
        }
    }
    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
    void insert(std::uint64_t hash, std::uint32_t number);
    void erase(std::uint64_t hash, std::uint32_t number);
    void clear() noexcept {
        slots_.clear();
        count_ = 0;
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return slots_.capacity() * sizeof(Slot); }

 private:
    struct Slot {
        std::uint32_t tag = 0;   // upper half of the hash
        std::uint32_t home = 0;  // lower half
        std::uint32_t number = none;
    };
    [[nodiscard]] std::size_t mask() const noexcept { return slots_.size() - 1; }
    void put(const Slot& slot) noexcept;

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

/// A hash that senders cannot predict without the seed.
[[nodiscard]] std::uint64_t seeded_hash(std::string_view text, std::uint64_t seed) noexcept;

/// Identity of an alert: its fingerprint as a number if it is 16 lower-case hex digits, else part of its SHA-256.
[[nodiscard]] std::uint64_t alert_key(std::string_view fingerprint) noexcept;

}  // namespace alertmap::detail

namespace alertmap {

struct Ledger::State {
    using Incident = detail::Incident;
    using Member = detail::Member;

    explicit State(LedgerOptions chosen);

    LedgerOptions options;
    std::vector<detail::Cluster> clusters;
    std::vector<detail::Group> groups;  // 0 is "no group"
    std::vector<std::uint32_t> free_groups;
    std::unordered_map<std::uint64_t, std::uint32_t> groups_by_id;
    std::unordered_map<std::uint64_t, std::uint32_t> groups_by_labels;
    detail::HashIndex groups_by_key;
    std::uint32_t last_group = 0;  // of the last message: the next event is usually in the same one
    detail::Incidents incidents;
    detail::HashIndex by_external_id;
    detail::HashIndex by_alert;  ///< rows of alerts whose external ID is not their fingerprint; there may be several
    std::uint64_t seed = 0;
    std::uint32_t next_generation = 0;
    std::size_t incident_count = 0;
    std::size_t member_count = 0;
    std::size_t text_bytes = 0;

    struct Wake {
        UnixTime at;
        std::uint32_t row;
    };
    std::vector<Wake> queue;  // heap by time, earliest first; entries that differ from the incident's `wake` are outdated

    std::vector<std::uint32_t> dirty_incidents;
    std::vector<std::uint32_t> dirty_groups;
    std::vector<std::string> deleted;  // keys of rows

    std::vector<LedgerReport> reports;
    LedgerStats stats;
    std::vector<std::uint32_t> rows;  ///< scratch of one call, kept for reuse

    std::vector<Action> actions;
    Arena arena;  // events of the actions

    struct SeverityForgotten {
        const Incident* incident = nullptr;
        UnixTime at = detail::always;
        Severity severity = Severity::critical;
        friend bool operator==(const SeverityForgotten&, const SeverityForgotten&) = default;
    };
    SeverityForgotten severity_forgotten;  // last, since many alerts may end at once

    UnixTime clock = detail::always;  // never goes back
    Duration ahead = 0;               // difference to the caller's clock
    UnixTime next_sweep = detail::always;
    UnixTime full_until = detail::always;  ///< nothing could be evicted; do not search again before this time

    // Time.
    UnixTime tick(UnixTime now) noexcept;
    [[nodiscard]] Duration remembered() const noexcept { return options.repeat_interval + minutes(15); }

    // Lookup and creation.
    std::uint16_t cluster_of(std::string_view name);
    [[nodiscard]] std::uint32_t find(std::string_view external_id) const;
    std::uint32_t add(std::string_view external_id, UnixTime now);
    void set_coarse(Incident& incident, std::string_view external_id, std::span<const EventMember> members) const;
    void remove(std::uint32_t row);
    bool make_room(UnixTime now);
    [[nodiscard]] std::uint64_t group_hash(std::uint16_t cluster, std::string_view receiver, std::string_view key) const;
    std::uint32_t group_of(std::uint16_t cluster, const Source& source, std::string_view key, UnixTime now);
    std::uint32_t group_with_id(std::uint64_t id);
    void learn(std::uint32_t group);
    void sweep_groups(UnixTime now);

    // Members.
    Member* add_member(Incident& incident, const Member& member);
    [[nodiscard]] bool has_one_id(const Incident& incident, std::uint64_t alert) const noexcept;
    [[nodiscard]] std::uint64_t alert_hash(std::uint64_t alert, std::uint16_t cluster) const noexcept;
    void set_group(Member& member, std::uint32_t group);
    void set_state(Incident& incident, Member& member, detail::MemberState state);
    void remove_member(Incident& incident, Member* member);

    // The rules.
    struct MessageInfo {
        std::uint16_t cluster;
        std::uint32_t group;
        UnixTime now;      // ledger's clock
        UnixTime receipt;  // caller's clock
        bool may_open;
    };
    Observed fires(Incident& incident, const MessageInfo& message, std::uint64_t alert, const EventMember& member, const Event& event,
                   std::uint32_t revision);
    Observed ends(Incident& incident, const MessageInfo& message, std::uint64_t alert, const EventMember& member);
    void ends_now(Incident& incident, Member& member, UnixTime ended_at, const MessageInfo& message);
    void fires_elsewhere_too(const Incident& incident, const MessageInfo& message, std::uint64_t alert);
    void ends_elsewhere(const Incident& incident, const MessageInfo& message, std::uint64_t alert, UnixTime ended_at);
    void begins(Incident& incident, Member& member);
    /// Keeps the latest start. True if a human closed the incident and the later start is a new episode, which needs a page (or a restarted
    /// sender; the two cannot be distinguished).
    static bool starts_later(Incident& incident, Member& member, UnixTime starts_at) noexcept;
    void refute_end(Incident& incident, Member& member);
    void end(Incident& incident, Member& member);
    void repeated(Incident& incident, const Event& event, UnixTime now);
    void keep_event(Incident& incident, const Event& event);
    /// An alert of a group that did not open because of other incidents ended: the group's severity may have been that alert's. Until the
    /// group's next message its other alerts have the severity that the open incidents report.
    void forget_severity(Incident& incident, Severity severity);
    /// True if an alert of it may have an incident with another ID, too: IDs with the group key or with the episode.
    [[nodiscard]] bool may_have_two_ids(const Incident& incident) const noexcept;
    /// True if it is wanted and not open: its alerts may be in an open incident with another ID.
    [[nodiscard]] bool left_to_another(const Incident& incident) const noexcept;
    /// The open incident with another ID that already contains this alert: Alertmanager reports an alert in the groups of each matching
    /// route, after a route change in the new group, and after a restart with another start. HashIndex::none if there is none.
    [[nodiscard]] std::uint32_t containing_incident(const Incident& incident, const Member& member, UnixTime now) const;
    /// True if that applies to all firing alerts of the incident: opening it would page without news.
    [[nodiscard]] bool contained_elsewhere(const Incident& incident, UnixTime now) const;
    /// A human closed this incident: that includes the alerts of incidents that did not open because of it.
    void closed_with_it(Incident& incident);
    /// An incident that did not open because of another one may have to open now.
    void no_longer_contained(const Incident& incident, std::uint64_t alert, std::uint16_t cluster);
    /// A repeat of an alert in another incident: that incident may have to send a repeat.
    void repeated_elsewhere(const Incident& incident, UnixTime now);
    [[nodiscard]] bool wanted(const Incident& incident) const noexcept { return incident.firing + incident.ending != 0; }
    [[nodiscard]] bool may_still_fire(const Incident& incident) const noexcept;
    /// How often the group key of its ID recurred after another key with equal labels (Group::flips). Listings show groups of two routes
    /// with equal labels: they do not say which alert belongs to which.
    [[nodiscard]] std::uint8_t flips(const Incident& incident, std::uint16_t cluster) const noexcept;
    [[nodiscard]] bool closes_safely(const Incident& incident) const noexcept;
    [[nodiscard]] bool may_repeat() const noexcept;
    [[nodiscard]] bool may_look_up(const Incident& incident) const noexcept {
        return options.can_look_up && !incident.has(detail::no_look_up);
    }
    static void revive(Incident& incident) noexcept;
    /// A human closed it, and no page was sent since.
    [[nodiscard]] static bool needs_page(const Incident& incident) noexcept {
        return incident.vendor == detail::Vendor::closed_by_human && incident.flight != detail::Flight::open;
    }
    /// An ended alert of it is listed as active and may fire again: keep it open until then.
    [[nodiscard]] UnixTime listed_again_until(const Incident& incident) const noexcept;
    void settle(Incident& incident, UnixTime now, UnixTime& next);

    struct Decision {
        detail::Flight flight = detail::Flight::none;
        std::string_view reason;
        UnixTime wake = detail::never;
        bool forget = false;

        Decision() = default;
        Decision(detail::Flight send, std::string_view why, UnixTime at = detail::never, bool drop = false)
            : flight(send), reason(why), wake(at), forget(drop) {}
    };
    Decision decide(std::uint32_t row, UnixTime now);
    Decision decide_closed(Incident& incident, UnixTime now, bool open_wanted);
    Decision decide_open(Incident& incident, UnixTime now, bool open_wanted);
    Decision decide_maybe_open(Incident& incident, bool open_wanted);
    Decision decide_maybe_closed(Incident& incident, UnixTime now, bool open_wanted);
    Decision decide_close(Incident& incident, UnixTime now, std::string_view reason);

    // The queue.
    void schedule(std::uint32_t row, UnixTime at);
    void take(std::uint32_t row, const Decision& decision, UnixTime now);
    void fail(Incident& incident, const Answer& answer, UnixTime now);
    void reject(Incident& incident, UnixTime now);

    // Listings.
    void listed_event(detail::Cluster& cluster, std::uint16_t number, const ListedEvent& listed, UnixTime asked, bool may_open,
                      UnixTime now);
    /// The incident of another group that a listed alert belongs to. If two keys with equal labels are in use, this is the group whose
    /// messages contained it, or the incident that an earlier listing added it to. An unknown alert is added to the open incident because
    /// of which this group's incident did not open. HashIndex::none if the alert belongs to the incident in `row`.
    [[nodiscard]] std::uint32_t known_in_another_group(std::uint32_t row, std::uint16_t number, std::uint64_t alert) const;
    void listed_member(Incident& incident, std::uint32_t row, const Event& event, const EventMember& said, std::uint64_t alert,
                       std::uint16_t number, UnixTime asked, bool may_open, UnixTime now);
    void complete_round(detail::Cluster& cluster, std::uint16_t number, UnixTime now);
    void complete_group(detail::Group& group, std::uint32_t number, const detail::Round& round, UnixTime asked, bool may_end, UnixTime now);
    void complete_member(detail::Cluster& cluster, Incident& incident, Member& member, UnixTime asked, UnixTime now);
    bool complete_imported(Incident& incident, Member& member, UnixTime asked, UnixTime now);
    [[nodiscard]] bool fires_elsewhere(detail::Round& round, std::uint16_t number, std::uint64_t alert) const;
    [[nodiscard]] bool joins(const Incident& incident, std::uint16_t cluster, bool imported) const noexcept;
    [[nodiscard]] static bool may_open(const detail::Cluster& cluster, bool mutes_listed) noexcept;

    // Rows.
    void changed(std::uint32_t row);
    void changed_group(std::uint32_t group);
    void report(LedgerReport::Kind kind, const Incident& incident);
    void write_incident(Buffer& out, const Incident& incident) const;
    void write_group(Buffer& out, const detail::Group& group) const;
    Result<void> read_incident(std::string_view json, UnixTime now);
    Result<void> read_group(std::string_view json, UnixTime now);
};

}  // namespace alertmap
