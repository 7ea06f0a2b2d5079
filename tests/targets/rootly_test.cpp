#include "alertmap/targets/rootly.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/json_schema.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Rootly;
using alertmap::target::RootlyApi;

static_assert(Target<Rootly> && Rootly::traits.unknown_resolve == UnknownResolve::opens);
static_assert(Target<RootlyApi> && RootlyApi::traits.resolves_by == ResolveBy::vendor_id);

namespace {
/// The first fault of the body of a POST to `path` according to Rootly's own description; empty: none.
std::string against_schema(std::string_view path, std::string_view body) {
    const std::string text = read_file(data_file("schemas/rootly-alerts.openapi.json"));
    Json document;
    Json value;
    if (!JsonText(text).read(document) || !JsonText(body).read(value)) return "no JSON";
    const Json* schema = &member(document, "paths");
    for (const std::string_view name : {path, std::string_view("post"), std::string_view("requestBody"), std::string_view("content"),
                                        std::string_view("application/json"), std::string_view("schema")}) {
        schema = &member(*schema, name);
    }
    return JsonSchema(document).check(*schema, value);
}
}  // namespace

TEST_CASE("rootly: bodies") {
    const Rootly target;
    check_golden("rootly/alert_firing", written(target, alert_firing()));
    check_golden("rootly/alert_resolved", written(target, alert_resolved()));
    check_golden("rootly/group_firing", written(target, group_firing()));
    check_golden("rootly/group_resolved", written(target, group_resolved()));
    check_golden("rootly/hostile", written(target, hostile()));
    CHECK(write_error(target, alert_acknowledged()) == Errc::unsupported_transition);
    CHECK(write_error(target, heartbeat()) == Errc::unsupported_transition);
}

TEST_CASE("rootly: an unknown paging target is skipped") {
    constexpr NotifyTarget odd[] = {{"Pager", "1"}, {"User", ""}, {"Service", "s1"}};
    Event event = alert_firing();
    event.notify = {odd, 2};
    CHECK(written(Rootly{}, event).find("target_type") == std::string::npos);
    event.notify = odd;
    const std::string body = written(Rootly{}, event);
    CHECK(body.find(R"("target_type":"Service","target_id":"s1")") != std::string::npos);
    CHECK(body.find("alerting_targets") == std::string::npos);
    CHECK(body.find("Pager") == std::string::npos);
}

TEST_CASE("rootly: types are written in Rootly's spelling") {
    constexpr NotifyTarget odd[] = {{"FUNCTIONALITY", "f1"}, {"escalationpolicy", "e1"}, {"user", "u1"}, {"Users", "u2"}, {"group ", "g1"}};
    Event event = alert_firing();
    event.notify = odd;
    const std::string body = written(Rootly{}, event);
    CHECK(body.find(R"("target_type":"Functionality","target_id":"f1")") != std::string::npos);
    CHECK(
        body.find(
            R"("alerting_targets":[{"type":"Functionality","id":"f1"},{"type":"EscalationPolicy","id":"e1"},{"type":"User","id":"u1"}])") !=
        std::string::npos);
    const std::string api = written(RootlyApi{}, event);
    CHECK(api.find(R"("notification_target_type":"Functionality","notification_target_id":"f1")") != std::string::npos);
    // Functionality is not allowed in URLs.
    Rootly target;
    target.secret = "b34rer";
    target.notify_in_url = true;
    CHECK(target.request(event)->url.ends_with("/generic_webhooks/notify/EscalationPolicy/e1"));
    event.notify = {odd, 1};
    CHECK(target.request(event)->url.ends_with("/generic_webhooks"));
}

TEST_CASE("rootly: an event without paging has no target, and the status open in the API") {
    constexpr NotifyTarget users[] = {{"User", "u1"}, {"User", "u2"}};
    Event event = alert_firing();
    event.notify = users;
    event.page = false;
    for (const std::string& body : {written(Rootly{}, event), written(RootlyApi{}, event)}) {
        CHECK(body.find("u1") == std::string::npos);
        CHECK(body.find("target") == std::string::npos);
    }
    CHECK(written(RootlyApi{}, event).find(R"("status":"open")") != std::string::npos);
    RootlyApi without_on_call;
    without_on_call.status = {};
    CHECK(written(without_on_call, event).find(R"("status")") == std::string::npos);
    Rootly target;
    target.secret = "b34rer";
    target.notify_in_url = true;
    CHECK(target.request(event)->url.ends_with("/generic_webhooks"));
}

