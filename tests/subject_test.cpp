#include "alertmap/subject.hpp"

#include <doctest/doctest.h>

#include <array>

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

TEST_CASE("subjects: one for each alert, in order") {
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

TEST_CASE("subjects: one for the group") {
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
}

TEST_CASE("subjects: a group without alerts has none, and is one") {
    const AlertGroup group;
    CHECK(subjects(group, FanOut::per_alert).size() == 0);
    CHECK(subjects(group, FanOut::per_alert).begin() == subjects(group, FanOut::per_alert).end());
    CHECK(subjects(group, FanOut::per_group).size() == 1);
    CHECK((*subjects(group, FanOut::per_group).begin()).alert == nullptr);
}

TEST_CASE("subjects: names of the two ways") {
    CHECK(name(FanOut::per_alert) == "alert");
    CHECK(name(FanOut::per_group) == "group");
}
