#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "alertmap/ledger.hpp"
#include "support/ledger_world.hpp"

using namespace alertmap;
using test::LedgerWorld;

namespace {

LedgerOptions one_peer() { return LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}); }
LedgerOptions two_peers() { return LedgerWorld::listed(LedgerWorld::merging(), {"am-1", "am-2"}); }

using Active = std::vector<std::pair<std::string, std::int64_t>>;

/// Listings of all peers, once a minute; returns the resulting actions.
std::string poll(LedgerWorld& world, const std::vector<std::string>& peers, int times, const Active& active,
                 const std::vector<std::string>& quiet = {}) {
    std::string done;
    for (int i = 0; i < times; ++i) {
        world.wait(minutes(1));
        for (const std::string& peer : peers) world.list(peer, active, quiet);
        const std::string now = world.due();
        if (!now.empty()) done.append(done.empty() ? "" : ", ").append(now);
    }
    return done;
}

}  // namespace

TEST_CASE("listings: requested at their interval, for clusters with peers") {
    LedgerWorld world(one_peer());
    CHECK(world.ledger.next() <= world.now);
    world.due();
    CHECK(world.lists == std::vector<std::string>{"eu"});
    CHECK(world.ledger.next() == world.now + minutes(1));
    world.wait(seconds(59));
    world.due();
    CHECK(world.lists.size() == 1);
    world.wait(seconds(1));
    world.due();
    CHECK(world.lists.size() == 2);
    world.ledger.hint("eu", world.now);
    CHECK(world.ledger.next() == world.now + seconds(10));
}

TEST_CASE("rule 8: after a lost resolve, close_grace and three listings without the alert close the incident") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    CHECK(poll(world, {"am-1"}, 5, {{"a", 10}}) == "");
    CHECK(poll(world, {"am-1"}, 4, {}) == "");
    CHECK(poll(world, {"am-1"}, 1, {}) == "close id-a");
    CHECK(world.reports() == "closed_by_listing id-a");
    CHECK(world.last_reason == "listings do not show it any more");
}

TEST_CASE("rule 8: close_grace alone is not enough, three listings are needed") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    world.wait(hours(1));
    world.list("am-1", {});
    world.wait(minutes(10));
    world.list("am-1", {});
    CHECK(world.due() == "");
    world.wait(seconds(1));
    world.list("am-1", {});
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 8: a listing with the alert restarts the count") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    CHECK(poll(world, {"am-1"}, 4, {}) == "");
    CHECK(poll(world, {"am-1"}, 1, {{"a", 10}}) == "");
    CHECK(poll(world, {"am-1"}, 4, {}) == "");
    CHECK(poll(world, {"am-1"}, 1, {}) == "close id-a");
}

TEST_CASE("rule 8: a suppressed alert keeps an incident open, but opens none") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    CHECK(poll(world, {"am-1"}, 20, {}, {"a", "b"}) == "");
    CHECK(world.vendor("id-a") == "open");
    CHECK(world.vendor("id-b") == "");
}

TEST_CASE("rule 8: an alert routed to another receiver keeps an incident open") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    world.elsewhere = {"a"};
    CHECK(poll(world, {"am-1"}, 20, {}) == "");
}

TEST_CASE("rule 8: only alerts of the listing's cluster are affected") {
    LedgerWorld world(one_peer());
    world.cluster = "us";
    world.fire("a", 10);
    world.due();
    world.cluster = "eu";
    CHECK(poll(world, {"am-1"}, 20, {}) == "");
}

