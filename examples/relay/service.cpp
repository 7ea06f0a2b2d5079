#include "service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "log.hpp"
#include "outbox.hpp"
#include "reconcile.hpp"
#include "send.hpp"
#include "status.hpp"

namespace relay {
namespace {

using namespace alertmap;

constexpr std::size_t least_window = 32;  // concurrent requests per destination
constexpr std::size_t most_window = 512;  // the same while its answers arrive quickly
constexpr double quick_seconds = 0.25;
constexpr std::size_t bodies_per_turn = 256;  // per transaction
constexpr std::size_t bytes_per_turn = 32u << 20;
constexpr std::size_t large_body = 1u << 20;
constexpr std::size_t subjects_per_slice = 200;  // each is a row somewhere in the file
constexpr Duration longest_pause = minutes(1);
constexpr std::size_t incidents_shown = 500;
constexpr std::string_view heartbeat_kind = name(Observed::heartbeat);

UnixTime clock_now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}
double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Answer plain(unsigned status, std::string text = {}) {
    Answer answer;
    answer.status = status;
    answer.body = std::move(text);
    if (!answer.body.empty()) answer.body += '\n';
    return answer;
}

/// Rate limiter with the documented limit.
class TokenBucket {
 public:
    explicit TokenBucket(Rate rate) : rate_(rate), tokens_(rate.n) {}
    /// Number of requests that may be sent now.
    std::size_t available(UnixTime now) {
        if (rate_.n == 0) return most_window;
        const Duration passed = std::max<Duration>(0, now - last_);
        last_ = now;
        tokens_ = std::min<double>(rate_.n,
                                   tokens_ + static_cast<double>(passed) * rate_.n / static_cast<double>(alertmap::seconds(rate_.seconds)));
        return static_cast<std::size_t>(tokens_);
    }
    void take(std::size_t count) {
        if (rate_.n != 0) tokens_ -= static_cast<double>(count);
    }
    /// Time at which the next request may be sent.
    [[nodiscard]] UnixTime next() const {
        if (rate_.n == 0 || tokens_ >= 1) return 0;
        return last_ + static_cast<Duration>((1 - tokens_) * static_cast<double>(alertmap::seconds(rate_.seconds)) / rate_.n) + 1;
    }

 private:
    Rate rate_;
    double tokens_;
    UnixTime last_ = 0;
};

/// Circuit breaker of a failing destination: one request at a time, with growing pauses.
struct Breaker {
    UnixTime closed_until = 0;
    Duration pause = 0;
    std::string reason;

    [[nodiscard]] bool broken() const { return pause != 0; }
    void fail(UnixTime now, std::string why, Duration at_least) {
        pause = std::max(std::clamp<Duration>(pause * 2, alertmap::seconds(1), longest_pause), at_least);
        closed_until = now + pause;
        reason = std::move(why);
    }
    void succeed() {
        pause = 0;
        closed_until = 0;
        reason.clear();
    }
};

/// A destination with its run-time state.
struct Running {
    Running(Destination configured, LedgerOptions options)
        : config(std::move(configured)), map(config.mapping), ledger(std::move(options)), bucket(config.rate) {}

    [[nodiscard]] UnixTime next() const { return std::min(ledger.next(), outbox->next()); }

    Destination config;
    Mapper map;
    Ledger ledger;                                                // for a target; unused for a forward
    std::shared_ptr<Outbox> outbox = std::make_shared<Outbox>();  // for a forward; survives a reload
    TokenBucket bucket;
    Breaker breaker;
    std::size_t in_flight = 0;
    std::size_t window = least_window;  // of requests in flight
    UnixTime last_progress = 0;
};

/// Context of a request in flight.
struct Outgoing {
    std::shared_ptr<Running> destination;
    std::uint64_t ticket = 0;   ///< of a ledger; 0: a heartbeat, or an event above the ledger's limit
    std::uint64_t message = 0;  ///< of an outbox; 0: a target's request
    Transition transition = Transition::trigger;
    std::string kind;
};

struct Work {
    Received received;
    Reply reply;
};

/// A message that is being observed. Large ones are processed in slices, so that other senders are answered in between.
struct Message {
    const AlertGroup* group = nullptr;
    std::string receiver;
    std::vector<const Route*> routes;
    std::vector<std::pair<const Route*, Running*>> targets;  // each destination with a ledger of each matching route
    std::size_t target = 0;                                  // the next one
    std::size_t subject = 0;                                 // the next one of that target
    bool handed_on = false;                                  // passed to the forwards
};

/// A body that is parsed on a separate thread.
struct LargeBody {
    explicit LargeBody(const ParseOptions& options) : parser(options) {}

    Work work;
    Parser parser;
    std::optional<Result<AlertGroup>> group;
    Message message;
    bool started = false;
};

std::string path_of(std::string_view target) { return std::string(target.substr(0, target.find('?'))); }

}  // namespace

struct Service::Impl {
    Config config;
    Store store;
    DeadLetters dead_letters;
    Metrics metrics;
    std::atomic<const ReceiveCounts*> counts{nullptr};  // set while the service runs
    std::vector<std::shared_ptr<Running>> destinations;
    Reconciler reconciler;

