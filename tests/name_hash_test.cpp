#include "../src/name_hash.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

using namespace alertmap;
using detail::NameHash;

namespace {

/// Maximum number of names in one slot of a table with as many slots, and whether two hashes are equal.
struct Crowd {
    std::size_t most_in_a_slot = 0;
    bool same_hash = false;
};

Crowd crowd_of(const std::vector<std::string>& names, const NameHash& hash) {
    std::vector<std::size_t> slots(2 * names.size());
    std::vector<std::uint64_t> hashes;
    Crowd crowd;
    for (const std::string& name : names) {
        hashes.push_back(hash(name));
        crowd.most_in_a_slot = std::max(crowd.most_in_a_slot, ++slots[static_cast<std::size_t>(hashes.back()) & (slots.size() - 1)]);
    }
    std::sort(hashes.begin(), hashes.end());
    crowd.same_hash = std::adjacent_find(hashes.begin(), hashes.end()) != hashes.end();
    return crowd;
}

/// 4096 names of 24 words: in each second pair of words, either nothing is changed, or bit 62 of the first word and bits 62 and 30 (or
/// others) of the second are inverted. They all collide in a hash that multiplies by a known number and only shifts the result down.
std::vector<std::string> flood(std::uint64_t of_first, std::uint64_t of_second) {
    std::vector<std::string> names;
    for (std::size_t choice = 0; choice < 4096; ++choice) {
        std::string name;
        for (std::size_t pair = 0; pair < 12; ++pair) {
            for (const std::uint64_t bits : {of_first, of_second}) {
                for (unsigned byte = 0; byte < 8; ++byte) {
                    const std::uint64_t turned = (choice >> pair & 1) != 0 ? bits >> (8 * byte) & 0xff : 0;
                    name += static_cast<char>('a' ^ turned);
                }
            }
        }
        names.push_back(name);
    }
    return names;
}

}  // namespace

TEST_CASE("name hash: words that differ in their highest bits do not collide") {
    constexpr std::uint64_t bit_62 = std::uint64_t{1} << 62;
    constexpr std::uint64_t bit_30 = std::uint64_t{1} << 30;
    for (const std::uint64_t of_second : {bit_62 | bit_30, bit_62, bit_30, std::uint64_t{0}}) {
        const std::vector<std::string> names = flood(bit_62, of_second);
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            CAPTURE(seed);
            const Crowd crowd = crowd_of(names, NameHash(0x7f0000001000 + 4096 * seed, 0x7f1200000010 + 64 * seed));
            CHECK_FALSE(crowd.same_hash);
            CHECK(crowd.most_in_a_slot <= 9);
        }
    }
}

TEST_CASE("name hash: names of every size, and names that differ in one byte") {
    const NameHash hash(1, 2);
    std::vector<std::string> names;
    for (std::size_t size = 0; size < 40; ++size) {
        names.emplace_back(size, 'a');
        names.emplace_back(size + 1, '\0');
        for (std::size_t place = 0; place < size; ++place) {
            names.emplace_back(size, 'a');
            names.back()[place] = 'b';
        }
    }
    CHECK_FALSE(crowd_of({names.begin(), names.begin() + 512}, hash).same_hash);
    for (const std::string& name : names) CHECK(hash(name) == hash(std::string(name)));
    CHECK(hash("alertname") != NameHash(1, 3)("alertname"));
    CHECK(hash("alertname") != NameHash(2, 2)("alertname"));
}
