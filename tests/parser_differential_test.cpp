#include <doctest/doctest.h>
#include <simdjson.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/parser.hpp"
#include "support/files.hpp"
#include "support/kernels.hpp"
#include "support/mutations.hpp"
#include "support/oracle.hpp"
#include "support/simdjson_dom.hpp"

// Compares the parser with a simple reference reader, on captured and mutated bodies.
using namespace alertmap;

TEST_CASE("differential: the captured bodies") {
    Parser parser;
    for (const auto& one : test::webhooks()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        CHECK(test::difference_from_reference(parser, bytes) == "");
    }
}

TEST_CASE("differential: the reference parser agrees with simdjson") {
    simdjson::dom::parser simd;
    std::mt19937 random(3);
    const std::vector<test::Body> bodies = test::small_bodies();
    std::size_t accepted = 0;
    for (int i = 0; i < 6000; ++i) {
        const std::string body = test::mutated(bodies[random() % bodies.size()].bytes, random);
        CAPTURE(body);
        test::Json json;
        const bool valid = test::JsonText(body).read(json);
        const test::Dom dom = test::dom(simd, body);
        if (dom == test::Dom::valid) REQUIRE(valid);
        if (valid) REQUIRE(dom != test::Dom::invalid);
        accepted += valid ? 1 : 0;
    }
    CHECK(accepted > 1000);
}

TEST_CASE("differential: mutations of the captured bodies, with each kernel") {
    const std::vector<test::Body> bodies = test::small_bodies();
    REQUIRE(bodies.size() > 30);
    unsigned kernels = 0;
    test::with_each_kernel([&](const std::string& kernel) {
        CAPTURE(kernel);
        std::mt19937 random(++kernels);
        Parser parser;
        std::size_t accepted = 0;
        for (int i = 0; i < 8000; ++i) {
            std::string body = bodies[random() % bodies.size()].bytes;
            for (auto edits = 1 + random() % 3; edits > 0; --edits) body = test::mutated(std::move(body), random);
            CAPTURE(body);
            REQUIRE(test::difference_from_reference(parser, body) == "");
            accepted += parser.parse(body) ? 1 : 0;
        }
        CHECK(accepted > 1000);
    });
    CHECK(kernels >= 1);
}

TEST_CASE("differential: different spellings of a body give equal groups") {
    std::mt19937 random(5);
    Parser parser;
    for (const auto& one : test::small_bodies()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        test::Json json;
        if (bytes.starts_with("\xef\xbb\xbf")) continue;
        REQUIRE(test::JsonText(bytes).read(json));
        if (test::has_duplicates(json)) continue;  // the order of duplicates matters
        const auto original = parser.parse(bytes);
        REQUIRE(original);
        for (int variant = 1; variant < 32; ++variant) {
            test::Spelling spelling;
            spelling.white_space = (variant & 1) != 0;
            spelling.shuffled = (variant & 2) != 0;
            spelling.escaped_keys = (variant & 4) != 0;
            const std::string body = spelling.write(json, random);
            CAPTURE(body);
            REQUIRE(test::difference_from_reference(parser, body) == "");
        }
    }
}

TEST_CASE("differential: unknown keys change nothing but extra") {
    std::mt19937 random(6);
    Parser parser;
    const std::array<std::string_view, 4> unknown{R"("x":null,)", R"("y":[{"a":"\n"},-1.5e3],)", R"("starts_at":"",)",
                                                  R"("z":{"alerts":[{"labels":{}}]},)"};
    for (const auto& one : test::small_bodies()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        for (int i = 0; i < 20; ++i) {
            std::string body = bytes;
            for (std::size_t brace = 0; (brace = body.find_first_of("{", brace)) != std::string::npos; ++brace) {
                const bool plain = brace == 0 || body[brace - 1] == '[' || body.compare(brace < 2 ? 0 : brace - 2, 2, "},") == 0;
                if (plain && body[brace + 1] == '"' && random() % 2 == 0) body.insert(brace + 1, unknown[random() % unknown.size()]);
            }
            CAPTURE(body);
            REQUIRE(test::difference_from_reference(parser, body) == "");
        }
    }
}

TEST_CASE("differential: consecutive, slightly different times") {
    // The parser has shortcuts for consecutive times; parse_timestamp() has none.
    constexpr std::string_view bytes = "0123456789-+:.TtZz m=";
    std::mt19937 random(7);
    Parser parser;
    std::size_t set = 0;
    for (int i = 0; i < 1500; ++i) {
        std::string time = i % 3 == 0 ? "2026-01-15T10:30:00.123456789Z" : i % 3 == 1 ? "2026-01-15T10:30:00Z" : "1970-01-01T23:59:59.5Z";
        std::string body = R"({"status":"firing","alerts":[)";
        for (int alert = 0; alert < 20; ++alert) {
            const std::string before = time;
            switch (random() % 12) {
                case 0: time.insert(random() % (time.size() + 1), 1, bytes[random() % bytes.size()]); break;
                case 1: time.erase(random() % time.size(), 1); break;
                case 2: break;
                default: time[random() % time.size()] = bytes[random() % (random() % 8 != 0 ? 10 : bytes.size())]; break;
            }
            body += R"({"status":"firing","labels":{},"annotations":{},"startsAt":")" + time + R"(","endsAt":")" + before + R"("},)";
            if (random() % 8 != 0 || time.empty()) time = before;
            if (time.empty()) time = "2026-01-16T00:00:00Z";
        }
        body.back() = ']';
        body += '}';
        CAPTURE(body);
        REQUIRE(test::difference_from_reference(parser, body) == "");
        const auto group = parser.parse(body);
        for (const Alert& alert : group->alerts) set += alert.starts_at.is_set ? 1 : 0;
    }
    CHECK(set > 5000);
    CHECK(set < 25000);
}

TEST_CASE("differential: strict returns the first warning") {
    ParseOptions options;
    options.strict = true;
    Parser strict(options);
    Parser parser;
    std::mt19937 random(8);
    const std::vector<test::Body> bodies = test::small_bodies();
    std::size_t refused = 0;
    for (int i = 0; i < 5000; ++i) {
        std::string body = bodies[random() % bodies.size()].bytes;
        for (auto edits = 1 + random() % 2; edits > 0; --edits) body = test::mutated(std::move(body), random);
        CAPTURE(body);
        const auto group = parser.parse(body);
        const auto severe = strict.parse(body);
        if (!group) {
            REQUIRE_FALSE(severe);
        } else if (parser.warnings().empty()) {
            REQUIRE(severe);
            REQUIRE(test::describe(*severe) == test::describe(*group));
        } else {
            REQUIRE_FALSE(severe);
            const Warning& warning = parser.warnings()[0];
            REQUIRE(severe.error() == Error{warning.code, warning.offset, warning.path()});
            ++refused;
        }
    }
    CHECK(refused > 500);
}
