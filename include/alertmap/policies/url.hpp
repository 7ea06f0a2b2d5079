#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// True if the text is an http or https URL (case-insensitive) with a host, and without white space or control characters. Rejects
/// `javascript:`, relative URLs and `http://:9093`. O(size). Thread-safe.
[[nodiscard]] inline bool is_http_url(std::string_view text) noexcept;

/// Selects a link. Thread-safe.
struct UrlPolicy {
    FieldSources from = {};
    Callable<Text> function = {};  ///< replaces `from`

    /// The first value that is_http_url(), unchanged, or an empty view. A view into the group, the arena or this policy. Allocates from the
    /// arena only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const UrlPolicy&, const UrlPolicy&) = default;
};

namespace detail {

/// True if the text, of at least one block, contains white space, a control character or DEL. The last block overlaps the one before.
template <class AnyBlock>
inline bool has_space_or_control_by(std::string_view text) noexcept {
    const auto odd = [&](const char* at) {
        const AnyBlock block = AnyBlock::load(at);
        return block.at_most(0x20) | block.equal(0x7f);
    };
    const char* at = text.data();
    const char* const last = at + text.size() - AnyBlock::size;
    AnyBlock odd_bytes = odd(last);
    for (; last - at > AnyBlock::size; at += 2 * AnyBlock::size) odd_bytes = odd_bytes | odd(at) | odd(at + AnyBlock::size);
    if (at < last) odd_bytes = odd_bytes | odd(at);
    return odd_bytes.mask() != 0;
}
/// The same for a text of at least 8 bytes.
inline bool has_space_or_control(std::string_view text) noexcept {
    return text.size() >= static_cast<std::size_t>(Block::size) ? has_space_or_control_by<Block>(text)
                                                                : has_space_or_control_by<WordBlock>(text);
}

}  // namespace detail

inline bool is_http_url(std::string_view text) noexcept {
    if (text.size() < 8) return false;
    char scheme[4];
    for (std::size_t i = 0; i < 4; ++i) scheme[i] = static_cast<char>(text[i] | 0x20);  // lower case
    if (std::memcmp(scheme, "http", 4) != 0) return false;
    const std::size_t colon = text[4] == 's' || text[4] == 'S' ? 5 : 4;
    if (std::memcmp(text.data() + colon, "://", 3) != 0 || text.size() == colon + 3) return false;
    const char host = text[colon + 3];
    return host != ':' && host != '/' && host != '?' && host != '#' && !detail::has_space_or_control(text);
}

}  // namespace alertmap
