#include "alertmap/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/forwards/any.hpp"
#include "alertmap/forwards/incident_io.hpp"
#include "alertmap/forwards/rootly.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "alertmap/targets/pagerduty.hpp"
#include "alertmap/targets/rootly.hpp"
#include "alertmap/targets/signl4.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

ExplainedMember member(const std::vector<ExplainedMember>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const ExplainedMember& one) { return one.member == name; });
    REQUIRE(found != all.end());
    return *found;
}

bool has(const std::vector<PayloadField>& fields, std::string_view member, std::string_view path, bool cut = false) {
    return std::any_of(fields.begin(), fields.end(),
                       [&](const PayloadField& one) { return one.member == member && one.path == path && one.cut == cut; });
}

}  // namespace

TEST_CASE("explain: each value has its source and the sources tried before") {
    Sample s;
    s.firing({{"alertname", "A"}, {"severity", "sev-banana"}}, {{"title", "full"}});
    s.alert(0).generator_url = "javascript:alert(1)";
    s.group.external_url = "http://am";
    const Mapper map(preset::recommended());
    const std::vector<ExplainedMember> all = explain(map, s.one(), s.arena);
    CHECK(member(all, "summary").value == "full");
    CHECK(member(all, "summary").from == "annotation:title");
    CHECK(member(all, "summary").reason == "summary.from[1]; nothing in annotation:summary");
    CHECK(member(all, "url").from == "external_url");
    CHECK(member(all, "url").reason == "url.from[1]; nothing in generator_url (no http or https URL)");
    CHECK(member(all, "severity").from == "label:severity");
    CHECK(member(all, "severity").reason == "severity.from[0]; an unknown word: severity.fallback");
    CHECK(member(all, "external_id").from == "fingerprint");
    CHECK(member(all, "description").from.empty());
    CHECK(member(all, "description").value.empty());
    CHECK(member(all, "transition").from == "status");
}

TEST_CASE("explain: overrides, hashed IDs and paging targets") {
    Sample s;
    s.firing({{"alertname", "A"}, {"team", "db"}}, {{"rootly_alert_status", "resolved"}});
    Mapping mapping = preset::rootly();
    mapping.external_id.max_length = 64;
    mapping.external_id.scope = {literal(std::string(80, 'x'))};
    mapping.notify.by = {label("team")};
    mapping.notify.table = {{"db", {{"User", "1"}}}};
    const std::vector<ExplainedMember> all = explain(Mapper(mapping), s.one(), s.arena);
    CHECK(member(all, "transition").value == "resolve");
    CHECK(member(all, "transition").reason == "transition.override_key");
    CHECK(member(all, "external_id").reason == "external_id.from[0]; external_id.scope; longer than external_id.max_length: its SHA-256");
    CHECK(member(all, "notify").value == "User 1");
    CHECK(member(all, "notify").reason == "notify.by[0]; notify.table");
}

TEST_CASE("payload_fields: fields and the members that they depend on") {
    const std::string long_summary(2'000, 'x');
    Sample s;
    s.firing({{"alertname", "A"}, {"instance", "n1"}, {"severity", "critical"}}, {{"summary", long_summary}});
    s.alert(0).fingerprint = "00000000000000aa";
    const Mapper map(preset::recommended());
    const Event event = map(s.one(), s.arena);
    target::PagerDuty pagerduty;
    pagerduty.routing_key = std::string(32, 'a');
    const std::vector<PayloadField> fields = payload_fields(AnyTarget(pagerduty), event);
    CHECK(has(fields, "summary", "payload.summary", true));
    CHECK(has(fields, "external_id", "dedup_key"));
    CHECK(has(fields, "severity", "payload.severity"));
    CHECK_FALSE(has(fields, "summary", "dedup_key"));
}

TEST_CASE("payload_fields: locations, times, labels and paging targets") {
    static constexpr NotifyTarget team[] = {{"Group", "g-1"}};
    static constexpr Label labels[] = {{"team", "db"}};
    Event event;
    event.external_id = "id";
    event.summary = "summary";
    event.location = "52.52,13.40";
    event.starts_at = *parse_timestamp("2026-03-04T05:06:07Z");
    event.ends_at = *parse_timestamp("2026-03-04T05:16:07Z");
    event.labels = {labels, 1};
    event.notify = team;
    target::Signl4 signl4;
    signl4.id = "secret";
    CHECK(has(payload_fields(AnyTarget(signl4), event), "location", "X-S4-Location"));
    target::RootlyApi rootly;
    rootly.token = "token";
    const std::vector<PayloadField> fields = payload_fields(AnyTarget(rootly), event);
    CHECK(has(fields, "starts_at", "data.attributes.started_at"));
    CHECK(has(fields, "labels", "data.attributes.labels[0].value"));
    CHECK(has(fields, "notify", "data.attributes.notification_target_type"));
    CHECK(has(fields, "notify", "data.attributes.notification_target_id"));
    CHECK(std::none_of(fields.begin(), fields.end(), [](const PayloadField& field) { return field.member == "location"; }));
}

namespace {

/// "path kind value (reason)", one line per change.
std::string changes_of(const AnyForward& forward, std::string_view body, const Mapping& mapping = {}) {
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    REQUIRE(group);
    std::string lines;
    for (const ForwardChange& change : forward_changes(forward, body, *group, mapping)) {
        constexpr std::string_view kinds[] = {"added", "changed", "left out"};
        lines.append(std::to_string(change.part)).append(" ").append(change.path).append(" ");
        lines.append(kinds[static_cast<std::size_t>(change.kind)]).append(" ").append(change.value);
        lines.append(" (").append(change.reason).append(")\n");
    }
    return lines;
}

constexpr std::string_view two_alerts =
    R"({"receiver":"r","status":"firing","alerts":[)"
    R"({"status":"resolved","labels":{"alertname":"A","n":"0"},"annotations":{},"startsAt":"2026-03-04T05:06:07Z",)"
    R"("endsAt":"2026-03-04T05:07:07Z","generatorURL":"","fingerprint":"a0"},)"
    R"({"status":"firing","labels":{"alertname":"A","n":"1"},"annotations":{},"startsAt":"2026-03-04T05:06:07Z",)"
    R"("endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"a1"}],)"
    R"("groupLabels":{"alertname":"A"},"commonLabels":{"alertname":"A"},"commonAnnotations":{},"externalURL":"http:\/\/am",)"
    R"("version":"4","groupKey":"k","truncatedAlerts":0})";

}  // namespace

