#include "simulation/world.hpp"

#include <algorithm>
#include <array>
#include <memory>

namespace simulation {

const char* name(Trouble::Kind kind) noexcept {
    using K = Trouble::Kind;
    switch (kind) {
        case K::silence: return "silence";
        case K::mute: return "mute time";
        case K::inhibit: return "inhibition";
        case K::peer_down: return "Alertmanager down";
        case K::prometheus_down: return "Prometheus down";
        case K::partition: return "Prometheus cut off from Alertmanager";
        case K::gossip_late: return "gossip late or missing";
        case K::cut_off: return "Alertmanager cut off from the service";
        case K::service_down: return "service down";
        case K::service_crash: return "service crashes";
        case K::answers_lost: return "answers to Alertmanager lost";
        case K::bodies_refused: return "service answers 503";
        case K::bodies_late: return "bodies late";
        case K::listings_fail: return "listings fail";
        case K::respelled: return "route re-spelled";
        case K::renamed: return "receiver renamed";
        case K::vendor_down: return "vendor down";
        case K::vendor_flaky: return "vendor fails at times";
        case K::vendor_forgetful: return "vendor's answers lost";
        case K::human_closes: return "human closes the incident";
        case K::human_acknowledges: return "human acknowledges the incident";
        case K::clock_steps: return "service's clock is wrong";
        case K::clock_drifts: return "service's clock is too fast or too slow";
        case K::key_rotated: return "vendor's key rotated";
        case K::resharded: return "incidents move to other instances of the service";
    }
    return "?";
}

// ---- Generating histories

namespace {

using K = Trouble::Kind;

AlertDef make_alert(const char* rule, int instance, int service, bool critical, int cluster) {
    AlertDef def;
    const std::string host = "web-" + std::to_string(instance) + ":9100";
    def.labels = {{"alertname", rule},
                  {"instance", host},
                  {"job", "app"},
                  {"service", "shop-" + std::to_string(service)},
                  {"severity", critical ? "critical" : "warning"}};
    def.annotations = {{"description", std::string(rule) + " on " + host}, {"summary", std::string(rule) + " is not well"}};
    def.generator_url = "http://prometheus.example.test:9090/graph?g0.expr=up&g0.tab=1";
    def.cluster = cluster;
    def.finish();
    return def;
}

}  // namespace

History make_history(std::uint64_t seed) {
    Random random(seed);
    History h;
    h.seed = seed;
    h.begin = Time{1768435200} * second + random.between(0, 365) * 24 * hour + random.between(0, 24 * 60) * minute;
    h.end = h.begin + random.between(3, 8) * hour;
    const bool two_clusters = random.chance(0.06);
    h.clusters = two_clusters ? 2 : 1;
    h.peers = random.chance(0.35) ? 2 : 1;
    h.prometheus.replicas = random.chance(0.3) ? 2 : 1;
    h.prometheus.evaluation = random.one_of(std::array{15 * second, 30 * second, minute});
    h.prometheus.hold = random.chance(0.3) ? minute : 0;
    h.poll = random.one_of(std::array{30 * second, minute, 2 * minute});

    constexpr std::array rules = {"HighLatency", "DiskFull", "QueueStuck", "NodeDown"};
    const int count = static_cast<int>(random.between(4, 14));
    for (int c = 0; c < h.clusters; ++c) {
        for (int i = 0; i < count; ++i) {
            h.alerts.push_back(make_alert(rules[static_cast<std::size_t>(i) % rules.size()], i / 4 + 1, i % 3, i % 4 == 3, c));
        }
    }
    for (int a = 0; a < static_cast<int>(h.alerts.size()); ++a) {
        const Time calm = random.log_between(2 * minute, hour);
        const Time lasts = random.log_between(2 * minute, 2 * hour);
        Time at = h.begin + random.log_between(minute, hour);
        while (at < h.end - 10 * minute) {
            const Time to = at + random.between(lasts / 4, lasts);
            h.outages.push_back({a, {at, std::min(to, h.end - 5 * minute)}});
            at = to + random.between(calm / 4 + minute, calm + minute);
        }
    }

    Route route;
    route.matcher = {"job", "app"};
    route.group_by = random.one_of(
        std::array<std::vector<std::string>, 4>{{{"alertname"}, {"alertname", "service"}, {"service"}, {"alertname", "instance"}}});
    route.group_wait = random.one_of(std::array{10 * second, 30 * second});
    route.group_interval = random.one_of(std::array{30 * second, minute, 2 * minute, 5 * minute});
    route.repeat_interval = random.one_of(std::array{30 * minute, hour, 4 * hour, 12 * hour});
    if (random.chance(0.08)) route.max_alerts = static_cast<std::size_t>(random.between(1, 3));
    if (random.chance(0.05)) route.send_resolved = false;
    h.alertmanager.routes = {route};
    if (random.chance(0.08)) {
        Route other = route;
        other.matcher = {"severity", "critical"};
        h.alertmanager.routes.push_back(other);
    }
    h.alertmanager.inhibit = random.chance(0.1);

    const auto some_time = [&](Time shortest, Time longest) {
        const Time from = random.between(h.begin + 5 * minute, h.end - 40 * minute);
        return Interval{from, std::min(from + random.log_between(shortest, longest), h.end - 35 * minute)};
    };
    const auto peer = [&] { return static_cast<int>(random.between(0, h.peers * h.clusters - 1)); };
    const auto replica = [&] { return static_cast<int>(random.between(0, h.prometheus.replicas * h.clusters - 1)); };
    const auto alert = [&] { return static_cast<int>(random.between(0, static_cast<int>(h.alerts.size()) - 1)); };
    const Interval always = {h.begin, h.end};
    const auto per_mille = [&] { return random.log_between(20, 300); };
    const auto add = [&](K kind, Interval when, int a = 0, int b = 0, Time value = 0) {
        if (when.from < when.to) h.troubles.push_back({kind, when, a, b, value});
    };
    if (h.peers > 1 && random.chance(0.4)) add(K::gossip_late, always, 0, 0, random.chance(0.5) ? never : random.between(5, 60) * second);
    // One history in eight has no faults; the others have one to five.
    const int troubles = random.chance(0.125) ? 0 : static_cast<int>(random.between(1, 5));
    for (int i = 0; i < troubles; ++i) {
        switch (random.between(0, 19)) {
            case 0:
            case 1: add(K::silence, some_time(5 * minute, hour), alert()); break;
            case 2: {
                const Interval when = some_time(10 * minute, hour);
                add(K::mute, when);
                for (Route& muted : h.alertmanager.routes) muted.muted.push_back(when);
                break;
            }
            case 3:
            case 4: add(K::peer_down, some_time(10 * second, hour), peer(), static_cast<int>(random.between(0, 2))); break;
            case 5: add(K::prometheus_down, some_time(30 * second, 30 * minute), replica()); break;
            case 6: add(K::partition, some_time(2 * minute, hour), replica(), peer()); break;
            case 7: add(K::cut_off, some_time(minute, 2 * hour), peer()); break;
            case 8: add(K::service_down, some_time(10 * second, 30 * minute)); break;
            case 9:
            case 10: {
                const int crashes = static_cast<int>(random.between(1, 4));
                for (int k = 0; k < crashes; ++k) {
                    add(K::service_crash, some_time(2 * second, 2 * minute), 0, static_cast<int>(random.between(1, 6)));
                }
                break;
            }
            case 11: add(K::answers_lost, always, 0, 0, per_mille()); break;
            case 12: add(K::bodies_refused, some_time(10 * minute, 3 * hour), 0, 0, per_mille()); break;
            case 13: add(K::bodies_late, always, 0, 0, random.log_between(500, 20 * second)); break;
            case 14: add(K::listings_fail, some_time(10 * minute, 3 * hour), 0, 0, random.chance(0.5) ? 1000 : per_mille()); break;
            case 15: {
                const Time at = random.between(h.begin + hour, h.end - hour);
                add(random.chance(0.6) ? K::respelled : K::renamed, {at, h.end});
                break;
            }
            case 16: add(K::vendor_down, some_time(minute, hour)); break;
            case 17: add(K::vendor_flaky, always, 0, 0, per_mille()); break;
            case 18:
                if (random.chance(0.4)) {
                    add(K::vendor_forgetful, always, 0, 0, per_mille());
                } else {
                    const int humans = static_cast<int>(random.between(1, 4));
                    for (int k = 0; k < humans; ++k) {
                        const Interval when = some_time(minute, hour);
                        add(random.chance(0.5) ? K::human_closes : K::human_acknowledges, {when.from, when.from + 1}, alert(),
                            random.chance(0.5) ? 1 : 0);
                    }
                }
                break;
            default:
                add(K::clock_steps, random.chance(0.5) ? always : some_time(10 * minute, 2 * hour), 0, 0,
                    random.between(-5 * minute, 5 * minute));
                break;
        }
    }
    // With a separate generator, so that the rest of a seed's history does not change.
    Random rare(seed * 0x9e3779b97f4a7c15 + 17);
    const auto long_time = [&](Time shortest, Time longest) {
        const Time from = rare.between(h.begin + 5 * minute, h.end - 40 * minute);
        return Interval{from, std::min(from + rare.log_between(shortest, longest), h.end - 35 * minute)};
    };
    if (rare.chance(0.04)) add(K::key_rotated, long_time(minute, hour), 0, 0, 1);
    if (rare.chance(0.04)) add(K::clock_drifts, long_time(hour, 8 * hour), 0, 0, rare.between(-minute, minute));
    if (rare.chance(0.03)) {
        add(K::peer_down, long_time(2 * hour, 6 * hour), static_cast<int>(rare.between(0, h.peers * h.clusters - 1)),
            static_cast<int>(rare.between(0, 2)));
    }
    if (rare.chance(0.04)) {
        const int before = static_cast<int>(rare.between(1, 3));
        const Time at = rare.between(h.begin + 10 * minute, h.end - 10 * minute);
        add(K::resharded, {at, at + 1}, before, before % 3 + static_cast<int>(rare.between(1, 2)));
    }
    const Time unheard = std::max(h.prometheus.evaluation, h.prometheus.resend) * 4;
    h.grace = 3 * (route.group_wait + route.group_interval) + unheard + 5 * h.poll + h.peers * h.alertmanager.peer_timeout + 4 * minute;
    return h;
}

std::string describe(const History& history) {
    std::string out;
    const auto clock = [&](Time at) {
        if (at >= history.end) {
            out += "end";
            return;
        }
        const Time since = at - history.begin;
        const auto two = [&](Time number) {
            if (number < 10) out += '0';
            out += std::to_string(number);
        };
        two(since / hour);
        out += ':';
        two(since / minute % 60);
        out += ':';
        two(since / second % 60);
    };
    const Route& route = history.alertmanager.routes[0];
    out += "seed " + std::to_string(history.seed) + ": " + std::to_string(history.clusters) + " cluster(s) of " +
           std::to_string(history.peers) + " Alertmanager(s), " + std::to_string(history.prometheus.replicas) + " Prometheus, evaluation " +
           std::to_string(history.prometheus.evaluation / second) + " s, group_by";
    for (const std::string& label : route.group_by) out += ' ' + label;
    out += ", group_wait " + std::to_string(route.group_wait / second) + " s, group_interval " +
           std::to_string(route.group_interval / second) + " s, repeat_interval " + std::to_string(route.repeat_interval / minute) +
           " min, " + std::to_string(history.alertmanager.routes.size()) + " route(s)" +
           (route.max_alerts != 0 ? ", max_alerts " + std::to_string(route.max_alerts) : "") +
           (route.send_resolved ? "" : ", no send_resolved") + (history.alertmanager.inhibit ? ", inhibition" : "") + ", grace " +
           std::to_string(history.grace / second) + " s\n";
    for (const Trouble& trouble : history.troubles) {
        out += "  ";
        clock(trouble.when.from);
        out += " to ";
        clock(trouble.when.to);
        out += std::string("  ") + name(trouble.kind) + " (" + std::to_string(trouble.a) + ", " + std::to_string(trouble.b) + ", " +
               (trouble.value == never ? "never" : std::to_string(trouble.value)) + ")\n";
    }
    for (const Outage& outage : history.outages) {
        out += "  ";
        clock(outage.when.from);
        out += " to ";
        clock(outage.when.to);
        const AlertDef& alert = history.alerts[static_cast<std::size_t>(outage.alert)];
        out += "  alert " + std::to_string(outage.alert) + " fires: " + alert.labels[0].second + ' ' +
               std::string(alert.label("instance")) + ' ' + alert.fingerprint + '\n';
    }
    return out;
}

// ---- Running them

namespace {

class World final : public AlertmanagerHost {
 public:
    explicit World(const History& history) : h_(history), random_(history.seed ^ 0xa5a5a5a5) {
        const bool apart = std::any_of(h_.troubles.begin(), h_.troubles.end(),
                                       [](const Trouble& t) { return t.kind == K::gossip_late && t.value == never; });
        for (int c = 0; c < h_.clusters; ++c) {
            for (int p = 0; p < h_.peers; ++p) {
                AlertmanagerOptions options = h_.alertmanager;
                options.external_url = "http://am-" + std::to_string(c) + ".example.test:9093";
                peers_.push_back(std::make_unique<Alertmanager>(c * h_.peers + p, apart ? 0 : p, h_.alerts, options, schedule_, 0, *this,
                                                                h_.seed * 31 + peers_.size()));
                peers_.back()->start(h_.begin - random_.between(0, 30) * second);
            }
        }
        const auto replicas = static_cast<std::size_t>(h_.clusters * h_.prometheus.replicas);
        for (std::size_t r = 0; r < replicas; ++r) {
            phases_.push_back(random_.between(0, h_.prometheus.evaluation - 1));
            up_.push_back(true);
        }
        rules_.resize(replicas * h_.alerts.size());
        conditions_.resize(h_.alerts.size());
        for (const Outage& outage : h_.outages) conditions_[static_cast<std::size_t>(outage.alert)].push_back(outage.when);
        truth_.resize(h_.alerts.size(), Truth::gone);
        fired_.resize(h_.alerts.size(), false);
        episode_.resize(h_.alerts.size(), 0);
        tape_.group_keys.resize(h_.alerts.size());
        tape_.peers.resize(peers_.size());
        crash_used_.resize(h_.troubles.size(), false);
    }

