#include "alertmap/collisions.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "support/files.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("collisions: with the alertname as ID, both alerts are reported") {
    Sample s;
    s.firing({{"alertname", "InstanceDown"}, {"instance", "n1"}});
    s.firing({{"alertname", "Disk"}, {"instance", "n1"}});
    s.firing({{"alertname", "InstanceDown"}, {"instance", "n2"}});
    s.resolved({{"alertname", "InstanceDown"}, {"instance", "n3"}});
    const std::vector<Collision> found = collisions(s.group, Mapper(preset::rootly()));
    REQUIRE(found.size() == 2);
    CHECK(found[0].external_id == "InstanceDown");
    CHECK(found[0].first == &s.group.alerts[0]);
    CHECK(found[0].other == &s.group.alerts[2]);
    CHECK(found[1].first == &s.group.alerts[0]);
    CHECK(found[1].other == &s.group.alerts[3]);
    CHECK(collisions(s.group, Mapper(preset::recommended())).empty());
    CHECK(collisions(s.group, Mapper(preset::signl4())).empty());
}

TEST_CASE("collisions: a repeated alert is not a collision") {
    Sample s;
    s.firing({{"alertname", "A"}, {"instance", "n1"}});
    s.firing({{"instance", "n1"}, {"alertname", "A"}});
    CHECK(collisions(s.group, Mapper(preset::rootly())).empty());
    Sample empty;
    CHECK(collisions(empty.group, Mapper(preset::rootly())).empty());
}

TEST_CASE("collisions: in body order") {
    Sample s;
    for (int i = 0; i < 3; ++i) {
        s.firing({{"alertname", "B"}, {"i", i == 0 ? "0" : i == 1 ? "1" : "2"}});
        s.firing({{"alertname", "A"}, {"i", i == 0 ? "0" : i == 1 ? "1" : "2"}});
    }
    const std::vector<Collision> found = collisions(s.group, Mapper(preset::rootly()));
    REQUIRE(found.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(found[i].external_id == (i % 2 == 0 ? "B" : "A"));
        CHECK(found[i].first == &s.group.alerts[i % 2]);
        CHECK(found[i].other == &s.group.alerts[i + 2]);
    }
}

TEST_CASE("collisions: a captured body with 1,000 alerts") {
    const std::string body = test::webhook("alertmanager-0.25-huge-1000.02");
    Parser parser;
    const AlertGroup group = *parser.parse(body);
    REQUIRE(group.alerts.size() == 1'000);
    CHECK(collisions(group, Mapper(preset::rootly())).size() == 999);
    CHECK(collisions(group, Mapper(preset::recommended())).empty());
}
