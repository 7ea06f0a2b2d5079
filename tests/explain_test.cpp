#include "alertmap/explain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/presets.hpp"
#include "alertmap/targets/pagerduty.hpp"
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

TEST_CASE("each value names its source, and what was tried before") {
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

TEST_CASE("overrides, hashed IDs and paging targets are explained") {
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

TEST_CASE("the fields of a payload name the members that they depend on") {
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
