#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/parser.hpp"
#include "support/describe.hpp"
#include "support/parsed.hpp"

// One odd field must not lose an alert: every body has two valid alerts around an odd part, which must be read completely.
using namespace alertmap;
using test::Parsed;

namespace {

constexpr std::string_view first =
    R"({"status":"firing","labels":{"alertname":"First"},"annotations":{"s":"1"},"startsAt":"2026-01-15T10:30:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://a/","fingerprint":"0000000000000001"})";
constexpr std::string_view last =
    R"({"status":"resolved","labels":{"alertname":"Last"},"annotations":{"s":"2"},"startsAt":"2026-01-15T10:30:00Z","endsAt":"2026-01-15T10:31:00Z","generatorURL":"http://b/","fingerprint":"0000000000000002"})";

std::string body_with(std::string_view alert, std::string_view member = {}) {
    std::string body = R"({"receiver":"r","status":"firing","alerts":[)";
    body += first;
    body += ',';
    if (!alert.empty()) body.append(alert).append(",");
    body += last;
    body += R"(],"groupLabels":{"g":"1"},"commonLabels":{"c":"1"},"commonAnnotations":{"a":"1"},"externalURL":"http://am/","version":"4",)";
    if (!member.empty()) body.append(member).append(",");
    body += R"("groupKey":"{}:{}"})";
    return body;
}

/// The valid neighbours, and the rest after the odd part.
void check_the_rest(const Parsed& group) {
    REQUIRE(group.result);
    REQUIRE(group->alerts.size() >= 2);
    static const Parsed valid(body_with({}));
    CHECK(test::describe(group->alerts.front()) == test::describe(valid->alerts.front()));
    CHECK(test::describe(group->alerts.back()) == test::describe(valid->alerts.back()));
    CHECK(group->receiver == "r");
    CHECK(group->external_url == "http://am/");
    CHECK(group->group_key == "{}:{}");
}

/// An odd alert in the middle.
Parsed with_alert(std::string_view alert) {
    Parsed group(body_with(alert));
    check_the_rest(group);
    REQUIRE(group->alerts.size() == 3);
    return group;
}

/// A group in which the member with this name is odd and replaces the valid one.
Parsed with_member(std::string_view name, std::string_view value) {
    std::string body = R"({"alerts":[)";
    body.append(first).append(",").append(last).append("]");
    for (const auto& [key, json] : std::vector<std::pair<std::string_view, std::string_view>>{{"receiver", R"("r")"},
                                                                                              {"status", R"("firing")"},
                                                                                              {"notification_reason", R"("n")"},
                                                                                              {"groupLabels", R"({"g":"1"})"},
                                                                                              {"commonLabels", R"({"c":"1"})"},
                                                                                              {"commonAnnotations", R"({"a":"1"})"},
                                                                                              {"routeLabels", R"({"r":"1"})"},
                                                                                              {"externalURL", R"("http://am/")"},
                                                                                              {"version", R"("4")"},
                                                                                              {"groupKey", R"("{}:{}")"},
                                                                                              {"truncatedAlerts", "0"}}) {
        body.append(",\"").append(key).append("\":").append(key == name ? value : json);
    }
    body += "}";
    Parsed group(std::move(body));
    REQUIRE(group.result);
    REQUIRE(group->alerts.size() == 2);
    CHECK(group.alert(0).labels.get("alertname") == "First");
    CHECK(group.alert(1).labels.get("alertname") == "Last");
    if (name != "receiver") CHECK(group->receiver == "r");
    if (name != "groupKey") CHECK(group->group_key == "{}:{}");
    return group;
}

constexpr std::string_view sets[] = {"groupLabels", "commonLabels", "commonAnnotations", "routeLabels"};

Labels set(const Parsed& group, std::string_view name) {
    if (name == "groupLabels") return group->group_labels;
    if (name == "commonLabels") return group->common_labels;
    if (name == "commonAnnotations") return group->common_annotations;
    return group->route_labels;
}

}  // namespace

TEST_CASE("tolerance: sets of the group that are null or not objects") {
    for (const std::string_view name : sets) {
        CAPTURE(name);
        const Parsed null = with_member(name, "null");
        CHECK_FALSE(set(null, name).present());
        CHECK(null.warnings == "null_value " + std::string(name) + "\n");
        for (const std::string_view value : {R"("")", "[]", R"("text")", "0", "true", R"([{"a":"1"}])"}) {
            CAPTURE(value);
            const Parsed odd = with_member(name, value);
            CHECK(set(odd, name).empty());
            CHECK(odd.warnings == "wrong_type " + std::string(name) + "\n");
        }
    }
}

TEST_CASE("tolerance: missing sets are absent") {
    const Parsed group(body_with(R"({"status":"firing","labels":{"alertname":"X"}})"));
    check_the_rest(group);
    CHECK_FALSE(group.alert(1).annotations.present());
    CHECK_FALSE(group->route_labels.present());
    CHECK(group.warnings.empty());
}

TEST_CASE("tolerance: labels and annotations of an alert that are null, missing or not objects") {
    const Parsed null = with_alert(R"({"status":"firing","labels":null,"annotations":null,"fingerprint":"f"})");
    CHECK_FALSE(null.alert(1).labels.present());
    CHECK_FALSE(null.alert(1).annotations.present());
    CHECK(null.alert(1).fingerprint == "f");
    CHECK(null.warnings == "null_value alerts[1].labels\nnull_value alerts[1].annotations\n");

    const Parsed empty = with_alert(R"({"status":"firing","labels":"","annotations":"","fingerprint":"f"})");
    CHECK(empty.alert(1).labels.empty());
    CHECK(empty.alert(1).annotations.empty());
    CHECK(empty.alert(1).fingerprint == "f");
    CHECK(empty.warnings == "wrong_type alerts[1].labels\nwrong_type alerts[1].annotations\n");

    const Parsed array = with_alert(R"({"status":"firing","labels":["a"],"annotations":7,"fingerprint":"f"})");
    CHECK(array.alert(1).labels.empty());
    CHECK(array.alert(1).annotations.empty());
    CHECK(array.warnings == "wrong_type alerts[1].labels\nwrong_type alerts[1].annotations\n");

    const Parsed missing = with_alert(R"({"status":"firing","fingerprint":"f"})");
    CHECK_FALSE(missing.alert(1).labels.present());
    CHECK(missing.alert(1).fingerprint == "f");
    CHECK(missing.warnings == "missing_field alerts[1].labels\n");
}

TEST_CASE("tolerance: label values that are not strings") {
    const std::string odd =
        R"({"n":200,"neg":-1.50E+3,"big":123456789012345678901234567890,"t":true,"f":false,"null":null,"o": { "a" : [ 1 , "x y" ] , "b":null },"a":[ 1, 2 ],"s":"ok","oo":{},"aa":[ ]})";
    const std::string warnings_of =
        "wrong_type PATH.n\nwrong_type PATH.neg\nwrong_type PATH.big\nwrong_type PATH.t\nwrong_type PATH.f\n"
        "null_value PATH.null\nwrong_type PATH.o\nwrong_type PATH.a\nwrong_type PATH.oo\nwrong_type PATH.aa\n";
    const auto check = [&](const Parsed& group, Labels labels, const std::string& path) {
        CHECK(labels.size() == 10);
        CHECK(labels.get("n") == "200");
        CHECK(labels.get("neg") == "-1.50E+3");
        CHECK(labels.get("big") == "123456789012345678901234567890");
        CHECK(labels.get("t") == "true");
        CHECK(labels.get("f") == "false");
        CHECK(labels.find("null") == nullptr);
        CHECK(labels.get("o") == R"({"a":[1,"x y"],"b":null})");
        CHECK(labels.get("a") == "[1,2]");
        CHECK(labels.get("s") == "ok");
        CHECK(labels.get("oo") == "{}");
        CHECK(labels.get("aa") == "[]");
        std::string expected = warnings_of;
        for (std::size_t at = 0; (at = expected.find("PATH", at)) != std::string::npos;) expected.replace(at, 4, path);
        CHECK(group.warnings == expected);
    };
    const Parsed labels = with_alert(R"({"status":"firing","labels":)" + odd + "}");
    check(labels, labels.alert(1).labels, "alerts[1].labels");
    const Parsed annotations = with_alert(R"({"status":"firing","labels":{},"annotations":)" + odd + "}");
    check(annotations, annotations.alert(1).annotations, "alerts[1].annotations");
    for (const std::string_view name : sets) {
        CAPTURE(name);
        const Parsed group = with_member(name, odd);
        check(group, set(group, name), std::string(name));
    }
}

TEST_CASE("tolerance: compact JSON keeps what is in strings") {
    const Parsed group =
        with_alert("{\"status\":\"firing\",\"labels\":{\"o\":{ \"a b\" : \" \\\" : , \\\\\" ,\n\t\"c\":[ \"  \", 1.0e5 , { } ]\r}}}");
    CHECK(group.alert(1).labels.get("o") == R"({"a b":" \" : , \\","c":["  ",1.0e5,{}]})");
    CHECK(group.warnings == "wrong_type alerts[1].labels.o\n");
}

