#include "alertmap/targets/servicenow.hpp"

#include <string>
#include <vector>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Servicenow;

static_assert(Target<Servicenow>);

namespace {

std::string node_of(std::string_view source) {
    Event event = alert_firing();
    event.source = source;
    Json json;
    const std::string body = written(Servicenow{}, event);
    REQUIRE(JsonText(body).read(json));
    return std::string(at_pointer(json, "/records/0/node")->text);
}

}  // namespace

TEST_CASE("servicenow: bodies") {
    const AnyTarget target = sample_target("servicenow");
    check_golden("servicenow/alert_firing", written(target, alert_firing()));
    check_golden("servicenow/alert_resolved", written(target, alert_resolved()));
    check_golden("servicenow/group_firing", written(target, group_firing()));
    check_golden("servicenow/hostile", written(target, hostile()));
}

TEST_CASE("servicenow: the contract") {
    CHECK(contract_fault(complete_target("servicenow"),
                         {"/records/0/message_key",
                          {{"/records/0/resource", set_service, Servicenow::max_name},
                           {"/records/0/description", set_description, Servicenow::max_description - Servicenow::max_description / 4 - 1}},
                          "servicenow",
                          {"/records/0/severity", "1|2|3|4|5"},
                          {},
                          Servicenow::max_message_key}) == "");
}

TEST_CASE("servicenow: several events in one call") {
    const std::vector<Event> events = {alert_firing(), group_resolved()};
    Buffer out;
    REQUIRE(Servicenow{}.write(events, out));
    check_golden("servicenow/several", out.view());
    std::vector<Event> some = events;
    some.push_back(heartbeat());
    out.clear();
    CHECK(Servicenow{}.write(some, out).error().code == Errc::unsupported_transition);
    CHECK(out.empty());
}

TEST_CASE("servicenow: additional_info is JSON in a string") {
    Json body;
    Json info;
    const std::string text = written(Servicenow{}, hostile());
    REQUIRE(JsonText(text).read(body));
    const std::string inner(at_pointer(body, "/records/0/additional_info")->text);
    REQUIRE(JsonText(inner).read(info));
    REQUIRE(info.members.size() == hostile().labels.size());
    std::size_t i = 0;
    for (const Label& label : hostile().labels) {
        CHECK(info.members[i].first.text == label.name);
        CHECK(info.members[i++].second.text == label.value);
    }
}

TEST_CASE("servicenow: a node has no port") {
    CHECK(node_of("n1:9100") == "n1");
    CHECK(node_of("n1") == "n1");
    CHECK(node_of("[2001:db8::1]:9100") == "2001:db8::1");
    CHECK(node_of("2001:db8::1") == "2001:db8::1");
    CHECK(node_of("[odd") == "[odd");
    CHECK(node_of(":9100") == ":9100");
}

TEST_CASE("servicenow: severities never clear a firing alert") {
    Event event = alert_firing();
    Servicenow target;
    target.severities = "critical=0,page=4";
    CHECK(written(target, event).find("\"severity\":\"1\"") != std::string::npos);
    event.severity_word = "page";
    CHECK(written(target, event).find("\"severity\":\"4\"") != std::string::npos);
    event.priority = "2";
    CHECK(written(target, event).find("\"severity\":\"2\"") != std::string::npos);
    CHECK(written(target, alert_resolved()).find("\"severity\":\"0\",\"resolution_state\":\"Closing\"") != std::string::npos);
}

TEST_CASE("servicenow: requests") {
    Servicenow target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "base_url"});
    target.base_url = "https://acme.service-now.com";
    target.user = "tom";
    target.password = "s3cret";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://acme.service-now.com/api/global/em/jsonv2");
    CHECK(request->headers[0].value == "Basic dG9tOnMzY3JldA==");
    CHECK(request->headers[1].value == "application/json");
    const std::string id(1025, 'i');
    Event event = alert_firing();
    event.external_id = id;
    CHECK(write_error(target, event) == Errc::payload_too_large);
}
