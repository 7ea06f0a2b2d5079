#include "alertmap/parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/describe.hpp"
#include "support/files.hpp"
#include "support/parsed.hpp"

using namespace alertmap;
using test::Parsed;
using test::webhook;

TEST_CASE("parser: every captured body is parsed without warnings") {
    const auto bodies = test::webhooks();
    CHECK(bodies.size() >= 38);
    Parser parser;
    for (const auto& one : bodies) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        const auto group = parser.parse(bytes);
        REQUIRE(group);
        CHECK(test::describe(parser.warnings()).empty());
        CHECK(parser.warning_count() == 0);
        CHECK_FALSE(group->alerts.empty());
        CHECK_FALSE(group->incomplete);
        CHECK(group->extra.empty());
        for (const Alert& alert : group->alerts) {
            CHECK(alert.labels.present());
            CHECK_FALSE(alert.labels.empty());
            CHECK(alert.annotations.present());
            CHECK(alert.starts_at.is_set);
            CHECK(alert.ends_at.is_set == (alert.status == Status::resolved));
            CHECK(alert.fingerprint.size() == 16);
            CHECK(alert.generator_url.data() != nullptr);
            CHECK(alert.extra.empty());
        }
    }
}

TEST_CASE("parser: every odd body gives the group in its .expected file") {
    Parser parser;
    const auto bodies = test::files("webhooks/odd");
    CHECK(bodies.size() >= 26);
    for (const auto& path : bodies) {
        auto beside = path;
        beside.replace_extension(".expected");
        const std::string body = test::read_file(path);
        CAPTURE(path.stem().string());
        CHECK(test::describe(parser.parse(body), parser) == test::read_file(beside));
    }
}

TEST_CASE("parser: every field of Alertmanager 0.25") {
    const Parsed group(webhook("alertmanager-0.25-basic.01"));
    REQUIRE(group.result);
    CHECK(test::describe(*group) == R"(receiver "basic"
status firing
alerts[0].status firing
alerts[0].labels {"alertname"="BasicOne","instance"="web-1:9100","job"="node","severity"="critical",}
alerts[0].annotations {"description"="web-1 has been down for more than 5 minutes.","runbook_url"="https://runbooks.example.com/InstanceDown","summary"="Instance down",}
alerts[0].startsAt "2026-01-15T10:30:00Z" 1768473000s 0ns
alerts[0].endsAt "0001-01-01T00:00:00Z" unset
alerts[0].generatorURL "http://prom.example.com:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1"
alerts[0].fingerprint "7d38340177d29dc6"
alerts[0].extra {}
notification_reason absent
groupLabels {"alertname"="BasicOne",}
commonLabels {"alertname"="BasicOne","instance"="web-1:9100","job"="node","severity"="critical",}
commonAnnotations {"description"="web-1 has been down for more than 5 minutes.","runbook_url"="https://runbooks.example.com/InstanceDown","summary"="Instance down",}
routeLabels absent
externalURL "http://am.example.com:9093/a&b"
version "4"
groupKey "{}:{alertname=\22BasicOne\22}"
truncatedAlerts 0
extra {}
)");
}

TEST_CASE("parser: seven formats of startsAt") {
    const Parsed group(webhook("alertmanager-0.25-basic.02"));
    REQUIRE(group.result);
    REQUIRE(group->alerts.size() == 7);
    CHECK(group->alerts[0].starts_at.seconds == 1768473000);
    CHECK(group->alerts[0].starts_at.nanoseconds == 123'456'789);
    CHECK(group->alerts[0].starts_at.text == "2026-01-15T16:00:00.123456789+05:30");
    CHECK(group->alerts[1].starts_at.nanoseconds == 120'000'000);
    CHECK(group->alerts[2].starts_at.seconds == 1768501800);
    CHECK(group->alerts[3].starts_at.seconds == -1);
    CHECK(group->alerts[3].starts_at.is_set);
    CHECK(group->alerts[4].starts_at.seconds == 1795218976);
    CHECK(group->alerts[6].starts_at.text == "2026-01-15T10:30:00Z");
}

