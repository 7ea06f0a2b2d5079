#include "simulation/replay.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "simulation/alertmanager.hpp"
#include "simulation/model.hpp"
#include "simulation/random.hpp"

namespace simulation {

namespace {

// Start of the histories for the model, and how long before that Alertmanager was started.
constexpr Time base = Time{1768435200} * second;
constexpr Time started_before = 5 * second;
constexpr Time length = 45 * second;
constexpr Time narrow = 350;  // in ms; closer events are decided by chance on a busy machine

struct Config {
    Time group_wait, group_interval, repeat_interval;
    std::size_t max_alerts;
    bool send_resolved;
    bool by_name;
};
constexpr Config configs[] = {
    {1000, 2000, 5000, 0, true, true},  {1000, 3000, 7500, 0, true, false},  {2000, 3000, 7500, 2, true, false},
    {1000, 2000, 9000, 1, true, false}, {1000, 3000, 7500, 0, false, false}, {2000, 2000, 60000, 0, true, false},
};

Route route_of(const Config& config, int number) {
    Route route;
    route.matcher = {"config", "c" + std::to_string(number)};
    route.receiver = "c" + std::to_string(number);
    route.group_by = {"history"};
    if (config.by_name) route.group_by.push_back("alertname");
    route.group_wait = config.group_wait;
    route.group_interval = config.group_interval;
    route.repeat_interval = config.repeat_interval;
    route.max_alerts = config.max_alerts;
    route.send_resolved = config.send_resolved;
    return route;
}

/// One history with the model; its text is empty if two of its times are too close.
class Replayed final : public AlertmanagerHost {
 public:
    Replayed(std::uint64_t seed, std::size_t number) : random_(seed), number_(number) {}

    std::string make() {
        const int config = static_cast<int>(random_.between(0, static_cast<std::int64_t>(std::size(configs)) - 1));
        const int count = static_cast<int>(random_.between(1, 5));
        std::vector<AlertDef> alerts;
        for (int i = 0; i < count; ++i) {
            AlertDef alert;
            alert.labels = {{"alertname", i % 2 == 0 ? "A<b>" : "B"},
                            {"config", "c" + std::to_string(config)},
                            {"history", "h" + std::to_string(number_)},
                            {"instance", "web-" + std::to_string((i * 7 + 3) % 10)},
                            {"severity", i == 0 && random_.chance(0.3) ? "critical" : "warning"},
                            {"service", "h" + std::to_string(number_)}};
            if (random_.chance(0.5)) alert.labels.push_back({"job", "j" + std::to_string(i % 2)});
            alert.annotations = {{"summary", "say \"hi\" & more"}};
            alert.generator_url = "http://prometheus.example.test/graph?a=1&b=2";
            alert.finish();
            alerts.push_back(alert);
        }
        AlertmanagerOptions options;
        options.routes = {route_of(configs[config], config)};
        options.resolve_timeout = 4 * second;
        options.inhibit = true;
        const int refused = static_cast<int>(random_.between(0, 3));
        for (int i = 0; i < 12; ++i)
            answers_.push_back(i < 8 && refused != 0 && random_.chance(0.25) ? (random_.chance(0.5) ? 500 : 400) : 200);

        Schedule schedule;
        Alertmanager peer(0, 0, alerts, options, schedule, 0, *this, number_);
        peer.start(base - started_before);
        std::string acts;
        Time at = base + random_.between(0, 5000);
        Time last_starts = at;
        while (at < base + length - 12 * second) {
            while (schedule.next() < at) peer.step(schedule.pop());
            while (peer.nearest_tick(at) < narrow) {
                at += 60;
                while (schedule.next() < at) peer.step(schedule.pop());
            }
            const int alert = static_cast<int>(random_.between(0, count - 1));
            if (!acts.empty()) acts += ",\n   ";
            acts += "{\"at\": " + std::to_string(at - base);
            if (random_.chance(0.12)) {
                const Silence silence{{"instance", std::string(alerts[static_cast<std::size_t>(alert)].label("instance"))},
                                      {at, at + random_.between(3000, 12000)}};
                acts += ", \"silence\": \"" + silence.matcher.value + "\", \"to\": " + std::to_string(silence.active.to - base) + "}";
                peer.add(silence);
            } else {
                Post post{alert, at - random_.between(0, 3000), 0};
                if (random_.chance(0.2)) post.starts = last_starts;  // the same episode is sent again
                last_starts = post.starts;
                const std::int64_t kind = random_.between(0, 3);
                if (kind == 0) post.ends = at;
                if (kind == 1) post.ends = at + random_.between(2000, 9000);
                if (post.ends != 0 && post.ends <= post.starts) post.starts = post.ends - 10;
                acts += ", \"alert\": " + std::to_string(alert) + ", \"starts\": " + std::to_string(post.starts - base) +
                        ", \"ends\": " + (post.ends == 0 ? "null" : std::to_string(post.ends - base)) + "}";
                peer.put(post, at);
            }
            at += random_.between(200, 4000);
        }
        while (schedule.next() < base + length) peer.step(schedule.pop());
        if (peer.margin() < narrow) return {};

        std::string out = "{\"history\": \"h" + std::to_string(number_) + "\", \"answers\": [";
        for (std::size_t i = 0; i < answers_.size(); ++i) out += (i == 0 ? "" : ", ") + std::to_string(answers_[i]);
        out += "],\n  \"alerts\": [";
        for (const AlertDef& alert : alerts) {
            if (out.back() != '[') out += ",\n   ";
            out += "{" + alert.json + ",\"generatorURL\":";
            append_json(out, alert.generator_url);
            out += '}';
        }
        return out + "],\n  \"acts\": [" + acts + "],\n  \"bodies\": [" + bodies_ + "]}";
    }