    Parser parser;
    ListingReader listing_reader;
    Arena arena;
    std::map<std::pair<std::string, std::string>, std::string> unsaved;  // (destination, key) -> value
    std::string store_problem;
    UnixTime next_heartbeat = 0;

    std::unordered_map<std::uint64_t, Outgoing> outgoing;
    std::unordered_map<std::uint64_t, Reconciler::Part> listings;
    std::vector<std::pair<std::uint64_t, Request>> to_send;
    std::uint64_t next_id = 1;

    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Work> waiting;
    std::condition_variable read_wake;
    std::deque<std::unique_ptr<LargeBody>> to_read;     // on the parsing thread
    std::deque<std::unique_ptr<LargeBody>> large_read;  // parsed
    bool reader_stops = false;
    std::size_t waiting_bytes = 0;
    std::size_t queued_bytes;  // of the limits; the mutex guards it and the members below
    std::vector<Sent> answers;
    std::unique_ptr<Config> fresh;
    bool stopping = false;

    // Last member: its callbacks use the members above.
    std::unique_ptr<Sender> sender;
    std::thread reader;
    std::thread thread;

    explicit Impl(Config configured)
        : config(std::move(configured)),
          store(config.store),
          dead_letters(config.dead_letters, config.dead_letter_files),
          parser(parse_options(config.limits)),
          queued_bytes(config.limits.queued_bytes) {
        apply_destinations();
        restore();
        sender = std::make_unique<Sender>(SendLimits{}, [this](Sent sent) {
            const std::lock_guard guard(mutex);
            answers.push_back(std::move(sent));
            wake.notify_one();
        });
        reader = std::thread([this] { read_large_bodies(); });
        thread = std::thread([this] { run(); });
    }

    static ParseOptions parse_options(const Limits& limits) {
        ParseOptions options;
        options.max_bytes = limits.body_bytes;
        options.salvage = true;  // senders repeat a broken body forever: use its readable part
        return options;
    }

    // ---- Configuration

    LedgerOptions ledger_options(const Destination& destination, const TargetTraits& traits) const {
        LedgerOptions options;
        options.traits = traits;
        options.reassert = alertmap::seconds(config.timing.reassert);
        options.settle = alertmap::seconds(config.timing.settle);
        options.close_grace = alertmap::seconds(config.timing.close_grace);
        options.open_grace = alertmap::seconds(config.timing.open_grace);
        options.peer_grace = alertmap::seconds(config.timing.peer_grace);
        options.listing_pause = alertmap::seconds(config.timing.listing_pause);
        options.confirm = alertmap::seconds(config.timing.confirm);
        options.repeat_interval = alertmap::seconds(config.timing.repeat_interval);
        options.stale_after = alertmap::seconds(config.timing.stale_after);
        const Mapper map(destination.mapping);
        options.id_needs_group_key = needs_group_key(map.per(), map);
        for (const Cluster& cluster : config.clusters) {
            const bool feeds = std::any_of(config.routes.begin(), config.routes.end(), [&](const Route& route) {
                return route.cluster == cluster.name &&
                       std::find(route.destinations.begin(), route.destinations.end(), destination.name) != route.destinations.end();
            });
            if (!feeds) continue;
            options.clusters.push_back(
                {.name = cluster.name, .peers = cluster.peers, .opens = cluster.opens, .needs_heartbeat = cluster.needs_heartbeat});
            options.listing_interval = alertmap::seconds(cluster.interval_seconds);
        }
        return options;
    }

    /// Destinations of the configuration; one with an existing name keeps its ledger.
    void apply_destinations() {
        std::vector<std::shared_ptr<Running>> made;
        for (const Destination& destination : config.destinations) {
            const TargetTraits traits = destination.target ? destination.target->traits() : TargetTraits{};
            auto running = std::make_shared<Running>(destination, ledger_options(destination, traits));
            const auto before = std::find_if(destinations.begin(), destinations.end(),
                                             [&](const auto& one) { return one->config.name == destination.name; });
            if (before != destinations.end() && (*before)->config.forward && running->config.forward) {
                running->outbox = (*before)->outbox;
            } else if (before != destinations.end() && (*before)->config.target && running->config.target) {
                Buffer state;
                (*before)->ledger.write(state);
                if (auto read = running->ledger.read(state.view(), clock_now()); !read) {
                    log("error", "state of a destination", {{"destination", destination.name}, {"error", to_string(read.error())}});
                }
            }
            made.push_back(std::move(running));
        }
        destinations = std::move(made);
        for (const auto& one : destinations) metrics.declare_destination(one->config.name);
        for (const Cluster& cluster : config.clusters) metrics.declare_cluster(cluster.name);
    }

    /// Loads the store. Rows of removed destinations are kept.
    void restore() {
        const UnixTime now = clock_now();
        std::size_t rows = 0;
        store.load([&](const StoredRow& row) {
            ++rows;
            Running* const destination = find(row.destination);
            if (destination == nullptr) return;
            if (destination->config.forward) {
                if (!destination->outbox->read_row(row.key, row.value))
                    log("error", "a stored row is not a message of a forward", {{"destination", row.destination}, {"key", row.key}});
                return;
            }
            if (auto read = destination->ledger.read_row(row.key, row.value, now); !read) {
                log("error", "a stored row cannot be read",
                    {{"destination", row.destination}, {"key", row.key}, {"error", to_string(read.error())}});
            }
        });
        log("info", "state read", {{"rows", rows}});
    }

