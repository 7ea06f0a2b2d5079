#include "alertmap/forwards/alertmanager.hpp"

#include <string>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/policies/redact.hpp"
#include "support/golden.hpp"
#include "support/sample_groups.hpp"
#include "support/unknown_texts.hpp"

using namespace test;

static_assert(Forward<forward::Alertmanager>);

TEST_CASE("alertmanager: bodies") {
    const forward::Alertmanager forward;
    check_golden("forward_alertmanager/firing", written(forward, firing_group()));
    check_golden("forward_alertmanager/mixed", written(forward, mixed_group()));
    check_golden("forward_alertmanager/truncated", written(forward, truncated_group()));
}

TEST_CASE("alertmanager: required members are always written, newer ones only if present") {
    check_golden("forward_alertmanager/empty_group", written(forward::Alertmanager{}, AlertGroup{}));
    const Alert alert;
    AlertGroup group;
    group.alerts = {&alert, 1};
    check_golden("forward_alertmanager/empty_alert", written(forward::Alertmanager{}, group));
}

TEST_CASE("alertmanager: bodies of real Alertmanagers are reproduced byte by byte") {
    Parser parser;
    for (const char* name : {"alertmanager-0.25-basic.01",
                             "alertmanager-0.25-basic.02",
                             "alertmanager-0.25-basic.03",
                             "alertmanager-0.25-basic.04",
                             "alertmanager-0.25-basic.05",
                             "alertmanager-0.25-basic.07",
                             "alertmanager-0.25-basic.09",
                             "alertmanager-0.25-basic.11",
                             "alertmanager-0.25-basic.12",
                             "alertmanager-0.25-basic.14",
                             "alertmanager-0.25-dup-recv1.01",
                             "alertmanager-0.25-dup-recv2.01",
                             "alertmanager-0.25-huge-1000.02",
                             "alertmanager-0.25-lifecycle.01",
                             "alertmanager-0.25-lifecycle.02",
                             "alertmanager-0.25-lifecycle.03",
                             "alertmanager-0.25-lifecycle.04",
                             "alertmanager-0.25-local-timezone.01",
                             "alertmanager-0.25-mixed.01",
                             "alertmanager-0.25-mixed.02",
                             "alertmanager-0.25-mixed.03",
                             "alertmanager-0.25-nested.01",
                             "alertmanager-0.25-repeat.01",
                             "alertmanager-0.25-repeat.02",
                             "alertmanager-0.25-silenced-resolve-lost.01",
                             "alertmanager-0.25-silenced-resolve-lost.02",
                             "alertmanager-0.25-silenced-resolve-lost.03",
                             "alertmanager-0.25-trunc-hides-firing.01",
                             "alertmanager-0.25-trunc-hides-firing.02",
                             "alertmanager-0.25-trunc.01",
                             "alertmanager-0.25-weird-receiver.01",
                             "am-0.32-first-notification",
                             "am-0.34-all-resolved",
                             "prometheus-2.42-01",
                             "prometheus-2.42-02",
                             "prometheus-2.42-03",
                             "prometheus-2.42-04",
                             "prometheus-2.42-05"}) {
        CAPTURE(name);
        const std::string body = webhook(name);
        REQUIRE_FALSE(body.empty());
        const Result<AlertGroup> group = parser.parse(body);
        REQUIRE(group);
        Buffer out;
        write_group(*group, out);
        CHECK(out.view() == body);

        // The same with texts of unknown kind: every string is escaped again.
        Arena arena;
        out.clear();
        write_group(test::unknown(*group, arena), out);
        CHECK(out.view() == body);
    }
}

