#include "alertmap/mapper.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/identity.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "support/allocations.hpp"
#include "support/files.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

/// A captured body, its group, and the events of a mapping.
struct Mapped {
    Mapped(std::string_view name, const Mapping& by) : body(test::webhook(name)), map(by) {
        const Result<AlertGroup> parsed = parser.parse(body);
        CAPTURE(name);
        CHECK(parsed.has_value());
        if (!parsed) return;
        group = *parsed;
        for (const Subject subject : subjects(group, map.per())) events.push_back(map(subject, arena));
    }

    std::string body;
    Mapper map;
    Parser parser;
    Arena arena;
    AlertGroup group;
    std::vector<Event> events;
};

std::string text(Labels labels) {
    std::string out;
    for (const Label& label : labels) out.append(label.name).append("=").append(label.value).append(" ");
    return out;
}

Mapping per_group() {
    Mapping mapping;
    mapping.per = FanOut::per_group;
    return mapping;
}

}  // namespace

TEST_CASE("recommended: all members of an alert's event") {
    Sample s;
    s.firing(
        {{"alertname", "DiskAlmostFull"}, {"instance", "n1:9100"}, {"job", "node"}, {"severity", "Page"}},
        {{"description", "Less than 5 %\nleft."}, {"runbook_url", "https://runbooks.example.test/disk"}, {"summary", "Disk almost full"}});
    s.alert(0).fingerprint = "00000000000000aa";
    s.alert(0).generator_url = "http://prom.example.test/graph?g0.expr=x";
    s.alert(0).starts_at = *parse_timestamp("2026-01-01T00:00:00Z");
    s.group.external_url = "http://am.example.test:9093";
    const Mapper map(preset::recommended());
    const Event event = map(s.one(), s.arena);
    CHECK(event.transition == Transition::trigger);
    CHECK(event.reason.empty());
    CHECK(event.severity == Severity::critical);
    CHECK(event.severity_word == "Page");
    CHECK(event.summary == "Disk almost full");
    CHECK(event.description == "Less than 5 %\nleft.");
    CHECK(event.external_id == "00000000000000aa");
    CHECK(event.url == "http://prom.example.test/graph?g0.expr=x");
    CHECK(event.runbook_url == "https://runbooks.example.test/disk");
    CHECK(event.source == "n1:9100");
    CHECK(event.service == "node");
    CHECK(event.location.empty());
    CHECK(event.client == "Alertmanager");
    CHECK(event.client_url == "http://am.example.test:9093");
    CHECK(event.starts_at.text == "2026-01-01T00:00:00Z");
    CHECK_FALSE(event.ends_at.is_set);
    CHECK(event.labels.begin() == s.alert(0).labels.begin());
    CHECK(event.notify.empty());
    CHECK(event.mapping_note.empty());
    CHECK(event.firing == 1);
    CHECK(event.resolved == 0);
    CHECK_FALSE(event.heartbeat);
}

