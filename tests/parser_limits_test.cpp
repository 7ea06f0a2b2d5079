#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "alertmap/parser.hpp"
#include "support/files.hpp"

using namespace alertmap;

namespace {

std::string repeated(std::string_view text, std::size_t count, std::string_view between = ",") {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out.append(i == 0 ? "" : between).append(text);
    return out;
}

std::string with_alerts(std::size_t count) {
    return R"({"alerts":[)" + repeated(R"({"status":"firing","labels":{"a":"1"}})", count) + R"(],"receiver":"r"})";
}

std::string with_labels(std::size_t count, std::string_view value = R"("v")") {
    std::string labels = "{";
    for (std::size_t i = 0; i < count; ++i) {
        labels.append(i == 0 ? "" : ",").append("\"l").append(std::to_string(1000 + i)).append("\":").append(value);
    }
    return labels + "}";
}

/// A value that is `depth` arrays deep.
std::string arrays(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

Errc error_of(std::string_view body, const ParseOptions& options) {
    Parser parser(options);
    const auto group = parser.parse(body);
    REQUIRE_FALSE(group);
    return group.error().code;
}
bool accepted(std::string_view body, const ParseOptions& options) {
    Parser parser(options);
    return parser.parse(body).has_value();
}

}  // namespace

TEST_CASE("limits: bytes") {
    const std::string body = with_alerts(3);
    ParseOptions options;
    options.max_bytes = body.size();
    CHECK(accepted(body, options));
    options.max_bytes = body.size() - 1;
    CHECK(error_of(body, options) == Errc::body_too_large);
    options.salvage = true;
    CHECK(error_of(body, options) == Errc::body_too_large);
    options.max_bytes = 0;
    CHECK(error_of(body, options) == Errc::body_too_large);
    CHECK(error_of("", options) == Errc::empty_body);
    options.max_bytes = static_cast<std::size_t>(-1);
    CHECK(accepted(body, options));
}

TEST_CASE("limits: bytes count the byte order mark and white space") {
    const std::string body = "\xef\xbb\xbf {\"alerts\":[]} \n";
    ParseOptions options;
    options.max_bytes = body.size();
    CHECK(accepted(body, options));
    options.max_bytes = body.size() - 1;
    CHECK(error_of(body, options) == Errc::body_too_large);
}

TEST_CASE("limits: alerts") {
    for (const std::size_t limit : {0u, 1u, 2u, 100u}) {
        CAPTURE(limit);
        ParseOptions options;
        options.max_alerts = limit;
        CHECK(accepted(with_alerts(limit), options));
        const std::string body = with_alerts(limit + 1);
        Parser parser(options);
        const auto group = parser.parse(body);
        REQUIRE_FALSE(group);
        CHECK(group.error().code == Errc::too_many_alerts);
        CHECK(group.error().path == "alerts[" + std::to_string(limit) + "]");
        std::size_t offset = body.find('{', 1);
        for (std::size_t i = 0; i < limit; ++i) offset = body.find("{\"status", offset + 1);
        CHECK(group.error().offset == offset);
        CHECK(accepted(with_alerts(limit), options));
    }
}

TEST_CASE("limits: labels of each set, however they are written") {
    ParseOptions options;
    options.max_labels = 5;
    const auto bodies = [](const std::string& set) {
        return std::vector<std::string>{
            R"({"alerts":[{"status":"firing","labels":)" + set + "}]}",
            R"({"alerts":[{"status":"firing","labels":{},"annotations":)" + set + "}]}",
            R"({"alerts":[{"annotations":)" + set + R"(,"labels":{"a":"1"}}]})",
            R"({"alerts":[],"groupLabels":)" + set + "}",
            R"({"alerts":[],"commonLabels":)" + set + "}",
            R"({"alerts":[],"commonAnnotations":)" + set + "}",
            R"({"alerts":[],"routeLabels":)" + set + "}",
        };
    };
    for (const std::string_view value : {R"("v")", R"("\n")", R"( "v" )", "1", "[1,2]"}) {
        CAPTURE(value);
        for (const std::string& body : bodies(with_labels(5, value))) {
            CAPTURE(body);
            CHECK(accepted(body, options));
        }
        for (const std::string& body : bodies(with_labels(6, value))) {
            CAPTURE(body);
            CHECK(error_of(body, options) == Errc::too_many_labels);
        }
    }
    options.max_labels = 0;
    for (const std::string& body : bodies("{}")) {
        if (body.find("\"a\"") == std::string::npos) CHECK(accepted(body, options));
    }
    for (const std::string& body : bodies(with_labels(1))) CHECK(error_of(body, options) == Errc::too_many_labels);
}

TEST_CASE("limits: labels are counted set by set, and not as members of what has no field") {
    ParseOptions options;
    options.max_labels = 5;
    const std::string set = with_labels(5);
    CHECK(accepted(R"({"alerts":[{"status":"firing","labels":)" + set + R"(,"annotations":)" + set + R"(},{"status":"firing","labels":)" +
                       set + R"(}],"groupLabels":)" + set + R"(,"commonLabels":)" + set + "}",
                   options));
    CHECK(accepted(R"({"alerts":[{"status":"firing","labels":{},"values":)" + with_labels(50) + R"(}],"x":)" + with_labels(50) + "}",
                   options));
}

TEST_CASE("limits: members that have no field are counted as labels are, object by object") {
    ParseOptions options;
    options.max_labels = 5;
    const std::string five = with_labels(5).substr(1, with_labels(5).size() - 2);
    const std::string six = with_labels(6).substr(1, with_labels(6).size() - 2);
    const auto in_group = [](const std::string& members) { return R"({"alerts":[],)" + members + R"(,"receiver":"r"})"; };
    const auto in_alert = [](const std::string& members) {
        return R"({"alerts":[{"status":"firing","labels":{},)" + members + R"(},{)" + members + R"(}],"receiver":"r"})";
    };
    CHECK(accepted(in_group(five), options));
    CHECK(error_of(in_group(six), options) == Errc::too_many_labels);
    CHECK(accepted(in_alert(five), options));
    CHECK(error_of(in_alert(six), options) == Errc::too_many_labels);
    CHECK(error_of(in_group(repeated(R"("x":1)", 6)), options) == Errc::too_many_labels);
    CHECK(accepted(R"({"alerts":[{)" + five + R"(,"labels":)" + with_labels(5) + "}]," + five + "}", options));
}

TEST_CASE("limits: depth") {
    // The object is depth 1, alerts 2, an alert 3, its labels 4, an object for a label's value 5.
    const auto group = [](std::size_t depth) { return R"({"alerts":null,"x":)" + arrays(depth - 1) + "}"; };
    for (const std::size_t limit : {2u, 3u, 10u, 64u, 500u}) {
        CAPTURE(limit);
        ParseOptions options;
        options.max_depth = limit;
        CHECK(accepted(group(limit), options));
        CHECK(error_of(group(limit + 1), options) == Errc::too_deep);
    }
    const auto depth_of = [](std::string_view body) {
        std::size_t depth = 1;
        ParseOptions options;
        for (;; ++depth) {
            options.max_depth = depth;
            Parser parser(options);
            const auto parsed = parser.parse(body);
            if (parsed) return depth;
            REQUIRE(parsed.error().code == Errc::too_deep);
        }
    };
    CHECK(depth_of(R"({"alerts":null})") == 1);
    CHECK(depth_of(R"({"alerts":[]})") == 2);
    CHECK(depth_of(R"({"commonLabels":{}})") == 2);
    CHECK(depth_of(R"({"commonLabels":{"a":{}}})") == 3);
    CHECK(depth_of(R"({"alerts":[{"labels":""}]})") == 3);
    CHECK(depth_of(R"({"alerts":[[]]})") == 3);
    CHECK(depth_of(R"({"alerts":[[[]]]})") == 4);
    CHECK(depth_of(R"({"alerts":[{"labels":{}}]})") == 4);
    CHECK(depth_of(R"({"alerts":[{"status":"firing","labels":{}}]})") == 4);
    CHECK(depth_of(R"({"alerts":[{"status":"firing","labels":{},"annotations":{"a":"1"},"startsAt":""}]})") == 4);
    CHECK(depth_of(R"({"alerts":[{"status":"firing","labels":{"a":{}}}]})") == 5);
    CHECK(depth_of(R"({"alerts":[{"status":"firing","labels":{"a":"1"},"annotations":{"a":[[]]}}]})") == 6);
    CHECK(depth_of(R"({"alerts":[{"labels":{},"startsAt":{}}]})") == 4);
    CHECK(depth_of(R"({"alerts":[{"labels":{},"status":[[]]}]})") == 5);
    CHECK(depth_of(R"({"alerts":[{"labels":[]}]})") == 4);
    CHECK(depth_of(R"({"alerts":[{"labels":{},"x":{}}]})") == 4);
    CHECK(depth_of(R"({"alerts":[],"truncatedAlerts":[]})") == 2);
    CHECK(depth_of(R"({"alerts":[],"receiver":{"a":[]}})") == 3);
    CHECK(depth_of(R"({"alerts":{"a":[]}})") == 3);
    CHECK(depth_of(test::webhook("alertmanager-0.25-mixed.02")) == 4);
}

TEST_CASE("limits: a depth of nothing accepts nothing") {
    ParseOptions options;
    options.max_depth = 0;
    CHECK(error_of(R"({"alerts":null})", options) == Errc::too_deep);
}

TEST_CASE("limits: absurdly deep bodies are refused, not followed") {
    for (const std::size_t depth : {65u, 1000u, 1024u, 1025u, 100'000u, 1'000'000u}) {
        CAPTURE(depth);
        ParseOptions options;
        CHECK(error_of(R"({"alerts":[],"x":)" + arrays(depth) + "}", options) == Errc::too_deep);
        options.max_depth = static_cast<std::size_t>(-1);
        if (depth > 1024) CHECK(error_of(R"({"alerts":[],"x":)" + arrays(depth) + "}", options) == Errc::too_deep);
        options.salvage = true;
        CHECK_FALSE(accepted(std::string(depth, '['), options));
        CHECK_FALSE(accepted(repeated(R"({"a":)", depth, ""), options));
        CHECK_FALSE(
            accepted(R"({"alerts":[],"x":)" + repeated(R"({"a":)", depth, "") + "1" + std::string(depth, '}') + "}", ParseOptions{}));
    }
}

TEST_CASE("limits: a label value that is too deep says where") {
    const std::string body = R"({"alerts":[{"status":"firing","labels":{"a":)" + arrays(100) + "}}]}";
    Parser parser;
    const auto group = parser.parse(body);
    REQUIRE_FALSE(group);
    CHECK(group.error().code == Errc::too_deep);
    CHECK(group.error().offset == body.find("[[") + 60);
    CHECK(group.error().path.starts_with("alerts[0]"));
}

TEST_CASE("limits: the defaults let large honest bodies through") {
    std::string body = R"({"alerts":[)" +
                       repeated(R"({"status":"firing","labels":{"alertname":"A","instance":"i"},"annotations":{"s":"x"}})", 20'000) + "]}";
    CHECK(accepted(body, ParseOptions{}));
    CHECK(accepted(R"({"alerts":[{"status":"firing","labels":)" + with_labels(10'000) + "}]}", ParseOptions{}));
}

TEST_CASE("limits: many equal and many hostile names take no longer than others") {
    // 100,000 names in descending order, so that each set needs the duplicate check; quadratic would take minutes.
    std::string labels = "{";
    for (std::size_t i = 100'000; i > 0; --i) labels += "\"l" + std::to_string(1'000'000 + i) + "\":\"v\",";
    labels.back() = '}';
    Parser parser({.max_labels = 100'000});
    const std::string body = R"({"alerts":[{"status":"firing","labels":)" + labels + "}]}";
    const auto group = parser.parse(body);
    REQUIRE(group);
    CHECK(group->alerts[0].labels.size() == 100'000);
    std::string same = "{";
    for (std::size_t i = 0; i < 100'000; ++i) same += "\"l\":\"v\",";
    same.back() = '}';
    const std::string equal = R"({"alerts":[{"status":"firing","labels":)" + same + "}]}";
    const auto one = parser.parse(equal);
    REQUIRE(one);
    CHECK(one->alerts[0].labels.size() == 1);
    CHECK(parser.warning_count() == 99'999);
    const std::string extra = R"({"alerts":[],"x)" + same.substr(3);
    const auto members = parser.parse(extra);
    REQUIRE(members);
    CHECK(members->extra.size() == 2);
}
