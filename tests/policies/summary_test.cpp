#include "alertmap/policies/summary.hpp"

#include <doctest/doctest.h>

#include <string>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("summary: the first non-blank source") {
    Sample s;
    s.firing({{"alertname", "Disk"}}, {{"summary", ""}});
    const SummaryPolicy summary;
    CHECK(summary(s.one(), s.arena) == "Disk");
    s.alert(0).annotations = s.set({{"summary", "97 % full"}});
    CHECK(summary(s.one(), s.arena) == "97 % full");
    CHECK(summary(s.one(), s.arena).data() == s.alert(0).annotations[0].value.data());
}

TEST_CASE("summary: one line") {
    Sample s;
    const SummaryPolicy summary;
    s.firing({}, {{"summary", "\n first \r\n\t second\n\nthird \n"}});
    CHECK(summary(s.one(), s.arena) == "first second third");
    s.alert(0).annotations = s.set({{"summary", "  spaces  inside  stay "}});
    CHECK(summary(s.one(), s.arena) == "spaces  inside  stay");
}

TEST_CASE("summary: never empty") {
    Sample s;
    const SummaryPolicy summary{{}};
    CHECK(summary(s.whole(), s.arena) == "[FIRING:0]");
    s.firing({});
    CHECK(summary(s.one(), s.arena) == "[FIRING:1]");
    s.resolved({{"job", "node"}, {"instance", "n1"}});
    CHECK(summary(s.one(1), s.arena) == "[RESOLVED] (n1 node)");
    CHECK(SummaryPolicy{}(s.one(), s.arena) == "[FIRING:1]");
}

TEST_CASE("summary: user function") {
    Sample s;
    s.firing({{"alertname", "Disk"}});
    SummaryPolicy summary;
    summary.from = {FieldSource([](const Subject& subject, Arena& arena) {
        return arena.concat({subject.labels().get("alertname"), "!"});
    })};
    CHECK(summary(s.one(), s.arena) == "Disk!");
}

TEST_CASE("description: of an alert, or of a group with one alert") {
    Sample s;
    s.firing({{"alertname", "Disk"}}, {{"description", "line 1\nline 2"}});
    s.group.common_annotations = s.set({{"message", "shared"}});
    const DescriptionPolicy description;
    CHECK(description(s.one(), s.arena) == "line 1\nline 2");
    CHECK(description(s.whole(), s.arena) == "shared");
    s.group.common_annotations = {};
    CHECK(description(s.whole(), s.arena).empty());
}

TEST_CASE("description: of a group: lists its firing alerts") {
    Sample s;
    s.firing({{"alertname", "Disk"}, {"instance", "n1:9100"}}, {{"summary", "Disk almost full\non n1"}});
    s.resolved({{"alertname", "Disk"}, {"instance", "n2:9100"}}, {{"summary", "Disk almost full on n2"}});
    s.firing({{"alertname", "Disk"}}, {{"summary", "Disk almost full on n3"}});
    s.firing({{"alertname", "Disk"}, {"instance", "n4"}});
    const DescriptionPolicy description;
    CHECK(description(s.whole(), s.arena) == "n1:9100: Disk almost full on n1\nDisk almost full on n3\nn4: Disk");
}

TEST_CASE("description: of a group without firing alerts: lists all") {
    Sample s;
    s.resolved({{"alertname", "Disk"}, {"instance", "n1"}}, {{"summary", "one"}});
    s.resolved({{"alertname", "Disk"}, {"instance", "n2"}}, {{"summary", "two"}});
    CHECK(DescriptionPolicy{}(s.whole(), s.arena) == "n1: one\nn2: two");
}

TEST_CASE("description: omitted alerts are counted") {
    Sample s;
    for (int i = 0; i < 5; ++i) s.firing({{"instance", "n"}}, {{"summary", "s"}});
    DescriptionPolicy description;
    description.max_lines = 2;
    CHECK(description(s.whole(), s.arena) == "n: s\nn: s\nand 3 more");
    s.group.truncated_alerts = 10;
    CHECK(description(s.whole(), s.arena) == "n: s\nn: s\nand 13 more");
    description.max_lines = 5;
    CHECK(description(s.whole(), s.arena) == "n: s\nn: s\nn: s\nn: s\nn: s\nand 10 more");
    description.max_lines = 0;
    CHECK(description(s.whole(), s.arena).empty());
}

TEST_CASE("description: of a group with one listed alert, the others truncated") {
    Sample s;
    s.firing({{"instance", "n1"}}, {{"summary", "full"}});
    s.group.common_annotations = s.set({{"description", "shared"}});
    CHECK(DescriptionPolicy{}(s.whole(), s.arena) == "shared");
    s.group.truncated_alerts = 3;
    CHECK(DescriptionPolicy{}(s.whole(), s.arena) == "n1: full\nand 3 more");
}

TEST_CASE("description: no list without sources for lines") {
    Sample s;
    s.firing({}, {{"description", "own"}});
    s.firing({}, {{"description", "own"}});
    s.group.common_annotations = s.set({{"description", "shared"}});
    DescriptionPolicy description;
    description.lines.clear();
    CHECK(description(s.whole(), s.arena) == "shared");
}
