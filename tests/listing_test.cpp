#include "alertmap/listing.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>

#include "alertmap/identity.hpp"
#include "alertmap/ledger.hpp"
#include "alertmap/mapper.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "support/files.hpp"

using namespace alertmap;

namespace {

std::string captured(std::string_view name) { return test::read_file(test::data_file("listings/" + std::string(name) + ".json")); }

/// "receiver {label=value ...} quiet: fingerprint fingerprint", one line per group.
std::string text(const Listing& listing) {
    std::string out;
    for (const ListedGroup& listed : listing.groups) {
        out.append(listed.group.receiver).append(" {");
        for (const Label& label : listed.group.group_labels) out.append(label.name).append("=").append(label.value);
        out.append(listed.quiet ? "} quiet:" : "}:");
        for (const Alert& alert : listed.group.alerts) out.append(" ").append(alert.fingerprint);
        out += '\n';
    }
    return out;
}

}  // namespace

TEST_CASE("listing: /alerts/groups of Alertmanager 0.25") {
    const std::string body = captured("alertmanager-0.25-groups");
    ListingReader reader({.receiver = "pager.team", .external_url = "http://am.example.test"});
    const Result<Listing> listing = reader.alert_groups(body);
    REQUIRE(listing.has_value());
    CHECK(text(*listing) ==
          "pager\\.team {alertname=Big}: b756ef98f52093bf\n"
          "pager\\.team {alertname=Disk}: e29101b538e96277\n"
          "pager\\.team {alertname=Disk} quiet: 48ed7270cf2e1bfc\n"
          "pager\\.team {alertname=Mut}: 5de494c9914c49c3\n"
          "pager\\.team {alertname=Sil} quiet: 48f22e575e819406\n");
    REQUIRE(listing->elsewhere.size() == 1);
    CHECK(listing->elsewhere[0] == "f95df2b753014b27");
    CHECK(listing->alerts == 5);
    CHECK(listing->unreadable == 0);
    CHECK(!listing->mutes_listed);  // the muted one is listed as active

    const AlertGroup& group = listing->groups[0].group;
    CHECK(group.status == Status::firing);
    CHECK(group.external_url == "http://am.example.test");
    REQUIRE(group.alerts.size() == 1);
    const Alert& alert = group.alerts[0];
    CHECK(alert.status == Status::firing);
    CHECK(alert.labels.get("instance") == "i1");
    CHECK(alert.annotations.get("summary") == "quote \" and <tag> & \xc3\xbcmlaut");
    CHECK(alert.generator_url == "http://prom/graph?a=1&b=2");
    CHECK(alert.starts_at.is_set);
    CHECK(alert.starts_at.text == "2026-11-24T20:00:00.123+05:30");
    CHECK(!alert.ends_at.is_set);  // endsAt is its expiry
    CHECK(group.common_labels.get("alertname") == "Big");
}

TEST_CASE("listing: /alerts of Alertmanager 0.25: groups of one alert, without group labels") {
    const std::string body = captured("alertmanager-0.25-alerts");
    ListingReader reader({.receiver = "pager.team"});
    const Result<Listing> listing = reader.alerts(body);
    REQUIRE(listing.has_value());
    CHECK(text(*listing) ==
          "pager\\.team {} quiet: 48ed7270cf2e1bfc\n"
          "pager\\.team {} quiet: 48f22e575e819406\n"
          "pager\\.team {}: 5de494c9914c49c3\n"
          "pager\\.team {}: b756ef98f52093bf\n"
          "pager\\.team {}: e29101b538e96277\n");
    CHECK(listing->elsewhere.size() == 1);
    CHECK(!listing->mutes_listed);
}

TEST_CASE("listing: without a configured receiver all alerts are ours") {
    const std::string body = captured("alertmanager-0.25-groups");
    ListingReader reader;
    const Result<Listing> listing = reader.alert_groups(body);
    REQUIRE(listing.has_value());
    CHECK(listing->alerts == 6);
    CHECK(listing->elsewhere.empty());
}