TEST_CASE("rootly: requests") {
    Rootly target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "secret"});
    target.secret = "b34rer";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://webhooks.rootly.com/webhooks/incoming/generic_webhooks");
    CHECK(request->body == golden("rootly/alert_firing"));
    REQUIRE(request->headers.size() == 2);
    CHECK(request->headers[0].value == "Bearer b34rer");
    CHECK(request->headers[1].value == "application/json");
    CHECK(to_string(*request).find("b34rer") == std::string::npos);

    target.notify_in_url = true;
    constexpr NotifyTarget user[] = {{"User", "2/7"}};
    Event event = alert_firing();
    event.notify = user;
    CHECK(target.request(event)->url == "https://webhooks.rootly.com/webhooks/incoming/generic_webhooks/notify/User/2%2F7");
    // A resolve without a matching alert pages the target in the URL.
    event.transition = Transition::resolve;
    CHECK(target.request(event)->url == "https://webhooks.rootly.com/webhooks/incoming/generic_webhooks");
}

TEST_CASE("rootly_api: bodies") {
    RootlyApi target;
    check_golden("rootly_api/alert_firing", written(target, alert_firing()));
    check_golden("rootly_api/alert_resolved", written(target, alert_resolved()));
    check_golden("rootly_api/group_firing", written(target, group_firing()));
    check_golden("rootly_api/hostile", written(target, hostile()));
    CHECK(written(target, alert_acknowledged()).empty());
    target.status = "open";
    target.alert_urgency_id = "urgent";
    target.resolution_message = "Alertmanager says so";
    check_golden("rootly_api/every_option", written(target, group_firing()));
    check_golden("rootly_api/resolved_with_message", written(target, group_resolved()));
}

TEST_CASE("rootly_api: a priority that is a UUID is the ID of the urgency") {
    RootlyApi target;
    target.alert_urgency_id = "ffffffff-0000-4000-8000-000000000001";
    Event event = alert_firing();
    event.priority = "00000000-0000-4000-8000-00000000000A";
    std::string body = written(target, event);
    CHECK(body.find(R"("alert_urgency_id":"00000000-0000-4000-8000-00000000000A")") != std::string::npos);
    CHECK(body.find("\"priority\"") == std::string::npos);
    for (const char* other : {"P1", "00000000-0000-4000-8000-00000000000g", "00000000-0000-4000-80000-0000000000a"}) {
        event.priority = std::string_view(other);
        body = written(target, event);
        CHECK(body.find(R"("alert_urgency_id":"ffffffff-0000-4000-8000-000000000001")") != std::string::npos);
        CHECK(body.find("\"priority\":\"" + std::string(other) + "\"") != std::string::npos);
    }
}

TEST_CASE("rootly_api: requests") {
    RootlyApi target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "token"});
    target.token = "rootly_t0ken";
    const Result<Request> create = target.request(alert_firing());
    REQUIRE(create);
    CHECK(create->url == "https://api.rootly.com/v1/alerts");
    REQUIRE(create->headers.size() == 2);
    CHECK(create->headers[0].value == "Bearer rootly_t0ken");
    CHECK(create->headers[1].value == "application/vnd.api+json");
    CHECK(to_string(*create).find("t0ken") == std::string::npos);

    CHECK(target.request(alert_resolved()).error().code == Errc::missing_vendor_id);
    CHECK(target.request(alert_acknowledged()).error().code == Errc::missing_vendor_id);
    const std::string id = RootlyApi::read_id(R"({"data":{"id":"9f","type":"alerts","attributes":{}}})").value_or("");
    CHECK(target.request(alert_resolved(), id)->url == "https://api.rootly.com/v1/alerts/9f/resolve");
    const Result<Request> acknowledge = target.request(alert_acknowledged(), id);
    REQUIRE(acknowledge);
    CHECK(acknowledge->url == "https://api.rootly.com/v1/alerts/9f/acknowledge");
    CHECK(acknowledge->body.empty());
    CHECK(acknowledge->headers.size() == 1);
    target.status = "resolved";
    CHECK(target.request(alert_firing()).error() == Error{Errc::invalid_value, no_offset, "status"});
}

