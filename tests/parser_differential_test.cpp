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
#include "support/oracle.hpp"

// The parser against a reader of the textbook kind, over captured bodies and what becomes of them.
using namespace alertmap;

namespace {

/// The captured bodies that are small enough to be mutated often.
std::vector<test::Body> small_bodies() {
    std::vector<test::Body> bodies = test::webhooks();
    std::erase_if(bodies, [](const test::Body& body) { return body.bytes.size() > 3000; });
    for (const auto& path : test::files("webhooks/odd")) bodies.push_back({path.stem().string(), test::read_file(path)});
    return bodies;
}

constexpr std::string_view odd_values[] = {"null",
                                           "true",
                                           "false",
                                           "0",
                                           "-0",
                                           "12",
                                           "5615590933959184469",
                                           "1e3",
                                           "3.0",
                                           "2.5",
                                           "-1",
                                           "1e400",
                                           R"("")",
                                           R"("x")",
                                           R"("firing")",
                                           R"("Resolved")",
                                           R"("ok")",
                                           R"("\u0041\n\ud83d\udd25")",
                                           R"("\ud800")",
                                           "{}",
                                           "[]",
                                           R"({"a":1})",
                                           R"([1, {"b" : null}])",
                                           R"({ "a\n" : [ "x \" y" , { } ] })",
                                           R"("2026-01-15 10:30:00 +0530 IST m=+1.5")",
                                           R"("2026-01-15T10:30:60.123456789Z")",
                                           R"("9999-12-31T23:59:59Z")",
                                           R"("0001-01-01T00:00:00Z")",
                                           R"("3")",
                                           R"("many")",
                                           "nul",
                                           "tru",
                                           "01",
                                           "1.",
                                           "+1",
                                           R"("\x")",
                                           R"("\u12G4")",
                                           "'x'",
                                           "NaN",
                                           "",
                                           "\x01",
                                           "\"\x1f\"",
                                           "\"\xff\"",
                                           "\"\xc3\"",
                                           "\"\xed\xa0\x80\"",
                                           "\"\xf0\x9f\x94\xa5\""};

constexpr std::string_view odd_members[] = {R"("status":"resolved")",
                                            R"("labels":{"a":"1","a":"2"})",
                                            R"("alerts":[])",
                                            R"("alerts":null)",
                                            R"("endsAt":null)",
                                            R"("extra" : [ { "x" : 1 } , "y" ])",
                                            R"("receiver":7)",
                                            R"("annotations":"")",
                                            R"("values":null)",
                                            R"("truncatedAlerts":"4")",
                                            R"("b":"\u0062")",
                                            R"("\u0061lertname":"again")",
                                            R"("startsAt":"2026-01-15T10:30:00Z")",
                                            R"("fingerprint":"f")"};

/// Bytes replaced, lost, doubled; values and members put where others stood.
std::string mutated(std::string body, std::mt19937& random) {
    const auto place = [&] { return body.empty() ? 0 : random() % body.size(); };
    const auto next = [&](std::string_view any, std::size_t from) { return std::min(body.find_first_of(any, from), body.size()); };
    switch (random() % 10) {
        case 0: {
            constexpr std::string_view bytes = "{}[]:,\"\\ \n\t0-.eEtfnu\x00\x0c\x1a\x1f\x7f\x80\xc3\xed\xff";
            if (!body.empty()) body[place()] = bytes[random() % bytes.size()];
            break;
        }
        case 1:
            if (!body.empty()) body[place()] = static_cast<char>(random());
            break;
        case 2: body.erase(place(), 1 + random() % 3); break;
        case 3: body.insert(place(), 1, R"({}[]:,"\ 0)"[random() % 10]); break;
        case 4: body.resize(place()); break;
        case 5:
        case 6: {  // a value
            const std::size_t colon = next(":", place());
            const std::size_t end = next(",}]", colon + 1 < body.size() ? colon + 1 : body.size());
            if (colon < end) body.replace(colon + 1, end - colon - 1, odd_values[random() % std::size(odd_values)]);
            break;
        }
        case 7: {  // a member
            const std::size_t brace = next("{", place());
            if (brace < body.size()) {
                std::string member(odd_members[random() % std::size(odd_members)]);
                if (brace + 1 < body.size() && body[brace + 1] != '}') member += ',';
                body.insert(brace + 1, member);
            }
            break;
        }
        case 8: {  // an element
            const std::size_t bracket = next("[", place());
            if (bracket < body.size()) body.insert(bracket + 1, std::string(odd_values[random() % std::size(odd_values)]) + ",");
            break;
        }
        default: {  // a piece of it, elsewhere
            const std::size_t from = place();
            const std::string piece = body.substr(from, random() % 60);
            body.insert(place(), piece);
            break;
        }
    }
    return body;
}

}  // namespace

