#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// One header of a request. `secret` marks a value that must not be shown (a token, an API key).
struct Header {
    std::string name;
    std::string value;
    bool secret = false;

    friend bool operator==(const Header&, const Header&) = default;
};

/// A whole HTTP request, ready for the caller's own client. Owns its strings. Holds secrets: print it with to_string().
struct Request {
    std::string method;
    std::string url;
    std::vector<Header> headers;
    std::string body;
    /// What must not be shown of `url` and `body`, as it is spelled there.
    std::vector<std::string> secrets;

    friend bool operator==(const Request&, const Request&) = default;
};

/// Appends `text` with everything but A-Z a-z 0-9 - . _ ~ as %XX: right for a path segment and for a query's name or value.
/// Source: RFC 3986, sections 2.1 and 2.3.
ALERTMAP_API void append_percent_encoded(std::string& out, std::string_view text);

/// Appends a header. Errc::invalid_header, with the header's name as the path, for a name that is no token and for a value
/// with a control character in it (CR and LF would start a header of their own). Source: RFC 9110, sections 5.1 and 5.5.
[[nodiscard]] ALERTMAP_API Result<void> add_header(Request& request, Header header);

/// Puts a URL together from a base that the caller wrote and parts that may hold anything.
///
///     Url url("https://api.example.test/v1");
///     url.path("alerts").path(id).query("source", name);
///     Result<std::string> text = url.str();
///
/// Allocates. Not to be shared between threads while it is changed.
class Url {
 public:
    /// `base` is http or https, already encoded; a query of its own (it may hold a key, and is masked when the request is
    /// printed) stays in front of query()'s.
    ALERTMAP_API explicit Url(std::string_view base);

    /// One segment, percent-encoded, behind a slash. An empty one, "." and ".." make the URL invalid: they would name
    /// another place. A secret one is masked when the request is printed.
    ALERTMAP_API Url& path(std::string_view segment, bool secret = false);
    /// A slash at the end of the path, if there is none yet.
    ALERTMAP_API Url& slash();
    /// One name and value, percent-encoded.
    ALERTMAP_API Url& query(std::string_view name, std::string_view value);
    /// Everything behind the host is masked when the request is printed: for URLs that are secrets themselves.
    ALERTMAP_API Url& mask_all_but_host();

    /// The URL, or Errc::invalid_url.
    [[nodiscard]] ALERTMAP_API Result<std::string> str() const;
    /// What must not be shown of it; empty: nothing. Lives as long as the Url.
    [[nodiscard]] const std::string& secret() const noexcept ALERTMAP_LIFETIMEBOUND { return secret_; }

 private:
    std::string path_;
    std::string query_;
    std::string secret_;
    bool valid_ = false;
};

/// The request as text, for a log: secrets (also a URL's user and password) as "***".
[[nodiscard]] ALERTMAP_API std::string to_string(const Request& request);

/// Writes to_string(request): no secret reaches the stream.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Request& request) {
    return out << to_string(request);
}

}  // namespace alertmap
