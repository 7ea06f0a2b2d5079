#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "alertmap/labels.hpp"

namespace alertmap {

/// Where a mapping puts the text that no body holds (hashes, joined strings, selected labels). Bytes stay where they are
/// until clear(). Keep one beside the Parser and clear it for each body: it allocates only until it has seen the largest.
class Arena {
 public:
    Arena() = default;
    Arena(Arena&& other) noexcept
        : blocks_(std::move(other.blocks_)), at_(std::exchange(other.at_, nullptr)), end_(std::exchange(other.end_, nullptr)) {}
    Arena& operator=(Arena&& other) noexcept {
        blocks_ = std::move(other.blocks_);
        at_ = std::exchange(other.at_, nullptr);
        end_ = std::exchange(other.end_, nullptr);
        return *this;
    }

    /// Ends the life of everything handed out, and keeps the memory.
    void clear() {
        if (blocks_.size() > 1) {
            // One block that holds as much as all of them did: the next body of this size does not allocate.
            std::size_t total = 0;
            for (const Block& block : blocks_) total += block.size;
            blocks_.clear();
            add(total);
        }
        if (!blocks_.empty()) {
            at_ = blocks_.back().bytes.get();
            end_ = at_ + blocks_.back().size;
        }
    }

    /// `size` bytes, uninitialised, aligned as any type of the library needs it. Never null, not even for none.
    [[nodiscard]] char* allocate(std::size_t size) {
        const std::size_t rounded = (size + alignment - 1) & ~(alignment - 1);
        if (at_ == nullptr || static_cast<std::size_t>(end_ - at_) < rounded) add(std::max(rounded, 2 * last_size()));
        char* bytes = at_;
        at_ += rounded;
        return bytes;
    }

    /// A copy of the text.
    [[nodiscard]] std::string_view copy(std::string_view text) { return concat({text}); }

    /// The texts, one behind the other.
    [[nodiscard]] std::string_view concat(std::initializer_list<std::string_view> texts) {
        std::size_t size = 0;
        for (std::string_view text : texts) size += text.size();
        char* bytes = allocate(size);
        char* to = bytes;
        for (std::string_view text : texts) {
            if (text.empty()) continue;
            std::memcpy(to, text.data(), text.size());
            to += text.size();
        }
        return {bytes, size};
    }

    /// Room for `count` values of a trivial type (Label, NotifyTarget), uninitialised.
    template <class T>
    [[nodiscard]] T* array(std::size_t count) {
        static_assert(alignof(T) <= alignment && std::is_trivially_destructible_v<T>);
        return reinterpret_cast<T*>(allocate(count * sizeof(T)));
    }

 private:
    static constexpr std::size_t alignment = alignof(std::max_align_t);
    static constexpr std::size_t first_size = 4096;

    struct Block {
        std::unique_ptr<char[]> bytes;
        std::size_t size;
    };

    [[nodiscard]] std::size_t last_size() const noexcept { return blocks_.empty() ? first_size / 2 : blocks_.back().size; }

    void add(std::size_t size) {
        blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
        at_ = blocks_.back().bytes.get();
        end_ = at_ + size;
    }

    std::vector<Block> blocks_;
    char* at_ = nullptr;
    char* end_ = nullptr;
};

}  // namespace alertmap