    Running* find(std::string_view name) {
        for (const auto& one : destinations) {
            if (one->config.name == name) return one.get();
        }
        return nullptr;
    }

    // ---- Large bodies

    void read_large_bodies() {
        std::unique_lock guard(mutex);
        while (true) {
            read_wake.wait(guard, [&] { return reader_stops || !to_read.empty(); });
            if (reader_stops) return;
            std::unique_ptr<LargeBody> body = std::move(to_read.front());
            to_read.pop_front();
            guard.unlock();
            body->group = body->parser.parse(body->work.received.body);
            guard.lock();
            large_read.push_back(std::move(body));
            wake.notify_one();
        }
    }

    /// Processes a slice of the first large body. True: no body is left, or this was its last slice.
    bool take_slice(std::vector<std::pair<Reply, Answer>>& replies, UnixTime now, std::size_t most) {
        LargeBody* body = nullptr;
        {
            const std::lock_guard guard(mutex);
            if (!large_read.empty()) body = large_read.front().get();
        }
        if (body == nullptr) return true;
        arena.clear();
        if (!std::exchange(body->started, true)) {
            const std::vector<const Route*> routes = routes_of(body->work.received);
            if (Answer answer = begin(body->message, body->work.received, *body->group, body->parser, routes, now); answer.status != 202) {
                replies.emplace_back(std::move(body->work.reply), std::move(answer));
                forget_first(body->work.received.body.size());
                return true;
            }
        }
        if (!observe(body->message, now, most)) return false;
        replies.emplace_back(std::move(body->work.reply), plain(202));
        forget_first(body->work.received.body.size());
        return true;
    }

    void forget_first(std::size_t bytes) {
        const std::lock_guard guard(mutex);
        large_read.pop_front();
        waiting_bytes -= bytes;
    }

    // ---- The loop

    void run() {
        while (true) {
            std::vector<Work> bodies;
            std::vector<Sent> sents;
            std::unique_ptr<Config> reloaded;
            bool last = false;
            {
                std::unique_lock guard(mutex);
                const auto ready = [&] {
                    return stopping || !waiting.empty() || !large_read.empty() || !answers.empty() || fresh != nullptr;
                };
                const UnixTime now = clock_now();
                const UnixTime next = next_time(now);
                if (next > now) wake.wait_for(guard, std::chrono::nanoseconds(std::min<Duration>(next - now, alertmap::seconds(1))), ready);
                std::size_t bytes = 0;
                while (!waiting.empty() && bodies.size() < bodies_per_turn && bytes < bytes_per_turn) {
                    bytes += waiting.front().received.body.size();
                    bodies.push_back(std::move(waiting.front()));
                    waiting.pop_front();
                }
                sents.swap(answers);
                reloaded.swap(fresh);
                if (reloaded) queued_bytes = reloaded->limits.queued_bytes;
                last = stopping && waiting.empty();
            }
            if (reloaded) {
                finish_slices(clock_now());  // uses the routes with which it began
                config = std::move(*reloaded);
                apply_destinations();
            }
            turn(bodies, sents, last);
            if (last) return;
        }
    }

    /// Finishes a large body that was started.
    void finish_slices(UnixTime now) {
        bool begun = false;
        {
            const std::lock_guard guard(mutex);
            begun = !large_read.empty() && large_read.front()->started;
        }
        std::vector<std::pair<Reply, Answer>> replies;
        if (begun) take_slice(replies, now, std::numeric_limits<std::size_t>::max());
        answer_all(replies, commit());
    }

    /// Time of the next scheduled work.
    UnixTime next_time(UnixTime now) const {
        UnixTime next = now + alertmap::seconds(1);
        if (!config.heartbeat.empty()) next = std::min(next, next_heartbeat);
        for (const auto& one : destinations) {
            if (one->in_flight >= one->window) continue;
            next = std::min(next, std::max({one->next(), one->breaker.closed_until, one->bucket.next()}));
        }
        return next;
    }

    void turn(std::vector<Work>& bodies, std::vector<Sent>& sents, bool last) {
        const UnixTime now = clock_now();
        std::vector<std::pair<Reply, Answer>> replies;
        std::size_t bytes = 0;
        for (Work& work : bodies) {
            const std::size_t size = work.received.body.size();
            if (size > large_body && !routes_of(work.received).empty()) {
                auto large = std::make_unique<LargeBody>(parse_options(config.limits));
                large->work = std::move(work);
                const std::lock_guard guard(mutex);
                to_read.push_back(std::move(large));
                read_wake.notify_one();
                continue;
            }
            bytes += size;
            Answer answer =
                work.received.method == "GET" || work.received.method == "HEAD" ? show(work.received, now) : take(work.received, now);
            replies.emplace_back(std::move(work.reply), std::move(answer));
        }
        {
            const std::lock_guard guard(mutex);
            waiting_bytes -= bytes;
        }
        // Observe all events of a message before deciding.
        const bool whole = take_slice(replies, now, last ? std::numeric_limits<std::size_t>::max() : subjects_per_slice);
        for (Sent& sent : sents) answered(std::move(sent), now);
        if (!last && whole) {
            beat(now);
            for (const auto& destination : destinations) collect_due(destination, now);
        }
        for (const auto& destination : destinations) report(*destination);
        const bool saved = commit();
        answer_all(replies, saved);
        for (auto& [id, request] : to_send) {
            if (saved) {
                sender->send(id, std::move(request), listings.contains(id) ? Reconciler::answer_bytes : 0);
            } else {
                Sent not_sent;
                not_sent.id = id;
                not_sent.error = "not sent: the store cannot be written";
                answered(std::move(not_sent), now);
            }
        }
        to_send.clear();
    }