TEST_CASE("mapper: an event of an empty alert has a summary and an ID") {
    for (const Preset& preset : presets()) {
        CAPTURE(preset.name);
        const Mapper map(preset.make());
        Sample s;
        Event event = map(s.whole(), s.arena);
        CHECK(event.summary == "[FIRING:0]");
        CHECK(event.external_id == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        s.resolved({});
        event = map(s.one(), s.arena);
        CHECK(event.summary == "[RESOLVED]");
        CHECK(event.external_id == "cbf29ce484222325");
        CHECK(event.severity == Severity::error);
        CHECK(event.url.empty());
        CHECK(event.client_url.empty());
    }
}

TEST_CASE("mapper: no preset gives an empty summary or ID, for any captured body") {
    std::size_t events = 0;
    for (const test::Body& body : test::webhooks()) {
        Parser parser;
        const Result<AlertGroup> group = parser.parse(body.bytes);
        if (!group) continue;
        CAPTURE(body.name);
        for (const Preset& preset : presets()) {
            const Mapper map(preset.make());
            Arena arena;
            for (FanOut per : {FanOut::per_alert, FanOut::per_group}) {
                for (const Subject subject : subjects(*group, per)) {
                    const Event event = map(subject, arena);
                    CHECK_FALSE(event.summary.empty());
                    CHECK(event.summary.find('\n') == std::string_view::npos);
                    CHECK_FALSE(event.external_id.empty());
                    CHECK((event.url.empty() || is_http_url(event.url)));
                    CHECK((event.transition == Transition::ignore) == !event.reason.empty());
                    ++events;
                }
            }
        }
    }
    CHECK(events > 5'000);
}

TEST_CASE("mapper: sent fingerprints equal computed ones") {
    std::size_t alerts = 0;
    for (const test::Body& body : test::webhooks()) {
        Parser parser;
        const Result<AlertGroup> group = parser.parse(body.bytes);
        if (!group) continue;
        CAPTURE(body.name);
        Arena arena;
        for (const Alert& alert : group->alerts) {
            if (alert.fingerprint.empty()) continue;
            CHECK(alert.fingerprint == fingerprint(alert.labels, arena));
            ++alerts;
        }
    }
    CHECK(alerts > 1'000);
}

TEST_CASE("mapper: a mixed group, per alert: separate transitions") {
    const Mapped mixed("alertmanager-0.25-mixed.02", preset::recommended());
    REQUIRE(mixed.events.size() == 4);
    const Transition transitions[] = {Transition::resolve, Transition::trigger, Transition::trigger, Transition::resolve};
    const std::string_view ids[] = {"100ba4ca5a13b502", "9429c8f31cbd1898", "dcf5bc67fa3fb3f4", "fa903cbc7eb33cde"};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(mixed.events[i].transition == transitions[i]);
        CHECK(mixed.events[i].external_id == ids[i]);
        CHECK(mixed.events[i].firing + mixed.events[i].resolved == 1);
    }
    CHECK(mixed.events[0].ends_at.text == "2026-11-20T23:56:22.533817Z");
    CHECK_FALSE(mixed.events[1].ends_at.is_set);
}

TEST_CASE("mapper: members of an event") {
    const Mapped one("alertmanager-0.25-mixed.02", preset::recommended());
    REQUIRE(one.events.size() == 4);
    const Event& resolved = one.events[0];
    REQUIRE(resolved.members.size() == 1);
    CHECK(resolved.members[0].fingerprint == "100ba4ca5a13b502");
    CHECK(resolved.members[0].status == Status::resolved);
    CHECK(resolved.members[0].ends_at.text == "2026-11-20T23:56:22.533817Z");
    CHECK(resolved.group_key == one.group.group_key);
    CHECK(resolved.complete);
    CHECK(one.events[1].members[0].status == Status::firing);

    const Mapped all("alertmanager-0.25-mixed.02", per_group());
    REQUIRE(all.events.size() == 1);
    REQUIRE(all.events[0].members.size() == 4);
    CHECK(all.events[0].members[1].fingerprint == "9429c8f31cbd1898");
    CHECK(all.events[0].members[1].starts_at.text == "2026-11-20T23:56:16.530184078Z");
    CHECK(all.events[0].members[1].status == Status::firing);
    CHECK(all.events[0].members[3].status == Status::resolved);

    const Mapped cut("alertmanager-0.25-trunc-hides-firing.02", preset::recommended());
    CHECK_FALSE(cut.events[0].complete);
}

TEST_CASE("mapper: an override decides the member's status") {
    Sample s;
    s.firing({{"alertname", "A"}}, {{"rootly_alert_status", "resolved"}});
    const Mapper map(preset::rootly());
    const Event event = map(s.one(), s.arena);
    REQUIRE(event.members.size() == 1);
    CHECK(event.members[0].status == Status::resolved);
    CHECK(event.members[0].fingerprint == fingerprint(s.alert(0).labels, s.arena));
}

TEST_CASE("mapper: a mixed group, per group: firing, with severity and lines of its firing alerts") {
    const Mapped mixed("alertmanager-0.25-mixed.02", per_group());
    REQUIRE(mixed.events.size() == 1);
    const Event& event = mixed.events[0];
    CHECK(event.transition == Transition::trigger);
    CHECK(event.severity == Severity::critical);
    CHECK(event.severity_word == "critical");
    CHECK(event.summary == "MX");
    CHECK(event.description == "i1: inst i1\ni2: inst i2");
    CHECK(event.firing == 2);
    CHECK(event.resolved == 2);
    CHECK(event.starts_at.text == "2026-11-20T23:56:16.530184078Z");
    CHECK_FALSE(event.ends_at.is_set);
    CHECK(text(event.labels) == "alertname=MX job=j scenario=mixed ");
}

TEST_CASE("mapper: a group fires, fires in part, and resolves") {
    const Mapped first("alertmanager-0.25-mixed.01", per_group());
    const Mapped last("alertmanager-0.25-mixed.03", per_group());
    REQUIRE(first.events.size() == 1);
    REQUIRE(last.events.size() == 1);
    CHECK(first.events[0].transition == Transition::trigger);
    CHECK(first.events[0].firing == 4);
    CHECK(last.events[0].transition == Transition::resolve);
    CHECK(last.events[0].firing == 0);
    CHECK(last.events[0].ends_at.is_set);
    CHECK(first.events[0].external_id == last.events[0].external_id);
}

TEST_CASE("mapper: no preset resolves a group with truncated firing alerts") {
    for (const Preset& preset : presets()) {
        CAPTURE(preset.name);
        Mapping mapping = preset.make();
        mapping.per = FanOut::per_group;
        const Mapped cut("alertmanager-0.25-trunc-hides-firing.02", mapping);
        REQUIRE(cut.events.size() == 1);
        CHECK(cut.events[0].transition == Transition::ignore);
        CHECK(cut.events[0].reason == "says resolved, but alerts that max_alerts cut off may still fire");
    }
    const Mapped alerts("alertmanager-0.25-trunc-hides-firing.02", preset::recommended());
    REQUIRE(alerts.events.size() == 3);
    CHECK(alerts.events[0].transition == Transition::resolve);
    CHECK(alerts.events[0].external_id == "cc006724dfe76687");
    CHECK(alerts.events[2].transition == Transition::ignore);
    CHECK(alerts.events[2].unlisted);
    // While the group is firing, truncated alerts page.
    const Mapped firing("alertmanager-0.25-trunc-hides-firing.01", preset::recommended());
    CHECK(firing.events.back().transition == Transition::trigger);
    CHECK(firing.events.back().unlisted);
    CHECK(firing.events.back().external_id == alerts.events[2].external_id);
}

TEST_CASE("mapper: an alert that fires again keeps its ID in a new episode") {
    Mapping episodes;
    episodes.external_id.from = {FieldKind::episode};
    std::vector<std::string> ids, episode_ids;
    for (int i = 1; i <= 4; ++i) {
        const std::string name = "alertmanager-0.25-lifecycle.0" + std::to_string(i);
        const Mapped by_fingerprint(name, preset::recommended());
        const Mapped by_episode(name, episodes);
        REQUIRE(by_fingerprint.events.size() == 1);
        ids.emplace_back(by_fingerprint.events[0].external_id);
        episode_ids.emplace_back(by_episode.events[0].external_id);
    }
    CHECK(ids == std::vector<std::string>(4, ids[0]));
    CHECK(episode_ids[0] == episode_ids[1]);
    CHECK(episode_ids[1] != episode_ids[2]);
    CHECK(episode_ids[2] == episode_ids[3]);
}

TEST_CASE("mapper: an alert without alertname, and one without annotations") {
    const Mapped nameless("alertmanager-0.25-basic.04", preset::rootly());
    REQUIRE(nameless.events.size() == 1);
    CHECK(nameless.group.alerts[0].labels.find("alertname") == nullptr);
    CHECK(nameless.events[0].external_id == nameless.group.alerts[0].fingerprint);
    CHECK(nameless.events[0].summary.substr(0, 10) == "[FIRING:1]");
    const Mapped bare("alertmanager-0.25-basic.03", preset::recommended());
    REQUIRE(bare.events.size() == 1);
    CHECK(bare.events[0].summary == bare.group.alerts[0].labels.get("alertname"));
    CHECK(bare.events[0].description.empty());
}

TEST_CASE("mapper: sibling routes: equal alert and key, optionally distinguished by receiver") {
    Mapping mapping;
    mapping.external_id.scope = {FieldKind::receiver};
    const Mapped one("alertmanager-0.25-dup-recv1.01", preset::recommended());
    const Mapped two("alertmanager-0.25-dup-recv2.01", preset::recommended());
    const Mapped scoped_one("alertmanager-0.25-dup-recv1.01", mapping);
    const Mapped scoped_two("alertmanager-0.25-dup-recv2.01", mapping);
    REQUIRE(one.events.size() == 1);
    CHECK(one.events[0].external_id == two.events[0].external_id);
    CHECK(scoped_one.events[0].external_id == "dup1/" + std::string(one.events[0].external_id));
    CHECK(scoped_two.events[0].external_id == "dup2/" + std::string(one.events[0].external_id));
}

TEST_CASE("mapper: a receiver with regexp quoting") {
    Mapping mapping;
    mapping.external_id.scope = {FieldKind::receiver};
    mapping.summary.from = {FieldKind::receiver};
    const Mapped weird("alertmanager-0.25-weird-receiver.01", mapping);
    REQUIRE(weird.events.size() == 1);
    CHECK(weird.events[0].summary == "team.a/b+c (x) \"q\"");
    CHECK(weird.events[0].external_id == "team.a%2Fb+c (x) \"q\"/8a45564de1c60d88");
}

TEST_CASE("rootly: the fields as documented") {
    Sample s;
    s.resolved({{"alertname", "InstanceDown"}, {"instance", "n1"}, {"job", "node"}, {"severity", "critical"}, {"dc", "fra"}},
               {{"rootly", R"({"notification_target":{"type":"EscalationPolicy","id":"42"}})"}});
    s.alert(0).generator_url = "http://prom/graph";
    s.alert(0).ends_at = *parse_timestamp("2026-01-01T01:00:00Z");
    s.group.common_labels = s.set({{"alertname", "InstanceDown"}, {"job", "node"}});
    s.group.external_url = "http://am";
    const Mapper map(preset::rootly());
    CHECK(map.per() == FanOut::per_alert);
    Event event = map(s.one(), s.arena);
    CHECK(event.summary == "InstanceDown");
    CHECK(event.external_id == "InstanceDown");
    CHECK(event.url == "http://prom/graph");
    CHECK(text(event.labels) == "alertname=InstanceDown job=node instance=n1 dc=fra status=resolved ");
    CHECK(event.transition == Transition::resolve);
    CHECK(event.ends_at.text == "2026-01-01T01:00:00Z");
    REQUIRE(event.notify.size() == 1);
    CHECK(event.notify[0] == NotifyTarget{"EscalationPolicy", "42"});
    CHECK_FALSE(event.heartbeat);

    s.alert(0).generator_url = {};
    s.group.extra = s.extra({{"rootly_alert_status", "\"triggered\"", "triggered"}});
    event = map(s.one(), s.arena);
    CHECK(event.url == "http://am");
    CHECK(event.transition == Transition::trigger);
    CHECK_FALSE(event.ends_at.is_set);
}

TEST_CASE("rootly: the summary falls back as documented") {
    Sample s;
    s.firing({{"instance", "n1"}});
    s.group.common_labels = s.set({{"alertname", "Common"}, {"description", "Described"}});
    const Mapper map(preset::rootly());
    CHECK(map(s.one(), s.arena).summary == "Common");
    s.group.common_labels = s.set({{"description", "Described"}});
    CHECK(map(s.one(), s.arena).summary == "Described");
    s.group.common_labels = {};
    CHECK(map(s.one(), s.arena).summary == "[FIRING:1] (n1)");
}

TEST_CASE("rootly: an invalid annotation is ignored with a note") {
    Sample s;
    s.firing({{"alertname", "A"}}, {{"rootly", "{broken"}});
    Mapping mapping = preset::rootly();
    mapping.notify.fixed = {{"User", "27854"}};
    const Mapper map(mapping);
    const Event event = map(s.one(), s.arena);
    CHECK(event.transition == Transition::trigger);
    CHECK(event.mapping_note == "the paging annotation is not JSON and was ignored");
    REQUIRE(event.notify.size() == 1);
    CHECK(event.notify[0] == NotifyTarget{"User", "27854"});
}

TEST_CASE("signl4: the ID is the unchanged group key") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"instance", "n1"}}, {{"summary", "one"}});
    s.firing({{"alertname", "Disk"}, {"instance", "n2"}}, {{"summary", "two"}});
    const std::string long_key = "{}:{x=\"" + std::string(1000, 'x') + "\"}";
    s.group.group_key = long_key;
    s.group.group_labels = s.set({{"alertname", "Disk"}});
    s.group.common_labels = s.set({{"alertname", "Disk"}});
    const Mapper map(preset::signl4());
    CHECK(map.per() == FanOut::per_group);
    const Event event = map(s.whole(), s.arena);
    CHECK(event.external_id == long_key);
    CHECK(event.summary == "[FIRING:2] Disk");
    CHECK(event.description == "n1: one\nn2: two");
    CHECK(event.transition == Transition::trigger);
    for (std::size_t i = 0; i < 2; ++i) s.alert(i).status = Status::resolved;
    s.group.status = Status::resolved;
    CHECK(map(s.whole(), s.arena).transition == Transition::resolve);
}

