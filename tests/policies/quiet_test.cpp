#include "alertmap/policies/quiet.hpp"

#include <doctest/doctest.h>

#include "alertmap/mapper.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("quiet: all conditions of a rule must match") {
    Sample s;
    s.firing({{"alertname", "A"}, {"env", "dev-2"}, {"team", "db"}});
    QuietPolicy quiet;
    CHECK_FALSE(quiet(s.one(), s.arena));
    quiet.rules = {{{"env", {"staging", "dev*"}}, {"team", {"web"}}}};
    CHECK_FALSE(quiet(s.one(), s.arena));
    quiet.rules.push_back({{"env", {"staging", "dev*"}}});
    CHECK(quiet(s.one(), s.arena));
    CHECK_FALSE(QuietPolicy{{QuietPolicy::Rule{}}}(s.one(), s.arena));   // no conditions never match
    CHECK_FALSE(QuietPolicy{{{{"missing", {"*"}}}}}(s.one(), s.arena));  // a missing label does not match
}

TEST_CASE("quiet: triggers without paging, and resolves normally") {
    Sample s;
    s.firing({{"alertname", "A"}, {"env", "dev"}});
    s.resolved({{"alertname", "B"}, {"env", "dev"}});
    s.firing({{"alertname", "C"}, {"env", "prod"}});
    Mapping mapping;
    mapping.quiet.rules = {{{"env", {"dev"}}}};
    const Mapper map(mapping);
    const Event quiet = map({&s.group, &s.group.alerts[0]}, s.arena);
    CHECK(quiet.transition == Transition::trigger);
    CHECK_FALSE(quiet.page);
    CHECK(map({&s.group, &s.group.alerts[1]}, s.arena).transition == Transition::resolve);
    CHECK(map({&s.group, &s.group.alerts[2]}, s.arena).page);
    // A group is quiet only by its common labels.
    CHECK(map(s.whole(), s.arena).page);
    s.group.common_labels = s.set({{"env", "dev"}});
    CHECK_FALSE(map(s.whole(), s.arena).page);
}
