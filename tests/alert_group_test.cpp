#include "alertmap/alert_group.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace alertmap;

namespace {
Alert with_status(Status status) {
    Alert alert;
    alert.status = status;
    return alert;
}
}  // namespace

TEST_CASE("alert group: a default-constructed alert is firing and has no fields") {
    const AlertGroup group;
    CHECK(group.status == Status::firing);
    CHECK(group.alerts.empty());
    CHECK(group.receiver.data() == nullptr);
    CHECK(group.group_key.data() == nullptr);
    CHECK_FALSE(group.common_labels.present());
    CHECK_FALSE(group.incomplete);
    const Alert alert;
    CHECK(alert.status == Status::firing);
    CHECK_FALSE(alert.starts_at);
    CHECK(alert.starts_at.text.data() == nullptr);
    CHECK(alert.fingerprint.data() == nullptr);
}

TEST_CASE("alert group: fully resolved only if no alert can still be firing") {
    std::array<Alert, 2> alerts{with_status(Status::resolved), with_status(Status::resolved)};
    AlertGroup group;
    group.status = Status::resolved;
    group.alerts = alerts;
    CHECK(fully_resolved(group));

    SUBCASE("the message's status is firing") { group.status = Status::firing; }
    SUBCASE("an alert fires") { alerts[1].status = Status::firing; }
    SUBCASE("truncated") { group.truncated_alerts = 1; }
    SUBCASE("unreadable alerts") { group.incomplete = true; }
    const bool changed =
        group.status == Status::firing || alerts[1].status == Status::firing || group.truncated_alerts != 0 || group.incomplete;
    CHECK(fully_resolved(group) == !changed);
}

TEST_CASE("alert group: notification_reason proves that truncated alerts are resolved") {
    std::array<Alert, 2> alerts{with_status(Status::resolved), with_status(Status::resolved)};
    AlertGroup group;
    group.status = Status::resolved;
    group.alerts = alerts;
    group.truncated_alerts = 3;
    for (const std::string_view reason : {"", "some alerts resolved", "new alerts added", "first notification", "repeat interval elapsed",
                                          "unknown", "none", "All alerts resolved"}) {
        CAPTURE(reason);
        group.notification_reason = reason;
        CHECK_FALSE(fully_resolved(group));
        CHECK(has_unlisted_alerts(group));
    }
    group.notification_reason = "all alerts resolved";
    CHECK(fully_resolved(group));
    CHECK_FALSE(has_unlisted_alerts(group));
    group.incomplete = true;
    CHECK_FALSE(fully_resolved(group));
    group.incomplete = false;
    alerts[1].status = Status::firing;
    CHECK_FALSE(fully_resolved(group));
    alerts[1].status = Status::resolved;
    group.status = Status::firing;
    CHECK_FALSE(fully_resolved(group));
    CHECK(has_unlisted_alerts(group));
}

TEST_CASE("alert group: firing() and resolved() keep the order") {
    const std::array<Alert, 5> alerts{with_status(Status::resolved), with_status(Status::firing), with_status(Status::firing),
                                      with_status(Status::resolved), with_status(Status::firing)};
    AlertGroup group;
    group.alerts = alerts;
    CHECK(firing(group).size() == 3);
    CHECK(resolved(group).size() == 2);
    auto at = firing(group).begin();
    CHECK(&*at == &alerts[1]);
    CHECK(&*++at == &alerts[2]);
    CHECK(&*at++ == &alerts[2]);
    CHECK(at->status == Status::firing);
    CHECK(&*at == &alerts[4]);
    CHECK(++at == firing(group).end());
    auto other = resolved(group).begin();
    CHECK(&*other == &alerts[0]);
    CHECK(&*++other == &alerts[3]);
    CHECK(++other == resolved(group).end());
}

TEST_CASE("alert group: no alert has the status") {
    const std::array<Alert, 1> alerts{with_status(Status::firing)};
    AlertGroup group;
    CHECK(firing(group).empty());
    CHECK(firing(group).begin() == firing(group).end());
    group.alerts = alerts;
    CHECK_FALSE(firing(group).empty());
    CHECK(resolved(group).empty());
    CHECK(resolved(group).size() == 0);
}

TEST_CASE("extra members: for duplicate names the last one wins") {
    const std::array<ExtraMember, 3> members{{{"orgId", "1", "1"}, {"title", "\"a\"", "a"}, {"orgId", "2", "2"}}};
    const ExtraMembers fields(members.data(), members.size());
    CHECK(fields.size() == 3);
    CHECK(fields.find("orgId") == &members[2]);
    CHECK(fields.text("title") == "a");
    CHECK(fields.find("nope") == nullptr);
    CHECK(fields.text("nope").data() == nullptr);
    CHECK(fields[1].json == "\"a\"");
    CHECK(fields.end() - fields.begin() == 3);
    CHECK(ExtraMembers().empty());
    CHECK(ExtraMembers().find("x") == nullptr);
}

TEST_CASE("status: name") {
    CHECK(name(Status::firing) == "firing");
    CHECK(name(Status::resolved) == "resolved");
}
