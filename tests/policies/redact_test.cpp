#include "alertmap/policies/redact.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <type_traits>

#include "../../src/event_texts.hpp"
#include "alertmap/detail/members.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/identity.hpp"
#include "alertmap/mapper.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

Mapping hides_token() {
    Mapping mapping;
    mapping.redact.names = {"token", "secret_*"};
    return mapping;
}

}  // namespace

TEST_CASE("redact: no text of the event contains the value of a redacted label") {
    Sample s;
    s.firing({{"alertname", "A"}, {"token", "hunter2"}, {"other", "x-hunter2-y"}}, {{"summary", "login with hunter2 failed"},
                                                                                    {"description", "hunter2hunter2 and s3cr3t!"},
                                                                                    {"secret_note", "s3cr3t!"},
                                                                                    {"runbook_url", "https://wiki/?t=s3cr3t%21"}});
    s.alert(0).generator_url = "http://prom/graph?g0.expr=up%7Btoken%3D%22%68unter2%22%7D";
    s.group.external_url = "http://am";
    s.group.group_key = "{}:{token=\"hunter2\"}";
    Mapping mapping = hides_token();
    mapping.source = {label("token")};
    mapping.external_id.from = {label("token")};
    const Mapper map(mapping);
    const Event event = map(s.one(), s.arena);
    CHECK(event.summary == "login with [redacted] failed");
    CHECK(event.description == "[redacted][redacted] and [redacted]");
    CHECK(event.url.empty());
    CHECK(event.runbook_url.empty());
    CHECK(event.client_url == "http://am");
    CHECK(event.source == "[redacted]");
    CHECK(event.labels.get("alertname") == "A");
    CHECK(event.labels.get("token") == "[redacted]");
    CHECK(event.labels.get("other") == "x-[redacted]-y");
    CHECK(event.external_id == sha256_hex("hunter2", s.arena));
    CHECK(event.group_key == sha256_hex(s.group.group_key, s.arena));
}

TEST_CASE("redact: a short value is replaced as a whole word only; an empty one never") {
    Sample s;
    s.firing({{"alertname", "A"}, {"token", "1"}, {"secret_x", ""}}, {{"summary", "1 of 100 (1)"}});
    const Mapper map(hides_token());
    CHECK(map(s.one(), s.arena).summary == "[redacted] of 100 ([redacted])");
}

TEST_CASE("redact: other texts are not copied") {
    Sample s;
    s.firing({{"alertname", "A"}}, {{"summary", "fine"}});
    const Mapper map(hides_token());
    const Event event = map(s.one(), s.arena);
    CHECK(event.labels.begin() == s.alert(0).labels.begin());
    CHECK(event.summary.data() == s.alert(0).annotations.get("summary").data());
}

TEST_CASE("redact: a group's texts contain no values of any alert") {
    Sample s;
    s.firing({{"alertname", "A"}, {"token", "hunter2"}}, {{"summary", "one hunter2"}});
    s.firing({{"alertname", "A"}, {"token", "hunter3"}}, {{"summary", "two hunter3"}});
    s.group.common_labels = s.set({{"alertname", "A"}});
    const Mapper map(hides_token());
    CHECK(map(s.whole(), s.arena).description.find("hunter") == std::string_view::npos);
}

TEST_CASE("redact: filtered() for forwards") {
    Sample s;
    s.firing({{"alertname", "A"}, {"token", "hunter2"}, {"pod", "p"}}, {{"summary", "with hunter2"}});
    s.group.group_key = "{}:{token=\"hunter2\"}";
    s.group.group_labels = s.set({{"token", "hunter2"}});
    s.group.extra = s.extra({{"debug", "\"hunter2\"", "hunter2"}, {"orgId", "1", "1"}});
    Mapping mapping = hides_token();
    mapping.labels.exclude = {"po?"};
    const AlertGroup group = filtered(s.group, mapping, s.arena);
    REQUIRE(group.alerts.size() == 1);
    CHECK(group.alerts[0].labels.size() == 2);
    CHECK(group.alerts[0].labels.get("token") == "[redacted]");
    CHECK(group.alerts[0].annotations.get("summary") == "with [redacted]");
    CHECK(group.alerts[0].fingerprint == fingerprint(s.alert(0).labels, s.arena));  // of the unfiltered alert
    CHECK(group.extra.size() == 1);
    Buffer out;
    REQUIRE(forward::Alertmanager{}.write(group, out));
    CHECK(out.view().find("hunter2") == std::string_view::npos);
    CHECK(out.view().find("\"pod\"") == std::string_view::npos);

    // Nothing to filter: unchanged.
    CHECK(filtered(s.group, Mapping{}, s.arena).alerts.data() == s.group.alerts.data());
}

TEST_CASE("redact: each text of an event, and each text of a group for forwards") {
    Sample s;
    s.firing({{"alertname", "A"}, {"token", "hunter2"}});
    const Mapping mapping = hides_token();
    for (const detail::EventText& text : detail::event_texts) {
        CAPTURE(text.name);
        Event event;
        event.*text.member = "https://h.example.test/?t=hunter2";
        mapping.redact(event, s.one(), s.arena);
        const bool is_left = (event.*text.member).find("hunter2") != std::string_view::npos;
        CHECK(is_left == (text.use == detail::TextUse::own));
    }
    const auto each_text = [](auto& owner, auto visit) {
        detail::each_member(owner, [&](std::string_view name, auto& member, detail::Written) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, Text>) visit(name, member);
        });
    };
    std::size_t left = 0;
    each_text(s.group, [](std::string_view, Text& text) { text = "https://h.example.test/?t=hunter2"; });
    each_text(s.alert(0), [](std::string_view, Text& text) { text = "https://h.example.test/?t=hunter2"; });
    const AlertGroup group = filtered(s.group, mapping, s.arena);
    const auto count_left = [&](std::string_view name, Text text) {
        if (text.find("hunter2") == std::string_view::npos) return;
        CAPTURE(name);
        // Not made of labels.
        CHECK((name == "receiver" || name == "notification_reason" || name == "version"));
        ++left;
    };
    each_text(group, count_left);
    each_text(group.alerts[0], count_left);
    CHECK(left == 3);
}
