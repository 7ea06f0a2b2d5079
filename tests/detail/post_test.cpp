#include "alertmap/detail/post.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace alertmap;

namespace {

/// Writes its input, and nothing for an empty one.
struct Echo {
    std::string word = {};
    static constexpr Option<Echo> options[] = {{"word", &Echo::word, "one of two", OptionIs::optional, "one|two"}};

    Result<void> write(const std::string& text, Buffer& out) const {
        if (text == "refuse") return Errc::unsupported_transition;
        out.append(text);
        return {};
    }
};

const Url good("https://h.example.test/x");

}  // namespace

TEST_CASE("post: a body and its media type") {
    const Result<Request> request = detail::post(Echo{}, std::string("{}"), good, {{"X-Key", "k", true}}, "application/x");
    REQUIRE(request);
    CHECK(request->method == "POST");
    CHECK(request->url == "https://h.example.test/x");
    CHECK(request->body == "{}");
    REQUIRE(request->headers.size() == 2);
    CHECK(request->headers[0].name == "X-Key");
    CHECK(request->headers[0].secret);
    CHECK(request->headers[1].name == "Content-Type");
    CHECK(request->headers[1].value == "application/x");
    CHECK_FALSE(request->headers[1].secret);
    CHECK(detail::post(Echo{}, std::string("{}"), good)->headers[0].value == "application/json");
    CHECK(detail::post(Echo{}, std::string(), good)->headers.empty());
    CHECK(detail::post(Echo{}, std::string("{}"), good, {detail::bearer({})})->headers.size() == 1);
}

TEST_CASE("post: errors of writer, URL and headers are returned") {
    CHECK(detail::post(Echo{}, std::string("refuse"), good).error().code == Errc::unsupported_transition);
    CHECK(detail::post(Echo{}, std::string("{}"), Url("h")).error() == Error{Errc::invalid_url, no_offset, "url"});
    CHECK(detail::post(Echo{}, std::string("{}"), good, {{"A", "1\n2"}}).error() == Error{Errc::invalid_header, no_offset, "A"});
    CHECK(detail::post(Echo{"three"}, std::string("{}"), good).error() == Error{Errc::invalid_value, no_offset, "word"});
    CHECK(detail::missing("id") == Error{Errc::missing_value, no_offset, "id"});
}

TEST_CASE("post: a ping has no body, and its URL's secret is masked") {
    const Result<Request> ping = detail::ping(Url("https://h.example.test/s3cret").mask_all_but_host(), {detail::bearer("t")});
    REQUIRE(ping);
    CHECK(ping->method == "POST");
    CHECK(ping->body.empty());
    CHECK(ping->secrets == std::vector<std::string>{"s3cret"});
    REQUIRE(ping->headers.size() == 1);
    CHECK(ping->headers[0].name == "Authorization");
    CHECK(ping->headers[0].value == "Bearer t");
    CHECK(ping->headers[0].secret);
    CHECK(detail::ping(Url("")).error().code == Errc::invalid_url);
}
