#include "alertmap/forwards/signl4.hpp"

#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;
using alertmap::forward::Signl4;

static_assert(Forward<Signl4>);

TEST_CASE("forward signl4: bodies") {
    CHECK(written(Signl4{}, firing_group()) == golden("forward_alertmanager/firing"));
    check_golden("forward_signl4/resolved", written(Signl4{}, resolved_group()));
    check_golden("forward_signl4/truncated", written(Signl4{}, truncated_group()));
    Signl4 believing;
    believing.resolve_truncated = true;
    CHECK(written(believing, truncated_group()) == golden("forward_alertmanager/truncated"));
    AlertGroup keyless = firing_group();
    keyless.group_key = {};
    check_golden("forward_signl4/keyless", written(Signl4{}, keyless));
}

TEST_CASE("forward signl4: the URL") {
    Signl4 forward;
    CHECK(forward.request(firing_group()).error() == Error{Errc::missing_value, no_offset, "id"});
    forward.id = "s3cret";
    const Result<Request> request = forward.request(firing_group());
    REQUIRE(request);
    CHECK(request->url == "https://connect.signl4.com/webhook/s3cret?ExtIDParam=groupKey&ExtStatusParam=status&ResolvedStatus=resolved");
    CHECK(to_string(*request).starts_with("POST https://connect.signl4.com/webhook/***?ExtIDParam=groupKey&"));
    CHECK(request->body == golden("forward_alertmanager/firing"));

    forward.ext_id_param = "a b&c";
    forward.resolved_status = "UP";
    forward.new_status = "DOWN";
    forward.ack_status = "\xc3\xa9";
    CHECK(forward.url().str().value_or("") ==
          "https://connect.signl4.com/webhook/"
          "s3cret?ExtIDParam=a%20b%26c&ExtStatusParam=status&ResolvedStatus=UP&NewStatus=DOWN&AckStatus=%C3%A9");
}