TEST_CASE("tolerance: an object with escaped names in place of a string") {
    for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{10'000}}) {
        std::string name;
        for (std::size_t i = 0; i < size; ++i) name += "\\n";
        const std::string object = "{\"" + name + "\": [{ \"" + name + "\":\"" + name + "\"}]}";
        const Parsed group(R"({"status":"firing","alerts":[{"status":"firing","labels":{"a":)" + object + "}}]}");
        REQUIRE(group.result);
        CHECK(group.alert(0).labels.get("a") == "{\"" + name + "\":[{\"" + name + "\":\"" + name + "\"}]}");
    }
}

TEST_CASE("tolerance: texts of the group that are not strings") {
    struct Member {
        std::string_view name;
        Text AlertGroup::*text;
    };
    constexpr Member members[] = {{"receiver", &AlertGroup::receiver},
                                  {"notification_reason", &AlertGroup::notification_reason},
                                  {"externalURL", &AlertGroup::external_url},
                                  {"version", &AlertGroup::version},
                                  {"groupKey", &AlertGroup::group_key}};
    for (const Member& member : members) {
        CAPTURE(member.name);
        const auto read = [&](std::string_view value) {
            const Parsed group = with_member(member.name, value);
            const bool useless = member.name == "groupKey" && value == "true";
            CHECK(group.warnings == (value == "null" ? "null_value " : "wrong_type ") + std::string(member.name) + "\n" +
                                        (useless ? "useless_id groupKey\n" : ""));
            const std::string_view got = (*group).*member.text;
            return got.data() == nullptr ? std::string("absent") : std::string(got);
        };
        CHECK(read("4") == "4");
        CHECK(read("5615590933959184469") == "5615590933959184469");
        CHECK(read("18446744073709551616") == "18446744073709551616");
        CHECK(read("1.5") == "1.5");
        CHECK(read("true") == (member.name == "groupKey" ? "absent" : "true"));
        CHECK(read("null") == "absent");
        CHECK(read(R"({ "a" : 1 })") == R"({"a":1})");
        CHECK(read("[ 1 ]") == "[1]");
    }
}

