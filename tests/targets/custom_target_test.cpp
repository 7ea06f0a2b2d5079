// Tests the target of examples/custom_target.hpp like the built-in ones: an example of a custom target's test.
#include "../../examples/custom_target.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "alertmap/options.hpp"
#include "alertmap/targets/any.hpp"
#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/json.hpp"
#include "support/sample_events.hpp"

using namespace test;

namespace {

AnyTarget custom_squadcast() {
    const std::vector<OptionValue> options = {{"url", "https://h.example.test/s3cret"}, {"priority", "P2"}};
    return *kind_of<AnyTarget, custom::Squadcast>().make(options);
}

}  // namespace

TEST_CASE("custom target: the contract") { CHECK(contract_fault(custom_squadcast(), {"/event_id", {}, "squadcast"}) == ""); }

TEST_CASE("custom target: an alert above the vendor's limit is truncated, an ID is not") {
    Event event = alert_firing();
    const std::string controls(40'000, '\x01');
    event.summary = controls;
    const std::string body = written(custom_squadcast(), event);
    CHECK(body.size() <= custom::Squadcast::max_body);
    CHECK(is_json(body));
    CHECK(body.find("tags") == std::string::npos);
    event.external_id = controls;
    CHECK(write_error(custom_squadcast(), event) == Errc::payload_too_large);
}
