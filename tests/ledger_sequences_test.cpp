#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/ledger.hpp"
#include "alertmap/mapper.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "alertmap/subject.hpp"
#include "support/files.hpp"

// Sequences of Alertmanager messages, from bytes to requests: each one was observed with real programs to leave a wrong state at a vendor
// (docs/why-the-pager-was-wrong.md). tests/ledger_test.cpp tests the rules individually.

using namespace alertmap;

namespace {

constexpr std::int64_t sequence_begin = 1'767'225'600;  // time 0 of the tests: 2026-01-01T00:00:00Z

/// One alert of a message or listing. Times are seconds since the test's start.
struct Told {
    std::string name;  ///< one or more letters: the instance, and the end of the fingerprint
    std::int64_t starts = 0;
    std::int64_t ends = 0;  ///< 0: firing
    std::string severity = "critical";
    std::string summary = "is not well";
};

/// A service with one ledger, its vendor, and its messages. Requests are logged as "open a, close a", where an alert's ID is its
/// fingerprint without leading zeros.
class Service {
 public:
    explicit Service(LedgerOptions options = {}, Mapping mapping = preset::recommended()) : options_(std::move(options)), map_(mapping) {
        options_.traits.repeat = Repeat::merges;
        options_.id_needs_group_key = needs_group_key(map_.per(), map_);
        if (!options_.clusters.empty()) peers = options_.clusters[0].peers;
        ledger = Ledger(options_);
    }
    static LedgerOptions asking(std::vector<std::string> peers, bool mutes_are_used = false) {
        LedgerOptions options;
        ClusterOptions cluster;
        cluster.name = "eu";
        cluster.peers = std::move(peers);
        if (!mutes_are_used) cluster.opens = ClusterOptions::Opens::always;
        options.clusters.push_back(cluster);
        return options;
    }
    static LedgerOptions ignoring() {
        LedgerOptions options;
        options.traits.unknown_resolve = UnknownResolve::ignored;
        return options;
    }

    Ledger ledger{LedgerOptions{}};
    std::int64_t now = 0;
    std::string cluster = "eu";
    std::string receiver = "pager";
    std::string route = "{job=\"app\"}";
    int truncated = 0;
    Outcome outcome = Outcome::accepted;
    std::vector<std::string> peers;  ///< polled for listings
    std::string last_reason;

    /// Processes a message of these alerts; returns the immediate requests.
    std::string say(const std::vector<Told>& alerts) { return take(message(alerts)); }
    /// The same with the bytes of a message.
    std::string take(const std::string& body) {
        observe(body);
        return due();
    }
    /// The same without requests: the service was killed, or sends later.
    void observe(const std::string& body) {
        Parser parser;
        const auto group = parser.parse(body);
        REQUIRE(group);
        Arena arena;
        const Source source = Source::of(cluster, *group);
        for (const Subject subject : subjects(*group, map_.per())) ledger.observe(source, map_(subject, arena), time());
        if (map_.per() != FanOut::per_group && !has_unlisted_alerts(*group)) ledger.observe(source, map_(unlisted(*group), arena), time());
        persist();
    }
    /// Requests that are due now; the vendor answers each with `outcome`.
    std::string due() {
        std::string done;
        for (int round = 0; round < 20; ++round) {
            std::vector<std::uint64_t> tickets;
            for (const Action& action : ledger.due(time())) {
                if (action.kind == ActionKind::list) continue;
                done.append(done.empty() ? "" : ", ").append(name(action.kind)).append(" ").append(short_id(action.external_id));
                tickets.push_back(action.ticket);
                last_reason = action.reason;
            }
            if (tickets.empty()) break;
            for (const std::uint64_t ticket : tickets) ledger.answered(ticket, {outcome}, time());
        }
        persist();
        return done;
    }
    /// Listings of all peers, once a minute; returns the resulting requests.
    std::string poll(int minutes_long, const std::vector<Told>& active, const std::vector<Told>& quiet = {}) {
        std::string done;
        for (int i = 0; i < minutes_long; ++i) {
            now += 60;
            for (const std::string& peer : peers) list(peer, active, quiet);
            const std::string more = due();
            if (!more.empty()) done.append(done.empty() ? "" : ", ").append(more);
        }
        return done;
    }
    void list(const std::string& peer, const std::vector<Told>& active, const std::vector<Told>& quiet = {}) {
        Arena arena;
        std::deque<Parser> parsers;
        std::deque<std::string> bodies;
        std::deque<AlertGroup> groups;
        std::vector<ListedEvent> events;
        for (const auto* alerts : {&active, &quiet}) {
            if (alerts->empty()) continue;
            const auto group = parsers.emplace_back().parse(bodies.emplace_back(message(*alerts)));
            REQUIRE(group);
            groups.push_back(*group);
            groups.back().group_key = arena.copy(ledger.group_key(Source::of(cluster, *group)));
            for (const Subject subject : subjects(groups.back(), map_.per())) events.push_back({map_(subject, arena), alerts == &quiet});
        }
        ListingSource source;
        source.cluster = cluster;
        source.peer = peer;
        source.up_since = seconds(sequence_begin - 86'400);
        ledger.listed(source, events, {}, time());
    }
    std::string wait(std::int64_t for_seconds) {
        now += for_seconds;
        return due();
    }
    void persist() {
        for (LedgerRow& row : ledger.changes()) {
            if (row.json.empty()) {
                rows.erase(row.key);
            } else {
                rows[row.key] = std::move(row.json);
            }
        }
    }
    /// Kills the service and restarts it with its persisted state.
    void restart() {
        ledger = Ledger(options_);
        for (const auto& [key, json] : rows) REQUIRE(ledger.read_row(key, json, time()));
    }
    /// What the vendor has open, according to the ledger.
    std::string open() {
        std::vector<std::string> ids;
        for (const IncidentView& incident : ledger.incidents()) {
            if (incident.vendor == "open" || incident.vendor == "acknowledged") ids.push_back(short_id(incident.external_id));
        }
        std::sort(ids.begin(), ids.end());
        std::string text;
        for (const std::string& id : ids) text.append(text.empty() ? "" : ", ").append(id);
        return text;
    }
    /// The name of an ID in the log.
    void call(std::string id, std::string short_name) { names_[std::move(id)] = std::move(short_name); }
    /// As Alertmanager writes it; a changed route has another one.
    [[nodiscard]] std::string group_key() const { return "{}/" + route + ":{alertname=\"DiskFull\"}"; }
    [[nodiscard]] UnixTime time() const { return seconds(sequence_begin + now); }

    [[nodiscard]] std::string message(const std::vector<Told>& alerts) const {
        const bool fires = std::any_of(alerts.begin(), alerts.end(), [](const Told& told) { return told.ends == 0; });
        std::string body = R"({"receiver":")" + receiver + R"(","status":")" + (fires ? "firing" : "resolved") + R"(","alerts":[)";
        for (const Told& told : alerts) {
            if (body.back() != '[') body += ',';
            body += R"({"status":")" + std::string(told.ends == 0 ? "firing" : "resolved") + R"(","labels":{"alertname":"DiskFull",)" +
                    R"("instance":")" + told.name + R"(","job":"app","severity":")" + told.severity + R"("},"annotations":{"summary":")" +
                    told.summary + R"("},"startsAt":")" + at(told.starts) + R"(","endsAt":")" +
                    (told.ends == 0 ? "0001-01-01T00:00:00Z" : at(told.ends)) + R"(","generatorURL":"","fingerprint":")" +
                    std::string(16 - told.name.size(), '0') + told.name + R"("})";
        }
        std::string key = group_key();
        for (std::size_t i = 0; (i = key.find('"', i)) != std::string::npos; i += 2) key.insert(i, "\\");
        return body + R"(],"groupLabels":{"alertname":"DiskFull"},"commonLabels":{"alertname":"DiskFull"},"commonAnnotations":{},)" +
               R"("externalURL":"http://am.example.test","version":"4","groupKey":")" + key + R"(","truncatedAlerts":)" +
               std::to_string(truncated) + "}";
    }

    std::map<std::string, std::string> rows;

 private:
    static std::string at(std::int64_t second) {
        const auto two = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
        return "2026-01-" + two(1 + second / 86'400) + 'T' + two(second / 3600 % 24) + ':' + two(second / 60 % 60) + ':' +
               two(second % 60) + 'Z';
    }
    [[nodiscard]] std::string short_id(std::string_view id) const {
        if (const auto named = names_.find(std::string(id)); named != names_.end()) return named->second;
        if (id.size() == 16 && id[0] == '0') return std::string(id.substr(id.find_first_not_of('0')));
        return std::string(id);
    }

    LedgerOptions options_;
    Mapper map_;
    std::map<std::string, std::string> names_;
};

}  // namespace

