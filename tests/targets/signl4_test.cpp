#include "alertmap/targets/signl4.hpp"

#include <string>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Signl4;

static_assert(Target<Signl4>);

TEST_CASE("signl4: bodies") {
    const Signl4 signl4;
    check_golden("signl4/alert_firing", written(signl4, alert_firing()));
    check_golden("signl4/alert_acknowledged", written(signl4, alert_acknowledged()));
    check_golden("signl4/alert_resolved", written(signl4, alert_resolved()));
    check_golden("signl4/group_firing", written(signl4, group_firing()));
    check_golden("signl4/group_resolved", written(signl4, group_resolved()));
    check_golden("signl4/hostile", written(signl4, hostile()));
}

TEST_CASE("signl4: every parameter") {
    Signl4 signl4;
    signl4.service = "fallback";
    signl4.location = "1.5,2.5";
    signl4.alerting_scenario = "emergency";
    signl4.filtering = false;
    signl4.source_system = "alertmap";
    Event event = alert_firing();
    event.service = {};
    check_golden("signl4/every_parameter", written(signl4, event));
}

TEST_CASE("signl4: labels with reserved names are renamed, case-insensitively") {
    for (const std::string name : {"url", "body", "title", "message", "subject", "runbook", "group-by", "x-s4-status", "x-s4-a"}) {
        for (const bool upper : {false, true}) {
            std::string spelled = name;
            for (char& c : spelled) c = upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            const Label label{spelled, "x"};
            Event event;
            event.external_id = "id";
            event.labels = {&label, 1};
            CHECK(written(Signl4{}, event) == "{\"Title\":\"id\",\"label_" + spelled +
                                                  R"(":"x","Severity":"critical","X-S4-ExternalID":"id","X-S4-Status":"new",)"
                                                  R"("X-S4-SourceSystem":"Alertmanager"})");
        }
    }
    for (const std::string name :
         {"", "u", "ur", "urls", "bodx", "titles", "messages", "x-s3-a", "x-s4_a", "service", "severit", "team", "xylophone"}) {
        const Label label{name, "x"};
        Event event;
        event.external_id = "id";
        event.labels = {&label, 1};
        CHECK(written(Signl4{}, event).starts_with("{\"Title\":\"id\",\"" + name + "\":\"x\",\"Severity\":\"critical\""));
    }
    for (const std::string name : {"priority", "Priority"}) {
        const Label label{name, "x"};
        Event event;
        event.external_id = "id";
        event.labels = {&label, 1};
        CHECK(written(Signl4{}, event).find("\"" + name + "\":\"x\",\"Severity\":\"critical\",\"X-S4-ExternalID\"") != std::string::npos);
        event.priority = "P1";
        const std::string expected = "\"label_" + name + R"(":"x","Severity":"critical","Priority":"P1","X-S4-ExternalID")";
        CHECK(written(Signl4{}, event).find(expected) != std::string::npos);
    }
    for (const std::string name : {"severity", "Severity", "SEVERITY"}) {
        const Label label{name, "P1"};
        Event event;
        event.external_id = "id";
        event.labels = {&label, 1};
        CHECK(written(Signl4{}, event).starts_with("{\"Title\":\"id\",\"" + name + "\":\"P1\",\"X-S4-ExternalID\""));
    }
}

TEST_CASE("signl4: long texts are not truncated, an empty summary is not sent") {
    const Event event = very_long();
    const std::string body = written(Signl4{}, event);
    CHECK(body.find(event.summary) != std::string::npos);
    Event untitled = alert_firing();
    untitled.summary = {};
    CHECK(written(Signl4{}, untitled).starts_with(R"({"Title":"a1b2c3d4e5f60718",)"));
}

TEST_CASE("signl4: events that are not written") {
    Event event = alert_firing();
    event.external_id = {};
    CHECK(write_error(Signl4{}, event) == Errc::empty_external_id);
    event = alert_firing();
    event.transition = Transition::ignore;
    CHECK(write_error(Signl4{}, event) == Errc::unsupported_transition);
    CHECK(write_error(Signl4{}, heartbeat()) == Errc::unsupported_transition);
}

