#include "alertmap/ledger.hpp"

#include <doctest/doctest.h>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../src/member_count.hpp"
#include "support/json.hpp"
#include "support/ledger_world.hpp"

using namespace alertmap;
using test::LedgerWorld;

TEST_CASE("fire, repeat, resolve, fire again") {
    LedgerWorld world;
    CHECK(world.fire("a", 10) == Observed::news);
    CHECK(world.due() == "open id-a");
    CHECK(world.fire("a", 10) == Observed::repeat);
    CHECK(world.due() == "");
    CHECK(world.resolve("a", 10, 20) == Observed::news);
    CHECK(world.due() == "close id-a");
    CHECK(world.closed_at == "20");
    CHECK(world.resolve("a", 10, 20) == Observed::not_open);
    CHECK(world.due() == "");
    CHECK(world.fire("a", 30) == Observed::news);
    CHECK(world.due() == "open id-a");
}

TEST_CASE("rule 1: an incident of several alerts closes when its last alert ends") {
    LedgerWorld world;
    world.external_id = "DiskFull";
    world.fire("a", 10);
    CHECK(world.due() == "open DiskFull");
    SUBCASE("the second one is an update if the vendor merges") {
        world.fire("b", 11);
        CHECK(world.due() == "update DiskFull");
    }
    world.fire("b", 11);
    world.due();
    CHECK(world.resolve("a", 10, 20) == Observed::news);
    CHECK(world.due() == "");
    CHECK(world.vendor("DiskFull") == "open");
    world.resolve("b", 11, 25);
    CHECK(world.due() == "close DiskFull");
    CHECK(world.closed_at == "25");
}

TEST_CASE("rule 1: a second alert or a repeat is not sent if the vendor would page again") {
    for (const Repeat repeat : {Repeat::pages_again, Repeat::unknown}) {
        LedgerOptions options = LedgerWorld::merging();
        options.traits.repeat = repeat;
        SUBCASE("by default") {
            LedgerWorld world(options);
            world.external_id = "DiskFull";
            world.fire("a", 10);
            world.due();
            world.fire("b", 11);
            CHECK(world.due() == "");
            world.wait(hours(2));
            world.fire("a", 10);
            CHECK(world.due() == "");
        }
        SUBCASE("sent with repeat_where_it_pages") {
            options.repeat_where_it_pages = true;
            LedgerWorld world(options);
            world.external_id = "DiskFull";
            world.fire("a", 10);
            world.due();
            world.fire("b", 11);
            CHECK(world.due() == "update DiskFull");
            world.wait(hours(2));
            world.fire("a", 10);
            CHECK(world.due() == "update DiskFull");
        }
    }
}

TEST_CASE("rule 1: a higher severity or another paging target is an update") {
    LedgerWorld world;
    world.severity = Severity::warning;
    world.fire("a", 10);
    world.due();
    world.severity = Severity::critical;
    CHECK(world.fire("a", 10) == Observed::news);
    CHECK(world.due() == "update id-a");
    CHECK(world.last_severity == Severity::critical);
    CHECK(world.fire("a", 10) == Observed::repeat);
    CHECK(world.due() == "");
}

TEST_CASE("rule 1: the highest severity of several alerts is reported") {
    LedgerWorld world;
    world.external_id = "DiskFull";
    world.severity = Severity::critical;
    world.fire("a", 10);
    world.due();
    world.severity = Severity::info;
    world.fire("b", 11);
    CHECK(world.due() == "update DiskFull");
    CHECK(world.last_severity == Severity::critical);
}

TEST_CASE("rule 1: a repeat is forwarded once per reassert interval; duplicates of a pair or of two routes are merged") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.wait(hours(1));
    CHECK(world.fire("a", 10) == Observed::repeat);
    CHECK(world.fire("a", 10) == Observed::repeat);
    CHECK(world.due() == "update id-a");
    CHECK(world.fire("a", 10) == Observed::repeat);
    CHECK(world.due() == "");
}

TEST_CASE("rule 1: an expiring target is refreshed in time") {
    LedgerOptions options = LedgerWorld::merging();
    options.traits.expires_after = 300;
    LedgerWorld world(options);
    world.fire("a", 10);
    world.due();
    CHECK(world.ledger.next() == world.now + seconds(225));
    world.wait(seconds(224));
    CHECK(world.due() == "");
    world.wait(seconds(1));
    CHECK(world.due() == "update id-a");
    CHECK(world.ledger.next() == world.now + seconds(225));
}

TEST_CASE("rule 2: a late resolve of an earlier episode does not close the current one") {
    // The captured bodies lifecycle 01, 02, 03, then 02 again.
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 22);
    world.due();
    world.fire("a", 30);
    CHECK(world.due() == "open id-a");
    CHECK(world.resolve("a", 10, 22) == Observed::stale);
    CHECK(world.due() == "");
    CHECK(world.ledger.stats().stale == 1);
    CHECK(world.resolve("a", 30, 30) == Observed::news);  // not strictly before
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 2: a start in the future is replaced with the receipt, once") {
    LedgerWorld world;
    const std::int64_t receipt = world.now / seconds(1);
    world.fire("a", receipt + 3600);
    world.due();
    world.wait(seconds(60));
    CHECK(world.fire("a", receipt + 3660) == Observed::repeat);  // moves with each message of such a sender
    CHECK(world.resolve("a", receipt + 3660, receipt + 30) == Observed::news);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 2: a start up to five minutes ahead is a fast clock") {
    LedgerWorld world;
    const std::int64_t receipt = world.now / seconds(1);
    world.fire("a", receipt + 299);
    world.due();
    CHECK(world.resolve("a", receipt + 299, receipt + 100) == Observed::stale);
    CHECK(world.resolve("a", receipt + 299, receipt + 310) == Observed::news);
}

TEST_CASE("rule 2: the latest start is used, as restarts change it") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    CHECK(world.fire("a", 14) == Observed::repeat);  // the other replica
    CHECK(world.fire("a", 10) == Observed::repeat);
    CHECK(world.resolve("a", 10, 12) == Observed::stale);
    CHECK(world.resolve("a", 10, 20) == Observed::news);
}

