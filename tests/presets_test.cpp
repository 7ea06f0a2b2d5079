#include "alertmap/presets.hpp"

#include <doctest/doctest.h>

using namespace alertmap;

TEST_CASE("presets: by name") {
    CHECK(*find_preset("rootly") == preset::rootly());
    CHECK(*find_preset("recommended") == Mapping{});
    REQUIRE_FALSE(find_preset("Rootly"));
    CHECK(find_preset("Rootly").error().code == Errc::unknown_name);
    for (const Preset& preset : presets()) {
        CHECK(*find_preset(preset.name) == preset.make());
        CHECK_FALSE(preset.about.empty());
    }
}
