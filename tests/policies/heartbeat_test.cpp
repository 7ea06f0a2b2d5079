#include "alertmap/policies/heartbeat.hpp"

#include <doctest/doctest.h>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("heartbeat: default alertnames") {
    Sample s;
    s.firing({{"alertname", "Watchdog"}});
    s.firing({{"alertname", "heartbeat"}});
    s.firing({{"alertname", "Heartbeat"}});
    s.firing({{"alertname", "HeartbeatMissing"}});
    s.firing({});
    const HeartbeatPolicy heartbeat;
    CHECK(heartbeat(s.one(0), s.arena));
    CHECK(heartbeat(s.one(1), s.arena));
    CHECK_FALSE(heartbeat(s.one(2), s.arena));
    CHECK_FALSE(heartbeat(s.one(3), s.arena));
    CHECK_FALSE(heartbeat(s.one(4), s.arena));
}

TEST_CASE("heartbeat: a group only if all its alerts are") {
    Sample s;
    s.firing({{"alertname", "Watchdog"}});
    s.firing({{"alertname", "Disk"}});
    const HeartbeatPolicy heartbeat;
    CHECK_FALSE(heartbeat(s.whole(), s.arena));
    s.group.common_labels = s.set({{"alertname", "Watchdog"}});
    CHECK(heartbeat(s.whole(), s.arena));
}

TEST_CASE("heartbeat: by label") {
    Sample s;
    s.firing({{"alertname", "Watchdog"}, {"kind", "deadman"}});
    s.firing({{"kind", "other"}, {"empty", ""}});
    HeartbeatPolicy heartbeat;
    heartbeat.alertnames.clear();
    CHECK_FALSE(heartbeat(s.one(0), s.arena));
    heartbeat.labels = {{"x", ""}, {"kind", "deadman"}};
    CHECK(heartbeat(s.one(0), s.arena));
    CHECK_FALSE(heartbeat(s.one(1), s.arena));
    heartbeat.labels = {{"empty", ""}};
    CHECK_FALSE(heartbeat(s.one(0), s.arena));
    CHECK(heartbeat(s.one(1), s.arena));
}

TEST_CASE("heartbeat: an empty alertname in the list does not match a missing one") {
    Sample s;
    s.firing({});
    HeartbeatPolicy heartbeat;
    heartbeat.alertnames = {""};
    CHECK_FALSE(heartbeat(s.one(), s.arena));
}

TEST_CASE("heartbeat: user function") {
    Sample s;
    s.firing({});
    HeartbeatPolicy heartbeat;
    heartbeat.function = [](const Subject&, Arena&) { return true; };
    CHECK(heartbeat(s.one(), s.arena));
}
