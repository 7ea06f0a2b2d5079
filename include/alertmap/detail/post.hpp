#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/error.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

// Requests of targets and forwards. Targets use these functions as alertmap::kit.
namespace alertmap::detail {

/// Errc::missing_value with the option's key as path. Allocates.
[[nodiscard]] inline Error missing(std::string_view option) { return option_error(Errc::missing_value, option); }

/// "Authorization: Bearer <token>", a secret header. Empty value if the token is empty. Allocates.
[[nodiscard]] ALERTMAP_API Header bearer(std::string_view token);

/// "Authorization: Basic <user:password in Base64>", a secret header. Empty value if both are empty. Allocates.
[[nodiscard]] ALERTMAP_API Header basic(std::string_view user, std::string_view password);

/// A request without a body. Headers with an empty value are omitted. Errors: Errc::invalid_url, Errc::invalid_header. Allocates.
[[nodiscard]] ALERTMAP_API Result<Request> ping(const Url& url, std::initializer_list<Header> headers = {},
                                                std::string_view method = "POST");

/// As ping(), with a body and its media type; an empty body has no media type.
[[nodiscard]] ALERTMAP_API Result<Request> post_body(const Url& url, std::initializer_list<Header> headers, std::string_view media_type,
                                                     std::string_view body, std::string_view method = "POST");

/// A POST request with the body that `writer.write(input, ...)` appends. Checks the writer's options first. Errors: those of
/// check_options(), write() and ping(). Allocates.
template <class Writer, class Input>
[[nodiscard]] Result<Request> post(const Writer& writer, const Input& input, const Url& url, std::initializer_list<Header> headers = {},
                                   std::string_view media_type = "application/json") {
    if (auto valid = check_options(writer); !valid) return valid.error();
    Buffer body;
    if (auto written = writer.write(input, body); !written) return written.error();
    return post_body(url, headers, media_type, body.view());
}

}  // namespace alertmap::detail
