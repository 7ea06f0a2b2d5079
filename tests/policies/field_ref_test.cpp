#include "alertmap/policies/field_ref.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "alertmap/policies/field_source.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

std::string_view read(FieldKind kind, const Subject& subject, Arena& arena) { return arena.copy(FieldRef(kind)(subject, arena)); }

std::string_view read(NamedField field, const Subject& subject, Arena& arena, std::string name) {
    return arena.copy(FieldRef(field, std::move(name))(subject, arena));
}

Timestamp time(std::string_view text) { return *parse_timestamp(text); }

}  // namespace

TEST_CASE("field ref: each field has a word and documentation") {
    for (const FieldText& text : field_texts()) {
        CAPTURE(text.word);
        CHECK_FALSE(text.about.empty());
        const std::string form = std::string(text.word) + (text.named ? ":x" : "");
        const Result<FieldSource> source = FieldSource::parse(form);
        REQUIRE(source);
        CHECK(*source->print() == form);
        CHECK(source->field()->is_named() == text.named);
        CHECK(source->field()->word() == text.word);
    }
    CHECK(field_texts().size() == 23);
    CHECK(name(NamedField::extra) == "extra");
    CHECK(name(FieldKind::status) == "status");
    CHECK(FieldRef().is(NamedField::literal));
}

TEST_CASE("field ref: fields of an alert and of its group") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"instance", "n1"}}, {{"summary", "full"}});
    s.alert(0).fingerprint = "00000000000000aa";
    s.alert(0).generator_url = "http://prom/1";
    s.alert(0).starts_at = time("2026-01-01T00:00:00Z");
    s.group.common_labels = s.set({{"alertname", "Disk"}});
    s.group.group_labels = s.set({{"cluster", "eu-1"}});
    s.group.route_labels = s.set({{"team", "storage"}});
    s.group.common_annotations = s.set({{"summary", "common"}});
    s.group.external_url = "http://am";
    s.group.group_key = "{}:{}";
    s.group.receiver = "web\\.hook";
    s.group.notification_reason = "first notification";
    s.group.truncated_alerts = 3;

    CHECK(read(NamedField::label, s.one(), s.arena, "instance") == "n1");
    CHECK(read(NamedField::label, s.whole(), s.arena, "instance").empty());
    CHECK(read(NamedField::label, s.whole(), s.arena, "alertname") == "Disk");
    CHECK(read(NamedField::common_label, s.one(), s.arena, "alertname") == "Disk");
    CHECK(read(NamedField::group_label, s.one(), s.arena, "cluster") == "eu-1");
    CHECK(read(NamedField::route_label, s.one(), s.arena, "team") == "storage");
    CHECK(read(NamedField::annotation, s.one(), s.arena, "summary") == "full");
    CHECK(read(NamedField::annotation, s.whole(), s.arena, "summary") == "common");
    CHECK(read(NamedField::common_annotation, s.one(), s.arena, "summary") == "common");
    const FieldRef literal(NamedField::literal, "as it is");
    CHECK(literal(s.one(), s.arena) == "as it is");
    CHECK(read(FieldKind::generator_url, s.one(), s.arena) == "http://prom/1");
    CHECK(read(FieldKind::external_url, s.one(), s.arena) == "http://am");
    CHECK(read(FieldKind::group_key, s.one(), s.arena) == "{}:{}");
    CHECK(read(FieldKind::group_key_hash, s.one(), s.arena) == "cc9772a1ec901d26ef71dae861793e4d08979fa5030a3f0a5f3ba549f1f2d0b6");
    CHECK(read(FieldKind::fingerprint, s.one(), s.arena) == "00000000000000aa");
    CHECK(read(FieldKind::fingerprint, s.whole(), s.arena).empty());
    CHECK(read(FieldKind::episode, s.one(), s.arena) == "00000000000000aa-1767225600.000000000");
    CHECK(read(FieldKind::episode, s.whole(), s.arena).empty());
    CHECK(read(FieldKind::receiver, s.one(), s.arena) == "web.hook");
    CHECK(read(FieldKind::status, s.one(), s.arena) == "firing");
    CHECK(read(FieldKind::starts_at, s.one(), s.arena) == "2026-01-01T00:00:00Z");
    CHECK(read(FieldKind::ends_at, s.one(), s.arena).empty());
    CHECK(read(FieldKind::notification_reason, s.one(), s.arena) == "first notification");
    CHECK(read(FieldKind::truncated, s.one(), s.arena) == "3");
}

