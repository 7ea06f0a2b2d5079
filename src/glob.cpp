#include "alertmap/policies/glob.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alertmap {

bool matches_glob(std::string_view text, std::string_view pattern) noexcept {
    std::size_t at = 0;
    std::size_t next = 0;
    // Where to resume if a later part does not match: the last star consumes one more byte.
    std::size_t after_star = std::string_view::npos;
    std::size_t star_end = 0;
    while (at < text.size()) {
        if (next < pattern.size() && pattern[next] == '*') {
            after_star = ++next;
            star_end = at;
            continue;
        }
        const bool escaped = next + 1 < pattern.size() && pattern[next] == '\\';
        const std::size_t byte = escaped ? next + 1 : next;
        if (byte < pattern.size() && (pattern[byte] == text[at] || (!escaped && pattern[byte] == '?'))) {
            next = byte + 1;
            ++at;
        } else if (after_star != std::string_view::npos) {
            next = after_star;
            at = ++star_end;
        } else {
            return false;
        }
    }
    while (next < pattern.size() && pattern[next] == '*') ++next;
    return next == pattern.size();
}

bool matches_any_glob(std::string_view text, const std::vector<std::string>& patterns) noexcept {
    for (const std::string& pattern : patterns) {
        if (matches_glob(text, pattern)) return true;
    }
    return false;
}

}  // namespace alertmap
