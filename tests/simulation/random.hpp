#pragma once

#include <cstdint>

namespace simulation {

/// splitmix64: portable results, unlike the distributions of <random>.
class Random {
 public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed * 0x9e3779b97f4a7c15 + 0x632be59bd9b4e019) {}

    std::uint64_t next() noexcept {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    /// From `low` to `high`, inclusive.
    std::int64_t between(std::int64_t low, std::int64_t high) noexcept {
        return high <= low ? low : low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
    }
    bool chance(double probability) noexcept { return static_cast<double>(next() >> 11) * 0x1p-53 < probability; }
    /// Log-uniform: each doubling of the length is equally likely.
    std::int64_t log_between(std::int64_t low, std::int64_t high) noexcept {
        int doublings = 0;
        while ((low << (doublings + 1)) <= high) ++doublings;
        const std::int64_t from = low << between(0, doublings);
        const std::int64_t to = 2 * from;
        return between(from, to < high ? to : high);
    }
    template <class List>
    const auto& one_of(const List& list) noexcept {
        return list[static_cast<std::size_t>(next() % list.size())];
    }

 private:
    std::uint64_t state_;
};

}  // namespace simulation
