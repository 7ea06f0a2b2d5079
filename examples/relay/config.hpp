#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

#include "alertmap/alertmap.hpp"

// What the relay is told to do: one YAML file, read completely before anything of it takes effect.
namespace relay {

/// A fault of the configuration file, with its place (1-based; 0: the file as a whole).
struct Fault {
    int line = 0;
    int column = 0;
    std::string text;
};

/// How a sender proves who it is. Empty members are not asked for.
struct Authentication {
    std::string bearer;  ///< the token
    std::string user;    ///< with password: HTTP basic authentication
    std::string password;

    [[nodiscard]] bool required() const { return !bearer.empty() || !user.empty(); }
};

/// TLS of a listener: PEM files. `client_ca` asks each sender for a certificate of that authority.
struct Tls {
    std::string certificate;
    std::string key;
    std::string client_ca;

    [[nodiscard]] bool on() const { return !certificate.empty(); }
};

struct Listener {
    std::string address;
    std::uint16_t port = 0;
    Tls tls;
    Authentication authentication;
};

/// A cluster of Alertmanagers whose listing is compared with what is open.
struct Cluster {
    std::string name;
    std::vector<std::string> peers;  ///< base URLs
    std::int64_t interval_seconds = 30;
    alertmap::ClusterOptions::Opens opens{};  ///< whether listings may open incidents
    bool needs_heartbeat = false;             ///< listings without a heartbeat alert close nothing
    Authentication authentication;            ///< towards the peers
};

/// A regular expression for a whole text, in RE2's syntax: the one that Alertmanager's own matchers have. Linear in the text.
using Pattern = std::shared_ptr<const re2::RE2>;
[[nodiscard]] bool matches(const Pattern& pattern, std::string_view text);

/// Requires a value of a label; an absent label has the empty value.
struct LabelMatcher {
    std::string name;
    Pattern value;
};

/// Where alerts go. A target gets events, decided on by a ledger; a forward gets the messages themselves.
struct Destination {
    std::string name;                             ///< unique; a label of metrics and a key in the store
    std::string kind;                             ///< "signl4", "rootly (forward)": for people
    std::optional<alertmap::AnyTarget> target;    ///< built in or from a file, with its options; none: a forward
    std::optional<alertmap::AnyForward> forward;  ///< with its options; none: a target
    alertmap::Rate rate;                          ///< of requests: as configured, else what the target's vendor documents
    alertmap::Mapping mapping;                    ///< of a target
};

/// Which messages go to which destinations.
struct Route {
    std::string name;
    std::string path;
    Pattern receiver;  ///< null: any
    std::vector<LabelMatcher> match;
    std::string cluster;                    ///< whose messages come here; empty: none is reconciled
    std::vector<std::string> destinations;  ///< by name
};

/// Where a vendor tells of incidents that humans acknowledged or closed. Who calls there is known by a signature or by a secret path;
/// the listeners' authentication is not asked for, since vendors have no place for it.
struct Callback {
    std::string destination;
    std::string path;
    std::string signature;  ///< PagerDuty's secret of its webhook subscription; empty: the path is the secret
};

/// Where an Alertmanager's event recorder posts to. The path is a secret.
struct Recorder {
    std::string cluster;
    std::string path;
};

/// What the relay's own heartbeat is rendered from. Its texts have static storage.
[[nodiscard]] alertmap::Event heartbeat_event();

/// Reads the callbacks of one vendor.
using CallbackReader = alertmap::Result<std::vector<alertmap::VendorCallback>> (*)(std::string_view body);
/// That of a destination's kind; null: none is known.
[[nodiscard]] CallbackReader callback_reader(std::string_view kind);

/// The ledgers' durations, in seconds: see alertmap::LedgerOptions. The defaults suit Alertmanager's defaults.
struct Timing {
    std::int64_t reassert = 3600;
    std::int64_t settle = 330;
    std::int64_t close_grace = 240;
    std::int64_t open_grace = 420;
    std::int64_t peer_grace = 300;
    std::int64_t confirm = 60;
    std::int64_t listing_pause = 10;
    std::int64_t repeat_interval = 4 * 3600;
    std::int64_t stale_after = 0;  ///< 0: never
};

struct Limits {
    std::size_t body_bytes = 16u << 20;
    std::size_t head_bytes = 16u << 10;
    std::size_t queued_bytes = 256u << 20;  ///< bodies that wait for the store; above it: 503
    std::size_t connections = 20'000;
    std::int64_t head_seconds = 10;
    std::int64_t body_seconds = 60;
    std::int64_t idle_seconds = 75;
};

struct Config {
    std::vector<Listener> listeners;
    std::vector<Cluster> clusters;
    std::vector<Destination> destinations;
    std::vector<Route> routes;
    std::vector<Callback> callbacks;
    std::vector<Recorder> recorders;
    std::string heartbeat;  ///< the destination whose heartbeat says that the relay works; empty: none
    std::int64_t heartbeat_seconds = 60;
    std::string fallback;  ///< the destination that is paged about the relay's own failures; empty: none
    std::string store;     ///< the SQLite file
    std::string dead_letters;
    std::size_t dead_letter_files = 1000;
    bool accept_unreadable = false;  ///< 202 instead of 400 for bodies that cannot be read, for senders that never retry
    Timing timing;
    Limits limits;
};

/// The paths of callbacks and recorders: requests to them need no authentication of the listener's.
[[nodiscard]] std::vector<std::string> open_paths(const Config& config);

/// Reads the file. Either a whole configuration or the faults, in the order of the file.
struct Loaded {
    std::optional<Config> config;
    std::vector<Fault> faults;
};
/// Whether a route takes an alert (or a group) with these labels that was sent to this receiver.
[[nodiscard]] bool takes(const Route& route, std::string_view receiver, const alertmap::Labels& labels);

/// Equal, in a time that says nothing about where two texts differ.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

[[nodiscard]] std::string base64(std::string_view text);

[[nodiscard]] Loaded load(const std::string& path);

/// "relay.yml:12:5: unknown key \"liten\"", without any secret.
[[nodiscard]] std::string to_string(const std::string& path, const Fault& fault);

}  // namespace relay
