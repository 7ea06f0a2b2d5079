#include "alertmap/targets/incident_io.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::IncidentIo;

static_assert(Target<IncidentIo>);

TEST_CASE("incident_io: bodies") {
    const AnyTarget target = sample_target("incident_io");
    check_golden("incident_io/alert_firing", written(target, alert_firing()));
    CHECK(write_error(target, alert_acknowledged()) == Errc::unsupported_transition);
    check_golden("incident_io/alert_resolved", written(target, alert_resolved()));
    check_golden("incident_io/group_firing", written(target, group_firing()));
    check_golden("incident_io/hostile", written(target, hostile()));
}

TEST_CASE("incident_io: the contract") {
    CHECK(contract_fault(complete_target("incident_io"), {"/deduplication_key", {}, "incident_io", {"/metadata/priority"}}) == "");
}

TEST_CASE("incident_io: requests") {
    IncidentIo target;
    target.alert_source_id = "01/2";
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "token"});
    target.token = "t0ken";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://api.incident.io/v2/alert_events/http/01%2F2");
    CHECK(request->headers[0].value == "Bearer t0ken");
    CHECK(request->body == golden("incident_io/alert_firing"));
}

TEST_CASE("incident_io: a too large event loses its metadata") {
    Event event = alert_firing();
    event.description = {};
    const std::size_t rest = written(IncidentIo{}, event).size() + std::string_view("\"description\":\"\",").size();
    const std::string fits(IncidentIo::max_body - rest, 'd');
    event.description = fits;
    CHECK(written(IncidentIo{}, event).size() == IncidentIo::max_body);
    const std::string more = fits + "d";
    event.description = more;
    const std::string cut = written(IncidentIo{}, event);
    CHECK(cut.size() < IncidentIo::max_body);
    CHECK(cut.find("\"metadata\":{\"error\":") != std::string::npos);
}