TEST_CASE("rule 8: every peer must answer, have enough uptime, and not be settling") {
    SUBCASE("one peer is down for hours") {
        LedgerWorld world(two_peers());
        world.fire("a", 10);
        world.due();
        CHECK(poll(world, {"am-1"}, 300, {}) == "");
        CHECK(poll(world, {"am-1", "am-2"}, 4, {}) == "");
        CHECK(poll(world, {"am-1", "am-2"}, 1, {}) == "close id-a");
    }
    SUBCASE("active wins in the union of the peers") {
        LedgerWorld world(two_peers());
        world.fire("a", 10);
        world.due();
        for (int i = 0; i < 20; ++i) {
            world.wait(minutes(1));
            world.list("am-1", {});
            world.list("am-2", {{"a", 10}});
            CHECK(world.due() == "");
        }
    }
    SUBCASE("restarted") {
        LedgerWorld world(one_peer());
        world.fire("a", 10);
        world.due();
        world.up_since = world.now;
        CHECK(poll(world, {"am-1"}, 4, {}) == "");
        CHECK(poll(world, {"am-1"}, 4, {}) == "");  // the count starts with enough uptime
        CHECK(poll(world, {"am-1"}, 1, {}) == "close id-a");
    }
    SUBCASE("settling") {
        LedgerWorld world(one_peer());
        world.fire("a", 10);
        world.due();
        world.ready = false;
        CHECK(poll(world, {"am-1"}, 30, {{"b", 10}}) == "");
    }
    SUBCASE("without a known start") {
        LedgerWorld world(one_peer());
        world.fire("a", 10);
        world.due();
        world.up_since = 0;
        CHECK(poll(world, {"am-1"}, 30, {{"b", 10}}) == "");
    }
    SUBCASE("an unconfigured peer is ignored") {
        LedgerWorld world(one_peer());
        world.fire("a", 10);
        world.due();
        CHECK(poll(world, {"am-9"}, 30, {{"b", 10}}) == "");
    }
}

TEST_CASE("rule 8: listings without our receiver, or without a required heartbeat, close nothing") {
    LedgerOptions options = one_peer();
    SUBCASE("receiver") {
        LedgerWorld world(options);
        world.fire("a", 10);
        world.due();
        world.has_receiver = false;
        CHECK(poll(world, {"am-1"}, 30, {}) == "");
    }
    SUBCASE("heartbeat") {
        options.clusters[0].needs_heartbeat = true;
        LedgerWorld world(options);
        world.fire("a", 10);
        world.due();
        CHECK(poll(world, {"am-1"}, 30, {}) == "");
        Event watchdog = world.make(Transition::trigger, {}, "id-watchdog");
        watchdog.heartbeat = true;
        const ListedEvent listed{watchdog, false};
        ListingSource source;
        source.cluster = "eu";
        source.peer = "am-1";
        source.up_since = seconds(1);
        std::string done;
        for (int i = 0; i < 5; ++i) {
            world.wait(minutes(1));
            world.ledger.listed(source, {&listed, 1}, {}, world.now);
            done += world.due();
        }
        CHECK(done == "close id-a");
    }
}

TEST_CASE("rule 8: listings open an alert that Alertmanager does not send again") {
    // Fire, silence, end while silenced, fire again: the notification log counts it as notified.
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    CHECK(poll(world, {"am-1"}, 6, {}) == "close id-a");
    world.reports();
    CHECK(poll(world, {"am-1"}, 7, {{"a", 500}}) == "");
    CHECK(poll(world, {"am-1"}, 1, {{"a", 500}}) == "open id-a");
    CHECK(world.reports() == "opened_by_listing id-a");
    CHECK(world.last_reason == "listings show that it fires");
    world.resolve("a", 500, 600);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 8: listings page for an episode that began silenced after a human's close") {
    LedgerWorld world(LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}));
    world.fire("a", 10);
    world.due();
    world.ledger.vendor_said("id-a", VendorState::closed, world.now);
    world.wait(minutes(1));
    world.list("am-1", {{"a", 10}});
    CHECK(world.due() == "");
    world.wait(minutes(1));
    world.list("am-1", {}, {"a"});  // silenced
    CHECK(world.due() == "");
    world.wait(minutes(1));
    world.list("am-1", {{"a", 5000}});  // no message was sent for it
    CHECK(world.due() == "open id-a");
}

