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

// The relay's configuration: one YAML file, read completely before any of it takes effect.
namespace relay {

/// A fault in the configuration file, with its position (1-based; 0: the whole file).
struct Fault {
    int line = 0;
    int column = 0;
    std::string text;
};

/// Authentication of senders. Empty members are not required.
struct Authentication {
    std::string bearer;  ///< the token
    std::string user;    ///< with password: HTTP basic authentication
    std::string password;

    [[nodiscard]] bool required() const { return !bearer.empty() || !user.empty(); }
};

/// TLS of a listener: PEM files. With `client_ca`, senders must present a certificate of that authority.
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

/// A cluster of Alertmanagers that is polled for listings.
struct Cluster {
    std::string name;
    std::vector<std::string> peers;  ///< base URLs
    std::int64_t interval_seconds = 30;
    alertmap::ClusterOptions::Opens opens{};  ///< whether listings may open incidents
    bool needs_heartbeat = false;             ///< listings without a heartbeat alert close nothing
    Authentication authentication;            ///< of requests to the peers
};

/// A regular expression for the whole text, in RE2 syntax, as in Alertmanager's matchers. Linear in the text.
using Pattern = std::shared_ptr<const re2::RE2>;
[[nodiscard]] bool matches(const Pattern& pattern, std::string_view text);

/// Matches the value of a label; a missing label has an empty value.
struct LabelMatcher {
    std::string name;
    Pattern value;
};

/// A receiver of alerts. A target receives events from a ledger; a forward receives the messages themselves.
struct Destination {
    std::string name;                             ///< unique; a label of metrics and a key in the store
    std::string kind;                             ///< for display: "signl4", "rootly (forward)"
    std::optional<alertmap::AnyTarget> target;    ///< built-in or from a file, configured; empty: a forward
    std::optional<alertmap::AnyForward> forward;  ///< configured; empty: a target
    alertmap::Rate rate;                          ///< rate limit of requests: configured, or the vendor's documented one
    alertmap::Mapping mapping;                    ///< of a target
};

/// Assigns messages to destinations.
struct Route {
    std::string name;
    std::string path;
    Pattern receiver;  ///< null: any
    std::vector<LabelMatcher> match;
    std::string cluster;                    ///< the cluster of its messages; empty: not polled
    std::vector<std::string> destinations;  ///< by name
};

/// Endpoint for a vendor's callbacks about incidents that humans acknowledged or closed. The caller is authenticated by a signature or a
/// secret path; the listeners' authentication is not required, as vendors do not support it.
struct Callback {
    std::string destination;
    std::string path;
    std::string signature;  ///< secret of PagerDuty's webhook subscription; empty: the path is the secret
};

/// Endpoint for an Alertmanager's event recorder. The path is a secret.
struct Recorder {
    std::string cluster;
    std::string path;
};

/// The event of the relay's own heartbeat. Its texts have static storage.
[[nodiscard]] alertmap::Event heartbeat_event();

/// Parses the callbacks of one vendor.
using CallbackReader = alertmap::Result<std::vector<alertmap::VendorCallback>> (*)(std::string_view body);
/// The parser for a destination's kind; null: none.
[[nodiscard]] CallbackReader callback_reader(std::string_view kind);

/// The ledgers' durations in seconds: see alertmap::LedgerOptions. The defaults fit Alertmanager's.
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
    std::size_t queued_bytes = 256u << 20;  ///< bodies waiting for the store; above it: 503
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
    std::string heartbeat;  ///< destination whose heartbeat reports that the relay works; empty: none
    std::int64_t heartbeat_seconds = 60;
    std::string fallback;  ///< destination that is paged about the relay's own failures; empty: none
    std::string store;     ///< path of the SQLite file
    std::string dead_letters;
    std::size_t dead_letter_files = 1000;
    bool accept_unreadable = false;  ///< answer 202 instead of 400 to unreadable bodies, for senders that never retry
    Timing timing;
    Limits limits;
};

/// Paths of callbacks and recorders, which do not require the listener's authentication.
[[nodiscard]] std::vector<std::string> open_paths(const Config& config);

/// Result of load(): a complete configuration, or the faults in file order.
struct Loaded {
    std::optional<Config> config;
    std::vector<Fault> faults;
};
/// True if the route accepts an alert (or a group) with these labels and this receiver.
[[nodiscard]] bool takes(const Route& route, std::string_view receiver, const alertmap::Labels& labels);

/// Compares in constant time for a given length.
[[nodiscard]] bool same_secret(std::string_view a, std::string_view b);

[[nodiscard]] std::string base64(std::string_view text);

[[nodiscard]] Loaded load(const std::string& path);

/// "relay.yml:12:5: unknown key \"liten\"", without secrets.
[[nodiscard]] std::string to_string(const std::string& path, const Fault& fault);

}  // namespace relay