TEST_CASE("parser: empty sets are present") {
    const Parsed group(webhook("alertmanager-0.25-basic.04"));
    REQUIRE(group.result);
    CHECK(group->group_labels.present());
    CHECK(group->group_labels.empty());
    CHECK(group->common_annotations.present());
    CHECK(group->alerts[0].annotations.present());
    CHECK(group->alerts[0].annotations.empty());
    CHECK(group->alerts[0].generator_url.data() != nullptr);
    CHECK(group->alerts[0].generator_url.empty());
    CHECK(group->group_key == "{}:{}");
}

TEST_CASE("parser: escapes are decoded") {
    const Parsed group(webhook("alertmanager-0.25-basic.05"));
    REQUIRE(group.result);
    const Labels labels = group->alerts[0].labels;
    CHECK(labels.get("apos") == "o'neill");
    CHECK(labels.get("backslash") == R"(C:\temp\x)");
    CHECK(labels.get("html") == "<b>R&D</b> it's");
    CHECK(labels.get("quote") == R"(he said "hi")");
    CHECK(group->alerts[0].annotations.get("summary") == R"(5 > 3 && 2 < 4 "quoted" \ / end)");
    CHECK(group->alerts[0].annotations.get("url") == "https://x.example/?a=1&b=2#f");
    CHECK(group->common_labels == labels);
}

TEST_CASE("parser: Unicode") {
    const Parsed group(webhook("alertmanager-0.25-basic.07"));
    REQUIRE(group.result);
    CHECK(group->alerts[0].labels.get("city") == "Zürich");
    CHECK(group->alerts[0].labels.get("emoji") == "🔥🚒");
    CHECK(group->alerts[0].annotations.get("ls") == "a\u2028b\u2029c");
    CHECK(group->alerts[0].annotations.get("bom") == "\ufeffx");
    CHECK(group->alerts[0].annotations.get("noncharacter").starts_with("\xef\xbf\xbf"));
}

TEST_CASE("parser: empty values stay") {
    const Parsed group(webhook("alertmanager-0.25-basic.09"));
    REQUIRE(group.result);
    REQUIRE(group->alerts[0].annotations.find("summary") != nullptr);
    CHECK(group->alerts[0].annotations.get("summary").empty());
    CHECK(group->alerts[0].annotations.get("summary").data() != nullptr);
}

TEST_CASE("parser: firing and resolved in one body") {
    const Parsed group(webhook("alertmanager-0.25-mixed.02"));
    REQUIRE(group.result);
    CHECK(group->status == Status::firing);
    REQUIRE(group->alerts.size() == 4);
    CHECK(firing(*group).size() == 2);
    CHECK(resolved(*group).size() == 2);
    CHECK(group->alerts[0].ends_at.seconds == 1795218982);
    CHECK(group->alerts[0].ends_at.nanoseconds == 533'817'000);
    CHECK_FALSE(fully_resolved(*group));
}

TEST_CASE("parser: a resolved but truncated message") {
    const Parsed group(webhook("alertmanager-0.25-trunc-hides-firing.02"));
    REQUIRE(group.result);
    CHECK(group->status == Status::resolved);
    CHECK(group->truncated_alerts == 3);
    CHECK(resolved(*group).size() == 2);
    CHECK_FALSE(fully_resolved(*group));
}

TEST_CASE("parser: all alerts resolved, with the members of 0.34") {
    const Parsed group(webhook("am-0.34-all-resolved"));
    REQUIRE(group.result);
    CHECK(fully_resolved(*group));
    CHECK(group->notification_reason == "all alerts resolved");
    CHECK(group->route_labels.size() == 2);
    CHECK(group->route_labels.get("team") == "sre");
    CHECK(group->route_labels.get("url") == "https://x/?a=1&b=<2>");
    CHECK(Parsed(webhook("am-0.32-first-notification"))->notification_reason == "first notification");
}

TEST_CASE("parser: nested quotes in the group key, a quoted receiver") {
    const Parsed nested(webhook("alertmanager-0.25-nested.01"));
    REQUIRE(nested.result);
    CHECK(
        nested->group_key ==
        R"({}/{scenario="nested"}/{msg="say \"hi\" \\ {x}:y",path=~"/a/.+"}:{alertname="Ne\"st", msg="say \"hi\" \\ {x}:y", path="/a/b&c"})");
    const Parsed weird(webhook("alertmanager-0.25-weird-receiver.01"));
    REQUIRE(weird.result);
    CHECK(weird->receiver == R"(team\.a/b\+c \(x\) "q")");
}

