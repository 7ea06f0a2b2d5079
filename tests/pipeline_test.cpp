#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "alertmap/alertmap.hpp"
#include "support/files.hpp"
#include "support/mutations.hpp"
#include "support/pipeline.hpp"

// From bytes to payloads: every body through every preset, target and forward.
using namespace alertmap;

TEST_CASE("pipeline: every captured and every odd body") {
    test::Pipeline pipeline;
    CHECK(pipeline.complete());
    std::vector<test::Body> bodies = test::webhooks();
    for (const auto& path : test::files("webhooks/odd")) bodies.push_back({path.stem().string(), test::read_file(path)});
    Parser parser;
    for (const test::Body& body : bodies) {
        if (body.bytes.size() > 50'000) continue;
        CAPTURE(body.name);
        const auto group = parser.parse(body.bytes);
        REQUIRE(group);
        CHECK(pipeline.fault(*group) == "");
    }
    CHECK(pipeline.written() > 5000);
    CHECK(pipeline.silent() == "");
}

TEST_CASE("pipeline: hostile text") {
    test::Pipeline pipeline;
    Parser parser;
    const char* const texts[] = {
        R"(\"quoted\", {\"a\":1}, \\)",
        R"(\u0000\u0001\u001f\u007f)",
        R"(\ud800 \udc00)",
        R"(<script>alert('x')</script>&amp;)",
        R"(line\r\nline\n\n)",
        R"( )",
        R"()",
        R"({{ .Labels }} ${x} %s %n {0})",
        R"(javascript:alert(1))",
        R"(http://x/\"\u003e)",
        R"(https://a b/)",
        R"(\u2028\u2029\ufeff\u202e)",
        R"(🔥🔥🔥🔥🔥🔥🔥🔥)",
        R"(障害障害障害)",
        R"(../../etc/passwd)",
        R"(http://user:secret@x/)",
    };
    for (const std::string text : texts) {
        for (const std::size_t times : {std::size_t{1}, std::size_t{300}}) {
            std::string value;
            for (std::size_t i = 0; i < times; ++i) value += text;
            const std::string quoted = "\"" + value + "\"";
            const std::string set =
                "{\"alertname\":" + quoted + ",\"severity\":" + quoted + ",\"instance\":" + quoted + ",\"k" + text + "\":" + quoted + "}";
            const std::string notes =
                "{\"summary\":" + quoted + ",\"description\":" + quoted + ",\"runbook_url\":" + quoted + ",\"rootly\":" + quoted + "}";
            const std::string body = "{\"receiver\":" + quoted + ",\"alerts\":[{\"status\":\"firing\",\"labels\":" + set +
                                     ",\"annotations\":" + notes + ",\"generatorURL\":" + quoted + ",\"fingerprint\":" + quoted + ",\"x" +
                                     text + "\":" + quoted + "}],\"groupLabels\":" + set + ",\"commonLabels\":" + set +
                                     ",\"commonAnnotations\":" + notes + ",\"externalURL\":" + quoted + ",\"version\":" + quoted +
                                     ",\"groupKey\":" + quoted + "}";
            CAPTURE(text);
            CAPTURE(times);
            const auto group = parser.parse(body);
            REQUIRE(group);
            CHECK(pipeline.fault(*group) == "");
        }
    }
}

TEST_CASE("pipeline: mutations of the captured bodies") {
    test::Pipeline pipeline;
    const std::vector<test::Body> bodies = test::small_bodies();
    ParseOptions options;
    options.salvage = true;
    Parser parser(options);
    std::mt19937 random(9);
    std::size_t groups = 0;
    for (int i = 0; i < 300; ++i) {
        std::string body = bodies[random() % bodies.size()].bytes;
        for (auto edits = 1 + random() % 3; edits > 0; --edits) body = test::mutated(std::move(body), random);
        const auto group = parser.parse(body);
        if (!group) continue;
        ++groups;
        CAPTURE(body);
        REQUIRE(pipeline.fault(*group) == "");
    }
    CHECK(groups > 150);
    CHECK(pipeline.silent() == "");
}
