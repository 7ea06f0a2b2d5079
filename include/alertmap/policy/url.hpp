#pragma once

#include <cstddef>
#include <string_view>

#include "alertmap/policy/field_source.hpp"

namespace alertmap::inline v0_1 {

/// Whether the text can stand as a link: http or https (in any case), a host, no white space and no control character.
/// `javascript:`, relative URLs and `http://:9093` cannot. Does not allocate.
[[nodiscard]] constexpr bool is_http_url(std::string_view text) noexcept;

/// A link, from the first source that has one.
struct UrlPolicy {
    FieldSources from;

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

constexpr bool is_http_url(std::string_view text) noexcept {
    std::size_t scheme = 0;
    if (text.size() > 7 && detail::is_word(text.substr(0, 7), "http://")) scheme = 7;
    if (text.size() > 8 && detail::is_word(text.substr(0, 8), "https://")) scheme = 8;
    if (scheme == 0 || std::string_view(":/?#").find(text[scheme]) != std::string_view::npos) return false;
    unsigned odd = 0;  // no early end: the loop must become vector code
    for (char c : text) odd |= static_cast<unsigned>(static_cast<unsigned char>(c) <= ' ') | static_cast<unsigned>(c == '\x7f');
    return odd == 0;
}

}  // namespace alertmap::inline v0_1
