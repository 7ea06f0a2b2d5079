#include "alertmap/targets/pagerduty.hpp"

#include <string>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::PagerDuty;

static_assert(Target<PagerDuty> && PagerDuty::traits.repeat == Repeat::merges);

namespace {
PagerDuty pagerduty() {
    PagerDuty made;
    made.routing_key = "0123456789abcdef0123456789abcdef";
    return made;
}
}  // namespace

TEST_CASE("pagerduty: bodies") {
    check_golden("pagerduty/alert_firing", written(pagerduty(), alert_firing()));
    check_golden("pagerduty/alert_acknowledged", written(pagerduty(), alert_acknowledged()));
    check_golden("pagerduty/alert_resolved", written(pagerduty(), alert_resolved()));
    check_golden("pagerduty/group_firing", written(pagerduty(), group_firing()));
    check_golden("pagerduty/hostile", written(pagerduty(), hostile()));
    Event bare;
    bare.external_id = "id";
    check_golden("pagerduty/bare", written(pagerduty(), bare));
    CHECK(write_error(PagerDuty{}, alert_firing()) == Errc::missing_value);
}

TEST_CASE("pagerduty: limits") {
    const Event long_event = very_long();
    std::string summary;
    for (std::size_t i = 0; i + 1 < PagerDuty::max_summary; ++i) summary += "\xe7\x81\xab";
    CHECK(written(pagerduty(), long_event).find("{\"summary\":\"" + summary + "\xe2\x80\xa6\",") != std::string::npos);

    const std::string id(PagerDuty::max_dedup_key, 'i');
    Event event = alert_firing();
    event.external_id = id;
    CHECK(written(pagerduty(), event).find(id) != std::string::npos);
    const std::string too_long = id + "i";
    event.external_id = too_long;
    CHECK(write_error(pagerduty(), event) == Errc::payload_too_large);
}

TEST_CASE("pagerduty: a too large event loses its details; if still too large it is an error") {
    Event event = alert_firing();
    event.description = "d";
    // The details contain the description twice.
    const std::size_t rest = written(pagerduty(), event).size() - 2;
    const std::string details((PagerDuty::max_event - rest) / 2, 'd');
    event.description = details;
    CHECK(written(pagerduty(), event).size() / 2 == PagerDuty::max_event / 2);
    const std::string more = details + "d";
    event.description = more;
    check_golden("pagerduty/details_left_out", written(pagerduty(), event));
    const std::string endless(PagerDuty::max_event, 'u');
    event.url = endless;
    CHECK(write_error(pagerduty(), event) == Errc::payload_too_large);
}

TEST_CASE("pagerduty: requests") {
    const Result<Request> request = pagerduty().request(alert_firing());
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->url == "https://events.pagerduty.com/v2/enqueue");
    CHECK(request->body == golden("pagerduty/alert_firing"));
    CHECK(to_string(*request).find("0123456789abcdef") == std::string::npos);
    CHECK(PagerDuty{}.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "routing_key"});
    CHECK(pagerduty().request(heartbeat()).error().code == Errc::unsupported_transition);
}

TEST_CASE("pagerduty: the details equal those of Alertmanager's own notifier") {
    Event event = alert_firing();
    const Label labels[] = {{"alertname", "A"}, {"instance", "i1"}};
    event.labels = Labels(labels, 2);
    event.summary = "It is down";
    event.description = {};
    event.url = "http://prom.example.test/graph";
    const std::string firing = R"("firing":"Labels:\n - alertname = A\n - instance = i1\nAnnotations:\n - summary = It is down\n)"
                               R"(Source: http://prom.example.test/graph\n")";
    CHECK(written(pagerduty(), event).find(R"("custom_details":{)" + firing + R"(,"resolved":"","num_firing":"1","num_resolved":"0",)") !=
          std::string::npos);
    EventMember members[2];
    members[0].fingerprint = "0000000000000001";
    members[1].fingerprint = "0000000000000002";
    members[1].status = Status::resolved;
    event.members = members;
    event.resolved = 1;
    CHECK(written(pagerduty(), event).find(R"("resolved":" - fingerprint = 0000000000000002\n","num_firing":"1","num_resolved":"1")") !=
          std::string::npos);
}

TEST_CASE("pagerduty: the contract") {
    CHECK(contract_fault(complete_target("pagerduty"), {"/dedup_key",
                                                        {{"/payload/summary", set_summary, PagerDuty::max_summary}},
                                                        "pagerduty",
                                                        {"/payload/severity", "critical|error|warning|info"},
                                                        {},
                                                        PagerDuty::max_dedup_key}) == "");
}
