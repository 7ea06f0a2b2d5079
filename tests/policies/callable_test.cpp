#include "alertmap/policies/callable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("a callable is empty, or calls") {
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

TEST_CASE("callables are equal only if there is nothing in them") {
    const Callable<bool> none;
    const Callable<bool> some = [](const Subject&, Arena&) { return true; };
    CHECK(none == Callable<bool>());
    CHECK_FALSE(some == none);
    CHECK_FALSE(some == some);
}

TEST_CASE("copies share the function, what was moved from is empty") {
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
