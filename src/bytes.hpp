#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/json_reader.hpp"

// Stateless byte operations of the walk, several bytes at a time where that is faster.
namespace alertmap::detail {

// ---- Words of memory ----

/// Three characters in the format of load32_little_endian; the fourth byte is 0.
constexpr std::uint32_t as32(char a, char b, char c) noexcept {
    const auto byte = [](char x) { return std::uint32_t{static_cast<unsigned char>(x)}; };
    return byte(a) | byte(b) << 8 | byte(c) << 16;
}
inline constexpr std::uint32_t three_bytes = 0x00ffffff;
inline constexpr std::uint32_t two_bytes = 0x0000ffff;

/// True if the first `Size` bytes are equal. g++ would call memcmp for larger sizes.
template <std::size_t Size>
[[nodiscard]] inline bool same_bytes(const char* a, const char* b) noexcept {
    if constexpr (Size < 8) {
        return std::memcmp(a, b, Size) == 0;
    } else {
        std::uint64_t differ = load64(a + Size - 8) ^ load64(b + Size - 8);
        for (std::size_t i = 0; i + 8 < Size; i += 8) differ |= load64(a + i) ^ load64(b + i);
        return differ == 0;
    }
}

/// Compile-time JSON without white space, and its number of index entries. A string of which it contains only the opening quote is not
/// counted: after `,"startsAt":"` the value is the current entry.
template <std::size_t Size>
struct CompactJson {
    char bytes[Size] = {};
    std::size_t entries = 0;

