#include "alertmap/options.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace alertmap;

namespace {
struct SampleOptions {
    std::string text = {};
    bool flag = false;
    std::optional<bool> maybe = {};
    std::size_t count = 0;
    std::string word = {};

    static constexpr Option<SampleOptions> options[] = {
        {"text", &SampleOptions::text, "a text", OptionIs::required_secret},
        {"flag", &SampleOptions::flag, "a flag"},
        {"maybe", &SampleOptions::maybe, "perhaps"},
        {"count", &SampleOptions::count, "a number"},
        {"word", &SampleOptions::word, "one of two", OptionIs::optional, "one|two"},
    };
};

Error set_error(const char* key, const char* value) {
    SampleOptions sample;
    const OptionValue option{key, value};
    return set_options(sample, {&option, 1}).error();
}
}  // namespace

TEST_CASE("options: flags") {
    const auto values = parse_options(std::vector<std::string>{"a=b", "c=", "d=e=f"});
    REQUIRE(values);
    REQUIRE(values->size() == 3);
    CHECK((*values)[0].key == "a");
    CHECK((*values)[0].value == "b");
    CHECK((*values)[1].value == "");
    CHECK((*values)[2].value == "e=f");
    CHECK(parse_options(std::vector<std::string_view>{"a=b", "s3cret"}).error() == Error{Errc::missing_value, no_offset, "options[1]"});
}

TEST_CASE("options: JSON") {
    const auto values = parse_json_options(R"( {"a":"x\ny", "b":true, "c":12, "d":null} )");
    REQUIRE(values);
    REQUIRE(values->size() == 3);
    CHECK((*values)[0].value == "x\ny");
    CHECK((*values)[1].value == "true");
    CHECK((*values)[2].value == "12");
    CHECK(parse_json_options(R"({"a":[1]})").error() == Error{Errc::wrong_type, 5, "a"});
    CHECK(parse_json_options(R"({"a":{}})").error().code == Errc::wrong_type);
    CHECK(parse_json_options(R"({"a":1)").error().code == Errc::truncated_body);
    CHECK(parse_json_options(R"({"a":})").error().code == Errc::invalid_json);
    CHECK(parse_json_options("[]").error().code == Errc::invalid_json);
    CHECK(parse_json_options("{} x").error().code == Errc::trailing_content);
}

TEST_CASE("options: members are set by name") {
    SampleOptions sample;
    const std::vector<OptionValue> values = {{"text", "t"}, {"flag", "true"}, {"maybe", "false"}, {"count", "42"}, {"word", "two"}};
    REQUIRE(set_options(sample, values));
    CHECK(sample.text == "t");
    CHECK(sample.flag);
    REQUIRE(sample.maybe.has_value());
    CHECK_FALSE(*sample.maybe);
    CHECK(sample.count == 42);
    CHECK(sample.word == "two");
    const OptionValue nothing{"word", ""};
    CHECK(set_options(sample, {&nothing, 1}));
    CHECK(sample.word.empty());
}

TEST_CASE("options: unknown names and invalid values") {
    CHECK(set_error("other", "x") == Error{Errc::unknown_name, no_offset, "other"});
    CHECK(set_error("Text", "x") == Error{Errc::unknown_name, no_offset, "Text"});
    CHECK(set_error("flag", "yes") == Error{Errc::invalid_value, no_offset, "flag"});
    CHECK(set_error("maybe", "") == Error{Errc::invalid_value, no_offset, "maybe"});
    for (const char* number : {"", "-1", "1x", " 1", "1.5", "99999999999999999999999"}) {
        CHECK(set_error("count", number) == Error{Errc::invalid_value, no_offset, "count"});
    }
    for (const char* word : {"three", "one|two", "on", "one|"})
        CHECK(set_error("word", word) == Error{Errc::invalid_value, no_offset, "word"});
}

TEST_CASE("options: the list") {
    const auto infos = option_infos<SampleOptions>();
    REQUIRE(infos.size() == 5);
    CHECK(infos[0].key == "text");
    CHECK(infos[0].doc == "a text");
    CHECK(infos[0].secret());
    CHECK(infos[0].required());
    CHECK_FALSE(infos[1].secret());
    CHECK_FALSE(infos[1].required());
    CHECK(infos[0].type == OptionType::text);
    CHECK(infos[3].type == OptionType::number);
    CHECK(infos[4].choices == "one|two");
}

TEST_CASE("options: check_options finds missing values and invalid choices") {
    SampleOptions sample;
    CHECK(check_options(sample).error() == Error{Errc::missing_value, no_offset, "text"});
    sample.text = "t";
    CHECK(check_options(sample));
    sample.word = "three";
    CHECK(check_options(sample).error() == Error{Errc::invalid_value, no_offset, "word"});
}

TEST_CASE("options: placeholders for required options") {
    static constexpr OptionInfo infos[] = {{"token", "", OptionIs::required_secret},
                                           {"hook_url", "", OptionIs::required},
                                           {"kind", "", OptionIs::required, "a|b"},
                                           {"no", ""}};
    const std::vector<OptionValue> values = placeholder_options(infos);
    REQUIRE(values.size() == 3);
    CHECK(values[0].key == "token");
    CHECK(values[0].value == "token");
    CHECK(values[1].value == "https://host.example/hook_url");
    CHECK(values[2].value == "a");
    CHECK(placeholder_options({}).empty());
}
