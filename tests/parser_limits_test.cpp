#include <doctest/doctest.h>

#include <algorithm>
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

/// A value of `depth` nested arrays.
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
/// "too_deep alerts[0].labels.a", one line per warning with this code; or "error".
std::string cut(std::string_view body, const ParseOptions& options, Errc code) {
    Parser parser(options);
    const auto group = parser.parse(body);
    if (!group) return "error";
    std::string out;
    for (const Warning& warning : parser.warnings()) {
        if (warning.code == code) out += std::string(name(code)) + " " + warning.path() + "\n";
    }
    return out;
}
std::string too_many(std::string_view body, const ParseOptions& options) { return cut(body, options, Errc::too_many_labels); }
std::string too_deep(std::string_view body, const ParseOptions& options) { return cut(body, options, Errc::too_deep); }

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

TEST_CASE("limits: labels per set, in all spellings") {
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
            CHECK(too_many(body, options).empty());
        }
        for (const std::size_t count : {std::size_t{6}, std::size_t{7}, std::size_t{50}}) {
            for (const std::string& body : bodies(with_labels(count, value))) {
                CAPTURE(body);
                Parser parser(options);
                const auto group = parser.parse(body);
                REQUIRE(group);
                CHECK(group->incomplete);
                const std::string said = too_many(body, options);
                CHECK(std::count(said.begin(), said.end(), '\n') == 1);
                std::size_t most = 0;
                for (const Labels set : {group->group_labels, group->common_labels, group->common_annotations, group->route_labels}) {
                    most = std::max(most, set.size());
                }
                for (const Alert& alert : group->alerts) most = std::max({most, alert.labels.size(), alert.annotations.size()});
                CHECK(most == 5);
            }
        }
    }
    options.max_labels = 0;
    for (const std::string& body : bodies("{}")) {
        if (body.find("\"a\"") == std::string::npos) CHECK(too_many(body, options).empty());
    }
    for (const std::string& body : bodies(with_labels(1))) CHECK(too_many(body, options).find("too_many_labels") == 0);
}

