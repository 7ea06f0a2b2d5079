#include "alertmap/detail/members.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/parser.hpp"
#include "support/describe.hpp"

using namespace alertmap;

namespace {

constexpr std::array<Label, 1> some_labels{{{"a", "b"}}};
const std::array<Alert, 1> some_alerts{};

void set(Status& status) { status = Status::resolved; }
void set(Text& text) { text = "17"; }
void set(Labels& labels) { labels = {some_labels.data(), some_labels.size()}; }
void set(Timestamp& time) { time = *parse_timestamp("2026-01-15T10:30:00Z"); }
void set(std::uint64_t& number) { number = 17; }
void set(ArrayView<Alert>& alerts) { alerts = some_alerts; }

/// Calls `check(value, name)` with values that differ from an empty one in one member each; returns the number of calls.
template <class Value, class Check>
std::size_t each_with_one_member(Check check) {
    std::size_t count = 0;
    Value all;
    detail::each_member(all, [&](std::string_view, auto&, detail::Written) { ++count; });
    for (std::size_t wanted = 0; wanted < count; ++wanted) {
        Value value;
        std::string_view name;
        std::size_t at = 0;
        detail::each_member(value, [&](std::string_view member_name, auto& member, detail::Written) {
            if (at++ != wanted) return;
            set(member);
            name = member_name;
        });
        check(std::as_const(value), name);
    }
    return count;
}

std::string body_of(const AlertGroup& group) {
    Buffer out;
    write_group(group, out);
    return std::string(out.view());
}

}  // namespace

TEST_CASE("members: each member of a group is compared, described, copied, written and read") {
    const std::size_t count = each_with_one_member<AlertGroup>([](const AlertGroup& group, std::string_view name) {
        CAPTURE(name);
        CHECK_FALSE(group == AlertGroup{});
        CHECK(test::describe(group) != test::describe(AlertGroup{}));
        const Result<OwnedAlertGroup> copy = OwnedAlertGroup::copy(group);
        REQUIRE(copy);
        CHECK(**copy == group);
        CHECK(test::describe(**copy) == test::describe(group));

        const std::string body = body_of(group);
        CHECK(body != body_of({}));
        CHECK(body.find("\"" + std::string(name) + "\":") != std::string::npos);
        Parser parser;
        const Result<AlertGroup> read = parser.parse(body);
        REQUIRE(read);
        CHECK(read->extra.empty());
        CHECK(body_of(*read) == body);
    });
    CHECK(count == 12);
}

TEST_CASE("members: each member of an alert is compared, described, copied, written and read") {
    const std::size_t count = each_with_one_member<Alert>([](const Alert& alert, std::string_view name) {
        CAPTURE(name);
        CHECK_FALSE(alert == Alert{});
        CHECK(test::describe(alert) != test::describe(Alert{}));
        AlertGroup group;
        group.alerts = {&alert, 1};
        const Result<OwnedAlertGroup> copy = OwnedAlertGroup::copy(group);
        REQUIRE(copy);
        CHECK(**copy == group);
        CHECK(test::describe(**copy) == test::describe(group));

        const std::string body = body_of(group);
        AlertGroup empty;
        empty.alerts = some_alerts;
        CHECK(body != body_of(empty));
        CHECK(body.find("\"" + std::string(name) + "\":") != std::string::npos);
        Parser parser;
        const Result<AlertGroup> read = parser.parse(body);
        REQUIRE(read);
        REQUIRE(read->alerts.size() == 1);
        CHECK(read->alerts[0].extra.empty());
        CHECK(body_of(*read) == body);
    });
    CHECK(count == 7);
}

TEST_CASE("members: in Alertmanager's order, which is that of the structs") {
    AlertGroup group;
    const char* previous = reinterpret_cast<const char*>(&group);
    bool first = true;
    detail::each_member(group, [&](std::string_view name, auto& member, detail::Written) {
        CAPTURE(name);
        const char* const at = reinterpret_cast<const char*>(&member);
        CHECK((first || at > previous));
        previous = at;
        first = false;
    });
}