TEST_CASE("better_stack: name, cause, URL and ID") {
    Sample s;
    s.firing({{"alertname", "Disk"}}, {{"summary", "97 % full"}}).fingerprint = "00000000000000aa";
    s.alert(0).generator_url = "http://prom";
    const Mapper map(preset::better_stack());
    const Event event = map(s.one(), s.arena);
    CHECK(event.summary == "Disk");
    CHECK(event.description == "97 % full");
    CHECK(event.url == "http://prom");
    CHECK(event.external_id == "00000000000000aa");
}

TEST_CASE("grafana_oncall: group key as ID, counts, heartbeat") {
    Sample s;
    s.firing({{"alertname", "heartbeat"}}).generator_url = "http://prom/0";
    s.resolved({{"alertname", "heartbeat"}});
    s.group.group_key = "{}:{alertname=\"heartbeat\"}";
    s.group.group_labels = s.set({{"alertname", "heartbeat"}});
    s.group.common_labels = s.set({{"alertname", "heartbeat"}});
    const Mapper map(preset::grafana_oncall());
    CHECK(map.per() == FanOut::per_group);
    const Event event = map(s.whole(), s.arena);
    CHECK(event.external_id == "{}:{alertname=\"heartbeat\"}");
    CHECK(event.summary == "heartbeat");
    CHECK(event.url == "http://prom/0");
    CHECK(event.firing == 1);
    CHECK(event.resolved == 1);
    CHECK(event.heartbeat);
    s.group.common_labels = s.set({{"alertname", "Watchdog"}});
    CHECK_FALSE(map(s.whole(), s.arena).heartbeat);
}

