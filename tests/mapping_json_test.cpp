#include "alertmap/mapping_json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/files.hpp"

using namespace alertmap;

namespace {

Mapping read(std::string_view json) {
    const Result<Mapping> mapping = parse_mapping(json);
    CAPTURE(json);
    CHECK_MESSAGE(mapping, to_string(mapping.error()));
    return mapping ? *mapping : Mapping{};
}

/// The error expected at the first `^` of the text, which is removed.
void check_fails(std::string_view marked, Errc code, std::string_view path) {
    CAPTURE(marked);
    const std::size_t offset = marked.find('^');
    REQUIRE(offset != std::string_view::npos);
    const std::string json = std::string(marked.substr(0, offset)) + std::string(marked.substr(offset + 1));
    const Result<Mapping> mapping = parse_mapping(json);
    REQUIRE_FALSE(mapping);
    CHECK(name(mapping.error().code) == name(code));
    CHECK(mapping.error().offset == offset);
    CHECK(mapping.error().path == path);
}

}  // namespace

TEST_CASE("mapping json: an empty object is the recommended mapping") {
    CHECK(read("{}") == preset::recommended());
    CHECK(read(" { } \n") == preset::recommended());
    CHECK(read(R"({"preset":"recommended"})") == preset::recommended());
}

TEST_CASE("mapping json: the preset may be at any position") {
    for (const Preset& preset : presets()) {
        CHECK(read("{\"preset\":\"" + std::string(preset.name) + "\"}") == preset.make());
    }
    Mapping expected = preset::rootly();
    expected.external_id.from = {FieldKind::fingerprint};
    CHECK(read(R"({"preset":"rootly","per":"alert","external_id":["fingerprint"]})") == expected);
    CHECK(read(R"({"external_id":["fingerprint"],"preset":"rootly"})") == expected);
}

TEST_CASE("mapping json: every member can be set") {
    Mapping expected;
    expected.per = FanOut::per_group;
    expected.summary.from = {label("alertname"), *TextTemplate::parse("{label.alertname} on {label.instance|\"?\"}")};
    expected.description.from = {annotation("description")};
    expected.description.lines = {label("instance")};
    expected.description.max_lines = 7;
    expected.labels.from = {LabelSet::common, LabelSet::annotations};
    expected.labels.include = {"a"};
    expected.labels.exclude = {"b", "c"};
    expected.labels.rename = {{"dc", "datacenter"}};
    expected.labels.add = {{"status", {label("status"), FieldKind::status}}};
    expected.external_id.from = {label("a"), label("b")};
    expected.external_id.combine = true;
    expected.external_id.scope = {literal("eu-1")};
    expected.external_id.max_length = 64;
    expected.url.from = {FieldKind::external_url};
    expected.runbook_url.from = {};
    expected.transition.by = TransitionPolicy::By::ends_at;
    expected.transition.override_key = "state";
    expected.severity.from = {label("priority")};
    expected.severity.words = {{"sev0", Severity::critical}, {"meh", Severity::info}};
    expected.severity.fallback = Severity::warning;
    expected.notify.annotation = "pager";
    expected.priority.words = {{"critical", "P1"}, {"page", "P0"}};
    expected.notify.allow = {{"User", "*"}};
    expected.notify.by = {label("team"), label("squad")};
    expected.notify.table = {{"db", {{"EscalationPolicy", "3"}}}, {"web", {{"User", "4"}, {"User", "5"}}}};
    expected.notify.fixed = {{"User", "1"}, {"Group", "2"}};
    expected.quiet.rules = {{{"env", {"dev*", "staging"}}, {"team", {"db"}}}, {{"noisy", {"true"}}}};
    expected.redact.names = {"token", "secret_*"};
    expected.redact.text = "***";
    expected.heartbeat.alertnames = {"DeadMansSwitch"};
    expected.heartbeat.labels = {{"kind", "deadman"}, {"kind", "watchdog"}};
    expected.source = {label("host")};
    expected.service = {label("app")};
    expected.location.from = {extra("location")};
    expected.client = "Mimir";
    CHECK(read(test::read_file(test::data_file("mappings/everything.json"))) == expected);
}

