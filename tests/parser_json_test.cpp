#include <doctest/doctest.h>
#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/parser.hpp"
#include "support/files.hpp"
#include "support/oracle.hpp"
#include "support/simdjson_dom.hpp"

// RFC 8259, value by value: conformance/valid and conformance/invalid have one JSON text per file, named after its purpose. Every text is
// placed at each position of a value in an alert group: read, skipped, or as the whole body.
using namespace alertmap;

namespace {

struct TextSpelling {
    std::string name;
    std::string bytes;
};

std::vector<TextSpelling> texts(std::string_view folder) {
    std::vector<TextSpelling> out;
    for (const auto& path : test::files("conformance/" + std::string(folder))) out.push_back({path.stem().string(), test::read_file(path)});
    return out;
}

/// Text before and after the value.
struct Place {
    std::string_view name;
    std::string_view before;
    std::string_view behind;
};
constexpr Place places[] = {
    {"unknown member of the group", R"({"alerts":[],"x":)", R"(,"receiver":"r"})"},
    {"unknown member of the group, before alerts", R"({"x":)", R"(,"alerts":[{"labels":{"a":"1"}}]})"},
    {"last member", R"({"alerts":[],"x":)", "}"},
    {"unknown member of an alert", R"({"alerts":[{"x":)", R"(,"status":"firing","labels":{"a":"1"}}]})"},
    {"unknown member behind the known ones",
     R"({"alerts":[{"status":"firing","labels":{"a":"1"},"annotations":{"b":"2"},"startsAt":"","endsAt":"","generatorURL":"","fingerprint":"f","x":)",
     R"(}],"receiver":"r"})"},
    {"deep in a skipped object", R"({"alerts":[],"x":{"y":[0,{"z":)", R"(},"w"]},"receiver":"r"})"},
    {"skipped array", R"({"alerts":[],"x":[0,)", "]}"},
    {"label", R"({"alerts":[{"status":"firing","labels":{"a":)", R"(,"b":"2"},"annotations":{"c":"3"}}]})"},
    {"label between labels", R"({"alerts":[{"status":"firing","labels":{"a":"1","b":)", R"(,"c":"3"}}]})"},
    {"last label", R"({"alerts":[{"status":"firing","labels":{"a":"1","b":)", R"(},"annotations":{}}]})"},
    {"annotation", R"({"alerts":[{"status":"firing","labels":{"a":"1"},"annotations":{"s":)", R"(},"startsAt":""}]})"},
    {"annotation, any order", R"({"alerts":[{"annotations":{"s":)", R"(},"labels":{}}]})"},
    {"labels", R"({"alerts":[{"status":"firing","labels":)", R"(,"annotations":{}}]})"},
    {"annotations", R"({"alerts":[{"status":"firing","labels":{},"annotations":)", R"(,"startsAt":""}]})"},
    {"startsAt", R"({"alerts":[{"status":"firing","labels":{},"annotations":{},"startsAt":)", R"(,"endsAt":""}]})"},
    {"endsAt", R"({"alerts":[{"status":"firing","labels":{},"annotations":{},"startsAt":"","endsAt":)", R"(}]})"},
    {"generatorURL", R"({"alerts":[{"status":"firing","labels":{},"annotations":{},"startsAt":"","endsAt":"","generatorURL":)",
     R"(,"fingerprint":"f"}]})"},
    {"fingerprint",
     R"({"alerts":[{"status":"firing","labels":{},"annotations":{},"startsAt":"","endsAt":"","generatorURL":"","fingerprint":)", R"(}]})"},
    {"status of an alert", R"({"alerts":[{"status":)", R"(,"labels":{}}]})"},
    {"status of the group", R"({"receiver":"r","status":)", R"(,"alerts":[]})"},
    {"receiver", R"({"receiver":)", R"(,"status":"firing","alerts":[]})"},
    {"common label", R"({"alerts":[],"groupLabels":{},"commonLabels":{"a":)", R"(},"commonAnnotations":{}})"},
    {"route labels", R"({"alerts":[],"routeLabels":)", "}"},
    {"group key", R"({"alerts":[],"groupKey":)", R"(,"version":"4"})"},
    {"truncatedAlerts", R"({"alerts":[],"version":"4","groupKey":"k","truncatedAlerts":)", "}"},
    {"alerts", R"({"receiver":"r","alerts":)", R"(,"version":"4"})"},
    {"alert", R"({"receiver":"r","status":"firing","alerts":[)", R"(,{"status":"firing","labels":{"a":"1"}}]})"},
    {"last alert", R"({"receiver":"r","status":"firing","alerts":[{"status":"firing","labels":{"a":"1"}},)", "]}"},
};

bool is_json_error(Errc code) { return code <= Errc::trailing_content; }

}  // namespace

TEST_CASE("json: the test corpus is large enough") {
    CHECK(texts("valid").size() >= 150);
    CHECK(texts("invalid").size() >= 150);
}

TEST_CASE("json: both oracles agree with the folders") {
    simdjson::dom::parser simd;
    for (const auto& one : texts("valid")) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        test::Json json;
        CHECK(test::JsonText(bytes).read(json));
        CHECK(test::dom(simd, bytes) != test::Dom::invalid);
    }
    for (const auto& one : texts("invalid")) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        test::Json json;
        CHECK_FALSE(test::JsonText(bytes).read(json));
        CHECK(test::dom(simd, bytes) != test::Dom::valid);
    }
}