TEST_CASE("mapper: user functions in every policy") {
    Sample s;
    s.firing({{"alertname", "A"}, {"b", "1"}});
    const auto say = [](std::string_view word) { return FieldSource([word](const Subject&, Arena& arena) { return arena.copy(word); }); };
    Mapping mapping;
    mapping.summary.from = {say("summary")};
    mapping.description.from = {say("description")};
    mapping.external_id.from = {say("id")};
    mapping.external_id.scope = {say("scope")};
    mapping.url.from = {say("javascript:alert(1)"), say("https://url")};
    mapping.runbook_url.from = {say("https://runbook")};
    mapping.source = {say("source")};
    mapping.service = {say("service")};
    mapping.location.from = {say("1,2")};
    mapping.labels.function = [](const Subject& subject, Arena&) { return Labels(subject.labels().begin() + 1, 1); };
    mapping.transition.function = [](const Subject&, Arena&) { return Decision{Transition::acknowledge, {}}; };
    mapping.severity.function = [](const Subject&, Arena&) { return SeverityFound{Severity::info, "calm"}; };
    static constexpr NotifyTarget someone[] = {{"User", "me"}};
    mapping.notify.function = [](const Subject&, Arena&) { return NotifyFound{someone, "noted"}; };
    mapping.heartbeat.function = [](const Subject&, Arena&) { return true; };
    const Mapper map(mapping);
    const Event event = map(s.one(), s.arena);
    CHECK(event.summary == "summary");
    CHECK(event.description == "description");
    CHECK(event.external_id == "scope/id");
    CHECK(event.url == "https://url");
    CHECK(event.runbook_url == "https://runbook");
    CHECK(event.source == "source");
    CHECK(event.service == "service");
    CHECK(event.location == "1,2");
    CHECK(text(event.labels) == "b=1 ");
    CHECK(event.transition == Transition::acknowledge);
    CHECK(event.severity == Severity::info);
    CHECK(event.severity_word == "calm");
    REQUIRE(event.notify.size() == 1);
    CHECK(event.notify[0] == someone[0]);
    CHECK(event.mapping_note == "noted");
    CHECK(event.heartbeat);
}

