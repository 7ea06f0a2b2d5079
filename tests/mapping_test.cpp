#include "alertmap/mapping.hpp"

#include <doctest/doctest.h>

#include "alertmap/presets.hpp"

using namespace alertmap;

TEST_CASE("mapping: with a user function it equals no other") {
    Mapping mapping;
    CHECK(mapping == preset::recommended());
    mapping.heartbeat.function = [](const Subject&, Arena&) { return false; };
    CHECK_FALSE(mapping == preset::recommended());
    CHECK_FALSE(mapping == mapping);
}