TEST_CASE("rootly_api: heartbeats") {
    RootlyApi target;
    target.token = "rootly_t0ken";
    CHECK(target.request(heartbeat()).error() == Error{Errc::missing_heartbeat, no_offset, "heartbeat_id"});
    target.heartbeat_id = "hb1";
    const Result<Request> ping = target.request(heartbeat());
    REQUIRE(ping);
    CHECK(ping->method == "POST");
    CHECK(ping->url == "https://api.rootly.com/v1/heartbeats/hb1/ping");
    CHECK(ping->body.empty());
    Event gone = heartbeat();
    gone.transition = Transition::resolve;
    CHECK(target.request(gone).error().code == Errc::unsupported_transition);
}

TEST_CASE("rootly_api: bodies fit Rootly's own schema") {
    RootlyApi target;
    for (const Event& event : {alert_firing(), group_firing(), hostile(), very_long()}) {
        CHECK(against_schema("/v1/alerts", written(target, event)) == "");
    }
    Event bare;
    bare.external_id = "id";
    CHECK(against_schema("/v1/alerts", written(target, bare)) == "");
    CHECK(against_schema("/v1/alerts/{id}/resolve", written(target, alert_resolved())) == "");
    target.status = "open";
    target.alert_urgency_id = "urgent";
    target.resolution_message = "Alertmanager says so";
    CHECK(against_schema("/v1/alerts", written(target, group_firing())) == "");
    CHECK(against_schema("/v1/alerts/{id}/resolve", written(target, group_resolved())) == "");
    target.status = {};
    CHECK(against_schema("/v1/alerts", written(target, alert_firing())) == "");
}

TEST_CASE("rootly_api: the schema rejects invalid bodies") {
    const auto create = [](std::string_view attributes) {
        return against_schema("/v1/alerts", R"({"data":{"type":"alerts","attributes":)" + std::string(attributes) + "}}");
    };
    CHECK(create(R"({"summary":"s"})") == "");
    CHECK(create(R"({"description":"d"})") == "$.data.attributes.summary: missing");
    CHECK(create(R"({"summary":1})") == "$.data.attributes.summary: not of type string");
    CHECK(create(R"({"summary":null})") == "$.data.attributes.summary: null");
    CHECK(create(R"({"summary":"s","description":null})") == "");
    CHECK(create(R"({"summary":"s","status":"resolved"})") == "$.data.attributes.status: not in enum");
    CHECK(create(R"({"summary":"s","severity":"critical"})") == "$.data.attributes.severity: additional property");
    CHECK(create(R"({"summary":"s","labels":{"a":"b"}})") == "$.data.attributes.labels: not of type array");
    CHECK(create(R"({"summary":"s","labels":[{"key":"a"}]})") == "$.data.attributes.labels[0].value: missing");
    CHECK(create(R"({"summary":"s","labels":[{"key":"a","value":[]}]})") == "$.data.attributes.labels[0].value: fits 0 of oneOf");
    CHECK(create(R"({"summary":"s","started_at":"2026-01-15 16:00:00 +0530 +0530"})") == "$.data.attributes.started_at: not a date-time");
    CHECK(against_schema("/v1/alerts", R"({"data":{"attributes":{"summary":"s"}}})") == "$.data.type: missing");
    CHECK(against_schema("/v1/alerts", "not JSON") == "no JSON");
    CHECK(against_schema("/v1/alerts", "[]") == "$: not of type object");
    CHECK(against_schema("/v1/alerts/{id}/acknowledge", "{}") == "$: no schema");
}

TEST_CASE("rootly: the contract") {
    CHECK(contract_fault(complete_target("rootly"), {"/external_id", {}, "rootly", {"/priority"}}) == "");
    CHECK(contract_fault(complete_target("rootly_api"), {{}, {}, "rootly_api", {"/data/attributes/data/priority"}}) == "");
}