TEST_CASE("rule 2: a resolve without an end ended at receipt, even if the relay's clock is slow") {
    LedgerWorld world;
    const std::int64_t receipt = world.now / seconds(1);
    world.fire("a", receipt + 200);
    world.due();
    CHECK(world.resolve("a", receipt + 200, 0) == Observed::news);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 3: a trigger of a closed episode is held, and opened after the settling time") {
    LedgerWorld world;
    world.fire("a", 10);
    world.resolve("a", 10, 20);
    world.fire("b", 10);
    world.due();
    world.resolve("b", 10, 20);
    world.due();
    CHECK(world.fire("b", 10) == Observed::held);
    CHECK(world.due() == "");
    world.wait(minutes(5) + seconds(29));
    CHECK(world.due() == "");
    CHECK(world.fire("b", 10) == Observed::held);  // repeats do not prolong it
    world.wait(seconds(1));
    CHECK(world.due() == "open id-b");
}

TEST_CASE("rule 3: an incident of several alerts is not closed while one may have resumed with its old start") {
    LedgerWorld world(LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}));
    world.external_id = "DiskFull";
    world.fire("a", 10);
    world.fire("b", 11);
    world.due();
    world.resolve("b", 11, 20);  // timed out: its Prometheus could not reach Alertmanager
    CHECK(world.due() == "");
    world.resolve("a", 10, 30);
    CHECK(world.fire("b", 11) == Observed::held);
    CHECK(world.due() == "");
    SUBCASE("it resumed: the incident stays open") {
        world.wait(seconds(10));
        world.list("am-1", {{"b", 11}});
        CHECK(world.due() == "update DiskFull");
        CHECK(world.vendor("DiskFull") == "open");
    }
    SUBCASE("it did not: the incident closes") {
        world.wait(seconds(10));
        world.list("am-1", {});
        CHECK(world.due() == "close DiskFull");
    }
}

TEST_CASE("rule 3: a resolve cancels a held trigger") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    world.due();
    CHECK(world.fire("a", 10) == Observed::held);
    CHECK(world.resolve("a", 10, 20) == Observed::news);
    world.wait(minutes(10));
    CHECK(world.due() == "");
}

TEST_CASE("rule 3: a trigger of an unknown alert after its resolve") {
    LedgerWorld world(LedgerWorld::opening());
    CHECK(world.resolve("a", 10, 20) == Observed::not_open);
    CHECK(world.fire("a", 10) == Observed::held);
    CHECK(world.due() == "");
    world.wait(minutes(6));
    CHECK(world.due() == "open id-a");
}

TEST_CASE("rule 3: after a human's close a repeat pages again, at once or after the reassert interval") {
    for (const bool at_once : {false, true}) {
        CAPTURE(at_once);
        LedgerOptions options = LedgerWorld::merging();
        options.page_at_once_after_human_close = at_once;
        LedgerWorld world(options);
        world.fire("a", 10);
        world.due();
        world.ledger.vendor_said("id-a", VendorState::closed, world.now);
        CHECK(world.vendor("id-a") == "closed_by_human");
        CHECK(world.due() == "");
        world.wait(minutes(5));
        world.fire("a", 10);
        CHECK(world.due() == (at_once ? "open id-a" : ""));
        world.wait(hours(1));
        CHECK(world.due() == "");
        world.fire("a", 10);
        CHECK(world.due() == (at_once ? "update id-a" : "open id-a"));
        world.resolve("a", 10, 20);
        CHECK(world.due() == "close id-a");
    }
}

TEST_CASE("rule 3: after a human's close a later start pages at once, even if no end was sent") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.ledger.vendor_said("id-a", VendorState::closed, world.now);
    world.fire("a", 10);
    CHECK(world.due() == "");
    CHECK(world.fire("a", 5000) == Observed::news);
    CHECK(world.due() == "open id-a");
    CHECK(world.fire("a", 5000) == Observed::repeat);
    CHECK(world.due() == "");
}

TEST_CASE("rule 3: after a human's close another alert pages at once") {
    LedgerWorld world;
    world.external_id = "DiskFull";
    world.fire("a", 10);
    world.due();
    world.ledger.vendor_said("DiskFull", VendorState::closed, world.now);
    world.fire("b", 11);
    CHECK(world.due() == "open DiskFull");
}

TEST_CASE("callbacks: never end a firing alert, and close nothing twice") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.ledger.vendor_said("id-a", VendorState::closed, world.now);
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");  // already closed
    world.fire("a", 30);
    CHECK(world.due() == "open id-a");
    world.ledger.vendor_said("id-unknown", VendorState::closed, world.now);
    world.ledger.vendor_said("id-a", VendorState::acknowledged, world.now);
    CHECK(world.vendor("id-a") == "acknowledged");
    world.resolve("a", 30, 40);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 4: a resolve without an open incident is not sent if it would open an alert") {
    LedgerWorld world(LedgerWorld::opening());
    CHECK(world.resolve("a", 10, 20) == Observed::not_open);
    CHECK(world.due() == "");
    world.fire("b", 10);
    world.due();
    world.resolve("b", 10, 20);
    CHECK(world.due() == "close id-b");
    for (int i = 0; i < 12; ++i) CHECK(world.resolve("b", 10, 20) == Observed::not_open);
    CHECK(world.due() == "");
}

TEST_CASE("rule 4: after state loss a harmless resolve is sent once") {
    LedgerWorld world;
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");
}

TEST_CASE("rule 4: after state loss, import restores open incidents") {
    LedgerWorld world(LedgerWorld::opening());
    const VendorIncident open[] = {{"id-a", "v-1", VendorState::acknowledged}, {"id-b", "v-2"}};
    world.ledger.import(open, world.now);
    CHECK(world.due() == "");
    CHECK(world.fire("b", 10) == Observed::news);
    CHECK(world.due() == "");  // already open
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a as v-1");
    world.resolve("b", 10, 20);
    CHECK(world.due() == "close id-b as v-2");
}

TEST_CASE("rule 5: one request in flight per incident; a newer state replaces an unsent one") {
    LedgerWorld world;
    world.answers = false;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");
    world.fire("b", 10);
    CHECK(world.due() == "open id-b");  // order holds within an incident only
    world.answer(Outcome::accepted);
    CHECK(world.due() == "close id-a");

    LedgerWorld unsent;
    unsent.fire("a", 10);
    unsent.resolve("a", 10, 20);
    CHECK(unsent.due() == "");
    unsent.fire("a", 30);
    CHECK(unsent.due() == "open id-a");
}