    static void answer_all(std::vector<std::pair<Reply, Answer>>& replies, bool saved) {
        for (auto& [reply, answer] : replies) {
            // Do not confirm what was not stored.
            if (!saved && answer.status >= 200 && answer.status < 300 && answer.body.empty())
                answer = plain(503, "the store cannot be written");
            reply(std::move(answer));
        }
    }

    /// The relay's own dead man's switch: stops also if nothing can be stored.
    void beat(UnixTime now) {
        Running* const destination = find(config.heartbeat);
        if (destination == nullptr || !store_problem.empty()) return;
        const Duration interval = alertmap::seconds(config.heartbeat_seconds);
        if (now < next_heartbeat && next_heartbeat <= now + interval) return;  // otherwise the clock was set back
        next_heartbeat = now + interval;
        send_once(*destination, heartbeat_event(), heartbeat_kind);
    }

    bool commit() {
        for (const auto& destination : destinations) {
            for (LedgerRow& row : destination->ledger.changes())
                unsaved[{destination->config.name, std::move(row.key)}] = std::move(row.json);
            for (Outbox::Row& row : destination->outbox->changes())
                unsaved[{destination->config.name, std::move(row.key)}] = std::move(row.value);
        }
        if (unsaved.empty()) return store_problem.empty();
        std::vector<StoredRow> rows;
        rows.reserve(unsaved.size());
        for (const auto& [key, value] : unsaved) rows.push_back({key.first, key.second, value});
        const auto start = std::chrono::steady_clock::now();
        std::string problem = store.save(rows);
        if (problem.empty()) {
            metrics.committed(seconds_since(start));
            unsaved.clear();
            for (const auto& destination : destinations) destination->outbox->stored();
        } else {
            metrics.store_failed();
            if (store_problem.empty()) log("error", "the store cannot be written", {{"reason", problem}});
        }
        store_problem = std::move(problem);
        return store_problem.empty();
    }

    // ---- Bodies

    Answer take(const Received& received, UnixTime now) {
        const std::string path = path_of(received.target);
        for (const Callback& callback : config.callbacks) {
            if (same_secret(callback.path, path)) return called_back(callback, received, now);
        }
        for (const Recorder& recorder : config.recorders) {
            if (same_secret(recorder.path, path)) return recorded(recorder, received.body, now);
        }
        const std::vector<const Route*> routes = routes_of(received);
        if (routes.empty()) return plain(404, "no route has this path");
        arena.clear();
        const Result<AlertGroup> group = parser.parse(received.body);
        Message message;
        Answer answer = begin(message, received, group, parser, routes, now);
        if (answer.status == 202 && message.group != nullptr) observe(message, now, std::numeric_limits<std::size_t>::max());
        return answer;
    }

    std::vector<const Route*> routes_of(const Received& received) const {
        const std::string path = path_of(received.target);
        std::vector<const Route*> routes;
        for (const Route& route : config.routes) {
            if (route.path == path) routes.push_back(&route);
        }
        return routes;
    }

    /// Starts a body that was read: returns 202, and fills in the message to be observed, if any.
    Answer begin(Message& message, const Received& received, const Result<AlertGroup>& group, const Parser& read_by,
                 const std::vector<const Route*>& routes, UnixTime now) {
        if (routes.empty()) return plain(404, "no route has this path");
        if (!group) {
            unreadable(*routes.front(), received.body, to_string(group.error()), now);
            return config.accept_unreadable ? plain(202) : plain(400, to_string(group.error()));
        }
        const auto broken = std::find_if(read_by.warnings().begin(), read_by.warnings().end(),
                                         [](const Warning& warning) { return is_json_error(warning.code); });
        if (broken != read_by.warnings().end()) unreadable(*routes.front(), received.body, "broken: " + broken->path(), now);
        metrics.received(routes.front()->name, "read");
        message.group = &*group;
        message.receiver = unquote_receiver(group->receiver, arena);
        message.routes = routes;
        for (const Route* route : routes) {
            for (const std::string& name : route->destinations) {
                Running* const destination = find(name);
                if (destination != nullptr && destination->config.target) message.targets.emplace_back(route, destination);
            }
        }
        return plain(202);
    }

