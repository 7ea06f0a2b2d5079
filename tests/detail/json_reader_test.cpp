#include "alertmap/detail/json_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/files.hpp"
#include "support/json.hpp"

using namespace alertmap;
using detail::JsonReader;
using detail::JsonType;

namespace {

/// The error of skip() on the whole text.
Error error_of(std::string_view text) {
    JsonReader json(text);
    CHECK_FALSE((json.skip() && json.finish()));
    CHECK(json.failed());
    return json.error();
}

}  // namespace

TEST_CASE("json reader: reads a text value by value") {
    JsonReader json(R"( {"text":"a\u0041\n","number":-1.5e3,"truth":true,"lie":false,"nothing":null,"list":[1,[],{}],"empty":{},"":""} )");
    std::string name;
    std::string text;
    std::vector<std::string> names;
    REQUIRE(json.type() == JsonType::object);
    for (json.begin_object(); json.next_member(name);) {
        names.push_back(name);
        if (name == "text") {
            CHECK(json.type() == JsonType::string);
            CHECK(json.string(text));
            CHECK(text == "aA\n");
        } else if (name == "number") {
            std::string_view number;
            CHECK(json.type() == JsonType::number);
            CHECK(json.number(number));
            CHECK(number == "-1.5e3");
        } else if (name == "truth" || name == "lie") {
            bool truth = false;
            CHECK(json.type() == JsonType::boolean);
            CHECK(json.boolean(truth));
            CHECK(truth == (name == "truth"));
        } else if (name == "nothing") {
            CHECK(json.type() == JsonType::null);
            CHECK(json.null());
        } else if (name == "list") {
            std::vector<std::string_view> elements;
            for (json.begin_array(); json.next_element();) CHECK(json.skip(elements.emplace_back()));
            CHECK(elements == std::vector<std::string_view>{"1", "[]", "{}"});
        } else if (name == "empty") {
            CHECK(json.begin_object());
            CHECK_FALSE(json.next_member(text));
        } else {
            CHECK(json.string(text));
            CHECK(text.empty());
        }
    }
    CHECK(names.size() == 8);
    CHECK(json.finish());
    CHECK_FALSE(json.failed());
}

TEST_CASE("json reader: RFC 8259") {
    for (const auto& path : test::files("conformance/valid")) {
        CAPTURE(path.stem().string());
        const std::string text = test::read_file(path);
        JsonReader json(text);
        CHECK(json.skip());
        CHECK(json.finish());
        test::Json expected;
        REQUIRE(test::JsonText(text).read(expected));
        if (expected.kind == test::Json::Kind::string) {
            JsonReader reader(text);
            std::string value;
            CHECK(reader.string(value));
            CHECK(value == expected.text);
        }
    }
    for (const auto& path : test::files("conformance/invalid")) {
        CAPTURE(path.stem().string());
        const std::string text = test::read_file(path);
        test::Json json;
        test::JsonText second(text);
        REQUIRE_FALSE(second.read(json));
        CHECK(error_of(text).offset == second.offset());
    }
}

TEST_CASE("json reader: error codes and offsets") {
    CHECK(error_of("") == Error{Errc::truncated_body, 0, {}});
    CHECK(error_of("[1,") == Error{Errc::truncated_body, 3, {}});
    CHECK(error_of("[1 2]") == Error{Errc::invalid_json, 3, {}});
    CHECK(error_of("[1,]") == Error{Errc::invalid_json, 3, {}});
    CHECK(error_of("{\"a\":tru}") == Error{Errc::invalid_literal, 8, {}});
    CHECK(error_of("01") == Error{Errc::invalid_number, 1, {}});
    CHECK(error_of("\"\\x\"") == Error{Errc::invalid_escape, 2, {}});
    CHECK(error_of("\"\t\"") == Error{Errc::control_character, 1, {}});
    CHECK(error_of("\"a\xff\"") == Error{Errc::invalid_utf8, 2, {}});
    CHECK(error_of("\xff") == Error{Errc::invalid_utf8, 0, {}});
    CHECK(error_of("1 x") == Error{Errc::trailing_content, 2, {}});
}

TEST_CASE("json reader: after a failure every call fails, and the first error stays") {
    JsonReader json("[tru,1]");
    CHECK(json.begin_array());
    CHECK(json.next_element());
    bool truth = false;
    CHECK_FALSE(json.boolean(truth));
    const Error first = json.error();
    std::string text;
    std::string_view number;
    CHECK_FALSE(json.next_element());
    CHECK_FALSE(json.begin_object());
    CHECK_FALSE(json.string(text));
    CHECK_FALSE(json.number(number));
    CHECK_FALSE(json.null());
    CHECK_FALSE(json.skip());
    CHECK_FALSE(json.finish());
    CHECK(json.type() == JsonType::none);
    CHECK(json.error() == first);
}

TEST_CASE("json reader: an unexpected type is a failure") {
    std::string text;
    std::string_view number;
    bool truth = false;
    CHECK_FALSE(JsonReader("1").string(text));
    CHECK_FALSE(JsonReader("\"1\"").number(number));
    CHECK_FALSE(JsonReader("0").boolean(truth));
    CHECK_FALSE(JsonReader("false").null());
    CHECK_FALSE(JsonReader("[]").begin_object());
    CHECK_FALSE(JsonReader("{}").begin_array());
}

TEST_CASE("json reader: depth limit") {
    const auto deep = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    const auto skips = [](const std::string& text, std::size_t max_depth) { return JsonReader(text, max_depth).skip(); };
    CHECK(skips(deep(64), 64));
    CHECK_FALSE(skips(deep(65), 64));
    CHECK(skips(deep(3), 3));
    CHECK(error_of(deep(65)).code == Errc::too_deep);
    const std::string four = deep(4);
    JsonReader walked(four, 3);
    CHECK(walked.begin_array());
    CHECK(walked.next_element());
    CHECK(walked.begin_array());
    CHECK(walked.next_element());
    CHECK(walked.begin_array());
    CHECK(walked.next_element());
    CHECK_FALSE(walked.begin_array());
    CHECK(walked.code() == Errc::too_deep);
    CHECK(walked.offset() == 3);
    const std::string endless(100'000, '[');
    JsonReader any(endless, static_cast<std::size_t>(-1));
    CHECK_FALSE(any.skip());
}

TEST_CASE("json reader: lone surrogates become U+FFFD") {
    std::string text;
    CHECK(JsonReader(R"("\ud83d!\udd25\ud83d\udd25")").string(text));
    CHECK(text == "\ufffd!\ufffd🔥");
}
