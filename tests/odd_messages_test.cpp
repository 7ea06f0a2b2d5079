#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alertmap.hpp"

// Single messages that would lose or close a page if they were read literally: their events.
using namespace alertmap;

namespace {

/// Ordinary members of a resolved or firing alert in these messages.
const std::string first_alert = R"({"status":"firing","labels":{"alertname":"First"},"fingerprint":"0000000000000001"})";
const std::string last_alert = R"({"status":"resolved","labels":{"alertname":"Last"},"fingerprint":"0000000000000002"})";

std::string nested_arrays(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string annotations(std::size_t count) {
    std::string set = "{";
    for (std::size_t i = 0; i < count; ++i) set += "\"a" + std::to_string(100'000 + i) + "\":\"v\",";
    set.back() = '}';
    return set;
}

/// "trigger 0000000000000001", followed by differences from an ordinary event; "ignore: reason".
std::string shown(const Event& event) {
    std::string text(name(event.transition));
    if (event.transition == Transition::ignore) return text.append(": ").append(event.reason);
    text.append(" ").append(event.external_id);
    if (!event.page) text += ", no page";
    for (const NotifyTarget& target : event.notify) text.append(", ").append(target.type).append(" ").append(target.id);
    if (event.unlisted) text.append(", ").append(event.summary);
    if (!event.mapping_note.empty()) text.append(" (").append(event.mapping_note).append(")");
    return text;
}

struct Message {
    std::string_view name;
    std::string body;
    Mapping mapping;
    std::vector<std::string> events;
    std::vector<std::string> warnings;
};

std::vector<Message> messages() {
    const std::string key = R"("groupKey":"{}:{}")";
    const std::string hash = [] {
        Arena arena;
        return std::string(sha256_hex("{}:{}", arena));
    }();
    const auto unread = [&](std::string_view how_many) {
        return "trigger " + hash + "/unlisted, " + std::string(how_many) +
               " alerts of this group are not listed (they could not be read): {}:{} (alerts of this group could not be read)";
    };
    const Mapping per_alert = preset::recommended();
    const Mapping per_group = preset::signl4();
    const Mapping rootly = preset::rootly();
    const std::string trigger_first = "trigger 0000000000000001";
    const std::string resolve_last = "resolve 0000000000000002";
    const std::string cut_off = R"({"status":"resolved","alerts":[)" + last_alert + R"(],"truncatedAlerts":3,)" + key;

    return {
        {"alerts is null", R"({"status":"firing","alerts":null,)" + key + "}", per_alert, {unread("the")}, {"alerts: null_value"}},
        {"alerts is missing", R"({"status":"firing",)" + key + "}", rootly, {unread("the")}, {"alerts: missing_field"}},
        {"alerts is an object",
         R"({"status":"firing","alerts":)" + first_alert + "," + key + "}",
         per_alert,
         {unread("the")},
         {"alerts: wrong_type"}},
        {"alerts is a list of texts",
         R"({"status":"firing","alerts":["First","Last"],)" + key + "}",
         rootly,
         {unread("2")},
         {"alerts[0]: wrong_type", "alerts[1]: wrong_type"}},
        {"all alerts were cut off",
         R"({"status":"firing","alerts":[],"truncatedAlerts":5,)" + key + "}",
         rootly,
         {"trigger " + hash +
          "/unlisted, 5 alerts of this group are not listed (max_alerts cut them off): {}:{} (max_alerts cut off alerts "
          "of this group)"},
         {}},
        {"a resolved group without alerts that can be read",
         R"({"status":"resolved","alerts":null,)" + key + "}",
         per_alert,
         {"ignore: says resolved, but alerts that could not be read may still fire"},
         {"alerts: null_value"}},
        {"one alert of three cannot be read",
         R"({"status":"firing","alerts":[)" + first_alert + R"(,"Second",)" + last_alert + "]," + key + "}",
         per_alert,
         {trigger_first, resolve_last, unread("1")},
         {"alerts[1]: wrong_type"}},
        {"some alerts were cut off",
         R"({"status":"firing","alerts":[)" + first_alert + R"(],"truncatedAlerts":3,"groupLabels":{"alertname":"First"},)" + key + "}",
         per_alert,
         {trigger_first,
          "trigger " + hash +
              "/unlisted, 3 alerts of this group are not listed (max_alerts cut them off): First (max_alerts cut off alerts of "
              "this group)"},
         {}},
        {"names in another case",
         R"({"Status":"firing","Alerts":[{"Status":"firing","Labels":{"alertname":"A"},"FingerPrint":"00000000000000aa"}],"GroupKey":"{}:{}"})",
         per_alert,
         {"trigger 00000000000000aa"},
         {"Status: other_case", "Alerts: other_case", "alerts[0].Status: other_case", "alerts[0].Labels: other_case",
          "alerts[0].FingerPrint: other_case", "GroupKey: other_case"}},
        {"an end of an alert without a status, in a group that fires",
         R"({"status":"firing","alerts":[{"labels":{"alertname":"A"},"endsAt":"2026-01-15T10:31:00Z","fingerprint":"00000000000000aa"}],)" +
             key + "}",
         per_alert,
         {"trigger 00000000000000aa"},
         {"alerts[0].status: missing_field"}},
        {"alerts without a status in a group that is resolved",
         R"({"status":"resolved","alerts":[{"labels":{"alertname":"A"},"fingerprint":"00000000000000aa"},{"labels":{"alertname":"B"},"fingerprint":"00000000000000bb"}],)" +
             key + "}",
         per_alert,
         {"resolve 00000000000000aa", "resolve 00000000000000bb"},
         {"alerts[0].status: missing_field", "alerts[1].status: missing_field"}},
        {"cut off, and the reason proves that all is resolved",
         cut_off + R"(,"notification_reason":"all alerts resolved"})",
         per_group,
         {"resolve {}:{}"},
         {}},
        {"cut off, and the reason proves nothing",
         cut_off + R"(,"notification_reason":"some alerts resolved"})",
         per_group,
         {"ignore: says resolved, but alerts that max_alerts cut off may still fire"},
         {}},
        {"cut off, and there is no reason",
         cut_off + "}",
         per_group,
         {"ignore: says resolved, but alerts that max_alerts cut off may still fire"},
         {}},
        {"open, but nobody is to be paged",
         R"({"status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A"},"annotations":{"rootly_alert_status":"open"}}],)" +
             key + "}",
         rootly,
         {"trigger A, no page"},
         {}},
        {"one value 70 deep",
         R"({"status":"firing","alerts":[)" + first_alert + R"(,{"status":"firing","labels":{"alertname":"Deep","x":)" + nested_arrays(70) +
             R"(},"fingerprint":"00000000000000dd"},)" + last_alert + "]," + key + "}",
         per_alert,
         {trigger_first, "trigger 00000000000000dd", resolve_last},
         {"alerts[1].labels.x: too_deep"}},
        {"one alert with 10,001 annotations",
         R"({"status":"firing","alerts":[)" + first_alert + R"(,{"status":"firing","labels":{"alertname":"Wide"},"annotations":)" +
             annotations(10'001) + R"(,"fingerprint":"00000000000000ee"},)" + last_alert + "]," + key + "}",
         per_alert,
         {trigger_first, "trigger 00000000000000ee", resolve_last},
         {"alerts[1].annotations: too_many_labels"}},
        {"fingerprints that say nothing",
         R"({"status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A"},"fingerprint":{}},{"status":"firing","labels":{"alertname":"B"},"fingerprint":true},{"status":"firing","labels":{"alertname":"C"},"fingerprint":" "}],)" +
             key + "}",
         per_alert,
         {"trigger FINGERPRINT A", "trigger FINGERPRINT B", "trigger FINGERPRINT C"},
         {"alerts[0].fingerprint: wrong_type", "alerts[0].fingerprint: useless_id", "alerts[1].fingerprint: wrong_type",
          "alerts[1].fingerprint: useless_id", "alerts[2].fingerprint: useless_id"}},
        {"a resolved group that says nothing about itself",
         R"({"status":"resolved","alerts":[]})",
         per_group,
         {"ignore: says resolved, but not which group"},
         {}},
        {"a count with a fraction of zeros",
         R"({"status":"resolved","alerts":[)" + last_alert + R"(],"truncatedAlerts":0.00000000000000000000000,)" + key + "}",
         per_group,
         {"resolve {}:{}"},
         {"truncatedAlerts: invalid_count"}},
    };
}

}  // namespace

TEST_CASE("odd messages: no page is lost, no possibly firing alert is closed") {
    const std::vector<Message> all = messages();
    CHECK(all.size() >= 16);
    for (const Message& message : all) {
        CAPTURE(message.name);
        Parser parser;
        const Result<AlertGroup> group = parser.parse(message.body);
        REQUIRE(group);
        const Mapper map(message.mapping);
        Arena arena;
        std::vector<std::string> expected = message.events;
        for (std::string& event : expected) {
            // A fingerprint computed from one label.
            const std::size_t at = event.find("FINGERPRINT ");
            if (at == std::string::npos) continue;
            const Label label{"alertname", std::string_view(event).substr(at + 12)};
            event = event.substr(0, at) + std::string(fingerprint(Labels(&label, 1), arena));
        }
        std::vector<std::string> events;
        for (const Subject subject : subjects(*group, map.per())) events.push_back(shown(map(subject, arena)));
        CHECK(events == expected);
        std::vector<std::string> warnings;
        for (const Warning& warning : parser.warnings()) warnings.push_back(warning.path() + ": " + std::string(name(warning.code)));
        CHECK(warnings == message.warnings);
    }
}

TEST_CASE("odd messages: the next complete message closes the incident of unlisted alerts, and nothing else") {
    Parser parser;
    Arena arena;
    for (const Mapping& mapping : {preset::recommended(), preset::rootly()}) {
        const Mapper map(mapping);
        const std::string unreadable = R"({"status":"firing","alerts":null,"groupKey":"{}:{}"})";
        const Result<AlertGroup> group = parser.parse(unreadable);
        REQUIRE(group);
        const Event opened = map(*subjects(*group, map.per()).begin(), arena);
        CHECK(opened.transition == Transition::trigger);
        CHECK(opened.unlisted);
        CHECK_FALSE(opened.complete);
        CHECK(opened.page);
        const std::string id(opened.external_id);

        const std::string whole = R"({"status":"firing","alerts":[)" + first_alert + "," + last_alert + R"(],"groupKey":"{}:{}"})";
        const Result<AlertGroup> next = parser.parse(whole);
        REQUIRE(next);
        const Event closed = map(unlisted(*next), arena);
        CHECK(closed.transition == Transition::resolve);
        CHECK(closed.external_id == id);
        CHECK(closed.complete);
        CHECK(closed.firing == 0);
        REQUIRE(closed.members.size() == 1);
        CHECK(closed.members[0].status == Status::resolved);
        for (const Subject subject : subjects(*next, map.per())) {
            CHECK_FALSE(subject.unlisted);
            CHECK(map(subject, arena).external_id != id);
        }
        CHECK(map({&*next, nullptr}, arena).external_id != id);
    }
}
