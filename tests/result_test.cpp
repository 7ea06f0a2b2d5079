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

TEST_CASE("result: false means failure; without offset and path by default") {
    const Result<std::string> bad = text(false);
    CHECK_FALSE(bad);
    CHECK_FALSE(bad.has_value());
    CHECK(bad.error() == Error{Errc::invalid_syntax, alertmap::no_offset, {}});
    CHECK(bad.value_or("other") == "other");
    const Result<std::string> placed = Error{Errc::invalid_url, 12, "url"};
    CHECK(placed.error().offset == 12);
    CHECK(placed.error().path == "url");
}

TEST_CASE("result: the error of a successful result equals no code") {
    const Result<std::string> good = text(true);
    const Result<void> done = nothing(true);
    for (unsigned code = 1; code <= static_cast<unsigned>(Errc::unsupported_transition); ++code) {
        CHECK_FALSE(good.error() == static_cast<Errc>(code));
        CHECK_FALSE(done.error() == static_cast<Errc>(code));
    }
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

TEST_CASE("result: and_then, transform, or_else") {
    const auto length = [](const std::string& value) { return value.size(); };
    const auto checked = [](const std::string& value) -> Result<int> {
        if (value.empty()) return Errc::missing_value;
        return static_cast<int>(value.size());
    };
    CHECK(*text(true).transform(length) == 5);
    CHECK(text(false).transform(length).error() == Errc::invalid_syntax);
    CHECK(*text(true).and_then(checked) == 5);
    CHECK(text(false).and_then(checked).error() == Errc::invalid_syntax);
    const Result<std::string> empty = std::string();
    CHECK(empty.and_then(checked).error() == Errc::missing_value);
    const auto other = [](const Error& error) -> Result<std::string> { return std::string(name(error.code)); };
    CHECK(*text(true).or_else(other) == "value");
    CHECK(*text(false).or_else(other) == "invalid_syntax");
    std::size_t seen = 0;
    const Result<void> looked = text(true).transform([&](const std::string& value) { seen = value.size(); });
    CHECK(looked);
    CHECK(seen == 5);
    CHECK(*nothing(true).and_then([] { return Result<int>(7); }) == 7);
    CHECK(nothing(false).and_then([] { return Result<int>(7); }).error() == Errc::invalid_value);
    CHECK(nothing(false).or_else([](const Error&) { return Result<void>(); }));
}

TEST_CASE("result: move-only values in and_then, transform, or_else") {
    const auto make = [](bool good) -> Result<std::unique_ptr<int>> {
        if (!good) return Errc::out_of_memory;
        return std::make_unique<int>(5);
    };
    CHECK(*make(true).value_or(nullptr) == 5);
    CHECK(make(false).value_or(nullptr) == nullptr);
    CHECK(*make(true).transform([](std::unique_ptr<int> value) { return *value; }) == 5);
    CHECK(*make(true).and_then([](std::unique_ptr<int> value) { return Result<int>(*value + 1); }) == 6);
    CHECK(**make(false).or_else([&](const Error&) { return make(true); }) == 5);
}
