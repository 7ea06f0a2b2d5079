#include "alertmap/text.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>

#include "alertmap/arena.hpp"
#include "alertmap/buffer.hpp"

using alertmap::Text;

static_assert(std::is_trivially_copyable_v<Text>);
static_assert(std::is_convertible_v<Text, std::string_view>);
static_assert(std::is_convertible_v<const std::string&, Text> && std::is_convertible_v<std::string&, Text>);
static_assert(std::is_convertible_v<std::string_view, Text> && std::is_convertible_v<const char*, Text>);
static_assert(!std::is_convertible_v<std::string, Text> && !std::is_constructible_v<Text, std::string&&>);
static_assert(!std::is_constructible_v<Text, const std::string&&>);
static_assert(!std::is_constructible_v<Text, alertmap::Buffer> && std::is_constructible_v<Text, const alertmap::Buffer&>);
static_assert(!std::is_constructible_v<Text, std::nullptr_t>);
static_assert(!std::is_assignable_v<Text&, std::string>);
static_assert(Text("abc").size() == 3 && Text("abc") == "abc" && Text().data() == nullptr);

TEST_CASE("text: absent and empty") {
    CHECK(Text().data() == nullptr);
    CHECK(Text().empty());
    CHECK(Text("").data() != nullptr);
    CHECK(Text("").empty());
    CHECK(Text() == "");
    CHECK(Text::literal<"">().empty());
}

TEST_CASE("text: used like a std::string_view") {
    const std::string owner = "alertname";
    const Text text = owner;
    CHECK(text.data() == owner.data());
    CHECK(text.size() == 9);
    CHECK(text.length() == 9);
    CHECK(text[5] == 'n');
    CHECK(text.front() == 'a');
    CHECK(text.back() == 'e');
    CHECK(std::string(text.begin(), text.end()) == owner);
    CHECK(std::string(text) == owner);
    CHECK((owner + std::string(text)).size() == 18);
    CHECK(std::string("x").append(text) == "xalertname");
    CHECK(text.starts_with("alert"));
    CHECK(text.starts_with('a'));
    CHECK(text.ends_with("name"));
    CHECK(text.ends_with('e'));
    CHECK(text.contains("rtn"));
    CHECK_FALSE(text.contains('z'));
    CHECK(text.find("name") == 5);
    CHECK(text.find('e') == 2);
    CHECK(text.find('e', 3) == 8);
    CHECK(text.rfind('a') == 6);
    CHECK(text.rfind("a", 5) == 0);
    CHECK(text.find_first_of("tr") == 3);
    CHECK(text.find_last_of("tr") == 4);
    CHECK(text.find_first_not_of("al") == 2);
    CHECK(text.find_last_not_of("em") == 6);
    CHECK(text.compare("alertnamf") < 0);
    CHECK(text.view() == owner);
}

TEST_CASE("text: substr is within bounds") {
    const Text text = "alertname";
    CHECK(text.substr(5) == "name");
    CHECK(text.substr(0, 5) == "alert");
    CHECK(text.substr(9).empty());
    CHECK(text.substr(10).empty());
    CHECK(text.substr(5, 100) == "name");
    Text rest = text;
    rest.remove_prefix(5);
    rest.remove_suffix(1);
    CHECK(rest == "nam");
}

TEST_CASE("text: compared by bytes only") {
    const std::string a = "a";
    const std::string_view b = "b";
    CHECK(Text(a) == a);
    CHECK(a == Text(a));
    CHECK(Text(a) != b);
    CHECK(b != Text(a));
    CHECK(Text(a) < b);
    CHECK(b > Text(a));
    CHECK(Text(a) <= Text("a"));
    CHECK(Text::literal<"a">() == Text(a));
    CHECK(std::hash<Text>{}(Text::literal<"a">()) == std::hash<std::string_view>{}("a"));
    const std::unordered_set<Text> set = {a, b, Text::literal<"a">()};
    CHECK(set.size() == 2);
    const std::map<Text, int> map = {{b, 2}, {a, 1}};
    CHECK(map.begin()->second == 1);
}

TEST_CASE("text: printed") {
    std::ostringstream out;
    out << Text("a b") << '|' << Text();
    CHECK(out.str() == "a b|");
}

TEST_CASE("text: kinds") {
    CHECK_FALSE(Text("plain").needs_no_escape());
    const Text word = Text::literal<"plain">();
    CHECK(word.needs_no_escape());
    CHECK(word.substr(1, 2).needs_no_escape());
    CHECK_FALSE(Text(word.view()).needs_no_escape());
    alertmap::Arena arena;
    CHECK(arena.copy("plain").needs_no_escape());
    CHECK(arena.copy(std::string(1000, 'x') + "y").needs_no_escape());
    for (const char odd : std::string_view("\"\\<>&\n\x1f\xe2\0", 9)) {
        for (const std::size_t before : {0u, 1u, 7u, 8u, 15u, 16u, 40u}) {
            CHECK_FALSE(arena.copy(std::string(before, 'x') + odd + "yz").needs_no_escape());
        }
    }
    for (const std::string_view plain : {"Zürich", "\x7f", "障害", ""}) CHECK(arena.copy(plain).needs_no_escape());
}
