#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

// All code that depends on the CPU, the byte order or the compiler. tests/checks/portable.py rejects conditional compilation, builtins and
// vendor attributes in other files.
//
// ALERTMAP_NO_SIMD, defined for the whole program, selects the code without SIMD on any CPU.

// ---- Attributes: empty if the compiler does not support them ----

#if defined(__GNUC__) || defined(__clang__)
#define ALERTMAP_ALWAYS_INLINE [[gnu::always_inline]]
#define ALERTMAP_NOINLINE [[gnu::noinline]]
#elif defined(_MSC_VER)
#define ALERTMAP_ALWAYS_INLINE [[msvc::forceinline]]
#define ALERTMAP_NOINLINE [[msvc::noinline]]
#else
#define ALERTMAP_ALWAYS_INLINE
#define ALERTMAP_NOINLINE
#endif

// For a parameter, or after a member function for *this: the result refers to its bytes.
#if defined(__clang__)
#define ALERTMAP_LIFETIMEBOUND [[clang::lifetimebound]]
#elif defined(_MSC_VER) && _MSC_VER >= 1930
#define ALERTMAP_LIFETIMEBOUND [[msvc::lifetimebound]]
#else
#define ALERTMAP_LIFETIMEBOUND
#endif

// ---- SIMD instructions that every CPU of the architecture has ----

#if defined(ALERTMAP_NO_SIMD)
#elif defined(__SSE2__) || (defined(_M_X64) && !defined(_M_ARM64EC))
#define ALERTMAP_HAS_SSE2 1
#include <emmintrin.h>
#elif (defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__)) || defined(_M_ARM64)
#define ALERTMAP_HAS_NEON 1
#include <arm_neon.h>
#endif

namespace alertmap::detail {

// ---- The optimiser ----

/// Hides the value from the optimiser, without an instruction. Avoids false warnings about copies out of bounds: GCC applies the bounds of
/// a literal to a branch that no literal reaches.
template <class T>
ALERTMAP_ALWAYS_INLINE inline void forget_value([[maybe_unused]] T& value) noexcept {
#if defined(__GNUC__) || defined(__clang__)
    __asm__("" : "+r"(value));
#endif
}

// ---- Wide products ----

/// XOR of the upper and the lower half of the product of two words, in portable C++.
[[nodiscard]] constexpr std::uint64_t multiply_fold_by_halves(std::uint64_t a, std::uint64_t b) noexcept {
    constexpr std::uint64_t low = 0xffffffff;
    const std::uint64_t cross = (a >> 32) * (b & low) + ((a & low) * (b & low) >> 32);
    const std::uint64_t middle = (a & low) * (b >> 32) + (cross & low);
    const std::uint64_t upper = (a >> 32) * (b >> 32) + (cross >> 32) + (middle >> 32);
    return upper ^ a * b;
}
[[nodiscard]] constexpr std::uint64_t multiply_fold(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
#else
    return multiply_fold_by_halves(a, b);
#endif
}

// ---- Byte order, unaligned loads ----

inline constexpr bool little_endian = std::endian::native == std::endian::little;
static_assert(little_endian || std::endian::native == std::endian::big);

/// The bytes in reverse order. Compiles to one instruction.
[[nodiscard]] constexpr std::uint32_t reverse_bytes(std::uint32_t word) noexcept {
    return word >> 24 | (word >> 8 & 0x0000ff00) | (word << 8 & 0x00ff0000) | word << 24;
}
[[nodiscard]] constexpr std::uint64_t reverse_bytes(std::uint64_t word) noexcept {
    return std::uint64_t{reverse_bytes(static_cast<std::uint32_t>(word))} << 32 | reverse_bytes(static_cast<std::uint32_t>(word >> 32));
}

/// Converts between native and little-endian byte order; the same function for both directions.
template <class Word>
[[nodiscard]] constexpr Word as_little_endian(Word word) noexcept {
    return little_endian ? word : reverse_bytes(word);
}
/// Converts between native and big-endian byte order; big-endian numbers compare as their bytes do.
template <class Word>
[[nodiscard]] constexpr Word as_big_endian(Word word) noexcept {
    return little_endian ? reverse_bytes(word) : word;
}

/// Reads a word in native byte order at any alignment. For comparing for equality and storing again.
template <class Word>
[[nodiscard]] inline Word load(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
}
[[nodiscard]] inline std::uint64_t load64(const char* from) noexcept { return load<std::uint64_t>(from); }
[[nodiscard]] inline std::uint64_t load64_little_endian(const char* from) noexcept { return as_little_endian(load64(from)); }
[[nodiscard]] inline std::uint64_t load64_big_endian(const char* from) noexcept { return as_big_endian(load64(from)); }
[[nodiscard]] inline std::uint32_t load32_little_endian(const char* from) noexcept { return as_little_endian(load<std::uint32_t>(from)); }

template <class Word>
inline void store(char* to, Word word) noexcept {
    std::memcpy(to, &word, sizeof word);
}

// ---- Blocks of bytes ----
//
// Sse2Block, NeonBlock and WordBlock have the same interface with 16, 16 and 8 bytes. Algorithms are templates over the block; `Block` is
// the best one for the CPU. WordBlock exists on every CPU, so that tests can compare both.
//
//     size          bytes of a block
//     load, store   at any alignment; exactly `size` bytes
//     equal         marks the bytes that are `c`
//     at_most       marks the bytes that are `c` or less, as unsigned numbers, for c < 0x80
//     between       marks the bytes from `low` to `high`, for 0 < low <= high < 0x80
//     with_bit      the block with this bit set in each byte
//     a | b         joins the marks
//     mask          the marks as a number: mask_bits bits for each byte, the first byte lowest. 0: nothing is marked

/// Eight bytes in a 64-bit word, in portable C++.
struct WordBlock {
    static constexpr std::ptrdiff_t size = 8;
    static constexpr int mask_bits = 8;
    using Mask = std::uint64_t;

