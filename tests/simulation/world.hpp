#pragma once

// A history: faults and their times (from a seed), and the resulting tape: the bodies that reach the service, the listings, and the true
// state. The tape does not depend on the rule, so that all rules run on the same one.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "simulation/alertmanager.hpp"
#include "simulation/model.hpp"

namespace simulation {

/// The rule's expression is true for this alert.
struct Outage {
    int alert = 0;
    Interval when;
};

struct PrometheusOptions {
    int replicas = 1;  ///< per cluster
    Time evaluation = 30 * second;
    Time hold = 0;  ///< `for`
    Time resend = minute;
};

/// A fault or a human action. The kinds define `a`, `b` and `value`.
struct Trouble {
    enum class Kind : std::uint8_t {
        silence,             ///< a: the alert whose `instance` is silenced
        mute,                ///< a mute time interval of all routes
        inhibit,             ///< (a flag of the history: no time)
        peer_down,           ///< a: peer; b: retained data (Alertmanager::Keeps)
        prometheus_down,     ///< a: replica
        partition,           ///< a: replica, b: peer: posts are lost
        gossip_late,         ///< value: delay of the peers' gossip in ms; never: lost
        cut_off,             ///< a: peer: its requests to the service fail, and so do listings of it
        service_down,        ///<
        service_crash,       ///< at `from`, with the next step; b: after which step of receiving; back at `to`
        answers_lost,        ///< value: per mille of the bodies that are accepted although the peer sees a failure
        bodies_refused,      ///< value: per mille of the bodies that are answered with 503
        bodies_late,         ///< value: maximum delay in ms
        listings_fail,       ///< value: per mille
        respelled,           ///< at `from`: routes are rewritten as regular expressions
        renamed,             ///< at `from`: the receiver is renamed
        vendor_down,         ///< timeouts, 5xx and refused connections
        vendor_flaky,        ///< value: per mille of requests that fail without being accepted (5xx, 429, reset)
        vendor_forgetful,    ///< value: per mille of requests that are accepted, but whose answer is lost
        human_closes,        ///< a: the alert whose incident is closed; b: 1: the vendor calls back
        human_acknowledges,  ///< a, b: the same
        clock_steps,         ///< the service's clock is wrong by `value` ms from `from` to `to`
        clock_drifts,        ///< it gains (or loses) `value` ms per hour, and is corrected at `to`
        key_rotated,         ///< the vendor rejects the old key (401) until the service has the new one
        resharded,           ///< at `from`: incidents move from `a` instances of the service to `b`
    };
    Kind kind{};
    Interval when;
    int a = 0;
    int b = 0;
    Time value = 0;
};
[[nodiscard]] const char* name(Trouble::Kind kind) noexcept;

struct History {
    std::uint64_t seed = 0;
    Time begin = 0;
    Time end = 0;
    std::vector<AlertDef> alerts;
    std::vector<Outage> outages;
    std::vector<Trouble> troubles;
    AlertmanagerOptions alertmanager;
    int clusters = 1;
    int peers = 1;  ///< per cluster; peer p of cluster c has the index c * peers + p
    PrometheusOptions prometheus;
    Time poll = minute;  ///< polling interval of services that read listings
    Time grace = 0;      ///< a state that is wrong for longer is a failure
};

/// The history of a seed.
[[nodiscard]] History make_history(std::uint64_t seed);

/// A body that reaches the service.
struct Delivery {
    Time at = 0;
    int peer = 0;
    std::uint32_t body = 0;
    int crash = 0;  ///< 0: none; 1 before the body is processed, 2 before the state is written, 3 before the answer, 4 right after it
    Time back = 0;  ///< after a crash: time of the restart
};

/// An Alertmanager with less uptime is not relied on.
inline constexpr Time peer_grace = 5 * minute;

/// One alert in a listing.
struct ListingRow {
    int alert = 0;
    Time starts = 0;
    bool quiet = false;

    friend bool operator==(const ListingRow&, const ListingRow&) = default;
};

/// Result of requests to an Alertmanager from this time on.
struct PeerState {
    Time at = 0;
    bool up = false;
    Time up_since = 0;
    std::uint32_t listing = 0;
    std::string receiver;
};

enum class Truth : std::uint8_t { gone, unclear, live };

struct Turn {
    Time at = 0;
    int alert = 0;
    Truth truth = Truth::gone;
    std::uint32_t episode = 0;  ///< number of the alert's current outage
};

struct Tape {
    std::vector<std::string> bodies;
    std::vector<std::vector<Listed>> listed;  ///< by body
    std::vector<Delivery> deliveries;
    std::vector<std::vector<ListingRow>> listings;
    std::vector<std::vector<PeerState>> peers;
    std::vector<Turn> turns;
    std::vector<std::vector<std::string>> group_keys;  ///< by alert: all keys that it ever had
    Intervals service_down;
    Intervals blocked;   ///< nothing can be sent, or no Alertmanager of a cluster can send
    Intervals unlisted;  ///< or a listing of some peer is unavailable or unreliable
    std::size_t episodes = 0;
};

[[nodiscard]] Tape play(const History& history);

/// The history as text, one line per event.
[[nodiscard]] std::string describe(const History& history);

}  // namespace simulation