TEST_CASE("tolerance: texts of an alert that are not strings") {
    const Parsed number = with_alert(R"({"status":"firing","labels":{},"fingerprint":1234567890123456,"generatorURL":false})");
    CHECK(number.alert(1).fingerprint == "1234567890123456");
    CHECK(number.alert(1).generator_url == "false");
    CHECK(number.warnings == "wrong_type alerts[1].fingerprint\nwrong_type alerts[1].generatorURL\n");
    const Parsed null =
        with_alert(R"({"status":"firing","labels":{},"fingerprint":null,"generatorURL":null,"startsAt":null,"endsAt":null})");
    CHECK(null.alert(1).fingerprint.data() == nullptr);
    CHECK(null.alert(1).generator_url.data() == nullptr);
    CHECK(null.alert(1).starts_at.text.data() == nullptr);
    CHECK_FALSE(null.alert(1).ends_at);
    CHECK(null.warnings ==
          "null_value alerts[1].fingerprint\nnull_value alerts[1].generatorURL\nnull_value alerts[1].startsAt\nnull_value "
          "alerts[1].endsAt\n");
}

TEST_CASE("tolerance: alerts that are null, missing, empty or not an array") {
    const std::string_view rest = R"("receiver":"r","status":"resolved","groupLabels":{},"groupKey":"{}:{}"})";
    const auto with = [&](std::string_view alerts) { return Parsed("{" + std::string(alerts) + std::string(rest)); };

    const Parsed empty = with(R"("alerts":[],)");
    REQUIRE(empty.result);
    CHECK(empty->alerts.empty());
    CHECK(empty.warnings.empty());
    CHECK_FALSE(empty->incomplete);

    const Parsed null = with(R"("alerts":null,)");
    REQUIRE(null.result);
    CHECK(null->alerts.empty());
    CHECK(null->receiver == "r");
    CHECK(null.warnings == "null_value alerts\n");
    CHECK(null->incomplete);
    CHECK_FALSE(fully_resolved(*null.result));

    const Parsed missing = with("");
    REQUIRE(missing.result);
    CHECK(missing->alerts.empty());
    CHECK(missing->group_key == "{}:{}");
    CHECK(missing.warnings == "missing_field alerts\n");
    CHECK(missing->incomplete);
    CHECK_FALSE(fully_resolved(*missing.result));
}

TEST_CASE("tolerance: elements of alerts that are not objects are skipped, and the group is incomplete") {
    for (const std::string_view element : {"null", "1", "true", R"("alert")", "[]", R"([{"labels":{"a":"1"}}])"}) {
        CAPTURE(element);
        const Parsed group(body_with(element));
        check_the_rest(group);
        CHECK(group->alerts.size() == 2);
        CHECK(group->incomplete);
        CHECK_FALSE(fully_resolved(*group));
        CHECK(group.warnings == "wrong_type alerts[1]\n");
        REQUIRE(group.parser.warnings().size() == 1);
        CHECK(group.parser.warnings()[0].alert == 1);
        CHECK(group.body.substr(group.parser.warnings()[0].offset, element.size()) == element);
    }
}

TEST_CASE("tolerance: later paths count the skipped elements") {
    const Parsed group(
        R"({"status":"firing","alerts":[null,{"status":"firing","labels":{"a":1}},7,{"status":"firing","labels":{"b":2}}]})");
    REQUIRE(group.result);
    REQUIRE(group->alerts.size() == 2);
    CHECK(group.warnings == "wrong_type alerts[0]\nwrong_type alerts[1].labels.a\nwrong_type alerts[2]\nwrong_type alerts[3].labels.b\n");
}

TEST_CASE("tolerance: status of an alert") {
    struct Case {
        std::string_view members;
        Status status;
        std::string_view warning;
    };
    const Case cases[] = {
        {R"("status":"firing")", Status::firing, ""},
        {R"("status":"resolved")", Status::resolved, ""},
        {R"("status":"resolved","endsAt":"0001-01-01T00:00:00Z")", Status::resolved, ""},
        {R"("status":"resolved","endsAt":"")", Status::resolved, ""},
        {R"("status":"firing","endsAt":"2026-01-15T10:31:00Z")", Status::firing, ""},
        {R"("status":"FIRING")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"Resolved")", Status::resolved, "unknown_status alerts[1].status\n"},
        {R"("status":"RESOLVED")", Status::resolved, "unknown_status alerts[1].status\n"},
        {R"("status":"suppressed")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"suppressed","endsAt":"2026-01-15T10:31:00Z")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"ok")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"resolved ")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"resolve")", Status::firing, "unknown_status alerts[1].status\n"},
        {R"("status":"re\u0073olved")", Status::resolved, ""},
        {R"("fingerprint":"f")", Status::firing, "missing_field alerts[1].status\n"},
        {R"("status":null,"endsAt":"2026-01-15T10:31:00Z")", Status::firing, "null_value alerts[1].status\n"},
        {R"("endsAt":"2026-01-15T10:31:00Z")", Status::firing, "missing_field alerts[1].status\n"},
        {R"("endsAt":"0001-01-01T00:00:00Z")", Status::firing, "missing_field alerts[1].status\n"},
        {R"("endsAt":"1970-01-01T00:00:00Z")", Status::firing, "missing_field alerts[1].status\n"},
        {R"("endsAt":"")", Status::firing, "missing_field alerts[1].status\n"},
        {R"("endsAt":"9999-12-31T23:59:59Z")", Status::firing, "missing_field alerts[1].status\n"},
        {R"("endsAt":"9998-12-31T23:59:59Z")", Status::firing, "missing_field alerts[1].status\n"},
    };
    for (const auto& one : cases) {
        const auto& members = one.members;
        const auto& status = one.status;
        const auto& warning = one.warning;
        CAPTURE(members);
        const Parsed group = with_alert(R"({"labels":{"alertname":"X"},)" + std::string(members) + "}");
        CHECK(name(group.alert(1).status) == name(status));
        CHECK(group.warnings == warning);
    }
}