TEST_CASE("rule 5: an end and a new episode of one alert are both sent") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.ledger.vendor_said("id-a", VendorState::acknowledged, world.now);
    SUBCASE("neither was sent") {
        world.resolve("a", 10, 20);
        world.fire("a", 30);
        CHECK(world.due() == "close id-a, open id-a");
    }
    SUBCASE("the vendor is down in between") {
        world.outcome = Outcome::retry;
        world.resolve("a", 10, 20);
        CHECK(world.due() == "close id-a");
        world.fire("a", 30);
        CHECK(world.due() == "");
        world.outcome = Outcome::accepted;
        world.wait(seconds(1));
        CHECK(world.due() == "close id-a, open id-a");
    }
    SUBCASE("the close is in flight") {
        world.answers = false;
        world.resolve("a", 10, 20);
        CHECK(world.due() == "close id-a");
        world.fire("a", 30);
        world.answer(Outcome::accepted);
        CHECK(world.due() == "open id-a");
    }
    CHECK(world.resolve("a", 10, 20) == Observed::stale);
}

TEST_CASE("rule 6: a trigger without an answer is retried") {
    LedgerWorld world;
    world.outcome = Outcome::unknown;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    CHECK(world.vendor("id-a") == "maybe_open");
    CHECK(world.due() == "");
    world.wait(seconds(1));
    CHECK(world.due() == "open id-a");
    world.outcome = Outcome::accepted;
    world.wait(seconds(2));
    CHECK(world.due() == "open id-a");
    CHECK(world.vendor("id-a") == "open");
}

TEST_CASE("rule 6: a resolve without an answer is retried if unknown resolves are ignored") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.outcome = Outcome::unknown;
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
    world.outcome = Outcome::accepted;
    world.wait(seconds(1));
    CHECK(world.due() == "close id-a");
    CHECK(world.vendor("id-a") == "closed");
}

TEST_CASE("rule 6: if repeats page, a close without an answer is repeated before a new episode opens") {
    for (const Repeat repeat : {Repeat::merges, Repeat::pages_again}) {
        for (const bool can_look_up : {false, true}) {
            CAPTURE(repeat == Repeat::merges);
            CAPTURE(can_look_up);
            LedgerOptions options = LedgerWorld::merging();
            options.traits.repeat = repeat;
            options.can_look_up = can_look_up;
            LedgerWorld world(options);
            world.external_id = "DiskFull";
            world.fire("a", 10);
            world.due();
            world.outcome = Outcome::unknown;
            world.resolve("a", 10, 20);
            CHECK(world.due() == "close DiskFull");
            world.fire("a", 30);
            world.outcome = Outcome::accepted;
            world.wait(seconds(1));
            if (repeat == Repeat::merges) {
                CHECK(world.due() == "open DiskFull");
            } else if (can_look_up) {
                CHECK(world.due() == "look_up DiskFull");
            } else {
                CHECK(world.due() == "close DiskFull, open DiskFull");
            }
        }
    }
}

TEST_CASE("rule 6: otherwise the vendor is asked, or it is reported") {
    for (const bool can_look_up : {true, false}) {
        CAPTURE(can_look_up);
        LedgerOptions options = LedgerWorld::opening();
        options.can_look_up = can_look_up;
        LedgerWorld world(options);
        world.fire("a", 10);
        world.due();
        world.answers = false;
        world.resolve("a", 10, 20);
        CHECK(world.due() == "close id-a");
        world.answer(Outcome::unknown);
        world.wait(seconds(1));
        CHECK(world.due() == (can_look_up ? "look_up id-a" : ""));
        CHECK(world.reports() == (can_look_up ? "" : "maybe_open id-a"));
        if (!can_look_up) continue;
        world.ledger.vendor_said("id-a", VendorState::open, world.now);
        CHECK(world.due() == "close id-a");
    }
}

TEST_CASE("rule 6: if a close could open, a trigger whose answer was lost is confirmed before the close") {
    LedgerWorld world(LedgerWorld::opening());
    world.outcome = Outcome::unknown;
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    world.outcome = Outcome::accepted;
    world.wait(seconds(1));
    CHECK(world.due() == "open id-a, close id-a");
}

TEST_CASE("rule 6: a timeout is an unknown outcome, and a late answer has no effect") {
    LedgerWorld world;
    world.answers = false;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    CHECK(world.ledger.next() == world.now + minutes(5));
    world.wait(minutes(5));
    CHECK(world.due() == "");
    CHECK(world.vendor("id-a") == "maybe_open");
    world.wait(seconds(1));
    CHECK(world.due() == "open id-a");
    world.answer(Outcome::rejected);  // of the first request
    CHECK(world.reports() == "");
    world.answer(Outcome::accepted);
    CHECK(world.vendor("id-a") == "open");
}

TEST_CASE("rule 6: a rejected event is a reported dead letter, retried with news or after the reassert interval") {
    LedgerWorld world;
    world.outcome = Outcome::rejected;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    CHECK(world.reports() == "dead_letter id-a");
    world.wait(minutes(10));
    world.fire("a", 10);
    CHECK(world.due() == "");
    world.wait(hours(1));
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    CHECK(world.reports() == "dead_letter id-a");
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");
    world.outcome = Outcome::accepted;
    world.fire("a", 30);
    CHECK(world.due() == "open id-a");
}

TEST_CASE("rule 6: a rejected close is retried each reassert interval while its end is remembered") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.outcome = Outcome::rejected;
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
    CHECK(world.reports() == "dead_letter id-a");
    CHECK(world.vendor("id-a") == "open");  // unchanged
    CHECK(world.ledger.next() == world.now + hours(1));
    world.wait(minutes(59));
    CHECK(world.due() == "");
    SUBCASE("until the vendor accepts it") {
        world.outcome = Outcome::accepted;
        world.wait(minutes(1));
        CHECK(world.due() == "close id-a");
        CHECK(world.vendor("id-a") == "closed");
        world.wait(hours(24));
        CHECK(world.due() == "");
    }
    SUBCASE("or the end is dropped, which is reported") {
        std::string reports;
        for (int hour = 0; hour < 24; ++hour) {
            world.wait(hours(1));
            world.due();
            reports += world.reports() + ";";
        }
        CHECK(reports.substr(0, 66) == "dead_letter id-a;dead_letter id-a;dead_letter id-a;maybe_open id-a");
        CHECK(world.vendor("id-a") == "");
    }
    SUBCASE("also after a restart") {
        Buffer state;
        world.ledger.write(state);
        LedgerWorld again;
        again.now = world.now;
        REQUIRE(again.ledger.read(state, again.now));
        CHECK(again.due() == "");
        again.wait(minutes(1));
        CHECK(again.due() == "close id-a");
    }
    SUBCASE("or a human closed it") {
        world.ledger.vendor_said("id-a", VendorState::closed, world.now);
        world.wait(hours(2));
        CHECK(world.due() == "");
    }
}