TEST_CASE("rule 8: listings open an unknown alert; a message has precedence") {
    LedgerWorld world(one_peer());
    CHECK(poll(world, {"am-1"}, 3, {{"a", 10}, {"b", 10}}) == "");
    CHECK(world.fire("b", 10) == Observed::news);
    CHECK(world.due() == "open id-b");
    CHECK(poll(world, {"am-1"}, 4, {{"a", 10}, {"b", 10}}) == "");
    CHECK(poll(world, {"am-1"}, 1, {{"a", 10}, {"b", 10}}) == "open id-a");
}

TEST_CASE("rule 8: counts of consecutive listings restart with the service") {
    const LedgerOptions options = LedgerWorld::listed(LedgerWorld::merging(), {"am-1"});
    std::map<std::string, std::string> rows;
    const auto keep = [&](LedgerWorld& of) {
        for (LedgerRow& row : of.ledger.changes()) {
            if (row.json.empty()) {
                rows.erase(row.key);
            } else {
                rows[row.key] = row.json;
            }
        }
    };
    LedgerWorld world(options);
    SUBCASE("a missing alert does not open") {
        for (int i = 0; i < 3; ++i) {
            world.wait(minutes(1));
            world.list("am-1", {{"a", 10}});
            keep(world);
        }
        world.wait(minutes(1));
        world.list("am-1", {});
        keep(world);
        LedgerWorld again(options);
        again.now = world.now + hours(1);
        for (const auto& [key, json] : rows) REQUIRE(again.ledger.read_row(key, json, again.now));
        again.list("am-1", {{"a", 10}});
        CHECK(again.due() == "");
    }
    SUBCASE("an alert that returned does not close") {
        world.fire("a", 10);
        world.fire("b", 10);
        world.due();
        for (int i = 0; i < 2; ++i) {
            world.wait(minutes(2));
            world.list("am-1", {});
            world.resolve("b", 10, 20);
            world.resolve("a", 1, 2);
            keep(world);
        }
        world.wait(minutes(1));
        world.list("am-1", {{"a", 10}});
        keep(world);
        LedgerWorld again(options);
        again.now = world.now + hours(1);
        for (const auto& [key, json] : rows) REQUIRE(again.ledger.read_row(key, json, again.now));
        again.due();
        again.list("am-1", {});
        CHECK(again.due() == "");
    }
}

TEST_CASE("rule 8: with an ID per episode, only the listed episode opens") {
    LedgerWorld world(LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}));
    world.external_id = "a-10";
    world.list("am-1", {{"a", 10}});
    world.external_id = "a-5000";
    for (int i = 0; i < 8; ++i) {
        world.wait(minutes(1));
        world.list("am-1", {{"a", 5000}});
    }
    CHECK(world.due() == "open a-5000");
}

TEST_CASE("rule 8: listings do not open an alert that is open under another ID, until that one closes") {
    LedgerWorld world(LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}));
    world.external_id = "a-10";
    world.fire("a", 10);
    CHECK(world.due() == "open a-10");
    world.external_id = "a-9";  // a replica that detected it earlier
    std::string done;
    for (int i = 0; i < 12; ++i) {
        world.wait(minutes(1));
        world.list("am-1", {{"a", 9}});
        done += world.due();
    }
    CHECK(done == "");
    world.external_id = "a-10";
    world.resolve("a", 10, 2000);
    CHECK(world.due() == "close a-10");
    world.external_id = "a-9";
    world.wait(minutes(1));
    world.list("am-1", {{"a", 9}});
    CHECK(world.due() == "open a-9");
}