// ---- One alert

namespace {

constexpr std::int64_t after_the_captures = 28'000'000;  // the bodies of Alertmanager 0.25 are from November 2026

std::string captured(const std::string& name) { return test::webhook("alertmanager-0.25-" + name); }

}  // namespace

TEST_CASE("sequence: fire, resolve, fire again, with the bodies of Alertmanager 0.25") {
    Service service(Service::ignoring());
    service.call("1b24c1265d64d5aa", "a");
    service.now = after_the_captures;
    CHECK(service.take(captured("lifecycle.01")) == "open a");
    CHECK(service.take(captured("lifecycle.02")) == "close a");
    CHECK(service.take(captured("lifecycle.03")) == "open a");
    CHECK(service.take(captured("lifecycle.04")) == "close a");
}

TEST_CASE("sequence: a late resolve of an earlier episode, with the bodies of Alertmanager 0.25") {
    // Two Alertmanagers without gossip: the second one's resolve was answered with 503, and its old body arrives after the first one sent
    // the resolve and the next episode.
    Service service(Service::ignoring());
    service.now = after_the_captures;
    for (const char* name : {"lifecycle.01", "lifecycle.02", "lifecycle.03"}) service.take(captured(name));
    CHECK(service.open() == "1b24c1265d64d5aa");
    CHECK(service.take(captured("lifecycle.02")) == "");
    CHECK(service.open() == "1b24c1265d64d5aa");
    CHECK(service.ledger.stats().stale == 1);
}

TEST_CASE("sequence: flapping") {
    Service service(Service::ignoring());
    for (std::int64_t i = 0; i < 20; ++i) {
        CHECK(service.say({{"a", 60 * i}}) == "open a");
        CHECK(service.say({{"a", 60 * i}}) == "");
        CHECK(service.say({{"a", 60 * i, 60 * i + 30}}) == "close a");
        service.wait(60);
    }
}

TEST_CASE("sequence: flapping while the vendor is down: the last episode pages") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    service.outcome = Outcome::retry;
    for (std::int64_t at = 10; at < 80; at += 10) {
        service.say({{"a", at, at + 5}});
        service.say({{"a", at + 10}});
    }
    service.outcome = Outcome::accepted;
    CHECK(service.wait(600) == "close a, open a");
    CHECK(service.say({{"a", 80, 700}}) == "close a");
}