TEST_CASE("limits: a too large set keeps its first labels, and nothing else is lost") {
    const std::string valid = R"({"status":"firing","labels":{"a":"1"},"fingerprint":"0000000000000001"})";
    const std::string body = R"({"status":"firing","alerts":[)" + valid + R"(,{"status":"resolved","labels":{"b":"2"},"annotations":)" +
                             with_labels(10'001) + R"(,"fingerprint":"0000000000000002"},)" + valid + R"(],"groupKey":"{}:{}"})";
    Parser parser;
    const auto group = parser.parse(body);
    REQUIRE(group);
    REQUIRE(group->alerts.size() == 3);
    const Alert& large = group->alerts[1];
    CHECK(large.status == Status::resolved);
    CHECK(large.labels.get("b") == "2");
    CHECK(large.annotations.size() == 10'000);
    CHECK(large.annotations.get("l10999") == "v");
    CHECK(large.fingerprint == "0000000000000002");
    CHECK(group->alerts[2].fingerprint == "0000000000000001");
    CHECK(group->group_key == "{}:{}");
    CHECK(group->incomplete);
    CHECK(group->unreadable_alerts == 0);
    REQUIRE(parser.warnings().size() == 1);
    CHECK(parser.warnings()[0].code == Errc::too_many_labels);
    CHECK(parser.warnings()[0].path() == "alerts[1].annotations");
    CHECK(body.substr(parser.warnings()[0].offset, 8) == R"("l11000")");
}

TEST_CASE("limits: strict rejects violations") {
    ParseOptions options;
    options.strict = true;
    options.max_labels = 5;
    CHECK(error_of(R"({"alerts":[{"status":"firing","labels":)" + with_labels(6) + "}]}", options) == Errc::too_many_labels);
    CHECK(error_of(R"({"alerts":[{"status":"firing","labels":{"a":)" + arrays(70) + "}}]}", options) == Errc::too_deep);
}

TEST_CASE("limits: labels are counted per set, not in unknown members") {
    ParseOptions options;
    options.max_labels = 5;
    const std::string set = with_labels(5);
    CHECK(accepted(R"({"alerts":[{"status":"firing","labels":)" + set + R"(,"annotations":)" + set + R"(},{"status":"firing","labels":)" +
                       set + R"(}],"groupLabels":)" + set + R"(,"commonLabels":)" + set + "}",
                   options));
    CHECK(accepted(R"({"alerts":[{"status":"firing","labels":{},"values":)" + with_labels(50) + R"(}],"x":)" + with_labels(50) + "}",
                   options));
}

TEST_CASE("limits: unknown members are counted per object") {
    ParseOptions options;
    options.max_labels = 5;
    const std::string five = with_labels(5).substr(1, with_labels(5).size() - 2);
    const std::string six = with_labels(6).substr(1, with_labels(6).size() - 2);
    const auto in_group = [](const std::string& members) { return R"({"alerts":[],)" + members + R"(,"receiver":"r"})"; };
    const auto in_alert = [](const std::string& members) {
        return R"({"alerts":[{"status":"firing","labels":{},)" + members + R"(},{)" + members + R"(}],"receiver":"r"})";
    };
    CHECK(too_many(in_group(five), options).empty());
    CHECK(too_many(in_group(six), options) == "too_many_labels l1005\n");
    CHECK(too_many(in_alert(five), options).empty());
    CHECK(too_many(in_alert(six), options) == "too_many_labels alerts[0].l1005\ntoo_many_labels alerts[1].l1005\n");
    CHECK(too_many(in_group(repeated(R"("x":1)", 6)), options) == "too_many_labels x\n");
    Parser parser(options);
    // Unknown members do not affect which alerts there are.
    const std::string large_group = in_group(six);
    const std::string large_alert = in_alert(six);
    CHECK_FALSE(parser.parse(large_group)->incomplete);
    CHECK(parser.parse(large_group)->extra.size() == 5);
    CHECK(parser.parse(large_group)->receiver == "r");
    CHECK(parser.parse(large_alert)->incomplete);
    CHECK(parser.parse(large_alert)->alerts[1].extra.size() == 5);
    CHECK(too_many(R"({"alerts":[{)" + five + R"(,"labels":)" + with_labels(5) + "}]," + five + "}", options).empty());
}

TEST_CASE("limits: depth") {
    // Depths: the object 1, alerts 2, an alert 3, its labels 4, an object as label value 5.
    const auto group = [](std::size_t depth) { return R"({"alerts":null,"x":)" + arrays(depth - 1) + "}"; };
    for (const std::size_t limit : {2u, 3u, 10u, 64u, 500u}) {
        CAPTURE(limit);
        ParseOptions options;
        options.max_depth = limit;
        CHECK(too_deep(group(limit), options).empty());
        CHECK(too_deep(group(limit + 1), options) == "too_deep x\n");
    }
    const auto depth_of = [](std::string_view body) {
        std::size_t depth = 1;
        ParseOptions options;
        for (;; ++depth) {
            options.max_depth = depth;
            if (too_deep(body, options).empty()) return depth;
            REQUIRE(accepted(body, options));
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

TEST_CASE("limits: max_depth 0 accepts nothing") {
    ParseOptions options;
    options.max_depth = 0;
    CHECK(error_of(R"({"alerts":null})", options) == Errc::too_deep);
}

TEST_CASE("limits: extremely deep values are dropped without recursion") {
    for (const std::size_t depth : {65u, 1000u, 1024u, 1025u, 100'000u, 300'000u}) {
        CAPTURE(depth);
        const std::string valid = R"({"status":"firing","labels":{"a":"1"}})";
        const std::string objects = repeated(R"({"a":)", depth, "") + "1" + std::string(depth, '}');
        const std::string both = repeated(R"([{"a":)", depth, "") + "1" + repeated("}]", depth, "");
        for (const std::string& value : {arrays(depth), objects, both}) {
            // In the group, in an alert, and in place of an alert.
            const std::string body = R"({"x":)" + value + R"(,"alerts":[)" + valid + R"(,{"status":"firing","labels":{"a":)" + value +
                                     R"(,"b":"2"},"y":)" + value + "}," + value + "," + valid + R"(],"receiver":"r"})";
            Parser parser;
            const auto group = parser.parse(body);
            REQUIRE(group);
            CHECK(group->receiver == "r");
            CHECK(group->extra.empty());
            CHECK(group->incomplete);
            REQUIRE(group->alerts.size() >= 3);
            CHECK(group->alerts.front().labels.get("a") == "1");
            CHECK(group->alerts.back().labels.get("a") == "1");
            CHECK(group->alerts[1].labels.find("a") == nullptr);
            CHECK(group->alerts[1].labels.get("b") == "2");
            CHECK(group->alerts[1].extra.empty());
        }
        // Invalid JSON is detected at any depth.
        for (const std::string& value : {std::string(depth, '[') + std::string(depth - 1, ']') + "}",
                                         repeated(R"({"a":)", depth, "") + "1" + std::string(depth - 1, '}') + "]",
                                         std::string(depth, '[') + "x" + std::string(depth, ']')}) {
            CHECK_FALSE(accepted(R"({"alerts":[],"x":)" + value + "}", ParseOptions{}));
        }
        ParseOptions options;
        options.max_depth = static_cast<std::size_t>(-1);
        CHECK(too_deep(R"({"alerts":[],"x":)" + arrays(depth) + "}", options).empty() == (depth < 1024));
        options.salvage = true;
        CHECK_FALSE(accepted(std::string(depth, '['), options));
        CHECK_FALSE(accepted(repeated(R"({"a":)", depth, ""), options));
    }
}

TEST_CASE("limits: a too deep label value has a path") {
    const std::string body = R"({"alerts":[{"status":"firing","labels":{"a":)" + arrays(100) + "}}]}";
    Parser parser;
    REQUIRE(parser.parse(body));
    REQUIRE(parser.warnings().size() == 1);
    CHECK(parser.warnings()[0].code == Errc::too_deep);
    CHECK(parser.warnings()[0].offset == body.find("[[") + 60);
    CHECK(parser.warnings()[0].path() == "alerts[0].labels.a");
}

TEST_CASE("limits: the defaults accept large real bodies") {
    std::string body = R"({"alerts":[)" +
                       repeated(R"({"status":"firing","labels":{"alertname":"A","instance":"i"},"annotations":{"s":"x"}})", 20'000) + "]}";
    CHECK(accepted(body, ParseOptions{}));
    CHECK(accepted(R"({"alerts":[{"status":"firing","labels":)" + with_labels(10'000) + "}]}", ParseOptions{}));
}

TEST_CASE("limits: many equal or hostile names take linear time") {
    // 100,000 names in descending order, so that each set needs the duplicate check; quadratic time would be minutes.
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
