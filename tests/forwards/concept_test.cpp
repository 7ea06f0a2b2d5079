#include "alertmap/forwards/concept.hpp"

#include <string>
#include <string_view>

#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/forwards/any.hpp"
#include "alertmap/parser.hpp"
#include "support/files.hpp"
#include "support/golden.hpp"

// Properties of all forwards, for every captured body.
using namespace alertmap;
using namespace test;

namespace {
struct NoForward {
    static constexpr std::string_view name = "no forward";
    Result<void> write(const AlertGroup&, Buffer&) const { return {}; }
};
static_assert(!Forward<NoForward> && !Forward<int>);

/// Checks an array of alerts: the group's number, with their statuses.
void check_posted(std::string_view text, const AlertGroup& group) {
    Json json;
    REQUIRE(text.ends_with("]\n"));
    REQUIRE(JsonText(text).read(json));
    REQUIRE(json.elements.size() == group.alerts.size());
    for (std::size_t i = 0; i < json.elements.size(); ++i) {
        CHECK_FALSE(json.elements[i].find("labels")->members.empty());
        CHECK((json.elements[i].find("endsAt") != nullptr) == (group.alerts[i].status == Status::resolved));
    }
}
}  // namespace

TEST_CASE("forward concept: the written group is unchanged, except that an unsafe \"resolved\" becomes \"firing\"") {
    Parser reader;
    Parser reader_of_written;
    std::size_t groups = 0;
    for (const Body& body : webhooks()) {
        const Result<AlertGroup> group = reader.parse(body.bytes);
        if (!group) continue;
        ++groups;
        CAPTURE(body.name);
        for (const Kind<AnyForward>& kind : forwards()) {
            CAPTURE(kind.name);
            const Result<AnyForward> forward = make_forward(kind.name);
            REQUIRE(forward);
            for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
                if (most != 0 && group->alerts.size() > 10) continue;
                std::size_t alerts = 0;
                for (const AlertGroup& part : split(*group, most)) {
                    const std::string text = written(*forward, part);
                    if (kind.name == "alertmanager_api") {
                        check_posted(text, part);
                        alerts += part.alerts.size();
                        continue;
                    }
                    CHECK(text.ends_with("}\n"));
                    CHECK(is_json(text));
                    const Result<AlertGroup> back = reader_of_written.parse(text);
                    REQUIRE(back);
                    if (kind.name == "incident_io" && back->alerts.size() == 1 && back->truncated_alerts != group->truncated_alerts) {
                        // Too large for incident.io: one alert, the others are counted as truncated.
                        CHECK(back->truncated_alerts == group->truncated_alerts + part.alerts.size() - 1);
                        CHECK_FALSE(fully_resolved(*back));
                        alerts += part.alerts.size();
                        continue;
                    }
                    alerts += back->alerts.size();
                    CHECK(back->alerts.size() == part.alerts.size());
                    CHECK(back->truncated_alerts == group->truncated_alerts);
                    CHECK(back->common_labels == group->common_labels);
                    const bool trusts_status = kind.name != "alertmanager" && kind.name != "rootly";
                    if (trusts_status && back->status == Status::resolved) CHECK(fully_resolved(*group));
                    if (kind.name == "rootly" && back->extra.text("rootly_alert_status") == "resolved") CHECK(fully_resolved(*group));
                    if (fully_resolved(*group)) CHECK(back->status == Status::resolved);
                    if (kind.name == "grafana_oncall") CHECK_FALSE(back->group_key.empty());
                }
                CHECK(alerts == group->alerts.size());
            }
        }
    }
    CHECK(groups > 30);
}
