#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/policy/field_source.hpp"

namespace alertmap::inline v0_1 {

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

/// Whether a byte of the text, which has at least 8, is white space, a control character or DEL. Eight bytes at a time.
inline bool has_space_or_control(std::string_view text) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101;
    std::uint64_t odd = 0;
    const auto look = [&](const char* at) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, at, 8);
        const std::uint64_t is_del = bytes ^ (ones * 0x7f);
        odd |= ((bytes - ones * 0x21) & ~bytes) | ((is_del - ones) & ~is_del);
    };
    for (std::size_t i = 0; i + 8 <= text.size(); i += 8) look(text.data() + i);
    look(text.data() + text.size() - 8);
    return (odd & (ones * 0x80)) != 0;
}

}  // namespace detail

inline bool is_http_url(std::string_view text) noexcept {
    if (text.size() < 8 || !detail::is_word(text.substr(0, 4), "http")) return false;
    const bool is_secure = detail::lower(text[4]) == 's';
    if (text.substr(is_secure ? 5 : 4, 3) != "://") return false;
    const std::size_t host = is_secure ? 8 : 7;
    if (host == text.size() || std::string_view(":/?#").find(text[host]) != std::string_view::npos) return false;
    return !detail::has_space_or_control(text);
}

}  // namespace alertmap::inline v0_1
