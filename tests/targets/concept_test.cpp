#include "alertmap/targets/concept.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/targets/any.hpp"
#include "support/allocations.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

// What holds for every target, whoever wrote it.
using namespace test;

namespace {

struct NoTarget {
    static constexpr std::string_view name = "no target";
    static constexpr TargetTraits traits = {};
    bool write(const Event&, Buffer&) const { return true; }
    Result<Request> request(const Event&) const { return Errc::invalid_url; }
};
static_assert(!Target<NoTarget> && !Target<int>);

/// Every built-in target, with every text that it takes: the secrets are "s3cret", or a URL with it.
std::vector<AnyTarget> complete_targets() {
    std::vector<AnyTarget> made;
    for (const Kind<AnyTarget>& kind : targets()) {
        std::vector<OptionValue> options;
        for (const OptionInfo& option : kind.options) {
            const bool url = option.key.ends_with("url");
            if (option.secret()) options.push_back({std::string(option.key), url ? "https://h.example.test/s3cret" : "s3cret"});
            if (option.required() && !option.secret()) options.push_back({std::string(option.key), url ? "https://h.example.test" : "x"});
        }
        const Result<AnyTarget> target = make_target(kind.name, options);
        REQUIRE(target);
        made.push_back(*target);
    }
    return made;
}

std::vector<Event> all_events() {
    std::vector<Event> events;
    for (const Event& event :
         {alert_firing(), alert_resolved(), alert_acknowledged(), group_firing(), group_resolved(), hostile(), very_long()}) {
        events.push_back(event);
    }
    Event bare;
    bare.external_id = "id";
    events.push_back(bare);
    return events;
}

}  // namespace

TEST_CASE("concept: what is written is one JSON value behind what was there, and the request's body") {
    for (const AnyTarget& target : complete_targets()) {
        CAPTURE(target.name());
        for (const Event& event : all_events()) {
            Buffer out;
            out.append("before");
            const Result<void> done = target.write(event, out);
            const Result<Request> request = target.request(event, "id1");
            CHECK(done.has_value() == request.has_value());
            if (!done) {
                CHECK(done.error().code == Errc::unsupported_transition);
                CHECK(event.transition == Transition::acknowledge);
                CHECK(out.view() == "before");
                continue;
            }
            const std::string_view body = out.view().substr(6);
            CHECK((is_json(body) || (body.empty() && event.transition == Transition::acknowledge)));
            CHECK(request->body == body);
            CHECK(request->method == "POST");
            CHECK(request->url.starts_with("https://"));
        }
    }
}

TEST_CASE("concept: printed requests show no secret") {
    for (const AnyTarget& target : complete_targets()) {
        CAPTURE(target.name());
        for (const Event& event : {alert_firing(), alert_resolved(), heartbeat()}) {
            const Result<Request> request = target.request(event, "id1");
            if (request) CHECK(to_string(*request).find("s3cret") == std::string::npos);
            if (!request) CHECK(request.error().path.find("s3cret") == std::string::npos);
        }
    }
}

TEST_CASE("concept: what no target writes") {
    Event ignored = alert_firing();
    ignored.transition = Transition::ignore;
    Event nameless = alert_firing();
    nameless.external_id = {};
    Event silent = heartbeat();
    silent.transition = Transition::resolve;
    for (const AnyTarget& target : complete_targets()) {
        CAPTURE(target.name());
        CHECK(write_error(target, ignored) == Errc::unsupported_transition);
        CHECK(target.request(ignored).error().code == Errc::unsupported_transition);
        CHECK(write_error(target, nameless) == Errc::empty_external_id);
        CHECK(target.request(nameless).error().code == Errc::empty_external_id);
        CHECK(write_error(target, heartbeat()) == Errc::unsupported_transition);
        CHECK(write_error(target, silent) == Errc::unsupported_transition);
        CHECK(target.request(silent).error().code == Errc::unsupported_transition);
        // A ping has no body that could page.
        if (const Result<Request> ping = target.request(heartbeat()); ping) CHECK(ping->body.empty());
    }
}

TEST_CASE("concept: no allocation once the buffer has its size") {
    for (const AnyTarget& target : complete_targets()) {
        CAPTURE(target.name());
        Buffer out;
        for (const Event& event : all_events()) {
            const Result<void> first = target.write(event, out);
            const std::size_t size = out.size();
            out.clear();
            const std::size_t before = allocations;
            const Result<void> again = target.write(event, out);
            CHECK(allocations == before);
            CHECK(again.has_value() == first.has_value());
            CHECK(out.size() == size);
            out.clear();
        }
    }
}
