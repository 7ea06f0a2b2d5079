#include "alertmap/policies/transition.hpp"

#include <doctest/doctest.h>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

constexpr std::string_view cut_off = "says resolved, but alerts that max_alerts cut off may still fire";
constexpr std::string_view unread = "says resolved, but alerts that could not be read may still fire";

}  // namespace

TEST_CASE("transition: an alert's own status decides") {
    Sample s;
    s.firing({});
    s.resolved({});
    const TransitionPolicy transition;
    for (Status status : {Status::firing, Status::resolved}) {
        s.group.status = status;
        CHECK(transition(s.one(0), s.arena) == Decision{Transition::trigger});
        CHECK(transition(s.one(1), s.arena) == Decision{Transition::resolve});
    }
    s.group.truncated_alerts = 3;
    CHECK(transition(s.one(1), s.arena) == Decision{Transition::resolve});
}

TEST_CASE("transition: a group triggers while an alert is firing") {
    Sample s;
    s.resolved({});
    s.firing({});
    const TransitionPolicy transition;
    for (Status status : {Status::firing, Status::resolved}) {
        s.group.status = status;
        CHECK(transition(s.whole(), s.arena) == Decision{Transition::trigger});
    }
}

TEST_CASE("transition: a group resolves only if no alert can be firing") {
    Sample s;
    s.resolved({});
    s.resolved({});
    s.group.status = Status::resolved;
    const TransitionPolicy transition;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    s.group.truncated_alerts = 3;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, cut_off});
    s.group.truncated_alerts = 0;
    s.group.incomplete = true;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, unread});
}

TEST_CASE("transition: a group with status firing and only resolved alerts") {
    Sample s;
    s.resolved({});
    s.group.status = Status::firing;
    const TransitionPolicy transition;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, "says firing, but all its alerts are resolved"});
    s.group.truncated_alerts = 1;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::trigger});
}

TEST_CASE("transition: a group without alerts uses its own status") {
    Sample s;
    const TransitionPolicy transition;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::trigger});
    s.group.status = Status::resolved;
    s.group.group_key = "{}:{}";
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    s.group.incomplete = true;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, unread});
}

TEST_CASE("transition: by endsAt") {
    Sample s;
    s.firing({}).ends_at = *parse_timestamp("2026-01-01T00:00:00Z");
    s.resolved({}).ends_at = *parse_timestamp("0001-01-01T00:00:00Z");
    TransitionPolicy transition;
    transition.by = TransitionPolicy::By::ends_at;
    CHECK(transition(s.one(0), s.arena) == Decision{Transition::resolve});
    CHECK(transition(s.one(1), s.arena) == Decision{Transition::trigger});
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::trigger});
    s.alert(1).ends_at = s.alert(0).ends_at;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    s.group.truncated_alerts = 1;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, cut_off});
    Sample empty;
    empty.group.status = Status::resolved;
    CHECK(transition(empty.whole(), empty.arena) == Decision{Transition::trigger});
}

TEST_CASE("transition: override in members, annotations and labels, of the alert before those of the group") {
    Sample s;
    s.firing({});
    TransitionPolicy transition;
    transition.override_key = "rootly_alert_status";
    CHECK(transition(s.one(), s.arena) == Decision{Transition::trigger});
    s.group.common_labels = s.set({{"rootly_alert_status", "resolved"}});
    CHECK(transition(s.one(), s.arena) == Decision{Transition::resolve});
    s.group.common_annotations = s.set({{"rootly_alert_status", "open"}});
    CHECK(transition(s.one(), s.arena) == Decision{Transition::trigger, {}, false});
    s.group.extra = s.extra({{"rootly_alert_status", "\"RESOLVED\"", "RESOLVED"}});
    CHECK(transition(s.one(), s.arena) == Decision{Transition::resolve});
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    s.alert(0).labels = s.set({{"rootly_alert_status", "triggered"}});
    CHECK(transition(s.one(), s.arena) == Decision{Transition::trigger});
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    s.alert(0).annotations = s.set({{"rootly_alert_status", " Acknowledged "}});
    CHECK(transition(s.one(), s.arena) == Decision{Transition::acknowledge, {}});
    s.alert(0).extra = s.extra({{"rootly_alert_status", "\"resolved\"", "resolved"}});
    CHECK(transition(s.one(), s.arena) == Decision{Transition::resolve});
    transition.override_key.clear();
    CHECK(transition(s.one(), s.arena) == Decision{Transition::trigger});
}