    Tape play();

    Answered post(const Notification& notification, Time now) override;
    void logged(const Alertmanager& from, const std::string& key, const LogEntry& entry, Time now) override;

 private:
    enum Kind { evaluate = Alertmanager::kinds, put, begins, ends, gossip, look };

    struct Rule {       // state in one replica
        int state = 0;  // inactive, pending, firing, resolved
        Time active = 0;
        Time fired = 0;
        Time resolved = 0;
        Time sent = 0;
        bool before = false;  // was firing when its Prometheus stopped
        std::uint64_t generation = 0;
    };
    struct Gossip {
        std::string key;
        LogEntry entry;
    };

    Rule& rule(std::size_t replica, int alert) { return rules_[replica * h_.alerts.size() + static_cast<std::size_t>(alert)]; }
    [[nodiscard]] int cluster_of_replica(std::size_t replica) const { return static_cast<int>(replica) / h_.prometheus.replicas; }
    [[nodiscard]] int cluster_of_peer(int p) const { return p / h_.peers; }
    [[nodiscard]] Time grid(std::size_t replica, Time at) const {
        const Time e = h_.prometheus.evaluation;
        const Time since = at - h_.begin - phases_[replica];
        return h_.begin + phases_[replica] + (since <= 0 ? 0 : (since + e - 1) / e * e);
    }
    [[nodiscard]] bool troubled(K kind, Time at, int a = -1, int b = -1) const {
        return std::any_of(h_.troubles.begin(), h_.troubles.end(), [&](const Trouble& t) {
            return t.kind == kind && t.when.has(at) && (a < 0 || t.a == a) && (b < 0 || t.b == b);
        });
    }
    [[nodiscard]] Time troubling(K kind, Time at) const {
        Time value = 0;
        for (const Trouble& t : h_.troubles) {
            if (t.kind == kind && t.when.has(at)) value = std::max(value, t.value);
        }
        return value;
    }
    [[nodiscard]] bool service_down(Time at) const { return within(tape_.service_down, at); }

