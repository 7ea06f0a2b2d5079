#include "alertmap/targets/splunk_on_call.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::SplunkOnCall;

static_assert(Target<SplunkOnCall>);

TEST_CASE("splunk_on_call: bodies") {
    const AnyTarget target = sample_target("splunk_on_call");
    check_golden("splunk_on_call/alert_firing", written(target, alert_firing()));
    check_golden("splunk_on_call/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("splunk_on_call/alert_resolved", written(target, alert_resolved()));
    check_golden("splunk_on_call/group_firing", written(target, group_firing()));
    check_golden("splunk_on_call/hostile", written(target, hostile()));
}

TEST_CASE("splunk_on_call: the contract") {
    CHECK(contract_fault(complete_target("splunk_on_call"), {"/entity_id",
                                                             {{"/state_message", set_description, SplunkOnCall::max_state_message}},
                                                             "splunk_on_call",
                                                             {"/message_type", "CRITICAL|WARNING|INFO"}}) == "");
}

TEST_CASE("splunk_on_call: requests and answers") {
    SplunkOnCall target;
    target.api_key = "s3cret";
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "routing_key"});
    target.routing_key = "team a";
    const Result<Request> request = target.request(alert_resolved());
    REQUIRE(request);
    CHECK(request->url == "https://alert.victorops.com/integrations/generic/20131114/alert/s3cret/team%20a");
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    CHECK(SplunkOnCall::succeeded(Transition::trigger, 200, R"({"result":"success","entity_id":"x"})"));
    CHECK(SplunkOnCall::succeeded(Transition::trigger, 200));
    CHECK_FALSE(SplunkOnCall::succeeded(Transition::trigger, 200, R"({"result":"failure","messages":["x"]})"));
    CHECK_FALSE(SplunkOnCall::succeeded(Transition::trigger, 500, R"({"result":"success"})"));
}

TEST_CASE("splunk_on_call: reserved labels, and severities") {
    const Label labels[] = {{"message_type", "INFO"}, {"entity_id", "x"}, {"vo_annotate.u.Evil", "x"}, {"team", "a"}};
    Event event = alert_firing();
    event.labels = {labels, 4};
    SplunkOnCall target;
    const std::string body = written(target, event);
    CHECK(body.find(R"("label_message_type":"INFO","label_entity_id":"x","label_vo_annotate.u.Evil":"x","team":"a"})") !=
          std::string::npos);
    event.severity_word = {};
    event.severity = Severity::error;
    CHECK(written(target, event).starts_with(R"({"message_type":"CRITICAL")"));
    target.message_type = "error=WARNING,critical=RECOVERY";
    CHECK(written(target, event).starts_with(R"({"message_type":"WARNING")"));
    event.severity_word = {};
    event.severity = Severity::critical;
    CHECK(written(target, event).starts_with(R"({"message_type":"CRITICAL")"));
}
