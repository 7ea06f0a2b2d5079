#include "alertmap/forwards/alertmanager_api.hpp"

#include <string>
#include <vector>

#include "alertmap/forwards/concept.hpp"
#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;
using alertmap::forward::AlertmanagerApi;

static_assert(Forward<AlertmanagerApi>);

namespace {

/// The output for a group with this alert only.
Json posted(const Alert& alert, AlertGroup group = firing_group(), const AlertmanagerApi& forward = {}) {
    group.alerts = {&alert, 1};
    Json json;
    static std::string body;
    body = written(forward, group);
    REQUIRE(JsonText(body).read(json));
    REQUIRE(json.elements.size() == 1);
    return json.elements[0];
}

std::string text(const Json& alert, std::string_view name) {
    const Json* member = alert.find(name);
    return member == nullptr ? "(none)" : std::string(member->text);
}

}  // namespace

TEST_CASE("forward alertmanager_api: bodies") {
    check_golden("forward_alertmanager_api/firing", written(AlertmanagerApi{}, firing_group()));
    check_golden("forward_alertmanager_api/mixed", written(AlertmanagerApi{}, mixed_group()));
    check_golden("forward_alertmanager_api/resolved", written(AlertmanagerApi{}, resolved_group()));
    CHECK(written(AlertmanagerApi{}, AlertGroup{}) == "[]\n");
}

TEST_CASE("forward alertmanager_api: times are valid for the API") {
    Alert alert = firing_group().alerts[0];
    CHECK(text(posted(alert), "startsAt") == "2026-03-04T05:06:07.089000000Z");
    CHECK(text(posted(alert), "endsAt") == "(none)");
    AlertmanagerApi forward;
    forward.firing_ends_at = "2100-01-01T00:00:00Z";
    CHECK(text(posted(alert, firing_group(), forward), "endsAt") == "2100-01-01T00:00:00Z");
    alert.ends_at = sent("2026-03-04T05:46:07Z");  // of a firing alert: ignored
    CHECK(text(posted(alert), "endsAt") == "(none)");

    alert.status = Status::resolved;
    CHECK(text(posted(alert, firing_group(), forward), "endsAt") == "2026-03-04T05:46:07.000000000Z");
    alert.ends_at = sent("2026-03-04T05:06:07.088Z");  // before its start: 400 for all
    CHECK(text(posted(alert), "endsAt") == "2026-03-04T05:06:07.089000000Z");
    alert.ends_at = sent("0001-01-01T00:00:00Z");
    CHECK(text(posted(alert), "endsAt") == "2026-03-04T05:06:07.089000000Z");
    alert.starts_at = sent("0001-01-01T00:00:00Z");
    CHECK(text(posted(alert), "startsAt") == "(none)");
    CHECK(text(posted(alert), "endsAt") == "1970-01-01T00:00:01Z");
    alert.starts_at = sent("2026-03-04 10:36:07.089 +0530 IST m=+8560.28");
    CHECK(text(posted(alert), "startsAt") == "2026-03-04T05:06:07.089000000Z");

    forward.firing_ends_at = "soon";
    CHECK(write_error(forward, firing_group()) == Errc::invalid_value);
    CHECK(forward.request(firing_group()).error().code == Errc::missing_value);
}

TEST_CASE("forward alertmanager_api: invalid alerts are corrected, so that the call is accepted") {
    Alert alert = firing_group().alerts[0];
    const Label odd[] = {{"", "x"}, {"empty", ""}, {"team", "a"}};
    alert.labels = {odd, 3};
    alert.annotations = {odd, 3};
    alert.generator_url = "not a url";
    const Json one = posted(alert);
    CHECK(one.find("labels")->members.size() == 1);
    CHECK(text(*one.find("labels"), "team") == "a");
    CHECK(one.find("annotations")->members.size() == 2);
    CHECK(text(*one.find("annotations"), "alertmanager_url") == "http://am.example.test:9093");
    CHECK(text(one, "generatorURL") == "(none)");

    alert.labels = {odd, 2};
    CHECK(text(*posted(alert).find("labels"), "alertname") == "DiskAlmostFull");
    AlertGroup bare;
    CHECK(text(*posted(alert, bare).find("labels"), "alertname") == "unnamed");
}

TEST_CASE("forward alertmanager_api: externalURL becomes an annotation") {
    Alert alert = firing_group().alerts[0];
    AlertmanagerApi forward;
    forward.url_annotation = {};
    CHECK(posted(alert, firing_group(), forward).find("annotations")->find("alertmanager_url") == nullptr);
    const Label own[] = {{"alertmanager_url", "mine"}};
    alert.annotations = {own, 1};
    CHECK(text(*posted(alert).find("annotations"), "alertmanager_url") == "mine");
    CHECK(posted(alert).find("annotations")->members.size() == 1);
}

TEST_CASE("forward alertmanager_api: requests") {
    AlertmanagerApi forward;
    forward.url = "https://mimir.example.test/alertmanager/";
    forward.user = "tom";
    forward.password = "s3cret";
    forward.tenant = "team-a";
    Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->url == "https://mimir.example.test/alertmanager/api/v2/alerts");
    CHECK(request->headers[0].value == "Basic dG9tOnMzY3JldA==");
    CHECK(request->headers[1].name == "X-Scope-OrgID");
    CHECK(to_string(*request).find("dG9t") == std::string::npos);
    forward.token = "t0ken";
    request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->headers[0].value == "Bearer t0ken");
}