TEST_CASE("rule 8: with two routes of equal group labels, a listing adds no alert to the wrong group") {
    const Label labels[] = {{"service", "shop"}};
    LedgerWorld world(LedgerWorld::listed(LedgerWorld::merging(), {"am-1"}));
    const auto say = [&](const std::string& key, std::string_view alert) {
        const EventMember member{alert, LedgerWorld::at(10), {}, Status::firing};
        Event event = world.make(Transition::trigger, {&member, 1}, key);
        event.group_key = event.external_id;
        world.ledger.observe({"eu", "pager", {labels, 1}}, event, world.now);
    };
    for (int i = 0; i < 4; ++i) {
        say("{}/{job=\"app\"}", "a");
        say("{}/{severity=\"critical\"}", "b");
    }
    CHECK(world.due() == "open {}/{job=\"app\"}, open {}/{severity=\"critical\"}");
    world.external_id = "{}/{severity=\"critical\"}";
    poll(world, {"am-1"}, 8, {{"a", 10}, {"b", 10}});
    world.resolve("b", 10, 20);
    CHECK(world.due() == "close {}/{severity=\"critical\"}");
}

TEST_CASE("rule 8: an incident shared by two clusters stays open for an alert that only a listing shows") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.cluster = "us";
    world.fire("a", 10);
    CHECK(world.due() == "open id-a");
    world.cluster = "eu";
    CHECK(poll(world, {"am-1"}, 6, {}) == "");  // it ends here, and is still firing there
    CHECK(poll(world, {"am-1"}, 10, {{"a", 500}}) == "update id-a");
    world.cluster = "us";
    world.resolve("a", 10, 2000);
    CHECK(world.due() == "");
    CHECK(world.vendor("id-a") == "open");
    world.cluster = "eu";
    CHECK(poll(world, {"am-1"}, 6, {}) == "close id-a");
}

TEST_CASE("rule 8: an alert that disappears in between opens nothing") {
    LedgerWorld world(one_peer());
    CHECK(poll(world, {"am-1"}, 6, {{"a", 10}}) == "");
    CHECK(poll(world, {"am-1"}, 1, {}) == "");
    CHECK(poll(world, {"am-1"}, 6, {{"a", 10}}) == "");
    CHECK(poll(world, {"am-1"}, 2, {{"a", 10}}) == "open id-a");
}

TEST_CASE("rule 8: listings without mute intervals open nothing, unless the cluster uses none") {
    LedgerOptions options = one_peer();
    SUBCASE("by default") {
        LedgerWorld world(options);
        world.mutes_listed = false;
        CHECK(poll(world, {"am-1"}, 30, {{"a", 10}}) == "");
    }
    SUBCASE("always") {
        options.clusters[0].opens = ClusterOptions::Opens::always;
        LedgerWorld world(options);
        world.mutes_listed = false;
        CHECK(poll(world, {"am-1"}, 9, {{"a", 10}}) == "open id-a");
    }
    SUBCASE("never") {
        options.clusters[0].opens = ClusterOptions::Opens::never;
        LedgerWorld world(options);
        CHECK(poll(world, {"am-1"}, 30, {{"a", 10}}) == "");
    }
}

TEST_CASE("rule 8: if the ID needs the group key, a group with an unknown key opens nothing") {
    LedgerOptions options = one_peer();
    options.id_needs_group_key = true;
    LedgerWorld world(options);
    world.group_key = "";
    CHECK(poll(world, {"am-1"}, 30, {{"a", 10}}) == "");
    world.group_key = "{}:{}";
    CHECK(poll(world, {"am-1"}, 9, {{"a", 10}}) == "open id-a");
}

