#include "alertmap/targets/better_stack.hpp"

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::BetterStack;
using alertmap::target::BetterStackIncidents;
using alertmap::target::BetterStackWebhook;

static_assert(Target<BetterStack> && Target<BetterStackWebhook> && Target<BetterStackIncidents>);
static_assert(BetterStackIncidents::traits.resolves_by == ResolveBy::vendor_id);

namespace {
BetterStackIncidents incidents() {
    BetterStackIncidents made;
    made.token = "t0ken";
    made.requester_email = "pager-bridge@example.test";
    return made;
}
}  // namespace

TEST_CASE("better_stack: the outgoing template") {
    const BetterStack target;
    check_golden("better_stack/alert_firing", written(target, alert_firing()));
    check_golden("better_stack/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("better_stack/alert_resolved", written(target, alert_resolved()));
    check_golden("better_stack/group_firing", written(target, group_firing()));
    check_golden("better_stack/hostile", written(target, hostile()));
    Event bare;
    bare.external_id = "id";
    check_golden("better_stack/bare", written(target, bare));
}

TEST_CASE("better_stack: the template's request") {
    BetterStack target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "url"});
    target.url = "https://connect.signl4.com/webhook/s3cret";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://connect.signl4.com/webhook/s3cret");
    CHECK(request->body == golden("better_stack/alert_firing"));
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    target.url = "connect.signl4.com/webhook/s3cret";
    CHECK(target.request(alert_firing()).error() == Error{Errc::invalid_url, no_offset, "url"});
}

TEST_CASE("better_stack_webhook: bodies") {
    const BetterStackWebhook target;
    check_golden("better_stack_webhook/alert_firing", written(target, alert_firing()));
    check_golden("better_stack_webhook/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("better_stack_webhook/alert_resolved", written(target, alert_resolved()));
    check_golden("better_stack_webhook/group_firing", written(target, group_firing()));
    check_golden("better_stack_webhook/group_resolved", written(target, group_resolved()));
    check_golden("better_stack_webhook/hostile", written(target, hostile()));
}

TEST_CASE("better_stack_webhook: requests") {
    BetterStackWebhook target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "url"});
    target.url = "https://uptime.betterstack.com/api/v1/incoming-webhook/s3cret";
    const Result<Request> request = target.request(alert_resolved());
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->body == golden("better_stack_webhook/alert_resolved"));
    CHECK(to_string(*request).starts_with("POST https://uptime.betterstack.com/***\nContent-Type: application/json\n\n{"));
    CHECK(target.request(heartbeat()).error() == Error{Errc::missing_heartbeat, no_offset, "heartbeat_url"});
    target.heartbeat_url = "https://uptime.betterstack.com/api/v1/heartbeat/abc";
    const Result<Request> ping = target.request(heartbeat());
    REQUIRE(ping);
    CHECK(ping->url == "https://uptime.betterstack.com/api/v1/heartbeat/abc");
    CHECK(ping->body.empty());
}

TEST_CASE("better_stack_incidents: bodies") {
    BetterStackIncidents target = incidents();
    check_golden("better_stack_incidents/alert_firing", written(target, alert_firing()));
    check_golden("better_stack_incidents/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("better_stack_incidents/alert_resolved", written(target, alert_resolved()));
    check_golden("better_stack_incidents/group_firing", written(target, group_firing()));
    check_golden("better_stack_incidents/hostile", written(target, hostile()));
    target.team_name = "storage";
    target.policy_id = "123456";
    target.call = false;
    target.sms = false;
    target.email = true;
    target.push = true;
    target.critical_alert = false;
    target.team_wait = 180;
    check_golden("better_stack_incidents/every_option", written(target, group_firing()));
    target.requester_email = {};
    CHECK(write_error(target, alert_firing()) == Errc::missing_value);
}

TEST_CASE("better_stack_incidents: a priority replaces the label of that name") {
    BetterStackIncidents target;
    target.requester_email = "a@b.example.test";
    Event event = alert_firing();
    const Label label{"priority", "of the alert"};
    event.labels = {&label, 1};
    CHECK(written(target, event).find(R"("priority":["of the alert"])") != std::string::npos);
    event.priority = "P1";
    CHECK(written(target, event).find(R"("priority":["P1"])") != std::string::npos);
    CHECK(written(target, event).find("of the alert") == std::string::npos);
}

TEST_CASE("better_stack_incidents: requests") {
    BetterStackIncidents target = incidents();
    const Result<Request> create = target.request(alert_firing());
    REQUIRE(create);
    CHECK(create->url == "https://uptime.betterstack.com/api/v3/incidents");
    CHECK(create->body == golden("better_stack_incidents/alert_firing"));
    REQUIRE(create->headers.size() == 2);
    CHECK(create->headers[0].name == "Authorization");
    CHECK(create->headers[0].value == "Bearer t0ken");
    CHECK(to_string(*create).find("t0ken") == std::string::npos);

    CHECK(target.request(alert_resolved()).error().code == Errc::missing_vendor_id);
    CHECK(target.request(alert_acknowledged()).error().code == Errc::missing_vendor_id);
    Event ignored = alert_firing();
    ignored.transition = Transition::ignore;
    CHECK(target.request(ignored).error().code == Errc::unsupported_transition);

    const auto id = BetterStackIncidents::read_id(R"({"data":{"id":"4/2","type":"incident","attributes":{"name":"x"}}})");
    REQUIRE(id);
    CHECK(target.request(alert_resolved(), *id)->url == "https://uptime.betterstack.com/api/v3/incidents/4%2F2/resolve");
    CHECK(target.request(alert_acknowledged(), *id)->url == "https://uptime.betterstack.com/api/v3/incidents/4%2F2/acknowledge");
    CHECK(target.request(alert_resolved(), "..").error().code == Errc::invalid_url);
    target.token = {};
    CHECK(target.request(alert_resolved(), *id).error() == Error{Errc::missing_value, no_offset, "token"});
}

TEST_CASE("better_stack_incidents: answers") {
    CHECK(BetterStackIncidents::read_id(R"({"data":{"id":42}})").value_or("") == "42");
    CHECK(BetterStackIncidents::read_id(R"({"errors":"Incident was already resolved"})").error().code == Errc::missing_vendor_id);
    CHECK(BetterStackIncidents::read_id(R"({"data":["id"]})").error().code == Errc::missing_vendor_id);
    CHECK(BetterStackIncidents::read_id(R"({"data":{"id":"4"})").error().code == Errc::truncated_body);
    CHECK(BetterStackIncidents::succeeded(Transition::trigger, 201));
    CHECK(BetterStackIncidents::succeeded(Transition::resolve, 409));
    CHECK(BetterStackIncidents::succeeded(Transition::acknowledge, 409));
    CHECK_FALSE(BetterStackIncidents::succeeded(Transition::trigger, 409));
    CHECK_FALSE(BetterStackIncidents::succeeded(Transition::resolve, 404));
}

TEST_CASE("better_stack: the contract") {
    CHECK(contract_fault(complete_target("better_stack"), {"/X-S4-ExternalID", {}, "better_stack"}) == "");
    CHECK(contract_fault(complete_target("better_stack_webhook"), {"/alert_id", {}, "better_stack_webhook", {"/priority"}}) == "");
    CHECK(contract_fault(complete_target("better_stack_incidents"), {{}, {}, "better_stack_incidents", {"/metadata/priority/0"}}) == "");
}