TEST_CASE("rule 6: a rejected close, and a listing ends the alert") {
    LedgerWorld world(LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}));
    world.fire("a", 10);
    world.due();
    world.outcome = Outcome::rejected;
    for (int minute = 0; minute < 10; ++minute) {
        world.wait(minutes(1));
        world.list("am-1", {});
        world.due();
    }
    CHECK(world.reports() == "closed_by_listing id-a, dead_letter id-a");
    CHECK(world.vendor("id-a") == "open");
    world.outcome = Outcome::accepted;
    world.wait(hours(1));
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 6: a new episode pages although the previous close was rejected") {
    for (const Repeat repeat : {Repeat::merges, Repeat::pages_again, Repeat::unknown}) {
        for (const char* id : {"id-a", "DiskFull"}) {  // of one alert, and of several
            CAPTURE(id);
            LedgerOptions options = LedgerWorld::merging();
            options.traits.repeat = repeat;
            const bool coarse = std::string_view(id) == "DiskFull";
            {
                LedgerWorld world(options);
                world.external_id = id;
                world.answers = false;
                world.fire("a", 10);
                world.due();
                world.answer(Outcome::accepted);
                world.resolve("a", 10, 20);
                CHECK(world.due() == std::string("close ") + id);
                world.answer(Outcome::rejected);
                world.fire("a", 30);  // after the answer
                if (!coarse) {
                    CHECK(world.due() == std::string("close ") + id);
                    world.answer(Outcome::rejected);
                }
                CHECK(world.due() == std::string("update ") + id);
                world.answer(Outcome::accepted);
                CHECK(world.due() == "");
                world.resolve("a", 30, 40);
                CHECK(world.due() == std::string("close ") + id);
            }
            {
                LedgerWorld world(options);
                world.external_id = id;
                world.answers = false;
                world.fire("a", 10);
                world.due();
                world.answer(Outcome::accepted);
                world.resolve("a", 10, 20);
                world.due();
                world.fire("a", 30);  // before it
                world.answer(Outcome::rejected);
                CHECK(world.due() == std::string("update ") + id);
                world.answer(Outcome::rejected);
                CHECK(world.due() == "");
                world.wait(hours(1));
                world.fire("a", 30);
                CHECK(world.due() == std::string("update ") + id);
            }
        }
    }
}

TEST_CASE("rule 6: the rejection of a trigger does not affect a newer one that is waiting") {
    LedgerWorld world;
    world.answers = false;
    world.severity = Severity::warning;
    world.fire("a", 10);
    world.due();
    SUBCASE("a higher severity") {
        world.severity = Severity::critical;
        world.fire("a", 10);
    }
    SUBCASE("the next episode") {
        world.resolve("a", 10, 20);
        world.fire("a", 30);
    }
    world.answer(Outcome::rejected);
    CHECK(world.reports() == "dead_letter id-a");
    CHECK(world.due() == "open id-a");
    world.answer(Outcome::rejected);
    CHECK(world.due() == "");
}

TEST_CASE("rule 6: after a rejected update the incident stays open, and its close is sent") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.outcome = Outcome::rejected;
    world.severity = Severity::warning;
    world.fire("a", 10);
    CHECK(world.due() == "update id-a");
    CHECK(world.reports() == "dead_letter id-a");
    CHECK(world.due() == "");
    world.outcome = Outcome::accepted;
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 6: a rejected acknowledge is reported, and not repeated with each message") {
    LedgerWorld world;
    world.answers = false;
    world.say("a", Transition::acknowledge, 10, 0);
    CHECK(world.due() == "open id-a");
    world.answer(Outcome::accepted);
    CHECK(world.due() == "acknowledge id-a");
    world.answer(Outcome::rejected);
    CHECK(world.reports() == "dead_letter id-a");
    CHECK(world.ledger.stats().dead_letters == 1);
    world.say("a", Transition::acknowledge, 10, 0);
    CHECK(world.due() == "");
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
    world.answer(Outcome::accepted);
    world.say("a", Transition::acknowledge, 30, 0);
    CHECK(world.due() == "open id-a");
    world.answer(Outcome::accepted);
    CHECK(world.due() == "acknowledge id-a");
}

TEST_CASE("rule 6: a rejected look-up is not repeated: the alert pages twice rather than never") {
    LedgerOptions options = LedgerWorld::merging();
    options.traits.repeat = Repeat::pages_again;
    options.can_look_up = true;
    LedgerWorld world(options);
    world.answers = false;
    world.fire("a", 10);
    world.due();
    world.answer(Outcome::unknown);
    world.wait(seconds(2));
    CHECK(world.due() == "look_up id-a");
    world.answer(Outcome::rejected);
    CHECK(world.reports() == "maybe_open id-a");
    CHECK(world.due() == "open id-a");
    world.answer(Outcome::accepted);
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 6: failures of the target are retried indefinitely, with growing pauses") {
    LedgerWorld world;
    world.outcome = Outcome::retry;
    world.fire("a", 10);
    Duration last = 0;
    for (int i = 0; i < 30; ++i) {
        CAPTURE(i);
        CHECK(world.due() == "open id-a");
        const Duration pause = world.ledger.next() - world.now;
        CHECK(pause > last / 2);
        CHECK(pause <= minutes(5));
        last = pause;
        world.wait(pause);
    }
    CHECK(last > minutes(3));
    world.outcome = Outcome::accepted;
    CHECK(world.due() == "open id-a");
    CHECK(world.reports() == "");
}

TEST_CASE("rule 6: Retry-After is honoured") {
    LedgerWorld world;
    world.answers = false;
    world.fire("a", 10);
    world.due();
    world.ledger.answered(world.tickets.front(), {Outcome::retry, {}, seconds(77)}, world.now);
    CHECK(world.ledger.next() == world.now);  // checks once more, then waits
    CHECK(world.due() == "");
    CHECK(world.ledger.next() == world.now + seconds(77));
}

TEST_CASE("outcome_of: HTTP statuses") {
    CHECK(outcome_of(200) == Outcome::accepted);
    CHECK(outcome_of(202) == Outcome::accepted);
    for (const int status : {400, 413, 422}) CHECK(outcome_of(status) == Outcome::rejected);
    for (const int status : {0, 301, 401, 403, 404, 408, 409, 429, 500, 503}) CHECK(outcome_of(status) == Outcome::retry);
}