    void on_evaluate(std::size_t replica, int alert, Time now, std::uint64_t generation);
    void schedule_evaluation(std::size_t replica, int alert, Time now);
    void on_trouble(const Trouble& trouble, bool starts, Time now);
    void record(const Alertmanager& peer, Time now);
    void record_all(Time now) {
        for (const auto& peer : peers_) record(*peer, now);
    }
    void look_at(int alert, Time now);
    void look_at_all(Time now) {
        for (int a = 0; a < static_cast<int>(h_.alerts.size()); ++a) look_at(a, now);
    }
    void learn_keys();

    const History& h_;
    Random random_;
    Schedule schedule_;
    std::vector<std::unique_ptr<Alertmanager>> peers_;
    std::vector<Time> phases_;
    std::vector<bool> up_;
    std::vector<Rule> rules_;
    std::vector<Intervals> conditions_;
    std::vector<Post> posts_;
    std::vector<Gossip> gossip_;
    std::vector<Truth> truth_;
    std::vector<bool> fired_;
    std::vector<std::uint32_t> episode_;
    std::vector<bool> crash_used_;
    Time last_arrival_ = 0;
    Tape tape_;
};

Tape World::play() {
    for (std::size_t i = 0; i < h_.troubles.size(); ++i) {
        const Trouble& t = h_.troubles[i];
        if (t.kind == K::service_down) tape_.service_down.push_back(t.when);
        if (t.kind == K::service_down || t.kind == K::vendor_down || t.kind == K::key_rotated) tape_.blocked.push_back(t.when);
        schedule_.at(t.when.from, begins, static_cast<int>(i));
        if (t.when.to < h_.end) schedule_.at(t.when.to, ends, static_cast<int>(i));
    }
    for (std::size_t r = 0; r < phases_.size(); ++r) {
        for (int a = 0; a < static_cast<int>(h_.alerts.size()); ++a) {
            if (h_.alerts[static_cast<std::size_t>(a)].cluster == cluster_of_replica(r)) schedule_evaluation(r, a, h_.begin - 1);
        }
    }
    record_all(h_.begin);
    learn_keys();
    while (schedule_.next() < h_.end) {
        const Step step = schedule_.pop();
        const Time now = step.at;
        if (step.kind < Alertmanager::kinds) {
            peers_[static_cast<std::size_t>(step.a)]->step(step);
            continue;
        }
        switch (step.kind) {
            case evaluate: on_evaluate(static_cast<std::size_t>(step.a), step.b, now, step.c); break;
            case put: {
                const Post& post = posts_[step.c];
                Alertmanager& peer = *peers_[static_cast<std::size_t>(step.a)];
                if (!peer.up()) break;
                peer.put(post, now);
                if (post.ends > now) schedule_.at(post.ends, look, post.alert);
                h_.alertmanager.inhibit ? look_at_all(now) : look_at(post.alert, now);
                record(peer, now);
                break;
            }
            case begins: on_trouble(h_.troubles[static_cast<std::size_t>(step.a)], true, now); break;
            case ends: on_trouble(h_.troubles[static_cast<std::size_t>(step.a)], false, now); break;
            case gossip: peers_[static_cast<std::size_t>(step.a)]->merge(gossip_[step.c].key, gossip_[step.c].entry); break;
            case look:
                h_.alertmanager.inhibit ? look_at_all(now) : look_at(step.a, now);
                record_all(now);
                break;
            default: break;
        }
    }
    std::stable_sort(tape_.deliveries.begin(), tape_.deliveries.end(), [](const Delivery& a, const Delivery& b) { return a.at < b.at; });
    // Times at which no Alertmanager of a cluster can send.
    for (int c = 0; c < h_.clusters; ++c) {
        Intervals all = {{h_.begin, h_.end}};
        for (int p = c * h_.peers; p < (c + 1) * h_.peers; ++p) {
            Intervals silent;
            for (const Trouble& t : h_.troubles) {
                if ((t.kind != K::peer_down && t.kind != K::cut_off) || t.a != p) continue;
                for (const Interval& i : all) {
                    const Interval both = {std::max(i.from, t.when.from), std::min(i.to, t.when.to)};
                    if (both.from < both.to) silent.push_back(both);
                }
            }
            all = silent;
        }
        tape_.blocked.insert(tape_.blocked.end(), all.begin(), all.end());
    }
    tape_.unlisted = tape_.blocked;
    for (const Trouble& t : h_.troubles) {
        if (t.kind == K::peer_down) tape_.unlisted.push_back({t.when.from, t.when.to + peer_grace});
        if (t.kind == K::cut_off || t.kind == K::listings_fail) tape_.unlisted.push_back(t.when);
    }
    return std::move(tape_);
}

void World::learn_keys() {
    for (std::size_t a = 0; a < h_.alerts.size(); ++a) {
        const Alertmanager& peer = *peers_[static_cast<std::size_t>(h_.alerts[a].cluster * h_.peers)];
        for (const std::string& key : peer.group_keys(static_cast<int>(a))) {
            std::vector<std::string>& keys = tape_.group_keys[a];
            if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
        }
    }
}

void World::schedule_evaluation(std::size_t replica, int alert, Time now) {
    Rule& r = rule(replica, alert);
    Time next = never;
    for (const Interval& i : conditions_[static_cast<std::size_t>(alert)]) {
        if (i.from > now) next = std::min(next, i.from);
        if (i.to > now) next = std::min(next, i.to);
        if (i.has(now) && r.state != 1 && r.state != 2) next = now + 1;
    }
    if (r.state == 1) next = std::min(next, r.active + h_.prometheus.hold);
    if (r.state >= 2) next = std::min(next, r.sent + h_.prometheus.resend + 1);
    if (next == never) return;
    schedule_.at(grid(replica, std::max(next, now + 1)), evaluate, static_cast<int>(replica), alert, ++r.generation);
}

void World::on_evaluate(std::size_t replica, int alert, Time now, std::uint64_t generation) {
    Rule& r = rule(replica, alert);
    if (!up_[replica] || generation != r.generation) return;
    const bool bad = within(conditions_[static_cast<std::size_t>(alert)], now);
    if (bad) {
        if (r.state == 0 || r.state == 3) {
            r.state = 1;
            r.active = now;
        }
        if (r.state == 1 && now - r.active >= h_.prometheus.hold) {
            r.state = 2;
            r.fired = now;
            r.sent = 0;
        }
    } else if (r.state == 1) {
        r.state = 0;
    } else if (r.state == 2) {
        r.state = 3;
        r.resolved = now;
    } else if (r.state == 3 && now - r.resolved > 15 * minute) {
        r.state = 0;
    }
    const bool send = (r.state == 2 || r.state == 3) && (r.sent + h_.prometheus.resend < now || (r.state == 3 && r.resolved > r.sent));
    if (send) {
        r.sent = now;
        const Time valid = now + 4 * std::max(h_.prometheus.evaluation, h_.prometheus.resend);
        posts_.push_back({alert, r.fired, r.state == 3 ? r.resolved : valid});
        const int first = cluster_of_replica(replica) * h_.peers;
        for (int p = first; p < first + h_.peers; ++p) {
            const Time arrives = now + random_.between(1, 40);
            if (!troubled(K::partition, now, static_cast<int>(replica), p)) schedule_.at(arrives, put, p, 0, posts_.size() - 1);
        }
    }
    look_at(alert, now);
    schedule_evaluation(replica, alert, now);
}

void World::on_trouble(const Trouble& trouble, bool starts, Time now) {
    switch (trouble.kind) {
        case K::silence:
            if (starts) {
                const AlertDef& alert = h_.alerts[static_cast<std::size_t>(trouble.a)];
                for (auto& peer : peers_) peer->add({{"instance", std::string(alert.label("instance"))}, trouble.when});
            }
            break;
        case K::peer_down: {
            Alertmanager& peer = *peers_[static_cast<std::size_t>(trouble.a)];
            if (starts && peer.up()) peer.stop(static_cast<Alertmanager::Keeps>(trouble.b));
            if (!starts && !peer.up() && !troubled(K::peer_down, now, trouble.a)) peer.start(now);
            break;
        }
        case K::prometheus_down: {
            const auto replica = static_cast<std::size_t>(trouble.a);
            if (starts == !up_[replica] || (!starts && troubled(K::prometheus_down, now, trouble.a))) break;
            up_[replica] = !starts;
            for (int a = 0; a < static_cast<int>(h_.alerts.size()); ++a) {
                if (h_.alerts[static_cast<std::size_t>(a)].cluster != cluster_of_replica(replica)) continue;
                Rule& r = rule(replica, a);
                const std::uint64_t generation = r.generation + 1;
                const bool before = starts && r.state == 2;
                r = Rule{};
                r.before = before;
                r.generation = generation;
                if (!starts) schedule_evaluation(replica, a, now);
                // The true state must be evaluated when the outage ends unseen.
                if (starts && before) {
                    for (const Interval& i : conditions_[static_cast<std::size_t>(a)]) {
                        if (i.has(now)) schedule_.at(i.to, look, a);
                    }
                }
            }
            break;
        }
        case K::respelled:
        case K::renamed:
            for (auto& peer : peers_) {
                AlertmanagerOptions options = peer->options();
                for (Route& route : options.routes) {
                    if (trouble.kind == K::respelled) route.as_regex = true;
                    if (trouble.kind == K::renamed) route.receiver = "pager-2";
                }
                peer->reload(options, now);
            }
            learn_keys();
            break;
        default: break;
    }
    look_at_all(now);
    record_all(now);
}

void World::look_at(int alert, Time now) {
    const auto at = static_cast<std::size_t>(alert);
    const int cluster = h_.alerts[at].cluster;
    bool firing = false;
    for (int i = 0; i < h_.prometheus.replicas; ++i) {
        const auto replica = static_cast<std::size_t>(cluster * h_.prometheus.replicas + i);
        const Rule& r = rule(replica, alert);
        firing = firing || (up_[replica] ? r.state == 2 : r.before && within(conditions_[at], now));
    }
    bool any_up = false;
    bool listed = false;
    bool everywhere = true;
    bool quiet = false;
    for (int p = cluster * h_.peers; p < (cluster + 1) * h_.peers; ++p) {
        const Alertmanager& peer = *peers_[static_cast<std::size_t>(p)];
        any_up = any_up || peer.up();
        if (peer.active(alert, now) == nullptr) {
            everywhere = everywhere && !peer.up();
            continue;
        }
        listed = true;
        quiet = quiet || peer.suppressed(alert, now) || peer.mute_time(alert, now);
    }
    // An alert that fires again before Alertmanager dropped it (its Prometheus was restarted) is the same alert with its old start.
    if (firing && !fired_[at] && !(listed && everywhere)) {
        ++episode_[at];
        ++tape_.episodes;
    }
    fired_[at] = firing;
    Truth truth = Truth::unclear;
    if (firing && listed && !quiet) truth = Truth::live;
    if (!firing && !listed && any_up) truth = Truth::gone;
    if (truth == truth_[at]) return;
    truth_[at] = truth;
    tape_.turns.push_back({now, alert, truth, episode_[at]});
}

void World::record(const Alertmanager& peer, Time now) {
    std::vector<PeerState>& states = tape_.peers[static_cast<std::size_t>(peer.index())];
    std::vector<ListingRow> rows;
    for (int a = 0; peer.up() && a < static_cast<int>(h_.alerts.size()); ++a) {
        const HeldAlert* held = peer.active(a, now);
        if (held != nullptr) rows.push_back({a, held->starts, peer.suppressed(a, now) || peer.mute_time(a, now)});
    }
    if (!states.empty() && states.back().up == peer.up() && states.back().up_since == peer.started() &&
        states.back().receiver == peer.options().routes[0].receiver && tape_.listings[states.back().listing] == rows) {
        return;
    }
    states.push_back(
        {now, peer.up(), peer.started(), static_cast<std::uint32_t>(tape_.listings.size()), peer.options().routes[0].receiver});
    tape_.listings.push_back(std::move(rows));
}

AlertmanagerHost::Answered World::post(const Notification& notification, Time now) {
    const Time way = random_.between(1, 10);
    if (service_down(now) || troubled(K::cut_off, now, notification.peer)) return {now + way, Answer::retry};
    if (random_.between(0, 999) < troubling(K::bodies_refused, now)) return {now + 2 * way, Answer::retry};
    const Time late = troubling(K::bodies_late, now);
    const Time arrives = now + way + (late == 0 ? 0 : random_.between(0, late));
    if (service_down(arrives)) return {arrives, Answer::retry};

    tape_.bodies.emplace_back(notification.body);
    tape_.listed.push_back(*notification.listed);
    Delivery delivery{arrives, notification.peer, static_cast<std::uint32_t>(tape_.bodies.size() - 1), 0, 0};
    for (std::size_t i = 0; i < h_.troubles.size(); ++i) {
        const Trouble& t = h_.troubles[i];
        // A crash waits for a body that no other overtakes. Steps 5 and 6 occur while requests are sent, not at a body.
        if (t.kind != K::service_crash || t.b > 4 || crash_used_[i] || t.when.from > arrives || last_arrival_ > arrives) continue;
        crash_used_[i] = true;
        delivery.crash = t.b;
        delivery.back = arrives + (t.when.to - t.when.from);
        tape_.service_down.push_back({arrives + 1, delivery.back});
        tape_.blocked.push_back({arrives, delivery.back});
        break;
    }
    last_arrival_ = std::max(last_arrival_, arrives);
    tape_.deliveries.push_back(delivery);
    if (delivery.crash != 0) return {arrives + way, delivery.crash == 4 ? Answer::ok : Answer::retry};
    if (random_.between(0, 999) < troubling(K::answers_lost, now)) {
        return random_.chance(0.5) ? Answered{arrives + way, Answer::retry} : Answered{notification.deadline + 1, Answer::fail};
    }
    return {arrives + way, Answer::ok};
}

void World::logged(const Alertmanager& from, const std::string& key, const LogEntry& entry, Time now) {
    if (h_.peers < 2) return;
    const Time late = troubling(K::gossip_late, now);
    if (late == never) return;
    gossip_.push_back({key, entry});
    const int first = cluster_of_peer(from.index()) * h_.peers;
    for (int p = first; p < first + h_.peers; ++p) {
        if (p != from.index()) schedule_.at(now + 200 + late, gossip, p, 0, gossip_.size() - 1);
    }
}

}  // namespace

Tape play(const History& history) { return World(history).play(); }

}  // namespace simulation
