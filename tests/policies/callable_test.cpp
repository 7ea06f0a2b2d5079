#include "alertmap/policies/callable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("callable: empty, or calls its function") {
    Sample s;
    s.firing({{"a", "1"}});
    Callable<std::string_view> none;
    CHECK_FALSE(none);
    const std::string prefix = "label ";
    const Callable<std::string_view> some = [prefix](const Subject& subject, Arena& arena) {
        return arena.concat({prefix, subject.labels().get("a")});
    };
    REQUIRE(some);
    CHECK(some(s.one(), s.arena) == "label 1");
}

TEST_CASE("callable: equal only if both are empty") {
    const Callable<bool> none;
    const Callable<bool> some = [](const Subject&, Arena&) { return true; };
    CHECK(none == Callable<bool>());
    CHECK_FALSE(some == none);
    CHECK_FALSE(some == some);
}

TEST_CASE("callable: copies share the function, a moved-from one is empty") {
    Sample s;
    s.firing({});
    const std::string text = "longer than what a small string holds in itself";
    Callable<std::string_view> one = [text](const Subject&, Arena&) { return std::string_view(text); };
    const Callable<std::string_view> two = one;
    CHECK(one(s.one(), s.arena).data() == two(s.one(), s.arena).data());
    const Callable<std::string_view> three = std::move(one);
    CHECK_FALSE(one);
    CHECK(three(s.one(), s.arena) == text);
}