    Answered post(const Notification& notification, Time now) override {
        if (!bodies_.empty()) bodies_ += ",\n   ";
        bodies_ += "{\"at\": " + std::to_string(now - base) + ", \"body\": " + std::string(notification.body) + "}";
        // Each group has its own answers: the order of two groups is random.
        std::size_t& requests = requests_[*notification.group_key];
        const int answer = requests < answers_.size() ? answers_[requests] : 200;
        ++requests;
        return {now + 5, answer == 200 ? Answer::ok : answer == 500 ? Answer::retry : Answer::fail};
    }
    void logged(const Alertmanager&, const std::string&, const LogEntry&, Time) override {}

 private:
    Random random_;
    std::size_t number_;
    std::vector<int> answers_;
    std::map<std::string, std::size_t> requests_;
    std::string bodies_;
};

}  // namespace

void write_replay(std::uint64_t first_seed, std::size_t count) {
    std::printf("{\"base\": %lld, \"started_before\": %lld, \"length\": %lld, \"configs\": [", static_cast<long long>(base),
                static_cast<long long>(started_before), static_cast<long long>(length));
    for (std::size_t i = 0; i < std::size(configs); ++i) {
        const Config& c = configs[i];
        std::printf(
            "%s\n {\"group_wait\": %lld, \"group_interval\": %lld, \"repeat_interval\": %lld, \"max_alerts\": %zu, \"send_resolved\": %s, "
            "\"by_name\": %s}",
            i == 0 ? "" : ",", static_cast<long long>(c.group_wait), static_cast<long long>(c.group_interval),
            static_cast<long long>(c.repeat_interval), c.max_alerts, c.send_resolved ? "true" : "false", c.by_name ? "true" : "false");
    }
    std::printf("],\n\"histories\": [");
    std::size_t made = 0;
    for (std::uint64_t seed = first_seed; made < count; ++seed) {
        const std::string history = Replayed(seed, made).make();
        if (history.empty()) continue;
        std::printf("%s\n %s", made == 0 ? "" : ",", history.c_str());
        ++made;
    }
    std::printf("]}\n");
}

}  // namespace simulation
