#include "alertmap/policies/notify.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

constexpr std::string_view no_json = "the paging annotation is not JSON and was ignored";
constexpr std::string_view no_target = "the paging annotation has neither notification_target nor alerting_targets and was ignored";
constexpr std::string_view incomplete = "a paging target without type or id was ignored";
constexpr std::string_view no_object = "a paging target that is not an object was ignored";

NotifyPolicy rootly_annotation() {
    NotifyPolicy notify;
    notify.annotation = "rootly";
    return notify;
}

struct Found {
    std::string targets;
    std::string_view note;
    friend bool operator==(const Found&, const Found&) = default;
};

Found show(const NotifyFound& found) {
    Found out{"", found.note};
    for (const NotifyTarget& target : found.targets) out.targets.append(target.type).append("/").append(target.id).append(" ");
    return out;
}

Found of_annotation(std::string_view text) {
    Sample s;
    s.firing({}, {{"rootly", text}});
    return show(rootly_annotation()(s.one(), s.arena));
}

void check(std::string_view text, std::string_view targets, std::string_view note) {
    CAPTURE(text);
    const Found found = of_annotation(text);
    CHECK(found.targets == targets);
    CHECK(found.note == note);
}

}  // namespace

TEST_CASE("notify: the annotation as Rootly documents it") {
    check(R"({"notification_target":{"type":"User","id":"27854"}})", "User/27854 ", "");
    check(R"({"alerting_targets":[{"type":"Group","id":"1"},{"id":"2","type":"Service"}]})", "Group/1 Service/2 ", "");
    check(R"( { "notification_target" : { "type" : "EscalationPolicy" , "id" : 27854 , "more" : [1, {}] } , "x" : null } )",
          "EscalationPolicy/27854 ", "");
}

TEST_CASE("notify: both members, an object for the array, an array for the object, no duplicates") {
    check(R"({"alerting_targets":{"type":"User","id":"1"},"notification_target":[{"type":"User","id":"1"},{"type":"User","id":"2"}]})",
          "User/1 User/2 ", "");
    check(R"({"alerting_targets":[]})", "", "");
}

TEST_CASE("notify: escapes are decoded") {
    check(R"({"notification\u005ftarget":{"ty\u0070e":"Us\u0065r","id":"a\"b\\c"}})", "User/a\"b\\c ", "");
}

TEST_CASE("notify: an invalid annotation is ignored completely, with a note") {
    check("27854", "", no_target);
    check("User 27854", "", no_json);
    check("{", "", no_json);
    check(R"({"notification_target":{"type":"User","id":"27854"})", "", no_json);
    check(R"({"notification_target":{"type":"User","id":"27854"}} x)", "", no_json);
    check(R"({"alerting_targets":[{"type":"User","id":"1"},{"type":"User","id":]})", "", no_json);
    check(R"({"notification_target":{'type':'User','id':'1'}})", "", no_json);
    check("{\"notification_target\":{\"type\":\"User\",\"id\":\"a\nb\"}}", "", no_json);
    check(R"({"target":{"type":"User","id":"1"}})", "", no_target);
    check(R"([{"type":"User","id":"1"}])", "", no_target);
}

TEST_CASE("notify: a target without type or id is dropped, the others are kept") {
    check(R"({"alerting_targets":[{"type":"User"},{"type":"User","id":"1"},{"id":"2"}]})", "User/1 ", incomplete);
    check(R"({"alerting_targets":[{"type":"User","id":null},{"type":true,"id":"2"}]})", "", incomplete);
    check(R"({"alerting_targets":["User/1",{"type":"User","id":"1"}]})", "User/1 ", no_object);
    check(R"({"notification_target":null})", "", no_object);
}

TEST_CASE("notify: missing, blank and differently named annotations") {
    check("", "", "");
    check("  ", "", "");
    Sample s;
    s.firing({}, {{"pager", R"({"notification_target":{"type":"User","id":"1"}})"}});
    CHECK(show(rootly_annotation()(s.one(), s.arena)) == Found{"", ""});
    NotifyPolicy notify;
    notify.annotation = "pager";
    CHECK(show(notify(s.one(), s.arena)) == Found{"User/1 ", ""});
    CHECK(show(NotifyPolicy{}(s.one(), s.arena)) == Found{"", ""});
}

TEST_CASE("notify: fixed targets for alerts without an annotation") {
    Sample s;
    s.firing({}, {{"rootly", R"({"notification_target":{"type":"User","id":"1"}})"}});
    s.firing({});
    s.firing({}, {{"rootly", "broken"}});
    NotifyPolicy notify = rootly_annotation();
    notify.fixed = {{"Group", "7"}, {"Service", "8"}};
    CHECK(show(notify(s.one(0), s.arena)) == Found{"User/1 ", ""});
    CHECK(show(notify(s.one(1), s.arena)) == Found{"Group/7 Service/8 ", ""});
    CHECK(show(notify(s.one(2), s.arena)) == Found{"Group/7 Service/8 ", no_json});
    notify.annotation.clear();
    CHECK(show(notify(s.one(0), s.arena)) == Found{"Group/7 Service/8 ", ""});
}