TEST_CASE("parser: local offsets, Go's times, a thousand alerts") {
    const Parsed local(webhook("alertmanager-0.25-local-timezone.01"));
    REQUIRE(local.result);
    CHECK(local->alerts[0].starts_at.seconds == 1795219101);
    CHECK(local->alerts[0].starts_at.nanoseconds == 318'263'699);

    const Parsed go(webhook("amp-template-go-times"));
    REQUIRE(go.result);
    CHECK(go->alerts[0].starts_at.seconds == 1768473000);
    CHECK(go->alerts[0].starts_at.is_set);
    CHECK_FALSE(go->alerts[0].ends_at.is_set);
    CHECK(go->alerts[0].ends_at.text == "0001-01-01 00:00:00 +0000 UTC");
    CHECK(go->group_key.data() == nullptr);
    CHECK(go->version.data() == nullptr);

    const Parsed huge(webhook("alertmanager-0.25-huge-1000.02"));
    REQUIRE(huge.result);
    REQUIRE(huge->alerts.size() == 1000);
    CHECK(huge->alerts[999].labels.get("instance") == "host-0999.dc1.example.com:9100");
    CHECK(huge->alerts[999].fingerprint == "d28f262d87385890");
    CHECK(huge->alerts[500].annotations.get("summary") == "Node host-0500 is down");
    CHECK(huge->group_key == R"({}/{scenario="huge1000"}:{scenario="huge1000"})");
}

TEST_CASE("parser: version 3, where groupKey is a number above 2^53") {
    const Parsed group(
        R"({"receiver":"default","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A"},"annotations":{},)"
        R"("startsAt":"2016-09-07T17:07:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":""}],"groupLabels":{},"commonLabels":{},)"
        R"("commonAnnotations":{},"externalURL":"http://am:9093","version":"3","groupKey":5615590933959184469})");
    REQUIRE(group.result);
    CHECK(group->group_key == "5615590933959184469");
    CHECK(group->version == "3");
    CHECK(group->alerts[0].fingerprint.data() == nullptr);
    CHECK(test::describe(group.parser.warnings()) == "wrong_type groupKey\n");
}

TEST_CASE("parser: Grafana's own members are in extra") {
    const Parsed group(
        R"({"receiver":"","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"TestAlert"},"annotations":{"summary":"s"},)"
        R"("startsAt":"2026-01-15T10:30:00.5+01:00","endsAt":"0001-01-01T00:00:00Z","generatorURL":"?orgId=1","fingerprint":"57c6d9296de2ad39",)"
        R"("silenceURL":"https://grafana.example/silence\u0026x","dashboardURL":"","panelURL":"grafana.example/d/1","values":null,)"
        R"("valueString":"[ var='B' labels={a=b} value=22 ]","orgId":1,"enrichments":{"a": [1, 2]}}],)"
        R"("groupLabels":{"alertname":"TestAlert"},"commonLabels":{},"commonAnnotations":{},"externalURL":"https://grafana.example/",)"
        R"("appVersion":"12.4.0","version":"1","groupKey":"{alertname=\"TestAlert\"}","truncatedAlerts":0,"orgId":1,)"
        R"("title":"[FIRING:1] TestAlert","state":"alerting","message":"**Firing**\n"})");
    REQUIRE(group.result);
    CHECK(group.parser.warnings().empty());
    CHECK(group->receiver.data() != nullptr);
    const ExtraMembers& alert = group->alerts[0].extra;
    REQUIRE(alert.size() == 7);
    CHECK(alert[0].name == "silenceURL");
    CHECK(alert[0].json == R"("https://grafana.example/silence\u0026x")");
    CHECK(alert[0].text == "https://grafana.example/silence&x");
    CHECK(alert[1].name == "dashboardURL");
    CHECK(alert[1].json == R"("")");
    CHECK(alert[1].text.empty());
    CHECK(alert.text("panelURL") == "grafana.example/d/1");
    CHECK(alert[3].name == "values");
    CHECK(alert[3].json == "null");
    CHECK(alert[3].text.empty());
    CHECK(alert.text("valueString") == "[ var='B' labels={a=b} value=22 ]");
    CHECK(alert.text("orgId") == "1");
    CHECK(alert[6].name == "enrichments");
    CHECK(alert[6].json == R"({"a":[1,2]})");
    CHECK(alert[6].text == R"({"a":[1,2]})");
    const ExtraMembers& own = group->extra;
    REQUIRE(own.size() == 5);
    CHECK(own[0].name == "appVersion");
    CHECK(own[1].json == "1");
    CHECK(own.text("title") == "[FIRING:1] TestAlert");
    CHECK(own.text("state") == "alerting");
    CHECK(own.text("message") == "**Firing**\n");
    CHECK(group->version == "1");
}

