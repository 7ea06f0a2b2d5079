#include "../src/storage.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <limits>

using namespace alertmap;
using detail::Store;

TEST_CASE("storage: impossible sizes fail, and values are kept") {
    constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();
    Store<std::uint64_t> store;
    REQUIRE(store.push(1));
    REQUIRE(store.push(2));
    const std::size_t bytes = store.bytes();
    // Some sizes do not fit into size_t, the others not into ptrdiff_t.
    for (const std::size_t count : {largest, largest / 8 + 2, largest / 8 + 1, largest / 8, largest / 16 + 1}) {
        CAPTURE(count);
        CHECK_FALSE(store.reserve(count));
        CHECK(store.bytes() == bytes);
        CHECK(store.size() == 2);
        CHECK(store.data()[0] == 1);
        CHECK(store.data()[1] == 2);
    }
}

TEST_CASE("storage: push grows") {
    Store<std::uint32_t> store;
    for (std::uint32_t i = 0; i < 10'000; ++i) REQUIRE(store.push(i));
    CHECK(store.size() == 10'000);
    bool same = true;
    for (std::uint32_t i = 0; i < 10'000; ++i) same = same && store.data()[i] == i;
    CHECK(same);
    CHECK(store.bytes() >= 40'000);
}
