#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/result.hpp"

namespace alertmap::inline v0_1 {

/// One header of a request. `secret` marks a value that must not be shown (a token, an API key).
struct Header {
    std::string name;
    std::string value;
    bool secret = false;
};

/// A whole HTTP request, ready for the caller's own client. Owns its strings.
struct Request {
    std::string method;
    std::string url;
    std::vector<Header> headers;
    std::string body;
    std::string secret;  ///< the part of the URL that must not be shown, or empty
};

}  // namespace alertmap::inline v0_1
