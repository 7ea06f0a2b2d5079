#include "alertmap/targets/kit.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "support/sample_events.hpp"

using namespace alertmap;

namespace {
std::string cut(std::string_view text, std::size_t limit) {
    Buffer out;
    {
        JsonWriter json(out);
        json.begin_object();
        kit::member_cut(json, "t", text, limit);
        json.end_object();
    }
    return out.str().substr(6, out.size() - 8);
}
std::string time_of(const Timestamp& time) {
    Buffer out;
    {
        JsonWriter json(out);
        json.begin_object();
        kit::member_time(json, "t", time);
        json.end_object();
    }
    return out.str();
}
std::string utc(std::int64_t seconds, std::int32_t nanoseconds) {
    Timestamp time;
    time.is_set = true;
    time.seconds = seconds;
    time.nanoseconds = nanoseconds;
    return time_of(time);
}
}  // namespace

TEST_CASE("kit: truncation by code points") {
    CHECK(cut("abcd", 4) == "abcd");
    CHECK(cut("abcde", 4) == "abc\xe2\x80\xa6");
    CHECK(cut("", 4) == "");
    CHECK(cut("\xc3\xa9\xc3\xa9\xc3\xa9", 3) == "\xc3\xa9\xc3\xa9\xc3\xa9");
    CHECK(cut("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 3) == "\xc3\xa9\xc3\xa9\xe2\x80\xa6");
    CHECK(cut("\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5", 1) == "\xe2\x80\xa6");
    CHECK(cut("\"\"\"\"", 3) == "\\\"\\\"\xe2\x80\xa6");
}

TEST_CASE("kit: the first code points") {
    CHECK(kit::first_code_points("a\xe4\xb8\xad"
                                 "b",
                                 2) == "a\xe4\xb8\xad");
    CHECK(kit::first_code_points("a\xe4\xb8\xad"
                                 "b",
                                 3) ==
          "a\xe4\xb8\xad"
          "b");
    CHECK(kit::first_code_points("abc", 0) == "");
}

TEST_CASE("kit: times") {
    CHECK(time_of({}) == "{}");
    CHECK(time_of(*parse_timestamp("0001-01-01T00:00:00Z")) == "{}");
    CHECK(time_of(*parse_timestamp("2026-03-04T05:06:07.089+05:30")) == R"({"t":"2026-03-04T05:06:07.089+05:30"})");
    CHECK(time_of(*parse_timestamp("2026-01-15 16:00:00.123456789 +0530 +0530 m=+8560.28")) == R"({"t":"2026-01-15T10:30:00.123456789Z"})");
    CHECK(time_of(*parse_timestamp("2026-01-15t16:00:00z")) == R"({"t":"2026-01-15T16:00:00.000000000Z"})");
    CHECK(utc(951'782'400, 1) == R"({"t":"2000-02-29T00:00:00.000000001Z"})");
    CHECK(utc(951'868'800, 0) == R"({"t":"2000-03-01T00:00:00.000000000Z"})");
    CHECK(utc(-1, 999'999'999) == R"({"t":"1969-12-31T23:59:59.999999999Z"})");
    CHECK(utc(253'402'300'799, 0) == R"({"t":"9999-12-31T23:59:59.000000000Z"})");
}

TEST_CASE("kit: every formatted day is read back by parse_timestamp()") {
    // A time on each of 300 years' days, with a prime number of days in between.
    for (std::int64_t day = -135'000; day < 400'000; day += 37) {
        const std::string text = utc(day * 86400 + 43'201, 0);
        const auto back = parse_timestamp(std::string_view(text).substr(6, text.size() - 8));
        REQUIRE(back);
        REQUIRE(back->seconds == day * 86400 + 43'201);
    }
}

TEST_CASE("kit: answers: IDs") {
    CHECK(kit::read_id(R"({"eventId":"e1"})", "eventId").value_or("") == "e1");
    CHECK(kit::read_id(R"( {"x":{"eventId":"no"},"eventId":12345678901234567890} )", "eventId").value_or("") == "12345678901234567890");
    CHECK(kit::read_id(R"({"included":[{"id":"no"}],"data":{"type":"t","id":"a\u0062"},"meta":{"id":"no"}})", "data", "id").value_or("") ==
          "ab");
}

TEST_CASE("kit: answers: no IDs") {
    for (const char* text :
         {"{}", "[]", "null", "1", "\"id\"", R"({"id":null})", R"({"id":""})", R"({"id":true})", R"({"id":{"id":"x"}})"}) {
        CAPTURE(text);
        CHECK(kit::read_id(text, "id").error().code == Errc::missing_vendor_id);
    }
    CHECK(kit::read_id(R"({"data":"id"})", "data", "id").error().code == Errc::missing_vendor_id);
    CHECK(kit::read_id(R"({"data":{"id":{}}})", "data", "id").error().code == Errc::missing_vendor_id);
}

TEST_CASE("kit: answers: invalid JSON") {
    CHECK(kit::read_id("", "id").error().code == Errc::truncated_body);
    CHECK(kit::read_id("<html>", "id").error().code == Errc::invalid_json);
    CHECK(kit::read_id(R"({"id":"x")", "id").error().code == Errc::truncated_body);
    CHECK(kit::read_id(R"({"id":"x"} y)", "id").error().code == Errc::trailing_content);
}

TEST_CASE("kit: answers that say true") {
    CHECK(kit::says_true(R"({"ok":true,"ts":"1"})", "ok"));
    for (const char* text : {R"({"ok":false})", R"({"ok":"true"})", R"({"x":{"ok":true}})", "{}", "[]", "", "ok", R"({"ok":true)"}) {
        CAPTURE(text);
        CHECK_FALSE(kit::says_true(text, "ok"));
    }
}

TEST_CASE("kit: which events are refused") {
    Event event = test::alert_firing();
    CHECK_FALSE(kit::refused(event));
    event.transition = Transition::acknowledge;
    CHECK_FALSE(kit::refused(event));
    CHECK(kit::refused(event, {.acknowledges = false}) == Errc::unsupported_transition);
    event.transition = Transition::ignore;
    CHECK(kit::refused(event) == Errc::unsupported_transition);
    event.transition = Transition::resolve;
    event.external_id = {};
    CHECK(kit::refused(event) == Errc::empty_external_id);
    CHECK(kit::refused(test::heartbeat()) == Errc::unsupported_transition);
    CHECK(kit::pings(test::heartbeat()));
    CHECK_FALSE(kit::pings(event));
}

TEST_CASE("kit: the first bytes and UTF-16 units never split a code point") {
    const std::string_view text = "a\xc3\xa9\xe7\x81\xab\xf0\x9f\x94\xa5z";  // 1, 2, 3, 4 and 1 bytes; 1, 1, 1, 2 and 1 units
    const std::size_t ends[] = {0, 1, 3, 6, 10, 11};
    for (std::size_t limit = 0; limit <= 12; ++limit) {
        std::size_t expected = 0;
        for (const std::size_t end : ends) expected = end <= limit ? end : expected;
        CHECK(kit::first_bytes(text, limit).size() == expected);
    }
    const std::size_t by_units[] = {0, 1, 3, 6, 6, 10, 11, 11};
    for (std::size_t limit = 0; limit < 8; ++limit) CHECK(kit::first_utf16(text, limit).size() == by_units[limit]);
    CHECK(kit::first_bytes("", 0).empty());
}

TEST_CASE("kit: severities in the vendor's words") {
    constexpr kit::SeverityWords words = {"P1", "P2", "P3", "P5"};
    Event event = test::alert_firing();
    event.severity_word = "page";
    CHECK(kit::severity_word(event, words) == "P1");
    CHECK(kit::severity_word(event, words, "page=P0,critical=P9") == "P0");
    CHECK(kit::severity_word(event, words, "ticket=P4,critical=P9") == "P9");
    CHECK(kit::severity_word(event, words, "page,=x,pag=P4,page2=P4") == "P1");
    CHECK(kit::severity_word(event, words, "PAGE=P0") == "P0");
    event.severity_word = {};
    event.severity = Severity::info;
    CHECK(kit::severity_word(event, words, "=P0") == "P5");
}

TEST_CASE("kit: words that the vendor does not accept are skipped") {
    constexpr kit::SeverityWords words = {"P1", "P2", "P3", "P5"};
    constexpr std::string_view choices = "P1|P2|P3|P4|P5";
    Event event = test::alert_firing();
    event.severity = Severity::warning;
    event.severity_word = "page";
    event.priority = "p4";
    CHECK(kit::severity_word(event, words, "page=P1", choices) == "P4");  // in the vendor's spelling
    event.priority = "urgent";
    CHECK(kit::severity_word(event, words, "page=P1", choices) == "P1");
    CHECK(kit::severity_word(event, words, "page=P,warning=P2", choices) == "P2");
    CHECK(kit::severity_word(event, words, "page=P11,warning=P1|P2", choices) == "P3");
    CHECK(kit::severity_word(event, words, "page=P1") == "urgent");  // without choices any word is accepted
    event.priority = "#102030";
    CHECK(kit::severity_word(event, words, {}, "red|#*") == "#102030");
    CHECK(kit::severity_word(event, words, {}, "red|#") == "P3");
}

TEST_CASE("kit: date and time of day in UTC") {
    CHECK(std::string_view(kit::utc_date_time(test::alert_firing().starts_at)) == "2026-03-04 05:06:07");
    CHECK(std::string_view(kit::utc_date_time({})).empty());
}

TEST_CASE("kit: Basic authentication") {
    // Source: RFC 7617, section 2, and RFC 4648, section 10.
    CHECK(kit::basic("Aladdin", "open sesame").value == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    CHECK(kit::basic("f", "").value == "Basic Zjo=");
    CHECK(kit::basic("fo", "").value == "Basic Zm86");
    CHECK(kit::basic("\xff\xff", "\xff").value == "Basic //86/w==");
    CHECK(kit::basic("", "").value.empty());
    CHECK(kit::basic("a", "b").secret);
    CHECK(kit::bearer("").value.empty());
}

TEST_CASE("kit: a secret of the body is masked in its escaped form") {
    Request request;
    request.body = R"({"key":"a\"b\\c"})";
    kit::mask_in_body(request, "a\"b\\c");
    CHECK(to_string(request).find(R"({"key":"***"})") != std::string::npos);
    kit::mask_in_body(request, "");
    CHECK(request.secrets.size() == 2);
}