TEST_CASE("rule 7: unlisted alerts keep a group's incident open") {
    LedgerWorld world;
    world.external_id = "group-1";
    world.complete = false;
    world.fire("a", 10);
    world.fire("b", 10);
    CHECK(world.due() == "open group-1");
    world.resolve("a", 10, 20);
    world.resolve("b", 10, 20);
    CHECK(world.due() == "");
    CHECK(world.vendor("group-1") == "open");
    SUBCASE("until the next complete message") {
        world.complete = true;
        world.resolve("c", 10, 21);
        CHECK(world.due() == "close group-1");
    }
    SUBCASE("with a firing alert") {
        world.complete = true;
        world.fire("c", 10);
        CHECK(world.due() == "update group-1");
        world.resolve("c", 10, 30);
        CHECK(world.due() == "close group-1");
    }
}

TEST_CASE("rule 7: an incident of one alert still closes") {
    LedgerWorld world;
    world.complete = false;
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 7: an ignored message with status resolved ends its alerts, and opens nothing") {
    LedgerWorld world;
    world.external_id = "group-1";
    const EventMember both[] = {{"a", LedgerWorld::at(10), {}, Status::firing}, {"b", LedgerWorld::at(10), {}, Status::firing}};
    world.say(Transition::trigger, both, "group-1");
    CHECK(world.due() == "open group-1");
    world.complete = false;
    const EventMember first[] = {{"a", LedgerWorld::at(10), LedgerWorld::at(20), Status::resolved}};
    CHECK(world.say(Transition::ignore, first, "group-1") == Observed::news);
    CHECK(world.due() == "");
    const EventMember fires[] = {{"c", LedgerWorld::at(10), {}, Status::firing}};
    CHECK(world.say(Transition::ignore, fires, "group-2") == Observed::ignored);
    CHECK(world.due() == "");
    world.complete = true;
    const EventMember second[] = {{"b", LedgerWorld::at(10), LedgerWorld::at(20), Status::resolved}};
    world.say(Transition::resolve, second, "group-1");
    CHECK(world.due() == "close group-1");
}

TEST_CASE("a route changes: the alert's end under the new group key closes the old incident") {
    LedgerOptions options = LedgerWorld::merging();
    options.id_for = LedgerOptions::IdFor::several_alerts;
    LedgerWorld world(options);
    world.external_id = world.group_key = "{}/{team=\"a\"}:{}";
    world.fire("a", 10);
    world.fire("b", 10);
    CHECK(world.due() == "open {}/{team=\"a\"}:{}");
    world.external_id = world.group_key = "{}/{team=~\"a\"}:{}";
    world.fire("a", 10);
    CHECK(world.due() == "open {}/{team=~\"a\"}:{}");  // indistinguishable from a second route
    CHECK(world.resolve("a", 10, 5) == Observed::stale);
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close {}/{team=~\"a\"}:{}");
    CHECK(world.resolve("b", 10, 20) == Observed::not_open);
    CHECK(world.due() == "close {}/{team=\"a\"}:{}");
}

TEST_CASE("clusters with equal labels and groups do not end each other's alerts under another ID either") {
    LedgerWorld world;
    world.external_id = "old";
    world.fire("a", 10);
    world.due();
    world.cluster = "us";
    world.external_id = "new";
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close new");
}

TEST_CASE("rule 7: an alert missing from a complete message is not resolved") {
    LedgerWorld world;
    world.external_id = "group-1";
    const EventMember both[] = {{"a", LedgerWorld::at(10), {}, Status::firing}, {"b", LedgerWorld::at(10), {}, Status::firing}};
    world.say(Transition::trigger, both, "group-1");
    world.due();
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");
}

TEST_CASE("rule 7: without listings, stale_after closes alerts without news, and reports it") {
    LedgerOptions options = LedgerWorld::merging();
    options.stale_after = hours(5);
    LedgerWorld world(options);
    world.fire("a", 10);
    world.due();
    world.wait(hours(4));
    world.fire("a", 10);
    CHECK(world.due() == "update id-a");
    world.wait(hours(5) - seconds(1));
    CHECK(world.due() == "");
    world.wait(seconds(1));
    CHECK(world.due() == "close id-a");
    CHECK(world.reports() == "closed_stale id-a");
}

TEST_CASE("rule 9: clusters with equal labels do not end each other's alerts") {
    LedgerWorld world;
    world.fire("a", 10);
    world.cluster = "us";
    world.fire("a", 11);
    world.due();
    world.resolve("a", 11, 20);
    CHECK(world.due() == "");
    world.cluster = "eu";
    world.resolve("a", 10, 25);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 10: ended episodes are remembered for repeat_interval plus 15 minutes, open ones indefinitely") {
    LedgerWorld world;
    world.fire("a", 10);
    world.fire("b", 10);
    world.due();
    world.resolve("a", 10, 20);
    world.due();
    world.wait(hours(4) + minutes(14));
    world.due();
    CHECK(world.ledger.stats().incidents == 2);
    world.wait(minutes(1));
    world.due();
    CHECK(world.ledger.stats().incidents == 1);
    world.wait(hours(1000));
    world.due();
    CHECK(world.ledger.stats().incidents == 1);
    CHECK(world.ledger.stats().open == 1);
}

TEST_CASE("rule 10: ended alerts of an open incident are dropped") {
    LedgerWorld world;
    world.external_id = "DiskFull";
    world.fire("a", 10);
    for (int i = 0; i < 100; ++i) {
        world.fire("b" + std::to_string(i), 10);
        world.resolve("b" + std::to_string(i), 10, 20);
    }
    world.due();
    CHECK(world.ledger.stats().members == 101);
    world.wait(hours(5));
    world.due();
    CHECK(world.ledger.stats().members == 1);
    CHECK(world.vendor("DiskFull") == "open");
}