TEST_CASE("mapping json: short forms: one source without brackets, a list for the object") {
    Mapping expected;
    expected.summary.from = {label("alertname")};
    expected.description.from = {annotation("text")};
    expected.labels.from = {LabelSet::common};
    expected.external_id.from = {FieldKind::group_key_hash};
    expected.severity.from = {label("priority")};
    expected.heartbeat.alertnames = {"DeadMansSwitch"};
    CHECK(read(R"({"summary":"label:alertname","description":"annotation:text","labels":"common","external_id":"group_key_hash",
                   "severity":"label:priority","heartbeat":"DeadMansSwitch"})") == expected);
    Mapping lists;
    lists.redact.names = {"token"};
    lists.quiet.rules = {{{"env", {"dev"}}}};
    CHECK(read(R"({"redact":["token"],"quiet":[{"env":"dev"}]})") == lists);
    CHECK(read(R"({"redact":"token","quiet":{"env":"dev"}})") == lists);
    CHECK(read(R"({"summary":["label:alertname"],"description":["annotation:text"],"labels":["common"],"external_id":["group_key_hash"],
                   "severity":["label:priority"],"heartbeat":["DeadMansSwitch"]})") == expected);
}

TEST_CASE("mapping json: missing members keep the preset's values") {
    Mapping expected = preset::signl4();
    expected.external_id.scope = {FieldKind::receiver};
    expected.severity.fallback = Severity::info;
    CHECK(read(R"({"preset":"signl4","external_id":{"scope":["receiver"]},"severity":{"fallback":"info"}})") == expected);
}

TEST_CASE("mapping json: the example files are read, and printed equal") {
    for (const auto& path : test::files("mappings")) {
        CAPTURE(path.string());
        const Mapping mapping = read(test::read_file(path));
        const Result<std::string> printed = print_mapping(mapping);
        REQUIRE(printed);
        CHECK(read(*printed) == mapping);
    }
}

TEST_CASE("mapping json: every preset is printed and read back equal") {
    for (const Preset& preset : presets()) {
        CAPTURE(preset.name);
        const Result<std::string> printed = print_mapping(preset.make());
        REQUIRE(printed);
        CHECK(read(*printed) == preset.make());
        CHECK(*print_mapping(read(*printed)) == *printed);
    }
}

TEST_CASE("mapping json: a printed mapping has every policy, one per line") {
    const std::string printed = *print_mapping(preset::rootly());
    std::size_t lines = 0;
    for (const MappingMember& policy : mapping_members()) {
        const std::string line = "\n  \"" + std::string(policy.name) + "\": ";
        CAPTURE(policy.name);
        CHECK(printed.find(line) != std::string::npos);
    }
    for (char c : printed) lines += c == '\n' ? 1 : 0;
    CHECK(lines == mapping_members().size() + 2);
    CHECK(printed.find("\n  \"summary\": [\"label:alertname\",\"common_label:alertname\",\"common_label:description\"],\n") !=
          std::string::npos);
    CHECK(printed.find("\n  \"transition\": {\"by\":\"status\",\"override_key\":\"rootly_alert_status\"},\n") != std::string::npos);
}

TEST_CASE("mapping json: quotes, backslashes and line breaks are read back equal") {
    Mapping mapping;
    mapping.client = "a \"b\" \\ \n \x01 ü";
    mapping.summary.from = {literal("\"{\\\""), label("größe\n")};
    mapping.heartbeat.labels = {{"\"", "\t"}};
    CHECK(read(*print_mapping(mapping)) == mapping);
}

