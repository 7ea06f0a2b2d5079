#include "alertmap/recorder.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace alertmap;

TEST_CASE("recorder: JSON lines, in both spellings") {
    const Result<Records> read = read_records(
        R"({"@timestamp":"2026-09-01T10:00:00.5Z","instance":"am-1","data":{"alertCreated":{"alert":{"fingerprint":"13212347834561234567","name":"A","labels":{"labels":[{"key":"a","value":"b"}]},"resolved":false}}}}
{"@timestamp":"2026-09-01T10:00:01Z","instance":"am-1","data":{"alert_resolved":{"alert":{"fingerprint":170},"group_info":{"group_key":"{}:{}","receiver_name":"pager"}}},"clusterPosition":0}

{"@timestamp":"2026-09-01T10:00:02Z","data":{"notification":{"groupInfo":{"groupKey":"{}:{a=\"b\"}","receiverName":"pager"},"firingAlerts":[],"reason":"X"}}}
)");
    REQUIRE(read.has_value());
    CHECK(read->unreadable == 0);
    REQUIRE(read->records.size() == 3);
    CHECK(read->records[0].kind == RecordKind::alert_created);
    CHECK(read->records[0].fingerprint == "b75bb05a7fec8687");
    CHECK(read->records[0].instance == "am-1");
    CHECK(timestamp(read->records[0].at).nanoseconds == 500'000'000);
    CHECK(read->records[1].kind == RecordKind::alert_resolved);
    CHECK(read->records[1].fingerprint == "00000000000000aa");
    CHECK(read->records[1].group_key == "{}:{}");
    CHECK(read->records[1].receiver == "pager");
    CHECK(read->records[2].kind == RecordKind::notification);
    CHECK(read->records[2].group_key == "{}:{a=\"b\"}");
}

TEST_CASE("recorder: a batched webhook, one object over several lines, unknown kinds") {
    const Result<Records> batch = read_records(R"([{"@timestamp":"2026-09-01T10:00:00Z","data":{"silenceCreated":{}}},
        {"@timestamp":"2026-09-01T10:00:00Z","data":{"somethingNew":{"x":[1]}}}, 7, {}])");
    REQUIRE(batch.has_value());
    REQUIRE(batch->records.size() == 2);
    CHECK(batch->records[0].kind == RecordKind::silence_created);
    CHECK(batch->records[1].kind == RecordKind::other);
    CHECK(batch->unreadable == 2);
    const Result<Records> one =
        read_records("{\n \"@timestamp\": \"2026-09-01T10:00:00Z\",\n \"data\": {\"alertmanagerStartupEvent\": {}}\n}\n");
    REQUIRE(one.has_value());
    REQUIRE(one->records.size() == 1);
    CHECK(one->records[0].kind == RecordKind::startup);
}

TEST_CASE("recorder: a broken line is skipped; a broken array is an error; the number is limited") {
    const Result<Records> lines =
        read_records("{\"@timestamp\":\"\nnot json\n{\"@timestamp\":\"2026-09-01T10:00:00Z\",\"data\":{\"notification\":{}}}\n");
    REQUIRE(lines.has_value());
    CHECK(lines->records.size() == 1);
    CHECK(lines->unreadable == 2);
    CHECK(!read_records("[{]").has_value());
    CHECK(read_records("").error().code == Errc::empty_body);
    CHECK(read_records(" \n").error().code == Errc::empty_body);
    const std::string_view two = "{\"data\":{\"notification\":{}}}\n{\"data\":{\"notification\":{}}}";
    CHECK(read_records(two, 2).has_value());
    CHECK(read_records(two, 1).error().code == Errc::too_many_alerts);
}
