#pragma once

// A model of Alertmanager 0.25: api v2 (post, listing), provider, dispatcher, notification pipeline, notification log.
// Sources: prometheus/alertmanager v0.25.0, provider/mem, dispatch/dispatch.go, notify/notify.go, nflog/nflog.go, types/types.go.
// replay.py compares its bodies with those of the real program.

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulation/model.hpp"
#include "simulation/random.hpp"

namespace simulation {

struct Matcher {
    std::string label;
    std::string value;

    [[nodiscard]] bool matches(const AlertDef& alert) const noexcept { return label.empty() || alert.label(label) == value; }
};

/// A route whose receiver has one webhook.
struct Route {
    Matcher matcher;        ///< an empty label: all alerts
    bool as_regex = false;  ///< `=~` instead of `=`: the same alerts, another group key
    std::string receiver = "pager";
    std::vector<std::string> group_by;
    Time group_wait = 30 * second;
    Time group_interval = 5 * minute;
    Time repeat_interval = 4 * hour;
    std::size_t max_alerts = 0;
    bool send_resolved = true;
    Intervals muted;

    /// `{}/{service="a"}`
    [[nodiscard]] std::string key() const;
};

struct Silence {
    Matcher matcher;
    Interval active;
};

struct AlertmanagerOptions {
    std::vector<Route> routes;  ///< each with `continue: true`
    Time resolve_timeout = 5 * minute;
    Time retention = 120 * hour;
    Time peer_timeout = 15 * second;
    bool inhibit = false;  ///< severity critical mutes severity warning with an equal `service`
    std::string external_url = "http://am.example.test:9093";
};

/// An alert posted by a sender. ends == 0: unset.
struct Post {
    int alert = 0;
    Time starts = 0;
    Time ends = 0;
};

struct HeldAlert {
    int alert = 0;
    Time starts = 0;
    Time ends = 0;
    Time updated = 0;
    bool timeout = false;

    [[nodiscard]] bool resolved(Time now) const noexcept { return ends != 0 && ends <= now; }
};

struct LogEntry {
    std::vector<int> firing;
    std::vector<int> resolved;
    Time at = 0;
    Time expires = 0;
};

/// An alert in a body.
struct Listed {
    int alert = 0;
    Time starts = 0;
    bool firing = true;
};

struct Notification {
    int peer = 0;
    std::string_view body;
    const std::string* group_key = nullptr;
    const std::vector<Listed>* listed = nullptr;
    Time deadline = 0;
};

enum class Answer : std::uint8_t { ok, retry, fail };

class Alertmanager;

/// The environment of an Alertmanager.
class AlertmanagerHost {
 public:
    struct Answered {
        Time at = 0;
        Answer answer = Answer::ok;
    };
    virtual Answered post(const Notification& notification, Time now) = 0;
    virtual void logged(const Alertmanager& from, const std::string& key, const LogEntry& entry, Time now) = 0;

 protected:
    ~AlertmanagerHost() = default;
};

/// One peer. Steps of kinds first_kind to first_kind + kinds - 1 with its index in `a` belong to it.
class Alertmanager {
 public:
    static constexpr int kinds = 6;
    enum class Keeps : std::uint8_t { nothing, old_log, all };

    Alertmanager(int index, int position, const std::vector<AlertDef>& alerts, const AlertmanagerOptions& options, Schedule& schedule,
                 int first_kind, AlertmanagerHost& host, std::uint64_t seed);

    void start(Time now);
    void stop(Keeps keeps);
    void reload(const AlertmanagerOptions& options, Time now);
    void put(const Post& post, Time now);
    void add(const Silence& silence) { silences_.push_back(silence); }
    void merge(const std::string& key, const LogEntry& entry);
    void step(const Step& step);

    [[nodiscard]] int index() const noexcept { return index_; }
    [[nodiscard]] bool up() const noexcept { return up_; }
    [[nodiscard]] Time started() const noexcept { return started_; }
    [[nodiscard]] const AlertmanagerOptions& options() const noexcept { return options_; }
    /// Whether the listing contains it, and whether it is muted there.
    [[nodiscard]] const HeldAlert* active(int alert, Time now) const noexcept;
    [[nodiscard]] bool suppressed(int alert, Time now) const noexcept;
    [[nodiscard]] bool mute_time(int alert, Time now) const noexcept;
    /// GET /api/v2/alerts.
    [[nodiscard]] std::string listing(Time now) const;
    /// Keys of the groups that this alert belongs to with the current routes.
    [[nodiscard]] std::vector<std::string> group_keys(int alert) const;
    [[nodiscard]] std::uint64_t version() const noexcept { return version_; }
    /// Minimum distance between two events whose order affects the output: replayed histories avoid small distances.
    [[nodiscard]] Time margin() const noexcept { return margin_; }
    [[nodiscard]] Time nearest_tick(Time at) const noexcept;

 private:
    enum Kind { tick, waited, attempt, answered, clean, maintain };

    struct Group {
        std::size_t route = 0;
        std::string key;
        std::string labels;  // as JSON
        std::vector<HeldAlert> alerts;
        bool flushed = false;
        bool busy = false;
        bool pending = false;
        bool alive = true;
        Time next = 0;
        Time last = 0;            // last flush
        std::uint64_t timer = 0;  // newest timer; older ones were reset
        // The current flush.
        std::uint64_t flight = 0;
        std::vector<HeldAlert> all;
        std::vector<HeldAlert> sending;
        std::vector<int> firing;
        std::vector<int> resolved;
        Time deadline = 0;
        Time backoff = 0;
        Answer answer = Answer::ok;
    };

    void dispatch(const HeldAlert& alert, Time now);
    void insert(Group& group, const HeldAlert& alert, Time now);
    void set_timer(Group& group, Time at);
    void flush(Group& group, Time now);
    void dedup(Group& group, Time now);
    void send(Group& group, Time now);
    void on_answer(Group& group, Time now);
    void log(Group& group, Time now);
    void finish(Group& group, bool success, Time now);
    [[nodiscard]] bool needs_update(const Group& group, const LogEntry* entry, Time now) const;
    [[nodiscard]] std::string log_key(const Group& group) const;
    [[nodiscard]] std::string group_key(const Route& route, int alert) const;
    void write_body(const Group& group, Time now);
    void ask(Time at, Kind kind, int group, std::uint64_t number) {
        schedule_->at(at, first_kind_ + kind, index_, group, (generation_ << 32) | number);
    }

    int index_;
    int position_;
    const std::vector<AlertDef>* alerts_;
    AlertmanagerOptions options_;
    Schedule* schedule_;
    int first_kind_;
    AlertmanagerHost* host_;
    Random random_;

    bool up_ = false;
    Time started_ = 0;
    std::uint64_t generation_ = 0;  // steps from before a restart or reload are void
    std::uint64_t version_ = 0;
    std::vector<HeldAlert> held_;  // by alert; updated == 0: not present
    std::vector<Group> groups_;
    std::map<std::string, LogEntry> log_;
    std::map<std::string, LogEntry> snapshot_;
    std::vector<Silence> silences_;
    Time margin_ = never;
    std::string body_;
    std::vector<Listed> listed_;
};

}  // namespace simulation