    consteval CompactJson(const char (&json)[Size]) {
        constexpr std::string_view structural = "{}[]:,";
        bool in_string = false;
        bool in_scalar = false;
        for (std::size_t i = 0; i + 1 < Size; ++i) {
            const char c = bytes[i] = json[i];
            const bool begins_scalar = !in_string && !in_scalar && c != '"' && structural.find(c) == std::string_view::npos;
            if (c == '"') in_string = !in_string;
            in_scalar = !in_string && c != '"' && structural.find(c) == std::string_view::npos;
            if ((c == '"' && in_string) || begins_scalar || (!in_string && structural.find(c) != std::string_view::npos)) ++entries;
        }
        if (in_string) --entries;
    }
};
static_assert(CompactJson(R"({"status":"firing","labels":{)").entries == 8);
static_assert(CompactJson(R"(,"startsAt":")").entries == 3);
static_assert(CompactJson(R"(,"truncatedAlerts":0})").entries == 5);

/// The first 8 bytes of a name as a number with the same sort order. Reads 8 bytes.
inline std::uint64_t sort_prefix(const char* name, std::size_t size) noexcept {
    static constexpr std::array<std::uint64_t, 9> masks = [] {
        std::array<std::uint64_t, 9> all{};
        for (std::size_t i = 1; i < 9; ++i) all[i] = ~std::uint64_t{0} << (64 - 8 * i);
        return all;
    }();
    return load64_big_endian(name) & masks[size < 8 ? size : 8];
}

/// Parses eight ASCII digits in the format of load64_little_endian; above 99,999,999 if they are not all digits.
inline std::uint32_t eight_digits(std::uint64_t chunk) noexcept {
    if (((chunk & 0xf0f0f0f0f0f0f0f0) | ((chunk + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4) != 0x3333333333333333) return ~0u;
    chunk = (chunk & 0x0f0f0f0f0f0f0f0f) * 2561 >> 8;
    chunk = (chunk & 0x00ff00ff00ff00ff) * 6553601 >> 16;
    return static_cast<std::uint32_t>((chunk & 0x0000ffff0000ffff) * 42949672960001 >> 32);
}

// ---- Escapes ----

/// Parses four hex digits; above 0xffff if they are not all hex digits.
inline std::uint32_t hex4(const char* from) noexcept {
    // The digit's value; for other bytes a bit that the sum of four digits cannot set.
    static constexpr std::array<std::uint32_t, 256> values = [] {
        std::array<std::uint32_t, 256> all{};
        for (std::size_t c = 0; c < all.size(); ++c) {
            const int value = hex_value(static_cast<char>(c));
            all[c] = value < 0 ? 0x10000 : static_cast<std::uint32_t>(value);
        }
        return all;
    }();
    const auto value = [&](int i) { return values[static_cast<unsigned char>(from[i])]; };
    return value(0) << 12 | value(1) << 8 | value(2) << 4 | value(3);
}

/// The character of a short escape; 0 for none, and for \u.
inline char unescaped(char c) noexcept {
    static constexpr std::array<char, 256> table = [] {
        std::array<char, 256> all{};
        all['"'] = '"';
        all['\\'] = '\\';
        all['/'] = '/';
        all['b'] = '\b';
        all['f'] = '\f';
        all['n'] = '\n';
        all['r'] = '\r';
        all['t'] = '\t';
        return all;
    }();
    return table[static_cast<unsigned char>(c)];
}

/// False: the text has no character that only Go escapes: < > & U+2028 U+2029. For a given block type.
template <class AnyBlock>
[[nodiscard]] inline bool may_differ_in_go_by(std::string_view text) noexcept {
    if (text.size() < static_cast<std::size_t>(AnyBlock::size)) {
        bool odd = false;
        for (const char c : text) odd = odd | (c == '<') | (c == '>') | (c == '&') | (c == '\xe2');
        return odd;
    }
    const auto odd = [](const char* at) {
        const AnyBlock block = AnyBlock::load(at);
        return block.equal('<') | block.equal('>') | block.equal('&') | block.equal('\xe2');
    };
    const char* const last = text.data() + text.size() - AnyBlock::size;  // overlaps the previous block
    AnyBlock found = odd(last);
    for (const char* at = text.data(); at < last; at += AnyBlock::size) found = found | odd(at);
    return found.mask() != 0;
}
[[nodiscard]] inline bool may_differ_in_go(std::string_view text) noexcept { return may_differ_in_go_by<Block>(text); }

// ---- Numbers and words ----

[[nodiscard]] inline bool is_number(std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto digits = [&] {
        const char* const first = at;
        while (at != end && static_cast<unsigned char>(*at) - unsigned{'0'} <= 9) ++at;
        return at != first;
    };
    if (at != end && *at == '-') ++at;
    if (at != end && *at == '0') {
        ++at;
    } else if (!digits()) {
        return false;
    }
    if (at != end && *at == '.' && (++at, !digits())) return false;
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        if (!digits()) return false;
    }
    return at == end;
}

[[nodiscard]] inline bool is_literal_or_number(std::string_view text) noexcept {
    switch (text.front()) {
        case 't': return text == "true";
        case 'f': return text == "false";
        case 'n': return text == "null";
        default: return is_number(text);
    }
}

inline bool read_count(std::string_view text, std::uint64_t& out) noexcept {
    std::uint64_t value = 0;
    for (const char c : text) {
        const unsigned digit = static_cast<unsigned char>(c) - unsigned{'0'};
        if (digit > 9 || value > (~std::uint64_t{0} - digit) / 10) return false;
        value = value * 10 + digit;
    }
    out = value;
    return !text.empty();
}

/// Parses 3.0, 1e3, 1.000000000000000000000; saturates above 64 bits. False: not an integer, or negative.
inline bool read_integral(std::string_view text, std::uint64_t& out) noexcept {
    if (!is_number(text) || text.front() == '-') return false;
    // The number is `digits` times a power of ten. Zeros are only counted until another digit follows, so that any number of trailing zeros
    // becomes part of the power.
    std::uint64_t digits = 0;
    std::int64_t zeros = 0;
    std::int64_t exponent = 0;
    bool overflow = false;
    bool fraction = false;
    std::size_t i = 0;
    for (; i < text.size() && text[i] != 'e' && text[i] != 'E'; ++i) {
        if (text[i] == '.') {
            fraction = true;
            continue;
        }
        exponent -= fraction ? 1 : 0;
        ++zeros;
        if (text[i] == '0') continue;
        for (; zeros > 0 && digits != 0 && !overflow; --zeros) {
            overflow = digits > ~std::uint64_t{0} / 10;
            digits *= 10;
        }
        const auto digit = static_cast<std::uint64_t>(text[i] - '0');
        overflow = overflow || digits > ~std::uint64_t{0} - digit;
        digits += digit;
        zeros = 0;
    }
    if (i < text.size()) {
        const bool minus = text[++i] == '-';
        if (minus || text[i] == '+') ++i;
        std::int64_t written = 0;
        for (; i < text.size() && written < std::int64_t{1} << 40; ++i) written = written * 10 + (text[i] - '0');
        exponent += minus ? -written : written;
    }
    exponent += zeros;
    if (digits != 0 && exponent < 0) return false;
    for (; exponent > 0 && digits != 0 && !overflow; --exponent) {
        overflow = digits > ~std::uint64_t{0} / 10;
        digits *= 10;
    }
    out = overflow ? ~std::uint64_t{0} : digits;
    return true;
}

/// True for a fingerprint or group key that identifies nothing: blank, zero, or a null value of a language or template.
inline bool is_meaningless_id(std::string_view text) noexcept {
    while (!text.empty() && (is_json_space(text.front()))) text.remove_prefix(1);
    while (!text.empty() && (is_json_space(text.back()))) text.remove_suffix(1);
    if (text.find_first_not_of('0') == std::string_view::npos) return true;
    for (const std::string_view word :
         {"{}", "[]", "-", "null", "nil", "none", "true", "false", "undefined", "unknown", "n/a", "<nil>", "<no value>", "fingerprint"}) {
        if (is_same_word(text, word)) return true;
    }
    return false;
}

}  // namespace alertmap::detail
