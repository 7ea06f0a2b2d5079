#include "alertmap/targets/template_target.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/targets/any.hpp"
#include "support/allocations.hpp"
#include "support/contract.hpp"
#include "support/golden.hpp"
#include "support/sample_events.hpp"

using namespace test;

static_assert(Target<TemplateTarget>);

namespace {

std::string full_file() { return read_file(data_file("target_files/full.json")); }

TemplateTarget full() {
    const std::vector<OptionValue> options = {{"token", "s3cret"}};
    Result<TemplateTarget> target = TemplateTarget::parse(full_file(), options);
    REQUIRE_MESSAGE(target.has_value(), to_string(target.error()));
    return *std::move(target);
}

Error error_of(std::string_view file) { return TemplateTarget::parse(file).error(); }

/// A file with that body and URL.
TemplateTarget with_body(std::string_view body, std::string_view more = {}) {
    const std::string file = R"({"name":"n","url":"https://h.example.test/x",)" + std::string(more) + R"("trigger":{"body":)" +
                             std::string(body) + "},\"resolve\":{}}";
    Result<TemplateTarget> target = TemplateTarget::parse(file);
    REQUIRE_MESSAGE(target.has_value(), to_string(target.error()));
    return *std::move(target);
}

}  // namespace

TEST_CASE("template_target: bodies and requests of a whole file") {
    const TemplateTarget target = full();
    CHECK(target.name == "acme");
    check_golden("template_target/alert_firing", written(target, alert_firing()));
    check_golden("template_target/alert_resolved", written(target, alert_resolved()));
    check_golden("template_target/hostile", written(target, hostile()));
    CHECK(written(target, alert_acknowledged()).empty());

    const Result<Request> trigger = target.request(alert_firing());
    REQUIRE(trigger);
    CHECK(trigger->method == "POST");
    CHECK(trigger->url == "https://api.acme.example/v1/ops/alerts");
    CHECK(trigger->body == golden("template_target/alert_firing"));
    REQUIRE(trigger->headers.size() == 3);
    CHECK(trigger->headers[1].value == "Bearer s3cret");
    CHECK(trigger->headers[1].secret);
    CHECK(trigger->headers[2].value == "Disk almost full on\xe2\x80\xa6");
    CHECK(target.request(alert_resolved()).error().code == Errc::missing_vendor_id);
    CHECK(target.request(alert_resolved(), "a/../b")->url == "https://api.acme.example/v1/alerts/a%2F..%2Fb");
    CHECK(target.request(alert_resolved(), "..").error().code == Errc::invalid_url);
    CHECK(target.request(alert_resolved(), std::string(513, 'x')).error() == Error{Errc::invalid_value, no_offset, "vendor_id"});
    CHECK(target.request(alert_acknowledged(), "7")->method == "PUT");
    CHECK(target.request(alert_resolved(), "7")->method == "PATCH");
    CHECK(target.read_id(R"({"data":{"id":42}})").value_or("") == "42");
    CHECK(target.succeeded(Transition::trigger, 202));
    CHECK_FALSE(target.succeeded(Transition::trigger, 201));
    CHECK(target.traits.resolves_by == ResolveBy::vendor_id);
    CHECK(target.traits.rate == Rate{10, 60, RatePer::credential});
    Event event = alert_firing();
    const std::string id(65, 'i');
    event.external_id = id;
    CHECK(write_error(target, event) == Errc::payload_too_large);
}

TEST_CASE("template_target: the contract") { CHECK(contract_fault(full(), {{}, {{"/text", set_summary, 30}}, "template_target"}) == ""); }

TEST_CASE("template_target: limits in bytes and UTF-16 units") {
    const std::string file =
        R"({"name":"n","url":"https://h.example.test/x","trigger":{"body":{"id":"{external_id}","a":"{summary:40b}","b":"{description:40u}"}},)"
        R"("resolve":{"body":{"id":"{external_id}"}}})";
    const Result<TemplateTarget> target = TemplateTarget::parse(file);
    REQUIRE(target);
    CHECK(contract_fault(*target, {"/id", {{"/a", set_summary, 40, Counted::bytes}, {"/b", set_description, 40, Counted::utf16}}, ""}) ==
          "");
}