TEST_CASE("field ref: an unknown member of the alert, else of the message") {
    Sample s;
    s.firing({});
    s.group.extra = s.extra({{"orgId", "1", "1"}, {"silenceURL", "\"group\"", "group"}});
    CHECK(read(NamedField::extra, s.one(), s.arena, "silenceURL") == "group");
    s.alert(0).extra = s.extra({{"silenceURL", "\"alert\"", "alert"}});
    CHECK(read(NamedField::extra, s.one(), s.arena, "silenceURL") == "alert");
    CHECK(read(NamedField::extra, s.one(), s.arena, "orgId") == "1");
    CHECK(read(NamedField::extra, s.whole(), s.arena, "silenceURL") == "group");
    CHECK(read(NamedField::extra, s.one(), s.arena, "none").empty());
}

TEST_CASE("field ref: of a group: the first firing alert, counts and times of all") {
    Sample s;
    CHECK(read(FieldKind::generator_url, s.whole(), s.arena).empty());
    s.resolved({}).generator_url = "http://prom/0";
    s.alert(0).starts_at = time("2026-01-01T00:00:00Z");
    s.alert(0).ends_at = time("2026-01-01T05:00:00Z");
    CHECK(read(FieldKind::generator_url, s.whole(), s.arena) == "http://prom/0");
    CHECK(read(FieldKind::starts_at, s.whole(), s.arena) == "2026-01-01T00:00:00Z");
    CHECK(read(FieldKind::ends_at, s.whole(), s.arena) == "2026-01-01T05:00:00Z");
    s.firing({}).generator_url = "http://prom/1";
    s.alert(1).starts_at = time("2026-01-01T03:00:00Z");
    s.firing({}).starts_at = time("2026-01-01T01:00:00+00:00");
    CHECK(read(FieldKind::generator_url, s.whole(), s.arena) == "http://prom/1");
    CHECK(read(FieldKind::starts_at, s.whole(), s.arena) == "2026-01-01T01:00:00+00:00");
    CHECK(read(FieldKind::ends_at, s.whole(), s.arena).empty());
    CHECK(read(FieldKind::firing, s.whole(), s.arena) == "2");
    CHECK(read(FieldKind::resolved, s.whole(), s.arena) == "1");
    CHECK(read(FieldKind::truncated, s.whole(), s.arena) == "0");
    CHECK(read(FieldKind::firing, s.one(0), s.arena) == "0");
    CHECK(read(FieldKind::resolved, s.one(0), s.arena) == "1");
}

TEST_CASE("field ref: Alertmanager's default subject") {
    Sample s;
    s.firing({{"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"}, {"instance", "n1"}, {"job", "blob-store"}, {"severity", "critical"}});
    s.firing({{"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"}, {"instance", "n2"}, {"job", "blob-store"}, {"severity", "critical"}});
    s.group.common_labels = s.set({{"severity", "critical"}, {"alertname", "DiskAlmostFull"}, {"cluster", "eu-1"}, {"job", "blob-store"}});
    // Sorted by name, with alertname first.
    s.group.group_labels = s.set({{"alerta", "x"}, {"cluster", "eu-1"}, {"alertname", "DiskAlmostFull"}});
    CHECK(alertmanager_subject(s.whole(), s.arena) == "[FIRING:2] DiskAlmostFull x eu-1 (blob-store critical)");
    CHECK(alertmanager_subject(s.one(), s.arena) == "[FIRING:1] DiskAlmostFull x eu-1 (n1 blob-store critical)");
    s.group.status = Status::resolved;
    CHECK(alertmanager_subject(s.whole(), s.arena) == "[RESOLVED] DiskAlmostFull x eu-1 (blob-store critical)");
}

TEST_CASE("field ref: default subject of a group without labels, or with group labels only") {
    Sample s;
    CHECK(alertmanager_subject(s.whole(), s.arena) == "[FIRING:0]");
    s.firing({{"alertname", "A"}, {"job", "j"}});
    s.group.common_labels = s.set({{"alertname", "A"}, {"job", "j"}});
    CHECK(alertmanager_subject(s.whole(), s.arena) == "[FIRING:1] (A j)");
    s.group.group_labels = s.set({{"alertname", "A"}, {"job", "j"}});
    CHECK(alertmanager_subject(s.whole(), s.arena) == "[FIRING:1] A j");
}
