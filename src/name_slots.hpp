#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/compat.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

namespace alertmap::detail {

/// The label names that a mapping uses, one slot each. One pass over a set fills all slots, instead of one search per name. A perfect hash
/// over the first 8 bytes and the size: one comparison per label.
class NameSlots {
 public:
    NameSlots() = default;
    NameSlots(const NameSlots&) = delete;
    NameSlots& operator=(const NameSlots&) = delete;

    static constexpr std::size_t capacity = 32;
    static constexpr std::size_t none = capacity;

    /// The slot of a name; `none` if all are used.
    std::size_t add(std::string_view name) {
        for (std::size_t i = 0; i < names_.size(); ++i) {
            if (names_[i] == name) return i;
        }
        if (names_.size() == capacity) return none;
        names_.emplace_back(name);
        return names_.size() - 1;
    }

    /// Call it after the last add(). Finds a multiplier that maps the names to different places; drops names that no multiplier separates
    /// (equal size and equal first 8 bytes), which need another search: see is_placed().
    void finish() {
        std::uint64_t multiplier = 0x9e3779b97f4a7c15;
        for (int attempt = 0; attempt < 256; ++attempt) {
            if (place(multiplier)) return;
            multiplier = (multiplier * 6364136223846793005u + 1442695040888963407u) | 1;
        }
    }

    [[nodiscard]] bool is_placed(std::size_t slot) const noexcept { return slot < names_.size() && placed_[slot]; }
    [[nodiscard]] std::size_t size() const noexcept { return names_.size(); }

    /// Sets each of the size() slots to its label in the set, or to null. For duplicate names the first label is used.
    void fill(Labels set, const Label** slots) const noexcept {
        for (const Label** slot = slots; slot != slots + names_.size(); ++slot) {
            *slot = nullptr;
            forget_value(slot);  // otherwise g++ calls memset for a few words
        }
        if (names_.empty()) return;
        for (const Label& label : set) {
            const std::string_view name = label.name;
            const std::uint64_t bytes = label.name.needs_no_escape() ? first_readable_bytes(name) : first_bytes(name);
            const Place& entry = places_[place_of(bytes, name.size(), multiplier_)];
            if (entry.bytes != bytes || entry.size != name.size() || entry.name == nullptr) continue;
            if (name.size() > 8 && !same_name(name, {entry.name, entry.size})) continue;
            const Label*& slot = slots[entry.slot];
            if (slot == nullptr) slot = &label;
        }
    }

 private:
    static constexpr std::size_t places = 128;
    static constexpr int shift = 64 - 7;

    struct Place {
        const char* name = nullptr;
        std::uint64_t bytes = 0;
        std::size_t size = 0;
        std::size_t slot = 0;
    };

    /// Up to 8 bytes as a word, padded with zeros.
    static std::uint64_t first_bytes(std::string_view name) noexcept {
        std::uint64_t word = 0;
        if (!name.empty()) std::memcpy(&word, name.data(), name.size() < 8 ? name.size() : 8);
        return as_little_endian(word);
    }
    /// The same, if 8 more bytes are readable.
    static std::uint64_t first_readable_bytes(std::string_view name) noexcept {
        static constexpr std::array<std::uint64_t, 9> masks = [] {
            std::array<std::uint64_t, 9> all{};
            for (std::size_t i = 1; i < 9; ++i) all[i] = ~std::uint64_t{0} >> (64 - 8 * i);
            return all;
        }();
        return load64_little_endian(name.data()) & masks[name.size() < 8 ? name.size() : 8];
    }
    static std::size_t place_of(std::uint64_t bytes, std::size_t size, std::uint64_t multiplier) noexcept {
        return static_cast<std::size_t>(((bytes ^ (static_cast<std::uint64_t>(size) << 56)) * multiplier) >> shift);
    }

    bool place(std::uint64_t multiplier) {
        multiplier_ = multiplier;
        bool all = true;
        for (Place& entry : places_) entry = {};
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const std::string& name = names_[i];
            const std::uint64_t bytes = first_bytes(name);
            Place& entry = places_[place_of(bytes, name.size(), multiplier)];
            placed_[i] = entry.name == nullptr && !name.empty();
            if (placed_[i]) entry = {name.data(), bytes, name.size(), i};
            all = all && placed_[i];
        }
        return all;
    }

    std::vector<std::string> names_;  // unchanged after finish(), as places_ views them
    Place places_[places];
    std::uint64_t multiplier_ = 0;
    bool placed_[capacity] = {};
};

}  // namespace alertmap::detail