TEST_CASE("tolerance: an alert without a status has the group's, at any position") {
    const std::string ended = R"("endsAt":"2026-01-15T10:31:00Z")";
    const std::string alerts =
        R"("alerts":[{"labels":{"a":"1"}},{"labels":{"a":"2"},)" + ended + R"(},{"status":null,"labels":{"a":"3"}}])";
    for (const Status status : {Status::firing, Status::resolved}) {
        const std::string member = R"("status":")" + std::string(name(status)) + "\"";
        for (const std::string& body : {"{" + member + "," + alerts + "}", "{" + alerts + "," + member + "}"}) {
            const Parsed group(body);
            REQUIRE(group.result);
            REQUIRE(group->alerts.size() == 3);
            for (const Alert& alert : group->alerts) CHECK(name(alert.status) == name(status));
            CHECK(fully_resolved(*group) == (status == Status::resolved));
            CHECK(group.warnings == "missing_field alerts[0].status\nmissing_field alerts[1].status\nnull_value alerts[2].status\n");
        }
    }
    // Another word is not a group status that could close anything.
    const Parsed word("{" + alerts + R"(,"status":"ok"})");
    for (const Alert& alert : word->alerts) CHECK(alert.status == Status::firing);
    // An end only decides if the group has no status either.
    const auto alone = [](std::string_view ends_at) {
        const Parsed group(R"({"alerts":[{"labels":{},"endsAt":")" + std::string(ends_at) + R"("}],"status":null})");
        CHECK(group->status == group.alert(0).status);
        return group.alert(0).status;
    };
    CHECK(alone("2026-01-15T10:31:00Z") == Status::resolved);
    CHECK(alone("9998-12-31T23:59:59Z") == Status::resolved);
    CHECK(alone("0001-01-01T00:00:00Z") == Status::firing);
    CHECK(alone("1970-01-01T00:00:00Z") == Status::firing);
    CHECK(alone("9999-12-31T23:59:59Z") == Status::firing);
    CHECK(alone("") == Status::firing);
}

TEST_CASE("tolerance: a meaningless ID is treated as absent") {
    for (const std::string_view value :
         {R"({})", "[]", "true", "false", R"("")", R"(" \t")", R"("{}")", R"("true")", R"("null")", R"("<no value>")", "0",
          R"("0000000000000000")", R"("                ")", R"("undefined       ")", R"("Fingerprint")"}) {
        CAPTURE(value);
        for (const bool ordered : {true, false}) {
            const std::string members =
                R"("annotations":{},"startsAt":"2026-01-15T10:30:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"",)";
            const Parsed group = with_alert(R"({"status":"firing","labels":{"a":"1"},)" + (ordered ? members : "") + R"("fingerprint":)" +
                                            std::string(value) + "}");
            CHECK(group.alert(1).fingerprint.data() == nullptr);
            CHECK(group.warnings.find("useless_id alerts[1].fingerprint\n") != std::string::npos);
        }
        // As other senders have it, and with all of Alertmanager's members in its order.
        const Parsed alone = with_member("groupKey", value);
        const Parsed ordered(R"({"receiver":"r","status":"firing","alerts":[],"groupLabels":{},"commonLabels":{},"commonAnnotations":{},)"
                             R"("externalURL":"","version":"4","groupKey":)" +
                             std::string(value) + R"(,"truncatedAlerts":0})");
        for (const Parsed* group : {&alone, &ordered}) {
            CHECK((*group)->group_key.data() == nullptr);
            CHECK(group->warnings.find("useless_id groupKey\n") != std::string::npos);
        }
    }
    for (const std::string_view value :
         {R"("0000000000000001")", R"("f")", "5615590933959184469", R"("nothing")", R"("coralogix/alert")"}) {
        CAPTURE(value);
        const Parsed group = with_alert(R"({"status":"firing","labels":{"a":"1"},"fingerprint":)" + std::string(value) + "}");
        CHECK_FALSE(group.alert(1).fingerprint.empty());
        CHECK(group.warnings.find("useless_id") == std::string::npos);
    }
}

TEST_CASE("tolerance: status of an alert that is not a string") {
    const Parsed null = with_alert(R"({"labels":{},"status":null})");
    CHECK(null.alert(1).status == Status::firing);
    CHECK(null.warnings == "null_value alerts[1].status\n");
    for (const std::string_view value : {"1", "true", "{}", R"(["resolved"])"}) {
        CAPTURE(value);
        const Parsed group = with_alert(R"({"labels":{},"status":)" + std::string(value) + "}");
        CHECK(group.alert(1).status == Status::firing);
        CHECK_FALSE(group.warnings.empty());
        CHECK(group.warnings.find("alerts[1].status\n") != std::string::npos);
    }
}

TEST_CASE("tolerance: status of the group") {
    const auto status_of = [](std::string_view members) {
        const Parsed group("{" + std::string(members) + "}");
        REQUIRE(group.result);
        return group->status;
    };
    const std::string fires = R"({"status":"firing","labels":{}})";
    const std::string gone = R"({"status":"resolved","labels":{}})";
    CHECK(status_of(R"("alerts":[)" + gone + "," + fires + "]") == Status::firing);
    CHECK(status_of(R"("alerts":[)" + gone + "," + gone + "]") == Status::resolved);
    CHECK(status_of(R"("alerts":[])") == Status::firing);
    CHECK(status_of(R"("alerts":[)" + gone + R"(],"status":null)") == Status::resolved);
    CHECK(status_of(R"("alerts":[)" + gone + R"(],"status":"firing")") == Status::firing);
    CHECK(status_of(R"("alerts":[)" + fires + R"(],"status":"resolved")") == Status::resolved);
    CHECK(status_of(R"("status":"Resolved","alerts":[])") == Status::resolved);
    CHECK(status_of(R"("status":"ok","alerts":[)" + gone + "]") == Status::firing);
    const Parsed word(R"({"status":"ok","alerts":[]})");
    CHECK(word.warnings == "unknown_status status\n");
    const Parsed upper(R"({"status":"FIRING","alerts":[]})");
    CHECK(upper.warnings == "unknown_status status\n");
}