TEST_CASE("parser: minimal hand-made bodies") {
    const Parsed group(R"({"alerts":[{"labels":{"alertname":"A"}}]})");
    REQUIRE(group.result);
    CHECK(group->alerts.size() == 1);
    CHECK(group->alerts[0].labels.get("alertname") == "A");
    CHECK(group->alerts[0].status == Status::firing);
    CHECK(group->status == Status::firing);
    CHECK(group->receiver.data() == nullptr);
    CHECK_FALSE(group->alerts[0].annotations.present());
    CHECK(group->alerts[0].starts_at.text.data() == nullptr);
}

TEST_CASE("parser: any order of members, any white space") {
    const Parsed group(
        " \t\r\n{ \"truncatedAlerts\" : 7 ,\n \"groupKey\":\"k\",\"alerts\" : [ { \"fingerprint\":\"f\" , \"endsAt\" : \"\" ,"
        "\"labels\" : { \"a\" : \"1\" , \"b\" : \"2\" } , \"status\":\"resolved\" } , { \"labels\":{ } ,\"status\":\"firing\"} ] ,"
        "\"status\":\"firing\" , \"receiver\" : \"r\" } \n\n\t ");
    REQUIRE(group.result);
    CHECK(group.parser.warnings().empty());
    CHECK(group->truncated_alerts == 7);
    CHECK(group->group_key == "k");
    CHECK(group->receiver == "r");
    REQUIRE(group->alerts.size() == 2);
    CHECK(group->alerts[0].status == Status::resolved);
    CHECK(group->alerts[0].labels.get("b") == "2");
    CHECK(group->alerts[1].labels.present());
}

TEST_CASE("parser: keys with escapes") {
    const Parsed group(R"({"al\u0065rts":[{"l\u0061bels":{"\u0061":"1"},"status":"firing"}],"st\u0061tus":"resolved"})");
    REQUIRE(group.result);
    REQUIRE(group->alerts.size() == 1);
    CHECK(group->alerts[0].labels.get("a") == "1");
    CHECK(group->status == Status::resolved);
    CHECK(group->extra.empty());
}

TEST_CASE("parser: member names are matched case-insensitively as in Go, and nothing else matches") {
    const Parsed group(
        R"({"Alerts":[{"LABELS":{"A":"1","a":"2"},"Status":"resolved","starts_at":"y","startsAt ":"z","startsA":"w","fingerprints":"v","\u017ftartsAt":"2026-01-15T10:30:00Z"}],"RECEIVER":"r","Notification_Reason":"n","GroupLabel":"g"})");
    REQUIRE(group.result);
    CHECK(group->receiver == "r");
    CHECK(group->notification_reason == "n");
    CHECK(group->extra.size() == 1);
    REQUIRE(group->alerts.size() == 1);
    CHECK(group->alerts[0].status == Status::resolved);
    CHECK(group->alerts[0].starts_at.seconds == 1768473000);
    CHECK(group->alerts[0].extra.size() == 4);
    // Label names belong to the sender, and keep their case.
    CHECK(group->alerts[0].labels.get("A") == "1");
    CHECK(group->alerts[0].labels.get("a") == "2");
    CHECK(test::describe(group.parser.warnings()) ==
          "other_case Alerts\nother_case alerts[0].LABELS\nother_case alerts[0].Status\nother_case alerts[0].\u017ftartsAt\n"
          "other_case RECEIVER\nother_case Notification_Reason\n");
}