    /// Processes a vendor's callback. It never ends an alert: if a human closed an incident too early, the next repeat pages.
    Answer called_back(const Callback& callback, const Received& received, UnixTime now) {
        if (!callback.signature.empty()) {
            const auto header = std::find_if(received.headers.begin(), received.headers.end(),
                                             [](const auto& one) { return same_name(one.first, "X-PagerDuty-Signature"); });
            const std::string_view signature = header != received.headers.end() ? std::string_view(header->second) : std::string_view{};
            if (!verify_pagerduty_signature(received.body, signature, callback.signature)) {
                metrics.called_back(callback.destination, "forged");
                log("warning", "a callback with a wrong signature", {{"destination", callback.destination}});
                return plain(401);
            }
        }
        Running* const destination = find(callback.destination);
        const auto said = callback_reader(destination->config.kind)(received.body);
        if (!said) {
            metrics.called_back(callback.destination, "unreadable");
            log("warning", "a callback cannot be read", {{"destination", callback.destination}, {"reason", to_string(said.error())}});
            return plain(400, to_string(said.error()));
        }
        for (const VendorCallback& one : *said) destination->ledger.vendor_said(one.external_id, one.state, now, one.vendor_id);
        metrics.called_back(callback.destination, said->empty() ? "ignored" : "read");
        return plain(202);
    }

