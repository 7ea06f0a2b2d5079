#include "alertmap/policies/external_id.hpp"

#include <doctest/doctest.h>

#include <string>

#include "alertmap/identity.hpp"
#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

constexpr std::string_view disk_key = "{}/{team=\"storage\"}:{alertname=\"DiskAlmostFull\", cluster=\"eu-1\"}";
constexpr std::string_view disk_hash = "0e9dbfed6425f676246e29974beca4913ac9412230a2840045ab4da12a693545";

ExternalIdPolicy from(FieldSources sources) {
    ExternalIdPolicy id;
    id.from = std::move(sources);
    return id;
}

}  // namespace

TEST_CASE("external ID: of an alert") {
    Sample s;
    s.firing({{"alertname", "DiskAlmostFull"}, {"instance", "n1"}}).fingerprint = "00000000000000aa";
    s.alert(0).starts_at = *parse_timestamp("2026-01-01T00:00:00.5Z");
    s.group.group_key = disk_key;
    CHECK(ExternalIdPolicy{}(s.one(), s.arena) == "00000000000000aa");
    CHECK(from({label("alertname")})(s.one(), s.arena) == "DiskAlmostFull");
    CHECK(from({FieldKind::group_key})(s.one(), s.arena) == disk_key);
    CHECK(from({FieldKind::group_key_hash})(s.one(), s.arena) == disk_hash);
    CHECK(from({FieldKind::episode})(s.one(), s.arena) == "00000000000000aa-1767225600.500000000");
    CHECK(from({label("x"), label("instance")})(s.one(), s.arena) == "n1");
    CHECK(from({FieldSource([](const Subject&, Arena&) { return std::string_view("mine"); })})(s.one(), s.arena) == "mine");
}

TEST_CASE("external ID: of a group, the hash of its key") {
    Sample s;
    s.group.group_key = disk_key;
    CHECK(ExternalIdPolicy{}(s.whole(), s.arena) == disk_hash);
}

TEST_CASE("external ID: an unchanged value is not copied") {
    Sample s;
    s.firing({}).fingerprint = "00000000000000aa";
    CHECK(ExternalIdPolicy{}(s.one(), s.arena).data() == s.alert(0).fingerprint.data());
}

TEST_CASE("external ID: combinations of different values differ") {
    Sample s;
    s.firing({{"a", "x/y"}, {"b", "z"}});
    s.firing({{"a", "x"}, {"b", "y/z"}});
    s.firing({{"b", "z"}});
    s.firing({{"a", "x%2Fy"}, {"b", "z"}});
    s.firing({{"c", "z"}}).fingerprint = "00000000000000aa";
    ExternalIdPolicy id = from({label("a"), label("b")});
    id.combine = true;
    CHECK(id(s.one(0), s.arena) == "x%2Fy/z");
    CHECK(id(s.one(1), s.arena) == "x/y/z");
    CHECK(id(s.one(2), s.arena) == "/z");
    CHECK(id(s.one(3), s.arena) == "x%252Fy/z");
    CHECK(id(s.one(4), s.arena) == "00000000000000aa");
}

TEST_CASE("external ID: scope prefix") {
    Sample s;
    s.firing({}).fingerprint = "00000000000000aa";
    s.group.receiver = "team\\.a/b";
    ExternalIdPolicy id;
    id.scope = {literal("eu-1"), FieldKind::receiver, label("x")};
    CHECK(id(s.one(), s.arena) == "eu-1/team.a%2Fb//00000000000000aa");
}

TEST_CASE("external ID: a too long ID becomes its hash") {
    Sample s;
    s.firing({{"id", disk_key}});
    ExternalIdPolicy id = from({label("id")});
    id.max_length = disk_key.size();
    CHECK(id(s.one(), s.arena) == disk_key);
    id.max_length = disk_key.size() - 1;
    CHECK(id(s.one(), s.arena) == disk_hash);
    const std::string long_text(10'000, 'x');
    s.alert(0).labels = s.set({{"id", long_text}});
    CHECK(id(s.one(), s.arena).size() == 64);
    id.max_length = 0;
    CHECK(id(s.one(), s.arena) == long_text);
}

TEST_CASE("external ID: never empty") {
    Sample s;
    const ExternalIdPolicy id = from({});
    // An empty group.
    CHECK(id(s.whole(), s.arena) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    s.firing({{"alertname", "WR"}, {"scenario", "weirdrecv"}});
    CHECK(id(s.one(), s.arena) == "8a45564de1c60d88");
    CHECK(from({label("alertname2")})(s.one(), s.arena) == "8a45564de1c60d88");
    s.firing({});
    CHECK(id(s.one(1), s.arena) == "cbf29ce484222325");
    s.group.group_key = disk_key;
    CHECK(id(s.whole(), s.arena) == disk_hash);
}

TEST_CASE("external ID: of a group without a key: its group labels, else its alerts in any order") {
    const ExternalIdPolicy id;
    Sample s;
    s.firing({}).fingerprint = "00000000000000aa";
    s.firing({}).fingerprint = "00000000000000bb";
    const std::string both(id(s.whole(), s.arena));
    CHECK(both == sha256_hex("00000000000000aa/00000000000000bb", s.arena));
    s.alert(0).fingerprint = "00000000000000bb";
    s.alert(1).fingerprint = "00000000000000aa";
    CHECK(id(s.whole(), s.arena) == both);
    s.alert(1).fingerprint = "00000000000000cc";
    CHECK(id(s.whole(), s.arena) != both);
    s.group.group_labels = s.set({{"alertname", "WR"}, {"scenario", "weirdrecv"}});
    CHECK(id(s.whole(), s.arena) == sha256_hex("8a45564de1c60d88", s.arena));
}

TEST_CASE("external ID: of a function; scope, limit and fallback apply") {
    Sample s;
    s.firing({{"alertname", "WR"}, {"scenario", "weirdrecv"}});
    ExternalIdPolicy id = from({label("alertname")});
    id.function = [](const Subject& subject, Arena& arena) -> Text { return arena.concat({"f-", subject.labels().get("scenario")}); };
    CHECK(id(s.one(), s.arena) == "f-weirdrecv");
    id.scope = {literal("eu")};
    CHECK(id(s.one(), s.arena) == "eu/f-weirdrecv");
    id.max_length = 8;
    CHECK(id(s.one(), s.arena) == sha256_hex("eu/f-weirdrecv", s.arena));
    id = {};
    id.function = [](const Subject&, Arena&) -> Text { return " "; };
    CHECK(id(s.one(), s.arena) == "8a45564de1c60d88");
}
