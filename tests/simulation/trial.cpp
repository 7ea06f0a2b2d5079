#include "simulation/trial.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <unordered_map>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/ledger.hpp"
#include "alertmap/mapper.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/targets/better_stack.hpp"
#include "alertmap/targets/opsgenie.hpp"
#include "alertmap/targets/pagerduty.hpp"
#include "alertmap/targets/rootly.hpp"
#include "alertmap/targets/signl4.hpp"
#include "simulation/random.hpp"

namespace simulation {

namespace {

using alertmap::Repeat;
using alertmap::Transition;
using alertmap::UnknownResolve;
using K = Trouble::Kind;

constexpr Time answer_limit = 10 * second;  // timeout of the service's requests

/// A vendor that closes incidents without a repeat for an hour.
alertmap::TargetTraits expiring() {
    alertmap::TargetTraits traits;
    traits.repeat = Repeat::merges;
    traits.unknown_resolve = UnknownResolve::ignored;
    traits.expires_after = 3600;
    return traits;
}

}  // namespace

const std::vector<Vendor>& vendors() {
    using U = Vendor::Unknown;
    static const std::vector<Vendor> all = {
        {"pagerduty", true, U::ignored, 0, alertmap::target::PagerDuty::traits},
        {"rootly, resolve opens if nothing is open", true, U::opens, 0, alertmap::target::Rootly::traits},
        {"rootly, resolve opens if never seen", true, U::opens_if_never_seen, 0, alertmap::target::Rootly::traits},
        {"signl4, repeats merge", true, U::ignored, 0, alertmap::target::Signl4::traits},
        {"signl4, repeats page", false, U::ignored, 0, alertmap::target::Signl4::traits},
        {"closes by itself after 1 h", true, U::ignored, hour, expiring()},
        {"opsgenie, unknown close ignored", true, U::ignored, 0, alertmap::target::Opsgenie::traits},
        {"opsgenie, unknown close opens", true, U::opens, 0, alertmap::target::Opsgenie::traits},
        {"better_stack, IDs of its own", false, U::ignored, 0, alertmap::target::BetterStackIncidents::traits, true},
        {"rootly's alerts API, IDs of its own", true, U::ignored, 0, alertmap::target::RootlyApi::traits, true},
    };
    return all;
}

const std::vector<Rule>& rules() {
    using H = Rule::How;
    static const std::vector<Rule> all = {
        {"group status for every alert", "Keep's Grafana provider: status of the event for all its alerts", "recommended", H::group_status},
        {"alertname as ID", "Rootly, \"How Alerts Are Mapped\"; Keep, _format_alert: id = name = alertname", "rootly", H::mapping},
        {"summary as ID", "GoAlert issue 4461: the summary is the dedup key", "recommended", H::summary_id},
        {"status and startsAt remembered", "alertmap 0.1, receive recipe: skip what has the status and startsAt of the last", "recommended",
         H::transitions},
        {"reconciler that closes", "close what GET /api/v2/alerts no longer lists", "recommended", H::close_only},
        {"preset recommended", "alertmap without a ledger", "recommended", H::mapping},
        {"preset rootly", "alertmap without a ledger; Rootly's documented mapping, whose ID is the alertname", "rootly", H::mapping},
        {"preset signl4", "alertmap without a ledger; SIGNL4's documented mapping", "signl4", H::mapping},
        {"preset grafana_oncall", "alertmap without a ledger; Grafana OnCall's mapping", "grafana_oncall", H::mapping},
        {"preset better_stack", "alertmap without a ledger; Better Stack's outgoing webhook: an ID for each episode", "better_stack",
         H::mapping},
        {"ledger, preset recommended", "alertmap", "recommended", H::ledger},
        {"ledger, recommended, look-ups", "alertmap; the service can ask the vendor what is open", "recommended", H::ledger, true},
        {"ledger, preset rootly", "alertmap", "rootly", H::ledger},
        {"ledger, preset signl4", "alertmap", "signl4", H::ledger},
        {"ledger, preset grafana_oncall", "alertmap; its IDs are those of the preset signl4", "grafana_oncall", H::ledger, false, true},
        {"ledger, preset better_stack", "alertmap", "better_stack", H::ledger},
    };
    return all;
}

Score& Score::operator+=(const Score& other) noexcept {
    episodes += other.episodes;
    lost += other.lost;
    wrongly_closed += other.wrongly_closed;
    stuck += other.stuck;
    doubled += other.doubled;
    phantom += other.phantom;
    unknowable += other.unknowable;
    requests += other.requests;
    dead_letters += other.dead_letters;
    return *this;
}

namespace {

/// The longest part of [from, to) outside of the intervals.
Time longest_gap(Time from, Time to, const Intervals& intervals) {
    Time longest = 0;
    while (from < to) {
        Time until = to;
        Time resume = to;
        bool inside = false;
        for (const Interval& i : intervals) {
            if (i.has(from)) {
                inside = true;
                resume = i.to;
                break;
            }
            if (i.from > from && i.from < until) until = i.from;
        }
        if (inside) {
            from = resume;
            continue;
        }
        longest = std::max(longest, until - from);
        from = until;
    }
    return longest;
}

/// The requests of a rule without a ledger for a message.
struct Wish {
    Transition transition = Transition::trigger;
    std::string id;
    Time starts = 0;
};

/// The rules without a ledger, named as in their sources.
class Naive {
 public:
    Naive(const Rule& rule, const alertmap::Mapper& map) : rule_(&rule), map_(&map) {}

    void take(const alertmap::AlertGroup& group, alertmap::Arena& arena, std::vector<Wish>& out) {
        using H = Rule::How;
        for (const alertmap::Subject subject : alertmap::subjects(group, map_->per())) {
            const alertmap::Event event = (*map_)(subject, arena);
            Wish wish{event.transition, std::string(event.external_id), alertmap::unix_time(event.starts_at) / 1'000'000};
            if (rule_->how == H::group_status) {
                wish.transition = group.status == alertmap::Status::resolved ? Transition::resolve : Transition::trigger;
            } else if (rule_->how == H::summary_id) {
                wish.id = std::string(event.summary);
            } else if (rule_->how == H::transitions) {
                std::string now = std::string(alertmap::name(event.transition)) + std::string(std::string_view(event.starts_at.text));
                std::string& last = last_[wish.id];
                if (last == now) continue;
                last = std::move(now);
            }
            if (event.transition != Transition::ignore) out.push_back(std::move(wish));
        }
    }

 private:
    const Rule* rule_;
    const alertmap::Mapper* map_;
    std::unordered_map<std::string, std::string> last_;
};

class Trial {
 public:
    Trial(const History& history, const Tape& tape, const Rule& rule, const Vendor& vendor, std::string* log)
        : h_(history),
          tape_(tape),
          rule_(rule),
          vendor_(vendor),
          log_(log),
          random_(history.seed * 977 + 5),
          map_(alertmap::find_preset(rule.preset).value()),
          naive_(rule, map_) {}

    Score run();

 private:
    enum Kind { deliver, turns, poll, wake, arrive, answer, down, back, human, expire, look_up, moved };