    static bool same_name(std::string_view a, std::string_view b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return (x | 0x20) == (y | 0x20); });
    }

    /// A record of an Alertmanager: request a listing of its cluster.
    Answer recorded(const Recorder& recorder, std::string_view body, UnixTime now) {
        const Result<Records> records = read_records(body);
        if (!records) {
            metrics.recorded(recorder.cluster, "unreadable");
            return plain(400, to_string(records.error()));
        }
        metrics.recorded(recorder.cluster, "read");
        if (records->records.empty()) return plain(202);
        for (const auto& destination : destinations) {
            const auto& clusters = destination->ledger.options().clusters;
            const bool fed = std::any_of(clusters.begin(), clusters.end(), [&](const auto& one) { return one.name == recorder.cluster; });
            if (fed) destination->ledger.hint(recorder.cluster, now);
        }
        return plain(202);
    }

    static bool is_json_error(Errc code) { return code == Errc::invalid_json || code == Errc::truncated_body; }

    /// Sends each alert to the destinations of every matching route; unmatched alerts go to the fallback. Processes at most `most`
    /// subjects; true: finished.
    bool observe(Message& message, UnixTime now, std::size_t most) {
        if (message.group == nullptr) return true;
        const AlertGroup& group = *message.group;
        if (!std::exchange(message.handed_on, true)) {
            for (const auto& destination : destinations) {
                if (destination->config.forward) hand_on(*destination, group, message.routes, message.receiver, now);
            }
        }
        for (; message.target < message.targets.size(); ++message.target, message.subject = 0) {
            const auto& [route, destination] = message.targets[message.target];
            const Subjects all = subjects(group, destination->map.per());
            for (; message.subject < all.size(); ++message.subject) {
                if (most-- == 0) return false;
                const Subject one = all[message.subject];
                if (takes(*route, message.receiver, one.labels())) observe(*destination, one, route->cluster, now);
            }
            // subjects() includes unlisted alerts only if there may be any; the first complete message closes their incident.
            const Subject rest = unlisted(group);
            if (destination->map.per() != FanOut::per_group && !has_unlisted_alerts(group) &&
                takes(*route, message.receiver, rest.labels())) {
                observe(*destination, rest, route->cluster, now);
            }
        }
        Running* const fallback = find(config.fallback);
        const Subjects all = subjects(group, FanOut::per_alert);
        for (; message.subject < all.size(); ++message.subject) {
            if (most-- == 0) return false;
            const Subject one = all[message.subject];
            const Labels labels = one.labels();
            if (std::any_of(message.routes.begin(), message.routes.end(),
                            [&](const Route* route) { return takes(*route, message.receiver, labels); }))
                continue;
            metrics.unrouted();
            log("warning", "no route accepts an alert", {{"path", message.routes.front()->path}, {"receiver", message.receiver}});
            if (fallback != nullptr) observe(*fallback, one, {}, now);
        }
        return true;
    }

    /// Adds the message, reduced to the alerts that routes accept, to a forward's outbox: once, even if several routes lead there.
    void hand_on(Running& destination, const AlertGroup& group, const std::vector<const Route*>& routes, std::string_view receiver,
                 UnixTime now) {
        const auto taken = [&](const Labels& labels) {
            return std::any_of(routes.begin(), routes.end(), [&](const Route* route) {
                const auto& names = route->destinations;
                return std::find(names.begin(), names.end(), destination.config.name) != names.end() && takes(*route, receiver, labels);
            });
        };
        std::vector<Alert> alerts;
        std::copy_if(group.alerts.begin(), group.alerts.end(), std::back_inserter(alerts),
                     [&](const Alert& one) { return taken(one.labels); });
        const bool others = (group.alerts.empty() || has_unlisted_alerts(group)) && taken(group.common_labels);
        if (alerts.empty() && !others) return;
        AlertGroup message = group;
        if (alerts.size() != group.alerts.size()) {
            message.alerts = alerts;
            if (!alerts.empty()) message.status = firing(message).empty() ? Status::resolved : Status::firing;
        }
        // Unreadable alerts may be firing; the stored message has no other member for their number.
        message.truncated_alerts += group.unreadable_alerts;
        const Split parts = split(message, destination.config.forward->max_alerts());
        for (const AlertGroup& part : parts) destination.outbox->add(part, now);
        metrics.observed(destination.config.name, "handed_on");
    }

    void observe(Running& destination, Subject subject, std::string_view cluster, UnixTime now) {
        const Event event = destination.map(subject, arena);
        const Observed observed = destination.ledger.observe(Source::of(cluster, *subject.group), event, now);
        metrics.observed(destination.config.name, name(observed));
        if (observed == Observed::heartbeat || observed == Observed::untracked) send_once(destination, event, name(observed));
    }

    /// Sends a heartbeat, or an event for which the ledger is full: once, without retries.
    void send_once(Running& destination, const Event& event, std::string_view kind) {
        Result<Request> request = destination.config.target->request(event);
        if (!request) return;  // the vendor has no heartbeats
        const auto shared =
            std::find_if(destinations.begin(), destinations.end(), [&](const auto& one) { return one.get() == &destination; });
        queue(std::move(*request), {*shared, 0, 0, event.transition, std::string(kind)});
    }

    void unreadable(const Route& route, std::string_view body, const std::string& why, UnixTime now) {
        const std::string file = dead_letters.keep(body);
        metrics.received(route.name, "unreadable");
        metrics.dead_letter("unreadable");
        log("error", "a message cannot be read", {{"route", route.name}, {"reason", why}, {"file", file}});
        page("unreadable/" + route.name, "alertmap-relay received a message that it cannot read: alerts may be lost",
             "Route " + route.name + ", kept as " + file, now);
    }

    /// Pages about the relay itself, through the fallback destination.
    void page(std::string_view what, std::string_view summary, std::string_view description, UnixTime now,
              const Running* failed = nullptr) {
        Running* const fallback = find(config.fallback);
        if (fallback == nullptr || fallback == failed) return;
        Event event;
        event.external_id = arena.concat({"alertmap-relay/", what});
        event.summary = arena.copy(summary);
        event.description = arena.copy(description);
        event.source = "alertmap-relay";
        event.starts_at = timestamp(now);
        EventMember member;
        member.fingerprint = event.external_id;
        member.starts_at = event.starts_at;
        event.members = {&member, 1};
        event.firing = 1;
        fallback->ledger.observe({"alertmap-relay", {}, {}}, event, now);
    }

    // ---- Requests

    void queue(Request request, Outgoing about) {
        const std::uint64_t id = next_id++;
        ++about.destination->in_flight;
        outgoing.emplace(id, std::move(about));
        to_send.emplace_back(id, std::move(request));
    }

    void collect_due(const std::shared_ptr<Running>& destination, UnixTime now) {
        if (destination->in_flight == 0 && destination->next() > now) destination->last_progress = now;
        if (now < destination->breaker.closed_until) return;
        std::size_t most = destination->window - std::min(destination->window, destination->in_flight);
        if (destination->breaker.broken()) most = destination->in_flight == 0 ? 1 : 0;
        most = std::min(most, destination->bucket.available(now));
        if (most == 0 || destination->next() > now) return;
        if (destination->config.forward) return collect_messages(destination, most, now);
        std::vector<std::uint64_t> rejected;
        std::size_t sent = 0;
        for (const Action& action : destination->ledger.due(now, most)) {
            if (action.kind == ActionKind::list) {
                ask(action.cluster, now);
                continue;
            }
            Result<Request> request = destination->config.target->request(action.event, action.vendor_id);
            if (!request) {
                log("error", "an event cannot be written",
                    {{"destination", destination->config.name},
                     {"external_id", action.external_id},
                     {"reason", to_string(request.error())}});
                rejected.push_back(action.ticket);
                continue;
            }
            ++sent;
            queue(std::move(*request), {destination, action.ticket, 0, action.event.transition, std::string(name(action.kind))});
        }
        destination->bucket.take(sent);
        for (const std::uint64_t ticket : rejected) destination->ledger.answered(ticket, {Outcome::rejected}, now);
    }

    Outbox::Load load_of(const Running& destination) {
        return [this, &destination](const std::string& key) { return store.value(destination.config.name, key); };
    }

    void collect_messages(const std::shared_ptr<Running>& destination, std::size_t most, UnixTime now) {
        std::size_t sent = 0;
        for (const Outbox::Message& message : destination->outbox->due(now, most, load_of(*destination))) {
            const Result<AlertGroup> group = parser.parse(message.body);
            Result<Request> request = group ? destination->config.forward->request(*group) : Result<Request>(group.error());
            if (!request) {
                log("error", "a message cannot be forwarded",
                    {{"destination", destination->config.name}, {"reason", to_string(request.error())}});
                destination->outbox->answered(message.number, Outcome::rejected, 0, now);
                rejected(*destination, message.body, "it cannot be written", now);
                continue;
            }
            ++sent;
            queue(std::move(*request), {destination, 0, message.number, {}, "message"});
        }
        destination->bucket.take(sent);
    }

    /// A dead letter: the destination rejects an event or message for a reason that a retry would not change.
    void rejected(const Running& destination, std::string_view body, const std::string& why, UnixTime now) {
        metrics.dead_letter("rejected");
        std::string text = fmt::format("Destination {}: {}", destination.config.name, why);
        if (!body.empty()) text += ", kept as " + dead_letters.keep(body);
        page("rejected/" + destination.config.name, "alertmap-relay: an event was rejected by its destination", text, now, &destination);
    }

    void answered(Sent sent, UnixTime now) {
        if (const auto listing = listings.find(sent.id); listing != listings.end()) {
            const Reconciler::Part part = listing->second;
            listings.erase(listing);
            return listed(part, std::move(sent), now);
        }
        const auto found = outgoing.find(sent.id);
        if (found == outgoing.end()) return;
        const Outgoing about = std::move(found->second);
        outgoing.erase(found);
        Running& destination = *about.destination;
        --destination.in_flight;

        alertmap::Answer answer;
        std::string vendor_id;
        if (sent.status == 0) {
            answer.outcome = sent.may_have_arrived ? Outcome::unknown : Outcome::retry;
        } else if (destination.config.target && destination.config.target->succeeded(about.transition, sent.status, sent.body)) {
            answer.outcome = Outcome::accepted;
            if (const Result<std::string> id = destination.config.target->read_id(sent.body)) vendor_id = *id;
        } else {
            answer.outcome = outcome_of(sent.status);
            // 2xx with an error in the body.
            if (answer.outcome == Outcome::accepted && destination.config.target) answer.outcome = Outcome::retry;
        }
        answer.vendor_id = vendor_id;
        answer.retry_after = alertmap::seconds(std::clamp<std::int64_t>(sent.retry_after_seconds, 0, 3600));
        const std::string_view outcome = outcome_name(answer.outcome);
        metrics.sent(destination.config.name, about.kind, outcome, sent.seconds);
        const bool fine = answer.outcome == Outcome::accepted || answer.outcome == Outcome::already;
        destination.window = fine && sent.seconds < quick_seconds ? std::min(destination.window + 1, most_window) : least_window;
        // A heartbeat has its own address, so its failures are unrelated to the pages.
        if (about.kind == heartbeat_kind) {
            if (fine) destination.last_progress = now;
        } else if (fine || answer.outcome == Outcome::rejected) {
            destination.breaker.succeed();
            destination.last_progress = now;
        } else {
            destination.breaker.fail(now, sent.status != 0 ? "HTTP " + std::to_string(sent.status) : sent.error, answer.retry_after);
        }
        log(fine ? "info" : "warning", "request",
            {{"destination", destination.config.name},
             {"kind", about.kind},
             {"outcome", outcome},
             {"status", sent.status},
             {"seconds", sent.seconds},
             {"error", sent.error}});
        if (about.ticket != 0) destination.ledger.answered(about.ticket, answer, now);
        std::string body;
        if (about.message != 0) {
            if (answer.outcome == Outcome::rejected) body = destination.outbox->body(about.message, load_of(destination));
            destination.outbox->answered(about.message, answer.outcome, answer.retry_after, now);
        }
        if (answer.outcome == Outcome::rejected && about.kind != heartbeat_kind)
            rejected(destination, body, "HTTP " + std::to_string(sent.status), now);
    }

    // ---- Listings

    void ask(std::string_view name, UnixTime now) {
        const auto cluster =
            std::find_if(config.clusters.begin(), config.clusters.end(), [&](const Cluster& one) { return one.name == name; });
        if (cluster == config.clusters.end()) return;
        for (auto& [part, request] : reconciler.ask(*cluster, now)) {
            const std::uint64_t id = next_id++;
            listings.emplace(id, part);
            to_send.emplace_back(id, std::move(request));
        }
    }

    void listed(Reconciler::Part part, Sent sent, UnixTime now) {
        std::string failed;
        const std::string cluster = reconciler.cluster_of(part);
        const std::optional<PeerListing> peer = reconciler.answered(part, std::move(sent), failed);
        if (!failed.empty()) {
            metrics.listed(cluster, "failed");
            log("warning", "no listing", {{"cluster", cluster}, {"reason", failed}});
        }
        if (!peer) return;
        const Result<Listing> listing = listing_reader.alert_groups(peer->groups);
        if (!listing) {
            metrics.listed(peer->cluster, "unreadable");
            log("warning", "no listing", {{"peer", peer->peer}, {"reason", to_string(listing.error())}});
            return;
        }
        metrics.listed(peer->cluster, "read");
        for (const auto& destination : destinations) {
            std::vector<const Route*> routes;
            for (const Route& route : config.routes) {
                const bool here =
                    std::find(route.destinations.begin(), route.destinations.end(), destination->config.name) != route.destinations.end();
                if (here && route.cluster == peer->cluster) routes.push_back(&route);
            }
            if (routes.empty() || destination->config.forward) continue;
            arena.clear();
            ListingSource source{.cluster = peer->cluster, .peer = peer->peer};
            source.asked_at = peer->asked_at;
            source.up_since = peer->status.up_since;
            source.ready = peer->status.ready;
            source.mutes_listed = listing->mutes_listed;
            source.has_receiver = std::any_of(peer->receivers.begin(), peer->receivers.end(), [&](const std::string& receiver) {
                return std::any_of(routes.begin(), routes.end(), [&](const Route* route) { return matches(route->receiver, receiver); });
            });
            // Unreadable alerts may be firing: such a listing closes nothing.
            if (listing->unreadable != 0) source.ready = false;
            std::vector<std::string_view> elsewhere(listing->elsewhere.begin(), listing->elsewhere.end());
            const std::vector<ListedEvent> events =
                events_for(routes, destination->ledger, peer->cluster, *listing, destination->map, arena, elsewhere);
            destination->ledger.listed(source, events, elsewhere, now);
        }
    }

    static std::string_view outcome_name(Outcome outcome) {
        switch (outcome) {
            case Outcome::accepted: return "accepted";
            case Outcome::already: return "already";
            case Outcome::rejected: return "rejected";
            case Outcome::retry: return "retry";
            case Outcome::unknown: break;
        }
        return "unknown";
    }

    void report(Running& destination) {
        for (const LedgerReport& one : destination.ledger.reports()) {
            metrics.reported(destination.config.name, name(one.kind));
            log("warning", "ledger",
                {{"destination", destination.config.name}, {"report", name(one.kind)}, {"external_id", one.external_id}});
        }
    }

    // ---- What the relay tells about itself

    double waiting_seconds(const Running& destination, UnixTime now) const {
        const bool waits = destination.in_flight != 0 || destination.next() <= now || destination.breaker.broken();
        return waits && destination.last_progress != 0 ? static_cast<double>(now - destination.last_progress) / 1e9 : 0.0;
    }

    /// Open or waiting incidents, at most incidents_shown; waiting ones first.
    static std::vector<IncidentView> shown(const Ledger& ledger, std::size_t& more) {
        std::vector<IncidentView> all = ledger.incidents();
        std::erase_if(all, [](const IncidentView& one) { return one.vendor == "closed" && !one.wanted_open && !one.in_flight; });
        std::stable_partition(all.begin(), all.end(), [](const IncidentView& one) { return !waits_for(one).empty(); });
        more = all.size() - std::min(all.size(), incidents_shown);
        all.resize(all.size() - more);
        return all;
    }

    Answer show(const Received& received, UnixTime now) {
        const std::string path = path_of(received.target);
        if (path == "/healthz") return plain(200, "ok");
        if (path == "/readyz") return ready(now);
        if (path == "/metrics") {
            for (const auto& one : destinations) {
                metrics.destination(one->config.name, one->ledger.stats(), one->outbox->size(), one->breaker.broken(),
                                    waiting_seconds(*one, now));
            }
            metrics.store(store.wal_bytes());
            if (const ReceiveCounts* const server = counts) metrics.server(*server);
            Answer answer = plain(200);
            answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
            answer.body = metrics.text();
            return answer;
        }
        if (path == "/status" || path == "/") {
            std::vector<DestinationStatus> all;
            for (const auto& one : destinations) {
                std::string state = one->breaker.broken() ? "slowed down: " + one->breaker.reason : "sending";
                DestinationStatus& status = all.emplace_back();
                status.name = one->config.name;
                status.kind = one->config.kind;
                status.state = std::move(state);
                status.stats = one->ledger.stats();
                status.incidents = shown(one->ledger, status.more);
                if (one->config.forward) status.messages = one->outbox->size();
            }
            return status_page(all, store_problem, now / alertmap::seconds(1));
        }
        return plain(404);
    }

    Answer ready(UnixTime now) const {
        std::string text;
        if (!store_problem.empty()) text += "store: " + store_problem + '\n';
        for (const auto& one : destinations) {
            if (one->breaker.broken())
                text += fmt::format("{}: {} ({:.0f} s)\n", one->config.name, one->breaker.reason, waiting_seconds(*one, now));
        }
        return text.empty() ? plain(200, "ready") : plain(503, text);
    }
};

