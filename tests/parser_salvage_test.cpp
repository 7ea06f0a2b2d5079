#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/parser.hpp"
#include "support/describe.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/oracle.hpp"

// Truncated bodies (at 256 KiB, at a proxy's limit) or bodies broken in the middle: the complete alerts before are recovered.
using namespace alertmap;

namespace {

ParseOptions salvaging() {
    ParseOptions options;
    options.salvage = true;
    return options;
}

/// A valid body, with the positions of its alerts array and of each alert's end.
struct Whole {
    explicit Whole(std::string_view bytes) : body(bytes) {
        REQUIRE(test::JsonText(body).read(json));
        Parser parser;
        const auto group = parser.parse(body);
        REQUIRE(group);
        for (const Alert& alert : group->alerts) alerts.push_back(test::describe(alert));
        receiver = std::string(group->receiver);
        const test::Json* array = json.find("alerts");
        REQUIRE(array != nullptr);
        begin = end_of(array->raw) - array->raw.size();
        for (const test::Json& element : array->elements) ends.push_back(end_of(element.raw));
        end = body.find_last_of('}') + 1;
    }
    [[nodiscard]] std::size_t end_of(std::string_view raw) const { return static_cast<std::size_t>(raw.data() + raw.size() - body.data()); }
    [[nodiscard]] std::size_t complete_before(std::size_t offset) const {
        std::size_t count = 0;
        for (const std::size_t at : ends) count += at <= offset ? 1 : 0;
        return count;
    }