TEST_CASE("tolerance: times in all formats") {
    struct Case {
        std::string_view text;
        bool is_set;
        std::int64_t seconds;
        std::int32_t nanoseconds;
    };
    const Case cases[] = {
        {"2026-01-15T10:30:00Z", true, 1768473000, 0},
        {"2026-01-15T10:30:00.1Z", true, 1768473000, 100'000'000},
        {"2026-01-15T10:30:00.123Z", true, 1768473000, 123'000'000},
        {"2026-01-15T10:30:00.123456Z", true, 1768473000, 123'456'000},
        {"2026-01-15T10:30:00.123456789Z", true, 1768473000, 123'456'789},
        {"2026-01-15t10:30:00z", true, 1768473000, 0},
        {"2026-01-15T16:00:00+05:30", true, 1768473000, 0},
        {"2026-01-15T16:00:00.25+05:30", true, 1768473000, 250'000'000},
        {"2026-01-15T02:30:00-08:00", true, 1768473000, 0},
        {"2026-01-15 10:30:00 +0000 UTC", true, 1768473000, 0},
        {"2026-01-15 16:00:00.123456789 +0530 +0530", true, 1768473000, 123'456'789},
        {"2026-01-15 16:00:00.123456789 +0530 IST m=+8560.28", true, 1768473000, 123'456'789},
        {"9999-12-31T23:59:59Z", true, 253402300799, 0},
        {"1969-12-31T23:59:59Z", true, -1, 0},
        {"", false, 0, 0},
        {"0001-01-01T00:00:00Z", false, 0, 0},
        {"0001-01-01T00:00:00.000Z", false, 0, 0},
        {"0001-01-01 00:00:00 +0000 UTC", false, 0, 0},
        {"1970-01-01T00:00:00Z", false, 0, 0},
        {"1970-01-01 00:00:00 +0000 UTC", false, 0, 0},
    };
    for (const Case& time : cases) {
        CAPTURE(time.text);
        const std::string text(time.text);
        const Parsed group = with_alert(R"({"status":"firing","labels":{},"startsAt":")" + text + R"(","endsAt":")" + text + R"("})");
        CHECK(group.warnings.empty());
        for (const Timestamp& got : {group.alert(1).starts_at, group.alert(1).ends_at}) {
            CHECK(got.is_set == time.is_set);
            CHECK(got.seconds == time.seconds);
            CHECK(got.nanoseconds == time.nanoseconds);
            CHECK(got.text == time.text);
            CHECK(got.text.data() != nullptr);
        }
    }
}

TEST_CASE("tolerance: times with one changed byte") {
    // The parser reads times on the same day as the previous one in a faster way, which must equal parse_timestamp().
    Parser parser;
    std::size_t times = 0;
    for (const std::string_view right : {"2026-01-15T10:30:00Z", "2026-01-15T23:59:59.5Z", "2026-01-15T19:05:48.123456789Z"}) {
        for (std::size_t place = 0; place < right.size(); ++place) {
            for (char byte = ' '; byte <= '~'; ++byte) {
                if (byte == '"' || byte == '\\') continue;
                std::string text(right);
                text[place] = byte;
                CAPTURE(text);
                const std::string body = R"({"receiver":"r","status":"firing","alerts":[{"status":"firing","labels":{},"annotations":{},)"
                                         R"("startsAt":"2026-01-15T00:00:00Z","endsAt":")" +
                                         text + R"("}]})";
                const Result<AlertGroup> group = parser.parse(body);
                REQUIRE(group);
                const Timestamp& got = group->alerts[0].ends_at;
                const Result<Timestamp> wanted = parse_timestamp(text);
                CHECK(got.text == text);
                CHECK(got.is_set == (wanted && wanted->is_set));
                CHECK(got.seconds == (wanted ? wanted->seconds : 0));
                CHECK(got.nanoseconds == (wanted ? wanted->nanoseconds : 0));
                CHECK(parser.warning_count() == (wanted ? 0 : 1));
                times += got.is_set ? 1 : 0;
            }
        }
    }
    CHECK(times > 100);
}

TEST_CASE("tolerance: a time with escapes") {
    const Parsed group = with_alert(R"({"status":"firing","labels":{},"startsAt":"2026\u002d01-15T10:30:00\u002B00:00"})");
    CHECK(group.alert(1).starts_at.seconds == 1768473000);
    CHECK(group.alert(1).starts_at.text == "2026-01-15T10:30:00+00:00");
    CHECK(group.warnings.empty());
}

TEST_CASE("tolerance: ten NULs are not a date") {
    std::string date;
    for (int i = 0; i < 10; ++i) date += "\\u0000";
    const Parsed group(R"({"status":"firing","alerts":[{"status":"firing","labels":{},"startsAt":")" + date + R"(T10:30:00Z"}]})");
    REQUIRE(group.result);
    CHECK_FALSE(group.alert(0).starts_at.is_set);
    CHECK(group.warnings == "invalid_time alerts[0].startsAt\n");
}