TEST_CASE("alertmanager: alternative spellings are kept") {
    // Go before 1.22 writes \u0008 and \u000c, later versions \b and \f; U+FFFD is escaped if Go replaced a byte, otherwise unchanged.
    constexpr std::string_view spellings[] = {
        "\\u0008",      "\\b", "\\u000c", "\\f",     "\\ufffd", "\xef\xbf\xbd",   "\\u007f",          "\x7f",    "\\u003c", "<", "\\u2028",
        "\xe2\x80\xa8", "\\/", "/",       "\\u0041", "A",       "\\ud83d\\udd25", "\xf0\x9f\x94\xa5", "\\u00E9",
    };
    // The last strings of a body are not read in blocks.
    for (const std::string_view end : {R"(,"o@":["@",{"i@":"@"}]})", R"(,"o":"@"})", R"(,"@":1})", "}"}) {
        for (const std::string_view spelling : spellings) {
            std::string body =
                R"({"receiver":"r@","status":"firing","alerts":[{"status":"firing","labels":{"a":"@","b@":"v","c":"@x@"},"annotations":)"
                R"({"a@":"@"},"startsAt":"2026-03-04T05:06:07Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://h/@",)"
                R"("fingerprint":"f@","e@":"@"}],"notification_reason":"n@","groupLabels":{"a":"@"},"commonLabels":{"a":"@"},)"
                R"("commonAnnotations":{"a@":"@"},"routeLabels":{"r@":"@"},"externalURL":"http://h/@","version":"4@","groupKey":"k@",)"
                R"("truncatedAlerts":0)";
            body.append(end).append("\n");
            for (std::size_t at = 0; (at = body.find('@', at)) != std::string::npos; at += spelling.size()) body.replace(at, 1, spelling);
            CAPTURE(body);
            Parser parser;
            const Result<AlertGroup> group = parser.parse(body);
            REQUIRE(group);
            CHECK(written(forward::Alertmanager{}, *group) == body);
            const Result<OwnedAlertGroup> owned = OwnedAlertGroup::copy(*group);
            REQUIRE(owned);
            CHECK(written(forward::Alertmanager{}, **owned) == body);
            Arena arena;
            Mapping mapping;
            mapping.redact.names = {"no such label"};
            CHECK(written(forward::Alertmanager{}, filtered(*group, mapping, arena)) == body);
        }
    }
}

TEST_CASE("alertmanager: unknown members are kept, added members replace them") {
    Parser parser;
    const std::string body =
        R"({"orgId":1,"numFiring":7,"a<b":{"c": [1]},"alerts":[{"labels":{"x":"y"},"values":null,"silenceURL":"http://x/?a\u0026b"}]})";
    const Result<AlertGroup> group = parser.parse(body);
    REQUIRE(group);
    Buffer out;
    const AddedMember added[] = {{"numFiring", std::uint64_t{1}}, {"note", std::string_view("a\"<")}};
    write_group(*group, out, added);
    CHECK(out.view() ==
          "{\"receiver\":\"\",\"status\":\"firing\",\"alerts\":[{\"status\":\"firing\",\"labels\":{\"x\":\"y\"},\"annotations\":{},"
          "\"startsAt\":\"0001-01-01T00:00:00Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"\",\"fingerprint\":"
          "\"725f725716f98d94\","
          "\"values\":null,\"silenceURL\":\"http://x/?a\\u0026b\"}],\"groupLabels\":{},\"commonLabels\":{},\"commonAnnotations\":{},"
          "\"externalURL\":\"\",\"version\":\"4\",\"groupKey\":\"\",\"truncatedAlerts\":0,\"orgId\":1,\"a<b\":{\"c\":[1]},"
          "\"numFiring\":1,\"note\":\"a\\\"\\u003c\"}\n");
}

TEST_CASE("alertmanager: a missing fingerprint is computed") {
    const std::string body =
        R"({"status":"firing","alerts":[{"status":"firing","labels":{"b":"2","a":"1"},"fingerprint":{}},{"status":"firing","labels":{"a":"1","b":"2"}},{"status":"firing","labels":{"a":"1","b":"3"},"fingerprint":"0000000000000001"}]})";
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    REQUIRE(group);
    Arena arena;
    const std::string_view computed = fingerprint(group->alerts[1].labels, arena);
    const std::string out = written(forward::Alertmanager{}, *group);
    std::size_t found = 0;
    const std::string member = "\"fingerprint\":\"" + std::string(computed) + "\"";
    for (std::size_t at = 0; (at = out.find(member, at)) != std::string::npos; ++at) ++found;
    CHECK(found == 2);
    CHECK(out.find("\"fingerprint\":\"\"") == std::string::npos);
    CHECK(out.find("\"fingerprint\":\"0000000000000001\"") != std::string::npos);
}

TEST_CASE("alertmanager: a body is one line, even if unknown members had line breaks") {
    const std::string body =
        "{\"status\":\"firing\",\"alerts\":[{\"status\":\"firing\",\"labels\":{},\"values\": { \"B\" :\n [ 1 , \"a b\\n\" ] } "
        "}],\r\n\"x\":[ ]}";
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    REQUIRE(group);
    const std::string out = written(forward::Alertmanager{}, *group);
    CHECK(out.find('\n') == out.size() - 1);
    CHECK(out.find(R"("values":{"B":[1,"a b\n"]})") != std::string::npos);
    CHECK(out.find(R"("x":[])") != std::string::npos);
}