TEST_CASE("mapping json: a user function has no text form") {
    const auto check_no_text = [](const Mapping& mapping, std::string_view path) {
        const Result<std::string> printed = print_mapping(mapping);
        REQUIRE_FALSE(printed);
        CHECK(printed.error().code == Errc::invalid_value);
        CHECK(printed.error().path == path);
    };
    Mapping mapping;
    mapping.external_id.scope = {FieldSource([](const Subject&, Arena&) { return std::string_view("x"); })};
    check_no_text(mapping, "external_id");
    mapping = {};
    mapping.labels.function = [](const Subject&, Arena&) { return Labels(); };
    check_no_text(mapping, "labels");
    mapping = {};
    mapping.transition.function = [](const Subject&, Arena&) { return Decision(); };
    check_no_text(mapping, "transition");
    mapping = {};
    mapping.severity.function = [](const Subject&, Arena&) { return SeverityFound(); };
    check_no_text(mapping, "severity");
    mapping = {};
    mapping.notify.function = [](const Subject&, Arena&) { return NotifyFound(); };
    check_no_text(mapping, "notify");
    mapping = {};
    mapping.heartbeat.function = [](const Subject&, Arena&) { return false; };
    check_no_text(mapping, "heartbeat");
}

TEST_CASE("mapping json: mappings without a text form are not printed") {
    Mapping mapping;
    mapping.severity.words = {{"x", Severity::info}, {"x", Severity::error}};
    REQUIRE_FALSE(print_mapping(mapping));
    CHECK(print_mapping(mapping).error() == Error{Errc::invalid_value, no_offset, "severity.words.x"});
    mapping = {};
    mapping.external_id.max_length = 10;
    REQUIRE_FALSE(print_mapping(mapping));
    CHECK(print_mapping(mapping).error() == Error{Errc::invalid_value, no_offset, "external_id.max_length"});
}

TEST_CASE("mapping json: unknown keys, words and fields are errors with their place") {
    check_fails(R"({"per":"alert", ^"sumary":["label:a"]})", Errc::unknown_name, "sumary");
    check_fails(R"({"external_id":{^"form":[]}})", Errc::unknown_name, "external_id.form");
    check_fails(R"({"description":{^"x":[]}})", Errc::unknown_name, "description.x");
    check_fails(R"({"labels":{^"x":[]}})", Errc::unknown_name, "labels.x");
    check_fails(R"({"severity":{^"x":[]}})", Errc::unknown_name, "severity.x");
    check_fails(R"({"transition":{^"override":"x"}})", Errc::unknown_name, "transition.override");
    check_fails(R"({"notify":{^"x":1}})", Errc::unknown_name, "notify.x");
    check_fails(R"({"notify":{"fixed":[{"type":"User","id":"1",^"x":"2"}]}})", Errc::unknown_name, "notify.fixed[0].x");
    check_fails(R"({"heartbeat":{^"x":1}})", Errc::unknown_name, "heartbeat.x");
    check_fails(R"({"preset":^"pagerduty"})", Errc::unknown_name, "preset");
    check_fails(R"({"per":^"alerts"})", Errc::unknown_name, "per");
    check_fails(R"({"labels":["own",^"all"]})", Errc::unknown_name, "labels[1]");
    check_fails(R"({"transition":{"by":^"Status"}})", Errc::unknown_name, "transition.by");
    check_fails(R"({"severity":{"words":{"sev0":^"fatal"}}})", Errc::unknown_name, "severity.words.sev0");
    check_fails(R"({"severity":{"fallback":^"x"}})", Errc::unknown_name, "severity.fallback");
    check_fails(R"({"summary":["label:a","^lable:b"]})", Errc::unknown_name, "summary[1]");
}

TEST_CASE("mapping json: errors in text forms have the exact offset") {
    check_fails(R"({"summary":"label^"})", Errc::missing_value, "summary");
    check_fails(R"({"labels":{"add":{"status":["status","fingerprint^:x"]}}})", Errc::invalid_syntax, "labels.add.status[1]");
    check_fails(R"({"external_id":{"scope":["text:{label.a} {^x}"]}})", Errc::unknown_name, "external_id.scope[0]");
    check_fails(R"({"url":[^"text:\u007bx}"]})", Errc::unknown_name, "url[0]");
}

