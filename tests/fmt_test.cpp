#include "alertmap/fmt.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string_view>

#include "support/formatting.hpp"

TEST_CASE("fmt writes enumerators, errors, texts and times") {
    check_formatting([](std::string_view text, const auto&... values) { return fmt::format(fmt::runtime(text), values...); });
    // Checked at compile time.
    CHECK(fmt::format("{:>8}", alertmap::Status::firing) == "  firing");
}
