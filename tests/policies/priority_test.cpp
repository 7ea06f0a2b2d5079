#include "alertmap/policies/priority.hpp"

#include <doctest/doctest.h>

#include "alertmap/mapper.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("priority: the word, then the severity, then the next higher severity in the table") {
    Sample s;
    s.firing({});
    PriorityPolicy priority;
    CHECK(priority({Severity::critical, "page"}, s.one(), s.arena).empty());
    priority.words = {{"Page", "P0"}, {"critical", "P1"}, {"warning", "P3"}};
    CHECK(priority({Severity::critical, "pAGE"}, s.one(), s.arena) == "P0");
    CHECK(priority({Severity::critical, "fatal"}, s.one(), s.arena) == "P1");
    CHECK(priority({Severity::warning, "minor"}, s.one(), s.arena) == "P3");
    CHECK(priority({Severity::error, "apocalypse"}, s.one(), s.arena) == "P1");  // unknown words keep a high priority
    CHECK(priority({Severity::info, {}}, s.one(), s.arena) == "P3");
    priority.words = {{"info", "P5"}};
    CHECK(priority({Severity::error, "x"}, s.one(), s.arena).empty());  // never a lower one
}

TEST_CASE("priority: in the event") {
    Sample s;
    s.firing({{"alertname", "A"}, {"severity", "page"}});
    Mapping mapping;
    mapping.priority.words = {{"critical", "P1"}};
    const Mapper map(mapping);
    CHECK(map(s.one(), s.arena).priority == "P1");
    mapping.priority.function = [](const Subject&, Arena& arena) { return arena.copy("own"); };
    const Mapper with_function(mapping);
    CHECK(with_function(s.one(), s.arena).priority == "own");
}
