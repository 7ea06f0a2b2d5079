#include "alertmap/forwards/any.hpp"

#include <string_view>
#include <vector>

#include "alertmap/json_writer.hpp"
#include "support/golden.hpp"
#include "support/sample_groups.hpp"

using namespace test;

static_assert(Forward<AnyForward>);

namespace {
/// A custom forward.
struct Count {
    static constexpr std::string_view name = "count";
    Result<void> write(const AlertGroup& group, Buffer& out) const {
        JsonWriter json(out);
        json.value(group.alerts.size());
        return {};
    }
    Result<Request> request(const AlertGroup&) const { return Errc::invalid_url; }
};
}  // namespace

TEST_CASE("any forward: every built-in forward has a name, documentation and options, and can be made") {
    std::vector<std::string_view> names;
    for (const Kind<AnyForward>& kind : forwards()) {
        CAPTURE(kind.name);
        for (std::string_view name : names) CHECK(name != kind.name);
        names.push_back(kind.name);
        CHECK(kind.doc.size() > 10);
        REQUIRE_FALSE(kind.options.empty());
        for (const OptionInfo& option : kind.options) CHECK_FALSE(option.doc.empty());
        const Result<AnyForward> made = make_forward(kind.name);
        REQUIRE(made);
        CHECK(made->name() == kind.name);
        CHECK(is_json(written(*made, mixed_group())));
    }
    CHECK(make_forward("pagerduty").error() == Error{Errc::unknown_name, no_offset, ""});
}

TEST_CASE("any forward: options, and max_alerts") {
    CHECK(make_forward("grafana_oncall")->max_alerts() == 100);
    const auto made = make_forward("grafana_oncall", *parse_options(std::vector<std::string_view>{"max_alerts=7"}));
    REQUIRE(made);
    CHECK(made->max_alerts() == 7);
    CHECK(make_forward("rootly")->max_alerts() == 0);
}

TEST_CASE("any forward: a custom forward") {
    const AnyForward any = Count{};
    CHECK(any.name() == "count");
    CHECK(any.max_alerts() == 0);
    CHECK(written(any, firing_group()) == "2");
    CHECK(any.request(firing_group()).error().code == Errc::invalid_url);
}