TEST_CASE("parser: each member is read in every alternative spelling, and only in these") {
    const auto others = [](std::string_view name) {
        std::vector<std::string> made(3);
        const auto other_letter = [](char c) {
            return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c >= 'A' && c <= 'Z' ? c + 32 : c);
        };
        const auto folded = [](char c) { return c == 's' || c == 'S' ? "\u017f" : c == 'k' || c == 'K' ? "\u212a" : ""; };
        for (std::size_t i = 0; i < name.size(); ++i) {
            const char c = name[i];
            made[0] += other_letter(c);
            made[1] += *folded(c) != 0 ? folded(c) : std::string(1, c);
            made[2] += *folded(c) != 0 ? folded(c) : std::string(1, other_letter(c));
            std::string one(name);
            if (other_letter(c) != c) made.push_back(one.replace(i, 1, 1, other_letter(c)));
            if (*folded(c) != 0) made.push_back(std::string(name).replace(i, 1, folded(c)));
        }
        std::erase(made, name);
        return made;
    };
    const auto read = [](const std::string& name) {
        const Parsed group(R"({"status":"firing","alerts":[{")" + name + R"(":null,"labels":{"a":"1"}}]})");
        REQUIRE(group.result);
        const bool known = group->alerts[0].extra.empty();
        CHECK((group.warnings.find("other_case") != std::string::npos) == known);
        return known;
    };
    for (const std::string_view name : {"status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"}) {
        for (const std::string& other : others(name)) {
            CAPTURE(other);
            CHECK(read(other));
            CHECK_FALSE(read(other + "s"));
            CHECK_FALSE(read("x" + other));
        }
    }
    for (const std::string_view name : {"receiver", "status", "notification_reason", "groupLabels", "commonLabels", "commonAnnotations",
                                        "routeLabels", "externalURL", "version", "groupKey", "truncatedAlerts"}) {
        for (const std::string& other : others(name)) {
            CAPTURE(other);
            const Parsed group(R"({"alerts":[],")" + other + "\":null}");
            REQUIRE(group.result);
            CHECK(group->extra.empty());
            CHECK(group.warnings.find("other_case") != std::string::npos);
        }
    }
}

TEST_CASE("parser: for a member in two spellings the last one wins, as in Go") {
    const Parsed group(R"({"alerts":[],"Alerts":[{"status":"firing","labels":{"a":"1"}}],"status":"resolved","STATUS":"firing"})");
    REQUIRE(group.result);
    CHECK(group->alerts.size() == 1);
    CHECK(group->status == Status::firing);
    CHECK(test::describe(group.parser.warnings()) == "other_case Alerts\nduplicate_key Alerts\nother_case STATUS\nduplicate_key STATUS\n");
}

TEST_CASE("parser: other kinds of JSON have their own error codes") {
    struct Shape {
        std::string body;
        Errc code;
    };
    const Shape shapes[] = {
        {webhook("not-an-alert-group-sns-envelope"), Errc::sns_envelope},
        {webhook("not-an-alert-group-am-0.32-custom-payload-array"), Errc::top_level_array},
        {R"([])", Errc::top_level_array},
        {R"([{"alerts":[]}])", Errc::top_level_array},
        {R"({"Type":"SubscriptionConfirmation","MessageId":"1","Token":"t","TopicArn":"arn:aws:sns:us-west-2:1:T","Message":"m","SubscribeURL":"u"})",
         Errc::sns_envelope},
        {R"({"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertId":"x"},"alertContext":{}}})",
         Errc::azure_common_schema},
        {R"({"data":{"alertContext":null,"essentials":{"alertId":"x"}},"schemaId":"azureMonitorCommonAlertSchema"})",
         Errc::azure_common_schema},
        {R"({"dashboardId":1,"evalMatches":[{"value":100,"metric":"High value","tags":null}],"message":"m","orgId":0,"panelId":1,"ruleId":0,)"
         R"("ruleName":"Test notification","ruleUrl":"http://localhost:3000/","state":"alerting","tags":{},"title":"[Alerting] Test"})",
         Errc::grafana_legacy},
        {R"({"ruleId":1,"ruleName":"x","state":"ok","title":"[OK] x"})", Errc::grafana_legacy},
        {R"({"version":"1","status":"firing","alert":[{"summary":"s","description":"d","labels":{},"payload":{}}]})",
         Errc::alertmanager_v1},
        {R"({"version":"2","status":"resolved","alert":[{"labels":{"alertname":"A"}}]})", Errc::alertmanager_v1},
        {R"({})", Errc::not_an_alert_group},
        {R"({"text":"hello"})", Errc::not_an_alert_group},
        {R"({"foo":{"alerts":[]}})", Errc::not_an_alert_group},
        {"null", Errc::not_an_alert_group},
        {"true", Errc::not_an_alert_group},
        {"17", Errc::not_an_alert_group},
        {R"("alerts")", Errc::not_an_alert_group},
        {"", Errc::empty_body},
        {" \n\t\r ", Errc::empty_body},
    };
    Parser parser;
    for (const auto& one : shapes) {
        const auto& body = one.body;
        const auto& code = one.code;
        CAPTURE(body);
        const auto group = parser.parse(body);
        REQUIRE_FALSE(group);
        CHECK(name(group.error().code) == name(code));
    }
}