TEST_CASE("sequence: an annotation changes while the alert is firing") {
    Service service(Service::ignoring());
    service.say({{"a", 10}});
    CHECK(service.say({{"a", 10, 0, "critical", "the value is 7"}}) == "");
    CHECK(service.say({{"a", 10, 20, "critical", "the value is 3"}}) == "close a");
}

TEST_CASE("sequence: a label changes: another alert starts and the first one ends") {
    // The severity rises: Prometheus ends the alert with the old labels and sends one with the new labels.
    SUBCASE("ID fingerprint: two incidents") {
        Service service(Service::ignoring());
        CHECK(service.say({{"a", 10, 0, "warning"}}) == "open a");
        CHECK(service.say({{"a", 10, 0, "warning"}, {"b", 40}}) == "open b");
        CHECK(service.say({{"a", 10, 40, "warning"}, {"b", 40}}) == "close a");
        CHECK(service.open() == "b");
    }
    SUBCASE("ID alertname: one incident, which stays open") {
        Service service(Service::ignoring(), preset::rootly());
        CHECK(service.say({{"a", 10, 0, "warning"}}) == "open DiskFull");
        CHECK(service.say({{"a", 10, 0, "warning"}, {"b", 40}}) == "update DiskFull");
        CHECK(service.say({{"a", 10, 40, "warning"}, {"b", 40}}) == "");
        CHECK(service.say({{"b", 40, 90}}) == "close DiskFull");
    }
}

TEST_CASE("sequence: send_resolved is false: listings close") {
    Service service(Service::asking({"am-1"}));
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.poll(10, {{"a", 10}}) == "");
    CHECK(service.poll(10, {}) == "close a");
    CHECK(service.say({{"a", 2000}}) == "open a");
}

TEST_CASE("sequence: a sender posts endsAt without startsAt: Alertmanager sets the start up to an hour ahead") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 3600}}) == "open a");
    service.wait(60);
    CHECK(service.say({{"a", 3660}}) == "");
    service.wait(60);
    CHECK(service.say({{"a", 3660, 110}}) == "close a");
    service.wait(60);
    CHECK(service.say({{"a", 3780}}) == "open a");
}

TEST_CASE("sequence: Prometheus resends a resolved alert for 15 minutes, and Alertmanager notifies each time") {
    Service service(Service::asking({}));  // a vendor that opens an alert for each unknown resolve
    CHECK(service.say({{"a", 10}, {"b", 10}}) == "open a, open b");
    CHECK(service.say({{"a", 10, 60}, {"b", 10}}) == "close a");
    for (int i = 0; i < 12; ++i) {
        service.wait(60);
        CHECK(service.say({{"a", 10, 60}, {"b", 10}}) == "");
    }
}

TEST_CASE("sequence: a resolve of an unknown alert, as after state loss") {
    SUBCASE("not sent if the vendor would open an alert") {
        Service service;
        CHECK(service.say({{"a", 10, 60}}) == "");
    }
    SUBCASE("sent once if harmless") {
        Service service(Service::ignoring());
        CHECK(service.say({{"a", 10, 60}}) == "close a");
        CHECK(service.say({{"a", 10, 60}}) == "");
    }
}

// ---- Groups

TEST_CASE("sequence: the alertname as ID: one alert of four ends, with the bodies of Alertmanager 0.25") {
    Service service(Service::ignoring(), preset::rootly());
    service.now = after_the_captures;
    CHECK(service.take(captured("mixed.01")) == "open MX");
    CHECK(service.take(captured("mixed.02")) == "");
    CHECK(service.open() == "MX");
    CHECK(service.take(captured("mixed.03")) == "close MX");
}

TEST_CASE("sequence: 1,000 alerts in a group, 500 of them end") {
    std::vector<Told> all;
    std::vector<Told> half;
    for (int i = 0; i < 1000; ++i) {
        all.push_back({std::to_string(1000 + i), 10});
        half.push_back({std::to_string(1000 + i), 10, i % 2 == 0 ? 60 : 0});
    }
    Service service(Service::ignoring(), preset::rootly());
    CHECK(service.say(all) == "open DiskFull");
    CHECK(service.say(half) == "");
    CHECK(service.open() == "DiskFull");
    for (Told& told : half) told.ends = told.ends == 0 ? 90 : told.ends;
    CHECK(service.say(half) == "close DiskFull");
}

TEST_CASE("sequence: the oldest alert of a group ends: the group's changed start does not page") {
    Service service(Service::ignoring(), preset::signl4());
    service.call(service.group_key(), "group");
    CHECK(service.say({{"a", 10}, {"b", 50}}) == "open group");
    CHECK(service.say({{"a", 10, 90}, {"b", 50}}) == "");
    CHECK(service.say({{"b", 50}}) == "");
    CHECK(service.say({{"b", 50, 120}}) == "close group");
}

TEST_CASE("sequence: max_alerts hides firing alerts, with the bodies of Alertmanager 0.25") {
    // Two of five are listed, and both are resolved in the second body, whose status is therefore resolved; three are still firing.
    SUBCASE("ID fingerprint: unlisted alerts are a separate incident") {
        Service service(Service::ignoring());
        service.now = after_the_captures;
        service.call("cc006724dfe76687", "a");
        service.call("21db391eef728cbe", "b");
        const std::string first = service.take(captured("trunc-hides-firing.01"));
        CHECK(first.substr(0, 20) == "open a, open b, open");
        CHECK(service.take(captured("trunc-hides-firing.02")) == "close a, close b");
        CHECK(service.open() != "");
    }
    SUBCASE("ID per group: it stays open") {
        Service service(Service::ignoring(), preset::signl4());
        service.now = after_the_captures;
        service.call("{}/{scenario=\"trunc-hides-firing\"}:{scenario=\"trunc-hides-firing\"}", "group");
        CHECK(service.take(captured("trunc-hides-firing.01")) == "open group");
        CHECK(service.take(captured("trunc-hides-firing.02")) == "");
        CHECK(service.open() == "group");
    }
}