TEST_CASE("mapper: an invalid external URL is not used as client URL") {
    Sample s;
    s.firing({});
    const Mapper map(preset::recommended());
    s.group.external_url = "http://:9093";
    CHECK(map(s.one(), s.arena).client_url.empty());
    s.group.external_url = "javascript:alert(1)";
    CHECK(map(s.one(), s.arena).client_url.empty());
}

TEST_CASE("mapper: no allocation after the arena has grown") {
    Mapping templates = preset::recommended();
    templates.summary.from = {*FieldSource::parse("text:{label.alertname:20} on {label.instance|\"?\"}: {firing} {firing?alert:alerts}")};
    templates.external_id.from = {label("alertname"), FieldKind::episode};
    templates.external_id.combine = true;
    templates.external_id.scope = {FieldKind::receiver};
    std::vector<Mapping> mappings = {templates};
    for (const Preset& preset : presets()) mappings.push_back(preset.make());
    Sample paging;
    paging.firing({{"alertname", "A"}},
                  {{"rootly", R"({"alerting_targets":[{"type":"EscalationPolicy","id":"1c55c5d6-3f1b-4c0c-9d1e-0123456789ab"}]})"}});
    const std::string body = test::webhook("alertmanager-0.25-mixed.02");
    Parser parser;
    const AlertGroup mixed = *parser.parse(body);
    for (const Mapping& mapping : mappings) {
        const Mapper map(mapping);
        for (const AlertGroup* group : std::initializer_list<const AlertGroup*>{&mixed, &paging.group}) {
            Arena arena;
            std::size_t bytes = 0;
            std::size_t allocated = 0;
            for (int round = 0; round < 4; ++round) {
                const std::size_t before = test::allocations;
                arena.clear();
                for (const FanOut per : {FanOut::per_alert, FanOut::per_group}) {
                    for (const Subject subject : subjects(*group, per)) bytes += map(subject, arena).summary.size();
                }
                allocated = test::allocations - before;
            }
            CHECK(allocated == 0);
            CHECK(bytes > 0);
        }
    }
}