TEST_CASE("parser: an object with an alerts array is a group, regardless of other members") {
    const char* bodies[] = {
        R"({"Type":"Notification","TopicArn":"arn","Message":"m","alerts":[{"labels":{"a":"1"},"status":"firing"}]})",
        R"({"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{}},"alerts":[{"labels":{"a":"1"},"status":"firing"}]})",
        R"({"evalMatches":[],"ruleId":1,"state":"ok","alerts":[{"labels":{"a":"1"},"status":"firing"}]})",
        R"({"alert":[],"version":"1","alerts":[{"labels":{"a":"1"},"status":"firing"}]})",
        R"({"alerts":[{"labels":{"a":"1"},"status":"firing"}]})",
        R"({"version":99,"alerts":[{"labels":{"a":"1"},"status":"firing"}]})",
    };
    Parser parser;
    for (const std::string_view body : bodies) {
        CAPTURE(body);
        const auto group = parser.parse(body);
        REQUIRE(group);
        REQUIRE(group->alerts.size() == 1);
        CHECK(group->alerts[0].labels.get("a") == "1");
    }
}

TEST_CASE("parser: warnings belong to the last body") {
    Parser parser;
    const std::string odd = R"({"alerts":[],"version":4})";
    const std::string fine = R"({"alerts":[],"version":"4","status":"firing"})";
    REQUIRE(parser.parse(odd));
    CHECK(parser.warning_count() >= 1);
    REQUIRE(parser.parse(fine));
    CHECK(parser.warning_count() == 0);
    CHECK(parser.warnings().empty());
    REQUIRE(parser.parse(odd));
    CHECK_FALSE(parser.parse("{"));
    CHECK(parser.warning_count() == 0);
}

TEST_CASE("parser: path and offset of a warning") {
    Warning warning;
    CHECK(warning.path().empty());
    warning.field = "version";
    CHECK(warning.path() == "version");
    warning.alert = 3;
    CHECK(warning.path() == "alerts[3].version");
    warning.field = "labels";
    warning.key = "severity";
    CHECK(warning.path() == "alerts[3].labels.severity");
    warning.field = {};
    warning.key = {};
    CHECK(warning.path() == "alerts[3]");
    warning.alert = Warning::no_alert;
    warning.field = "commonLabels";
    warning.key = "a";
    CHECK(warning.path() == "commonLabels.a");
}

// A temporary body would be destroyed before its group.
template <class Text>
concept parses = requires(Parser& parser, Text&& text) {
    parser.parse(static_cast<Text&&>(text));
};
static_assert(parses<std::string_view> && parses<std::string&> && parses<const std::string&> && parses<const char*>);
static_assert(!parses<std::string> && !parses<const std::string>);
template <class P>
concept parses_as_temporary = requires(std::string_view text) {
    P().parse(text);
};
static_assert(!parses_as_temporary<Parser>);
static_assert(!std::is_copy_constructible_v<Parser> && std::is_nothrow_move_constructible_v<Parser>);