TEST_CASE("template_target: text never changes the structure") {
    const TemplateTarget target = with_body(R"({"{{k}}":"{summary}","n":["{description}","{firing}"],"o":{"x":"{labels}"}})");
    for (const std::string_view text : hostile_texts) {
        Event event = alert_firing();
        event.summary = text;
        event.description = text;
        Json json;
        const std::string body = written(target, event);
        REQUIRE(JsonText(body).read(json));
        REQUIRE(json.members.size() == 3);
        CHECK(json.members[0].second.text == text);
        CHECK(json.members[1].second.elements[0].text == text);
        CHECK(json.members[1].second.elements[1].raw == "1");
    }
}

TEST_CASE("template_target: a form") {
    const std::string file = R"({"name":"n","url":"https://h.example.test/{option.key}","media_type":"application/x-www-form-urlencoded",
        "options":{"key":{"secret":true,"default":"k/1"},"user":{"secret":true,"default":"u&r"}},
        "trigger":{"form":{"user key":"{option.user}","message":"<{summary:10}>","n":"{firing}"}}})";
    const Result<TemplateTarget> target = TemplateTarget::parse(file);
    REQUIRE(target);
    Event event = alert_firing();
    event.summary = "a&b=c d\xc3\xa9 and more";
    const Result<Request> request = target->request(event);
    REQUIRE(request);
    CHECK(request->url == "https://h.example.test/k%2F1");
    CHECK(request->body == "user%20key=u%26r&message=%3Ca%26b%3Dc%20d%C3%A9%20%E2%80%A6%3E&n=1");
    CHECK(to_string(*request).find("k%2F1") == std::string::npos);
    CHECK(to_string(*request).find("u%26r") == std::string::npos);
    CHECK(target->request(alert_resolved()).error().code == Errc::unsupported_transition);
}

TEST_CASE("template_target: what is empty is dropped only where the file says so") {
    Event event = alert_firing();
    event.description = {};
    event.labels = {};
    constexpr std::string_view body =
        R"({"a":"{description}","b":{"c":"{description}","d":"x{description}"},"e":"{labels}","f":"{summary:4}"})";
    CHECK(written(with_body(body), event) == "{\"a\":\"\",\"b\":{\"c\":\"\",\"d\":\"x\"},\"e\":{},\"f\":\"Dis\xe2\x80\xa6\"}");
    CHECK(written(with_body(body, "\"drop_empty\":true,"), event) == "{\"b\":{\"d\":\"x\"},\"f\":\"Dis\xe2\x80\xa6\"}");
}

