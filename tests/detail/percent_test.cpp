#include "alertmap/detail/percent.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/detail/ascii.hpp"

using namespace alertmap;

namespace {

std::string percent_encoded(std::string_view text) {
    std::string out(detail::percent_room(text.size()), '#');
    out.resize(static_cast<std::size_t>(detail::percent_encode(out.data(), text) - out.data()));
    return out;
}

}  // namespace

TEST_CASE("percent: each byte") {
    for (int i = 0; i < 256; ++i) {
        const std::string text(1, static_cast<char>(i));
        const std::string made = percent_encoded(text);
        const bool plain = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~").find(text) != text.npos;
        if (plain) {
            CHECK(made == text);
        } else {
            REQUIRE(made.size() == 3);
            CHECK(made[0] == '%');
            CHECK(16 * detail::hex_value(made[1]) + detail::hex_value(made[2]) == i);
        }
    }
}

TEST_CASE("percent: texts") {
    CHECK(percent_encoded("") == "");
    CHECK(percent_encoded("a b&c=d/\u00e4") == "a%20b%26c%3Dd%2F%C3%A4");
    CHECK(percent_encoded(std::string(100, '%')).size() == 300);
}
