#include "alertmap/targets/goalert.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Goalert;

static_assert(Target<Goalert>);

TEST_CASE("goalert: bodies") {
    const AnyTarget target = sample_target("goalert");
    check_golden("goalert/alert_firing", written(target, alert_firing()));
    CHECK(write_error(target, alert_acknowledged()) == Errc::unsupported_transition);
    check_golden("goalert/alert_resolved", written(target, alert_resolved()));
    check_golden("goalert/group_firing", written(target, group_firing()));
    check_golden("goalert/hostile", written(target, hostile()));
}

TEST_CASE("goalert: the contract") {
    CHECK(contract_fault(complete_target("goalert"),
                         {"/dedup",
                          {{"/summary", set_summary, Goalert::max_summary}, {"/details", set_description, Goalert::max_details}},
                          "goalert",
                          {},
                          {},
                          Goalert::max_dedup}) == "");
}

TEST_CASE("goalert: requests") {
    Goalert target;
    target.base_url = "https://goalert.example.test/prefix";
    target.token = "t0ken";
    const Result<Request> request = target.request(alert_resolved());
    REQUIRE(request);
    CHECK(request->url == "https://goalert.example.test/prefix/api/v2/generic/incoming");
    CHECK(request->headers[0].value == "Bearer t0ken");
    CHECK(request->headers[1].value == "application/json");
    CHECK(target.request(heartbeat()).error() == Error{Errc::missing_heartbeat, no_offset, "heartbeat_url"});
    target.heartbeat_url = "https://goalert.example.test/api/v2/heartbeat/s3cret";
    const Result<Request> ping = target.request(heartbeat());
    REQUIRE(ping);
    CHECK(ping->body.empty());
    CHECK(to_string(*ping).find("s3cret") == std::string::npos);
}

TEST_CASE("goalert: limits") {
    Event event = alert_firing();
    const std::string id(Goalert::max_dedup, 'i');
    event.external_id = id;
    CHECK(written(Goalert{}, event).find(id) != std::string::npos);
    const std::string longer = id + "i";
    event.external_id = longer;
    CHECK(write_error(Goalert{}, event) == Errc::payload_too_large);
    const std::string value(Goalert::max_body, 'v');
    const Label labels[] = {{"a", value}};
    event = alert_firing();
    event.labels = {labels, 1};
    CHECK(written(Goalert{}, event).find("\"meta\"") == std::string::npos);
}