Service::Service(Config config) : impl_(std::make_unique<Impl>(std::move(config))) {}
Service::~Service() { stop(); }

void Service::handle(Received received, Reply reply) {
    {
        const std::lock_guard guard(impl_->mutex);
        if (impl_->waiting_bytes + received.body.size() <= impl_->queued_bytes && !impl_->stopping) {
            impl_->waiting_bytes += received.body.size();
            impl_->waiting.push_back({std::move(received), std::move(reply)});
            impl_->wake.notify_one();
            return;
        }
    }
    Answer busy = plain(503, "busy");
    busy.headers.emplace_back("Retry-After", "5");
    reply(std::move(busy));
}

void Service::reload(Config config) {
    const std::lock_guard guard(impl_->mutex);
    impl_->fresh = std::make_unique<Config>(std::move(config));
    impl_->wake.notify_one();
}

void Service::show(const ReceiveCounts& counts) { impl_->counts = &counts; }

void Service::stop() {
    if (!impl_->thread.joinable()) return;
    {
        const std::lock_guard guard(impl_->mutex);
        impl_->stopping = true;
        impl_->wake.notify_one();
    }
    impl_->thread.join();
    {
        const std::lock_guard guard(impl_->mutex);
        impl_->reader_stops = true;
        impl_->read_wake.notify_one();
    }
    impl_->reader.join();
    // Unread bodies were not answered, so they will be sent again.
    for (auto* queue : {&impl_->to_read, &impl_->large_read}) {
        for (const auto& body : *queue) body->work.reply(plain(503, "stopping"));
    }
}

}  // namespace relay
