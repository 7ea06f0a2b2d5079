#include "alertmap/result.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

using alertmap::Errc;
using alertmap::Error;
using alertmap::Result;

namespace {
Result<std::string> text(bool good) {
    if (!good) return Errc::invalid_syntax;
    return std::string("value");
}
Result<void> nothing(bool good) {
    if (!good) return Error{Errc::invalid_value, 7, "member"};
    return {};
}
}  // namespace

TEST_CASE("result: true means success") {
    Result<std::string> good = text(true);
    CHECK(good);
    CHECK(good.has_value());
    CHECK(*good == "value");
    CHECK(good->size() == 5);
    CHECK(good.value() == "value");
    CHECK(std::as_const(good).value() == "value");
    CHECK(good.value_or("other") == "value");
    good.value() += "s";
    CHECK(*std::as_const(good) == "values");
    CHECK(std::as_const(good)->size() == 6);
}

TEST_CASE("result: false means the error, with nowhere to point at unless told") {
    const Result<std::string> bad = text(false);
    CHECK_FALSE(bad);
    CHECK_FALSE(bad.has_value());
    CHECK(bad.error() == Error{Errc::invalid_syntax, alertmap::no_offset, {}});
    CHECK(bad.value_or("other") == "other");
    const Result<std::string> placed = Error{Errc::invalid_url, 12, "url"};
    CHECK(placed.error().offset == 12);
    CHECK(placed.error().path == "url");
}

TEST_CASE("result: a value can be moved out, move-only ones too") {
    Result<std::unique_ptr<int>> owner = std::make_unique<int>(5);
    REQUIRE(owner);
    const std::unique_ptr<int> taken = std::move(owner).value();
    CHECK(*taken == 5);
}

TEST_CASE("result: success without a value") {
    CHECK(nothing(true));
    CHECK(nothing(true).has_value());
    const Result<void> bad = nothing(false);
    CHECK_FALSE(bad);
    CHECK_FALSE(bad.has_value());
    CHECK(bad.error() == Error{Errc::invalid_value, 7, "member"});
    CHECK(Result<void>(Errc::invalid_value).error().code == Errc::invalid_value);
}

static_assert(!std::is_convertible_v<Result<std::string>, bool>, "no accidental truth");
static_assert(std::is_nothrow_move_constructible_v<Result<std::string>>);