    std::string_view body;
    test::Json json;
    std::vector<std::string> alerts;
    std::vector<std::size_t> ends;
    std::string receiver;
    std::size_t begin = 0;  ///< of the array
    std::size_t end = 0;    ///< of the object
};

/// The expected result of `broken`, whose first invalid byte (or end) is at `offset`.
void check_salvage(Parser& parser, const Whole& whole, std::string_view broken, std::size_t offset) {
    const auto group = parser.parse(broken);
    if (offset <= whole.begin) {
        REQUIRE_FALSE(group);
        REQUIRE(group.error().offset == offset);
        return;
    }
    REQUIRE(group);
    REQUIRE(group->incomplete);
    REQUIRE_FALSE(fully_resolved(*group));
    REQUIRE(group->alerts.size() == whole.complete_before(offset));
    for (std::size_t i = 0; i < group->alerts.size(); ++i) REQUIRE(test::describe(group->alerts[i]) == whole.alerts[i]);
    REQUIRE(group->receiver == whole.receiver);
    REQUIRE(parser.warning_count() >= 1);
    REQUIRE(parser.warnings().back().offset == offset);
}

std::vector<test::Body> bodies() {
    std::vector<test::Body> out = test::webhooks();
    std::erase_if(out, [](const test::Body& body) { return body.bytes.size() > 20'000; });
    return out;
}

}  // namespace

TEST_CASE("salvage: every prefix of every captured body") {
    Parser strict;
    Parser parser(salvaging());
    for (const auto& one : bodies()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        const Whole whole(bytes);
        for (std::size_t cut = 1; cut < whole.end; ++cut) {
            CAPTURE(cut);
            const std::string prefix = bytes.substr(0, cut);  // separate allocation: reads beyond its end are detected
            const auto error = strict.parse(prefix);
            REQUIRE_FALSE(error);
            REQUIRE(error.error().code == Errc::truncated_body);
            REQUIRE(error.error().offset == cut);
            check_salvage(parser, whole, prefix, cut);
        }
        const auto group = parser.parse(std::string_view(bytes).substr(0, whole.end));
        REQUIRE(group);
        CHECK_FALSE(group->incomplete);
        CHECK(parser.warning_count() == 0);
    }
}

TEST_CASE("salvage: a broken byte anywhere") {
    Parser plain;
    Parser parser(salvaging());
    for (const auto& one : bodies()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        const Whole whole(bytes);
        for (std::size_t at = 0; at < whole.end; ++at) {
            CAPTURE(at);
            std::string broken = bytes;
            broken[at] = '\x01';
            REQUIRE(test::difference_from_reference(plain, broken) == "");
            test::JsonText text(broken);
            test::Json json;
            REQUIRE_FALSE(text.read(json));
            check_salvage(parser, whole, broken, text.offset());
        }
    }
}

TEST_CASE("salvage: truncations of a large body") {
    const std::string bytes = test::webhook("alertmanager-0.25-huge-1000.02");
    const Whole whole(bytes);
    Parser parser(salvaging());
    for (const std::size_t cut : {std::size_t{100}, std::size_t{1000}, std::size_t{65'536}, std::size_t{262'144}, whole.end - 1}) {
        CAPTURE(cut);
        check_salvage(parser, whole, std::string_view(bytes).substr(0, cut), cut);
    }
    CHECK(parser.parse(std::string_view(bytes).substr(0, 262'144))->alerts.size() > 400);
}

TEST_CASE("salvage: members in another order") {
    const std::string bytes =
        R"({"commonLabels":{"a":"1"},"x":{"alerts":[1,2]},"alerts" : [ {"labels":{"a":"1"},"status":"firing"} , {"status":"resolved","labels":{}} ] ,"receiver":"r","truncatedAlerts":123,"y":[1,"]}"]})";
    Parser parser(salvaging());
    const std::string all = bytes;
    const std::size_t open = bytes.find("[ {");
    const std::size_t first = bytes.find("} , {") + 1;
    const std::size_t second = bytes.find("} ] ,") + 1;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        CAPTURE(cut);
        const std::string prefix = bytes.substr(0, cut);
        const auto group = parser.parse(prefix);
        if (cut <= open) {
            REQUIRE_FALSE(group);
            continue;
        }
        REQUIRE(group);
        REQUIRE(group->incomplete);
        REQUIRE(group->alerts.size() == (cut < first ? 0u : cut < second ? 1u : 2u));
        REQUIRE(group->common_labels.get("a") == "1");
        if (cut > bytes.find(",\"truncatedAlerts\"")) REQUIRE(group->receiver == "r");
    }
}

TEST_CASE("salvage: a valid body is unaffected") {
    Parser plain;
    Parser parser(salvaging());
    for (const auto& one : test::webhooks()) {
        const auto& name = one.name;
        const auto& bytes = one.bytes;
        CAPTURE(name);
        const auto expected = plain.parse(bytes);
        REQUIRE(expected);
        const auto group = parser.parse(bytes);
        REQUIRE(group);
        CHECK(test::describe(*group) == test::describe(*expected));
        CHECK_FALSE(group->incomplete);
    }
}

TEST_CASE("salvage: not for other JSON, nor above a limit") {
    ParseOptions options = salvaging();
    options.max_alerts = 1;
    Parser parser(options);
    CHECK(parser.parse("[{").error().code == Errc::truncated_body);
    CHECK(parser.parse("{}x").error().code == Errc::trailing_content);
    CHECK(parser.parse("{}").error().code == Errc::not_an_alert_group);
    CHECK(parser.parse(R"({"x":{"alerts":[]},)").error().code == Errc::truncated_body);
    CHECK(parser.parse("").error().code == Errc::empty_body);
    CHECK(parser.parse(R"({"alerts":[{"labels":{}},{"labels":{}},)").error().code == Errc::too_many_alerts);
    CHECK(parser.parse(R"({"alerts":[{"labels":{}},{"labels":{})").error().code == Errc::too_many_alerts);
    const auto group = parser.parse(R"({"alerts":[{"labels":{}},)");
    REQUIRE(group);
    CHECK(group->alerts.size() == 1);
}

TEST_CASE("salvage: a real template with unescaped quotes") {
    const std::string bytes = test::read_file(test::data_file("webhooks/invalid-amp-template-unescaped-quotes.txt"));
    Parser plain;
    CHECK_FALSE(plain.parse(bytes));
    CHECK(test::difference_from_reference(plain, bytes) == "");
    Parser parser(salvaging());
    const auto group = parser.parse(bytes);
    REQUIRE(group);
    CHECK(group->incomplete);
    CHECK(group->alerts.empty());
    CHECK(group->receiver == "basic");
    CHECK(group->status == Status::firing);
}

TEST_CASE("salvage: a body behind a byte order mark") {
    const std::string body = "\xef\xbb\xbf{\"alerts\":[{\"status\":\"firing\",\"labels\":{\"a\":\"1\"}},{\"stat";
    Parser plain;
    const auto error = plain.parse(body);
    REQUIRE_FALSE(error);
    CHECK(error.error().code == Errc::truncated_body);
    CHECK(error.error().offset == body.size());
    Parser parser(salvaging());
    const auto group = parser.parse(body);
    REQUIRE(group);
    CHECK(group->alerts.size() == 1);
    CHECK(group->incomplete);
}

TEST_CASE("salvage: the group views body and parser, and can be owned") {
    Parser parser(salvaging());
    Result<OwnedAlertGroup> owned = Errc::out_of_memory;
    std::string expected;
    {
        const std::string body = test::webhook("alertmanager-0.25-mixed.02").substr(0, 1000);
        const auto group = parser.parse(body);
        REQUIRE(group);
        CHECK(group->alerts.size() == 3);
        expected = test::describe(*group);
        owned = OwnedAlertGroup::copy(*group);
    }
    CHECK_FALSE(parser.parse("[]"));
    REQUIRE(owned);
    CHECK(test::describe(**owned) == expected);
}