TEST_CASE("transition: other words are not overrides") {
    Sample s;
    s.resolved({}, {{"rootly_alert_status", "resolving"}});
    s.group.extra = s.extra({{"rootly_alert_status", "null", ""}});
    TransitionPolicy transition;
    transition.override_key = "rootly_alert_status";
    CHECK(transition(s.one(), s.arena) == Decision{Transition::resolve});
    s.alert(0).status = Status::firing;
    CHECK(transition(s.one(), s.arena) == Decision{Transition::trigger});
}

TEST_CASE("transition: an override also decides for a truncated group") {
    Sample s;
    s.resolved({});
    s.group.status = Status::resolved;
    s.group.truncated_alerts = 1;
    s.group.extra = s.extra({{"rootly_alert_status", "\"resolved\"", "resolved"}});
    TransitionPolicy transition;
    transition.override_key = "rootly_alert_status";
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
}

TEST_CASE("transition: user function") {
    Sample s;
    s.firing({});
    TransitionPolicy transition;
    transition.function = [](const Subject&, Arena&) { return Decision{Transition::ignore, "at night"}; };
    CHECK(transition(s.one(), s.arena) == Decision{Transition::ignore, "at night"});
}

TEST_CASE("transition: open opens without paging") {
    Sample s;
    s.firing({}, {{"rootly_alert_status", " Open "}});
    s.resolved({});
    TransitionPolicy transition;
    transition.override_key = "rootly_alert_status";
    CHECK(transition(s.one(0), s.arena) == Decision{Transition::trigger, {}, false});
    CHECK(transition(s.one(1), s.arena) == Decision{Transition::resolve, {}, true});
    s.group.common_annotations = s.set({{"rootly_alert_status", "open"}});
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::trigger, {}, false});
}

TEST_CASE("transition: a truncated group resolves if notification_reason proves it") {
    Sample s;
    s.resolved({});
    s.group.status = Status::resolved;
    s.group.truncated_alerts = 3;
    const TransitionPolicy transition;
    s.group.notification_reason = "some alerts resolved";
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, cut_off});
    s.group.notification_reason = "all alerts resolved";
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    CHECK(transition(unlisted(s.group), s.arena) == Decision{Transition::resolve});
    s.group.incomplete = true;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::ignore, unread});
}

TEST_CASE("transition: a resolve without a group is ignored") {
    constexpr Decision nameless = {Transition::ignore, "says resolved, but not which group"};
    Sample s;
    s.group.status = Status::resolved;
    const TransitionPolicy transition;
    CHECK(transition(s.whole(), s.arena) == nameless);
    CHECK(transition(unlisted(s.group), s.arena) == nameless);
    s.group.status = Status::firing;
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::trigger});
    s.group.status = Status::resolved;
    s.group.common_labels = s.set({{"alertname", "A"}});
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
    s.group.common_labels = {};
    s.group.group_key = "{}:{}";
    CHECK(transition(s.whole(), s.arena) == Decision{Transition::resolve});
}

TEST_CASE("transition: unlisted alerts trigger while there may be any, and resolve when all are listed") {
    Sample s;
    s.firing({});
    s.group.group_key = "{}:{}";
    const TransitionPolicy transition;
    CHECK(transition(unlisted(s.group), s.arena) == Decision{Transition::resolve});
    s.group.truncated_alerts = 3;
    CHECK(transition(unlisted(s.group), s.arena) == Decision{Transition::trigger});
    s.group.status = Status::resolved;
    CHECK(transition(unlisted(s.group), s.arena) == Decision{Transition::ignore, cut_off});
    s.group.truncated_alerts = 0;
    s.group.incomplete = true;
    s.group.unreadable_alerts = 1;
    CHECK(transition(unlisted(s.group), s.arena) == Decision{Transition::ignore, unread});
    s.group.status = Status::firing;
    CHECK(transition(unlisted(s.group), s.arena) == Decision{Transition::trigger});
}
