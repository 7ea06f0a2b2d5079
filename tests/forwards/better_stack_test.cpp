#include "alertmap/forwards/better_stack.hpp"

#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;
using alertmap::forward::BetterStack;

static_assert(Forward<BetterStack>);

TEST_CASE("forward better_stack: bodies") {
    CHECK(written(BetterStack{}, firing_group()) == golden("forward_alertmanager/firing"));
    check_golden("forward_better_stack/truncated", written(BetterStack{}, truncated_group()));
    BetterStack believing;
    believing.resolve_truncated = true;
    CHECK(written(believing, truncated_group()) == golden("forward_alertmanager/truncated"));
}

TEST_CASE("forward better_stack: requests") {
    BetterStack forward;
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "token"});
    forward.token = "t0/ken";
    const Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->url == "https://uptime.betterstack.com/api/v1/prometheus/webhook/t0%2Fken");
    CHECK(to_string(*request).starts_with("POST https://uptime.betterstack.com/api/v1/prometheus/webhook/***\n"));
}