TEST_CASE("sequence: max_alerts: the first complete message closes the incident of unlisted alerts") {
    Service service(Service::ignoring());
    service.truncated = 1;
    CHECK(service.say({{"a", 10}, {"b", 10}}).substr(0, 20) == "open a, open b, open");
    service.truncated = 0;
    const std::string done = service.say({{"a", 10}, {"b", 10, 60}, {"c", 10}});
    CHECK(done.find("close b") != std::string::npos);
    CHECK(done.find("open c") != std::string::npos);
    CHECK(service.open() == "a, c");
}

TEST_CASE("sequence: max_alerts: listings close a group whose last message was truncated") {
    Service service(Service::asking({"am-1"}), preset::signl4());
    service.call(service.group_key(), "group");
    service.truncated = 3;
    CHECK(service.say({{"a", 10}, {"b", 10}}) == "open group");
    CHECK(service.say({{"a", 10, 60}, {"b", 10, 60}}) == "");
    CHECK(service.poll(10, {{"c", 10}}) == "update group");  // one of the truncated ones
    CHECK(service.poll(20, {}) == "close group");
}

TEST_CASE("sequence: two routes to one receiver send the same alert") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    service.route = "{severity=\"critical\"}";
    CHECK(service.say({{"a", 10}}) == "");
    CHECK(service.say({{"a", 10, 60}}) == "close a");
    service.route = "{job=\"app\"}";
    CHECK(service.say({{"a", 10, 60}}) == "");
}

TEST_CASE("sequence: two receivers send the same alert, with the bodies of Alertmanager 0.25") {
    Service service(Service::ignoring());
    service.now = after_the_captures;
    CHECK(service.take(captured("dup-recv1.01")).substr(0, 5) == "open ");
    CHECK(service.take(captured("dup-recv2.01")) == "");
}

TEST_CASE("sequence: a route changes: another group key, the same alerts") {
    SUBCASE("ID fingerprint: no effect") {
        Service service(Service::ignoring());
        CHECK(service.say({{"a", 10}, {"b", 10}}) == "open a, open b");
        service.route = "{job=~\"^(?:app)$\"}";
        CHECK(service.say({{"a", 10}, {"b", 10}}) == "");
        CHECK(service.say({{"a", 10, 60}, {"b", 10, 60}}) == "close a, close b");
    }
    SUBCASE("ID per group: the same alert does not page again, and its end closes the incident of the old key") {
        Service service(Service::ignoring(), preset::signl4());
        service.call(service.group_key(), "old");
        CHECK(service.say({{"a", 10}}) == "open old");
        service.route = "{job=~\"^(?:app)$\"}";
        service.call(service.group_key(), "new");
        CHECK(service.say({{"a", 10}}) == "");
        service.wait(3600);
        CHECK(service.say({{"a", 10}}) == "update old");  // in case a human closed it
        SUBCASE("it ends") { CHECK(service.say({{"a", 10, 4000}}) == "close old"); }
        SUBCASE("another alert pages") {
            CHECK(service.say({{"a", 10}, {"b", 3000}}) == "open new");
            CHECK(service.say({{"a", 10, 4000}, {"b", 3000}}) == "close old");
            CHECK(service.say({{"b", 3000, 5000}}) == "close new");
        }
        SUBCASE("a human closes it: a repeat an hour later pages again") {
            service.ledger.vendor_said(service.ledger.incidents()[0].external_id, VendorState::closed, service.time());
            CHECK(service.say({{"a", 10}}) == "");
            service.wait(3600);
            CHECK(service.say({{"a", 10}}) == "open new");
            CHECK(service.say({{"a", 10, 9000}}) == "close new");
        }
        SUBCASE("a human closes it: the next episode pages at once, even if no end was sent") {
            service.ledger.vendor_said(service.ledger.incidents()[0].external_id, VendorState::closed, service.time());
            CHECK(service.say({{"a", 10}}) == "");
            CHECK(service.say({{"a", 3000}}) == "open new");
        }
        SUBCASE("the next episode") {
            service.say({{"a", 10, 4000}});
            CHECK(service.say({{"a", 5000}}) == "open new");
        }
        SUBCASE("killed in between") {
            service.restart();
            CHECK(service.say({{"a", 10}}) == "");
            CHECK(service.say({{"a", 10, 4000}}) == "close old");
        }
    }
}

TEST_CASE("sequence: two routes to one receiver, with IDs per group") {
    Service service(Service::ignoring(), preset::signl4());
    service.call(service.group_key(), "all");
    service.route = "{severity=\"critical\"}";
    service.call(service.group_key(), "worst");
    const auto say = [&](const std::string& route, const std::vector<Told>& alerts) {
        service.route = route;
        return service.say(alerts);
    };
    const std::string all = "{job=\"app\"}";
    const std::string worst = "{severity=\"critical\"}";
    CHECK(say(all, {{"a", 10}, {"b", 10, 0, "warning"}}) == "open all");
    SUBCASE("one page for an alert") {
        CHECK(say(worst, {{"a", 10}}) == "");
        CHECK(say(all, {{"a", 10, 60}, {"b", 10, 0, "warning"}}) == "update all");  // now a warning
        CHECK(say(worst, {{"a", 10, 60}}) == "");
        CHECK(say(worst, {{"a", 100}}) == "open worst");  // before the other group reports it
        CHECK(say(all, {{"a", 100}, {"b", 10, 0, "warning"}}) == "update all");
    }
    SUBCASE("the first incident closes while the second's alert is firing: the second opens") {
        CHECK(say(worst, {{"a", 10}}) == "");
        CHECK(say(worst, {{"a", 100}}) == "");  // the end in between was not sent yet
        CHECK(say(all, {{"a", 10, 60}, {"b", 10, 70, "warning"}}) == "open worst, close all");
        CHECK(service.open() == "worst");
    }
    SUBCASE("the vendor rejects the first one") {
        service.outcome = Outcome::rejected;
        CHECK(say(all, {{"a", 10}, {"b", 10, 0, "warning"}, {"c", 10}}) == "update all");
        service.outcome = Outcome::accepted;
        CHECK(say(worst, {{"c", 10}, {"a", 10}}) == "");
    }
}

