#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "alertmap/detail/compat.hpp"

// Where the escapes of a body are. The search goes by windows of 64 bytes and needs nothing of what an escape stands for, so that the
// CPU is ahead of who decodes them.
namespace alertmap::detail {

/// Which of the 64 bytes from `from` on are backslashes: the first byte is the lowest bit. With this kind of block (see compat.hpp).
template <class AnyBlock>
ALERTMAP_ALWAYS_INLINE inline std::uint64_t backslashes(const char* from) noexcept {
    const auto mask = [&](std::ptrdiff_t at) { return std::uint64_t{AnyBlock::load(from + at).equal('\\').mask()}; };
    if constexpr (AnyBlock::mask_bits == 1 && AnyBlock::size == 16) {
        return mask(0) | mask(16) << 16 | mask(32) << 32 | mask(48) << 48;  // g++ leaves a loop a loop
    } else {
        std::uint64_t all = 0;
        for (std::ptrdiff_t at = 0; at < 64; at += AnyBlock::size) {
            for (std::uint64_t left = mask(at); left != 0;) {
                const std::ptrdiff_t byte = first_marked<AnyBlock>(left);
                all |= std::uint64_t{1} << (at + byte);
                left &= ~(((std::uint64_t{1} << AnyBlock::mask_bits) - 1) << (byte * AnyBlock::mask_bits));
            }
        }
        return all;
    }
}

/// The place of one escape of a body, or the body's end, and what is known of the bytes behind it. A plain value: where it is a local
/// variable it lives in registers, which is why no function takes its address.
template <class AnyBlock>
struct EscapeSearch {
    const char* place;
    const char* behind;     // all bytes before this have been looked at
    std::uint64_t escapes;  // of the last 64 of them: those that `place` is before

    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static EscapeSearch first(const char* body, const char* end) noexcept {
        return at(far(end, body), end);
    }

    /// The escape behind this one, which is not at the end. The body is the same as in first().
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE EscapeSearch next(const char* body, const char* end) const noexcept {
        if (escapes != 0) return in_window(behind, escapes);
        const char* const from = behind + (place + 1 == behind ? 1 : 0);  // what is escaped is no escape
        // Where one string has escapes the next often has: looks at what is near before it calls for what is far.
        if (end - from < 64) [[unlikely]] {
            const std::uint64_t last = in_last_window(body, end, from);
            return last != 0 ? in_window(end, last) : EscapeSearch{end, end, 0};
        }
        const std::uint64_t near = backslashes<AnyBlock>(from);
        return near != 0 ? in_window(from + 64, near) : at(far(end, from + 64), end);
    }

 private:
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static EscapeSearch in_window(const char* behind, std::uint64_t escapes) noexcept {
        const std::uint64_t lowest = escapes & (~escapes + 1);
        return {behind - (64 - std::countr_zero(escapes)), behind, escapes & ~(lowest | lowest << 1)};
    }
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static EscapeSearch at(const char* place, const char* end) noexcept {
        return {place, place + (place != end ? 1 : 0), 0};
    }
    /// The place alone: a struct of this size would come back through memory.
    [[nodiscard]] ALERTMAP_NOINLINE static const char* far(const char* end, const char* from) noexcept {
        const void* const found = from != end ? std::memchr(from, '\\', static_cast<std::size_t>(end - from)) : nullptr;
        return found == nullptr ? end : static_cast<const char*>(found);
    }
    /// The backslashes from `from` on, of which fewer than 64 bytes are left: the last byte is the highest bit.
    [[nodiscard]] ALERTMAP_NOINLINE static std::uint64_t in_last_window(const char* body, const char* end, const char* from) noexcept {
        if (from >= end) return 0;
        if (end - body >= 64) return backslashes<AnyBlock>(end - 64) & ~std::uint64_t{0} << (64 - (end - from));
        std::uint64_t all = 0;
        for (const char* at = from; at != end; ++at) all |= std::uint64_t{*at == '\\'} << (64 - (end - at));
        return all;
    }
};

}  // namespace alertmap::detail
