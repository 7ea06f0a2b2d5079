#include "alertmap/forwards/incident_io.hpp"

#include <string>
#include <vector>

#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;
using alertmap::forward::IncidentIo;

static_assert(Forward<IncidentIo>);

TEST_CASE("forward incident_io: bodies") {
    check_golden("forward_incident_io/firing", written(IncidentIo{}, firing_group()));
    check_golden("forward_incident_io/resolved", written(IncidentIo{}, resolved_group()));
    check_golden("forward_incident_io/truncated", written(IncidentIo{}, truncated_group()));
    CHECK(golden("forward_incident_io/truncated").find(R"("status":"firing","alerts")") != std::string::npos);
}

TEST_CASE("forward incident_io: a missing group key is made from labels") {
    AlertGroup group = firing_group();
    group.group_key = {};
    CHECK(written(IncidentIo{}, group).find(R"("groupKey":"{}:{alertname=\"DiskAlmostFull\", cluster=\"eu-1\"}")") != std::string::npos);
}

TEST_CASE("forward incident_io: a group above the limit is reduced to one firing alert") {
    const std::string text(60'000, 'x');
    const Label annotations[] = {{"description", text}};
    std::vector<Alert> alerts(10, resolved_group().alerts[0]);
    alerts[6] = firing_group().alerts[1];
    for (Alert& alert : alerts) alert.annotations = {annotations, 1};
    AlertGroup group = mixed_group();
    group.alerts = alerts;
    Json json;
    std::string body = written(IncidentIo{}, group);
    REQUIRE(JsonText(body).read(json));
    REQUIRE(json.find("alerts")->elements.size() == 1);
    CHECK(json.find("alerts")->elements[0].find("status")->text == "firing");
    CHECK(json.find("alerts")->elements[0].find("annotations")->members.size() == 1);
    CHECK(json.find("truncatedAlerts")->raw == "9");

    // Truncated alerts may be firing: no resolve.
    for (Alert& alert : alerts) alert.status = Status::resolved;
    group.status = Status::resolved;
    group.notification_reason = {};
    json = Json();
    body = written(IncidentIo{}, group);
    REQUIRE(JsonText(body).read(json));
    CHECK(json.find("status")->text == "firing");

    const std::string huge(600'000, 'x');
    const Label large[] = {{"description", huge}};
    for (Alert& alert : alerts) alert.annotations = {large, 1};
    json = Json();
    body = written(IncidentIo{}, group);
    REQUIRE(JsonText(body).read(json));
    CHECK(json.find("alerts")->elements[0].find("annotations")->members.empty());

    for (Alert& alert : alerts) alert.labels = {large, 1};
    CHECK(write_error(IncidentIo{}, group) == Errc::payload_too_large);
}

TEST_CASE("forward incident_io: the exact size limit") {
    std::string text(500'000, 'x');
    Label annotations[] = {{"description", text}};
    std::vector<Alert> alerts = {firing_group().alerts[0], firing_group().alerts[1]};
    AlertGroup group = firing_group();
    group.alerts = alerts;
    alerts[0].annotations = {annotations, 1};
    text.append(IncidentIo::max_body - written(IncidentIo{}, group).size(), 'y');
    annotations[0].value = text;
    CHECK(written(IncidentIo{}, group).size() == IncidentIo::max_body);
    CHECK(written(IncidentIo{}, group).find("\"truncatedAlerts\":0") != std::string::npos);
    text += 'y';
    annotations[0].value = text;
    CHECK(written(IncidentIo{}, group).find("\"truncatedAlerts\":1") != std::string::npos);
}

TEST_CASE("forward incident_io: requests") {
    IncidentIo forward;
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "url"});
    forward.url = "https://api.incident.io/v2/alert_events/alertmanager/01HX";
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "token"});
    forward.token = "s3cret";
    const Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->url == forward.url);
    CHECK(request->headers[0].value == "Bearer s3cret");
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
}