TEST_CASE("sequence: two routes to one receiver, with IDs per group, and listings") {
    // GET /api/v2/alerts/groups merges the groups of both, as their labels are equal.
    Service service(Service::asking({"am-1"}), preset::signl4());
    const std::string all = "{job=\"app\"}";
    const std::string worst = "{severity=\"critical\"}";
    const auto say = [&](const std::string& route, const std::vector<Told>& alerts) {
        service.route = route;
        service.call(service.group_key(), route == all ? "all" : "worst");
        return service.say(alerts);
    };
    const Told warning{"a", 10, 0, "warning"};
    SUBCASE("an alert that only one of them reported belongs to that one") {
        CHECK(say(all, {warning}) == "open all");
        CHECK(say(worst, {{"b", 10}}) == "open worst");
        CHECK(say(all, {warning, {"b", 10}}) == "update all");
        CHECK(service.poll(10, {}) == "close all, close worst");
        CHECK(say(worst, {{"b", 900}}) == "open worst");
        CHECK(service.poll(10, {{"b", 900}, {"a", 950, 0, "warning"}}) == "open all");
        CHECK(service.open() == "all, worst");
        CHECK(service.poll(6, {{"b", 900}}) == "close all");
    }
    SUBCASE("an unreported alert joins the open incident, and does not open the other one") {
        CHECK(say(all, {{"b", 10}}) == "open all");
        CHECK(say(worst, {{"b", 10}}) == "");
        CHECK(service.poll(10, {{"b", 10}, {"c", 20, 0, "warning"}}) == "update all");
        CHECK(say(worst, {{"b", 10}}) == "");
        CHECK(service.poll(5, {{"c", 20, 0, "warning"}}) == "");
        CHECK(service.open() == "all");
        CHECK(service.poll(6, {}) == "close all");
    }
    SUBCASE("a changed route is not a second one") {
        CHECK(say(all, {warning}) == "open all");
        CHECK(service.poll(10, {}) == "close all");
        CHECK(say(worst, {{"b", 900}}) == "open worst");
        CHECK(service.poll(10, {{"b", 900}, {"a", 950, 0, "warning"}}) == "update worst");
    }
    SUBCASE("a human closes the incident of both, and only listings show the next episode") {
        CHECK(say(all, {{"b", 10}}) == "open all");
        CHECK(say(worst, {{"b", 10}}) == "");
        service.ledger.vendor_said(service.ledger.incidents()[0].external_id, VendorState::closed, service.time());
        CHECK(service.poll(10, {{"b", 10}}) == "");
        CHECK(service.poll(1, {{"b", 650}}) == "open worst");
    }
}

TEST_CASE("sequence: a route changes, and the highest alert of a group that did not open ends in a third group's message") {
    Service service(Service::ignoring(), preset::signl4());
    const auto say = [&](const std::string& route, const std::string& name, const std::vector<Told>& alerts) {
        service.route = route;
        service.call(service.group_key(), name);
        return service.say(alerts);
    };
    CHECK(say("{job=\"app\"}", "old", {{"a", 10, 0, "warning"}}) == "open old");
    CHECK(say("{severity=\"critical\"}", "worst", {{"b", 20}}) == "open worst");
    CHECK(say("{job=~\"app\"}", "new", {{"a", 10, 0, "warning"}, {"b", 20}}) == "");
    CHECK(say("{severity=\"critical\"}", "worst", {{"b", 20, 60}}) == "close worst");  // a has no higher severity for it
    SUBCASE("its next message is the same") { CHECK(say("{job=~\"app\"}", "new", {{"a", 10, 0, "warning"}, {"b", 20, 60}}) == ""); }
    SUBCASE("or the severity rose") { CHECK(say("{job=~\"app\"}", "new", {{"a", 10}, {"b", 20, 60}}) == "open new"); }
}

TEST_CASE("sequence: the receiver is renamed") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    service.receiver = "pager-2";
    CHECK(service.say({{"a", 10}}) == "");
    CHECK(service.say({{"a", 10, 60}}) == "close a");
}

// ---- Messages that never come

TEST_CASE("sequence: silenced at its end, then the alert fires again without a notification") {
    // Alertmanager's notification log considers the alert notified until repeat_interval. A service that only closes loses the next page.
    Service service(Service::asking({"am-1"}));
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.poll(5, {}, {{"a", 10}}) == "");  // silenced: stays open
    CHECK(service.poll(10, {}) == "close a");       // it ended meanwhile
    CHECK(service.poll(10, {{"a", 1500}}) == "open a");
    CHECK(service.say({{"a", 1500, 2200}}) == "close a");
}

