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

#include "alertmap/detail/compat.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

namespace detail {

/// True if the text needs no escaping in a JSON string under any Escaping: it has no control character, quote, backslash, < > &, and no
/// byte 0xe2 (the first byte of U+2028 and U+2029). Conservative: may be false for a text that needs no escaping.
[[nodiscard]] constexpr bool needs_no_escape(std::string_view text) noexcept {
    bool clean = true;
    for (const char c : text) {
        // Branch-free, so that compilers vectorise the loop.
        const auto byte = static_cast<unsigned char>(c);
        const bool odd = byte < 0x20 || byte == '"' || byte == '\\' || byte == '<' || byte == '>' || byte == '&' || byte == 0xe2;
        clean = clean & !odd;
    }
    return clean;
}

}  // namespace detail

/// Memory for text and arrays that a mapping makes (hashes, joined strings, selected labels). Pointers stay valid until clear() or
/// destruction. Keep one next to the Parser and clear() it before each body: it stops allocating once it has held the largest message.
/// Allocation failure throws std::bad_alloc. Not thread-safe: use one per thread.
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

    /// Invalidates everything allocated from this arena and keeps the memory for reuse.
    void clear() {
        if (blocks_.size() > 1) {
            // Merge into one block of the same total size, so that the next message of this size does not allocate.
            std::size_t total = 0;
            for (const Block& block : blocks_) total += block.size;
            blocks_.clear();
            add(total);
        }
        if (!blocks_.empty()) {
            start_of_last();
        }
    }

    /// Returns `size` uninitialised bytes, aligned for any type. Never null, even for size 0. Valid until clear().
    [[nodiscard]] char* allocate(std::size_t size) ALERTMAP_LIFETIMEBOUND {
        const std::size_t rounded = (size + alignment - 1) & ~(alignment - 1);
        if (at_ == nullptr || static_cast<std::size_t>(end_ - at_) < rounded) add(std::max(rounded, 2 * last_size()));
        std::byte* bytes = at_;
        at_ += rounded;
        return reinterpret_cast<char*>(bytes);
    }

    /// Copies the text, which may be a temporary; valid until clear(). The copy is scanned once: if it needs no escaping, JsonWriter copies
    /// it verbatim.
    [[nodiscard]] Text copy(std::string_view text) ALERTMAP_LIFETIMEBOUND { return concat({text}); }

    /// The concatenation of the texts, as copy().
    [[nodiscard]] Text concat(std::initializer_list<std::string_view> texts) ALERTMAP_LIFETIMEBOUND {
        std::size_t size = 0;
        for (std::string_view text : texts) size += text.size();
        char* bytes = allocate(size);
        char* to = bytes;
        for (std::string_view text : texts) {
            if (text.empty()) continue;
            std::memcpy(to, text.data(), text.size());
            to += text.size();
        }
        return made(bytes, size);
    }

    /// A Text over `size` bytes at `bytes`, which came from allocate() with at least this size. Scanned as by copy().
    [[nodiscard]] Text made(const char* bytes, std::size_t size) const noexcept {
        return {bytes, size, detail::needs_no_escape({bytes, size}) ? detail::TextKind::verbatim : detail::TextKind::unknown};
    }

    /// An uninitialised array of `count` values of a trivial type (Label, NotifyTarget). Valid until clear().
    template <class T>
    [[nodiscard]] T* array(std::size_t count) ALERTMAP_LIFETIMEBOUND {
        static_assert(alignof(T) <= alignment && std::is_trivially_destructible_v<T>);
        return reinterpret_cast<T*>(allocate(count * sizeof(T)));
    }

 private:
    static constexpr std::size_t alignment = alignof(std::max_align_t);
    static constexpr std::size_t first_size = 4096;

    struct Block {
        std::unique_ptr<std::byte[]> bytes;  // detail::text_padding bytes longer than `size`, so that texts can be copied in blocks
        std::size_t size;
    };

    void start_of_last() noexcept {
        at_ = blocks_.back().bytes.get();
        end_ = at_ + blocks_.back().size;
    }

    [[nodiscard]] std::size_t last_size() const noexcept { return blocks_.empty() ? first_size / 2 : blocks_.back().size; }

    void add(std::size_t size) {
        blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size + detail::text_padding]), size});
        start_of_last();
    }

    std::vector<Block> blocks_;
    std::byte* at_ = nullptr;
    std::byte* end_ = nullptr;
};

}  // namespace alertmap
