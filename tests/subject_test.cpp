#include "alertmap/subject.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

using namespace alertmap;

namespace {
constexpr std::array<Label, 1> common{{{"job", "node"}}};
constexpr std::array<Label, 1> first{{{"instance", "a"}}};
constexpr std::array<Label, 1> note{{{"summary", "down"}}};

struct Example {
    std::array<Alert, 2> alerts{};
    AlertGroup group;
    Example() {
        alerts[0].labels = {first.data(), 1};
        alerts[0].annotations = {note.data(), 1};
        alerts[1].status = Status::resolved;
        group.alerts = alerts;
        group.status = Status::firing;
        group.common_labels = {common.data(), 1};
    }
};
}  // namespace

TEST_CASE("subjects: one per alert, in order") {
    const Example example;
    const Subjects all = subjects(example.group, FanOut::per_alert);
    CHECK(all.size() == 2);
    std::size_t i = 0;
    for (const Subject subject : all) {
        CHECK(subject.group == &example.group);
        CHECK(subject.alert == &example.alerts[i++]);
    }
    CHECK(i == 2);
    const Subject one = *all.begin();
    CHECK(one.labels().get("instance") == "a");
    CHECK(one.annotations().get("summary") == "down");
    CHECK(one.status() == Status::firing);
    CHECK((*++all.begin()).status() == Status::resolved);
}

TEST_CASE("subjects: one per group") {
    const Example example;
    const Subjects all = subjects(example.group, FanOut::per_group);
    CHECK(all.size() == 1);
    auto at = all.begin();
    const Subject subject = *at++;
    CHECK(at == all.end());
    CHECK(subject.group == &example.group);
    CHECK(subject.alert == nullptr);
    CHECK(subject.labels().get("job") == "node");
    CHECK_FALSE(subject.annotations().present());
    CHECK(subject.status() == Status::firing);
    CHECK(subject.alerts().data() == example.group.alerts.data());
    CHECK(subject.alerts().size() == example.group.alerts.size());
    const Subject alert{&example.group, &example.group.alerts[1]};
    CHECK(alert.alerts().data() == &example.group.alerts[1]);
    CHECK(alert.alerts().size() == 1);
}

TEST_CASE("subjects: a group without alerts") {
    const AlertGroup group;
    CHECK(subjects(group, FanOut::per_alert).size() == 0);
    CHECK(subjects(group, FanOut::per_alert).begin() == subjects(group, FanOut::per_alert).end());
    CHECK(subjects(group, FanOut::per_group).size() == 1);
    CHECK((*subjects(group, FanOut::per_group).begin()).alert == nullptr);
}

TEST_CASE("subjects: unlisted alerts, if no alert is readable or if requested") {
    const std::array<Alert, 2> alerts;
    struct Case {
        std::size_t alerts;
        std::uint64_t truncated;
        bool incomplete;
        std::uint64_t unreadable;
        bool per_alert;
        bool and_unlisted;
    };
    const Case cases[] = {
        {0, 0, false, 0, false, false},  // a test tool's list without alerts
        {0, 0, true, 0, true, true},     // no list
        {0, 0, true, 3, true, true},     // no alert in the list is readable
        {0, 5, false, 0, true, true},    // all are truncated
        {2, 0, false, 0, false, false},  //
        {2, 5, false, 0, false, true},   //
        {2, 0, true, 1, false, true},    // one is unreadable
        {2, 0, true, 0, false, false},   // a value of one is unreadable
    };
    for (const Case& one : cases) {
        AlertGroup group;
        group.alerts = std::span(alerts).first(one.alerts);
        group.truncated_alerts = one.truncated;
        group.incomplete = one.incomplete;
        group.unreadable_alerts = one.unreadable;
        CAPTURE(&one - cases);
        for (const Status status : {Status::firing, Status::resolved}) {
            group.status = status;
            const auto unlisted_of = [&](FanOut fan_out) {
                std::size_t count = 0;
                std::size_t last = 0;
                std::size_t i = 0;
                for (const Subject subject : subjects(group, fan_out)) {
                    ++i;
                    CHECK(subject.unlisted == (subject.alert == nullptr));
                    if (!subject.unlisted) continue;
                    ++count;
                    last = i;
                }
                CHECK(i == one.alerts + count);
                CHECK(i == subjects(group, fan_out).size());
                CHECK((count == 0 || last == i));
                return count;
            };
            CHECK(unlisted_of(FanOut::per_alert) == (one.per_alert ? 1 : 0));
            CHECK(unlisted_of(FanOut::per_alert_and_unlisted) == (one.and_unlisted ? 1 : 0));
            CHECK(subjects(group, FanOut::per_group).size() == 1);
            CHECK_FALSE((*subjects(group, FanOut::per_group).begin()).unlisted);
        }
    }
    const AlertGroup group;
    CHECK(unlisted(group).group == &group);
    CHECK(unlisted(group).unlisted);
}

TEST_CASE("subjects: names of FanOut") {
    CHECK(name(FanOut::per_alert) == "alert");
    CHECK(name(FanOut::per_group) == "group");
    CHECK(name(FanOut::per_alert_and_unlisted) == "alert+unlisted");
}