TEST_CASE("tolerance: an invalid time keeps its text") {
    for (const std::string_view text : {"never", "2026-02-30T00:00:00Z", "1768473000", "2026-01-15", "+Inf", " "}) {
        CAPTURE(text);
        const Parsed group = with_alert(R"({"status":"firing","labels":{},"startsAt":")" + std::string(text) + R"(","fingerprint":"f"})");
        CHECK_FALSE(group.alert(1).starts_at.is_set);
        CHECK(group.alert(1).starts_at.text == text);
        CHECK(group.alert(1).fingerprint == "f");
        CHECK(group.warnings == "invalid_time alerts[1].startsAt\n");
    }
    const Parsed ends = with_alert(R"({"labels":{},"endsAt":"soon"})");
    CHECK(ends.alert(1).status == Status::firing);
    CHECK(ends.alert(1).ends_at.text == "soon");
}

TEST_CASE("tolerance: a time that is not a string") {
    for (const std::string_view value : {"1768473000", "1768473000.5", "true", "{}", "[]"}) {
        CAPTURE(value);
        const Parsed group = with_alert(R"({"status":"firing","labels":{},"startsAt":)" + std::string(value) + R"(,"fingerprint":"f"})");
        CHECK_FALSE(group.alert(1).starts_at.is_set);
        CHECK(group.alert(1).starts_at.text == value);
        CHECK(group.alert(1).fingerprint == "f");
        CHECK_FALSE(group.warnings.empty());
        CHECK(group.warnings.find(" alerts[1].startsAt\n") != std::string::npos);
    }
}

TEST_CASE("tolerance: truncatedAlerts") {
    struct Case {
        std::string_view json;
        std::uint64_t count;
        std::string_view warning;
    };
    constexpr std::uint64_t most = UINT64_MAX;
    const Case cases[] = {
        {"0", 0, ""},
        {"3", 3, ""},
        {"18446744073709551615", most, ""},
        {R"("3")", 3, "wrong_type truncatedAlerts\n"},
        {R"("0")", 0, "wrong_type truncatedAlerts\n"},
        {"null", 0, "null_value truncatedAlerts\n"},
        {"1e3", 1000, "invalid_count truncatedAlerts\n"},
        {"3.0", 3, "invalid_count truncatedAlerts\n"},
        {"2.50e1", 25, "invalid_count truncatedAlerts\n"},
        {"300e-2", 3, "invalid_count truncatedAlerts\n"},
        {"0.0", 0, "invalid_count truncatedAlerts\n"},
        {"0e99", 0, "invalid_count truncatedAlerts\n"},
        {"-1", 1, "invalid_count truncatedAlerts\n"},
        {"2.5", 1, "invalid_count truncatedAlerts\n"},
        {"1e-1", 1, "invalid_count truncatedAlerts\n"},
        {"true", 1, "invalid_count truncatedAlerts\n"},
        {"false", 1, "invalid_count truncatedAlerts\n"},
        {R"("many")", 1, "invalid_count truncatedAlerts\n"},
        {R"("")", 0, "wrong_type truncatedAlerts\n"},
        {"{}", 1, "invalid_count truncatedAlerts\n"},
        {"[3]", 1, "invalid_count truncatedAlerts\n"},
        {"18446744073709551616", most, "invalid_count truncatedAlerts\n"},
        {"99999999999999999999999999", most, "invalid_count truncatedAlerts\n"},
        {"1.00000000000000000000000", 1, "invalid_count truncatedAlerts\n"},
        {"0.00000000000000000000000", 0, "invalid_count truncatedAlerts\n"},
        {"0.30000000000000000000000e1", 3, "invalid_count truncatedAlerts\n"},
        {"100000000000000000000000000e-26", 1, "invalid_count truncatedAlerts\n"},
        {"1.00000000000000000000001", 1, "invalid_count truncatedAlerts\n"},
        {"123456789012345678901234567890e-10", 1, "invalid_count truncatedAlerts\n"},
        {"18446744073709551615.0", most, "invalid_count truncatedAlerts\n"},
        {"18446744073709551614.0", most - 1, "invalid_count truncatedAlerts\n"},
        {"1e-999999999999999999999", 1, "invalid_count truncatedAlerts\n"},
        {"1e400", most, "invalid_count truncatedAlerts\n"},
        {"1e999999999999999999999", most, "invalid_count truncatedAlerts\n"},
    };
    for (const auto& one : cases) {
        const auto& json = one.json;
        const auto& count = one.count;
        const auto& warning = one.warning;
        CAPTURE(json);
        const Parsed group = with_member("truncatedAlerts", json);
        CHECK(group->truncated_alerts == count);
        CHECK(group.warnings == warning);
    }
}

TEST_CASE("tolerance: for duplicate members the last one wins") {
    const Parsed top(
        R"({"receiver":"one","status":"firing","alerts":[],"receiver":"two","status":"resolved","groupLabels":{"a":"1"},"groupLabels":{"b":"2"}})");
    REQUIRE(top.result);
    CHECK(top->receiver == "two");
    CHECK(top->status == Status::resolved);
    CHECK(top->group_labels.size() == 1);
    CHECK(top->group_labels.get("b") == "2");
    CHECK(top.warnings == "duplicate_key receiver\nduplicate_key status\nduplicate_key groupLabels\n");

    const Parsed alert =
        with_alert(R"({"status":"firing","labels":{"a":"1"},"fingerprint":"x","labels":{"a":"2"},"fingerprint":"y","status":"resolved"})");
    CHECK(alert.alert(1).labels.get("a") == "2");
    CHECK(alert.alert(1).fingerprint == "y");
    CHECK(alert.alert(1).status == Status::resolved);
    CHECK(alert.warnings == "duplicate_key alerts[1].labels\nduplicate_key alerts[1].fingerprint\nduplicate_key alerts[1].status\n");

    const Parsed labels = with_alert(R"({"status":"firing","labels":{"a":"1","b":"x","a":"2","\u0061":"3"}})");
    CHECK(labels.alert(1).labels.size() == 2);
    CHECK(labels.alert(1).labels.get("a") == "3");
    CHECK(labels.alert(1).labels.get("b") == "x");
    CHECK(labels.warnings == "duplicate_key alerts[1].labels.a\nduplicate_key alerts[1].labels.a\n");
}

