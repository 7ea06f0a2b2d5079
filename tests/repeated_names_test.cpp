#include "../src/repeated_names.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../src/name_hash.hpp"
#include "../src/storage.hpp"

using namespace alertmap;
using detail::NameHash;
using detail::RepeatedNames;

namespace {

struct Named {
    std::string_view name;
};

/// Compares the result with that of a map.
bool agrees(const std::vector<std::string>& names, detail::Store<std::uint64_t>& memory) {
    std::vector<Named> all;
    std::map<std::string_view, std::size_t> last;
    for (std::size_t i = 0; i < names.size(); ++i) {
        all.push_back({names[i]});
        last[names[i]] = i;
    }
    RepeatedNames repeated(memory);
    if (!repeated.find(all.data(), all.size(), NameHash(17, names.size()))) return false;
    bool same = repeated.count() == names.size() - last.size();
    for (std::size_t i = 0; i < names.size(); ++i) same = same && repeated.comes_again(i) == (last[names[i]] != i);
    return same;
}

/// Names in random order, with `kinds` different ones.
std::vector<std::string> shuffled(std::size_t count, std::size_t kinds) {
    std::vector<std::string> names;
    std::uint64_t state = count * 31 + kinds;
    for (std::size_t i = 0; i < count; ++i) {
        state = state * 6364136223846793005 + 1442695040888963407;
        names.push_back("n" + std::to_string((state >> 33) % kinds));
    }
    return names;
}

}  // namespace

TEST_CASE("repeated names: sets of every size, with and without duplicates") {
    detail::Store<std::uint64_t> memory;
    for (std::size_t count = 0; count < 70; ++count) {
        CAPTURE(count);
        CHECK(agrees(shuffled(count, 1'000'000'007), memory));
        CHECK(agrees(shuffled(count, count / 2 + 1), memory));
        CHECK(agrees(shuffled(count, 1), memory));
    }
    // One part, the smallest size with two parts, and many parts.
    for (const std::size_t count : {std::size_t{4096}, std::size_t{4097}, std::size_t{8193}, std::size_t{100'000}}) {
        CAPTURE(count);
        CHECK(agrees(shuffled(count, 1'000'000'007), memory));
        CHECK(agrees(shuffled(count, count / 3), memory));
        CHECK(agrees(shuffled(count, 3), memory));
        CHECK(agrees(shuffled(count, 1), memory));
    }
}
