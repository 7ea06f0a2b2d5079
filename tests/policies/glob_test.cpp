#include "alertmap/policies/glob.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace alertmap;

TEST_CASE("glob: matches the whole text") {
    CHECK(matches_glob("severity", "severity"));
    CHECK_FALSE(matches_glob("severity", "sever"));
    CHECK_FALSE(matches_glob("Severity", "severity"));
    CHECK(matches_glob("kubernetes_namespace", "kubernetes_*"));
    CHECK(matches_glob("kubernetes_", "kubernetes_*"));
    CHECK(matches_glob("a.b.c", "*.c"));
    CHECK(matches_glob("aXbXc", "a*b*c"));
    CHECK_FALSE(matches_glob("aXbX", "a*b*c"));
    CHECK(matches_glob("ab", "?b"));
    CHECK_FALSE(matches_glob("b", "?b"));
    CHECK(matches_glob("", ""));
    CHECK(matches_glob("", "**"));
    CHECK_FALSE(matches_glob("a", ""));
    CHECK(matches_glob("a*b", "a\\*b"));
    CHECK_FALSE(matches_glob("axb", "a\\*b"));
    CHECK(matches_glob("a\\", "a\\"));  // a trailing backslash is literal
    CHECK(matches_any_glob("b", {"a", "b*"}));
    CHECK_FALSE(matches_any_glob("b", {}));
}

TEST_CASE("glob: hostile patterns take polynomial time") {
    const std::string text(2'000, 'a');
    std::string pattern;
    for (int i = 0; i < 50; ++i) pattern += "*a";
    CHECK_FALSE(matches_glob(text, pattern + "b"));
}
