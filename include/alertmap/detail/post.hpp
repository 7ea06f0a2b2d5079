#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/buffer.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

// The requests that targets and forwards make, from what differs between them.
namespace alertmap::detail {

[[nodiscard]] inline Error missing(std::string_view option) { return {Errc::missing_value, no_offset, std::string(option)}; }

[[nodiscard]] inline Header bearer(std::string_view token) { return {"Authorization", "Bearer " + std::string(token), true}; }

/// A POST without a body: a ping.
[[nodiscard]] inline Result<Request> ping(const Url& url, std::initializer_list<Header> headers = {}) {
    Result<std::string> text = url.str();
    if (!text) return text.error();
    Request request{"POST", std::move(*text), {}, {}, url.secret()};
    for (const Header& header : headers) {
        if (auto added = add_header(request, header); !added) return added.error();
    }
    return request;
}

/// A POST of what `writer` writes of `input`.
template <class Writer, class Input>
[[nodiscard]] Result<Request> post(const Writer& writer, const Input& input, const Url& url, std::initializer_list<Header> headers = {},
                                   std::string_view media_type = "application/json") {
    if (auto valid = check_choices(writer); !valid) return valid.error();
    Buffer body;
    if (auto written = writer.write(input, body); !written) return written.error();
    Result<Request> request = ping(url, headers);
    if (!request) return request;
    request->body = body.str();
    if (!body.empty()) request->headers.push_back({"Content-Type", std::string(media_type)});
    return request;
}

}  // namespace alertmap::detail