TEST_CASE("sequence: silenced at its start: no page before the silence ends") {
    Service service(Service::asking({"am-1"}));
    CHECK(service.poll(60, {}, {{"a", 10}}) == "");
    CHECK(service.poll(10, {{"a", 10}}) == "open a");
}

TEST_CASE("sequence: a silence starts and ends while the alert is firing") {
    Service service(Service::asking({"am-1"}));
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.poll(30, {}, {{"a", 10}}) == "");
    CHECK(service.poll(30, {{"a", 10}}) == "");
    CHECK(service.say({{"a", 10, 3700}}) == "close a");
}

TEST_CASE("sequence: inhibited at its end, with the bodies of Alertmanager 0.25") {
    // The second body lacks the alert ...c0d: it ended while it was silenced. Absence alone is not an end.
    Service service(Service::asking({"am-1"}));
    service.now = after_the_captures;
    service.take(captured("silenced-resolve-lost.01"));
    const std::string both = service.open();
    service.take(captured("silenced-resolve-lost.02"));
    CHECK(service.open().size() == both.size() + both.size() / 2 + 1);
    service.take(captured("silenced-resolve-lost.03"));
    CHECK(service.open() == both.substr(both.find(',') + 2));
    CHECK(service.poll(10, {}) == "close " + both.substr(both.find(',') + 2));
}

TEST_CASE("sequence: Alertmanager restarts and loses its alerts: no resolve is sent") {
    Service service(Service::asking({"am-1"}));
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.poll(4, {}) == "");  // Prometheus may not have resent it yet
    CHECK(service.poll(6, {}) == "close a");
}

TEST_CASE("sequence: Alertmanager restarts with an old notification log: new alerts are never sent") {
    Service service(Service::asking({"am-1"}));
    CHECK(service.poll(6, {{"a", 10}, {"b", 12}}) == "");  // while a message may still arrive
    CHECK(service.poll(4, {{"a", 10}, {"b", 12}}) == "open a, open b");
}

TEST_CASE("sequence: Prometheus restarts: the alert has a new or its old start") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.say({{"a", 200}}) == "");
    SUBCASE("its end has the new start") { CHECK(service.say({{"a", 200, 300}}) == "close a"); }
    SUBCASE("it timed out meanwhile, and keeps firing with its old start") {
        CHECK(service.say({{"a", 200, 250}}) == "close a");
        CHECK(service.say({{"a", 200}}) == "");  // held: it may be a late message
        CHECK(service.wait(329) == "");
        CHECK(service.wait(1) == "open a");
    }
}

TEST_CASE("sequence: Prometheus is stopped beyond the alert's end: it ends, and fires again with its old start") {
    Service service(Service::asking({"am-1"}));
    CHECK(service.say({{"a", 10}}) == "open a");
    service.now = 400;
    CHECK(service.say({{"a", 10, 250}}) == "close a");
    service.now = 500;
    CHECK(service.say({{"a", 10}}) == "");
    service.now = 510;
    service.list("am-1", {{"a", 10}});  // the listing decides at once
    CHECK(service.due() == "open a");
}

// ---- Two Prometheus, two Alertmanagers, two clusters

TEST_CASE("sequence: a replica pair sends one alert with different starts") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.say({{"a", 13}}) == "");
    CHECK(service.say({{"a", 10}}) == "");
    CHECK(service.say({{"a", 10, 60}}) == "close a");
    CHECK(service.say({{"a", 13, 63}}) == "");
    CHECK(service.say({{"a", 100}}) == "open a");
    CHECK(service.say({{"a", 13, 63}}) == "");
    CHECK(service.open() == "a");
}

TEST_CASE("sequence: IDs per episode, and the start changes while firing: one page") {
    // The other Prometheus of a pair, or a restart, causes another start.
    Service service(Service::ignoring(), preset::better_stack());
    const auto call = [&](std::int64_t starts, const std::string& name) {
        service.call("000000000000000a-" + std::to_string(sequence_begin + starts) + ".000000000", name);
    };
    call(10, "first");
    call(13, "second");
    call(3000, "third");
    CHECK(service.say({{"a", 10}}) == "open first");
    CHECK(service.say({{"a", 13}}) == "");
    SUBCASE("it ends, and the next episode pages") {
        CHECK(service.say({{"a", 13, 63}}) == "close first");
        CHECK(service.say({{"a", 10, 60}}) == "");
        service.now = 3000;
        CHECK(service.say({{"a", 3000}}) == "open third");
    }
    SUBCASE("killed in between") {
        service.restart();
        CHECK(service.say({{"a", 13}}) == "");
        CHECK(service.say({{"a", 13, 63}}) == "close first");
    }
    SUBCASE("repeats are forwarded for the open incident") {
        service.wait(3600);
        CHECK(service.say({{"a", 13}}) == "update first");
    }
    SUBCASE("it was another episode, as the late end of the first one shows") {
        CHECK(service.say({{"a", 10, 12}}) == "open second, close first");
        CHECK(service.say({{"a", 13, 63}}) == "close second");
    }
    SUBCASE("another severity pages") { CHECK(service.say({{"b", 10, 0, "warning"}}).substr(0, 5) == "open "); }
    SUBCASE("a human closes it, including its other ID; the next episode pages at once") {
        service.ledger.vendor_said("000000000000000a-" + std::to_string(sequence_begin + 10) + ".000000000", VendorState::closed,
                                   service.time());
        CHECK(service.say({{"a", 13}}) == "");
        service.now = 3000;
        CHECK(service.say({{"a", 3000}}) == "open third");
    }
}

