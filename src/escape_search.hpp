#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "alertmap/detail/compat.hpp"

// Finds the escapes of a body, in windows of 64 bytes. Independent of decoding, so that the CPU can search ahead of it.
namespace alertmap::detail {

/// Bitmap of the backslashes in the 64 bytes at `from`; the first byte is the lowest bit. For a given block type (see compat.hpp).
template <class AnyBlock>
ALERTMAP_ALWAYS_INLINE inline std::uint64_t backslashes(const char* from) noexcept {
    const auto mask = [&](std::ptrdiff_t at) { return std::uint64_t{AnyBlock::load(from + at).equal('\\').mask()}; };
    if constexpr (AnyBlock::mask_bits == 1 && AnyBlock::size == 16) {
        return mask(0) | mask(16) << 16 | mask(32) << 32 | mask(48) << 48;  // g++ does not unroll a loop here
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

/// Position of one escape of a body, or the body's end, and the search state after it. A plain value: a local variable of this type stays
/// in registers, because no function takes its address.
template <class AnyBlock>
struct EscapeSearch {
    const char* place;
    const char* behind;     // end of the searched bytes
    std::uint64_t escapes;  // bitmap of the last 64 of them: escapes after `place`

    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static EscapeSearch first(const char* body, const char* end) noexcept {
        return at(far(end, body), end);
    }

    /// The next escape; requires that this one is not the end. The body is that of first().
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE EscapeSearch next(const char* body, const char* end) const noexcept {
        if (escapes != 0) return in_window(behind, escapes);
        const char* const from = behind + (place + 1 == behind ? 1 : 0);  // skip the escaped character
        // A string with escapes is often followed by another: search the nearest bytes before calling a function.
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
    /// Returns only the position: a struct of this size would be returned in memory.
    [[nodiscard]] ALERTMAP_NOINLINE static const char* far(const char* end, const char* from) noexcept {
        const void* const found = from != end ? std::memchr(from, '\\', static_cast<std::size_t>(end - from)) : nullptr;
        return found == nullptr ? end : static_cast<const char*>(found);
    }
    /// Bitmap of the backslashes from `from` on, if fewer than 64 bytes remain; the last byte is the highest bit.
    [[nodiscard]] ALERTMAP_NOINLINE static std::uint64_t in_last_window(const char* body, const char* end, const char* from) noexcept {
        if (from >= end) return 0;
        if (end - body >= 64) return backslashes<AnyBlock>(end - 64) & ~std::uint64_t{0} << (64 - (end - from));
        std::uint64_t all = 0;
        for (const char* at = from; at != end; ++at) all |= std::uint64_t{*at == '\\'} << (64 - (end - at));
        return all;
    }
};

}  // namespace alertmap::detail
