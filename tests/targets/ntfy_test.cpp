#include "alertmap/targets/ntfy.hpp"

#include <string>

#include "alertmap/arena.hpp"
#include "alertmap/identity.hpp"
#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Ntfy;

static_assert(Target<Ntfy>);

TEST_CASE("ntfy: bodies") {
    const AnyTarget target = sample_target("ntfy");
    check_golden("ntfy/alert_firing", written(target, alert_firing()));
    check_golden("ntfy/alert_acknowledged", written(target, alert_acknowledged()));
    check_golden("ntfy/alert_resolved", written(target, alert_resolved()));
    check_golden("ntfy/group_firing", written(target, group_firing()));
    check_golden("ntfy/hostile", written(target, hostile()));
}

TEST_CASE("ntfy: the contract") {
    CHECK(contract_fault(complete_target("ntfy"), {"/sequence_id",
                                                   {{"/title", set_summary, Ntfy::max_title - 11, Counted::bytes},
                                                    {"/message", set_description, Ntfy::max_message, Counted::bytes}},
                                                   "ntfy",
                                                   {"/priority", "1|2|3|4|5"},
                                                   {{"/click", set_url, Ntfy::max_link}}}) == "");
}

TEST_CASE("ntfy: an invalid sequence ID is hashed, equally for the resolve") {
    Event event = alert_firing();
    for (const std::string& id : {std::string(64, 'a'), std::string("A-z_9")}) {
        event.external_id = id;
        CHECK(written(Ntfy{}, event).find("\"sequence_id\":\"" + id + "\"") != std::string::npos);
    }
    for (const std::string& id : {std::string(65, 'a'), std::string("a/b"), std::string("\xc3\xa9")}) {
        event.external_id = id;
        Arena arena;
        const std::string member = "\"sequence_id\":\"" + std::string(sha256_hex(id, arena)) + "\"";
        event.transition = Transition::trigger;
        CHECK(written(Ntfy{}, event).find(member) != std::string::npos);
        event.transition = Transition::resolve;
        CHECK(written(Ntfy{}, event).find(member) != std::string::npos);
    }
}

TEST_CASE("ntfy: valid and invalid priorities") {
    Event event = alert_firing();
    Ntfy target;
    CHECK(written(target, event).find("\"priority\":5,") != std::string::npos);
    event.severity = Severity::info;
    event.severity_word = "page";
    CHECK(written(target, event).find("\"priority\":2,") != std::string::npos);
    target.priorities = "page=4,info=9";
    CHECK(written(target, event).find("\"priority\":4,") != std::string::npos);
    event.severity_word = {};
    CHECK(written(target, event).find("\"priority\":2,") != std::string::npos);
    event.priority = "1";
    CHECK(written(target, event).find("\"priority\":1,") != std::string::npos);
}

TEST_CASE("ntfy: requests") {
    Ntfy target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "topic"});
    target.topic = "ops-s3cret";
    target.token = "tk_s3cret";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == "https://ntfy.sh/");
    CHECK(request->headers[0].value == "Bearer tk_s3cret");
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    target.token = {};
    target.user = "tom";
    target.password = "x";
    CHECK(target.request(alert_firing())->headers[0].value == "Basic dG9tOng=");
}
