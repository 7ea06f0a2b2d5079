#include "alertmap/policies/field_source.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

void check_fails(std::string_view text, Errc code, std::size_t offset) {
    CAPTURE(text);
    const Result<FieldSource> parsed = FieldSource::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(name(parsed.error().code) == name(code));
    CHECK(parsed.error().offset == offset);
}

}  // namespace

TEST_CASE("field source: every text form is read and printed back") {
    for (std::string_view text : {"label:alertname",
                                  "common_label:alertname",
                                  "group_label:cluster",
                                  "route_label:team",
                                  "annotation:summary",
                                  "common_annotation:summary",
                                  "extra:silenceURL",
                                  "literal:Alert: it burns",
                                  "literal:",
                                  "generator_url",
                                  "external_url",
                                  "group_key",
                                  "group_key_hash",
                                  "fingerprint",
                                  "episode",
                                  "receiver",
                                  "status",
                                  "starts_at",
                                  "ends_at",
                                  "notification_reason",
                                  "firing",
                                  "resolved",
                                  "truncated",
                                  "alertmanager_subject",
                                  "text:{label.alertname} on {label.instance|\"?\"}",
                                  "label:a:b c"}) {
        CAPTURE(text);
        const Result<FieldSource> parsed = FieldSource::parse(text);
        REQUIRE(parsed);
        REQUIRE(parsed->print());
        CHECK(*parsed->print() == text);
        CHECK(*FieldSource::parse(*parsed->print()) == *parsed);
    }
}

TEST_CASE("field source: errors in text forms have an offset") {
    check_fails("", Errc::unknown_name, 0);
    check_fails("lable:alertname", Errc::unknown_name, 0);
    check_fails(" label:alertname", Errc::unknown_name, 0);
    check_fails("Label:alertname", Errc::unknown_name, 0);
    check_fails("label", Errc::missing_value, 5);
    check_fails("label:", Errc::missing_value, 6);
    check_fails("literal", Errc::missing_value, 7);
    check_fails("text", Errc::missing_value, 4);
    check_fails("text:", Errc::missing_value, 5);
    check_fails("text:{label.a} {x}", Errc::unknown_name, 16);
    check_fails("fingerprint:x", Errc::invalid_syntax, 11);
    check_fails("status:", Errc::invalid_syntax, 6);
    check_fails("function", Errc::unknown_name, 0);
}

TEST_CASE("field source: equality") {
    CHECK(label("a") == *FieldSource::parse("label:a"));
    CHECK_FALSE(label("a") == label("b"));
    CHECK_FALSE(label("a") == annotation("a"));
    CHECK(FieldSource() == *FieldSource::parse("literal:"));
}

TEST_CASE("field source: field, template or function") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"instance", "n1"}}, {{"summary", "full"}});
    const FieldSource label = *FieldSource::parse("label:instance");
    const FieldSource annotation = *FieldSource::parse("annotation:summary");
    const FieldSource status = *FieldSource::parse("status");
    const FieldSource text = *FieldSource::parse("text:{label.alertname} on {label.instance}");
    const FieldSource function = [](const Subject& subject, Arena& arena) { return arena.concat({subject.labels().get("instance"), "!"}); };
    const FieldSource field = FieldRef(NamedField::label, "instance");
    CHECK(label(s.one(), s.arena) == "n1");
    CHECK(annotation(s.one(), s.arena) == "full");
    CHECK(status(s.one(), s.arena) == "firing");
    CHECK(text(s.one(), s.arena) == "Disk on n1");
    CHECK(function(s.one(), s.arena) == "n1!");
    CHECK(field(s.one(), s.arena) == "n1");
    CHECK(*field.print() == "label:instance");
    CHECK(FieldSource()(s.one(), s.arena).empty());
    CHECK(FieldSource(Callable<Text>())(s.one(), s.arena).empty());
}

TEST_CASE("field source: a function has no text form") {
    const FieldSource function([](const Subject&, Arena&) { return std::string_view("x"); });
    REQUIRE_FALSE(function.print());
    CHECK(function.print().error().code == Errc::invalid_value);
}

TEST_CASE("field source: first_of returns the first non-blank value") {
    Sample s;
    s.firing({{"a", ""}, {"b", " \t\n"}, {"c", "found"}, {"d", "later"}});
    const FieldSources sources = {label("x"), label("a"), label("b"), label("c"), label("d")};
    CHECK(first_of(sources, s.one(), s.arena) == "found");
    CHECK(first_of({}, s.one(), s.arena).empty());
    CHECK(first_of({label("b")}, s.one(), s.arena).empty());
}

TEST_CASE("field source: a label's value is not copied") {
    Sample s;
    s.firing({{"a", "value"}});
    const FieldSource source = label("a");
    CHECK(source(s.one(), s.arena).data() == s.alert(0).labels[0].value.data());
}
