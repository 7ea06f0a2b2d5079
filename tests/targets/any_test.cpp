#include "alertmap/targets/any.hpp"

#include <string_view>
#include <vector>

#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;

static_assert(Target<AnyTarget>);

namespace {
/// A target of the user's own.
struct Plain {
    static constexpr std::string_view name = "plain";
    static constexpr std::string_view doc = "one line";
    static constexpr bool resolves_by_external_id = true;
    std::string prefix = "> ";
    static constexpr Option<Plain> options[] = {{"prefix", &Plain::prefix, "what stands before the summary"}};
    Result<void> write(const Event& event, Buffer& out) const {
        JsonWriter json(out);
        json.value_joined({prefix, event.summary});
        return {};
    }
    Result<Request> request(const Event&) const { return Errc::invalid_url; }
};

std::vector<OptionValue> options(std::vector<std::string_view> flags) { return *parse_options(flags); }
}  // namespace

TEST_CASE("any: every built-in target has a name, a line and options of its own, and can be made") {
    std::vector<std::string_view> names;
    for (const Kind<AnyTarget>& kind : targets()) {
        CAPTURE(kind.name);
        for (std::string_view name : names) CHECK(name != kind.name);
        names.push_back(kind.name);
        CHECK(kind.doc.size() > 10);
        REQUIRE_FALSE(kind.options.empty());
        for (const OptionInfo& option : kind.options) CHECK_FALSE(option.doc.empty());
        const Result<AnyTarget> made = make_target(kind.name);
        REQUIRE(made);
        CHECK(made->name == kind.name);
    }
    CHECK(make_target("opsgenie").error() == Error{Errc::unknown_name, no_offset, ""});
}

TEST_CASE("any: options reach the target") {
    const auto made = make_target("signl4", options({"id=s=1", "filtering=true", "alerting_scenario=multi_ack"}));
    REQUIRE(made);
    CHECK(made->resolves_by_external_id);
    CHECK(written(*made, alert_firing()).find(R"("X-S4-AlertingScenario":"multi_ack","X-S4-Filtering":true)") != std::string::npos);
    CHECK(made->request(alert_firing())->url == "https://connect.signl4.com/webhook/s%3D1");
    CHECK(make_target("signl4", options({"idd=1"})).error() == Error{Errc::unknown_name, no_offset, "idd"});
    CHECK(make_target("signl4", options({"filtering=yes"})).error() == Error{Errc::invalid_value, no_offset, "filtering"});
    CHECK(make_target("signl4", options({"alerting_scenario=x"})).error() == Error{Errc::invalid_value, no_offset, "alerting_scenario"});
}

TEST_CASE("any: a target of the user's own has the same rights") {
    const AnyTarget any = Plain{};
    CHECK(any.name == "plain");
    CHECK(written(any, alert_firing()) == R"("> Disk almost full on n1:9100")");
    constexpr Kind<AnyTarget> kind = kind_of<AnyTarget, Plain>();
    const Result<AnyTarget> made = kind.make(options({"prefix=* "}));
    REQUIRE(made);
    const AnyTarget copy = *made;
    CHECK(written(copy, alert_firing()) == R"("* Disk almost full on n1:9100")");
    CHECK(copy.request(alert_firing()).error().code == Errc::invalid_url);
}