TEST_CASE("listing: mutedBy (from the source of 0.28, not tested)") {
    ListingReader reader;
    const Result<Listing> listing = reader.alert_groups(
        R"([{"alerts":[{"fingerprint":"00000000000000aa","status":{"state":"suppressed","mutedBy":["nights"],"silencedBy":[],"inhibitedBy":[]}},
             {"fingerprint":"00000000000000ab","status":{"state":"active","mutedBy":["nights"]}},
             {"fingerprint":"00000000000000ac","status":{"state":"active","mutedBy":[]}}],
             "labels":{},"receiver":{"name":"pager"}}])");
    REQUIRE(listing.has_value());
    CHECK(listing->mutes_listed);
    CHECK(text(*listing) == "pager {}: 00000000000000ac\npager {} quiet: 00000000000000aa 00000000000000ab\n");
}

TEST_CASE("listing: unprocessed, unknown and missing states are quiet") {
    for (const std::string_view status :
         {R"({"state":"unprocessed"})", R"({"state":"sleeping"})", R"({})", "null", "7", R"({"state":1})"}) {
        CAPTURE(status);
        const std::string body =
            R"([{"alerts":[{"fingerprint":"00000000000000aa","status":)" + std::string(status) + R"(}],"receiver":{"name":"pager"}}])";
        ListingReader reader;
        const Result<Listing> listing = reader.alert_groups(body);
        REQUIRE(listing.has_value());
        REQUIRE(listing->groups.size() == 1);
        CHECK(listing->groups[0].quiet);
    }
}

TEST_CASE("listing: an unreadable alert is counted, the others are kept") {
    ListingReader reader;
    const Result<Listing> listing = reader.alert_groups(
        R"([ 7, null, {"receiver":null,"labels":[],"alerts":[
             "x", {}, {"labels":{}},
             {"labels":{"alertname":"A","n":5,"t":true,"no":null,"deep":{"a":[1]}},"annotations":"","startsAt":"yesterday","endsAt":5,
              "generatorURL":null,"status":{"state":"active","silencedBy":null},"receivers":{},"surprise":[[]]}]} ])");
    REQUIRE(listing.has_value());
    CHECK(listing->unreadable == 5);
    REQUIRE(listing->groups.size() == 1);
    const Alert& alert = listing->groups[0].group.alerts[0];
    CHECK(alert.labels.size() == 3);
    CHECK(alert.labels.get("n") == "5");
    CHECK(alert.labels.get("t") == "true");
    CHECK(alert.fingerprint.size() == 16);
    CHECK(!alert.starts_at.is_set);
    CHECK(!listing->groups[0].quiet);
}

TEST_CASE("listing: other JSON is an error") {
    ListingReader reader({.max_bytes = 1000, .max_alerts = 2});
    const auto error = [&reader](std::string_view body) {
        const Result<Listing> listing = reader.alert_groups(body);
        CHECK(!listing.has_value());
        return listing.has_value() ? Errc{} : listing.error().code;
    };
    CHECK(error("") == Errc::empty_body);
    CHECK(error("{\"error\":\"x\"}") == Errc::not_an_alert_group);
    CHECK(error("\"text\"") == Errc::not_an_alert_group);
    CHECK(error("[") == Errc::truncated_body);
    CHECK(error("[{\"alerts\":[{\"labels\":{\"a\":\"b") == Errc::truncated_body);
    CHECK(error("<html>") == Errc::invalid_json);
    CHECK(error("[] x") == Errc::trailing_content);
    CHECK(error("[\"\xff\"]") == Errc::invalid_utf8);
    CHECK(error(std::string(1001, ' ')) == Errc::body_too_large);
    CHECK(error(R"([{"alerts":[{"fingerprint":"a"},{"fingerprint":"b"},{"fingerprint":"c"}]}])") == Errc::too_many_alerts);
    CHECK(error(std::string(100, '[')) == Errc::too_deep);
    const Result<Listing> empty = reader.alert_groups(" [ ] ");
    REQUIRE(empty.has_value());
    CHECK(empty->groups.empty());
}

TEST_CASE("listing: every prefix is an error, without reads beyond its end") {
    const std::string body = captured("alertmanager-0.25-groups");
    ListingReader reader;
    const std::size_t end = body.find_last_of(']');
    for (std::size_t size = 0; size < end; size += 7) {
        const std::string part(body, 0, size);
        CHECK(!reader.alert_groups(part).has_value());
        CHECK(!reader.alerts(part).has_value());
    }
}