TEST_CASE("sequence: IDs per episode, a human closes one, and only listings show the next") {
    Service service(Service::asking({"am-1"}), preset::better_stack());
    CHECK(service.say({{"a", 10}}).substr(0, 5) == "open ");
    CHECK(service.say({{"a", 13}}) == "");
    service.ledger.vendor_said(service.ledger.incidents()[0].external_id, VendorState::closed, service.time());
    CHECK(service.poll(10, {{"a", 13}}) == "");
    CHECK(service.poll(10, {{"a", 700}}).substr(0, 5) == "open ");
}

TEST_CASE("sequence: IDs per episode, and the next one's trigger arrives while listings no longer show the first") {
    Service service(Service::asking({"am-1"}), preset::better_stack());
    service.call("000000000000000a-" + std::to_string(sequence_begin + 10) + ".000000000", "first");
    service.call("000000000000000a-" + std::to_string(sequence_begin + 190) + ".000000000", "second");
    CHECK(service.say({{"a", 10}}) == "open first");
    CHECK(service.poll(4, {}) == "");
    CHECK(service.say({{"a", 190}}) == "");
    CHECK(service.poll(3, {}) == "");  // the message refutes the listings before it
    CHECK(service.poll(3, {}) == "close first");
    CHECK(service.open() == "");
}

TEST_CASE("sequence: a pair of Alertmanagers without gossip: each sends everything") {
    Service service(Service::asking({"am-1", "am-2"}));
    CHECK(service.say({{"a", 10}}) == "open a");
    CHECK(service.say({{"a", 10}}) == "");
    CHECK(service.say({{"a", 10, 60}}) == "");  // both listings have to confirm it
    CHECK(service.say({{"a", 10, 60}}) == "");
    service.now = 70;
    service.list("am-1", {});
    service.list("am-2", {});
    CHECK(service.due() == "close a");
    CHECK(service.say({{"a", 10, 60}}) == "");
}

TEST_CASE("sequence: one of a pair sends late: trigger and resolve of the previous episode") {
    Service service(Service::asking({"am-1", "am-2"}));
    service.say({{"a", 10}});
    service.say({{"a", 10, 60}});
    CHECK(service.wait(60) == "close a");  // no listing came within `confirm`
    CHECK(service.say({{"a", 10}}) == "");
    CHECK(service.say({{"a", 10, 60}}) == "");
    CHECK(service.wait(600) == "");
    CHECK(service.open() == "");
    CHECK(service.say({{"a", 700}}) == "open a");
    CHECK(service.say({{"a", 10, 60}}) == "");
    CHECK(service.wait(600) == "");
    CHECK(service.open() == "a");
}

TEST_CASE("sequence: Prometheus cannot reach one of a pair: its resolve does not close an ongoing outage") {
    Service service(Service::asking({"am-1", "am-2"}));
    service.say({{"a", 10}});
    service.now = 320;
    CHECK(service.say({{"a", 10, 310}}) == "");  // it timed out at that peer
    service.now = 321;
    service.list("am-1", {{"a", 10}});
    service.list("am-2", {});
    CHECK(service.wait(60) == "");
    CHECK(service.wait(600) == "");
    CHECK(service.open() == "a");
    // The real end, when it arrives.
    service.say({{"a", 10, 1200}});
    service.now = 1300;
    service.list("am-1", {});
    service.list("am-2", {});
    CHECK(service.due() == "close a");
}

TEST_CASE("sequence: the second of a pair sends the trigger after the first one's resolve, without listings") {
    Service service(Service::asking({"am-1", "am-2"}));
    service.say({{"a", 10}});
    service.now = 130;
    CHECK(service.say({{"a", 10, 120}}) == "");
    service.now = 132;
    CHECK(service.say({{"a", 10}}) == "");
    SUBCASE("the first one repeats the resolve, which is the last message") {
        service.now = 160;
        CHECK(service.say({{"a", 10, 120}}) == "");
        CHECK(service.wait(59) == "");
        CHECK(service.wait(1) == "close a");
    }
    SUBCASE("the trigger is the last message") {
        CHECK(service.wait(600) == "");
        CHECK(service.open() == "a");
    }
}

TEST_CASE("sequence: the alertname as ID: the last alert ends while another one fires again without a message yet") {
    Service service(Service::asking({"am-1"}), preset::rootly());
    CHECK(service.say({{"a", 10}, {"b", 10}}) == "open DiskFull");
    CHECK(service.poll(2, {{"a", 10}, {"b", 10}}) == "");
    CHECK(service.say({{"a", 10}, {"b", 10, 100}}) == "");
    SUBCASE("it keeps firing: the incident stays open") {
        CHECK(service.poll(10, {{"b", 10}}) == "update DiskFull");
        CHECK(service.open() == "DiskFull");
    }
    SUBCASE("it ends, too") {
        CHECK(service.poll(5, {{"b", 10}}) == "");
        CHECK(service.poll(1, {}) == "close DiskFull");
    }
    SUBCASE("no further listings") {
        CHECK(service.poll(5, {{"b", 10}}) == "");
        CHECK(service.wait(3600) == "close DiskFull");
    }
}

TEST_CASE("sequence: one of a pair is down for hours: listings close nothing, but resolves do") {
    Service service(Service::asking({"am-1", "am-2"}));
    service.peers = {"am-1"};
    service.say({{"a", 10}, {"b", 10}});
    CHECK(service.poll(180, {{"b", 10}}) == "");
    service.say({{"a", 10, 60}, {"b", 10}});
    CHECK(service.wait(60) == "close a");
    CHECK(service.open() == "b");
}