TEST_CASE("json: as the whole body") {
    Parser parser;
    for (const auto& one : texts("valid")) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        CHECK(test::difference_from_reference(parser, bytes) == "");
        const auto group = parser.parse(bytes);
        REQUIRE_FALSE(group);
        CHECK_FALSE(is_json_error(group.error().code));
    }
    for (const auto& one : texts("invalid")) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        CHECK(test::difference_from_reference(parser, bytes) == "");
        const auto group = parser.parse(bytes);
        REQUIRE_FALSE(group);
        CHECK(is_json_error(group.error().code));
    }
}

TEST_CASE("json: valid values at all positions") {
    Parser parser;
    for (const auto& one : texts("valid")) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        for (const Place& place : places) {
            CAPTURE(name);
            CAPTURE(place.name);
            const std::string body = std::string(place.before) + bytes + std::string(place.behind);
            const auto group = parser.parse(body);
            REQUIRE(group);
            REQUIRE(test::difference_from_reference(parser, body) == "");
        }
    }
}

TEST_CASE("json: invalid values at all positions") {
    Parser parser;
    for (const auto& one : texts("invalid")) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        for (const Place& place : places) {
            const std::string body = std::string(place.before) + bytes + std::string(place.behind);
            CAPTURE(name);
            CAPTURE(place.name);
            const auto group = parser.parse(body);
            REQUIRE_FALSE(group);
            REQUIRE(is_json_error(group.error().code));
            REQUIRE(test::difference_from_reference(parser, body) == "");
        }
    }
}

TEST_CASE("json: error codes") {
    struct Case {
        std::string_view body;
        Errc code;
        std::size_t offset;
        std::string_view path;
    };
    const Case cases[] = {
        {R"({"alerts":[)", Errc::truncated_body, 11, "alerts"},
        {R"({"alerts":[{"labels":{"a":"b)", Errc::truncated_body, 28, "alerts[0].labels.a"},
        {R"({"alerts":[],"x":tru})", Errc::invalid_literal, 20, "x"},
        {R"({"alerts":[],"x":nul)", Errc::truncated_body, 20, "x"},
        {R"({"alerts":[],"x":01})", Errc::invalid_number, 18, "x"},
        {R"({"alerts":[],"x":1.})", Errc::invalid_number, 19, "x"},
        {R"({"alerts":[],"x":-})", Errc::invalid_number, 18, "x"},
        {R"({"alerts":[],"x":"\x"})", Errc::invalid_escape, 19, "x"},
        {R"({"alerts":[],"x":"\u12g4"})", Errc::invalid_escape, 22, "x"},
        {"{\"alerts\":[],\"x\":\"\n\"}", Errc::control_character, 18, "x"},
        {"{\"alerts\":[],\"x\":\"\xff\"}", Errc::invalid_utf8, 18, "x"},
        {"{\"alerts\":[],\"x\":\"\xe2\x82\"}", Errc::invalid_utf8, 18, "x"},
        {"{\"alerts\":[],\"x\":\"\xe2\x82", Errc::truncated_body, 20, "x"},
        {R"({"alerts":[]}x)", Errc::trailing_content, 13, ""},
        {R"({"alerts":[]} {})", Errc::trailing_content, 14, ""},
        {R"({"alerts":[],})", Errc::invalid_json, 13, ""},
        {R"({"alerts":[1,]})", Errc::invalid_json, 13, "alerts"},
        {R"({"alerts":[]])", Errc::invalid_json, 12, ""},
        {R"({"alerts" []})", Errc::invalid_json, 10, ""},
        {R"({"alerts":[{"status":"firing","labels":{"a":"1","b":"2}}]})", Errc::truncated_body, 58, "alerts[0].labels.b"},
        {R"({"alerts":[{},{"startsAt":x}]})", Errc::invalid_json, 26, "alerts[1].startsAt"},
        {R"({"alerts":[{"labels":{"a":"1","b" "2"}}]})", Errc::invalid_json, 34, "alerts[0].labels"},
    };
    Parser parser;
    for (const auto& one : cases) {
        const auto& body = one.body;
        const auto& code = one.code;
        const auto& offset = one.offset;
        const auto& path = one.path;
        CAPTURE(body);
        const auto group = parser.parse(body);
        REQUIRE_FALSE(group);
        CHECK(name(group.error().code) == name(code));
        CHECK(group.error().offset == offset);
        CHECK(group.error().path == path);
    }
}

TEST_CASE("json: the first error is reported") {
    Parser parser;
    const std::string early = "{\"alerts\":[],\"x\":tru,\"y\":\"\xff\"}";
    const auto literal = parser.parse(early);
    REQUIRE_FALSE(literal);
    CHECK(literal.error().code == Errc::invalid_literal);
    CHECK(literal.error().offset == 20);
    const std::string late = "{\"alerts\":[],\"y\":\"\xff\",\"x\":tru}";
    const auto utf8 = parser.parse(late);
    REQUIRE_FALSE(utf8);
    CHECK(utf8.error().code == Errc::invalid_utf8);
    CHECK(utf8.error().offset == 18);
}
