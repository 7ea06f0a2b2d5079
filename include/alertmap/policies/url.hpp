#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "alertmap/policies/field_source.hpp"

namespace alertmap {

/// Whether the text can stand as a link: http or https (in any case), a host, no white space and no control character.
/// `javascript:`, relative URLs and `http://:9093` cannot. Does not allocate.
[[nodiscard]] inline bool is_http_url(std::string_view text) noexcept;

/// A link, from the first source that has one.
struct UrlPolicy {
    FieldSources from = {};

    /// An http or https URL as it was sent, or an empty view.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const {
        for (const FieldSource& source : from) {
            const std::string_view url = source(subject, arena);
            if (is_http_url(url)) return url;
        }
        return {};
    }

    friend bool operator==(const UrlPolicy&, const UrlPolicy&) = default;
};

namespace detail {

/// Whether a byte of the text, which has at least 8, is white space, a control character or DEL. In blocks, the last of which
/// overlaps the one before.
inline bool has_space_or_control(std::string_view text) noexcept {
#if defined(__SSE2__)
    if (text.size() >= 16) {
        __m128i odd = _mm_setzero_si128();
        const auto look = [&](std::size_t i) {
            const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
            const __m128i is_low = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x20)), block);
            odd = _mm_or_si128(odd, _mm_or_si128(is_low, _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f))));
        };
        for (std::size_t i = 0; i + 16 <= text.size(); i += 16) look(i);
        look(text.size() - 16);
        return _mm_movemask_epi8(odd) != 0;
    }
#endif
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::uint64_t odd_bytes = 0;
    const auto look = [&](std::size_t i) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, text.data() + i, 8);
        const std::uint64_t is_del = bytes ^ (ones * 0x7f);
        odd_bytes |= ((bytes - ones * 0x21) & ~bytes) | ((is_del - ones) & ~is_del);
    };
    for (std::size_t i = 0; i + 8 <= text.size(); i += 8) look(i);
    look(text.size() - 8);
    return (odd_bytes & (ones * 0x80)) != 0;
}

}  // namespace detail

inline bool is_http_url(std::string_view text) noexcept {
    if (text.size() < 8) return false;
    char scheme[4];
    for (std::size_t i = 0; i < 4; ++i) scheme[i] = static_cast<char>(text[i] | 0x20);  // capitals as small letters
    if (std::memcmp(scheme, "http", 4) != 0) return false;
    const std::size_t colon = text[4] == 's' || text[4] == 'S' ? 5 : 4;
    if (std::memcmp(text.data() + colon, "://", 3) != 0 || text.size() == colon + 3) return false;
    const char host = text[colon + 3];
    return host != ':' && host != '/' && host != '?' && host != '#' && !detail::has_space_or_control(text);
}

}  // namespace alertmap