TEST_CASE("signl4: the webhook's request") {
    Signl4 signl4;
    CHECK(signl4.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "id"});
    signl4.id = "s3cr/t?";
    const Result<Request> request = signl4.request(alert_resolved());
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->url == "https://connect.signl4.com/webhook/s3cr%2Ft%3F");
    CHECK(request->body == golden("signl4/alert_resolved"));
    REQUIRE(request->headers.size() == 1);
    CHECK(request->headers[0].name == "Content-Type");
    CHECK(request->headers[0].value == "application/json");
    CHECK(to_string(*request).find("s3cr") == std::string::npos);
    signl4.alerting_scenario = "panic";
    CHECK(signl4.request(alert_firing()).error() == Error{Errc::invalid_value, no_offset, "alerting_scenario"});
}

TEST_CASE("signl4: the REST API's request") {
    Signl4 signl4;
    signl4.id = "team-1";
    signl4.api_key = "k3y";
    const Result<Request> request = signl4.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://connect.signl4.com/api/v2/events/team-1");
    REQUIRE(request->headers.size() == 2);
    CHECK(request->headers[0].name == "X-S4-Api-Key");
    CHECK(request->headers[0].value == "k3y");
    CHECK(to_string(*request).find("k3y") == std::string::npos);
    signl4.api_key = "k3y\r\nX-Other: 1";
    CHECK(signl4.request(alert_firing()).error() == Error{Errc::invalid_header, no_offset, "X-S4-Api-Key"});
}

TEST_CASE("signl4: the option's service overrides the event's") {
    Signl4 signl4;
    Event event = alert_firing();
    event.service = "node";
    CHECK(written(signl4, event).find(R"("X-S4-Service":"node")") != std::string::npos);
    signl4.service = "Databases";
    CHECK(written(signl4, event).find(R"("X-S4-Service":"Databases")") != std::string::npos);
}

TEST_CASE("signl4: a heartbeat pings only while firing") {
    Signl4 signl4;
    signl4.id = "secret";
    CHECK(signl4.request(heartbeat()).error() == Error{Errc::missing_heartbeat, no_offset, "heartbeat_url"});
    signl4.heartbeat_url = "https://connect.signl4.com/apps/a_b?param=alive";
    const Result<Request> request = signl4.request(heartbeat());
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->url == "https://connect.signl4.com/apps/a_b?param=alive");
    CHECK(request->body.empty());
    CHECK(request->headers.empty());
    Event gone = heartbeat();
    gone.transition = Transition::resolve;
    CHECK(signl4.request(gone).error().code == Errc::unsupported_transition);
}

TEST_CASE("signl4: answers") {
    const auto raised = Signl4::read_answer(R"({"eventId":"2518583650940558238_7647c33f"})");
    REQUIRE(raised);
    CHECK(raised->event_id == "2518583650940558238_7647c33f");
    CHECK(raised->error_code.empty());
    const auto refused = Signl4::read_answer(R"({"requestId":"r","code":3004,"details":null,"message":"An event source was not found."})");
    REQUIRE(refused);
    CHECK(refused->event_id.empty());
    CHECK(refused->error_code == "3004");
    CHECK(refused->error_message == "An event source was not found.");
    CHECK(Signl4::read_answer("{}").error().code == Errc::missing_vendor_id);
    CHECK(Signl4::read_answer("[1]").error().code == Errc::missing_vendor_id);
    CHECK(Signl4::read_answer("<html>").error().code == Errc::invalid_json);
    CHECK(Signl4::read_answer("").error().code == Errc::truncated_body);
}

TEST_CASE("signl4: the contract") {
    CHECK(contract_fault(complete_target("signl4"), {"/X-S4-ExternalID", {}, "signl4", {"/Priority"}}) == "");
}
