#pragma once

#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/detail/compat.hpp"

namespace alertmap {

/// Growing byte buffer that payloads are appended to; unlike std::string, it does not zero bytes before they are overwritten. Keep one and
/// clear() it for each payload: it stops allocating once it has held the largest. Views of it are valid until the next call that changes
/// it. What grows it throws std::bad_alloc on failure. Not thread-safe: use one per thread.
class Buffer {
 public:
    Buffer() = default;
    Buffer(Buffer&& other) noexcept
        : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)), capacity_(std::exchange(other.capacity_, 0)) {}
    Buffer& operator=(Buffer&& other) noexcept {
        bytes_ = std::move(other.bytes_);
        size_ = std::exchange(other.size_, 0);
        capacity_ = std::exchange(other.capacity_, 0);
        return *this;
    }

    [[nodiscard]] std::string_view view() const& noexcept ALERTMAP_LIFETIMEBOUND { return {bytes_.get(), size_}; }
    std::string_view view() const&& = delete;
    operator std::string_view() const noexcept ALERTMAP_LIFETIMEBOUND { return {bytes_.get(), size_}; }
    /// A copy of the contents.
    [[nodiscard]] std::string str() const { return std::string(bytes_.get(), size_); }
    [[nodiscard]] const char* data() const noexcept { return bytes_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Number of bytes it can hold without allocating.
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    void clear() noexcept { size_ = 0; }

    /// Appends the text, which may be part of this buffer.
    void append(std::string_view text) {
        if (text.empty()) return;
        std::unique_ptr<char[]> old;  // freed after the copy: the text may be part of it
        if (capacity_ - size_ < text.size()) old = grow(text.size());
        std::memcpy(bytes_.get() + size_, text.data(), text.size());
        size_ += text.size();
    }
    /// Appends one byte.
    void push_back(char c) { append({&c, 1}); }

    /// Reserves `more` bytes after the last one and returns their address, valid until the next call that appends. commit() makes them part
    /// of the contents.
    [[nodiscard]] char* prepare(std::size_t more) {
        if (capacity_ - size_ < more) grow(more);
        return bytes_.get() + size_;
    }

    /// Appends the first `written` bytes of the space that prepare() returned; not more than were reserved (asserted in debug builds).
    void commit(std::size_t written) noexcept {
        assert(written <= capacity_ - size_ && "Buffer::commit: more than was prepared");
        size_ += written;
    }

    /// Shortens the contents to `size` bytes; at most size() (asserted in debug builds).
    void truncate(std::size_t size) noexcept {
        assert(size <= size_ && "Buffer::truncate: there are not as many");
        size_ = size;
    }

 private:
    // Not inlined: rarely called, and if inlined GCC warns about copies into a buffer that it considers too small.
    ALERTMAP_NOINLINE std::unique_ptr<char[]> grow(std::size_t more) {
        const std::size_t wanted = size_ + more;
        const std::size_t capacity = wanted > capacity_ * 2 ? wanted : capacity_ * 2;
        std::unique_ptr<char[]> bytes(new char[capacity]);
        if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_.swap(bytes);
        capacity_ = capacity;
        return bytes;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace alertmap
