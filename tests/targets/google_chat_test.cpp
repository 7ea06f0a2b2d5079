#include "alertmap/targets/google_chat.hpp"

#include <string>
#include <vector>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::GoogleChat;

static_assert(Target<GoogleChat>);

TEST_CASE("google_chat: bodies") {
    const AnyTarget target = sample_target("google_chat");
    check_golden("google_chat/alert_firing", written(target, alert_firing()));
    check_golden("google_chat/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("google_chat/alert_resolved", written(target, alert_resolved()));
    check_golden("google_chat/group_firing", written(target, group_firing()));
    check_golden("google_chat/hostile", written(target, hostile()));
}

TEST_CASE("google_chat: the contract") {
    CHECK(contract_fault(complete_target("google_chat"),
                         {"/thread/threadKey",
                          {{"/cardsV2/0/card/sections/0/widgets/0/textParagraph/text", set_summary, GoogleChat::max_title},
                           {"/cardsV2/0/card/sections/0/widgets/1/textParagraph/text", set_description, GoogleChat::max_text}},
                          "google_chat",
                          {},
                          {},
                          GoogleChat::max_thread_key}) == "");
}

TEST_CASE("google_chat: messages are within the limit") {
    const std::string ampersands(100'000, '&');
    std::vector<Label> labels(50, Label{"name", ampersands});
    Event event = alert_firing();
    event.labels = {labels.data(), labels.size()};
    event.description = ampersands;
    event.summary = ampersands;
    const std::string body = written(GoogleChat{}, event);
    CHECK(body.size() <= GoogleChat::max_body);
    CHECK(is_json(body));
    const std::string id(GoogleChat::max_thread_key + 1, 'i');
    event.external_id = id;
    CHECK(write_error(GoogleChat{}, event) == Errc::payload_too_large);
}

TEST_CASE("google_chat: requests") {
    GoogleChat target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "url"});
    target.url = "https://chat.googleapis.com/v1/spaces/X/messages?key=k&token=s3cret";
    const Result<Request> request = target.request(alert_resolved());
    REQUIRE(request);
    CHECK(request->url == target.url + "&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD");
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
}
