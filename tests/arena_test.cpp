#include "alertmap/arena.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "alertmap/labels.hpp"

using alertmap::Arena;
using alertmap::Label;

TEST_CASE("arena: copies and joins") {
    Arena arena;
    std::string text = "alertname";
    const std::string_view copy = arena.copy(text);
    text = "overwritten";
    CHECK(copy == "alertname");
    CHECK(arena.concat({"a", "", "bc", {}}) == "abc");
    CHECK(arena.concat({}).empty());
}

TEST_CASE("arena: an empty text is empty, not absent") {
    Arena arena;
    CHECK(arena.copy("").data() != nullptr);
    CHECK(arena.copy("").empty());
}

TEST_CASE("arena: addresses are stable while it grows") {
    Arena arena;
    std::vector<std::string> expected;
    std::vector<std::string_view> views;
    for (std::size_t i = 0; i < 2000; ++i) {
        expected.push_back(std::string(i % 97, static_cast<char>('a' + i % 26)) + std::to_string(i));
        views.push_back(arena.copy(expected.back()));
    }
    for (std::size_t i = 0; i < expected.size(); ++i) REQUIRE(views[i] == expected[i]);
}

TEST_CASE("arena: allocations larger than a block") {
    Arena arena;
    const std::string large(1'000'000, 'x');
    const std::string_view small = arena.copy("small");
    CHECK(arena.copy(large) == large);
    CHECK(small == "small");
}

TEST_CASE("arena: every allocation is aligned") {
    Arena arena;
    for (std::size_t size = 0; size < 40; ++size) {
        CHECK(reinterpret_cast<std::uintptr_t>(arena.allocate(size)) % alignof(std::max_align_t) == 0);
        Label* labels = arena.array<Label>(size);
        CHECK(reinterpret_cast<std::uintptr_t>(labels) % alignof(Label) == 0);
        for (std::size_t i = 0; i < size; ++i) labels[i] = {"name", "value"};
    }
}

TEST_CASE("arena: clear keeps the memory") {
    Arena arena;
    const std::string text(3000, 'x');
    for (int i = 0; i < 10; ++i) (void)arena.copy(text);
    arena.clear();
    const char* first = arena.copy(text).data();
    for (int i = 0; i < 9; ++i) (void)arena.copy(text);
    arena.clear();
    CHECK(arena.copy(text).data() == first);
    Arena untouched;
    untouched.clear();
    CHECK(untouched.copy("a") == "a");
}

TEST_CASE("arena: the moved-to and moved-from arenas are independent") {
    Arena first;
    const std::string_view before = first.copy("before");
    Arena second = std::move(first);
    CHECK(before == "before");
    const std::string_view in_second = second.copy("second");
    const std::string_view in_first = first.copy("first!");  // NOLINT(bugprone-use-after-move): what it is must be known
    CHECK(in_second == "second");
    CHECK(in_first == "first!");
    second = std::move(first);
    CHECK(in_first == "first!");
    CHECK(first.copy("x") == "x");
    CHECK(in_first == "first!");
}

static_assert(!std::is_copy_constructible_v<Arena>);
static_assert(std::is_nothrow_move_constructible_v<Arena> && std::is_nothrow_move_assignable_v<Arena>);