TEST_CASE("tolerance: a duplicate label, once null") {
    const Parsed last_is_null = with_alert(R"({"status":"firing","labels":{"a":"1","b":"x","a":null}})");
    CHECK(last_is_null.alert(1).labels.find("a") == nullptr);
    CHECK(last_is_null.alert(1).labels.size() == 1);
    CHECK(last_is_null.warnings.find("null_value alerts[1].labels.a\n") != std::string::npos);
    const Parsed first_is_null = with_alert(R"({"status":"firing","labels":{"a":null,"b":"x","a":"1"}})");
    CHECK(first_is_null.alert(1).labels.get("a") == "1");
    CHECK(first_is_null.alert(1).labels.size() == 2);
}

TEST_CASE("tolerance: many labels with many duplicates") {
    std::string labels = "{";
    for (int i = 0; i < 3000; ++i) labels += "\"l" + std::to_string(i % 1000) + "\":\"" + std::to_string(i) + "\",";
    labels.back() = '}';
    const Parsed group = with_alert(R"({"status":"firing","labels":)" + labels + "}");
    REQUIRE(group.alert(1).labels.size() == 1000);
    CHECK(group.alert(1).labels.get("l0") == "2000");
    CHECK(group.alert(1).labels.get("l999") == "2999");
    CHECK(group.parser.warning_count() == 2000);
    CHECK(group.parser.warnings().size() == 1000);
}

TEST_CASE("tolerance: duplicate alerts member") {
    const Parsed group(
        R"({"status":"firing","alerts":[{"status":"firing","labels":{"a":"1"}}],"alerts":[{"status":"firing","labels":{"b":"2"}},{"status":"firing","labels":{"c":"3"}}]})");
    REQUIRE(group.result);
    REQUIRE(group->alerts.size() == 2);
    CHECK(group->alerts[0].labels.get("b") == "2");
    CHECK(group->alerts[1].labels.get("c") == "3");
    CHECK(group.warnings == "duplicate_key alerts\n");
}

TEST_CASE("tolerance: a byte order mark, and offsets that count it") {
    const std::string body = "\xef\xbb\xbf" + body_with(R"({"status":"firing","labels":{"a":1}})");
    const Parsed group(body);
    check_the_rest(group);
    CHECK(group.warnings == "byte_order_mark \nwrong_type alerts[1].labels.a\n");
    REQUIRE(group.parser.warnings().size() == 2);
    CHECK(group.parser.warnings()[0].offset == 0);
    CHECK(group.parser.warnings()[1].offset == body.find(":1}") + 1);

    const Parsed broken("\xef\xbb\xbf{\"alerts\":[x]}");
    REQUIRE_FALSE(broken.result);
    CHECK(broken.result.error().offset == 14);
    const Parsed only("\xef\xbb\xbf");
    REQUIRE_FALSE(only.result);
    CHECK(only.result.error().code == Errc::empty_body);
    const Parsed spaced("\xef\xbb\xbf \n");
    REQUIRE_FALSE(spaced.result);
    CHECK(spaced.result.error().code == Errc::empty_body);
    const Parsed half("\xef\xbb");
    CHECK_FALSE(half.result);
    const Parsed twice("\xef\xbb\xbf\xef\xbb\xbf{\"alerts\":[]}");
    REQUIRE_FALSE(twice.result);
    CHECK(twice.result.error().offset == 3);
}

TEST_CASE("tolerance: lone surrogates become U+FFFD") {
    struct Case {
        std::string_view json;
        std::string_view text;
    };
    const Case cases[] = {
        {R"(\ud800)", "\ufffd"},
        {R"(\udc00)", "\ufffd"},
        {R"(a\udfffb)", "a\ufffdb"},
        {R"(\ud800x)", "\ufffdx"},
        {R"(\ud800\n)", "\ufffd\n"},
        {R"(\ud800\u0041)", "\ufffdA"},
        {R"(\ud800\ud83d\udd25)", "\ufffd🔥"},
        {R"(\ud83d\udd25\ud800)", "🔥\ufffd"},
        {R"(\udbff\ud800)", "\ufffd\ufffd"},
        {R"(\udc00\ud800)", "\ufffd\ufffd"},
        {R"(\uD800\uE000)", "\ufffd\ue000"},
    };
    for (const auto& one : cases) {
        const auto& json = one.json;
        const auto& text = one.text;
        CAPTURE(json);
        const Parsed group = with_alert(R"({"status":"firing","labels":{"a":")" + std::string(json) + R"("},"fingerprint":"f"})");
        CHECK(group.alert(1).labels.get("a") == text);
        CHECK(group.alert(1).fingerprint == "f");
        CHECK(group.parser.warning_count() >= 1);
        REQUIRE_FALSE(group.parser.warnings().empty());
        CHECK(group.parser.warnings()[0].code == Errc::lone_surrogate);
        CHECK(group.parser.warnings()[0].path() == "alerts[1].labels.a");
    }
    const Parsed pair = with_alert(R"({"status":"firing","labels":{"a":"\ud83d\udd25\uDBFF\uDFFF"}})");
    CHECK(pair.alert(1).labels.get("a") == "🔥\U0010ffff");
    CHECK(pair.warnings.empty());
}

