#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "alertmap/labels.hpp"
#include "name_hash.hpp"
#include "storage.hpp"

// Finds duplicate names in a set. Linear, and in parts that fit into a cache, as hostile senders may write a million names.
namespace alertmap::detail {

class RepeatedNames {
 public:
    /// `memory` is overwritten by find(), and read by comes_again(): not to be used for anything else between the two.
    explicit RepeatedNames(Store<std::uint64_t>& memory) noexcept : memory_(memory) {}

    /// Searches `count` (below 2^32) objects with a `name`. False: out of memory.
    template <class Named>
    [[nodiscard]] bool find(const Named* names, std::size_t count, const NameHash& hash) noexcept {
        // Memory layout: one bit per name, then one or two entries per name, and a hash table.
        const std::size_t bits = (count + 63) / 64;
        const unsigned part_bits = count <= part ? 0 : std::min(static_cast<unsigned>(std::bit_width((count - 1) / part)), most_part_bits);
        const std::size_t parts = std::size_t{1} << part_bits;
        const std::size_t table_at = bits + (parts == 1 ? 1 : 2) * count;
        if (!memory_.reserve(table_at)) return false;
        std::uint64_t* entries = memory_.data() + bits;
        std::array<std::uint32_t, (std::size_t{1} << most_part_bits) + 1> ends;  // of the parts; the first element is the start
        std::fill_n(ends.begin(), parts + 1, std::uint32_t{0});
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t entry = hash(names[i].name) >> 32 << 32 | i;
            entries[i] = entry;
            ++ends[part_of(entry, part_bits) + 1];
        }
        const std::size_t slots = std::bit_ceil(std::size_t{2} * *std::max_element(ends.begin(), ends.begin() + parts + 1));
        if (!memory_.reserve(table_at + slots)) return false;
        std::fill_n(memory_.data(), bits, std::uint64_t{0});
        entries = memory_.data() + bits;
        if (parts != 1) {
            // Distribute into the parts, keeping the order: the start of each part advances to its end.
            for (std::size_t i = 1; i <= parts; ++i) ends[i] += ends[i - 1];
            std::uint64_t* const sorted = entries + count;
            for (std::size_t i = 0; i < count; ++i) sorted[ends[part_of(entries[i], part_bits)]++] = entries[i];
            entries = sorted;
        } else {
            ends[0] = static_cast<std::uint32_t>(count);
        }
        std::uint32_t begin = 0;
        for (std::size_t i = 0; i < parts; ++i) {
            find_in_part(names, entries + begin, ends[i] - begin, memory_.data() + table_at);
            begin = ends[i];
        }
        return true;
    }

    /// Number of names with a later duplicate, and whether this name has one. Call find() first.
    [[nodiscard]] std::size_t count() const noexcept { return repeats_; }
    [[nodiscard]] bool comes_again(std::size_t i) const noexcept { return (memory_.data()[i / 64] >> (i % 64) & 1) != 0; }

 private:
    static constexpr std::size_t part = 4096;  // names; their table then has 64 or 128 KiB
    static constexpr unsigned most_part_bits = 10;
    static constexpr std::uint64_t free_slot = ~std::uint64_t{0};

    static std::size_t part_of(std::uint64_t entry, unsigned part_bits) noexcept {
        return part_bits == 0 ? 0 : static_cast<std::size_t>(entry >> (64 - part_bits));
    }

    /// An entry is the upper half of a hash and an index, so that most other names differ without reading them. Runs from the last name to
    /// the first, so names in the table come later.
    template <class Named>
    void find_in_part(const Named* names, const std::uint64_t* entries, std::size_t count, std::uint64_t* table) noexcept {
        const std::size_t slots = std::bit_ceil(2 * count);
        std::memset(table, 0xff, slots * sizeof *table);
        for (std::size_t i = count; i-- > 0;) {
            const std::uint64_t entry = entries[i];
            const auto index = static_cast<std::uint32_t>(entry);
            bool again = false;
            std::size_t slot = static_cast<std::size_t>(entry >> 32) & (slots - 1);
            for (; table[slot] != free_slot && !again; slot = (slot + 1) & (slots - 1)) {
                again =
                    table[slot] >> 32 == entry >> 32 && same_name(names[static_cast<std::uint32_t>(table[slot])].name, names[index].name);
            }
            if (again) {
                memory_.data()[index / 64] |= std::uint64_t{1} << (index % 64);
                ++repeats_;
            } else {
                table[slot] = entry;
            }
        }
    }

    Store<std::uint64_t>& memory_;
    std::size_t repeats_ = 0;
};

}  // namespace alertmap::detail
