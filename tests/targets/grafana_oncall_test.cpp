#include "alertmap/targets/grafana_oncall.hpp"

#include <string>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::GrafanaOncall;

static_assert(Target<GrafanaOncall>);

TEST_CASE("grafana_oncall: bodies") {
    const GrafanaOncall target;
    check_golden("grafana_oncall/alert_firing", written(target, alert_firing()));
    check_golden("grafana_oncall/alert_resolved", written(target, alert_resolved()));
    check_golden("grafana_oncall/group_firing", written(target, group_firing()));
    check_golden("grafana_oncall/group_resolved", written(target, group_resolved()));
    check_golden("grafana_oncall/hostile", written(target, hostile()));
    CHECK(write_error(target, alert_acknowledged()) == Errc::unsupported_transition);
    Event event = alert_firing();
    event.external_id = {};
    CHECK(write_error(target, event) == Errc::empty_external_id);
}

TEST_CASE("grafana_oncall: limits") {
    Event event = very_long();
    const std::string character = "\xe7\x81\xab";
    std::string title;
    for (std::size_t i = 0; i + 1 < GrafanaOncall::max_title; ++i) title += character;
    const std::string body = written(GrafanaOncall{}, event);
    CHECK(is_json(body));
    CHECK(body.find("\"title\":\"" + title + "\xe2\x80\xa6\",\"state\"") != std::string::npos);
    const Event short_event = alert_firing();
    CHECK(body.size() == written(GrafanaOncall{}, short_event).size() - short_event.summary.size() - short_event.description.size() +
                             3 * GrafanaOncall::max_title + 3 * GrafanaOncall::max_message);
    const std::string link = "https://example.test/" + std::string(GrafanaOncall::max_link - 21, 'x');
    event.url = link;
    CHECK(written(GrafanaOncall{}, event).find(link) != std::string::npos);
    const std::string too_long = link + "x";
    event.url = too_long;
    CHECK(written(GrafanaOncall{}, event).find("link_to_upstream_details") == std::string::npos);
}

TEST_CASE("grafana_oncall: requests") {
    GrafanaOncall target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "url"});
    for (const char* url : {"https://oncall.example.test/integrations/v1/formatted_webhook/t0ken",
                            "https://oncall.example.test/integrations/v1/formatted_webhook/t0ken/"}) {
        target.url = url;
        const Result<Request> request = target.request(alert_firing());
        REQUIRE(request);
        CHECK(request->url == "https://oncall.example.test/integrations/v1/formatted_webhook/t0ken/");
        CHECK(request->body == golden("grafana_oncall/alert_firing"));
        CHECK(to_string(*request).find("t0ken") == std::string::npos);
        const Result<Request> ping = target.request(heartbeat());
        REQUIRE(ping);
        CHECK(ping->url == "https://oncall.example.test/integrations/v1/formatted_webhook/t0ken/heartbeat/");
        CHECK(ping->body.empty());
    }
    Event gone = heartbeat();
    gone.transition = Transition::resolve;
    CHECK(target.request(gone).error().code == Errc::unsupported_transition);
}

TEST_CASE("grafana_oncall: the contract") {
    CHECK(contract_fault(complete_target("grafana_oncall"),
                         {"/alert_uid",
                          {{"/title", set_summary, GrafanaOncall::max_title}, {"/message", set_description, GrafanaOncall::max_message}},
                          "grafana_oncall",
                          {"/priority"},
                          {{"/link_to_upstream_details", set_url, GrafanaOncall::max_link}}}) == "");
}
