#include "alertmap/policies/url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("url: only http and https URLs") {
    for (std::string_view url : {"http://a", "https://a", "HTTP://a.example/x", "hTTpS://a.example:9093/#/alerts?x=1&y=%20",
                                 "http://[::1]:9093", "http://münchen.example/ä"}) {
        CAPTURE(url);
        CHECK(is_http_url(url));
    }
    for (std::string_view url : {"",
                                 "http",
                                 "http://",
                                 "https://",
                                 "https:///",
                                 "http://:9093",
                                 "http:///path",
                                 "http://?x",
                                 "http://#x",
                                 "httpx://a",
                                 "https//a.example",
                                 "javascript:alert(1)",
                                 "JAVASCRIPT:alert(1)//http://a",
                                 "ftp://a.example",
                                 "//a.example/x",
                                 "/graph?x",
                                 "?orgId=1",
                                 "localhost:3000/x",
                                 "http:/a.example",
                                 " http://a.example",
                                 "http://a.example/x y",
                                 "http://a.example/\r\nX-Header: 1",
                                 "http://a.example/\t",
                                 "http://a.example/\x7f",
                                 "http://a.e/12345\n",
                                 "data:text/html,http://a"}) {
        CAPTURE(url);
        CHECK_FALSE(is_http_url(url));
    }
}

TEST_CASE("url: spaces and control characters are found at every position") {
    for (std::size_t length = 8; length < 40; ++length) {
        std::string url = "http://a" + std::string(length - 8, 'x');
        CHECK(is_http_url(url));
        for (std::size_t i = 8; i < length; ++i) {
            for (char odd : {' ', '\0', '\x1f', '\x7f'}) {
                std::string broken = url;
                broken[i] = odd;
                CHECK_FALSE(is_http_url(broken));
                CHECK(detail::has_space_or_control_by<detail::WordBlock>(broken));
            }
            for (char fine : {'!', '~', '\x80', '\xff', '\xa0'}) {
                std::string whole = url;
                whole[i] = fine;
                CHECK(is_http_url(whole));
                CHECK_FALSE(detail::has_space_or_control_by<detail::WordBlock>(whole));
            }
        }
    }
}

TEST_CASE("url: the first source with a link") {
    Sample s;
    s.firing({}, {{"dashboard", "https://grafana/d/1"}});
    const UrlPolicy url{{FieldKind::generator_url, FieldKind::external_url, annotation("dashboard")}};
    s.alert(0).generator_url = "javascript:alert(1)";
    s.group.external_url = "http://:9093";
    CHECK(url(s.one(), s.arena) == "https://grafana/d/1");
    s.group.external_url = "http://am:9093";
    CHECK(url(s.one(), s.arena) == "http://am:9093");
    s.alert(0).generator_url = "http://prom/graph";
    CHECK(url(s.one(), s.arena).data() == s.alert(0).generator_url.data());
    CHECK(UrlPolicy{}(s.one(), s.arena).empty());
}

TEST_CASE("url: user function; invalid links are dropped") {
    Sample s;
    s.firing({{"runbook", "disk"}});
    UrlPolicy url;
    url.from = {literal("http://from")};
    url.function = [](const Subject& subject, Arena& arena) -> Text {
        return arena.concat({"https://wiki/", subject.labels().get("runbook")});
    };
    CHECK(url(s.one(), s.arena) == "https://wiki/disk");
    url.function = [](const Subject&, Arena&) -> Text { return "javascript:alert(1)"; };
    CHECK(url(s.one(), s.arena).empty());
}
