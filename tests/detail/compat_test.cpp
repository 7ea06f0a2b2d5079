#include "alertmap/detail/compat.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

using namespace alertmap;
using detail::Block;
using detail::WordBlock;

namespace {

constexpr const char* sixteen = "0123456789abcdef";

/// Each byte at each position of a block that is otherwise `filler`.
template <class AnyBlock, class Check>
void with_blocks(Check check) {
    constexpr auto size = static_cast<std::size_t>(AnyBlock::size);
    for (const char filler : {'\0', '\x1f', 'a', '\x7f', '\x80', '\xff'}) {
        for (int byte = 0; byte < 256; ++byte) {
            for (std::size_t place = 0; place < size; ++place) {
                std::string text(size, filler);
                text[place] = static_cast<char>(byte);
                check(text);
            }
        }
    }
}

/// The marks of a block, one bool per byte, from its mask.
template <class AnyBlock>
bool is_marked(AnyBlock block, std::size_t place) {
    const auto mask = block.mask() >> (static_cast<int>(place) * AnyBlock::mask_bits);
    return mask != 0 && detail::first_marked<AnyBlock>(mask) == 0;
}

}  // namespace

TEST_CASE("compat: words in both byte orders") {
    CHECK(detail::load64_little_endian(sixteen) == 0x3736353433323130);
    CHECK(detail::load64_big_endian(sixteen) == 0x3031323334353637);
    CHECK(detail::load32_little_endian(sixteen + 1) == 0x34333231);
    CHECK(detail::reverse_bytes(std::uint64_t{0x0123456789abcdef}) == 0xefcdab8967452301);
    CHECK(detail::reverse_bytes(std::uint32_t{0x01234567}) == 0x67452301);
    CHECK(detail::as_little_endian(detail::load64(sixteen)) == detail::load64_little_endian(sixteen));
    char copy[8];
    detail::store(copy, detail::load64(sixteen + 3));
    CHECK(std::memcmp(copy, sixteen + 3, 8) == 0);
}

TEST_CASE("compat: the product of two words, with and without 128-bit integers") {
    const std::uint64_t words[] = {0, 1, 2, 0xffffffff, 0x100000000, 0xffffffffffffffff, 0x9e3779b97f4a7c15, 0x8000000000000001};
    for (const std::uint64_t a : words) {
        for (const std::uint64_t b : words) {
            CAPTURE(a);
            CAPTURE(b);
            CHECK(detail::multiply_fold(a, b) == detail::multiply_fold_by_halves(a, b));
        }
    }
    CHECK(detail::multiply_fold_by_halves(0xffffffffffffffff, 0xffffffffffffffff) == 0xffffffffffffffff);  // 0xff..fe 00..01
    CHECK(detail::multiply_fold_by_halves(std::uint64_t{1} << 63, 6) == 3);
}

TEST_CASE("compat: forget_value does not change the value") {
    std::size_t number = 42;
    detail::forget_value(number);
    CHECK(number == 42);
    const char* text = sixteen;
    detail::forget_value(text);
    CHECK(text == sixteen);
}

TEST_CASE_TEMPLATE("compat: a block marks exactly the matching bytes", AnyBlock, WordBlock, Block) {
    with_blocks<AnyBlock>([](const std::string& text) {
        const AnyBlock block = AnyBlock::load(text.data());
        std::string stored(text.size(), '?');
        block.store(stored.data());
        bool right = stored == text;
        std::ptrdiff_t first = AnyBlock::size;
        for (std::size_t i = text.size(); i-- > 0;) {
            const auto byte = static_cast<unsigned char>(text[i]);
            right = right && is_marked(block.equal('"'), i) == (byte == '"');
            right = right && is_marked(block.equal('\x7f'), i) == (byte == 0x7f);
            right = right && is_marked(block.equal('\xff'), i) == (byte == 0xff);
            right = right && is_marked(block.at_most(0x1f), i) == (byte <= 0x1f);
            right = right && is_marked(block.at_most(0x20) | block.equal('\\'), i) == (byte <= 0x20 || byte == '\\');
            right = right && is_marked(block.between('!', '.'), i) == (byte >= '!' && byte <= '.');
            right = right && is_marked(block.between(1, 0x7f), i) == (byte >= 1 && byte <= 0x7f);
            right = right && is_marked(block.with_bit(0x20).equal('`'), i) == (byte == '`' || byte == '@');
            if (byte == '"') first = static_cast<std::ptrdiff_t>(i);
        }
        const AnyBlock quotes = block.equal('"');
        if (first != AnyBlock::size) {
            right = right && detail::first_marked<AnyBlock>(quotes.mask()) == first;
            right = right && detail::first_marks<AnyBlock>(quotes.mask(), first) == 0;
            right = right && detail::first_marked<AnyBlock>(detail::first_marks<AnyBlock>(quotes.mask(), first + 1)) == first;
            const auto others = detail::without_first<AnyBlock>(quotes.mask());
            right = right && (others == 0 || detail::first_marked<AnyBlock>(others) > first);
        }
        std::ptrdiff_t marks = 0;
        for (auto mask = quotes.mask(); mask != 0; mask = detail::without_first<AnyBlock>(mask)) ++marks;
        right = right && detail::count_marks<AnyBlock>(quotes.mask()) == static_cast<std::size_t>(marks);
        right = right && marks == std::count(text.begin(), text.end(), '"');
        const AnyBlock none = block.equal('"').equal('x');
        right = right && none.mask() == 0;
        right = right && detail::first_marked(quotes, none) == (first == AnyBlock::size ? 2 * AnyBlock::size : first);
        right = right && detail::first_marked(none, quotes) == AnyBlock::size + first;
        if (!right) FAIL_CHECK("block ", text);
    });
}

TEST_CASE("compat: ALERTMAP_NO_SIMD selects WordBlock") {
#if defined(ALERTMAP_NO_SIMD)
    CHECK(std::is_same_v<Block, WordBlock>);
#else
    CHECK(Block::size >= WordBlock::size);
#endif
}
