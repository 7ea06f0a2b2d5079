#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <ranges>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <vector>

#include "../src/event_texts.hpp"
#include "../src/member_count.hpp"
#include "alertmap/alertmap.hpp"
#include "alertmap/forwards/alertmanager.hpp"

// Requirements for value types: comparison, hash, stream output, ranges.

using namespace alertmap;

namespace {

template <class T>
std::string streamed(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

Timestamp time_of(std::string_view text) {
    const auto time = parse_timestamp(text);
    REQUIRE(time);
    return *time;
}

Alert alert(Text fingerprint, Status status = Status::firing) {
    Alert alert;
    alert.status = status;
    alert.fingerprint = fingerprint;
    return alert;
}

const Label ab[] = {{"a", "1"}, {"b", "2"}};
const Label ba[] = {{"b", "2"}, {"a", "1"}};

template <class Range>
constexpr bool is_borrowed_view = std::ranges::view<Range>&& std::ranges::borrowed_range<Range>&& std::ranges::forward_range<Range>;

static_assert(is_borrowed_view<Labels> && std::ranges::contiguous_range<Labels> && std::ranges::sized_range<Labels>);
static_assert(is_borrowed_view<ExtraMembers> && std::ranges::contiguous_range<ExtraMembers>);
static_assert(is_borrowed_view<AlertsWithStatus> && std::ranges::common_range<AlertsWithStatus>);
static_assert(is_borrowed_view<Subjects> && std::ranges::sized_range<Subjects>);
static_assert(is_borrowed_view<Split> && std::ranges::sized_range<Split>);
static_assert(std::ranges::contiguous_range<Text> && std::is_trivially_copyable_v<Text>);

}  // namespace

TEST_CASE("value types: times are equal if they are the same point in time") {
    CHECK(time_of("2026-01-15T10:00:00Z") == time_of("2026-01-15T11:00:00+01:00"));
    CHECK(time_of("2026-01-15T10:00:00Z") != time_of("2026-01-15T10:00:00.000000001Z"));
    CHECK(time_of("2026-01-15T10:00:00Z") < time_of("2026-01-15T10:00:00.000000001Z"));
    CHECK(time_of("2026-01-15T10:00:00Z") < time_of("2026-01-15T10:00:01Z"));
    CHECK(Timestamp{} < time_of("1500-01-01T00:00:00Z"));
    CHECK(Timestamp{} == time_of("0001-01-01T00:00:00Z"));
    const std::hash<Timestamp> hash;
    CHECK(hash(time_of("2026-01-15T10:00:00Z")) == hash(time_of("2026-01-15T11:00:00+01:00")));
    CHECK(hash(time_of("2026-01-15T10:00:00Z")) != hash(time_of("2026-01-15T10:00:00.5Z")));
    CHECK(hash(Timestamp{}) == hash(time_of("0001-01-01T00:00:00Z")));
}

TEST_CASE("value types: label sets compare and hash as sets") {
    CHECK(Labels(ab, 2) == Labels(ba, 2));
    CHECK(std::hash<Labels>{}({ab, 2}) == std::hash<Labels>{}({ba, 2}));
    CHECK(Labels(ab, 2) != Labels(ab, 1));
    CHECK(Labels() == Labels(ab, 0));
    const std::unordered_set<Text> names{"a", "b", "a"};
    CHECK(names.size() == 2);
    CHECK(names.contains("b"));
}

TEST_CASE("value types: alerts: each member is compared") {
    const ExtraMember extra[] = {{"x", "1", "1"}};
    const Alert all{.status = Status::resolved,
                    .labels = {ab, 2},
                    .annotations = {ab, 1},
                    .starts_at = time_of("2026-01-15T10:00:00Z"),
                    .ends_at = time_of("2026-01-15T11:00:00Z"),
                    .generator_url = "http://a.example.test",
                    .fingerprint = "0123456789abcdef",
                    .extra = {extra, 1}};
    Alert same = all;
    same.labels = {ba, 2};
    same.starts_at = time_of("2026-01-15T11:00:00+01:00");
    CHECK(same == all);
    const auto differs = [&](auto change) {
        Alert other = all;
        change(other);
        return other != all;
    };
    CHECK(differs([](Alert& alert) { alert.status = Status::firing; }));
    CHECK(differs([](Alert& alert) { alert.labels = {ab, 1}; }));
    CHECK(differs([](Alert& alert) { alert.annotations = {}; }));
    CHECK(differs([](Alert& alert) { alert.starts_at = {}; }));
    CHECK(differs([](Alert& alert) { alert.ends_at = {}; }));
    CHECK(differs([](Alert& alert) { alert.generator_url = {}; }));
    CHECK(differs([](Alert& alert) { alert.fingerprint = "1"; }));
    CHECK(differs([](Alert& alert) { alert.extra = {}; }));
}

TEST_CASE("value types: groups: each member is compared") {
    const Alert alerts[2] = {alert("a"), alert("b")};
    const Alert copies[2] = {alert("a"), alert("b")};
    const ExtraMember extra[] = {{"x", "1", "1"}};
    AlertGroup all;
    all.alerts = alerts;
    AlertGroup same = all;
    same.alerts = copies;
    CHECK(same == all);
    const auto differs = [&](auto change) {
        AlertGroup other = all;
        change(other);
        return other != all && other == other;
    };
    CHECK(differs([](AlertGroup& group) { group.receiver = "r"; }));
    CHECK(differs([](AlertGroup& group) { group.status = Status::resolved; }));
    CHECK(differs([](AlertGroup& group) { group.alerts = group.alerts.first(1); }));
    CHECK(differs([](AlertGroup& group) { group.notification_reason = "n"; }));
    CHECK(differs([](AlertGroup& group) { group.group_labels = {ab, 1}; }));
    CHECK(differs([](AlertGroup& group) { group.common_labels = {ab, 1}; }));
    CHECK(differs([](AlertGroup& group) { group.common_annotations = {ab, 1}; }));
    CHECK(differs([](AlertGroup& group) { group.route_labels = {ab, 1}; }));
    CHECK(differs([](AlertGroup& group) { group.external_url = "u"; }));
    CHECK(differs([](AlertGroup& group) { group.version = "4"; }));
    CHECK(differs([](AlertGroup& group) { group.group_key = "k"; }));
    CHECK(differs([](AlertGroup& group) { group.truncated_alerts = 1; }));
    CHECK(differs([&](AlertGroup& group) { group.extra = {extra, 1}; }));
    CHECK(differs([](AlertGroup& group) { group.incomplete = true; }));
    CHECK(differs([](AlertGroup& group) { group.unreadable_alerts = 1; }));
}

TEST_CASE("value types: events: each member is compared") {
    const NotifyTarget notify[] = {{"User", "1"}};
    const EventMember members[] = {{"a", {}, {}, Status::firing}};
    const Event all;
    int changes = 0;
    const auto differs = [&](auto change) {
        Event other = all;
        change(other);
        ++changes;
        return other != all && other == other;
    };
    CHECK(differs([](Event& event) { event.transition = Transition::resolve; }));
    CHECK(differs([](Event& event) { event.severity = Severity::info; }));
    for (const detail::EventText& text : detail::event_texts) {
        CHECK(differs([&](Event& event) { event.*text.member = "x"; }));
    }
    CHECK(differs([](Event& event) { event.starts_at = time_of("2026-01-15T10:00:00Z"); }));
    CHECK(differs([](Event& event) { event.ends_at = time_of("2026-01-15T10:00:00Z"); }));
    CHECK(differs([](Event& event) { event.labels = {ab, 1}; }));
    CHECK(differs([&](Event& event) { event.notify = notify; }));
    CHECK(differs([](Event& event) { event.firing = 1; }));
    CHECK(differs([](Event& event) { event.resolved = 1; }));
    CHECK(differs([&](Event& event) { event.members = members; }));
    CHECK(differs([](Event& event) { event.complete = false; }));
    CHECK(differs([](Event& event) { event.unlisted = true; }));
    CHECK(differs([](Event& event) { event.page = false; }));
    CHECK(differs([](Event& event) { event.heartbeat = true; }));
    CHECK(changes == detail::member_count<Event>());
}

TEST_CASE("value types: requests and warnings") {
    const Request request{"POST", "https://a.example.test", {{"Authorization", "Bearer t", true}}, "{}", {}};
    Request other = request;
    CHECK(other == request);
    other.headers[0].value = "Bearer u";
    CHECK(other != request);
    CHECK(Warning{Errc::invalid_time, 4, 0, "startsAt", {}} == Warning{Errc::invalid_time, 4, 0, "startsAt", {}});
    CHECK(Warning{Errc::invalid_time, 4, 0, "startsAt", {}} != Warning{Errc::invalid_time, 5, 0, "startsAt", {}});
}

TEST_CASE("value types: stream output") {
    CHECK(streamed(Status::firing) == "firing");
    CHECK(streamed(Severity::warning) == "warning");
    CHECK(streamed(Transition::acknowledge) == "acknowledge");
    CHECK(streamed(Errc::truncated_body) == "truncated_body");
    CHECK(streamed(Error{Errc::invalid_time, 412, "alerts[3].startsAt"}) == "alerts[3].startsAt: not a time (byte 412)");
    CHECK(streamed(time_of("2026-01-15T11:00:00+01:00")) == "2026-01-15T11:00:00+01:00");
    CHECK(streamed(Text("text")) == "text");
    CHECK(streamed(Labels(ab, 2)) == R"({a="1", b="2"})");
    CHECK(streamed(Labels()) == "{}");
    const Label odd[] = {{"a", "q\"b\\n\nend"}};
    CHECK(streamed(Labels(odd, 1)) == R"({a="q\"b\\n\nend"})");
    const Request request{"POST", "https://a.example.test", {{"Authorization", "Bearer s3cret", true}}, "{}", {}};
    CHECK(streamed(request) == to_string(request));
    CHECK(streamed(request).find("s3cret") == std::string::npos);
}

// No adaptors (`|`): clang 14 does not compile those of libstdc++ 12, for any range.
TEST_CASE("value types: views work with range algorithms, including temporaries") {
    const Alert alerts[3] = {alert("a"), alert("b", Status::resolved), alert("c")};
    AlertGroup group;
    group.alerts = alerts;
    std::string found;
    std::ranges::for_each(
        firing(group), [&](Text id) { found += id; }, &Alert::fingerprint);
    CHECK(found == "ac");
    CHECK(std::ranges::find(resolved(group), "b", &Alert::fingerprint)->fingerprint == "b");
    CHECK(std::ranges::count_if(Labels(ab, 2), [](const Label& label) { return label.value == "2"; }) == 1);
    CHECK(std::ranges::distance(subjects(group, FanOut::per_alert)) == 3);
    CHECK((*subjects(group, FanOut::per_alert).begin()).alert == &alerts[0]);
    std::size_t sizes = 0;
    std::ranges::for_each(split(group, 2), [&](const AlertGroup& part) { sizes = sizes * 10 + part.alerts.size(); });
    CHECK(sizes == 21);
    auto part = split(group, 2).begin();
    CHECK((*++part).alerts.size() == 1);
}