TEST_CASE("notify: of a group: the shared annotation, else those of its firing alerts") {
    Sample s;
    s.firing({}, {{"rootly", R"({"notification_target":{"type":"User","id":"1"}})"}});
    s.firing({}, {{"rootly", R"({"notification_target":{"type":"User","id":"1"}})"}});
    s.firing({}, {{"rootly", R"({"notification_target":{"type":"User","id":"2"}})"}});
    s.firing({});
    s.resolved({}, {{"rootly", R"({"notification_target":{"type":"User","id":"3"}})"}});
    CHECK(show(rootly_annotation()(s.whole(), s.arena)) == Found{"User/1 User/2 ", ""});
    s.group.common_annotations = s.set({{"rootly", R"({"notification_target":{"type":"Group","id":"9"}})"}});
    CHECK(show(rootly_annotation()(s.whole(), s.arena)) == Found{"Group/9 ", ""});
}

TEST_CASE("notify: at most 64 targets") {
    std::string text = R"({"alerting_targets":[)";
    for (int i = 0; i < 65; ++i) text += (i == 0 ? "" : ",") + std::string(R"({"type":"User","id":)") + std::to_string(i) + "}";
    text += "]}";
    Sample s;
    s.firing({}, {{"rootly", text}});
    const NotifyFound found = rootly_annotation()(s.one(), s.arena);
    REQUIRE(found.targets.size() == 64);
    CHECK(found.targets[63].id == "63");
    CHECK(found.note == "paging targets beyond the 64th were ignored");
}

TEST_CASE("notify: user function") {
    Sample s;
    s.firing({});
    static constexpr NotifyTarget someone[] = {{"User", "me"}};
    NotifyPolicy notify;
    notify.function = [](const Subject&, Arena&) { return NotifyFound{someone, "as always"}; };
    CHECK(show(notify(s.one(), s.arena)) == Found{"User/me ", "as always"});
}

TEST_CASE("notify: an unknown type is kept with a note; case-insensitive") {
    constexpr std::string_view unknown =
        "a paging target has a type that Rootly does not know: it knows User, Group, EscalationPolicy, Service and Functionality";
    Sample s;
    s.firing({}, {{"rootly", R"({"notification_target":{"type":"escalationPOLICY","id":"1"}})"}});
    s.firing({}, {{"rootly", R"({"notification_target":{"type":"Schedule","id":"2"}})"}});
    CHECK(show(rootly_annotation()(s.one(0), s.arena)) == Found{"escalationPOLICY/1 ", ""});
    CHECK(show(rootly_annotation()(s.one(1), s.arena)) == Found{"Schedule/2 ", std::string(unknown)});
    Sample none;
    none.firing({});
    NotifyPolicy fixed = rootly_annotation();
    fixed.fixed = {{"Squad", "3"}};
    CHECK(show(fixed(none.one(), none.arena)) == Found{"Squad/3 ", std::string(unknown)});
    fixed.annotation.clear();  // for another vendor
    CHECK(show(fixed(none.one(), none.arena)) == Found{"Squad/3 ", ""});
}

TEST_CASE("notify: table by label value") {
    Sample s;
    s.firing({{"alertname", "A"}, {"team", "db"}});
    NotifyPolicy notify;
    notify.by = {label("squad"), label("team")};
    notify.table = {{"web", {{"User", "1"}}}, {"db", {{"EscalationPolicy", "2"}, {"User", "3"}}}, {"empty", {}}};
    notify.fixed = {{"Group", "9"}};
    NotifyFound found = notify(s.one(), s.arena);
    REQUIRE(found.targets.size() == 2);
    CHECK(found.targets[0] == NotifyTarget{"EscalationPolicy", "2"});
    s.alert(0).labels = s.set({{"team", "unknown"}});
    found = notify(s.one(), s.arena);
    REQUIRE(found.targets.size() == 1);
    CHECK(found.targets[0] == NotifyTarget{"Group", "9"});  // an empty target list is skipped
    s.alert(0).labels = s.set({{"team", "empty"}});
    CHECK(notify(s.one(), s.arena).targets[0] == NotifyTarget{"Group", "9"});
}

TEST_CASE("notify: annotations are restricted by allow; otherwise the table applies") {
    Sample s;
    s.firing({{"team", "db"}},
             {{"rootly", R"({"alerting_targets":[{"type":"User","id":"ceo"},{"type":"EscalationPolicy","id":"db-1"}]})"}});
    NotifyPolicy notify;
    notify.annotation = "rootly";
    notify.allow = {{"EscalationPolicy", "db-*"}};
    notify.by = {label("team")};
    notify.table = {{"db", {{"User", "on-call"}}}};
    NotifyFound found = notify(s.one(), s.arena);
    REQUIRE(found.targets.size() == 1);
    CHECK(found.targets[0] == NotifyTarget{"EscalationPolicy", "db-1"});
    CHECK(found.note == "a paging target that is not allowed was ignored");
    notify.allow = {{"Group", "*"}};
    found = notify(s.one(), s.arena);
    REQUIRE(found.targets.size() == 1);
    CHECK(found.targets[0] == NotifyTarget{"User", "on-call"});
    CHECK_FALSE(found.note.empty());
}
