#include "alertmap/request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace alertmap;

namespace {
std::string encoded(std::string_view text) {
    std::string out;
    append_percent_encoded(out, text);
    return out;
}
bool valid(const char* base) { return Url(base).str().has_value(); }
}  // namespace

TEST_CASE("request: percent-encoding") {
    CHECK(encoded("") == "");
    CHECK(encoded("azAZ09-._~") == "azAZ09-._~");
    CHECK(encoded("a b/c?d&e=f#g%h+i") == "a%20b%2Fc%3Fd%26e%3Df%23g%25h%2Bi");
    CHECK(encoded("\xc3\xa9\r\n\x7f") == "%C3%A9%0D%0A%7F");
    CHECK(encoded(std::string_view("\0", 1)) == "%00");
    for (int c = 0; c < 256; ++c) {
        const char byte = static_cast<char>(c);
        const std::string out = encoded({&byte, 1});
        const bool plain = out.size() == 1 && out[0] == byte;
        CHECK((plain || (out.size() == 3 && out[0] == '%')));
    }
}

TEST_CASE("request: URLs") {
    Url url("https://api.example.test/v1");
    url.path("a/b").path("c d").query("q", "x&y").query("r", "");
    CHECK(url.str().value_or("") == "https://api.example.test/v1/a%2Fb/c%20d?q=x%26y&r=");
    CHECK(Url("http://h:1/p/").path("x").str().value_or("") == "http://h:1/p/x");
    CHECK(Url("https://h?k=v").path("x").query("a", "b").str().value_or("") == "https://h/x?k=v&a=b");
    CHECK(Url("https://h/p").slash().slash().str().value_or("") == "https://h/p/");
}

TEST_CASE("request: invalid URLs") {
    CHECK(valid("https://example.test"));
    CHECK(valid("http://[::1]:9093/x?y=%20"));
    for (const char* base : {"", "https://", "http://?x", "https:///path", "ftp://h", "javascript:alert(1)", "//h/p", "h/p", "HTTPS://h",
                             "https://h/a b", "https://h/\r\nX: y", "https://h/\xc3\xa9", "https://h/#f", "https://h/\"", "https://h/<"}) {
        CAPTURE(base);
        CHECK_FALSE(valid(base));
    }
    for (const char* segment : {"", ".", ".."}) {
        CHECK(Url("https://h").path(segment).path("x").str().error() == Error{Errc::invalid_url, no_offset, "url"});
    }
}

TEST_CASE("request: secrets of a URL") {
    CHECK(Url("https://h/a").secret() == "");
    CHECK(Url("https://h/a?secret=x").query("y", "z").secret() == "secret=x");
    CHECK(Url("https://h").path("s/1", true).path("end").secret() == "s%2F1");
    CHECK(Url("https://h/a/b?c=d").mask_all_but_host().secret() == "a/b?c=d");
    CHECK(Url("https://h?c=d").mask_all_but_host().secret() == "?c=d");
    CHECK(Url("https://h").mask_all_but_host().secret() == "");
    CHECK(Url("nothing").mask_all_but_host().secret() == "");
}

TEST_CASE("request: headers") {
    Request request;
    CHECK(add_header(request, {"X-S4-Api-Key", "v", true}));
    CHECK(add_header(request, {"A", "tab\tand \xc3\xa9"}));
    REQUIRE(request.headers.size() == 2);
    CHECK(request.headers[0].secret);
    for (const std::string_view value : {std::string_view("a\rb"), std::string_view("a\nb"), std::string_view("a\0b", 3),
                                         std::string_view("\r\nX-Evil: 1"), std::string_view("\x7f")}) {
        CHECK(add_header(request, {"X-Name", std::string(value)}).error() == Error{Errc::invalid_header, no_offset, "X-Name"});
    }
    for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa9"}) {
        CHECK(add_header(request, {name, "v"}).error() == Error{Errc::invalid_header, no_offset, ""});
    }
    CHECK(request.headers.size() == 2);
}

TEST_CASE("request: printing masks secrets") {
    Request request{
        "POST", "https://h/s3cret/x?y=s3cret", {{"A", "1"}, {"Authorization", "Bearer t", true}}, "{\"k\":\"s3cret\"}", {"s3cret"}};
    CHECK(to_string(request) == "POST https://h/***/x?y=***\nA: 1\nAuthorization: ***\n\n{\"k\":\"***\"}");
    request.secrets = {};
    request.headers.clear();
    request.url = "https://user:pass@h:1/p@q";
    request.body = {};
    CHECK(to_string(request) == "POST https://***@h:1/p@q\n\n");
    request.url = "https://h?a@b";
    CHECK(to_string(request) == "POST https://h?a@b\n\n");
    // A secret that is also a part of the scheme and the host.
    request = {"POST", "https://host/h", {}, {}, {"h"}};
    CHECK(to_string(request) == "POST https://host/***\n\n");
}
