#include "alertmap/targets/slack.hpp"

#include <string>
#include <string_view>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Slack;
using alertmap::target::SlackWebhook;

static_assert(Target<SlackWebhook> && Target<Slack>);

TEST_CASE("slack_webhook: bodies") {
    const AnyTarget target = sample_target("slack_webhook");
    check_golden("slack_webhook/alert_firing", written(target, alert_firing()));
    check_golden("slack_webhook/alert_resolved", written(target, alert_resolved()));
    check_golden("slack_webhook/group_firing", written(target, group_firing()));
    check_golden("slack_webhook/group_resolved", written(target, group_resolved()));
    check_golden("slack_webhook/hostile", written(target, hostile()));
}

TEST_CASE("slack_webhook: the contract") {
    CHECK(contract_fault(complete_target("slack_webhook"), {{},
                                                            {{"/text", set_summary, target::slack::max_title - 11},
                                                             {"/attachments/0/fallback", set_summary, target::slack::max_title},
                                                             {"/attachments/0/text", set_description, target::slack::max_text}},
                                                            "slack_webhook"}) == "");
}

TEST_CASE("slack_webhook: texts cannot contain links or mentions") {
    Event event = alert_firing();
    event.summary = "<!channel> <https://evil.example|x> & <@U1>";
    const std::string body = written(SlackWebhook{}, event);
    CHECK(body.find("[FIRING] &lt;!channel&gt; &lt;https://evil.example|x&gt; &amp; &lt;@U1&gt;") != std::string::npos);
    CHECK(body.find("\"mrkdwn\":false") != std::string::npos);
    CHECK(body.find("\"mrkdwn_in\":[]") != std::string::npos);
}

TEST_CASE("slack_webhook: requests and answers") {
    SlackWebhook target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "url"});
    target.url = "https://hooks.slack.com/services/T/B/s3cret";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == target.url);
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    CHECK(SlackWebhook::succeeded(Transition::trigger, 200, "ok"));
    CHECK_FALSE(SlackWebhook::succeeded(Transition::trigger, 200, "invalid_blocks"));
    CHECK_FALSE(SlackWebhook::succeeded(Transition::trigger, 404, "channel_not_found"));
}

TEST_CASE("slack: bodies") {
    const AnyTarget target = sample_target("slack");
    check_golden("slack/alert_firing", written(target, alert_firing()));
    check_golden("slack/alert_acknowledged", target.request(alert_acknowledged(), "C0123456789:1503435956.000247")->body);
    check_golden("slack/alert_resolved", target.request(alert_resolved(), "C0123456789:1503435956.000247")->body);
    check_golden("slack/group_firing", written(target, group_firing()));
    check_golden("slack/hostile", written(target, hostile()));
}

TEST_CASE("slack: the contract") {
    CHECK(contract_fault(complete_target("slack"), {{}, {{"/attachments/0/fallback", set_summary, target::slack::max_title}}, "slack"}) ==
          "");
}

TEST_CASE("slack: a resolve edits the message of the trigger") {
    Slack target;
    target.token = "xoxb-s3cret";
    target.channel = "#pager";
    const Result<Request> trigger = target.request(alert_firing());
    REQUIRE(trigger);
    CHECK(trigger->url == "https://slack.com/api/chat.postMessage");
    CHECK(trigger->headers[0].value == "Bearer xoxb-s3cret");
    CHECK(trigger->body.starts_with(R"({"channel":"#pager","text":)"));
    CHECK(to_string(*trigger).find("s3cret") == std::string::npos);
    const Result<std::string> id = Slack::read_id(R"({"ok":true,"channel":"C0123456789","ts":"1503435956.000247","message":{"text":"x"}})");
    REQUIRE(id);
    CHECK(*id == "C0123456789:1503435956.000247");
    const Result<Request> resolve = target.request(alert_resolved(), *id);
    REQUIRE(resolve);
    CHECK(resolve->url == "https://slack.com/api/chat.update");
    CHECK(resolve->body.starts_with(R"({"channel":"C0123456789","ts":"1503435956.000247","text":"[RESOLVED] )"));
    CHECK(target.request(alert_resolved(), "1503435956.000247")->body.starts_with(R"({"channel":"#pager","ts":"1503435956.000247",)"));
    CHECK(target.request(alert_resolved()).error().code == Errc::missing_vendor_id);
    CHECK(write_error(target, alert_resolved()) == Errc::missing_vendor_id);
}

TEST_CASE("slack: errors come with HTTP 200") {
    CHECK(Slack::succeeded(Transition::trigger, 200, R"({"ok":true,"ts":"1"})"));
    CHECK_FALSE(Slack::succeeded(Transition::trigger, 200, R"({"ok":false,"error":"channel_not_found"})"));
    CHECK_FALSE(Slack::succeeded(Transition::trigger, 200));
    CHECK_FALSE(Slack::succeeded(Transition::trigger, 429, R"({"ok":true})"));
    CHECK(Slack::read_id(R"({"ok":false,"error":"x"})").error().code == Errc::missing_vendor_id);
}