TEST_CASE("mapper: owns its mapping; copies share it") {
    Sample s;
    s.firing({{"alertname", "A"}});
    Mapping mapping;
    mapping.client = "a client whose name is too long to be stored inside of a std::string";
    Event event;
    Mapper last(preset::rootly());
    {
        Mapper first(mapping);
        mapping.client.clear();
        const Mapper copy(first);
        event = copy(s.one(), s.arena);
        last = std::move(first);
        CHECK(first.mapping() == last.mapping());  // a moved-from mapper is usable
    }
    CHECK(event.client == "a client whose name is too long to be stored inside of a std::string");
    CHECK(last.mapping().client == event.client);
    CHECK(last.per() == FanOut::per_alert_and_unlisted);
}

TEST_CASE("mapper: equals the policies' results, for every captured body") {
    std::vector<Mapping> mappings;
    for (const Preset& preset : presets()) mappings.push_back(preset.make());
    // More names than slots, names with equal first 8 bytes and size, and an empty name.
    Mapping& many = mappings.emplace_back();
    many.summary.from = {label("kubernetes_a"), label("kubernetes_b"), label("")};
    for (int i = 0; i < 40; ++i) many.summary.from.push_back(label("name" + std::to_string(i)));
    many.summary.from.push_back(annotation("summary"));
    many.source = {label("instance"), label("i")};
    many.service = {annotation("description"), FieldKind::fingerprint};
    std::size_t compared = 0;
    for (const test::Body& body : test::webhooks()) {
        Parser parser;
        const Result<AlertGroup> group = parser.parse(body.bytes);
        if (!group) continue;
        CAPTURE(body.name);
        for (const Mapping& mapping : mappings) {
            const Mapper map(mapping);
            Arena arena;
            for (const FanOut per : {FanOut::per_alert, FanOut::per_group}) {
                for (const Subject subject : subjects(*group, per)) {
                    if (subject.unlisted) continue;
                    const Event event = map(subject, arena);
                    CHECK(event.summary == mapping.summary(subject, arena));
                    CHECK(event.description == mapping.description(subject, arena));
                    CHECK(event.external_id == mapping.external_id(subject, arena));
                    CHECK(event.url == mapping.url(subject, arena));
                    CHECK(event.runbook_url == mapping.runbook_url(subject, arena));
                    CHECK(event.source == first_of(mapping.source, subject, arena));
                    CHECK(event.service == first_of(mapping.service, subject, arena));
                    CHECK(event.location == mapping.location(subject, arena));
                    CHECK(event.labels == mapping.labels(subject, arena));
                    CHECK(event.heartbeat == mapping.heartbeat(subject, arena));
                    CHECK(SeverityFound{event.severity, event.severity_word} == mapping.severity(subject, arena));
                    ++compared;
                }
            }
        }
    }
    CHECK(compared > 5'000);
}

TEST_CASE("mapper: label names of any size, duplicate names, more names than slots") {
    Sample s;
    s.firing({{"a", "1"},
              {"ab", "2"},
              {"abc", "3"},
              {"abcd", "4"},
              {"abcdefg", "7"},
              {"abcdefgh", "8"},
              {"abcdefghi", "9"},
              {"abcdefgh_x", "x"},
              {"abcdefgh_y", "y"},
              {"a", "twice"},
              {"", "empty"}});
    const std::string_view names[] = {"a", "ab", "abc", "abcd", "abcdefg", "abcdefgh", "abcdefghi", "abcdefgh_x", "abcdefgh_y", "b", ""};
    for (std::string_view name : names) {
        Mapping mapping;
        for (std::string_view other : names) mapping.service.push_back(label(std::string(other)));
        mapping.source = {label(std::string(name))};
        const Mapper map(mapping);
        CAPTURE(name);
        CHECK(map(s.one(), s.arena).source == s.alert(0).labels.get(name));
    }
}
