#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/result.hpp"

namespace alertmap {

/// One header of a request. `secret` marks a value that must not be shown (a token, an API key).
struct Header {
    std::string name;
    std::string value;
    bool secret = false;
};

/// A whole HTTP request, ready for the caller's own client. Owns its strings. Holds secrets: print it with to_string().
struct Request {
    std::string method;
    std::string url;
    std::vector<Header> headers;
    std::string body;
    std::string secret;  ///< what must not be shown of `url` and `body`, as it stands there; or empty
};

/// Appends `text` with everything but A-Z a-z 0-9 - . _ ~ as %XX: right for a path segment and for a query's name or value.
/// Source: RFC 3986, sections 2.1 and 2.3.
inline void append_percent_encoded(std::string& out, std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
}

/// Appends a header. Errc::invalid_header, with the header's name as the path, for a name that is no token and for a value
/// with a control character in it (CR and LF would start a header of their own). Source: RFC 9110, sections 5.1 and 5.5.
[[nodiscard]] inline Result<void> add_header(Request& request, Header header) {
    constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
    bool valid = !header.name.empty();
    for (const char c : header.name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        valid = valid && (letter || (c >= '0' && c <= '9') || token_marks.find(c) != std::string_view::npos);
    }
    if (!valid) return Errc::invalid_header;
    for (const char c : header.value) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t') || byte == 0x7f) return Error{Errc::invalid_header, no_offset, header.name};
    }
    request.headers.push_back(std::move(header));
    return {};
}

/// Puts a URL together from a base that the caller wrote and parts that may hold anything.
///
///     Url url("https://api.example.test/v1");
///     url.path("alerts").path(id).query("source", name);
///     Result<std::string> text = url.str();
class Url {
 public:
    /// `base` is http or https, already encoded; a query of its own (it may hold a key, and is masked when the request is
    /// printed) stays in front of query()'s.
    explicit Url(std::string_view base) {
        const std::size_t mark = base.find('?');
        path_ = base.substr(0, mark);
        if (mark != std::string_view::npos) {
            query_ = base.substr(mark);
            secret_ = base.substr(mark + 1);
        }
        valid_ = valid_base(base);
    }

    /// One segment, percent-encoded, behind a slash. An empty one, "." and ".." make the URL invalid: they would name
    /// another place. A secret one is masked when the request is printed.
    Url& path(std::string_view segment, bool secret = false) {
        if (segment.empty() || segment == "." || segment == "..") valid_ = false;
        slash();
        const std::size_t first = path_.size();
        append_percent_encoded(path_, segment);
        if (secret) secret_ = path_.substr(first);
        return *this;
    }
    /// A slash at the end of the path, if there is none yet.
    Url& slash() {
        if (path_.empty() || path_.back() != '/') path_ += '/';
        return *this;
    }
    Url& query(std::string_view name, std::string_view value) {
        query_ += query_.empty() ? '?' : '&';
        append_percent_encoded(query_, name);
        query_ += '=';
        append_percent_encoded(query_, value);
        return *this;
    }
    /// Everything behind the host is masked when the request is printed: for URLs that are secrets themselves.
    Url& hide() {
        const std::size_t authority = path_.find("//");
        const std::size_t first = authority == std::string::npos ? authority : path_.find('/', authority + 2);
        secret_ = (first == std::string::npos ? std::string() : path_.substr(first + 1)) + query_;
        return *this;
    }

    /// Errc::invalid_url.
    [[nodiscard]] Result<std::string> str() const {
        if (!valid_) return Error{Errc::invalid_url, no_offset, "url"};
        return path_ + query_;
    }
    /// What must not be shown of it; empty: nothing.
    [[nodiscard]] const std::string& secret() const noexcept { return secret_; }

 private:
    static bool valid_base(std::string_view base) {
        const std::size_t scheme = base.starts_with("https://") ? 8 : base.starts_with("http://") ? 7 : 0;
        if (scheme == 0 || base.size() == scheme || base[scheme] == '/' || base[scheme] == '?') return false;
        for (const char c : base) {
            if (c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '#') return false;
        }
        return true;
    }

    std::string path_;
    std::string query_;
    std::string secret_;
    bool valid_ = false;
};

namespace detail {

inline void append_masked(std::string& out, std::string_view text, std::string_view secret) {
    for (std::size_t at = 0; !secret.empty() && (at = text.find(secret)) != std::string_view::npos;) {
        out.append(text.substr(0, at)).append("***");
        text.remove_prefix(at + secret.size());
    }
    out += text;
}

/// Without the user and password that may stand before an @.
inline std::string without_user(std::string_view url) {
    const std::size_t host = url.find("//");
    if (host == std::string_view::npos) return std::string(url);
    const std::string_view authority = url.substr(host + 2, url.find_first_of("/?", host + 2) - host - 2);
    const std::size_t at = authority.rfind('@');
    if (at == std::string_view::npos) return std::string(url);
    return std::string(url.substr(0, host + 2)).append("***").append(url.substr(host + 2 + at));
}

}  // namespace detail

/// The request as text, for a log: secrets (also a URL's user and password) as "***".
[[nodiscard]] inline std::string to_string(const Request& request) {
    // Behind the host: a short secret may well be a part of the scheme or of a host's name.
    const std::size_t scheme = request.url.find("//");
    const std::size_t path = scheme == std::string::npos ? 0 : std::min(request.url.find_first_of("/?", scheme + 2), request.url.size());
    std::string text = request.method + ' ' + detail::without_user(std::string_view(request.url).substr(0, path));
    detail::append_masked(text, std::string_view(request.url).substr(path), request.secret);
    text += '\n';
    for (const Header& header : request.headers) {
        text.append(header.name).append(": ").append(header.secret ? "***" : header.value).append("\n");
    }
    text += '\n';
    detail::append_masked(text, request.body, request.secret);
    return text;
}

}  // namespace alertmap