TEST_CASE("sequence: two clusters with equal labels") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    service.cluster = "us";
    CHECK(service.say({{"a", 11}}) == "update a");
    CHECK(service.say({{"a", 11, 60}}) == "");
    service.cluster = "eu";
    CHECK(service.say({{"a", 10, 90}}) == "close a");
}

// ---- The vendor

TEST_CASE("sequence: the first answer is 500: retried until accepted") {
    for (const Outcome outcome : {Outcome::retry, Outcome::unknown}) {
        Service service(Service::ignoring());
        service.outcome = outcome;
        CHECK(service.say({{"a", 10}}) == "open a");
        for (int i = 0; i < 10; ++i) CHECK(service.wait(300) == "open a");
        service.outcome = Outcome::accepted;
        CHECK(service.wait(300) == "open a");
        CHECK(service.wait(300) == "");
        service.outcome = outcome;
        CHECK(service.say({{"a", 10, 4000}}) == "close a");
        for (int i = 0; i < 10; ++i) CHECK(service.wait(300) == "close a");
        service.outcome = Outcome::accepted;
        CHECK(service.wait(300) == "close a");
        CHECK(service.wait(300) == "");
    }
}

TEST_CASE("sequence: the vendor is down while the alert starts and ends: nothing is opened afterwards") {
    Service service(Service::ignoring());
    service.outcome = Outcome::retry;  // refused: cannot have arrived
    CHECK(service.say({{"a", 10}}) == "open a");
    service.say({{"a", 10, 60}});
    service.outcome = Outcome::accepted;
    CHECK(service.wait(600) == "");
}

TEST_CASE("sequence: the answer was lost, and an unknown resolve opens an alert") {
    Service service;
    service.outcome = Outcome::unknown;
    service.say({{"a", 10}});
    service.say({{"a", 10, 60}});
    service.outcome = Outcome::accepted;
    CHECK(service.wait(300) == "open a, close a");
    CHECK(service.wait(300) == "");
}

TEST_CASE("sequence: a human closes the incident while the alert is firing") {
    Service service(Service::ignoring());
    service.say({{"a", 10}});
    service.ledger.vendor_said("000000000000000a", VendorState::closed, service.time());
    CHECK(service.say({{"a", 10}}) == "");
    SUBCASE("a repeat an hour later pages again") {
        service.wait(3600);
        CHECK(service.say({{"a", 10}}) == "open a");
        CHECK(service.say({{"a", 10, 4000}}) == "close a");
    }
    SUBCASE("it ends: nothing to close; the next episode pages at once") {
        CHECK(service.say({{"a", 10, 60}}) == "");
        CHECK(service.say({{"a", 100}}) == "open a");
    }
}

TEST_CASE("sequence: a human closed it, and two alerts start at once: one page") {
    LedgerOptions options = Service::ignoring();
    Service service(options, preset::rootly());
    service.say({{"a", 10}});
    service.ledger.vendor_said("DiskFull", VendorState::closed, service.time());
    service.observe(service.message({{"b", 50}}));
    std::uint64_t ticket = 0;
    for (const Action& action : service.ledger.due(service.time())) {
        CHECK(action.kind == ActionKind::open);
        ticket = action.ticket;
    }
    service.observe(service.message({{"c", 50}}));
    service.ledger.answered(ticket, {Outcome::accepted}, service.time());
    CHECK(service.due() == "update DiskFull");  // if repeats page, nothing is sent: rule 1
    CHECK(service.last_reason == "another alert, severity or paging target");
}

TEST_CASE("sequence: a human acknowledges: the next episode still pages") {
    Service service(Service::ignoring());
    service.say({{"a", 10}});
    service.ledger.vendor_said("000000000000000a", VendorState::acknowledged, service.time());
    CHECK(service.say({{"a", 10}}) == "");
    service.outcome = Outcome::retry;
    CHECK(service.say({{"a", 10, 60}}) == "close a");
    service.say({{"a", 100}});
    service.outcome = Outcome::accepted;
    CHECK(service.wait(300) == "close a, open a");
}

// ---- The service

TEST_CASE("sequence: killed after answering 2xx, before sending: 300 alerts") {
    std::vector<Told> all;
    for (int i = 0; i < 300; ++i) all.push_back({std::to_string(1000 + i), 10});
    Service service(Service::ignoring());
    service.observe(service.message(all));
    service.restart();
    std::string done = service.due();
    for (const Told& told : all) CHECK(done.find("open " + told.name) != std::string::npos);
    CHECK(service.ledger.stats().open == 300);
}

TEST_CASE("sequence: killed with requests in flight") {
    Service service(Service::ignoring());
    service.outcome = Outcome::retry;
    service.say({{"a", 10}});
    service.restart();
    service.outcome = Outcome::accepted;
    CHECK(service.wait(300) == "open a");
    service.observe(service.message({{"a", 10, 60}}));
    service.restart();
    CHECK(service.due() == "close a");
}

TEST_CASE("sequence: the state was lost: firing alerts page again, and resolves close everything") {
    Service service(Service::ignoring());
    service.say({{"a", 10}, {"b", 10}});
    service.rows.clear();
    service.restart();
    CHECK(service.say({{"a", 10}, {"b", 10, 60}}) == "open a, close b");
}

TEST_CASE("sequence: the service's clock is set back by an hour, and forward again") {
    Service service(Service::ignoring());
    CHECK(service.say({{"a", 10}}) == "open a");
    service.now -= 3600;
    CHECK(service.say({{"a", 10, 60}}) == "close a");
    CHECK(service.say({{"a", 100}}) == "open a");
    service.now += 7200;
    CHECK(service.say({{"a", 10, 60}}) == "");
    CHECK(service.say({{"a", 100, 160}}) == "close a");
}
