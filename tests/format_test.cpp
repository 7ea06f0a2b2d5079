#include "alertmap/format.hpp"

#include <doctest/doctest.h>

#include <format>
#include <string_view>

#include "support/formatting.hpp"

TEST_CASE("std::format writes enumerators, errors, texts and times") {
    check_formatting([](std::string_view text, const auto&... values) { return std::vformat(text, std::make_format_args(values...)); });
    // Checked at compile time.
    CHECK(std::format("{:>8}", alertmap::Status::firing) == "  firing");
}