TEST_CASE("mapping json: wrong types are errors") {
    check_fails(R"(^[])", Errc::wrong_type, "");
    check_fails(R"( ^"rootly")", Errc::wrong_type, "");
    check_fails(R"({"per": ^1})", Errc::wrong_type, "per");
    check_fails(R"({"preset":^null})", Errc::wrong_type, "preset");
    check_fails(R"({"summary":^{}})", Errc::wrong_type, "summary");
    check_fails(R"({"summary":["label:a",^null]})", Errc::wrong_type, "summary[1]");
    check_fails(R"({"description":^true})", Errc::wrong_type, "description");
    check_fails(R"({"description":{"max_lines":^"7"}})", Errc::wrong_type, "description.max_lines");
    check_fails(R"({"labels":{"rename":^[]}})", Errc::wrong_type, "labels.rename");
    check_fails(R"({"labels":{"rename":{"a":^1}}})", Errc::wrong_type, "labels.rename.a");
    check_fails(R"({"labels":{"include":[^1]}})", Errc::wrong_type, "labels.include[0]");
    check_fails(R"({"external_id":{"combine":^"true"}})", Errc::wrong_type, "external_id.combine");
    check_fails(R"({"transition":^"status"})", Errc::wrong_type, "transition");
    check_fails(R"({"severity":{"words":^["x"]}})", Errc::wrong_type, "severity.words");
    check_fails(R"({"notify":^[]})", Errc::wrong_type, "notify");
    check_fails(R"({"notify":{"fixed":[^"User/1"]}})", Errc::wrong_type, "notify.fixed[0]");
    check_fails(R"({"notify":{"fixed":[{"type":"User","id":^1}]}})", Errc::wrong_type, "notify.fixed[0].id");
    check_fails(R"({"heartbeat":{"labels":^{}}})", Errc::wrong_type, "heartbeat.labels");
    check_fails(R"({"client":^[]})", Errc::wrong_type, "client");
}

TEST_CASE("mapping json: invalid values are errors") {
    check_fails(R"({"external_id":{"max_length":^63}})", Errc::invalid_value, "external_id.max_length");
    check_fails(R"({"external_id":{"max_length":^-1}})", Errc::invalid_value, "external_id.max_length");
    check_fails(R"({"external_id":{"max_length":^1e3}})", Errc::invalid_value, "external_id.max_length");
    check_fails(R"({"description":{"max_lines":^1000000000}})", Errc::invalid_value, "description.max_lines");
    check_fails(R"({"notify":{"fixed":[ ^{"type":"User"}]}})", Errc::missing_value, "notify.fixed[0]");
    check_fails(R"({"heartbeat":{"labels":[^{}]}})", Errc::missing_value, "heartbeat.labels[0]");
}

TEST_CASE("mapping json: duplicate keys are errors") {
    check_fails(R"({"per":"alert",^"per":"group"})", Errc::duplicate_key, "per");
    check_fails(R"({"preset":"rootly",^"preset":"rootly"})", Errc::duplicate_key, "preset");
    check_fails(R"({"severity":{"words":{"a":"info",^"\u0061":"error"}}})", Errc::duplicate_key, "severity.words.a");
}

TEST_CASE("mapping json: invalid JSON is an error") {
    check_fails("^", Errc::truncated_body, "");
    check_fails(R"({"per":"alert"^)", Errc::truncated_body, "");
    check_fails(R"({"per":"alert"} ^x)", Errc::trailing_content, "");
    check_fails(R"({"per":^x})", Errc::invalid_json, "per");
    check_fails(R"({"per":"alert",^})", Errc::invalid_json, "");
    check_fails(R"({"summary":["label:a" ^"label:b"]})", Errc::invalid_json, "summary");
    check_fails(R"({"summary":["label:\^x"]})", Errc::invalid_escape, "summary[0]");
    check_fails(R"({"external_id":{"combine":tru^}})", Errc::invalid_literal, "external_id.combine");
}
