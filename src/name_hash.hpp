#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/detail/compat.hpp"

namespace alertmap::detail {

/// Keyed hash of names: each word is multiplied by a number that senders do not know, and both halves of the product are used. No two words
/// collide under every key, so a sender cannot construct names that share a slot.
class NameHash {
 public:
    /// The key is derived from the seeds.
    NameHash(std::uint64_t first_seed, std::uint64_t second_seed) noexcept
        : start_(mixed(first_seed + 0x9e3779b97f4a7c15)), factor_(mixed(second_seed + start_) | 1) {}

    [[nodiscard]] std::uint64_t operator()(std::string_view name) const noexcept {
        const std::size_t size = name.size();
        std::uint64_t state = start_;
        const auto mix = [&](std::uint64_t word) { state = multiply_fold(state ^ word, factor_); };
        std::uint64_t last = 0;
        if (size < sizeof last) {
            last = few_bytes(name.data(), size);
        } else {
            for (std::size_t i = 0; i + 8 < size; i += 8) mix(load64(name.data() + i));
            last = load64(name.data() + size - 8);  // may overlap the previous word
        }
        mix(last);
        mix(size);
        return state;
    }

 private:
    /// A word from less than 8 bytes that depends on all of them; a copy of unknown size would be a function call.
    [[nodiscard]] static std::uint64_t few_bytes(const char* bytes, std::size_t size) noexcept {
        if (size >= 4) return load32_little_endian(bytes) | std::uint64_t{load32_little_endian(bytes + size - 4)} << 32;
        if (size == 0) return 0;
        const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(bytes[i])}; };
        return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
    }

    /// Source: the finalizer of splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
    [[nodiscard]] static std::uint64_t mixed(std::uint64_t seed) noexcept {
        seed = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9;
        seed = (seed ^ seed >> 27) * 0x94d049bb133111eb;
        return seed ^ seed >> 31;
    }

    std::uint64_t start_;
    std::uint64_t factor_;
};

}  // namespace alertmap::detail
