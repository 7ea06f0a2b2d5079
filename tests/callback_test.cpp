#include "alertmap/callback.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace alertmap;

namespace {

using Said = std::vector<VendorCallback>;

}  // namespace

TEST_CASE("callback: PagerDuty v3") {
    const auto body = [](std::string_view type) {
        return R"({"event":{"id":"e1","event_type":")" + std::string(type) +
               R"(","resource_type":"incident","data":{"id":"PGR0VU2","type":"incident","status":"x","incident_key":"id-a","service":{"id":"PF9"}}}})";
    };
    const auto read = [&](std::string_view type) { return read_pagerduty_callback(body(type)).value_or({}); };
    CHECK(read("incident.acknowledged") == Said{{"id-a", "PGR0VU2", VendorState::acknowledged}});
    CHECK(read("incident.resolved") == Said{{"id-a", "PGR0VU2", VendorState::closed}});
    CHECK(read("incident.reopened") == Said{{"id-a", "PGR0VU2", VendorState::open}});
    CHECK(read("incident.annotated").empty());
    CHECK(!read_pagerduty_callback("").has_value());
    CHECK(!read_pagerduty_callback("[]").has_value());
    CHECK(!read_pagerduty_callback("{\"event\":").has_value());
    CHECK(read_pagerduty_callback(R"({"event":null})").value_or({}).empty());
    CHECK(read_pagerduty_callback(R"({"event":{"event_type":"incident.resolved","data":{}}})").value_or({}).empty());
}

TEST_CASE("callback: PagerDuty's signature is HMAC-SHA256 (RFC 4231, test case 2), one of several; forgeries are rejected") {
    constexpr std::string_view text = "what do ya want for nothing?";
    constexpr std::string_view right = "v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    CHECK(verify_pagerduty_signature(text, right, "Jefe"));
    CHECK(verify_pagerduty_signature(text, "v1=00, " + std::string(right), "Jefe"));
    CHECK(!verify_pagerduty_signature(text, right, "jefe"));
    CHECK(!verify_pagerduty_signature("what do ya want for nothing", right, "Jefe"));
    CHECK(!verify_pagerduty_signature(text, "", "Jefe"));
    CHECK(!verify_pagerduty_signature(text, "v1=", "Jefe"));
    CHECK(!verify_pagerduty_signature(text, right.substr(3), "Jefe"));
    CHECK(!verify_pagerduty_signature(text, right, ""));
    for (std::size_t i = 0; i < right.size(); ++i) {
        std::string wrong(right);
        wrong[i] = static_cast<char>(wrong[i] ^ 1);
        CHECK(!verify_pagerduty_signature(text, wrong, "Jefe"));
    }
    // A key that is longer than a block is hashed first (RFC 4231, test case 6).
    CHECK(verify_pagerduty_signature("Test Using Larger Than Block-Size Key - Hash Key First",
                                     "v1=60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", std::string(131, '\xaa')));
}

TEST_CASE("callback: SIGNL4") {
    const auto read = [](std::string_view type, std::string_view code) {
        return read_signl4_callback(R"({"eventType":)" + std::string(type) +
                                    R"(,"alert":{"id":"s-1","externalEventId":"id-a","statusCode":)" + std::string(code) + "}}")
            .value_or({});
    };
    CHECK(read("201", "2") == Said{{"id-a", "s-1", VendorState::acknowledged}});
    CHECK(read("201", "4") == Said{{"id-a", "s-1", VendorState::closed}});
    CHECK(read("201", "9").empty());
    CHECK(read("200", "2").empty());
    CHECK(!read_signl4_callback("{").has_value());
}

TEST_CASE("callback: Better Stack") {
    const auto read = [](std::string_view event) {
        return read_better_stack_callback(R"({"event":")" + std::string(event) +
                                          R"(","data":{"id":"25","type":"incident","attributes":{"name":"x"}}})")
            .value_or({});
    };
    CHECK(read("acknowledged") == Said{{"", "25", VendorState::acknowledged}});
    CHECK(read("resolved") == Said{{"", "25", VendorState::closed}});
    CHECK(read("started") == Said{{"", "25", VendorState::open}});
    CHECK(read("comment").empty());
}

TEST_CASE("callback: Rootly") {
    CHECK(read_rootly_callback(R"({"event":{"type":"alert.resolved"},"data":{"id":"r-1","external_id":"id-a","status":"resolved"}})")
              .value_or({}) == Said{{"id-a", "r-1", VendorState::closed}});
    CHECK(read_rootly_callback(
              R"({"event":{"type":"alert.updated"},"data":{"id":"r-1","attributes":{"external_id":"id-a","status":"acknowledged"}}})")
              .value_or({}) == Said{{"id-a", "r-1", VendorState::acknowledged}});
    CHECK(read_rootly_callback(R"({"event":{"type":"incident.resolved"},"data":{"id":"r-1","status":"resolved"}})").value_or({}).empty());
}

TEST_CASE("callback: reaches the ledger by external ID or vendor ID") {
    LedgerOptions options;
    options.traits.repeat = Repeat::merges;
    Ledger ledger(options);
    Event event;
    event.external_id = "id-a";
    ledger.observe({"eu", "pager", {}}, event, 0);
    for (const Action& action : ledger.due(1)) {
        const std::uint64_t ticket = action.ticket;
        ledger.answered(ticket, {Outcome::accepted, "25"}, 1);
        break;
    }
    ledger.vendor_said("", VendorState::acknowledged, 2, "24");
    CHECK(ledger.incidents()[0].vendor == "open");
    ledger.vendor_said("", VendorState::acknowledged, 2, "25");
    CHECK(ledger.incidents()[0].vendor == "acknowledged");
}
