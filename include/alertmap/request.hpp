#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// A request header. `secret` marks a value that must not be printed (a token, an API key).
struct Header {
    std::string name;
    std::string value;
    bool secret = false;

    friend bool operator==(const Header&, const Header&) = default;
};

/// A complete HTTP request for the caller's HTTP client. Owns its strings. Contains secrets: print it with to_string() only.
struct Request {
    std::string method;
    std::string url;
    std::vector<Header> headers;
    std::string body;
    /// Parts of `url` and `body`, as spelled there, that must not be printed.
    std::vector<std::string> secrets;

    friend bool operator==(const Request&, const Request&) = default;
};

/// Appends `text` percent-encoded: every byte except A-Z a-z 0-9 - . _ ~ becomes %XX. Valid in a path segment and in a query name or value.
/// Source: RFC 3986, sections 2.1 and 2.3.
ALERTMAP_API void append_percent_encoded(std::string& out, std::string_view text);

/// Appends a header. Errc::invalid_header, with the header's name as the path, if the name is not a token or the value contains a control
/// character (CR and LF would start another header). Allocates.
/// Source: RFC 9110, sections 5.1 and 5.5.
[[nodiscard]] ALERTMAP_API Result<void> add_header(Request& request, Header header);

/// Builds a URL from a trusted base and untrusted parts.
///
///     Url url("https://api.example.test/v1");
///     url.path("alerts").path(id).query("source", name);
///     Result<std::string> text = url.str();
///
/// Allocates. Not thread-safe.
class Url {
 public:
    /// `base` is an http or https URL, already encoded. A query in it is kept in front of query()'s parameters, and masked in printed
    /// requests, as it may contain a key.
    ALERTMAP_API explicit Url(std::string_view base);

    /// Appends a slash and one percent-encoded segment. An empty segment, "." and ".." make the URL invalid, as they would change the path.
    /// A secret segment is masked in printed requests.
    ALERTMAP_API Url& path(std::string_view segment, bool secret = false);
    /// Appends a slash unless the path ends with one.
    ALERTMAP_API Url& slash();
    /// Appends a query parameter, percent-encoded.
    ALERTMAP_API Url& query(std::string_view name, std::string_view value);
    /// Masks everything after the host in printed requests: for URLs that are secrets themselves.
    ALERTMAP_API Url& mask_all_but_host();

    /// The URL, or Errc::invalid_url. Allocates.
    [[nodiscard]] ALERTMAP_API Result<std::string> str() const;
    /// The part of the URL that must not be printed; empty: none. Valid until the Url changes.
    [[nodiscard]] const std::string& secret() const noexcept ALERTMAP_LIFETIMEBOUND { return secret_; }

 private:
    std::string path_;
    std::string query_;
    std::string secret_;
    bool valid_ = false;
};

/// The request as text for a log; secrets, including a URL's user and password, are replaced with "***". Allocates.
[[nodiscard]] ALERTMAP_API std::string to_string(const Request& request);

/// Writes to_string(request), with masked secrets.
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Request& request) {
    return out << to_string(request);
}

}  // namespace alertmap