    std::uint64_t bytes;

    static WordBlock load(const char* from) noexcept { return {load64(from)}; }
    void store(char* to) const noexcept { detail::store(to, bytes); }
    // No carry crosses a byte, so every mark is exact.
    [[nodiscard]] WordBlock equal(char c) const noexcept {
        const std::uint64_t differ = bytes ^ ones * static_cast<unsigned char>(c);
        return {~(((differ & ~tops) + ~tops) | differ) & tops};
    }
    [[nodiscard]] WordBlock at_most(unsigned char c) const noexcept { return {~(((bytes & ~tops) + ones * (127u - c)) | bytes) & tops}; }
    [[nodiscard]] WordBlock between(unsigned char low, unsigned char high) const noexcept {
        return {at_most(high).bytes ^ at_most(static_cast<unsigned char>(low - 1)).bytes};
    }
    [[nodiscard]] WordBlock with_bit(unsigned char bit) const noexcept { return {bytes | ones * bit}; }
    friend WordBlock operator|(WordBlock a, WordBlock b) noexcept { return {a.bytes | b.bytes}; }
    [[nodiscard]] Mask mask() const noexcept { return as_little_endian(bytes); }

 private:
    static constexpr std::uint64_t ones = 0x0101010101010101;
    static constexpr std::uint64_t tops = ones * 0x80;
};

#if defined(ALERTMAP_HAS_SSE2)

/// 16 bytes in an SSE2 register.
struct Sse2Block {
    static constexpr std::ptrdiff_t size = 16;
    static constexpr int mask_bits = 1;
    using Mask = std::uint32_t;

    __m128i bytes;

    static Sse2Block load(const char* from) noexcept { return {_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))}; }
    void store(char* to) const noexcept { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes); }
    [[nodiscard]] Sse2Block equal(char c) const noexcept { return {_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c))}; }
    [[nodiscard]] Sse2Block at_most(unsigned char c) const noexcept {
        return {_mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(static_cast<char>(c))), bytes)};
    }
    [[nodiscard]] Sse2Block between(unsigned char low, unsigned char high) const noexcept {
        return Sse2Block{_mm_sub_epi8(bytes, _mm_set1_epi8(static_cast<char>(low)))}.at_most(static_cast<unsigned char>(high - low));
    }
    [[nodiscard]] Sse2Block with_bit(unsigned char bit) const noexcept {
        return {_mm_or_si128(bytes, _mm_set1_epi8(static_cast<char>(bit)))};
    }
    friend Sse2Block operator|(Sse2Block a, Sse2Block b) noexcept { return {_mm_or_si128(a.bytes, b.bytes)}; }
    [[nodiscard]] Mask mask() const noexcept { return static_cast<Mask>(_mm_movemask_epi8(bytes)); }
};
using Block = Sse2Block;