TEST_CASE("listing: /status and /receivers of Alertmanager 0.25") {
    const Result<AlertmanagerStatus> status = read_alertmanager_status(captured("alertmanager-0.25-status"));
    REQUIRE(status.has_value());
    CHECK(status->version == "0.25.0");
    CHECK(status->ready);
    CHECK(status->peers == 0);
    CHECK(timestamp(status->up_since).nanoseconds == 193'000'000);
    const Result<std::vector<std::string>> receivers = read_receivers(captured("alertmanager-0.25-receivers"));
    REQUIRE(receivers.has_value());
    CHECK(*receivers == std::vector<std::string>{"pager.team", "other"});
}

TEST_CASE("listing: a settling status is not ready; missing members keep their defaults") {
    const Result<AlertmanagerStatus> settling =
        read_alertmanager_status(R"({"cluster":{"name":"x","status":"settling","peers":[{"name":"a","address":"b"},{}]},"uptime":"?"})");
    REQUIRE(settling.has_value());
    CHECK(!settling->ready);
    CHECK(settling->peers == 2);
    CHECK(settling->up_since == 0);
    CHECK(settling->version == "");
    CHECK(!read_alertmanager_status("[]").has_value());
    CHECK(!read_alertmanager_status("").has_value());
    CHECK(!read_receivers("{}").has_value());
    CHECK(!read_receivers("[{").has_value());
}

TEST_CASE("listing: its events equal those of messages, except for members that listings lack") {
    // The alert of alertmanager-0.25-repeat.01, as /alerts/groups would list it.
    const std::string message = test::webhook("alertmanager-0.25-repeat.01");
    Parser parser;
    const Result<AlertGroup> group = parser.parse(message);
    REQUIRE(group.has_value());
    const Mapper map(preset::recommended());
    Arena arena;
    Ledger ledger;
    const Event sent = map({&*group, &group->alerts[0]}, arena);
    ledger.observe(Source::of("eu", *group), sent, 0);

    std::string body = R"([{"receiver":{"name":")" + std::string(unquote_receiver(group->receiver, arena)) + R"("},"labels":{)";
    const auto put = [&body](Labels labels) {
        for (const Label& label : labels) {
            body.append(&label != labels.begin() ? "," : "")
                .append("\"")
                .append(label.name)
                .append("\":\"")
                .append(label.value)
                .append("\"");
        }
    };
    put(group->group_labels);
    body += R"(},"alerts":[{"labels":{)";
    put(group->alerts[0].labels);
    body += R"(},"annotations":{)";
    put(group->alerts[0].annotations);
    body.append(R"(},"startsAt":")").append(group->alerts[0].starts_at.text);
    body.append(R"(","fingerprint":")").append(group->alerts[0].fingerprint);
    body.append(R"(","generatorURL":")").append(group->alerts[0].generator_url).append(R"(","status":{"state":"active"}}]}])");

    ListingReader reader({.receiver = {}, .external_url = std::string(group->external_url)});
    const Result<Listing> listing = reader.alert_groups(body);
    REQUIRE(listing.has_value());
    const std::vector<ListedEvent> events = listed_events(ledger, "eu", *listing, map.per(), map, arena);
    REQUIRE(events.size() == 1);
    const Event& listed = events[0].event;
    CHECK(!events[0].quiet);
    CHECK(listed.external_id == sent.external_id);
    CHECK(listed.summary == sent.summary);
    CHECK(listed.severity == sent.severity);
    CHECK(listed.labels == sent.labels);
    CHECK(listed.url == sent.url);
    CHECK(listed.client_url == sent.client_url);
    CHECK(listed.group_key == sent.group_key);
    CHECK(listed.starts_at.seconds == sent.starts_at.seconds);

    const Mapper by_group(preset::signl4());
    const std::vector<ListedEvent> group_events = listed_events(ledger, "eu", *listing, by_group.per(), by_group, arena);
    REQUIRE(group_events.size() == 1);
    CHECK(group_events[0].event.external_id == group->group_key);
}

TEST_CASE("needs_group_key") {
    for (const Preset& preset : presets()) {
        CAPTURE(preset.name);
        const Mapper map(preset.make());
        CHECK(needs_group_key(map.per(), map) == (map.per() == FanOut::per_group));
    }
}
