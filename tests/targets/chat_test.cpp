#include "alertmap/targets/chat.hpp"

#include <string>
#include <string_view>

#include "alertmap/fan_out.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;

namespace {

std::string headline(const Event& event, std::size_t limit, Markup markup = Markup::plain) {
    Buffer out;
    {
        JsonWriter json(out);
        json.begin_object();
        kit::member_headline(json, "t", event, markup, limit);
        json.end_object();
    }
    Json json;
    REQUIRE(JsonText(out.view()).read(json));
    return std::string(json.find("t")->text);
}

std::string alerts(const Event& event, std::size_t limit) {
    Buffer out;
    {
        JsonWriter json(out);
        json.begin_string();
        kit::part_alerts(json, event, Markup::plain, limit);
        json.end_string();
    }
    Json json;
    REQUIRE(JsonText(out.view()).read(json));
    return std::string(json.text);
}

}  // namespace

TEST_CASE("chat: the state prefix of a title, with counts, never twice") {
    CHECK(std::string_view(kit::state_prefix(alert_firing())) == "[FIRING] ");
    CHECK(std::string_view(kit::state_prefix(alert_resolved())) == "[RESOLVED] ");
    CHECK(std::string_view(kit::state_prefix(alert_acknowledged())) == "[ACKNOWLEDGED] ");
    CHECK(std::string_view(kit::state_prefix(group_firing())).empty());
    Event event = group_firing();
    event.summary = "DiskAlmostFull";
    CHECK(std::string_view(kit::state_prefix(event)) == "[FIRING:2] ");
    event.resolved = 3;
    CHECK(headline(event, 100) == "[FIRING:2 RESOLVED:3] DiskAlmostFull");
    event.firing = event.resolved = static_cast<std::size_t>(-1) / 2;
    CHECK(std::string_view(kit::state_prefix(event)).size() <= 60);
    CHECK(headline(event, 80).size() <= 80 + 2);  // the ellipsis has three bytes
}

TEST_CASE("chat: a headline is within its limit, including escapes") {
    Event event = alert_firing();
    const std::string text(200, '*');
    event.summary = text;
    CHECK(detail::count_units(headline(event, 100), TextUnit::code_points) <= 100);
    CHECK(detail::count_units(headline(event, 100, Markup::markdown), TextUnit::code_points) <= 100);
    CHECK(headline(event, 100, Markup::markdown).starts_with("\\[FIRING\\] \\*"));
}

TEST_CASE("chat: the alerts of a group: whole lines, and the number of omitted ones") {
    Event event = group_firing();
    event.description = "first line\nsecond line\nthird line\nfourth line";
    CHECK(alerts(event, 100) == event.description);
    CHECK(alerts(event, 45) == event.description);
    CHECK(alerts(event, 44) == "first line\nsecond line\nand 2 more");
    CHECK(alerts(event, 28) == "first line\nand 3 more");
    CHECK(alerts(event, 20) == "first line\nsecond l\u2026");  // no room for a line and the count
    event.description = "first line\nsecond line\nthird line\nand 40 more";
    CHECK(alerts(event, 44) == "first line\nsecond line\nand 41 more");
    event.description = "first line\nsecond line\nand 4x more";
    CHECK(alerts(event, 30) == "first line\nand 2 more");
    // For one alert it is prose.
    event = alert_firing();
    event.description = "first line\nsecond line\nthird line";
    CHECK(alerts(event, 28) == "first line\nsecond line\nthir\u2026");
}

TEST_CASE("fan out: the explicit choice, else the target's default") {
    constexpr TargetTraits pager = {};
    constexpr TargetTraits chat = {.per_group = true};
    CHECK(fan_out_for(pager) == FanOut::per_alert_and_unlisted);
    CHECK(fan_out_for(chat) == FanOut::per_group);
    CHECK(fan_out_for(chat, FanOut::per_alert) == FanOut::per_alert);
    CHECK(fan_out_for(pager, FanOut::per_group) == FanOut::per_group);
}
