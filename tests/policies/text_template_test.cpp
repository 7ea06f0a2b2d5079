#include "alertmap/policies/text_template.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

std::string fill(std::string_view text, const Subject& subject, Arena& arena) {
    const Result<TextTemplate> parsed = TextTemplate::parse(text);
    if (!parsed) return to_string(parsed.error());
    return std::string((*parsed)(subject, arena));
}

void check_template_fails(std::string_view text, Errc code, std::size_t offset) {
    CAPTURE(text);
    const Result<TextTemplate> parsed = TextTemplate::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(name(parsed.error().code) == name(code));
    CHECK(parsed.error().offset == offset);
}

}  // namespace

TEST_CASE("text template: inserts values") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"instance", "n1:9100"}}, {{"summary", "97 % full"}});
    CHECK(fill("{label.alertname} on {label.instance}: {annotation.summary}", s.one(), s.arena) == "Disk on n1:9100: 97 % full");
    CHECK(fill("{label.alertname}", s.one(), s.arena) == "Disk");
    CHECK(fill("no place at all", s.one(), s.arena) == "no place at all");
    CHECK(fill("", s.one(), s.arena).empty());
    CHECK(fill("{status}, {firing} of it", s.one(), s.arena) == "firing, 1 of it");
}

TEST_CASE("text template: the first non-blank value, or the quoted default") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"job", "node"}, {"instance", "  "}});
    constexpr std::string_view text = "{label.alertname} on {label.instance|label.job|\"?\"}";
    CHECK(fill(text, s.one(), s.arena) == "Disk on node");
    s.alert(0).labels = s.set({{"alertname", "Disk"}});
    CHECK(fill(text, s.one(), s.arena) == "Disk on ?");
    CHECK(fill("{label.alertname}{label.x|\"\"}!", s.one(), s.arena) == "Disk!");
    CHECK(fill("{label.x|\"say \\\"hi\\\" \\\\\"}", s.one(), s.arena) == "say \"hi\" \\");
}

TEST_CASE("text template: empty if a value is missing") {
    Sample s;
    s.firing({{"alertname", "Disk"}});
    CHECK(fill("{label.alertname} on {label.instance}", s.one(), s.arena).empty());
    CHECK(fill("{label.alertname} on {label.instance|\"?\"}", s.one(), s.arena) == "Disk on ?");
    s.alert(0).labels = {};
    CHECK(fill("{label.alertname} on {label.instance|\"?\"}", s.one(), s.arena).empty());
}

TEST_CASE("text template: quoted names") {
    Sample s;
    s.firing({{"host.name", "a"}, {"x|y", "b"}, {"q\"q", "c"}, {"größe", "d"}});
    CHECK(fill("{label.host.name}{label.\"x|y\"}{label.\"q\\\"q\"}{label.größe}", s.one(), s.arena) == "abcd");
}

TEST_CASE("text template: braces") {
    Sample s;
    s.firing({{"a", "1"}});
    CHECK(fill("{{{label.a}}}", s.one(), s.arena) == "{1}");
    CHECK(fill("{{label.a}}", s.one(), s.arena) == "{label.a}");
    CHECK(fill("}}{{", s.one(), s.arena) == "}{");
}

TEST_CASE("text template: counts and their words") {
    Sample s;
    constexpr std::string_view text =
        "{firing} {firing?alert:alerts} firing, {resolved} {resolved?is:are} over, {truncated} {truncated?:more}";
    s.firing({});
    CHECK(fill(text, s.whole(), s.arena) == "1 alert firing, 0 are over, 0 more");
    s.firing({});
    s.resolved({});
    s.group.truncated_alerts = 1;
    CHECK(fill(text, s.whole(), s.arena) == "2 alerts firing, 1 is over, 1 ");
    CHECK(fill(text, s.one(2), s.arena) == "0 alerts firing, 1 is over, 1 ");
}