#elif defined(ALERTMAP_HAS_NEON)

/// 16 bytes in a NEON register.
struct NeonBlock {
    static constexpr std::ptrdiff_t size = 16;
    static constexpr int mask_bits = 4;
    using Mask = std::uint64_t;

    uint8x16_t bytes;

    static NeonBlock load(const char* from) noexcept { return {vld1q_u8(reinterpret_cast<const std::uint8_t*>(from))}; }
    void store(char* to) const noexcept { vst1q_u8(reinterpret_cast<std::uint8_t*>(to), bytes); }
    [[nodiscard]] NeonBlock equal(char c) const noexcept { return {vceqq_u8(bytes, vdupq_n_u8(static_cast<std::uint8_t>(c)))}; }
    [[nodiscard]] NeonBlock at_most(unsigned char c) const noexcept { return {vcleq_u8(bytes, vdupq_n_u8(c))}; }
    [[nodiscard]] NeonBlock between(unsigned char low, unsigned char high) const noexcept {
        return NeonBlock{vsubq_u8(bytes, vdupq_n_u8(low))}.at_most(static_cast<unsigned char>(high - low));
    }
    [[nodiscard]] NeonBlock with_bit(unsigned char bit) const noexcept { return {vorrq_u8(bytes, vdupq_n_u8(bit))}; }
    friend NeonBlock operator|(NeonBlock a, NeonBlock b) noexcept { return {vorrq_u8(a.bytes, b.bytes)}; }
    /// Four bits per byte: NEON cannot extract one bit per byte.
    [[nodiscard]] Mask mask() const noexcept { return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(bytes), 4)), 0); }
};
using Block = NeonBlock;

#else
using Block = WordBlock;
#endif

/// Index of the first marked byte; the mask must not be 0.
template <class AnyBlock>
[[nodiscard]] inline std::ptrdiff_t first_marked(typename AnyBlock::Mask mask) noexcept {
    return std::countr_zero(mask) / AnyBlock::mask_bits;
}

/// Marks the first `count` bytes; none if `count` is below 1, all if it is at least the block's size.
template <class AnyBlock>
[[nodiscard]] inline typename AnyBlock::Mask first_marks(typename AnyBlock::Mask mask, std::ptrdiff_t count) noexcept {
    using Mask = typename AnyBlock::Mask;
    if (count >= AnyBlock::size) return mask;
    return count <= 0
               ? Mask{0}
               : mask & (static_cast<Mask>(-1) >> (static_cast<int>(8 * sizeof(Mask)) - static_cast<int>(count) * AnyBlock::mask_bits));
}

/// Clears the first mark; there must be one.
template <class AnyBlock>
[[nodiscard]] inline typename AnyBlock::Mask without_first(typename AnyBlock::Mask mask) noexcept {
    using Mask = typename AnyBlock::Mask;
    // NEON marks a byte with four bits, the others with one.
    if constexpr (AnyBlock::mask_bits == 4) return mask & ~(Mask{0xf} << std::countr_zero(mask));
    return mask & (mask - 1);
}

/// Number of marked bytes.
template <class AnyBlock>
[[nodiscard]] inline std::size_t count_marks(typename AnyBlock::Mask mask) noexcept {
    // As above.
    return static_cast<std::size_t>(std::popcount(mask) / (AnyBlock::mask_bits == 4 ? 4 : 1));
}

/// Index of the first marked byte of two consecutive blocks; the size of both if none is marked.
template <class AnyBlock>
[[nodiscard]] inline std::ptrdiff_t first_marked(AnyBlock first, AnyBlock second) noexcept {
    if constexpr (2 * AnyBlock::size * AnyBlock::mask_bits <= static_cast<std::ptrdiff_t>(8 * sizeof(typename AnyBlock::Mask))) {
        return std::countr_zero(first.mask() | second.mask() << (AnyBlock::size * AnyBlock::mask_bits)) / AnyBlock::mask_bits;
    } else {
        const auto mask = first.mask();
        return std::countr_zero(mask != 0 ? mask : second.mask()) / AnyBlock::mask_bits + (mask != 0 ? 0 : AnyBlock::size);
    }
}

}  // namespace alertmap::detail
