#include "../src/escape_search.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "alertmap/detail/compat.hpp"

using namespace alertmap;

namespace {

/// Reference: positions of escapes, byte by byte.
std::vector<std::size_t> escapes_by_reading(const std::vector<char>& body) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] == '\\') places.push_back(i++);
    }
    return places;
}

template <class AnyBlock>
std::vector<std::size_t> escapes_by_search(const std::vector<char>& body) {
    const char* const first = body.data();
    const char* const end = first + body.size();
    std::vector<std::size_t> places;
    for (auto at = detail::EscapeSearch<AnyBlock>::first(first, end); at.place != end; at = at.next(first, end)) {
        places.push_back(static_cast<std::size_t>(at.place - first));
    }
    return places;
}

/// A vector of exact size: the address sanitizer detects reads beyond it.
bool finds_all_escapes(const std::string& text) {
    const std::vector<char> body(text.begin(), text.end());
    const std::vector<std::size_t> places = escapes_by_reading(body);
    return escapes_by_search<detail::Block>(body) == places && escapes_by_search<detail::WordBlock>(body) == places;
}

}  // namespace

TEST_CASE("escape search: one escape at each position of bodies of each size") {
    bool all = true;
    for (std::size_t size = 2; size <= 200; ++size) {
        all = all && finds_all_escapes(std::string(size, 'a'));
        for (std::size_t place = 0; place + 1 < size; ++place) {
            std::string body(size, 'a');
            body[place] = '\\';
            all = all && finds_all_escapes(body);
        }
    }
    CHECK(all);
}

TEST_CASE("escape search: escaped backslashes across window boundaries") {
    bool all = true;
    for (std::size_t before = 0; before < 140; ++before) {
        for (std::size_t run = 1; run <= 6; ++run) {
            for (const std::size_t behind : std::initializer_list<std::size_t>{1, 31, 62, 63, 64, 65, 130}) {
                const std::string body = std::string(before, 'a') + std::string(run, '\\') + std::string(behind, 'n') + "\\\\" + "n";
                all = all && finds_all_escapes(body);
            }
        }
    }
    CHECK(all);
}

TEST_CASE("escape search: random distances between escapes") {
    std::uint64_t state = 1;
    const auto below = [&](std::size_t limit) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>(state >> 33) % limit;
    };
    bool all = true;
    for (int round = 0; round < 2000; ++round) {
        std::string body;
        const std::size_t rarity = std::size_t{1} << below(9);
        const std::size_t size = below(600);
        while (body.size() < size) {
            if (below(rarity) == 0) body += '\\';
            body += below(3) == 0 ? '\\' : 'a';
            if (body.back() == '\\') body += below(2) == 0 ? '\\' : 'n';
        }
        body += '"';
        all = all && finds_all_escapes(body);
    }
    CHECK(all);
}
