#include "alertmap/targets/ilert.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Ilert;

static_assert(Target<Ilert>);

TEST_CASE("ilert: bodies") {
    const AnyTarget target = sample_target("ilert");
    check_golden("ilert/alert_firing", written(target, alert_firing()));
    check_golden("ilert/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("ilert/alert_resolved", written(target, alert_resolved()));
    check_golden("ilert/group_firing", written(target, group_firing()));
    check_golden("ilert/hostile", written(target, hostile()));
}

TEST_CASE("ilert: the contract") {
    CHECK(contract_fault(complete_target("ilert"), {"/alertKey", {}, "ilert", {"/priority", "HIGH|LOW"}}) == "");
}

TEST_CASE("ilert: requests") {
    Ilert target;
    CHECK(write_error(target, alert_firing()) == Errc::missing_value);
    target.integration_key = "il1\"s3cret";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://api.ilert.com/api/events");
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    target.priorities = "critical=LOW,error=quiet";
    CHECK(written(target, alert_firing()).find(R"("priority":"LOW")") != std::string::npos);
    Event event = alert_firing();
    event.severity_word = {};
    event.severity = Severity::error;
    CHECK(written(target, event).find(R"("priority":"HIGH")") != std::string::npos);
}