TEST_CASE("forward_changes: path, value and reason") {
    CHECK(changes_of(forward::Rootly{}, two_alerts).empty());
    std::string resolved(two_alerts);
    resolved.replace(resolved.find("\"firing\""), 8, "\"resolved\"");
    CHECK(changes_of(forward::Rootly{}, resolved) == "0 rootly_alert_status added \"triggered\" (the receiver wants it)\n");
    CHECK(changes_of(forward::IncidentIo{}, resolved) ==
          "0 status changed \"firing\" (alerts of the group fire, or may fire without being listed)\n"
          "0 version changed \"1\" (as the receiver expects it)\n");
}

TEST_CASE("forward_changes: members added to another sender's message") {
    const std::string changes =
        changes_of(forward::Rootly{}, R"({"alerts":[{"status":"firing","labels":{"alertname":"A"},"startsAt":17}]})");
    for (const std::string_view line :
         {"0 alerts[0].startsAt changed \"17\" (as it was read: see the warnings)\n",
          "0 alerts[0].endsAt added \"0001-01-01T00:00:00Z\" (Alertmanager always writes it)\n",
          " (computed from the labels, as the sender gave none)\n", "0 groupKey added \"\" (Alertmanager always writes it)\n"}) {
        CAPTURE(line);
        CHECK(changes.find(line) != std::string::npos);
    }
}

TEST_CASE("forward_changes: an unreadable alert does not shift the indices") {
    const std::string body =
        R"({"receiver":"r","status":"firing","alerts":[1,["x","y"],{"status":"firing","labels":{"a":"1"},"annotations":{},)"
        R"("startsAt":"2026-01-15T10:30:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"","fingerprint":"3fff2c2d7595e046"}],)"
        R"("groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"","version":"4","groupKey":"k","truncatedAlerts":0})";
    CHECK(changes_of(AnyForward(forward::Alertmanager{}), body) == "");
}

TEST_CASE("forward_changes: each part is compared with its own alerts") {
    forward::IncidentIo incident_io;
    incident_io.max_alerts = 1;
    Mapping mapping;
    mapping.labels.exclude = {"n"};
    CHECK(changes_of(incident_io, two_alerts, mapping) ==
          "0 version changed \"1\" (as the receiver expects it)\n"
          "0 alerts[0].labels.n left out  (the mapping's labels or redact)\n"
          "1 version changed \"1\" (as the receiver expects it)\n"
          "1 alerts[0].labels.n left out  (the mapping's labels or redact)\n");
}

TEST_CASE("explain: a user function is reported as the source") {
    Sample s;
    s.firing({{"alertname", "A"}}, {{"summary", "never asked"}});
    Mapping mapping = preset::recommended();
    mapping.transition.function = [](const Subject&, Arena&) { return Decision{Transition::trigger}; };
    mapping.severity.function = [](const Subject&, Arena&) { return SeverityFound{Severity::critical, "page"}; };
    mapping.priority.function = [](const Subject&, Arena&) -> Text { return "P1"; };
    mapping.summary.function = [](const Subject&, Arena&) -> Text { return "a summary"; };
    mapping.description.function = [](const Subject&, Arena&) -> Text { return "a description"; };
    mapping.external_id.function = [](const Subject&, Arena&) -> Text { return "an-id"; };
    mapping.url.function = [](const Subject&, Arena&) -> Text { return "https://a"; };
    mapping.runbook_url.function = [](const Subject&, Arena&) -> Text { return "https://b"; };
    mapping.location.function = [](const Subject&, Arena&) -> Text { return "1,2"; };
    mapping.labels.function = [](const Subject&, Arena&) { return Labels{}; };
    mapping.notify.function = [](const Subject&, Arena&) { return NotifyFound{}; };
    const Mapper map(mapping);
    const std::vector<ExplainedMember> all = explain(map, s.one(), s.arena);
    for (const std::string_view name : {"transition", "severity", "priority", "summary", "description", "external_id", "url", "runbook_url",
                                        "location", "labels", "notify"}) {
        CAPTURE(name);
        CHECK(member(all, name).from == "a function");
        CHECK(member(all, name).reason == std::string(name) + ".function");
    }
    CHECK(member(all, "summary").value == "a summary");
    CHECK(member(all, "external_id").value == "an-id");
}
