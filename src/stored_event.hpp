#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/event.hpp"

// An Event that owns its texts in one block, which a ledger keeps per incident until it is sent.
namespace alertmap::detail {

/// An owned text of up to 4 GiB, in 16 bytes.
class OwnedText {
 public:
    OwnedText() = default;
    explicit OwnedText(std::string_view text) : size_(static_cast<std::uint32_t>(text.size())) {
        if (text.empty()) return;
        bytes_.reset(new char[text.size()]);
        std::memcpy(bytes_.get(), text.data(), text.size());
    }
    [[nodiscard]] std::string_view view() const noexcept { return {bytes_.get(), size_}; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
    std::unique_ptr<char[]> bytes_;
    std::uint32_t size_ = 0;
};

/// The same for a text that is compared often: up to 20 bytes are stored inline.
class NearText {
 public:
    NearText() = default;
    explicit NearText(std::string_view text) : size_(static_cast<std::uint32_t>(text.size())) {
        char* to = near_;
        if (text.size() > sizeof near_) {
            to = new char[text.size()];
            std::memcpy(near_, &to, sizeof to);
        }
        if (!text.empty()) std::memcpy(to, text.data(), text.size());
    }
    NearText(NearText&& other) noexcept { take(other); }
    NearText& operator=(NearText&& other) noexcept {
        if (this == &other) return *this;
        release();
        take(other);
        return *this;
    }
    ~NearText() { release(); }

    [[nodiscard]] std::string_view view() const noexcept { return {size_ > sizeof near_ ? far() : near_, size_}; }
    [[nodiscard]] std::size_t far_bytes() const noexcept { return size_ > sizeof near_ ? size_ : 0; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
    [[nodiscard]] char* far() const noexcept {
        char* at = nullptr;
        std::memcpy(&at, near_, sizeof at);
        return at;
    }
    void release() noexcept {
        if (size_ > sizeof near_) delete[] far();
    }
    void take(NearText& other) noexcept {
        std::memcpy(near_, other.near_, sizeof near_);
        size_ = std::exchange(other.size_, 0);
    }

    char near_[20] = {};  // the text, or its address
    std::uint32_t size_ = 0;
};

class StoredEvent {
 public:
    StoredEvent() = default;
    /// Copies the stored members of the event.
    explicit StoredEvent(const Event& event);

    /// Restores the event. Its texts view this StoredEvent; labels and targets are in the arena.
    [[nodiscard]] Event load(Arena& arena) const;
    [[nodiscard]] std::string_view summary() const;
    [[nodiscard]] std::size_t bytes() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

 private:
    std::unique_ptr<char[]> block_;
    std::uint32_t size_ = 0;
};

}  // namespace alertmap::detail
