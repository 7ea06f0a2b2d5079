#include "alertmap/targets/teams.hpp"

#include <string>
#include <vector>

#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;
using alertmap::target::Teams;

static_assert(Target<Teams>);

TEST_CASE("teams: bodies") {
    const AnyTarget target = sample_target("teams");
    check_golden("teams/alert_firing", written(target, alert_firing()));
    check_golden("teams/alert_resolved", written(target, alert_resolved()));
    check_golden("teams/group_firing", written(target, group_firing()));
    check_golden("teams/group_resolved", written(target, group_resolved()));
    check_golden("teams/hostile", written(target, hostile()));
}

TEST_CASE("teams: the contract") {
    CHECK(contract_fault(complete_target("teams"), {{},
                                                    {{"/attachments/0/content/body/0/inlines/0/text", set_summary, Teams::max_title - 11}},
                                                    "teams",
                                                    {},
                                                    {{"/attachments/0/content/actions/0/url", set_url, Teams::max_link},
                                                     {"/attachments/0/content/actions/0/url", set_runbook_url, Teams::max_link}}}) == "");
}

TEST_CASE("teams: cards are within the limit, and lose their labels first") {
    const std::string long_text(3'000, 'x');
    std::vector<Label> labels(30, Label{"name", long_text});
    Event event = alert_firing();
    event.labels = {labels.data(), labels.size()};
    std::string body = written(Teams{}, event);
    CHECK(body.size() <= Teams::max_body);
    CHECK(body.find("isSubtle") != std::string::npos);  // each is truncated
    labels.resize(100, Label{"name", long_text});
    event.labels = {labels.data(), labels.size()};
    body = written(Teams{}, event);
    CHECK(body.size() <= Teams::max_body);
    CHECK(body.find("isSubtle") == std::string::npos);
    CHECK(body.find("Less than 5% left") != std::string::npos);
    const std::string controls(50'000, '\x01');
    const std::string quotes(50'000, '"');
    event.summary = quotes;
    for (const std::string& text : {controls, quotes, std::string(9'000, '\n'), std::string(100'000, 'x')}) {
        event.description = text;
        body = written(Teams{}, event);
        CHECK(body.size() <= Teams::max_body);
        CHECK(is_json(body));
    }
}

TEST_CASE("teams: a group has one line per alert, and the number of omitted ones") {
    std::string lines;
    for (int i = 0; i < 1000; ++i) lines += "n" + std::to_string(i) + ": Disk almost full on this host\n";
    lines += "and 7 more";
    Event event = group_firing();
    event.description = lines;
    event.firing = 1007;
    const std::string body = written(Teams{}, event);
    CHECK(body.size() <= Teams::max_body);
    CHECK(body.find("\"text\":\"n0: Disk almost full on this host\"") != std::string::npos);
    std::size_t shown = 0;
    for (std::size_t at = 0; (at = body.find(": Disk almost full on this host\"", at)) != std::string::npos; ++at) ++shown;
    CHECK(body.find("\"text\":\"and " + std::to_string(1007 - shown) + " more\"") != std::string::npos);
}

TEST_CASE("teams: requests") {
    Teams target;
    CHECK(target.request(alert_firing()).error() == Error{Errc::missing_value, no_offset, "url"});
    target.url = "https://prod.logic.azure.example/workflows/1/triggers/manual/paths/invoke?sig=s3cret";
    const Result<Request> request = target.request(alert_firing());
    REQUIRE(request);
    CHECK(request->url == target.url);
    CHECK(to_string(*request).find("s3cret") == std::string::npos);
    Event event = alert_firing();
    const std::string link = "https://h.example.test/" + std::string(Teams::max_link, 'x');
    event.url = link;
    CHECK(written(target, event).find(link) == std::string::npos);
}
