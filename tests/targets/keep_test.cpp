#include "alertmap/targets/keep.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Keep;

static_assert(Target<Keep>);

TEST_CASE("keep: bodies") {
    const AnyTarget target = sample_target("keep");
    check_golden("keep/alert_firing", written(target, alert_firing()));
    check_golden("keep/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("keep/alert_resolved", written(target, alert_resolved()));
    check_golden("keep/group_firing", written(target, group_firing()));
    check_golden("keep/hostile", written(target, hostile()));
}

TEST_CASE("keep: the contract") {
    CHECK(contract_fault(complete_target("keep"),
                         {"/fingerprint", {}, "keep", {"/severity", "critical|high|warning|info|low"}, {}, Keep::max_fingerprint}) == "");
}

TEST_CASE("keep: requests") {
    Keep target;
    target.base_url = "https://keep.example.test/v2";
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "api_key"});
    target.api_key = "k3y";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://keep.example.test/v2/alerts/event");
    CHECK(request->headers[0].name == "X-API-KEY");
    CHECK(to_string(*request).find("k3y") == std::string::npos);
    Event event = alert_firing();
    const std::string id(Keep::max_fingerprint + 1, 'i');
    event.external_id = id;
    CHECK(write_error(target, event) == Errc::payload_too_large);
    target.environment = "production";
    CHECK(written(target, alert_firing()).find(R"("environment":"production")") != std::string::npos);
}
