#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "alertmap/parser.hpp"

// Memory of a Parser.
namespace alertmap::detail {

/// Growing array of trivial values that reports failure instead of throwing.
template <class T>
class Store {
 public:
    static_assert(std::is_trivially_copyable_v<T>);

    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store() { std::free(data_); }

    [[nodiscard]] T* data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return capacity_ * sizeof(T); }
    void resize(std::size_t size) noexcept { size_ = size; }
    /// Frees the memory.
    void release() noexcept {
        std::free(data_);
        data_ = nullptr;
        size_ = 0;
        capacity_ = 0;
    }

    /// Reserves room for `count` values in total. False: out of memory, or more bytes than std::ptrdiff_t; the values are unchanged.
    [[nodiscard]] bool reserve(std::size_t count) noexcept {
        if (count <= capacity_) return true;
        constexpr std::size_t most = std::size_t{std::numeric_limits<std::ptrdiff_t>::max()} / sizeof(T);
        if (count > most) return false;
        const std::size_t doubled = capacity_ > most / 2 ? most : capacity_ * 2;
        const std::size_t capacity = count > doubled ? count : doubled;
        void* data = std::realloc(static_cast<void*>(data_), capacity * sizeof(T));
        if (data == nullptr) return false;
        data_ = static_cast<T*>(data);
        capacity_ = capacity;
        return true;
    }
    /// Address of the next value; null: out of memory.
    [[nodiscard]] T* spare() noexcept { return size_ != capacity_ || reserve(size_ + 16) ? data_ + size_ : nullptr; }
    [[nodiscard]] bool push(const T& value) noexcept {
        T* const place = spare();
        if (place == nullptr) return false;
        *place = value;
        ++size_;
        return true;
    }

 private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Growing memory with stable addresses: blocks, merged into one by clear().
class StableBytes {
 public:
    StableBytes() = default;
    StableBytes(const StableBytes&) = delete;
    StableBytes& operator=(const StableBytes&) = delete;
    ~StableBytes() { free_all(); }

    /// Room for `more` bytes after the last kept byte; null: out of memory.
    [[nodiscard]] char* room(std::size_t more) noexcept {
        if (static_cast<std::size_t>(end_ - at_) >= more) return at_;
        return add(more);
    }
    /// Keeps the bytes from room() up to `end`.
    void keep(char* end) noexcept { at_ = end; }

    /// Position of the next byte, for back_to().
    [[nodiscard]] char* place() const noexcept { return at_; }
    /// Discards what was kept since place().
    void back_to(char* place) noexcept {
        char* const first = last_ != nullptr ? reinterpret_cast<char*>(last_ + 1) : nullptr;
        // Otherwise a block was added since then; it stays current, or it would be unused until clear().
        at_ = !std::less<>{}(place, first) && !std::less<>{}(end_, place) ? place : first;
    }

    /// Discards everything, and keeps the memory, merged into one block if possible.
    void clear() noexcept {
        if (last_ != nullptr && last_->before != nullptr) {
            const std::size_t wanted = bytes_;
            free_all();
            (void)add(wanted - sizeof(Block));
        }
        if (last_ != nullptr) at_ = reinterpret_cast<char*>(last_ + 1);
    }

    /// Discards everything, and frees the memory.
    void release() noexcept { free_all(); }

    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
    struct Block {
        Block* before;
        std::size_t size;
    };

    char* add(std::size_t more) noexcept {
        const std::size_t size = std::max({more + sizeof(Block), bytes_, std::size_t{4096}});
        void* const memory = std::malloc(size);
        if (memory == nullptr) return nullptr;
        last_ = new (memory) Block{last_, size};
        bytes_ += size;
        at_ = reinterpret_cast<char*>(last_ + 1);
        end_ = static_cast<char*>(memory) + size;
        return at_;
    }
    void free_all() noexcept {
        while (last_ != nullptr) std::free(std::exchange(last_, last_->before));
        at_ = end_ = nullptr;
        bytes_ = 0;
    }

    Block* last_ = nullptr;
    char* at_ = nullptr;
    char* end_ = nullptr;
    std::size_t bytes_ = 0;
};

/// All output of a walk; reused for later bodies.
struct Storage {
    static constexpr std::size_t max_warnings = 1000;

    Store<Alert> alerts;
    Store<Label> labels;             // reserved ahead, as sets point into it
    Store<ExtraMember> alert_extra;  // alerts hold offsets into it until the walk is finished
    Store<ExtraMember> group_extra;
    StableBytes text;  // decoded strings, each after the address of its spelling
    Store<Warning> warnings;
    Store<std::uint64_t> names;  // hash table for duplicate keys
    std::size_t warning_count = 0;
    Warning failure;  // why the last walk failed

    // Copied with wide stores; g++ would clear new ones with a slow rep stos.
    const Alert blank_alert{};
    const AlertGroup blank_group{};

    /// Date of the last time in Alertmanager's form ("2026-01-15T"), and its first second.
    struct Day {
        char text[11] = {'1', '9', '7', '0', '-', '0', '1', '-', '0', '2', 'T'};
        std::int64_t seconds = 86400;
    } day;

    static bool is_before(const Warning& a, const Warning& b) noexcept { return a.offset < b.offset; }

    /// Keeps the warning if it is one of the first max_warnings of the body; they may arrive in any order. When full, the warnings form a
    /// heap with the last one on top.
    void keep(const Warning& warning) noexcept {
        Warning* const first = warnings.data();
        if (warnings.size() < max_warnings) {
            if (warnings.push(warning) && warnings.size() == max_warnings)
                std::make_heap(warnings.data(), warnings.data() + max_warnings, is_before);
        } else if (is_before(warning, *first)) {
            std::pop_heap(first, first + max_warnings, is_before);
            first[max_warnings - 1] = warning;
            std::push_heap(first, first + max_warnings, is_before);
        }
    }
    /// Sorts the warnings in body order. Allocates nothing; stable if no warnings were dropped, as they are nearly sorted.
    void sort_warnings() noexcept {
        Warning* const first = warnings.data();
        if (warnings.size() == max_warnings) std::sort_heap(first, first + max_warnings, is_before);
        for (std::size_t i = 1; i < warnings.size(); ++i) {
            const Warning warning = first[i];
            std::size_t to = i;
            for (; to != 0 && is_before(warning, first[to - 1]); --to) first[to] = first[to - 1];
            first[to] = warning;
        }
    }

    /// Frees all memory; invalidates parsed groups.
    void release() noexcept {
        alerts.release();
        labels.release();
        alert_extra.release();
        group_extra.release();
        text.release();
        warnings.release();
        names.release();
    }
    [[nodiscard]] std::size_t bytes() const noexcept {
        return alerts.bytes() + labels.bytes() + alert_extra.bytes() + group_extra.bytes() + text.bytes() + warnings.bytes() +
               names.bytes();
    }
};

}  // namespace alertmap::detail
