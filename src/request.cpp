#include "alertmap/request.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/percent.hpp"

namespace alertmap {

namespace {

bool is_valid_base(std::string_view base) noexcept {
    const std::size_t scheme = base.starts_with("https://") ? 8 : base.starts_with("http://") ? 7 : 0;
    if (scheme == 0 || base.size() == scheme || base[scheme] == '/' || base[scheme] == '?') return false;
    for (const char c : base) {
        if (c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '#') return false;
    }
    return true;
}

void append_masked(std::string& out, std::string_view text, const std::vector<std::string>& secrets) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t masked = 0;
        for (const std::string& secret : secrets) {
            if (text.substr(at).starts_with(secret)) masked = std::max(masked, secret.size());
        }
        masked == 0 ? out += text[at] : out += "***";
        at += std::max<std::size_t>(masked, 1);
    }
}

/// Removes user and password, the part before an @.
std::string without_user(std::string_view url) {
    const std::size_t host = url.find("//");
    if (host == std::string_view::npos) return std::string(url);
    const std::string_view authority = url.substr(host + 2, url.find_first_of("/?", host + 2) - host - 2);
    const std::size_t at = authority.rfind('@');
    if (at == std::string_view::npos) return std::string(url);
    return std::string(url.substr(0, host + 2)).append("***").append(url.substr(host + 2 + at));
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text) {
    const std::size_t size = out.size();
    out.resize(size + detail::percent_room(text.size()));
    out.resize(static_cast<std::size_t>(detail::percent_encode(out.data() + size, text) - out.data()));
}

Result<void> add_header(Request& request, Header header) {
    constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
    bool valid = !header.name.empty();
    for (const char c : header.name) valid = valid && (detail::is_letter_or_digit(c) || token_marks.find(c) != std::string_view::npos);
    if (!valid) return Errc::invalid_header;
    for (const char c : header.value) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t') || byte == 0x7f) return Error{Errc::invalid_header, no_offset, header.name};
    }
    request.headers.push_back(std::move(header));
    return {};
}

Url::Url(std::string_view base) : valid_(is_valid_base(base)) {
    const std::size_t mark = base.find('?');
    path_ = base.substr(0, mark);
    if (mark == std::string_view::npos) return;
    query_ = base.substr(mark);
    secret_ = base.substr(mark + 1);
}

Url& Url::path(std::string_view segment, bool secret) {
    if (segment.empty() || segment == "." || segment == "..") valid_ = false;
    slash();
    const std::size_t first = path_.size();
    append_percent_encoded(path_, segment);
    if (secret) secret_ = path_.substr(first);
    return *this;
}

Url& Url::slash() {
    if (path_.empty() || path_.back() != '/') path_ += '/';
    return *this;
}

Url& Url::query(std::string_view name, std::string_view value) {
    query_ += query_.empty() ? '?' : '&';
    append_percent_encoded(query_, name);
    query_ += '=';
    append_percent_encoded(query_, value);
    return *this;
}

Url& Url::mask_all_but_host() {
    const std::size_t authority = path_.find("//");
    const std::size_t first = authority == std::string::npos ? authority : path_.find('/', authority + 2);
    secret_ = (first == std::string::npos ? std::string() : path_.substr(first + 1)) + query_;
    return *this;
}

Result<std::string> Url::str() const {
    if (!valid_) return Error{Errc::invalid_url, no_offset, "url"};
    return path_ + query_;
}

std::string to_string(const Request& request) {
    // After the host only: a short secret may occur in the scheme or the host name.
    const std::size_t scheme = request.url.find("//");
    const std::size_t path = scheme == std::string::npos ? 0 : std::min(request.url.find_first_of("/?", scheme + 2), request.url.size());
    std::string text = request.method + ' ' + without_user(std::string_view(request.url).substr(0, path));
    append_masked(text, std::string_view(request.url).substr(path), request.secrets);
    text += '\n';
    for (const Header& header : request.headers) {
        text.append(header.name).append(": ").append(header.secret ? "***" : header.value).append("\n");
    }
    text += '\n';
    append_masked(text, request.body, request.secrets);
    return text;
}

}  // namespace alertmap
