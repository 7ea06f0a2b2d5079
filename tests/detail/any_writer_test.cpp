#include "alertmap/detail/any_writer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace alertmap;

namespace {

/// Counts its instances.
struct Counted {
    static constexpr std::string_view name = "counted";
    static constexpr std::string_view doc = "counts its copies";
    inline static int alive = 0;

    std::string prefix = {};
    static constexpr Option<Counted> options[] = {{"prefix", &Counted::prefix, "what comes first"}};

    Counted() { ++alive; }
    Counted(const Counted& other) : prefix(other.prefix) { ++alive; }
    Counted(Counted&& other) noexcept : prefix(std::move(other.prefix)) { ++alive; }
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --alive; }

    Result<void> write(const int& input, Buffer& out) const {
        if (input < 0) return Errc::invalid_value;
        out.append(prefix + std::to_string(input));
        return {};
    }
    Result<Request> request(const int& input) const { return Request{"POST", prefix + std::to_string(input), {}, {}, {}}; }
};

using Any = detail::AnyWriter<int>;

}  // namespace

TEST_CASE("any_writer: calls the struct inside; copies share it") {
    {
        Counted counted;
        counted.prefix = "n";
        const Any any(std::move(counted));
        CHECK(Counted::alive == 2);
        const Any copy = any;
        std::vector<Any> more(10, copy);
        CHECK(Counted::alive == 2);
        Buffer out;
        CHECK(more[9].write(7, out));
        CHECK(out.view() == "n7");
        CHECK(copy.write(-1, out).error().code == Errc::invalid_value);
        CHECK(any.request(8)->url == "n8");
    }
    CHECK(Counted::alive == 0);
}

TEST_CASE("any_writer: made by name") {
    static constexpr Kind<Any> kinds[] = {kind_of<Any, Counted>()};
    CHECK(kinds[0].doc == "counts its copies");
    REQUIRE(kinds[0].options.size() == 1);
    const std::vector<OptionValue> options = {{"prefix", "p"}};
    const Result<Any> made = detail::make_by_name<Any>(kinds, "counted", options);
    REQUIRE(made);
    CHECK(made->request(1)->url == "p1");
    CHECK(detail::make_by_name<Any>(kinds, "Counted", options).error() == Error{Errc::unknown_name, no_offset, ""});
    const std::vector<OptionValue> wrong = {{"suffix", "p"}};
    CHECK(detail::make_by_name<Any>(kinds, "counted", wrong).error() == Error{Errc::unknown_name, no_offset, "suffix"});
}
