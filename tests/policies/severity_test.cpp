#include "alertmap/policies/severity.hpp"

#include <doctest/doctest.h>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("severity: common words") {
    CHECK(severity_of_word("critical") == Severity::critical);
    CHECK(severity_of_word("page") == Severity::critical);
    CHECK(severity_of_word("P1") == Severity::critical);
    CHECK(severity_of_word("error") == Severity::error);
    CHECK(severity_of_word("Major") == Severity::error);
    CHECK(severity_of_word("WARNING") == Severity::warning);
    CHECK(severity_of_word("warn") == Severity::warning);
    CHECK(severity_of_word(" info ") == Severity::info);
    CHECK(severity_of_word("none") == Severity::info);
    CHECK_FALSE(severity_of_word("frobnicate"));
    CHECK_FALSE(severity_of_word("criticall"));
    CHECK_FALSE(severity_of_word(""));
}

TEST_CASE("severity: the words in the table are unique and in lower case") {
    for (const detail::KnownSeverity& known : detail::known_severities) {
        CAPTURE(known.word);
        CHECK(severity_of_word(known.word) == known.severity);
        for (char c : known.word) CHECK(detail::lower(c) == c);
        int times = 0;
        for (const detail::KnownSeverity& other : detail::known_severities) times += other.word == known.word ? 1 : 0;
        CHECK(times == 1);
    }
}

TEST_CASE("severity: of an alert, with the sender's word") {
    Sample s;
    s.firing({{"severity", "Warning"}}, {{"severity", "critical"}});
    s.firing({}, {{"severity", "critical"}});
    s.firing({{"severity", "frobnicate"}});
    s.firing({});
    const SeverityPolicy severity;
    CHECK(severity(s.one(0), s.arena) == SeverityFound{Severity::warning, "Warning"});
    CHECK(severity(s.one(1), s.arena) == SeverityFound{Severity::critical, "critical"});
    CHECK(severity(s.one(2), s.arena) == SeverityFound{Severity::error, "frobnicate"});
    CHECK(severity(s.one(3), s.arena) == SeverityFound{Severity::error, ""});
}

TEST_CASE("severity: the user's words have precedence") {
    Sample s;
    s.firing({{"severity", "Frobnicate"}});
    s.firing({{"severity", "warning"}});
    SeverityPolicy severity;
    severity.words = {{"FROBNICATE", Severity::critical}, {"warning", Severity::info}};
    severity.fallback = Severity::warning;
    CHECK(severity(s.one(0), s.arena) == SeverityFound{Severity::critical, "Frobnicate"});
    CHECK(severity(s.one(1), s.arena) == SeverityFound{Severity::info, "warning"});
    s.alert(0).labels = {};
    CHECK(severity(s.one(0), s.arena) == SeverityFound{Severity::warning, ""});
}

TEST_CASE("severity: of a group: the shared one") {
    Sample s;
    s.firing({{"severity", "critical"}});
    s.group.common_labels = s.set({{"severity", "warning"}});
    CHECK(SeverityPolicy{}(s.whole(), s.arena) == SeverityFound{Severity::warning, "warning"});
}

TEST_CASE("severity: of a group with different ones: the highest of the firing alerts") {
    Sample s;
    s.firing({{"severity", "info"}});
    s.firing({{"severity", "Page"}});
    s.firing({{"severity", "warning"}});
    s.resolved({{"severity", "critical"}});
    const SeverityPolicy severity;
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::critical, "Page"});
    s.alert(1).status = Status::resolved;
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::warning, "warning"});
    for (std::size_t i = 0; i < 4; ++i) s.alert(i).status = Status::resolved;
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::critical, "Page"});
}

TEST_CASE("severity: a later source does not hide the alerts' severities") {
    Sample s;
    s.firing({{"severity", "critical"}});
    s.firing({{"severity", "warning"}});
    SeverityPolicy severity;
    severity.from = {label("severity"), literal("info")};
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::critical, "critical"});
}

TEST_CASE("severity: of a group without alerts, or without sources") {
    Sample s;
    SeverityPolicy severity;
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::error, ""});
    s.group.common_annotations = s.set({{"severity", "info"}});
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::info, "info"});
    severity.from.clear();
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::error, ""});
    s.firing({{"severity", "info"}});
    CHECK(severity(s.whole(), s.arena) == SeverityFound{Severity::error, ""});
}

TEST_CASE("severity: user function") {
    Sample s;
    s.firing({});
    SeverityPolicy severity;
    severity.function = [](const Subject&, Arena&) { return SeverityFound{Severity::info, "mine"}; };
    CHECK(severity(s.one(), s.arena) == SeverityFound{Severity::info, "mine"});
}
