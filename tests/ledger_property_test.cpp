#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "alertmap/ledger.hpp"
#include "support/ledger_trial.hpp"

using namespace alertmap;
using test::LedgerTrial;

namespace {

/// SplitMix64. Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014).
std::uint64_t next_random(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

std::vector<std::uint8_t> random_bytes(std::uint64_t seed, std::size_t size) {
    std::vector<std::uint8_t> bytes(size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(next_random(seed));
    return bytes;
}

void try_histories(LedgerTrial::Kind kind) {
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        // Short ones first, as they are easier to analyse.
        const std::vector<std::uint8_t> bytes = random_bytes(seed, 20 + static_cast<std::size_t>(seed) * 5);
        const std::string wrong = LedgerTrial(kind, bytes.data(), bytes.size()).run();
        CAPTURE(seed);
        REQUIRE(wrong == "");
    }
}

}  // namespace

TEST_CASE("random histories: the vendor's open incidents match the firing alerts; repeats merge") {
    try_histories(LedgerTrial::Kind::merges);
}
TEST_CASE("random histories: an unknown resolve opens an alert; with look-ups") { try_histories(LedgerTrial::Kind::opens_on_resolve); }
TEST_CASE("random histories: repeats page again; with look-ups") { try_histories(LedgerTrial::Kind::pages_again); }
TEST_CASE("random histories: incidents of several alerts") { try_histories(LedgerTrial::Kind::several_alerts); }
