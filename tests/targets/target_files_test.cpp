// The vendors in share/alertmap/targets/: files, tested like built-in targets.
#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/targets/any.hpp"
#include "alertmap/targets/template_target.hpp"
#include "support/contract.hpp"
#include "support/form.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;

namespace {

constexpr std::string_view folder = "../share/alertmap/targets";

std::string text_of(std::string_view name) { return read_file(data_file(std::string(folder) + "/" + std::string(name) + ".json")); }

/// With a value for each required or secret option.
TemplateTarget complete(std::string_view name, std::string_view secret = "s3cret") {
    const std::string file = text_of(name);
    const Result<std::vector<TemplateOption>> options = template_options(file);
    REQUIRE_MESSAGE(options.has_value(), to_string(options.error()));
    std::vector<OptionValue> values;
    for (const TemplateOption& option : *options) {
        const bool required = option.is == OptionIs::required || option.is == OptionIs::required_secret;
        const bool hidden = option.is == OptionIs::secret || option.is == OptionIs::required_secret;
        if (!required && !hidden) continue;
        std::string value(hidden ? secret : "x");
        if (option.key.ends_with("url")) value = "https://h.example.test/" + value;
        values.push_back({option.key, value});
    }
    Result<TemplateTarget> target = TemplateTarget::parse(file, values);
    REQUIRE_MESSAGE(target.has_value(), to_string(target.error()));
    return *std::move(target);
}

/// The limit that remains for the title after "[FIRING] ", whose brackets may be escaped.
constexpr std::size_t headline(std::size_t limit) { return limit - std::string_view("\\[FIRING\\] ").size(); }

const std::map<std::string, Contract>& contracts() {
    using enum Counted;
    static const std::map<std::string, Contract> all = {
        {"alerta", {"/resource", {}, "alerta", {"/severity", "critical|major|minor|informational"}}},
        {"cloudevents", {"/subject", {}, "cloudevents", {"/data/priority"}}},
        {"dingtalk", {{}, {{"/text/content", set_summary, headline(500)}, {"/text/content", set_description, 1000}}, "dingtalk"}},
        {"discord",
         {{},
          {{"/content", set_summary, headline(1000), utf16}, {"/embeds/0/description", set_description, 4096, utf16}},
          "discord",
          {"/embeds/0/color", "65280"},
          {{"/embeds/0/url", set_url, 2000}}}},
        {"feishu",
         {{},
          {{"/content/post/zh_cn/title", set_summary, headline(500)}, {"/content/post/zh_cn/content/0/0/text", set_description, 4000}},
          "feishu"}},
        {"firehydrant",
         {"/idempotency_key", {{"/summary", set_summary, 255}}, "firehydrant", {"/level", "INFO|WARN|ERROR|FATAL"}, {}, 255}},
        {"mattermost",
         {{},
          {{"/text", set_summary, headline(1000)}, {"/text", set_description, 12000}, {"/attachments/0/fallback", set_summary, 1000}},
          "mattermost",
          {"/attachments/0/color", "#102030"}}},
        {"pagertree", {"/Id", {}, "pagertree", {"/urgency", "silent|low|medium|high|critical"}}},
        {"pushover",
         {{},
          {{"/title", set_summary, headline(250)}, {"/message", set_description, 1024}},
          "pushover",
          {"/priority", "-2|-1|0|1"},
          {{"/url", set_url, 512}}}},
        {"rocketchat",
         {{},
          {{"/attachments/0/title", set_summary, headline(1024)}, {"/attachments/0/text", set_description, 3000}},
          "rocketchat",
          {"/attachments/0/color", "#102030"}}},
        {"squadcast", {"/event_id", {}, "squadcast", {"/priority", "P1|P2|P3|P4|P5"}}},
        {"telegram", {{}, {{"/text", set_summary, headline(300), utf16}, {"/text", set_description, 1800, utf16}}, "telegram"}},
        {"webex", {{}, {{"/text", set_summary, headline(500), bytes}, {"/text", set_description, 4000, bytes}}, "webex"}},
        {"xmatters", {"/id", {}, "xmatters", {"/priority"}}},
        {"zenduty", {"/entity_id", {}, "zenduty", {"/alert_type", "critical|error|warning|info"}}},
    };
    return all;
}

/// Checks that every text has its maximum length.
Event too_long_everywhere() {
    static const std::vector<std::string> texts = [] {
        std::vector<std::string> made;
        for (int i = 0; i < 100; ++i) made.push_back(std::string(1, static_cast<char>('a' + i % 26)) + std::string(2000, '\x01'));
        return made;
    }();
    static const std::vector<Label> labels = [] {
        std::vector<Label> made;
        for (const std::string& text : texts) made.push_back({text, text});
        return made;
    }();
    static const std::string text(100'000, '\x01');
    Event event = alert_firing();
    event.summary = text;
    event.description = text;
    event.labels = {labels.data(), labels.size()};
    return event;
}

}  // namespace

TEST_CASE("target files: each has a contract, and its file's name") {
    std::vector<std::string> names;
    for (const auto& path : files(folder)) names.push_back(path.stem().string());
    std::vector<std::string> known;
    for (const auto& [name, contract] : contracts()) known.push_back(name);
    CHECK(names == known);
    for (const std::string& name : names) {
        const TemplateTarget target = complete(name);
        CHECK(target.name == name);
        CHECK(!target.doc.empty());
        for (const auto& kind : targets()) CHECK(kind.name != name);
    }
}

TEST_CASE("target files: the contract") {
    for (const auto& [id, contract] : contracts()) {
        const auto& name = id;  // clang does not capture bindings
        CAPTURE(name);
        CHECK(contract_fault(complete(name), contract) == "");
    }
}

TEST_CASE("target files: bodies") {
    for (const auto& [name, contract] : contracts()) {
        const TemplateTarget target = complete(name, "secret");
        const bool is_form = contract.schema == "pushover";
        const auto body = [&](const Event& event) { return is_form ? form_as_json(written(target, event)) : written(target, event); };
        check_golden(name + "/alert_firing", body(alert_firing()));
        check_golden(name + "/alert_resolved", body(alert_resolved()));
        if (target.traits.acknowledges) check_golden(name + "/alert_acknowledged", body(alert_acknowledged()));
        check_golden(name + "/group_firing", body(group_firing()));
        check_golden(name + "/hostile", body(hostile()));
    }
}

TEST_CASE("target files: bodies within the vendors' limits") {
    const std::map<std::string, std::size_t> limits = {
        {"squadcast", 30'000}, {"cloudevents", 65'536}, {"dingtalk", 20'000}, {"feishu", 20'000}};
    for (const auto& [id, limit] : limits) {
        const auto& name = id;
        CAPTURE(name);
        const std::string body = written(complete(name), too_long_everywhere());
        CHECK(body.size() <= limit);
        CHECK(body.size() > limit / 16);
        Json json;
        CHECK(JsonText(body).read(json));
    }
}

TEST_CASE("target files: pushover is a form") {
    const TemplateTarget target = complete("pushover");
    CHECK(written(target, alert_firing()) ==
          "token=s3cret&user=s3cret&title=%5BFIRING%5D%20Disk%20almost%20full%20on%20n1%3A9100&message=Less%20than%205%25%20left%20on%20n1%"
          "3A9100&"
          "priority=1&"
          "url=http%3A%2F%2Fprom.example.test%3A9090%2Fgraph%3Fg0.expr%3Ddisk_free_ratio%2B%253C%2B0.05%26g0.tab%3D1&timestamp=1772600767");
    CHECK(written(target, alert_resolved()) ==
          "token=s3cret&user=s3cret&title=%5BRESOLVED%5D%20Disk%20almost%20full%20on%20n1%3A9100&message=Less%20than%205%25%20left%20on%"
          "20n1%3A9100&"
          "priority=-1&timestamp=1772603167");
    Event event = alert_firing();
    event.description = {};
    event.url = {};
    const std::string long_link = "https://h.example.test/" + std::string(600, 'x');
    CHECK(written(target, event).find("message=Disk%20almost") != std::string::npos);
    CHECK(written(target, event).find("url=") == std::string::npos);
    event.url = long_link;
    CHECK(written(target, event).find("url=") == std::string::npos);
    event.priority = "2";  // needs parameters that the file lacks
    CHECK(written(target, event).find("priority=1&") != std::string::npos);
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://api.pushover.net/1/messages.json");
    CHECK(request->headers[0].value == "application/x-www-form-urlencoded");
}

TEST_CASE("target files: answers with HTTP 200 that are errors") {
    CHECK(complete("telegram").succeeded(Transition::trigger, 200, R"({"ok":true,"result":{}})"));
    CHECK_FALSE(complete("telegram").succeeded(Transition::trigger, 200, R"({"ok":false,"error_code":400})"));
    CHECK(complete("rocketchat").succeeded(Transition::trigger, 200, R"({"success":true})"));
    CHECK_FALSE(complete("rocketchat").succeeded(Transition::trigger, 200, R"({"success":false,"error":"error-not-allowed"})"));
    CHECK(complete("dingtalk").succeeded(Transition::trigger, 200, R"({"errcode":0,"errmsg":"ok"})"));
    CHECK_FALSE(complete("dingtalk").succeeded(Transition::trigger, 200, R"({"errcode":310000,"errmsg":"keywords not in content"})"));
    CHECK(complete("feishu").succeeded(Transition::trigger, 200, R"({"code":0,"msg":"success","data":{}})"));
    CHECK_FALSE(complete("feishu").succeeded(Transition::trigger, 200, R"({"code":19024,"msg":"Key Words Not Found"})"));
    CHECK_FALSE(complete("feishu").succeeded(Transition::trigger, 200));
    CHECK(complete("webex").succeeded(Transition::trigger, 200));
}

TEST_CASE("target files: requests") {
    const Result<Request> telegram = complete("telegram", "123:s3cret").request(alert_firing());
    REQUIRE(telegram);
    CHECK(telegram->url == "https://api.telegram.org/bot123%3As3cret/sendMessage");
    CHECK(to_string(*telegram).find("s3cret") == std::string::npos);
    const Result<Request> cloudevents = complete("cloudevents").request(alert_firing());
    REQUIRE(cloudevents);
    CHECK(cloudevents->headers[0].value == "application/cloudevents+json");
    CHECK(cloudevents->headers[1].name == "Authorization");
    const Result<Request> rocketchat = complete("rocketchat").request(alert_firing());
    REQUIRE(rocketchat);
    CHECK(rocketchat->url == "https://h.example.test/x/api/v1/chat.postMessage");
    CHECK(rocketchat->headers[1].name == "X-Auth-Token");
    CHECK(rocketchat->headers[2].secret);
}