TEST_CASE("rule 10: an incident drops exactly its ended alerts") {
    LedgerWorld world;
    const auto alert = [](int number) { return "alert-" + std::to_string(number); };
    const auto fire = [&](int number, std::int64_t starts_at, const std::string& id) {
        world.external_id = id;
        world.fire(alert(number), starts_at);
    };
    for (int i = 0; i < 1000; ++i) fire(i, 10, "DiskFull");
    CHECK(world.due() == "open DiskFull");
    // Even ones end and are dropped while the others keep firing.
    for (int i = 0; i < 1000; i += 2) world.resolve(alert(i), 10, 20);
    world.wait(hours(5));
    for (int i = 1; i < 1000; i += 2) fire(i, 10, "DiskFull");
    world.due();
    CHECK(world.ledger.stats().members == 500);
    // The end of an alert under another ID ends it here, too: each firing one is found.
    for (int i = 1; i < 1000; i += 2) {
        world.external_id = "DiskFull on eu-1";
        world.resolve(alert(i), 10, 20'000);
    }
    const std::string done = world.due();
    CHECK(done.find("close DiskFull") == 0);
    world.wait(hours(5));
    world.due();
    CHECK(world.ledger.stats().incidents == 0);
    // And none of the dropped ones.
    for (int i = 0; i < 1000; ++i) {
        world.external_id = "DiskFull on eu-2";
        world.resolve(alert(i), 30'000, 40'000);
    }
    CHECK(world.due() == "close DiskFull on eu-2");
}

TEST_CASE("rule 10: above the limit events are untracked; ended incidents are evicted, open ones never") {
    LedgerOptions options = LedgerWorld::merging();
    options.max_incidents = 3;
    LedgerWorld world(options);
    for (const char* alert : {"a", "b", "c"}) world.fire(alert, 10);
    world.due();
    CHECK(world.fire("d", 10) == Observed::untracked);
    CHECK(world.resolve("d", 10, 20) == Observed::untracked);
    CHECK(world.ledger.stats().untracked == 2);
    CHECK(world.reports() == "untracked id-d");
    CHECK(world.fire("a", 10) == Observed::repeat);
    world.resolve("b", 10, 20);
    world.due();
    world.wait(seconds(11));
    CHECK(world.fire("d", 10) == Observed::news);
    CHECK(world.vendor("id-b") == "");
    CHECK(world.due() == "open id-d");
}

TEST_CASE("limits: more alerts than max_members keep an incident open") {
    LedgerOptions options = LedgerWorld::merging();
    options.max_members = 2;
    LedgerWorld world(options);
    world.external_id = "DiskFull";
    for (const char* alert : {"a", "b", "c"}) world.fire(alert, 10);
    world.due();
    for (const char* alert : {"a", "b", "c"}) world.resolve(alert, 10, 20);
    CHECK(world.due() == "");
    CHECK(world.vendor("DiskFull") == "open");
}

TEST_CASE("acknowledge by message") {
    LedgerWorld world;
    world.say("a", Transition::acknowledge, 10, 0);
    CHECK(world.due() == "open id-a, acknowledge id-a");
    CHECK(world.vendor("id-a") == "acknowledged");
    world.say("a", Transition::acknowledge, 10, 0);
    CHECK(world.due() == "");
}

TEST_CASE("a target that closes by vendor ID") {
    LedgerOptions options = LedgerWorld::merging();
    options.traits.resolves_by = ResolveBy::vendor_id;
    SUBCASE("ID from the answer") {
        LedgerWorld world(options);
        world.vendor_id = "v-7";
        world.fire("a", 10);
        CHECK(world.due() == "open id-a");
        world.vendor_id = {};
        world.resolve("a", 10, 20);
        CHECK(world.due() == "close id-a as v-7");
        world.fire("a", 30);
        CHECK(world.due() == "open id-a");
    }
    SUBCASE("ID from a look-up") {
        options.can_look_up = true;
        LedgerWorld world(options);
        world.fire("a", 10);
        world.due();
        world.answers = false;
        world.resolve("a", 10, 20);
        CHECK(world.due() == "look_up id-a");
        world.ledger.vendor_said("id-a", VendorState::open, world.now, "v-8");
        CHECK(world.due() == "close id-a as v-8");
    }
    SUBCASE("without an ID: reported") {
        LedgerWorld world(options);
        world.fire("a", 10);
        world.due();
        world.resolve("a", 10, 20);
        CHECK(world.due() == "");
        CHECK(world.reports() == "cannot_close id-a");
    }
}

TEST_CASE("a target without resolve gets no close") {
    LedgerOptions options = LedgerWorld::merging();
    options.traits.resolves_by = ResolveBy::nothing;
    LedgerWorld world(options);
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");
    CHECK(world.vendor("id-a") == "closed");
    world.fire("a", 30);
    CHECK(world.due() == "open id-a");
}

TEST_CASE("heartbeats are left to the caller") {
    LedgerWorld world;
    Event event = world.make(Transition::trigger, {}, "id-w");
    event.heartbeat = true;
    CHECK(world.ledger.observe({"eu", "pager", {}}, event, world.now) == Observed::heartbeat);
    CHECK(world.due() == "");
}

TEST_CASE("an event without members represents one alert, identified by its ID") {
    LedgerWorld world;
    Event event = world.make(Transition::trigger, {}, "id-hand");
    event.starts_at = LedgerWorld::at(10);
    CHECK(world.ledger.observe({"eu", "pager", {}}, event, world.now) == Observed::news);
    CHECK(world.due() == "open id-hand");
    event.transition = Transition::resolve;
    event.ends_at = LedgerWorld::at(20);
    CHECK(world.ledger.observe({"eu", "pager", {}}, event, world.now) == Observed::news);
    CHECK(world.due() == "close id-hand");
}

TEST_CASE("a clock that is set back causes no delay") {
    LedgerWorld world;
    world.outcome = Outcome::retry;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.outcome = Outcome::accepted;
    world.now -= hours(1);
    CHECK(world.due() == "");
    CHECK(world.ledger.next() <= world.now + seconds(1));
    world.wait(seconds(1));
    CHECK(world.due() == "open id-a");
}

TEST_CASE("next() is the time of the next action of due()") {
    LedgerWorld world;
    CHECK(world.ledger.next() == std::numeric_limits<UnixTime>::max());
    world.fire("a", 10);
    CHECK(world.ledger.next() <= world.now);
    world.due();
    CHECK(world.ledger.next() == std::numeric_limits<UnixTime>::max());
}

TEST_CASE("a ledger can be moved") {
    LedgerWorld world;
    world.fire("a", 10);
    Ledger moved = std::move(world.ledger);
    CHECK(moved.due(world.now).size() == 1);
    world.ledger = std::move(moved);
    CHECK(world.ledger.stats().incidents == 1);
}

namespace {

std::string written(const Ledger& ledger) {
    Buffer out;
    ledger.write(out);
    return out.str();
}

}  // namespace

TEST_CASE("state: write, read, write gives equal bytes") {
    LedgerWorld world;
    world.cluster = "a \"cluster\"";
    world.fire("a", 10);
    world.fire("not hexadecimal", 11);
    world.vendor_id = "v-1";
    world.due();
    world.resolve("a", 10, 20);
    world.external_id = "group";
    world.complete = false;
    world.severity = Severity::warning;
    world.fire("c", 12);
    world.fire("d", 13);
    const VendorIncident open[] = {{"imported", "v-2"}};
    world.ledger.import(open, world.now);
    const std::string text = written(world.ledger);
    Ledger again(world.ledger.options());
    REQUIRE(again.read(text, world.now).has_value());
    CHECK(written(again) == text);
}

TEST_CASE("rows: changed and deleted") {
    LedgerWorld world;
    world.fire("a", 10);
    std::vector<LedgerRow> rows = world.ledger.changes();
    REQUIRE(rows.size() == 2);  // the group, and the incident
    CHECK(rows[0].key.substr(0, 1) == "g");
    CHECK(rows[1].key == "iid-a");
    CHECK(world.ledger.changes().empty());
    world.fire("a", 10);
    CHECK(world.ledger.changes().empty());
    world.due();
    CHECK(world.ledger.changes().size() == 1);
    world.fire("a", 10);
    CHECK(world.ledger.changes().empty());  // a repeat
    world.resolve("a", 10, 20);
    world.due();
    CHECK(world.ledger.changes().size() == 1);
    world.wait(hours(6));
    world.due();
    rows = world.ledger.changes();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].key == "iid-a");
    CHECK(rows[0].json == "");
    CHECK(rows[1].json == "");
}