TEST_CASE("differential: the captured bodies") {
    Parser parser;
    for (const auto& one : test::webhooks()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        CHECK(test::quarrel(parser, bytes) == "");
    }
}

TEST_CASE("differential: the second opinion and simdjson's") {
    simdjson::dom::parser simd;
    std::mt19937 random(3);
    const std::vector<test::Body> bodies = small_bodies();
    std::size_t accepted = 0;
    for (int i = 0; i < 6000; ++i) {
        const std::string body = mutated(bodies[random() % bodies.size()].bytes, random);
        CAPTURE(body);
        test::Json json;
        const bool valid = test::JsonText(body).read(json);
        const simdjson::error_code error = simd.parse(body).error();
        if (!error) REQUIRE(valid);
        // Beyond RFC 8259, simdjson wants numbers that fit and surrogates that are pairs.
        if (valid) REQUIRE((error == simdjson::SUCCESS || error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR));
        accepted += valid ? 1 : 0;
    }
    CHECK(accepted > 1000);
}

TEST_CASE("differential: mutations of the captured bodies, with each kernel") {
    const std::vector<test::Body> bodies = small_bodies();
    REQUIRE(bodies.size() > 30);
    unsigned kernels = 0;
    test::with_each_kernel([&](const std::string& kernel) {
        CAPTURE(kernel);
        std::mt19937 random(++kernels);
        Parser parser;
        std::size_t accepted = 0;
        for (int i = 0; i < 8000; ++i) {
            std::string body = bodies[random() % bodies.size()].bytes;
            for (auto edits = 1 + random() % 3; edits > 0; --edits) body = mutated(std::move(body), random);
            CAPTURE(body);
            REQUIRE(test::quarrel(parser, body) == "");
            accepted += parser.parse(body) ? 1 : 0;
        }
        CHECK(accepted > 1000);
    });
    CHECK(kernels >= 1);
}

TEST_CASE("differential: one body in many spellings is one group") {
    std::mt19937 random(5);
    Parser parser;
    for (const auto& one : small_bodies()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        test::Json json;
        if (bytes.starts_with("\xef\xbb\xbf")) continue;
        REQUIRE(test::JsonText(bytes).read(json));
        if (test::has_duplicates(json)) continue;  // their order counts
        const auto original = parser.parse(bytes);
        REQUIRE(original);
        for (int variant = 1; variant < 32; ++variant) {
            test::Spelling spelling;
            spelling.white_space = (variant & 1) != 0;
            spelling.shuffled = (variant & 2) != 0;
            spelling.escaped_keys = (variant & 4) != 0;
            const std::string body = spelling.write(json, random);
            CAPTURE(body);
            REQUIRE(test::quarrel(parser, body) == "");
        }
    }
}

TEST_CASE("differential: unknown keys change nothing but extra") {
    std::mt19937 random(6);
    Parser parser;
    const std::array<std::string_view, 4> unknown{R"("x":null,)", R"("y":[{"a":"\n"},-1.5e3],)", R"("startsat":"",)",
                                                  R"("z":{"alerts":[{"labels":{}}]},)"};
    for (const auto& one : small_bodies()) {
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
            REQUIRE(test::quarrel(parser, body) == "");
        }
    }
}

TEST_CASE("differential: times in a row, each a little different from the one before") {
    // The parser takes short cuts from one time to the next; parse_timestamp() has none.
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
        REQUIRE(test::quarrel(parser, body) == "");
        const auto group = parser.parse(body);
        for (const Alert& alert : group->alerts) set += alert.starts_at.is_set ? 1 : 0;
    }
    CHECK(set > 5000);
    CHECK(set < 25000);
}

TEST_CASE("differential: strict says what the first warning says") {
    ParseOptions options;
    options.strict = true;
    Parser strict(options);
    Parser parser;
    std::mt19937 random(8);
    const std::vector<test::Body> bodies = small_bodies();
    std::size_t refused = 0;
    for (int i = 0; i < 5000; ++i) {
        std::string body = bodies[random() % bodies.size()].bytes;
        for (auto edits = 1 + random() % 2; edits > 0; --edits) body = mutated(std::move(body), random);
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