TEST_CASE("alertmanager: safe status") {
    CHECK(with_safe_status(firing_group()).status == Status::firing);
    CHECK(with_safe_status(resolved_group()).status == Status::resolved);
    CHECK(with_safe_status(truncated_group()).status == Status::firing);
    AlertGroup liar = mixed_group();
    liar.status = Status::resolved;
    CHECK(with_safe_status(liar).status == Status::firing);
    AlertGroup broken = resolved_group();
    broken.incomplete = true;
    CHECK(with_safe_status(broken).status == Status::firing);
}

TEST_CASE("alertmanager: split") {
    AlertGroup group = mixed_group();
    CHECK(split(group, 0).size() == 1);
    CHECK(split(group, 2).size() == 1);
    REQUIRE(split(group, 1).size() == 2);
    std::vector<AlertGroup> parts;
    for (const AlertGroup& part : split(group, 1)) parts.push_back(part);
    REQUIRE(parts.size() == 2);
    // The first part contains only a resolved alert, and must not close the second one's.
    CHECK(parts[0].alerts[0].status == Status::resolved);
    CHECK(parts[0].status == Status::firing);
    CHECK(parts[1].status == Status::firing);
    CHECK(parts[0].group_key == parts[1].group_key);

    group.status = Status::resolved;
    CHECK(split(group, 1)[0].status == Status::firing);
    CHECK(split(group, 2)[0].status == Status::resolved);

    const AlertGroup closed = resolved_group();
    CHECK(split(closed, 1)[0].status == Status::resolved);
    CHECK(split(closed, 1)[1].status == Status::resolved);

    const AlertGroup empty;
    CHECK(split(empty, 0).size() == 1);
    CHECK(split(empty, 5).size() == 1);
}

TEST_CASE("alertmanager: split: fully_resolved(part) == fully_resolved(group), no alert is lost") {
    Alert alerts[7];
    for (unsigned states = 0; states < 128; ++states) {
        for (std::size_t i = 0; i < 7; ++i) alerts[i].status = (states >> i & 1) != 0 ? Status::resolved : Status::firing;
        for (unsigned odd = 0; odd < 8; ++odd) {
            AlertGroup group;
            group.alerts = alerts;
            group.status = (odd & 1) != 0 ? Status::resolved : Status::firing;
            group.truncated_alerts = (odd & 2) != 0 ? 4 : 0;
            group.incomplete = (odd & 4) != 0;
            for (const std::size_t most : {std::size_t{1}, std::size_t{3}, std::size_t{6}}) {
                const Alert* next = alerts;
                bool same = true;
                for (const AlertGroup& part : split(group, most)) {
                    same =
                        same && fully_resolved(part) == fully_resolved(group) && part.alerts.data() == next && part.alerts.size() <= most;
                    next += part.alerts.size();
                }
                REQUIRE(same);
                REQUIRE(next == alerts + 7);
            }
        }
    }
}

TEST_CASE("alertmanager: a stable group key") {
    AlertGroup group = firing_group();
    CHECK(stable_group_key(group) == group.group_key);
    group.group_key = {};
    CHECK(stable_group_key(group) == R"({}:{alertname="DiskAlmostFull", cluster="eu-1"})");
    constexpr Label odd[] = {{"z", "1"}, {"a", "say \"x\\y\""}};
    group.group_labels = {};
    group.common_labels = labels_of(odd);
    CHECK(stable_group_key(group) == R"({}:{a="say \"x\\y\"", z="1"})");
    group.common_labels = {};
    CHECK(stable_group_key(group).starts_with(R"({}:{alertname="DiskAlmostFull", cluster="eu-1", instance="n1:9100")"));
    CHECK(stable_group_key(AlertGroup{}) == "{}:{}");
}

TEST_CASE("alertmanager: requests") {
    forward::Alertmanager forward;
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "url"});
    forward.url = "https://am-consumer.example.test/hook/s3cret";
    const Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->body == golden("forward_alertmanager/firing"));
    REQUIRE(request->headers.size() == 1);
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    forward.token = "t0ken";
    CHECK(forward.request(firing_group())->headers[0].value == "Bearer t0ken");
}
