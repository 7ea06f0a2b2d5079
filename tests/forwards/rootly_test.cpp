#include "alertmap/forwards/rootly.hpp"

#include <string>

#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;
using alertmap::forward::Rootly;

static_assert(Forward<Rootly>);

TEST_CASE("forward rootly: bodies") {
    check_golden("forward_rootly/firing", written(Rootly{}, firing_group()));
    check_golden("forward_rootly/mixed", written(Rootly{}, mixed_group()));
    check_golden("forward_rootly/resolved", written(Rootly{}, resolved_group()));
    check_golden("forward_rootly/truncated", written(Rootly{}, truncated_group()));
}

TEST_CASE("forward rootly: rootly_alert_status is only written for resolved or unsafely resolved groups") {
    const auto has_status = [](const AlertGroup& group) {
        return written(Rootly{}, group).find("rootly_alert_status") != std::string::npos;
    };
    CHECK_FALSE(has_status(firing_group()));
    CHECK_FALSE(has_status(mixed_group()));
    CHECK(written(Rootly{}, resolved_group()).ends_with(",\"rootly_alert_status\":\"resolved\"}\n"));
    CHECK(written(Rootly{}, truncated_group()).ends_with(",\"rootly_alert_status\":\"triggered\"}\n"));
    AlertGroup proven = truncated_group();
    proven.notification_reason = "all alerts resolved";
    CHECK(written(Rootly{}, proven).ends_with(",\"rootly_alert_status\":\"resolved\"}\n"));
}

TEST_CASE("forward rootly: the status") {
    Rootly forward;
    forward.alert_status = "none";
    CHECK(written(forward, firing_group()) == golden("forward_alertmanager/firing"));
    forward.alert_status = "open";
    CHECK(written(forward, resolved_group()).ends_with(",\"rootly_alert_status\":\"open\"}\n"));

    // A status in the message has precedence over auto, but not over a word chosen by the caller.
    const ExtraMember own{"rootly_alert_status", "\"open\"", "open"};
    AlertGroup group = firing_group();
    group.extra = {&own, 1};
    CHECK(written(forward, group).ends_with(",\"truncatedAlerts\":0,\"rootly_alert_status\":\"open\"}\n"));
    forward.alert_status = "resolved";
    CHECK(written(forward, group).ends_with(",\"truncatedAlerts\":0,\"rootly_alert_status\":\"resolved\"}\n"));
    forward.alert_status = "auto";
    CHECK(written(forward, group).ends_with(",\"truncatedAlerts\":0,\"rootly_alert_status\":\"open\"}\n"));
}

TEST_CASE("forward rootly: requests") {
    Rootly forward;
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "secret"});
    forward.secret = "b34rer";
    const Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->url == "https://webhooks.rootly.com/webhooks/incoming/alertmanager_webhooks");
    CHECK(request->headers[0].value == "Bearer b34rer");
    CHECK(to_string(*request).find("b34rer") == std::string::npos);

    forward.notify_type = "User";
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "notify_id"});
    forward.notify_id = "27854";
    const std::string paging = "https://webhooks.rootly.com/webhooks/incoming/alertmanager_webhooks/notify/User/27854";
    CHECK(forward.request(firing_group())->url == paging);
    CHECK(forward.request(truncated_group())->url == paging);
    // A resolve without a matching alert pages the target in the URL.
    CHECK(forward.request(resolved_group())->url == request->url);
    forward.notify_type = "Everybody";
    CHECK(forward.request(firing_group()).error() == Error{Errc::invalid_value, no_offset, "notify_type"});
    forward.notify_type = {};
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "notify_type"});
}
