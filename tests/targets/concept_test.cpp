#include "alertmap/targets/concept.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/targets/any.hpp"
#include "support/allocations.hpp"
#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

// Properties of all targets.
using namespace test;

namespace {

struct NoTarget {
    static constexpr std::string_view name = "no target";
    static constexpr TargetTraits traits = {};
    bool write(const Event&, Buffer&) const { return true; }
    Result<Request> request(const Event&) const { return Errc::invalid_url; }
};
static_assert(!Target<NoTarget> && !Target<int>);

std::vector<AnyTarget> complete_targets() {
    std::vector<AnyTarget> made;
    for (const Kind<AnyTarget>& kind : targets()) made.push_back(complete_target(kind));
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

TEST_CASE("concept: every built-in target fulfils the contract and its schema") {
    for (const Kind<AnyTarget>& kind : targets()) {
        CAPTURE(kind.name);
        CHECK(std::filesystem::exists(data_file("golden/" + std::string(kind.name) + "/schema.json")));
        // Its own test has the limits and the place of the ID.
        Contract contract;
        contract.id_pointer = "url";
        contract.schema = kind.name;
        const std::string fault = contract_fault(complete_target(kind), contract);
        CHECK((fault.empty() || fault.starts_with("no external ID in the URL")));
    }
}

TEST_CASE("concept: no allocation after the buffer has grown") {
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