TEST_CASE("group_key(): the last key of a message with these labels") {
    LedgerWorld world(one_peer());
    const Label labels[] = {{"alertname", "A"}, {"cluster", "eu"}};
    const Label turned[] = {{"cluster", "eu"}, {"alertname", "A"}};
    Source source{"eu", "pager", {labels, 2}};
    CHECK(world.ledger.group_key(source) == "");
    const EventMember member{"a", LedgerWorld::at(10), {}, Status::firing};
    world.group_key = "{}/{a=\"b\"}:{alertname=\"A\", cluster=\"eu\"}";
    world.ledger.observe(source, world.make(Transition::trigger, {&member, 1}, "id-a"), world.now);
    CHECK(world.ledger.group_key(source) == world.group_key);
    CHECK(world.ledger.group_key({"eu", "pager", {turned, 2}}) == world.group_key);
    CHECK(world.ledger.group_key({"us", "pager", {labels, 2}}) == "");
    CHECK(world.ledger.group_key({"eu", "other", {labels, 2}}) == "");
    const std::string before = world.group_key;
    world.group_key = "{}/{a=~\"b\"}:{alertname=\"A\", cluster=\"eu\"}";  // the route was changed
    world.ledger.observe(source, world.make(Transition::trigger, {&member, 1}, "id-a"), world.now);
    CHECK(world.ledger.group_key(source) == world.group_key);
    world.group_key = before;  // and changed back
    world.ledger.observe(source, world.make(Transition::trigger, {&member, 1}, "id-a"), world.now);
    CHECK(world.ledger.group_key(source) == before);

    Buffer state;
    world.ledger.write(state);
    Ledger again(world.ledger.options());
    REQUIRE(again.read(state, world.now).has_value());
    CHECK(again.group_key(source) != "");
}

TEST_CASE("rule 3: a listing decides on a trigger of an ended episode") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    world.due();
    world.lists.clear();
    world.wait(seconds(20));
    CHECK(world.fire("a", 10) == Observed::held);
    CHECK(world.due() == "");
    CHECK(world.lists.size() == 1);  // requested at once
    world.wait(seconds(1));
    SUBCASE("active opens") {
        world.list("am-1", {{"a", 10}});
        CHECK(world.due() == "open id-a");
    }
    SUBCASE("absent cancels") {
        world.list("am-1", {});
        CHECK(world.due() == "");
        world.wait(minutes(10));
        CHECK(world.due() == "");
    }
    SUBCASE("suppressed cancels, and is not open") {
        world.list("am-1", {}, {"a"});
        world.wait(minutes(10));
        CHECK(world.due() == "");
    }
    SUBCASE("without listings: opened after the settling time") {
        world.wait(minutes(6));
        CHECK(world.due() == "open id-a");
    }
}

TEST_CASE("rule 7: a complete listing ends what a truncated message left open") {
    LedgerWorld world(one_peer());
    world.external_id = "group-1";
    world.complete = false;
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    CHECK(world.due() == "");
    SUBCASE("all ended") {
        CHECK(poll(world, {"am-1"}, 2, {}) == "");
        CHECK(poll(world, {"am-1"}, 1, {}) == "close group-1");
    }
    SUBCASE("a truncated alert is firing: it keeps the incident open, and ends it") {
        CHECK(poll(world, {"am-1"}, 9, {{"c", 12}}) == "update group-1");
        CHECK(world.vendor("group-1") == "open");
        CHECK(poll(world, {"am-1"}, 6, {}) == "close group-1");
    }
}

TEST_CASE("rule 7: listings close incidents that truncated messages leave open, even if those messages are more frequent") {
    LedgerWorld world(one_peer());
    world.complete = false;
    world.external_id = "DiskFull";
    world.fire("a", 10);
    world.external_id = "NodeDown";
    world.fire("b", 10);
    CHECK(world.due() == "open DiskFull, open NodeDown");
    world.external_id = "DiskFull";
    world.resolve("a", 10, 20);
    const auto rounds = [&](int times, bool listed_too) {
        std::string done;
        for (int i = 0; i < times; ++i) {
            world.external_id = "NodeDown";
            for (int messages = 0; messages < 2; ++messages) {
                world.wait(seconds(30));
                world.fire("b", 10);
            }
            const EventMember b{"b", LedgerWorld::at(10), {}, Status::firing};
            const EventMember c{"c", LedgerWorld::at(15), {}, Status::firing};
            std::vector<ListedEvent> events = {{world.make(Transition::trigger, {&b, 1}, "NodeDown"), false}};
            if (listed_too) events.push_back({world.make(Transition::trigger, {&c, 1}, "DiskFull"), true});
            ListingSource source;
            source.cluster = "eu";
            source.peer = "am-1";
            source.up_since = seconds(1);
            source.has_receiver = world.has_receiver;
            world.ledger.listed(source, events, {}, world.now);
            done += world.due();
        }
        return done;
    };
    CHECK(rounds(10, true) == "");  // an unlisted alert of it, silenced
    CHECK(rounds(2, false) == "");
    CHECK(rounds(1, true) == "");
    CHECK(rounds(2, false) == "");
    world.has_receiver = false;
    CHECK(rounds(5, false) == "");
    world.has_receiver = true;
    CHECK(rounds(1, false) == "close DiskFull");
}