    struct Request {
        std::size_t shard = 0;
        std::uint64_t ticket = 0;
        int incarnation = 0;
        Transition transition = Transition::trigger;
        int id = 0;
        Time created = 0;
        Time starts = 0;          // of the event; 0: unknown
        bool by_listing = false;  // from a listing
        std::string vendor_id;    // of the incident to close, or that was opened
        alertmap::Answer answer;
        bool lost_answer = false;
        bool done = false;  // its answer was processed
    };
    /// Open incidents under an external ID at a vendor with its own IDs.
    struct Own {
        std::string id;
        bool untold = false;  // the answer with its ID was lost
    };
    /// State at the vendor and true state under one external ID.
    struct Incident {
        std::string id;
        std::vector<int> alerts;
        bool open = false;
        bool seen = false;
        bool unsure = false;  // an answer was lost since the state was last certain
        bool stuck = false;
        bool unlisted = false;
        Time opened = 0;
        std::uint64_t repeats = 0;
        std::vector<Own> own = {};

        /// Unknowable without a look-up.
        [[nodiscard]] bool unknowable() const {
            return unsure || (!own.empty() && std::all_of(own.begin(), own.end(), [](const Own& o) { return o.untold; }));
        }
    };
    /// The service learned that an alert is firing under this ID.
    struct Told {
        int id = 0;
        Time since = never;   // from a message
        Time listed = never;  // from a listing
        Time sent = never;    // the first accepted trigger after that, while the incident is open
    };
    struct State {
        Truth truth = Truth::gone;
        std::uint32_t episode = 0;
        Time since = 0;      // of the true state
        Time not_gone = 0;   // last time when it was not gone
        Time began = 0;      // the episode
        Time uncovered = 0;  // uncovered since; 0: covered, or not live
        bool excused = false;
        bool lost = false;
        bool by_human = false;                 // a human closed the episode's own incident, and it was not reopened
        bool with_vendor = false;              // the vendor accepted a trigger that was sent during this episode
        Time told = never;                     // when the service learned that this episode is firing
        Time told_end = never;                 // when the service learned its end
        bool last_word_fires = false;          // the last message about the episode says that it is firing
        Interval said_ended = {never, never};  // the same, while it is firing; until contradicted
        bool contradicted = false;             // it ended, that was reported, and then it was reported as firing
        std::vector<int> ids;
        std::vector<Told> told_as;
    };
    struct Mapped {  // a peer's last listing
        std::uint32_t listing = 0;
        std::string receiver;
        bool mapped = false;
        std::deque<std::string> bodies;
        std::deque<alertmap::Parser> parsers;
        std::deque<alertmap::AlertGroup> groups;
        alertmap::Arena arena;
        std::vector<alertmap::ListedEvent> events;
    };
    struct Outgoing {  // of a rule without a ledger: queue for one ID
        std::deque<Wish> waiting;
        bool in_flight = false;
        Time pause = second;
        std::string vendor_id;  // from the last answer
    };

    [[nodiscard]] bool ledger() const noexcept { return rule_.how == Rule::How::ledger; }
    [[nodiscard]] alertmap::UnixTime clock(Time now) const {
        Time wrong = 0;
        for (const Trouble& t : h_.troubles) {
            if (t.kind == K::clock_steps && t.when.has(now)) wrong += t.value;
            if (t.kind == K::clock_drifts && t.when.has(now)) wrong += (now - t.when.from) * t.value / hour;
        }
        return (now + wrong) * 1'000'000;
    }
    int intern(std::string_view id) {
        const auto [place, is_new] = index_.try_emplace(std::string(id), static_cast<int>(incidents_.size()));
        if (is_new) incidents_.push_back({std::string(id), {}, false, false, false, false, false, 0, 0, {}});
        return place->second;
    }
    [[nodiscard]] Time troubling(K kind, Time at) const {
        Time value = 0;
        for (const Trouble& t : h_.troubles) {
            if (t.kind == kind && t.when.has(at)) value = std::max(value, t.value);
        }
        return value;
    }
    void say(Time now, const std::string& what);

    // Service.
    void make_ledgers();
    void reshard(Time now);
    /// The instance of the service that handles an alert: by its ID without the episode's start, or by the group labels at the end of a
    /// group key, which a second route and a changed route share.
    [[nodiscard]] std::size_t shard_of(std::string_view external_id) const {
        const std::string_view told_under = episodes_ ? external_id.substr(0, external_id.rfind('-')) : group_labels_in(external_id);
        return std::hash<std::string_view>{}(told_under) % ledgers_.size();
    }
    [[nodiscard]] static std::string_view group_labels_in(std::string_view external_id) {
        const std::size_t labels = external_id.rfind(":{");
        return labels == std::string_view::npos ? external_id : external_id.substr(labels);
    }
    [[nodiscard]] std::string_view group_labels_of(int id) const { return group_labels_in(incidents_[static_cast<std::size_t>(id)].id); }
    void restore(Time now);
    void on_delivery(const Delivery& delivery);
    void look(std::uint32_t body, Time now);
    void told_as(int alert, int id, bool by_listing, Time now);
    void pump(Time now);
    void pump_ledger(Time now);
    bool pump_shard(std::size_t shard, Time now);
    void pump_naive(int id, Time now);
    void on_poll(Time now, int cluster);
    const std::vector<alertmap::ListedEvent>& map_listing(std::size_t peer, int cluster, const PeerState& state);
    void on_answer(const Request& request, Time now);
    void persist() {
        for (std::size_t i = 0; i < ledgers_.size(); ++i) {
            for (alertmap::LedgerRow& row : ledgers_[i].changes()) {
                if (row.json.empty()) {
                    stores_[i].erase(row.key);
                } else {
                    stores_[i][row.key] = std::move(row.json);
                }
            }
        }
    }
    bool crash_at(int phase, Time now);
    void send(Request request, Time now);
    void unsure(const Request& request);
    [[nodiscard]] const PeerState& peer_state(std::size_t peer, Time at) const;
    std::string group_body(const std::vector<ListingRow>& rows, bool quiet, const std::string& receiver, const std::string& key,
                           bool truncated = false) const;

    // Vendor.
    void on_arrival(Request& request, Time now);
    bool closes_own(Request& request, Incident& incident) const;
    void open(int id, bool by_resolve, Time sent, Time now);
    void close(int id, Time now, bool excused);
    void on_human(const Trouble& trouble, Time now);

    // Comparison.
    void learn_ids();
    void learn(const alertmap::Event& event, int cluster);
    void on_turn(const Turn& turn);
    [[nodiscard]] bool covered(const State& state) const {
        return std::any_of(state.ids.begin(), state.ids.end(), [&](int id) { return incidents_[static_cast<std::size_t>(id)].open; });
    }
    /// When a request was sent, one Alertmanager had reported the episode's end, nobody had contradicted it, and no complete listing was
    /// available.
    [[nodiscard]] bool misled(const State& state, Time sent) const {
        return state.said_ended.has(sent) && longest_gap(state.said_ended.from, sent, tape_.unlisted) == 0;
    }
    /// When a request was sent, an incident was open whose trigger already reported this episode.
    [[nodiscard]] bool told_before(const State& state, Time sent) const {
        return std::any_of(state.told_as.begin(), state.told_as.end(), [&](const Told& told) {
            const Incident& incident = incidents_[static_cast<std::size_t>(told.id)];
            return told.sent < sent && incident.open && !incident.unlisted && (!episodes_ || incident.opened >= state.began);
        });
    }
    /// Before a request was sent, a message reported it for its own incident.
    [[nodiscard]] bool listed_in_messages(const State& state, Time sent) const {
        return std::any_of(state.told_as.begin(), state.told_as.end(),
                           [&](const Told& told) { return told.since < sent && !incidents_[static_cast<std::size_t>(told.id)].unlisted; });
    }
    [[nodiscard]] bool covered_otherwise(const State& state, int without) const {
        return std::any_of(state.ids.begin(), state.ids.end(),
                           [&](int id) { return id != without && incidents_[static_cast<std::size_t>(id)].open; });
    }
    void check_cover(int alert, Time now, bool excused);
    void end_uncovered(int alert, Time now);
    void check_stuck(int id, Time now);
    [[nodiscard]] const std::string& name_of(int alert) const { return h_.alerts[static_cast<std::size_t>(alert)].fingerprint; }