TEST_CASE("rows: read in any order; a bad row is skipped") {
    LedgerWorld world;
    world.fire("a", 10);
    world.fire("b", 10);
    std::vector<LedgerRow> rows = world.ledger.changes();
    REQUIRE(rows.size() == 3);
    LedgerWorld again;
    for (std::size_t i = rows.size(); i-- > 0;) CHECK(again.ledger.read_row(rows[i].key, rows[i].json, again.now).has_value());
    CHECK(again.fire("a", 10) == Observed::repeat);
    CHECK(again.due() == "open id-b, open id-a");

    const std::string good = written(world.ledger);
    std::string bad = good;
    const std::size_t at = bad.find("\"vendor\":\"closed\"");
    REQUIRE(at != std::string::npos);
    bad.replace(at, 17, "\"vendor\":\"gone\"");
    const Result<void> result = again.ledger.read(bad, again.now);
    REQUIRE(!result.has_value());
    CHECK(result.error().code == Errc::unknown_name);
    CHECK(result.error().path == "vendor");
    CHECK(result.error().offset > at);
    CHECK(again.ledger.stats().incidents == 1);
    CHECK(again.due() == "open id-b");
}

TEST_CASE("rows: a value of a wrong type is an error with its path") {
    LedgerWorld world;
    world.fire("a", 10);
    std::size_t values = 0;
    for (const LedgerRow& row : world.ledger.changes()) {
        test::Json json;
        REQUIRE(test::JsonText(row.json).read(json));
        for (const auto& member : json.members) {
            const auto& name = member.first;  // no structured bindings: clang 14 does not capture them in CAPTURE
            const auto& value = member.second;
            CAPTURE(name.text);
            std::string bad(row.json);
            bad.replace(static_cast<std::size_t>(value.raw.data() - row.json.data()), value.raw.size(), "null");
            LedgerWorld again;
            const Result<void> result = again.ledger.read_row(row.key, bad, again.now);
            REQUIRE(!result.has_value());
            CHECK(result.error().code == Errc::wrong_type);
            CHECK(result.error().path == name.text);
            CHECK(again.ledger.stats().incidents == 0);
            ++values;
        }
    }
    CHECK(values >= 10);
}

TEST_CASE("state: after a restart a look-up does not overtake the request that was in flight") {
    LedgerOptions options = LedgerWorld::opening();
    options.can_look_up = true;
    LedgerWorld world(options);
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    world.answers = false;
    CHECK(world.due() == "close id-a");
    Buffer state;
    world.ledger.write(state);
    LedgerWorld again(options);
    again.now = world.now;
    REQUIRE(again.ledger.read(state, again.now).has_value());
    CHECK(again.due() == "");
    again.wait(seconds(1));
    CHECK(again.due().substr(0, 12) == "look_up id-a");
}

TEST_CASE("state: requests in flight count as sent without an answer") {
    LedgerWorld world;
    world.answers = false;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    const std::string text = written(world.ledger);
    LedgerWorld again;
    REQUIRE(again.ledger.read(text, again.now).has_value());
    CHECK(again.vendor("id-a") == "maybe_open");
    CHECK(again.due() == "open id-a");
    again.resolve("a", 10, 20);
    CHECK(again.due() == "close id-a");
}

TEST_CASE("state: invalid UTF-8 is replaced") {
    LedgerWorld world;
    Event event = world.make(Transition::trigger, {}, "id-x");
    event.summary = "broken \xff\xc3 text";
    world.ledger.observe({"eu", "pager", {}}, event, world.now);
    LedgerWorld again;
    REQUIRE(again.ledger.read(written(world.ledger), again.now).has_value());
    CHECK(again.due() == "open id-x");
    CHECK(again.last_summary == "broken \xef\xbf\xbd\xef\xbf\xbd text");
}

