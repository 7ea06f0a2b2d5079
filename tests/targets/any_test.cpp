#include "alertmap/targets/any.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/json_writer.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;

static_assert(Target<AnyTarget>);

namespace {
/// A custom target.
struct Plain {
    static constexpr std::string_view name = "plain";
    static constexpr std::string_view doc = "one line";
    static constexpr TargetTraits traits = {};
    std::string prefix = "> ";
    static constexpr Option<Plain> options[] = {{"prefix", &Plain::prefix, "what is before the summary"}};
    Result<void> write(const Event& event, Buffer& out) const {
        JsonWriter json(out);
        json.value_joined({prefix, event.summary});
        return {};
    }
    Result<Request> request(const Event&) const { return Errc::invalid_url; }
};

std::vector<OptionValue> options(std::vector<std::string_view> flags) { return *parse_options(flags); }
}  // namespace

TEST_CASE("any: every built-in target has a name, documentation and options, and can be made") {
    std::vector<std::string_view> names;
    for (const Kind<AnyTarget>& kind : targets()) {
        CAPTURE(kind.name);
        for (std::string_view name : names) CHECK(name != kind.name);
        names.push_back(kind.name);
        CHECK(!kind.doc.empty());
        REQUIRE_FALSE(kind.options.empty());
        for (const OptionInfo& option : kind.options) CHECK_FALSE(option.doc.empty());
        const Result<AnyTarget> made = make_target(kind.name);
        REQUIRE(made);
        CHECK(made->name() == kind.name);
    }
    CHECK(make_target("no_such_vendor").error() == Error{Errc::unknown_name, no_offset, ""});
}

TEST_CASE("any: options reach the target") {
    const auto made = make_target("signl4", options({"id=s=1", "filtering=true", "alerting_scenario=multi_ack"}));
    REQUIRE(made);
    CHECK(written(*made, alert_firing()).find(R"("X-S4-AlertingScenario":"multi_ack","X-S4-Filtering":true)") != std::string::npos);
    CHECK(made->request(alert_firing())->url == "https://connect.signl4.com/webhook/s%3D1");
    CHECK(make_target("signl4", options({"idd=1"})).error() == Error{Errc::unknown_name, no_offset, "idd"});
    CHECK(make_target("signl4", options({"filtering=yes"})).error() == Error{Errc::invalid_value, no_offset, "filtering"});
    CHECK(make_target("signl4", options({"alerting_scenario=x"})).error() == Error{Errc::invalid_value, no_offset, "alerting_scenario"});
}

TEST_CASE("any: a custom target") {
    const AnyTarget any = Plain{};
    CHECK(any.name() == "plain");
    CHECK(written(any, alert_firing()) == R"("> Disk almost full on n1:9100")");
    constexpr Kind<AnyTarget> kind = kind_of<AnyTarget, Plain>();
    const Result<AnyTarget> made = kind.make(options({"prefix=* "}));
    REQUIRE(made);
    const AnyTarget copy = *made;
    CHECK(written(copy, alert_firing()) == R"("* Disk almost full on n1:9100")");
    CHECK(copy.request(alert_firing()).error().code == Errc::invalid_url);
}

namespace {
/// A target with a run-time name and traits, whose vendor assigns the IDs.
struct FromFile {
    std::string name = "a name that is too long for the inside of a std::string";
    TargetTraits traits = {.resolves_by = ResolveBy::vendor_id, .rate = {1, 60, RatePer::credential}};
    Result<void> write(const Event&, Buffer& out) const {
        out.append("{}");
        return {};
    }
    Result<Request> request(const Event&, std::string_view vendor_id = {}) const {
        if (vendor_id.empty()) return Errc::missing_vendor_id;
        return Request{"PUT", "https://h/" + std::string(vendor_id), {}, {}, {}};
    }
    [[nodiscard]] bool succeeded(Transition, int http_status, std::string_view answer) const {
        return http_status == 200 && answer == "ok";
    }
    [[nodiscard]] Result<std::string> read_id(std::string_view answer) const { return std::string(answer); }
};
static_assert(Target<FromFile>);
}  // namespace

TEST_CASE("any: traits are passed through") {
    AnyTarget any = Plain{};
    CHECK(any.traits() == TargetTraits{});
    CHECK(any.succeeded(Transition::trigger, 202));
    CHECK_FALSE(any.succeeded(Transition::trigger, 302));
    CHECK(any.read_id(R"({"id":"1"})").error().code == Errc::missing_vendor_id);
    any = FromFile{};
    const AnyTarget copy = any;
    any = Plain{};
    CHECK(copy.name() == FromFile{}.name);
    CHECK(copy.traits() == FromFile{}.traits);
    CHECK(copy.request(alert_resolved()).error().code == Errc::missing_vendor_id);
    CHECK(copy.request(alert_resolved(), "7")->url == "https://h/7");
    CHECK_FALSE(copy.succeeded(Transition::resolve, 200));
    CHECK(copy.succeeded(Transition::resolve, 200, "ok"));
    CHECK(copy.read_id("x").value_or("") == "x");
}

TEST_CASE("any: a moved-from target works") {
    AnyTarget any = Plain{};
    const AnyTarget moved = std::move(any);
    CHECK(any.name() == "plain");
    CHECK(moved.name() == "plain");
}

TEST_CASE("any: targets that resolve by vendor ID") {
    for (const char* name : {"better_stack_incidents", "rootly_api"}) {
        CAPTURE(name);
        const auto kind = std::find_if(targets().begin(), targets().end(), [&](const auto& each) { return each.name == name; });
        const AnyTarget target = *kind->make(placeholder_options(kind->options));
        CHECK(target.request(alert_firing()));
        CHECK(target.request(alert_resolved()).error().code == Errc::missing_vendor_id);
        const std::string id = target.read_id(R"({"data":{"id":"77"}})").value_or("");
        REQUIRE(id == "77");
        CHECK(target.request(alert_resolved(), id)->url.ends_with("/77/resolve"));
        CHECK(target.request(alert_acknowledged(), id)->url.ends_with("/77/acknowledge"));
    }
}