TEST_CASE("text template: limits in code points") {
    Sample s;
    s.firing({{"a", "障害が発生しました"}, {"b", "abc"}, {"c", "🔥🚒🔥"}});
    CHECK(fill("{label.a:5}", s.one(), s.arena) == "障害が発…");
    CHECK(fill("{label.a:9}", s.one(), s.arena) == "障害が発生しました");
    CHECK(fill("{label.a:8}", s.one(), s.arena) == "障害が発生しま…");
    CHECK(fill("{label.b:3}", s.one(), s.arena) == "abc");
    CHECK(fill("{label.b:2}", s.one(), s.arena) == "a…");
    CHECK(fill("{label.b:1}", s.one(), s.arena) == "…");
    CHECK(fill("{label.x|label.c:2}", s.one(), s.arena) == "🔥…");
}

TEST_CASE("text template: values are not interpreted") {
    Sample s;
    s.firing({{"alertname", "{label.secret} {{ %s %n {0}"}, {"secret", "x"}});
    CHECK(fill("{label.alertname}", s.one(), s.arena) == "{label.secret} {{ %s %n {0}");
}

TEST_CASE("text template: Alertmanager's default subject") {
    Sample s;
    s.firing({{"alertname", "A"}, {"job", "j"}});
    s.group.group_labels = s.set({{"alertname", "A"}});
    s.group.common_labels = s.set({{"alertname", "A"}, {"job", "j"}});
    CHECK(fill("{alertmanager_subject}", s.whole(), s.arena) == "[FIRING:1] A (j)");
}

TEST_CASE("text template: errors have an offset") {
    check_template_fails("{", Errc::invalid_syntax, 1);
    check_template_fails("abc}", Errc::invalid_syntax, 3);
    check_template_fails("abc} ", Errc::invalid_syntax, 3);
    check_template_fails("{}", Errc::missing_value, 1);
    check_template_fails("a {label.alertname", Errc::invalid_syntax, 18);
    check_template_fails("a {label}", Errc::missing_value, 8);
    check_template_fails("a {label.}", Errc::missing_value, 9);
    check_template_fails("a {lable.alertname}", Errc::unknown_name, 3);
    check_template_fails("a {literal.x}", Errc::unknown_name, 3);
    check_template_fails("a {text.x}", Errc::unknown_name, 3);
    check_template_fails("{label.a|}", Errc::missing_value, 9);
    check_template_fails("{label.a|\"open}", Errc::invalid_syntax, 9);
    check_template_fails("{label.a|\"open\\", Errc::invalid_syntax, 9);
    check_template_fails("{label.\"a}", Errc::invalid_syntax, 7);
    check_template_fails("{label.a:0}", Errc::invalid_value, 9);
    check_template_fails("{label.a:}", Errc::invalid_value, 9);
    check_template_fails("{label.a:x}", Errc::invalid_value, 9);
    check_template_fails("{label.a:12x}", Errc::invalid_syntax, 11);
    check_template_fails("{label.a:1234567890}", Errc::invalid_syntax, 18);
    check_template_fails("{status.x}", Errc::invalid_syntax, 7);
    check_template_fails("{label.a?one:many}", Errc::invalid_syntax, 8);
    check_template_fails("{firing?one}", Errc::invalid_syntax, 11);
    check_template_fails("{firing?one:many", Errc::invalid_syntax, 16);
    check_template_fails("{firing?one:two:three}", Errc::invalid_syntax, 15);
    check_template_fails("{ label.a}", Errc::missing_value, 1);
    check_template_fails("{label.a{label.b}}", Errc::invalid_syntax, 8);
}

TEST_CASE("text template: equality compares the source text") {
    const TextTemplate a = *TextTemplate::parse("{label.a}");
    CHECK(a == *TextTemplate::parse("{label.a}"));
    CHECK_FALSE(a == *TextTemplate::parse("{label.b}"));
    CHECK(a.source() == "{label.a}");
}

TEST_CASE("text template: example templates") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"instance", "n1"}}, {{"summary", "97 % full"}});
    s.group.common_labels = s.set({{"alertname", "Disk"}});
    for (const ReadyText& ready : ready_texts) CHECK(TextTemplate::parse(ready.text));
    CHECK(fill(ready_texts[0].text, s.one(), s.arena) == "[FIRING:1] (Disk n1)");
    CHECK(fill(ready_texts[1].text, s.one(), s.arena) == "Disk on n1");
    CHECK(fill(ready_texts[2].text, s.one(), s.arena) == "n1: 97 % full");
    CHECK(fill(ready_texts[3].text, s.whole(), s.arena) == "Disk: 1 alert firing, 0 resolved");
}