TEST_CASE("rule 9: with two peers a resolve needs confirmation") {
    LedgerWorld world(two_peers());
    world.fire("a", 10);
    world.due();
    world.lists.clear();
    world.wait(seconds(30));
    CHECK(world.resolve("a", 10, 1'000'010) == Observed::news);
    CHECK(world.due() == "");
    CHECK(world.lists.size() == 1);
    world.wait(seconds(1));
    SUBCASE("absent from both") {
        world.list("am-1", {});
        CHECK(world.due() == "");
        world.list("am-2", {});
        CHECK(world.due() == "close id-a");
        CHECK(world.closed_at == "1000010");
    }
    SUBCASE("active at one: Prometheus could not reach the other") {
        world.list("am-1", {});
        world.list("am-2", {{"a", 10}});
        CHECK(world.due() == "");
        world.wait(hours(1));
        CHECK(world.due() == "");
        CHECK(world.vendor("id-a") == "open");
    }
    SUBCASE("suppressed at one: still firing") {
        world.list("am-1", {});
        world.list("am-2", {}, {"a"});
        world.wait(hours(1));
        CHECK(world.due() == "");
    }
    SUBCASE("no listing in time") {
        world.wait(seconds(58));
        CHECK(world.due() == "");
        world.wait(seconds(1));
        CHECK(world.due() == "close id-a");
    }
    SUBCASE("the other peer sends firing, without listings") {
        world.fire("a", 10);
        world.wait(minutes(2));
        CHECK(world.due() == "");
        CHECK(world.vendor("id-a") == "open");
        world.resolve("a", 10, 1'000'010);
        world.wait(minutes(1));
        CHECK(world.due() == "close id-a");
    }
}

TEST_CASE("rule 9: a listing requested before the resolve is not a confirmation") {
    LedgerWorld world(two_peers());
    world.fire("a", 10);
    world.due();
    world.wait(seconds(30));
    world.list("am-1", {});
    world.resolve("a", 10, 1'000'010);
    world.list("am-2", {});
    CHECK(world.due() == "");
}

TEST_CASE("rule 9: one peer needs no confirmation") {
    LedgerWorld world(one_peer());
    world.fire("a", 10);
    world.due();
    world.resolve("a", 10, 20);
    CHECK(world.due() == "close id-a");
}

TEST_CASE("rule 4: an imported incident closes if no listing shows it") {
    LedgerWorld world(one_peer());
    const VendorIncident open[] = {{"id-a", "v-1"}, {"id-b", "v-2"}};
    world.ledger.import(open, world.now);
    CHECK(poll(world, {"am-1"}, 4, {{"b", 10}}) == "");
    CHECK(poll(world, {"am-1"}, 1, {{"b", 10}}) == "close id-a as v-1");
    CHECK(poll(world, {"am-1"}, 10, {{"b", 10}}) == "");
    CHECK(world.vendor("id-b") == "open");
}

TEST_CASE("rule 4: unless a cluster without listings sends") {
    LedgerWorld world(one_peer());
    world.cluster = "us";
    world.fire("x", 10);
    world.cluster = "eu";
    world.due();
    const VendorIncident open[] = {{"id-a", "v-1"}};
    world.ledger.import(open, world.now);
    CHECK(poll(world, {"am-1"}, 30, {}) == "");
}