TEST_CASE("state: all members of an event that requests need are kept, in memory and in rows") {
    const Label labels[] = {{"alertname", "A"}, {"instance", "i-1"}};
    const NotifyTarget notify[] = {{"User", "u-1"}, {"Service", "s-1"}};
    Event event;
    event.severity = Severity::warning;
    event.severity_word = "minor";
    event.priority = "P3";
    event.summary = "summary";
    event.description = "line\n\"line\"";
    event.external_id = "id-1";
    event.url = "http://a.example.test";
    event.runbook_url = "http://b.example.test";
    event.source = "i-1";
    event.service = "job";
    event.location = "1,2";
    event.client = "Alertmanager";
    event.client_url = "http://c.example.test";
    event.starts_at = *parse_timestamp("2026-01-15T16:00:00.12+05:30");
    event.labels = {labels, 2};
    event.notify = notify;
    event.firing = 3;
    event.resolved = 200;
    event.group_key = "{}:{a=\"b\"}";
    event.complete = false;
    event.unlisted = true;
    event.page = false;
    // For a new member of Event: is it stored (src/event_texts.hpp, or src/stored_event.cpp and src/ledger_json.cpp) and tested here? Not
    // stored: transition, reason, external_id (the incident has it), members, heartbeat, mapping_note.
    CHECK(detail::member_count<Event>() == 28);

    Ledger ledger;
    ledger.observe({"eu", "pager", {}}, event, seconds(1));
    Ledger again;
    REQUIRE(again.read(written(ledger), seconds(1)).has_value());
    for (Ledger* each : {&ledger, &again}) {
        const std::span<const Action> actions = each->due(seconds(2));
        REQUIRE(actions.size() == 1);
        const Event& kept = actions[0].event;
        CHECK(kept.transition == Transition::trigger);
        CHECK(kept.severity == event.severity);
        CHECK(kept.severity_word == event.severity_word);
        CHECK(kept.priority == event.priority);
        CHECK(kept.summary == event.summary);
        CHECK(kept.description == event.description);
        CHECK(kept.external_id == event.external_id);
        CHECK(kept.url == event.url);
        CHECK(kept.runbook_url == event.runbook_url);
        CHECK(kept.source == event.source);
        CHECK(kept.service == event.service);
        CHECK(kept.location == event.location);
        CHECK(kept.client == event.client);
        CHECK(kept.client_url == event.client_url);
        CHECK(kept.starts_at.text == event.starts_at.text);
        CHECK(kept.starts_at.seconds == event.starts_at.seconds);
        CHECK(kept.starts_at.nanoseconds == event.starts_at.nanoseconds);
        CHECK(kept.labels == event.labels);
        REQUIRE(kept.notify.size() == 2);
        CHECK(kept.notify[0] == notify[0]);
        CHECK(kept.notify[1] == notify[1]);
        CHECK(kept.firing == 3);
        CHECK(kept.resolved == 200);
        CHECK(kept.group_key == event.group_key);
        CHECK(!kept.complete);
        CHECK(kept.unlisted);
        CHECK(!kept.page);
    }
}

TEST_CASE("tickets from before a restart do not match later requests") {
    LedgerWorld world;
    world.answers = false;
    world.fire("a", 10);
    world.due();
    const std::uint64_t before = world.tickets.front();
    const std::string state = written(world.ledger);
    LedgerWorld again;
    again.answers = false;
    again.now = world.now + seconds(1);
    REQUIRE(again.ledger.read(state, again.now).has_value());
    CHECK(again.due() == "open id-a");
    again.ledger.answered(before, {Outcome::rejected}, again.now);
    CHECK(again.reports() == "");
}

TEST_CASE("rule 3: after a human's close and a rejection it pages again after the reassert interval") {
    LedgerWorld world;
    world.fire("a", 10);
    world.due();
    world.ledger.vendor_said("id-a", VendorState::closed, world.now);
    world.wait(hours(2));
    world.outcome = Outcome::rejected;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.outcome = Outcome::accepted;
    world.wait(hours(2));
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
}

TEST_CASE("rule 2: a known end belongs to the earlier episode, even if the relay's clock is an hour slow") {
    LedgerWorld world;
    const std::int64_t receipt = world.now / seconds(1);
    world.fire("a", receipt + 3600);
    world.resolve("a", receipt + 3600, receipt + 3700);
    world.fire("a", receipt + 3800);
    world.due();
    CHECK(world.resolve("a", receipt + 3600, receipt + 3700) == Observed::stale);
    CHECK(world.due() == "");
}

TEST_CASE("rule 5: a new episode while a close is in flight, and the close fails") {
    for (const Outcome outcome : {Outcome::retry, Outcome::unknown}) {
        LedgerWorld world;
        world.answers = false;
        world.fire("a", 10);
        world.due();
        world.answer(Outcome::accepted);
        world.resolve("a", 10, 20);
        CHECK(world.due() == "close id-a");
        world.fire("a", 30);
        world.answer(outcome);
        world.wait(seconds(2));
        SUBCASE("both are sent") {
            CHECK(world.due() == "close id-a");
            world.answer(Outcome::accepted);
            CHECK(world.due() == "open id-a");
        }
        SUBCASE("it ends, too: the close is not lost") {
            world.resolve("a", 30, 40);
            CHECK(world.due() == "close id-a");
        }
    }
}

TEST_CASE("rule 7: unlisted alerts are a separate incident, which the next complete message closes") {
    LedgerWorld world;
    const auto unlisted = [&world](Transition transition) {
        const EventMember member{"u-group", {}, {}, transition == Transition::resolve ? Status::resolved : Status::firing};
        Event event = world.make(transition, {&member, 1}, "u-group");
        event.unlisted = true;
        return world.ledger.observe({"eu", "pager", {}}, event, world.now);
    };
    CHECK(unlisted(Transition::resolve) == Observed::not_open);
    CHECK(world.ledger.stats().incidents == 0);
    CHECK(unlisted(Transition::trigger) == Observed::news);
    CHECK(world.due() == "open u-group");
    CHECK(unlisted(Transition::resolve) == Observed::news);
    CHECK(world.due() == "close u-group");
}

TEST_CASE("rule 5: a trigger that is repeated for a lost answer because of a close, and the next episode begins meanwhile") {
    LedgerWorld world(LedgerWorld::opening());
    world.answers = false;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.answer(Outcome::unknown);
    world.resolve("a", 10, 20);
    world.wait(minutes(1));
    CHECK(world.due() == "open id-a");  // an unknown close would open it
    SUBCASE("it is taken: the page for the next episode") {
        world.fire("a", 30);
        world.answer(Outcome::accepted);
        CHECK(world.due() == "update id-a");
        world.answer(Outcome::accepted);
        CHECK(world.due() == "");
        CHECK(world.vendor("id-a") == "open");
        world.resolve("a", 30, 40);
        CHECK(world.due() == "close id-a");
    }
    SUBCASE("it fails: tried again") {
        world.fire("a", 30);
        world.answer(Outcome::retry);
        world.wait(minutes(1));
        CHECK(world.due() == "open id-a");
        world.answer(Outcome::accepted);
        CHECK(world.due() == "");
        CHECK(world.vendor("id-a") == "open");
    }
    SUBCASE("the next episode begins after it: both are sent") {
        world.answer(Outcome::accepted);
        world.fire("a", 30);
        CHECK(world.due() == "close id-a");
        world.answer(Outcome::accepted);
        CHECK(world.due() == "open id-a");
    }
}

TEST_CASE("rule 5: a trigger that is repeated for a lost answer, with the next episode: one page, no close") {
    LedgerWorld world(LedgerWorld::opening());
    world.outcome = Outcome::unknown;
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.resolve("a", 10, 20);
    world.fire("a", 30);
    world.outcome = Outcome::accepted;
    world.wait(seconds(2));
    CHECK(world.due() == "open id-a");
    world.resolve("a", 30, 40);
    CHECK(world.due() == "close id-a");
}
