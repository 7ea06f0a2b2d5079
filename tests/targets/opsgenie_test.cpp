#include "alertmap/targets/opsgenie.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Opsgenie;

static_assert(Target<Opsgenie>);

TEST_CASE("opsgenie: bodies") {
    const AnyTarget target = sample_target("opsgenie");
    check_golden("opsgenie/alert_firing", written(target, alert_firing()));
    check_golden("opsgenie/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("opsgenie/alert_resolved", written(target, alert_resolved()));
    check_golden("opsgenie/group_firing", written(target, group_firing()));
    check_golden("opsgenie/hostile", written(target, hostile()));
}

TEST_CASE("opsgenie: the contract") {
    CHECK(contract_fault(complete_target("opsgenie"), {"url",
                                                       {{"/message", set_summary, Opsgenie::max_message},
                                                        {"/description", set_description, Opsgenie::max_description},
                                                        {"/entity", set_service, Opsgenie::max_entity}},
                                                       "opsgenie",
                                                       {"/priority", "P1|P2|P3|P4|P5"},
                                                       {},
                                                       Opsgenie::max_alias}) == "");
}

TEST_CASE("opsgenie: requests") {
    const AnyTarget target = complete_target("opsgenie");
    const Result<Request> create = target.request(alert_firing());
    REQUIRE(create);
    CHECK(create->url == "https://api.opsgenie.com/v2/alerts");
    CHECK(create->headers[0].value == "GenieKey s3cret");
    Opsgenie opsgenie;
    opsgenie.api_key = "k";
    opsgenie.base_url = "https://api.atlassian.com/jsm/ops/integration";
    CHECK(opsgenie.request(alert_resolved())->url ==
          "https://api.atlassian.com/jsm/ops/integration/v2/alerts/a1b2c3d4e5f60718/close?identifierType=alias");
    CHECK(opsgenie.request(hostile())->url == "https://api.atlassian.com/jsm/ops/integration/v2/alerts");
    Event event = hostile();
    event.transition = Transition::acknowledge;
    CHECK(opsgenie.request(event)->url ==
          "https://api.atlassian.com/jsm/ops/integration/v2/alerts/"
          "%7B%7D%2F%7Bteam%3D%22a%5Cb%22%7D%3A%7Balertname%3D%22x%22%7D/acknowledge?identifierType=alias");
    opsgenie.api_key = {};
    CHECK(opsgenie.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "api_key"});
}

TEST_CASE("opsgenie: responders and priority") {
    constexpr NotifyTarget mixed[] = {{"EscalationPolicy", "1"}, {"team", "t1"}, {"user", ""}, {"schedule", "s1"}};
    Event event = alert_firing();
    event.notify = mixed;
    Opsgenie opsgenie;
    CHECK(written(opsgenie, event).find(R"("responders":[{"id":"t1","type":"team"},{"id":"s1","type":"schedule"}],)") != std::string::npos);
    opsgenie.priorities = "critical=P4,warning=loud";
    CHECK(written(opsgenie, event).find(R"("priority":"P4")") != std::string::npos);
    event.severity_word = {};
    event.severity = Severity::warning;
    CHECK(written(opsgenie, event).find(R"("priority":"P3")") != std::string::npos);
}

TEST_CASE("opsgenie: limits") {
    Event event = alert_firing();
    const std::string id(Opsgenie::max_alias, 'i');
    event.external_id = id;
    CHECK(written(Opsgenie{}, event).find(id) != std::string::npos);
    const std::string longer = id + "i";
    event.external_id = longer;
    CHECK(write_error(Opsgenie{}, event) == Errc::payload_too_large);
    // A label that does not fit is omitted, the next one that fits is not.
    event = alert_firing();
    event.url = {};
    event.runbook_url = {};
    const std::string value(Opsgenie::max_details - 2, 'v');
    const Label labels[] = {{"a", value}, {"bb", "1"}, {"c", ""}};
    event.labels = {labels, 3};
    CHECK(written(Opsgenie{}, event).find("\"bb\"") == std::string::npos);
    CHECK(written(Opsgenie{}, event).find(value) != std::string::npos);
}
