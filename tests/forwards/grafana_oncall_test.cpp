#include "alertmap/forwards/grafana_oncall.hpp"

#include <string>

#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;
using alertmap::forward::GrafanaOncall;

static_assert(Forward<GrafanaOncall>);

TEST_CASE("forward grafana_oncall: bodies") {
    check_golden("forward_grafana_oncall/firing", written(GrafanaOncall{}, firing_group()));
    check_golden("forward_grafana_oncall/mixed", written(GrafanaOncall{}, mixed_group()));
    check_golden("forward_grafana_oncall/resolved", written(GrafanaOncall{}, resolved_group()));
    check_golden("forward_grafana_oncall/truncated", written(GrafanaOncall{}, truncated_group()));
    AlertGroup keyless = firing_group();
    keyless.group_key = {};
    check_golden("forward_grafana_oncall/keyless", written(GrafanaOncall{}, keyless));
    GrafanaOncall believing;
    believing.resolve_truncated = true;
    CHECK(written(believing, truncated_group()).find("\"receiver\":\"storage\\\\-pager\",\"status\":\"resolved\"") != std::string::npos);
}

TEST_CASE("forward grafana_oncall: a part of resolved alerts does not resolve a firing group") {
    const AlertGroup group = mixed_group();
    check_golden("forward_grafana_oncall/mixed_part_1_of_2", written(GrafanaOncall{}, split(group, 1)[0]));
    check_golden("forward_grafana_oncall/mixed_part_2_of_2", written(GrafanaOncall{}, split(group, 1)[1]));
}

TEST_CASE("forward grafana_oncall: a missing group alertname is taken from the alerts") {
    AlertGroup group = mixed_group();
    const Label cluster{"cluster", "eu-1"};
    group.group_labels = {&cluster, 1};
    group.common_labels = {};
    const std::string name(group.alerts[0].labels.get("alertname"));
    REQUIRE_FALSE(name.empty());
    CHECK(written(GrafanaOncall{}, group).find("\"groupLabels\":{\"alertname\":\"" + name + "\",\"cluster\":\"eu-1\"}") !=
          std::string::npos);
    const Label common{"alertname", "Common"};
    group.common_labels = {&common, 1};
    CHECK(written(GrafanaOncall{}, group).find("\"groupLabels\":{\"alertname\":\"Common\",\"cluster\":\"eu-1\"}") != std::string::npos);
}

TEST_CASE("forward grafana_oncall: existing counts are replaced") {
    const ExtraMember own[] = {{"numFiring", "9", "9"}, {"numResolved", "9", "9"}};
    AlertGroup group = mixed_group();
    group.extra = {own, 2};
    CHECK(written(GrafanaOncall{}, group).ends_with(",\"truncatedAlerts\":0,\"numFiring\":1,\"numResolved\":1}\n"));
}

TEST_CASE("forward grafana_oncall: requests") {
    GrafanaOncall forward;
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "url"});
    CHECK(forward.heartbeat().error() == Error{Errc::missing_value, no_offset, "url"});
    forward.url = "https://oncall.example.test/integrations/v1/alertmanager/t0ken";
    const Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->url == "https://oncall.example.test/integrations/v1/alertmanager/t0ken/");
    CHECK(request->body == golden("forward_grafana_oncall/firing"));
    CHECK(to_string(*request).starts_with("POST https://oncall.example.test/***\n"));
    const Result<Request> ping = forward.heartbeat();
    REQUIRE(ping);
    CHECK(ping->url == "https://oncall.example.test/integrations/v1/alertmanager/t0ken/heartbeat/");
    CHECK(ping->body.empty());
}