TEST_CASE("tolerance: NUL is an ordinary character") {
    const Parsed group = with_alert(R"({"status":"firing","labels":{"a":"x\u0000y"}})");
    CHECK(group.alert(1).labels.get("a") == std::string_view("x\0y", 3));
    CHECK(group.warnings.empty());
}

TEST_CASE("tolerance: warnings are in body order, with offsets of the values") {
    const Parsed group(
        R"({"version":4,"alerts":[{"labels":{"a":null,"b":2},"status":"ok","startsAt":"x"}],"commonLabels":"","status":"firing"})");
    REQUIRE(group.result);
    CHECK(group.warnings ==
          "wrong_type version\nnull_value alerts[0].labels.a\nwrong_type alerts[0].labels.b\nunknown_status alerts[0].status\n"
          "invalid_time alerts[0].startsAt\nwrong_type commonLabels\n");
    const auto warnings = group.parser.warnings();
    REQUIRE(warnings.size() == 6);
    CHECK(group.body.substr(warnings[0].offset, 2) == "4,");
    CHECK(group.body.substr(warnings[1].offset, 4) == "null");
    CHECK(group.body.substr(warnings[2].offset, 2) == "2}");
    CHECK(group.body.substr(warnings[3].offset, 4) == R"("ok")");
    CHECK(group.body.substr(warnings[4].offset, 3) == R"("x")");
    CHECK(group.body.substr(warnings[5].offset, 2) == R"("")");
}

TEST_CASE("tolerance: a missing member is reported at the start of its object") {
    const Parsed group(R"({"status":"firing","alerts":[{"status":"firing"}]})");
    REQUIRE(group.parser.warnings().size() == 1);
    CHECK(group.parser.warnings()[0].offset == group.body.find(R"({"status":"firing"}])"));
}

TEST_CASE("tolerance: unknown members may have any value") {
    const Parsed group =
        with_alert(R"({"status":"firing","labels":{},"values":null,"a":[],"b":{"x":null},"c":"","d":-0.0e0,"e":"\ud800"})");
    CHECK(group.alert(1).extra.size() == 6);
    const auto warnings = group.warnings;
    CHECK((warnings.empty() || warnings == "lone_surrogate alerts[1].e\n"));
}

TEST_CASE("tolerance: strict returns the first warning as error") {
    ParseOptions strict;
    strict.strict = true;
    struct Case {
        std::string body;
        Errc code;
        std::string_view path;
    };
    const Case cases[] = {
        {body_with(R"({"status":"firing","labels":null})"), Errc::null_value, "alerts[1].labels"},
        {body_with(R"({"status":"firing","labels":{"a":1}})"), Errc::wrong_type, "alerts[1].labels.a"},
        {body_with(R"({"status":"ok","labels":{"a":1}})"), Errc::unknown_status, "alerts[1].status"},
        {body_with(R"({"labels":{"a":1},"status":"ok"})"), Errc::wrong_type, "alerts[1].labels.a"},
        {body_with(R"({"status":"firing"})"), Errc::missing_field, "alerts[1].labels"},
        {body_with(R"({"labels":{}})"), Errc::missing_field, "alerts[1].status"},
        {body_with(R"({"status":"firing","labels":{},"startsAt":"x"})"), Errc::invalid_time, "alerts[1].startsAt"},
        {body_with("null"), Errc::wrong_type, "alerts[1]"},
        {body_with("", R"("truncatedAlerts":"3")"), Errc::wrong_type, "truncatedAlerts"},
        {body_with("", R"("truncatedAlerts":-3)"), Errc::invalid_count, "truncatedAlerts"},
        {body_with("", R"("receiver":"again")"), Errc::duplicate_key, "receiver"},
        {"\xef\xbb\xbf" + body_with(R"({"status":"firing","labels":null})"), Errc::byte_order_mark, ""},
        {body_with(R"({"status":"firing","labels":{"a":"\ud800"}})"), Errc::lone_surrogate, "alerts[1].labels.a"},
    };
    for (const auto& one : cases) {
        const auto& body = one.body;
        const auto& code = one.code;
        const auto& path = one.path;
        CAPTURE(body);
        const Parsed tolerant(body);
        REQUIRE(tolerant.result);
        REQUIRE(tolerant.parser.warning_count() >= 1);
        const Warning& warning = tolerant.parser.warnings()[0];
        const Parsed group(body, strict);
        REQUIRE_FALSE(group.result);
        CHECK(name(group.result.error().code) == name(code));
        CHECK(group.result.error().path == path);
        CHECK(group.result.error().code == warning.code);
        CHECK(group.result.error().offset == warning.offset);
        CHECK(group.result.error().path == warning.path());
    }
    const Parsed valid(body_with({}), strict);
    CHECK(valid.result);
}

TEST_CASE("tolerance: paths with long keys are shortened") {
    const std::string key(100'000, 'k');
    Parser parser;
    REQUIRE(parser.parse(std::string_view(R"({"alerts":[{"status":"firing","labels":{"a":1}}]})")));
    CHECK(parser.warnings()[0].path() == "alerts[0].labels.a");
    const std::string odd = R"({"alerts":[{"status":"firing","labels":{")" + key + R"(":1}}]})";
    REQUIRE(parser.parse(odd));
    CHECK(parser.warnings()[0].path() == "alerts[0].labels." + key.substr(0, 256 - 17) + "\u2026");
    const std::string broken = R"({"alerts":[{"labels":{")" + key + R"(":x}}]})";
    const auto group = parser.parse(broken);
    REQUIRE_FALSE(group);
    CHECK(group.error().path == "alerts[0].labels." + key.substr(0, 256 - 17) + "\u2026");
}