    const History& h_;
    const Tape& tape_;
    const Rule& rule_;
    const Vendor& vendor_;
    std::string* log_;
    Random random_;
    alertmap::Mapper map_;
    Naive naive_;
    alertmap::Parser parser_;
    alertmap::Arena arena_;
    Schedule schedule_;
    Score score_;

    std::vector<alertmap::Ledger> ledgers_;  // one per instance of the service
    std::vector<std::map<std::string, std::string>> stores_;
    bool episodes_ = false;  // the ID contains the episode
    std::uint64_t next_own_ = 0;
    int incarnation_ = 0;
    Time woken_ = never;
    std::map<int, Outgoing> outgoing_;
    std::unordered_map<int, int> missing_;  // closing reconciler: number of listings without it
    std::vector<Time> asked_;               // by cluster: time of the last request for a listing
    std::vector<Mapped> mapped_;            // by peer
    std::vector<Request> requests_;
    std::unordered_map<std::string, int> index_;
    std::vector<Incident> incidents_;
    std::vector<State> states_;
    std::vector<bool> crashed_;
};

void Trial::say(Time now, const std::string& what) {
    if (log_ == nullptr) return;
    const Time since = now - h_.begin;
    const std::string clock = std::to_string(since / hour) + ':' + (since / minute % 60 < 10 ? "0" : "") +
                              std::to_string(since / minute % 60) + ':' + (since / second % 60 < 10 ? "0" : "") +
                              std::to_string(since / second % 60);
    *log_ += "  " + clock + "  " + what + '\n';
}

// ---- Service

void Trial::make_ledgers() {
    alertmap::LedgerOptions options;
    options.traits = vendor_.traits;
    const Route& route = h_.alertmanager.routes[0];
    const Time unheard = 4 * std::max(h_.prometheus.resend, h_.prometheus.evaluation);
    for (int c = 0; c < h_.clusters; ++c) {
        alertmap::ClusterOptions cluster;
        cluster.name = std::to_string(c);
        for (int p = 0; p < h_.peers; ++p) cluster.peers.push_back(std::to_string(c * h_.peers + p));
        options.clusters.push_back(cluster);
    }
    options.can_look_up = rule_.look_up;
    options.id_needs_group_key = map_.per() == alertmap::FanOut::per_group;
    const auto ns = [](Time ms) { return ms * 1'000'000; };
    options.settle = ns(route.group_wait + route.group_interval);
    options.close_grace = ns(unheard);
    options.open_grace = ns(route.group_wait + route.group_interval + 30 * second);
    options.peer_grace = ns(peer_grace);
    options.listing_interval = ns(h_.poll);
    options.repeat_interval = ns(route.repeat_interval);
    options.longest_retry = ns(minute);
    ledgers_.clear();
    for (std::size_t i = 0; i < stores_.size(); ++i) ledgers_.emplace_back(options);
}

/// Redistributes the state to this many instances of the service; requests in flight are not answered.
void Trial::reshard(Time now) {
    if (!ledger()) return;
    persist();
    std::size_t shards = 1;
    for (const Trouble& t : h_.troubles) {
        if (t.kind == K::resharded) shards = static_cast<std::size_t>(t.when.from <= now ? t.b : t.a);
    }
    say(now, "incidents move to " + std::to_string(shards) + " instance(s) of the service");
    const std::vector<std::map<std::string, std::string>> before = std::exchange(stores_, {});
    stores_.resize(shards);
    make_ledgers();
    for (const auto& store : before) {
        for (const auto& [key, json] : store) {
            // Group rows are needed by all; an incident's row belongs to the instance of its ID.
            for (std::size_t i = 0; i < shards; ++i) {
                if (key[0] == 'g' || shard_of(std::string_view(key).substr(1)) == i) stores_[i][key] = json;
            }
        }
    }
    restore(now);
    pump(now);
}

void Trial::restore(Time now) {
    for (std::size_t i = requests_.size(); i-- != 0 && requests_[i].created > now - answer_limit;) {
        // Requests in flight when the service stopped: their answers are lost.
        if (requests_[i].incarnation == incarnation_ && !requests_[i].done) unsure(requests_[i]);
    }
    ++incarnation_;
    woken_ = never;
    outgoing_.clear();
    if (!ledger()) return;
    make_ledgers();
    for (std::size_t i = 0; i < ledgers_.size(); ++i) {
        for (const auto& [key, json] : stores_[i]) {
            if (!ledgers_[i].read_row(key, json, clock(now))) say(now, "state: a row cannot be read: " + json);
        }
    }
}

/// Its answer is lost.
void Trial::unsure(const Request& request) {
    Incident& incident = incidents_[static_cast<std::size_t>(request.id)];
    incident.unsure = true;
    for (Own& own : incident.own) own.untold = own.untold || own.id == request.vendor_id;
}

bool Trial::crash_at(int phase, Time now) {
    for (std::size_t i = 0; i < h_.troubles.size(); ++i) {
        const Trouble& t = h_.troubles[i];
        if (t.kind != K::service_crash || t.b != phase || crashed_[i] || now < t.when.from) continue;
        crashed_[i] = true;
        say(now, "the service crashes and starts again");
        return true;
    }
    return false;
}

void Trial::told_as(int alert, int id, bool by_listing, Time now) {
    State& state = states_[static_cast<std::size_t>(alert)];
    if (state.truth == Truth::gone || std::find(state.ids.begin(), state.ids.end(), id) == state.ids.end()) return;
    auto told = std::find_if(state.told_as.begin(), state.told_as.end(), [id](const Told& known) { return known.id == id; });
    if (told == state.told_as.end()) told = state.told_as.insert(told, Told{id});
    Time& since = by_listing ? told->listed : told->since;
    since = std::min(since, now);
}

void Trial::look(std::uint32_t body, Time now) {
    const auto group = parser_.parse(tape_.bodies[body]);
    if (!group) {
        say(now, "body cannot be parsed");
        return;
    }
    arena_.clear();
    // The externalURL identifies the cluster, as the service's configuration would.
    const std::string_view url = group->external_url;
    const std::string_view cluster = url.substr(url.find('-') + 1, 1);
    if (episodes_) {
        for (const alertmap::Subject subject : alertmap::subjects(*group, map_.per())) learn(map_(subject, arena_), cluster[0] - '0');
    }
    if (ledger()) {
        const auto observe = [&](const alertmap::Subject& subject) {
            const alertmap::Event event = map_(subject, arena_);
            alertmap::Ledger& owner = ledgers_[shard_of(event.external_id)];
            for (const Listed& listed : tape_.listed[body]) {
                if (listed.firing) told_as(listed.alert, intern(event.external_id), false, now);
            }
            const alertmap::Observed observed = owner.observe(alertmap::Source::of(cluster, *group), event, clock(now));
            if (log_ != nullptr) {
                say(now, "  observed " + std::string(alertmap::name(event.transition)) + ' ' +
                             std::string(std::string_view(event.external_id)) + ": " + std::string(alertmap::name(observed)));
            }
        };
        for (const alertmap::Subject subject : alertmap::subjects(*group, map_.per())) observe(subject);
        // As ledger.hpp requires: a complete message ends the incident of unlisted alerts.
        if (map_.per() != alertmap::FanOut::per_group && !alertmap::has_unlisted_alerts(*group)) observe(alertmap::unlisted(*group));
        return;
    }
    std::vector<Wish> wishes;
    naive_.take(*group, arena_, wishes);
    for (const Wish& wish : wishes) {
        const int id = intern(wish.id);
        for (const Listed& listed : tape_.listed[body]) {
            if (listed.firing) told_as(listed.alert, id, false, now);
        }
        outgoing_[id].waiting.push_back(wish);
        pump_naive(id, now);
    }
}

void Trial::on_delivery(const Delivery& delivery) {
    const Time now = delivery.at;
    if (log_ != nullptr) {
        std::string what = "Alertmanager " + std::to_string(delivery.peer) + " says:";
        for (const Listed& l : tape_.listed[delivery.body]) what += ' ' + std::to_string(l.alert) + (l.firing ? "+" : "-");
        say(now, what + (delivery.crash != 0 ? ", and the service crashes" : ""));
    }
    if (delivery.crash == 1) {
        restore(delivery.back);
        schedule_.at(delivery.back, back);
        return;
    }
    look(delivery.body, now);
    if (ledger() && delivery.crash != 2) persist();
    if (delivery.crash != 2) {
        for (const Listed& listed : tape_.listed[delivery.body]) {
            State& state = states_[static_cast<std::size_t>(listed.alert)];
            if (listed.starts >= state.began - 2 * minute) state.last_word_fires = listed.firing;
            if (listed.firing && state.truth == Truth::live && listed.starts >= state.since - 2 * minute)
                state.told = std::min(state.told, now);
            if (!listed.firing && state.truth == Truth::gone) state.told_end = std::min(state.told_end, now);
            if (listed.firing) {
                state.contradicted = state.contradicted || (state.truth == Truth::gone && state.told_end != never) ||
                                     (state.truth != Truth::live && state.said_ended.from != never && state.said_ended.to == never);
                if (state.said_ended.to == never) state.said_ended.to = now;
            } else if (state.truth != Truth::gone && state.told != never) {
                if (state.said_ended.from == never || state.said_ended.to != never) state.said_ended = {now, never};
                // No Alertmanager lists it (its Prometheus is unreachable): if it is still firing, everyone sees the next episode.
                if (state.truth == Truth::unclear && listed.starts >= state.began - 2 * minute) {
                    state.with_vendor = false;
                    state.told_as.clear();
                }
            }
        }
    }
    if (delivery.crash != 0) {
        restore(delivery.back);
        schedule_.at(delivery.back, back);
        return;
    }
    pump(now);
}

void Trial::pump(Time now) {
    if (ledger() && !within(tape_.service_down, now)) pump_ledger(now);
}

void Trial::pump_ledger(Time now) {
    for (std::size_t i = 0; i < ledgers_.size(); ++i) {
        while (!pump_shard(i, now)) {
        }
    }
    alertmap::UnixTime next = std::numeric_limits<alertmap::UnixTime>::max();
    for (const alertmap::Ledger& ledger : ledgers_) next = std::min(next, ledger.next());
    // The ledger's time may differ from the simulation's.
    if (next == std::numeric_limits<alertmap::UnixTime>::max()) return;
    const Time offset = clock(now) / 1'000'000 - now;
    const Time at = std::max(next / 1'000'000 + 1 - offset, now + 1);
    if (at < woken_ || woken_ <= now) {
        woken_ = at;
        schedule_.at(at, wake);
    }
}

/// True: nothing was left to do.
bool Trial::pump_shard(std::size_t shard, Time now) {
    const std::span<const alertmap::Action> actions = ledgers_[shard].due(clock(now));
    std::vector<Request> todo;
    for (const alertmap::Action& action : actions) {
        if (action.kind == alertmap::ActionKind::list) {
            std::size_t cluster = 0;
            for (const char c : std::string_view(action.cluster)) cluster = cluster * 10 + static_cast<std::size_t>(c - '0');
            if (asked_[cluster] != now) schedule_.at(now + 50, poll, static_cast<int>(cluster), 1);
            asked_[cluster] = now;
            continue;
        }
        if (log_ != nullptr) {
            say(now, "  ledger: " + std::string(alertmap::name(action.kind)) + ' ' + std::string(action.external_id) + " (" +
                         std::string(action.reason) + ")");
        }
        if (action.kind == alertmap::ActionKind::look_up) {
            schedule_.at(now + 100, look_up, intern(action.external_id), static_cast<int>(shard), action.ticket);
            continue;
        }
        Request& request = todo.emplace_back();
        request.shard = shard;
        request.ticket = action.ticket;
        if (action.kind == alertmap::ActionKind::close) request.transition = Transition::resolve;
        if (action.kind == alertmap::ActionKind::acknowledge) request.transition = Transition::acknowledge;
        request.id = intern(action.external_id);
        request.starts = alertmap::unix_time(action.event.starts_at) / 1'000'000;
        request.vendor_id = std::string(action.vendor_id);
        request.by_listing = action.reason == "listings show that it fires";
    }
    const bool more = actions.size() >= 100;
    persist();
    if (!todo.empty() && crash_at(5, now)) {
        // Whether it was sent is unknown.
        for (const Request& t : todo) incidents_[static_cast<std::size_t>(t.id)].unsure = true;
        restore(now);
        return false;
    }
    const bool idle = todo.empty() && !more;
    for (Request& t : todo) send(std::move(t), now);
    return idle;
}

void Trial::pump_naive(int id, Time now) {
    Outgoing& out = outgoing_[id];
    if (out.in_flight || out.waiting.empty()) return;
    if (vendor_.own_ids && out.waiting.front().transition == Transition::resolve && out.vendor_id.empty()) {
        out.waiting.pop_front();  // its ID is unknown
        return pump_naive(id, now);
    }
    out.in_flight = true;
    Request request;
    request.transition = out.waiting.front().transition;
    request.id = id;
    request.starts = out.waiting.front().starts;
    request.vendor_id = out.vendor_id;
    send(std::move(request), now);
}

void Trial::send(Request request, Time now) {
    ++score_.requests;
    request.incarnation = incarnation_;
    request.created = now;
    request.answer.outcome = alertmap::Outcome::accepted;
    const Time way = random_.between(5, 200);
    bool taken = true;
    Time answered = now + 2 * way;
    const auto hang = [&](bool arrives) {
        taken = arrives;
        request.answer.outcome = alertmap::Outcome::unknown;
        request.lost_answer = true;
        answered = now + answer_limit;
    };
    const auto refuse = [&] {
        taken = false;
        request.answer.outcome = alertmap::Outcome::retry;
        if (random_.chance(0.3)) request.answer.retry_after = alertmap::seconds(random_.between(1, 20));
    };
    const std::int64_t roll = random_.between(0, 999);
    bool is_down = false;
    for (const Trouble& t : h_.troubles) is_down = is_down || (t.kind == K::vendor_down && t.when.has(now));
    if (troubling(K::key_rotated, now) != 0) {
        taken = false;  // 401, at once
        request.answer.outcome = alertmap::outcome_of(401);
    } else if (is_down || roll < troubling(K::vendor_flaky, now)) {
        random_.chance(0.25) ? hang(false) : refuse();
    } else if (roll < troubling(K::vendor_forgetful, now)) {
        hang(true);
    }
    requests_.push_back(request);
    const auto number = requests_.size() - 1;
    if (taken) schedule_.at(now + way, arrive, 0, 0, number);
    schedule_.at(answered, answer, 0, 0, number);
    if (log_ != nullptr) {
        say(now, "  sent " + std::string(alertmap::name(request.transition)) + ' ' + incidents_[static_cast<std::size_t>(request.id)].id +
                     ": " +
                     (taken ? (request.lost_answer ? "will be taken, the answer is lost" : "will be taken")
                            : (request.lost_answer ? "is lost, no answer" : "is refused")));
    }
}

void Trial::on_answer(const Request& request, Time now) {
    if (request.lost_answer) unsure(request);
    if (request.incarnation != incarnation_ || within(tape_.service_down, now)) {
        unsure(request);
        return;
    }
    if (crash_at(6, now)) {
        unsure(request);
        restore(now);
        pump(now);
        return;
    }
    const bool accepted = request.answer.outcome == alertmap::Outcome::accepted || request.answer.outcome == alertmap::Outcome::already;
    if (ledger()) {
        alertmap::Answer said = request.answer;
        if (accepted && request.transition == Transition::trigger) said.vendor_id = request.vendor_id;
        ledgers_[request.shard].answered(request.ticket, said, clock(now));
        persist();
        pump(now);
        return;
    }
    Outgoing& out = outgoing_[request.id];
    out.in_flight = false;
    if (accepted) {
        out.waiting.pop_front();
        out.vendor_id = request.transition == Transition::trigger ? request.vendor_id : std::string();
        out.pause = second;
        pump_naive(request.id, now);
        return;
    }
    out.pause = std::min(out.pause * 2, minute);
    schedule_.at(now + out.pause, wake, request.id, 1);
}

const PeerState& Trial::peer_state(std::size_t peer, Time at) const {
    const std::vector<PeerState>& states = tape_.peers[peer];
    auto after = std::upper_bound(states.begin(), states.end(), at, [](Time t, const PeerState& s) { return t < s.at; });
    return *(after == states.begin() ? after : after - 1);
}

/// A group of a listing in the form of a message, for the mapping.
std::string Trial::group_body(const std::vector<ListingRow>& rows, bool quiet, const std::string& receiver, const std::string& key,
                              bool truncated) const {
    std::string out = "{\"receiver\":";
    append_json(out, receiver);
    out += ",\"status\":\"firing\",\"alerts\":[";
    bool first = true;
    const AlertDef* any = nullptr;
    for (const ListingRow& row : rows) {
        if (row.quiet != quiet) continue;
        const AlertDef& def = h_.alerts[static_cast<std::size_t>(row.alert)];
        any = &def;
        if (!first) out += ',';
        first = false;
        out += "{\"status\":\"firing\"," + def.json + ",\"startsAt\":\"";
        append_time(out, row.starts);
        out += "\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"\",\"fingerprint\":\"" + def.fingerprint + "\"}";
    }
    if (any == nullptr) return {};
    out += "],\"groupLabels\":{";
    std::vector<std::string> names = h_.alertmanager.routes[0].group_by;
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
        if (out.back() != '{') out += ',';
        append_json(out, name);
        out += ':';
        append_json(out, any->label(name));
    }
    out += "},\"commonLabels\":{},\"commonAnnotations\":{},\"externalURL\":\"\",\"version\":\"4\",\"groupKey\":";
    append_json(out, key);
    return out + (truncated ? ",\"truncatedAlerts\":1}" : ",\"truncatedAlerts\":0}");
}

/// The listing's alerts by route and group labels, as GET /api/v2/alerts/groups returns them, mapped.
const std::vector<alertmap::ListedEvent>& Trial::map_listing(std::size_t peer, int cluster, const PeerState& state) {
    Mapped& mapped = mapped_[peer];
    const std::string cluster_name = std::to_string(cluster);
    const auto learned_key = [&](const alertmap::AlertGroup& group) {
        const alertmap::Source source = alertmap::Source::of(cluster_name, group);
        for (const alertmap::Ledger& ledger : ledgers_) {
            const std::string_view key = ledger.group_key(source);
            if (!key.empty()) return key;
        }
        return std::string_view{};
    };
    // What was learned meanwhile may change the groups' IDs.
    const bool same = mapped.mapped && mapped.listing == state.listing && mapped.receiver == state.receiver;
    if (same && (map_.per() != alertmap::FanOut::per_group ||
                 std::all_of(mapped.groups.begin(), mapped.groups.end(),
                             [&](const alertmap::AlertGroup& group) { return learned_key(group) == std::string_view(group.group_key); }))) {
        return mapped.events;
    }
    mapped.listing = state.listing;
    mapped.receiver = state.receiver;
    mapped.mapped = true;
    mapped.events.clear();
    mapped.groups.clear();
    mapped.bodies.clear();
    mapped.arena.clear();
    const bool per_group = map_.per() == alertmap::FanOut::per_group;
    std::map<std::string, std::vector<ListingRow>> groups;
    for (const ListingRow& row : tape_.listings[state.listing]) {
        std::string key;
        if (per_group) {
            for (const std::string& label : h_.alertmanager.routes[0].group_by) {
                key += std::string(h_.alerts[static_cast<std::size_t>(row.alert)].label(label)) + '\n';
            }
        }
        groups[key].push_back(row);
    }
    std::size_t used = 0;
    const auto parse = [&](const std::string& body) {
        if (used == mapped.parsers.size()) mapped.parsers.emplace_back();
        return mapped.parsers[used++].parse(body);
    };
    for (const auto& [key, rows] : groups) {
        for (const bool quiet : {false, true}) {
            std::string learned;
            if (per_group) {
                const std::string body = group_body(rows, quiet, state.receiver, "");
                if (body.empty()) continue;
                const auto unnamed = parse(body);
                learned = std::string(learned_key(*unnamed));
            }
            const std::string& body = mapped.bodies.emplace_back(group_body(rows, quiet, state.receiver, learned));
            if (body.empty()) continue;
            const auto group = parse(body);
            // Mapped from its own group, which outlives this call.
            mapped.groups.push_back(*group);
            for (const alertmap::Subject subject : alertmap::subjects(mapped.groups.back(), map_.per())) {
                mapped.events.push_back({map_(subject, mapped.arena), quiet});
                if (episodes_) learn(mapped.events.back().event, cluster);
            }
        }
    }
    return mapped.events;
}

void Trial::on_poll(Time now, int cluster) {
    if (within(tape_.service_down, now)) return;
    std::vector<bool> listed(h_.alerts.size(), false);
    bool complete = true;
    for (int p = 0; p < h_.peers; ++p) {
        const int peer = cluster * h_.peers + p;
        const PeerState& state = peer_state(static_cast<std::size_t>(peer), now);
        bool cut = false;
        for (const Trouble& t : h_.troubles) cut = cut || (t.kind == K::cut_off && t.when.has(now) && t.a == peer);
        if (!state.up || cut || random_.between(0, 999) < troubling(K::listings_fail, now)) {
            complete = false;
            continue;
        }
        const std::vector<ListingRow>& rows = tape_.listings[state.listing];
        for (const ListingRow& row : rows) listed[static_cast<std::size_t>(row.alert)] = true;
        if (!ledger()) {
            complete = complete && now - state.up_since >= peer_grace;
            continue;
        }
        const std::vector<alertmap::ListedEvent>& events = map_listing(static_cast<std::size_t>(peer), cluster, state);
        for (const alertmap::ListedEvent& event : events) {
            const int id = event.quiet || event.event.external_id.empty() ? -1 : intern(event.event.external_id);
            if (id < 0) continue;
            for (const ListingRow& row : rows) {
                told_as(row.alert, id, true, now);
                // A second route's group has equal labels, so the listing also shows the alert for that group. (With two clusters the
                // following request may belong to the other one.)
                if (h_.clusters != 1 || map_.per() != alertmap::FanOut::per_group) continue;
                for (const int other : states_[static_cast<std::size_t>(row.alert)].ids) {
                    if (group_labels_of(other) == group_labels_of(id)) told_as(row.alert, other, true, now);
                }
            }
        }
        alertmap::ListingSource source;
        const std::string cluster_name = std::to_string(cluster);
        const std::string peer_name = std::to_string(peer);
        source.cluster = cluster_name;
        source.peer = peer_name;
        source.asked_at = clock(now - 20);
        source.up_since = state.up_since * 1'000'000;
        source.mutes_listed = true;
        if (ledgers_.size() == 1) {
            ledgers_[0].listed(source, events, {}, clock(now));
            continue;
        }
        for (std::size_t i = 0; i < ledgers_.size(); ++i) {
            // Each instance gets its own incidents' events, and learns that the other alerts exist.
            std::vector<alertmap::ListedEvent> its;
            std::vector<std::string_view> elsewhere;
            for (const alertmap::ListedEvent& event : events) {
                if (shard_of(event.event.external_id) == i) {
                    its.push_back(event);
                } else {
                    for (const alertmap::EventMember& member : event.event.members) elsewhere.push_back(member.fingerprint);
                }
            }
            ledgers_[i].listed(source, its, elsewhere, clock(now));
        }
    }
    if (ledger()) {
        persist();
        pump(now);
        return;
    }
    if (!complete) return;
    // The closing reconciler: resolves open alerts that were missing from three consecutive complete listings.
    for (std::size_t a = 0; a < h_.alerts.size(); ++a) {
        if (h_.alerts[a].cluster != cluster) continue;
        for (const int id : states_[a].ids) {
            if (listed[a] || !incidents_[static_cast<std::size_t>(id)].open) {
                missing_[id] = 0;
            } else if (++missing_[id] >= 3) {
                missing_[id] = 0;
                outgoing_[id].waiting.push_back({Transition::resolve, {}, 0});
                pump_naive(id, now);
            }
        }
    }
}

// ---- Vendor

/// A close at a vendor with its own IDs: whether it was the last open one.
bool Trial::closes_own(Request& request, Incident& incident) const {
    const auto named = std::find_if(incident.own.begin(), incident.own.end(), [&](const Own& own) { return own.id == request.vendor_id; });
    if (named == incident.own.end()) {
        if (request.answer.outcome == alertmap::Outcome::accepted) request.answer.outcome = alertmap::Outcome::already;
        return false;
    }
    incident.own.erase(named);
    return incident.own.empty();
}

void Trial::on_arrival(Request& request, Time now) {
    Incident& incident = incidents_[static_cast<std::size_t>(request.id)];
    const bool unheard = request.lost_answer || request.incarnation != incarnation_;  // the answer does not arrive
    if (request.transition == Transition::resolve) {
        if (vendor_.own_ids && !closes_own(request, incident)) return;
        if (incident.open) {
            for (const int a : incident.alerts) {
                State& state = states_[static_cast<std::size_t>(a)];
                if (state.truth != Truth::live || covered_otherwise(state, request.id)) continue;
                // Listed alerts have their own incidents, or a human closed those: the incident of unlisted alerts is not for them.
                if (incident.unlisted && (state.by_human || listed_in_messages(state, request.created))) continue;
                // The end of an earlier episode may close its incident before the vendor learns of the new one. Also, an alert that returns
                // while the request is in flight was not live when it was sent.
                const bool known = state.with_vendor && state.told < request.created && state.since < request.created;
                if (!known && longest_gap(state.since, now, tape_.blocked) <= h_.grace) continue;
                if (misled(state, request.created)) {
                    ++score_.unknowable;
                    say(now, "closed while alert " + std::to_string(a) + " fires, which only the other Alertmanager knew: " + incident.id);
                    close(request.id, now, true);
                    incident.unsure = unheard;
                    return;
                }
                ++score_.wrongly_closed;
                say(now, "WRONGLY CLOSED: " + incident.id + " while alert " + std::to_string(a) + " fires");
                close(request.id, now, true);
                incident.unsure = unheard;
                return;
            }
            close(request.id, now, false);
        } else if (vendor_.resolve == Vendor::Unknown::opens ||
                   (vendor_.resolve == Vendor::Unknown::opens_if_never_seen && !incident.seen)) {
            const bool was_unsure = incident.unsure;
            open(request.id, true, request.created, now);
            incident.unsure = unheard || was_unsure;  // what it opened is unknown, too
            return;
        }
        incident.unsure = unheard;
        return;
    }
    if (request.transition == Transition::acknowledge) return;
    for (const int a : incident.alerts) {
        State& state = states_[static_cast<std::size_t>(a)];
        for (Told& told : state.told_as) {
            if (told.id != request.id || (request.by_listing ? told.listed : told.since) > request.created) continue;
            told.sent = std::min(told.sent, request.created);
        }
        // The trigger of an earlier episode may arrive late.
        const bool of_earlier = incident.alerts.size() == 1 && request.starts != 0 && request.starts < state.since - 2 * minute;
        if (state.truth == Truth::live && state.since <= request.created && !of_earlier) state.with_vendor = true;
    }
    const bool unknowable = incident.unknowable() || request.incarnation != incarnation_;  // sent before a crash
    if (vendor_.own_ids) {
        if (incident.own.empty() || !vendor_.merges) incident.own.push_back({"v-" + std::to_string(++next_own_)});
        request.vendor_id = incident.own.back().id;
        incident.own.back().untold = unheard;
    }
    if (!incident.open) {
        open(request.id, false, request.created, now);
    } else if (!vendor_.merges) {
        if (unknowable) {
            ++score_.unknowable;
            say(now, "paged again after a lost answer: " + incident.id);
        } else {
            ++score_.doubled;
            say(now, "DOUBLED: " + incident.id + " pages again");
        }
    }
    incident.unsure = unheard;
    if (vendor_.expires != 0) schedule_.at(now + vendor_.expires, expire, request.id, 0, ++incident.repeats);
}

void Trial::open(int id, bool by_resolve, Time sent, Time now) {
    Incident& incident = incidents_[static_cast<std::size_t>(id)];
    bool phantom = true;
    bool live = false;
    bool news = false;  // no other open incident contains one of its alerts
    bool unsure = incident.unsure;
    for (const int a : incident.alerts) {
        const State& state = states_[static_cast<std::size_t>(a)];
        if (state.truth != Truth::gone || now - state.not_gone <= h_.grace) phantom = false;
        if (state.truth != Truth::live) {
            // It may have been reported, and ended while the request or the last message about it was in flight.
            const bool still_told = state.last_word_fires && now - state.not_gone <= h_.grace && !told_before(state, sent);
            news = news || state.since >= sent || still_told;
            continue;
        }
        live = true;
        if (incident.unlisted || !told_before(state, sent)) news = true;
        // If its answer was lost, it is unknown that the other one is open.
        for (const int other : state.ids) unsure = unsure || incidents_[static_cast<std::size_t>(other)].unknowable();
    }
    const bool second_one = live && !news;
    if (by_resolve || phantom) {
        if (incident.unsure) {
            ++score_.unknowable;
            say(now, "opened for nothing after a lost answer: " + incident.id);
        } else {
            ++score_.phantom;
            say(now, "PHANTOM: " + incident.id + (by_resolve ? " opened by a resolve" : " opened long after the end"));
        }
    } else if (second_one && unsure) {
        ++score_.unknowable;
        say(now, "opened beside another incident after a lost answer: " + incident.id);
    } else if (second_one) {
        ++score_.doubled;
        say(now, "DOUBLED: " + incident.id + " opens while another incident is open for the same alert");
    }
    say(now, "  vendor opens " + incident.id);
    incident.open = true;
    incident.seen = true;
    incident.stuck = false;
    incident.opened = now;
    for (const int a : incident.alerts) {
        if (!incident.unlisted) states_[static_cast<std::size_t>(a)].by_human = false;
        check_cover(a, now, false);
    }
}

void Trial::close(int id, Time now, bool excused) {
    Incident& incident = incidents_[static_cast<std::size_t>(id)];
    check_stuck(id, now);
    say(now, "  vendor closes " + incident.id);
    incident.open = false;
    incident.own.clear();
    for (const int a : incident.alerts) {
        for (Told& told : states_[static_cast<std::size_t>(a)].told_as) {
            if (told.id == id) told.sent = never;
        }
    }
    for (const int a : incident.alerts)
        check_cover(a, now, excused || (incident.unlisted && states_[static_cast<std::size_t>(a)].by_human));
}

void Trial::on_human(const Trouble& trouble, Time now) {
    for (const int id : states_[static_cast<std::size_t>(trouble.a)].ids) {
        Incident& incident = incidents_[static_cast<std::size_t>(id)];
        if (!incident.open) continue;
        const bool closes = trouble.kind == K::human_closes;
        say(now, closes ? "a human closes it" : "a human acknowledges it");
        const std::string own = incident.own.empty() ? std::string() : incident.own.back().id;
        if (closes) {
            close(id, now, true);
            for (const int a : incident.alerts) {
                State& state = states_[static_cast<std::size_t>(a)];
                state.by_human = state.by_human || !incident.unlisted;
            }
            // Without a callback, or with one while the service is down, the service has a wrong state.
            if (trouble.b == 0 || within(tape_.service_down, now)) incident.unsure = true;
        }
        if (ledger() && trouble.b == 1 && !within(tape_.service_down, now)) {
            ledgers_[shard_of(incident.id)].vendor_said(
                incident.id, closes ? alertmap::VendorState::closed : alertmap::VendorState::acknowledged, clock(now), own);
            persist();
            pump(now);
        }
    }
}

// ---- Comparison

void Trial::learn_ids() {
    // Each alert alone, in each group that it ever belonged to, gives the IDs that cover it.
    for (const bool truncated : {false, true}) {
        for (std::size_t a = 0; a < h_.alerts.size(); ++a) {
            for (const std::string& key : tape_.group_keys[a]) {
                const std::string body = group_body({{static_cast<int>(a), h_.begin, false}}, false, "pager", key, truncated);
                const auto group = parser_.parse(body);
                arena_.clear();
                std::vector<Wish> wishes;
                Naive(rule_, map_).take(*group, arena_, wishes);
                for (const Wish& wish : wishes) {
                    const int id = intern(wish.id);
                    Incident& incident = incidents_[static_cast<std::size_t>(id)];
                    std::vector<int>& ids = states_[a].ids;
                    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
                    // An alert that only truncated messages contain is covered by the incident of unlisted alerts.
                    incident.unlisted = truncated;
                    ids.push_back(id);
                    incident.alerts.push_back(static_cast<int>(a));
                }
            }
        }
    }
}

/// An ID that contains the episode is learned when it first occurs.
void Trial::learn(const alertmap::Event& event, int cluster) {
    if (event.external_id.empty() || event.unlisted) return;
    const int id = intern(event.external_id);
    for (const alertmap::EventMember& member : event.members) {
        for (std::size_t a = 0; a < h_.alerts.size(); ++a) {
            std::vector<int>& ids = states_[a].ids;
            if (h_.alerts[a].cluster != cluster || h_.alerts[a].fingerprint != member.fingerprint) continue;
            if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
            ids.push_back(id);
            incidents_[static_cast<std::size_t>(id)].alerts.push_back(static_cast<int>(a));
        }
    }
}

void Trial::on_turn(const Turn& turn) {
    State& state = states_[static_cast<std::size_t>(turn.alert)];
    const Time now = turn.at;
    static constexpr const char* words[] = {"is gone", "is unclear", "fires"};
    say(now, "alert " + std::to_string(turn.alert) + ' ' + words[static_cast<std::size_t>(turn.truth)]);
    if (state.truth == Truth::live) end_uncovered(turn.alert, now);
    if (state.truth == Truth::gone) {
        for (const int id : state.ids) check_stuck(id, now);
    }
    if (turn.episode != state.episode) {
        state.lost = false;
        state.excused = false;
        state.told = never;
        state.said_ended = {never, never};
        state.contradicted = false;
        state.by_human = false;
        state.last_word_fires = false;
        state.began = now;
        state.told_as.clear();
    }
    if (state.truth == Truth::gone) state.told_end = never;
    if (state.truth != Truth::gone) state.not_gone = now;
    state.truth = turn.truth;
    state.episode = turn.episode;
    state.since = now;
    if (turn.truth == Truth::gone) {
        state.with_vendor = false;
        state.told = never;
        state.excused = false;
    }
    check_cover(turn.alert, now, state.excused);
}

void Trial::check_cover(int alert, Time now, bool excused) {
    State& state = states_[static_cast<std::size_t>(alert)];
    if (state.truth != Truth::live || covered(state)) {
        end_uncovered(alert, now);
        if (state.truth == Truth::live) state.excused = false;
    } else if (state.uncovered == 0) {
        state.uncovered = now;
        state.excused = excused;
    }
}

void Trial::end_uncovered(int alert, Time now) {
    State& state = states_[static_cast<std::size_t>(alert)];
    if (state.uncovered == 0) return;
    const Time from = state.uncovered;
    state.uncovered = 0;
    if (state.excused || state.lost) return;
    const bool by_message = state.told != never && longest_gap(std::max(from, state.told), now, tape_.blocked) > h_.grace;
    const bool by_listing = longest_gap(from, now, tape_.unlisted) > h_.grace;
    if (!by_message && !by_listing) return;
    state.lost = true;
    if (std::any_of(state.ids.begin(), state.ids.end(), [&](int id) { return incidents_[static_cast<std::size_t>(id)].unknowable(); })) {
        ++score_.unknowable;
        say(now, "nothing was open for alert " + std::to_string(alert) + ", and the service could not know");
        return;
    }
    ++score_.lost;
    say(now, "LOST: nothing was open for alert " + std::to_string(alert) + " (" + name_of(alert) + ") for " +
                 std::to_string((now - from) / second) + " s");
}

void Trial::check_stuck(int id, Time now) {
    Incident& incident = incidents_[static_cast<std::size_t>(id)];
    if (!incident.open || incident.stuck) return;
    Time from = incident.opened;
    Time told = 0;
    for (const int a : incident.alerts) {
        const State& state = states_[static_cast<std::size_t>(a)];
        if (state.truth != Truth::gone) return;
        from = std::max(from, state.since);
        told = std::max(told, state.since <= h_.begin ? Time{0} : state.told_end);
    }
    const bool by_message = told != never && longest_gap(std::max(from, told), now, tape_.blocked) > h_.grace;
    const bool by_listing = longest_gap(from, now, tape_.unlisted) > h_.grace;
    if (!by_message && !by_listing) return;
    incident.stuck = true;
    const bool contradicted = !by_listing && std::any_of(incident.alerts.begin(), incident.alerts.end(),
                                                         [&](int a) { return states_[static_cast<std::size_t>(a)].contradicted; });
    if (contradicted) {
        ++score_.unknowable;
        say(now, "still open, the Alertmanagers said different things of it, and no listing could be had: " + incident.id);
        return;
    }
    if (incident.unknowable()) {
        ++score_.unknowable;
        say(now, "still open, the answer to the close was lost: " + incident.id);
        return;
    }
    ++score_.stuck;
    say(now, "STUCK: " + incident.id + " is open since " + std::to_string((now - from) / second) + " s for nothing");
}

Score Trial::run() {
    states_.resize(h_.alerts.size());
    crashed_.resize(h_.troubles.size(), false);
    mapped_.resize(tape_.peers.size());
    asked_.resize(static_cast<std::size_t>(h_.clusters), never);
    episodes_ = rule_.preset == "better_stack";
    learn_ids();
    stores_.resize(1);
    for (const Trouble& t : h_.troubles) {
        if (t.kind == K::resharded) stores_.resize(static_cast<std::size_t>(t.a));
    }
    if (ledger()) make_ledgers();
    for (std::size_t i = 0; i < tape_.turns.size(); ++i) schedule_.at(tape_.turns[i].at, turns, 0, 0, i);
    for (std::size_t i = 0; i < tape_.deliveries.size(); ++i) schedule_.at(tape_.deliveries[i].at, deliver, 0, 0, i);
    for (std::size_t i = 0; i < h_.troubles.size(); ++i) {
        const Trouble& t = h_.troubles[i];
        if (t.kind == K::resharded) schedule_.at(t.when.from, moved);
        if (t.kind == K::human_closes || t.kind == K::human_acknowledges) schedule_.at(t.when.from, human, 0, 0, i);
        if (t.kind == K::service_down) {
            schedule_.at(t.when.from, down);
            schedule_.at(t.when.to, back);
        }
    }
    if (ledger() || rule_.how == Rule::How::close_only) {
        for (int c = 0; c < h_.clusters; ++c) schedule_.at(h_.begin + random_.between(1, h_.poll), poll, c);
    }
    while (schedule_.next() < h_.end) {
        const Step step = schedule_.pop();
        const Time now = step.at;
        switch (step.kind) {
            case deliver: on_delivery(tape_.deliveries[step.c]); break;
            case turns: on_turn(tape_.turns[step.c]); break;
            case poll:
                if (step.b == 0) schedule_.at(now + h_.poll, poll, step.a);
                on_poll(now, step.a);
                break;
            case wake:
                if (step.b == 1) {
                    pump_naive(step.a, now);
                } else if (now == woken_) {
                    woken_ = never;
                    pump(now);
                }
                break;
            case arrive: {
                Request request = requests_[step.c];
                on_arrival(request, now);
                requests_[step.c].vendor_id = request.vendor_id;
                requests_[step.c].answer.outcome = request.answer.outcome;
                break;
            }
            case answer:
                on_answer(Request(requests_[step.c]), now);
                requests_[step.c].done = true;
                break;
            case down: restore(now); break;
            case moved: reshard(now); break;
            case back:
                if (within(tape_.service_down, now)) break;
                restore(now);
                pump(now);
                break;
            case look_up: {
                if (!ledger() || within(tape_.service_down, now)) break;
                bool is_down = random_.between(0, 999) < troubling(K::vendor_flaky, now);
                for (const Trouble& t : h_.troubles) is_down = is_down || (t.kind == K::vendor_down && t.when.has(now));
                alertmap::Ledger& ledger = ledgers_[static_cast<std::size_t>(step.b) % ledgers_.size()];
                if (is_down || troubling(K::key_rotated, now) != 0) {
                    ledger.answered(step.c, {alertmap::Outcome::retry}, clock(now));
                } else {
                    Incident& incident = incidents_[static_cast<std::size_t>(step.a)];
                    say(now, "  looked up: " + incident.id + (incident.open ? " is open" : " is closed"));
                    const std::string own = incident.own.empty() ? std::string() : incident.own.back().id;
                    if (!incident.own.empty()) incident.own.back().untold = false;
                    ledger.vendor_said(incident.id, incident.open ? alertmap::VendorState::open : alertmap::VendorState::closed, clock(now),
                                       own);
                }
                persist();
                pump(now);
                break;
            }
            case human: on_human(h_.troubles[step.c], now); break;
            case expire:
                if (incidents_[static_cast<std::size_t>(step.a)].open && incidents_[static_cast<std::size_t>(step.a)].repeats == step.c) {
                    say(now, "the vendor closes by itself");
                    close(step.a, now, false);
                }
                break;
            default: break;
        }
    }
    for (std::size_t a = 0; a < states_.size(); ++a) end_uncovered(static_cast<int>(a), h_.end);
    for (std::size_t i = 0; i < incidents_.size(); ++i) check_stuck(static_cast<int>(i), h_.end);
    score_.episodes = tape_.episodes;
    for (const alertmap::Ledger& ledger : ledgers_) score_.dead_letters += ledger.stats().dead_letters;
    return score_;
}

}  // namespace

Score try_rule(const History& history, const Tape& tape, const Rule& rule, const Vendor& vendor, std::string* log) {
    return Trial(history, tape, rule, vendor, log).run();
}

}  // namespace simulation