TEST_CASE("template_target: errors name the place") {
    constexpr std::string_view start = R"({"name":"n","url":"https://h.example.test/",)";
    const auto file = [&](std::string_view rest) { return std::string(start) + std::string(rest) + "}"; };
    CHECK(error_of("").code == Errc::truncated_body);
    CHECK(error_of("[]").code == Errc::invalid_json);
    CHECK(error_of("{}") == Error{Errc::missing_value, no_offset, "name"});
    CHECK(error_of(R"({"name":"n"})") == Error{Errc::missing_value, no_offset, "trigger"});
    CHECK(error_of(R"({"name":"n","trigger":{}})") == Error{Errc::missing_value, no_offset, "url"});
    CHECK(error_of(file(R"("triger":{})")).path == "triger");
    CHECK(error_of(file(R"("triger":{})")).code == Errc::unknown_name);
    CHECK(error_of(file(R"("trigger":{"boddy":1})")).path == "trigger.boddy");
    const Error unknown = error_of(file(R"("trigger":{"body":{"a":["x","{sumary}"]}})"));
    CHECK(unknown.code == Errc::unknown_name);
    CHECK(unknown.path == "trigger.body.a[1]");
    CHECK(unknown.offset != no_offset);
    for (const char* text : {"{summary", "summary}", "{}", "{ summary }", "{summary:}", "{summary:x}", "{summary:1}", "{label.}",
                             "{option.no}", "a {labels} b"}) {
        CAPTURE(text);
        const Error error = error_of(file(R"("trigger":{"body":{"a":")" + std::string(text) + "\"}}"));
        CHECK((error.code == Errc::invalid_syntax || error.code == Errc::unknown_name));
        CHECK(error.path == "trigger.body.a");
    }
    CHECK(error_of(file(R"("trigger":{},"trigger":{})")).code == Errc::duplicate_key);
    CHECK(error_of(file(R"("trigger":{"body":1,"form":{}})")).code == Errc::duplicate_key);
    CHECK(error_of(file(R"("trigger":{"body":1,"form":{}})")).path == "trigger.form");
    CHECK(error_of(file(R"("trigger":{"body":{"a":1,}}})")).code == Errc::invalid_json);
    CHECK(error_of(file(R"("trigger":{},"severity":{"fatal":"1"})")).path == "severity.fatal");
    CHECK(error_of(file(R"("trigger":{},"success":[99])")).code == Errc::invalid_value);
    CHECK(error_of(file(R"("trigger":{},"method":"BREW")")).code == Errc::invalid_value);
    CHECK(error_of(file(R"("trigger":{},"traits":{"repeat":"perhaps"})")).code == Errc::unknown_name);
    CHECK(error_of(file(R"("trigger":{},"resolve":{"url":"https://h.example.test/{vendor_id}"})")) ==
          Error{Errc::missing_value, no_offset, "id_pointer"});
    CHECK(error_of(file(R"("trigger":{"url":"https://h.example.test/{vendor_id}"},"id_pointer":"/id")")).code == Errc::invalid_value);
    CHECK(error_of(file(R"("trigger":{},"headers":{"A\n":"x"})")).code == Errc::invalid_header);
    CHECK(error_of(file(R"("trigger":{},"headers":{"X {summary}":"x"})")).code == Errc::invalid_header);
}

TEST_CASE("template_target: no placeholder in scheme, host or port") {
    for (const char* url : {"https://{label.host}/x", "https://h{summary}/x", "https://h:{firing}/", "{summary}", "{label.url}/x",
                            "http{summary}://h/", "{external_id}https://h/", "ftp://h/", "h", ""}) {
        CAPTURE(url);
        const Error error = error_of(R"({"name":"n","url":")" + std::string(url) + R"(","trigger":{}})");
        CHECK(error.code == Errc::invalid_url);
        CHECK(error.path == "url");
    }
    for (const char* url : {"https://h.example.test/{label.a}", "https://h.example.test?x={summary}", "https://h.example.test"}) {
        CAPTURE(url);
        CHECK(TemplateTarget::parse(R"({"name":"n","url":")" + std::string(url) + R"(","trigger":{}})"));
    }
}

TEST_CASE("template_target: options") {
    CHECK(TemplateTarget::parse(full_file()).error() == Error{Errc::missing_value, no_offset, "options.token"});
    const std::vector<OptionValue> wrong = {{"tokn", "x"}};
    CHECK(TemplateTarget::parse(full_file(), wrong).error() == Error{Errc::unknown_name, no_offset, "options.tokn"});
    const Result<std::vector<TemplateOption>> options = template_options(full_file());
    REQUIRE(options);
    REQUIRE(options->size() == 3);
    CHECK((*options)[0].key == "token");
    CHECK((*options)[0].is == OptionIs::required_secret);
    CHECK((*options)[2].value == "ops");
}

TEST_CASE("template_target: a header of hostile text is one line") {
    Event event = alert_firing();
    event.summary = "a\r\nX-Evil: 1";
    const Result<Request> request = full().request(event);
    REQUIRE(request);
    CHECK(request->headers[2].value == "a  X-Evil: 1");
}

TEST_CASE("template_target: no allocation once the buffer has its size, and every cut file is an error") {
    const TemplateTarget target = full();
    Buffer out;
    REQUIRE(target.write(hostile(), out));
    out.clear();
    const std::size_t before = allocations;
    REQUIRE(target.write(hostile(), out));
    CHECK(allocations == before);
    const std::string file = full_file();
    const std::size_t last = file.rfind('}');
    for (std::size_t size = 0; size <= last; ++size) CHECK_FALSE(TemplateTarget::parse(std::string_view(file).substr(0, size)).has_value());
}
