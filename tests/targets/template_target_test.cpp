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

/// A file with this body and URL.
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

TEST_CASE("template_target: alert texts cannot change the structure") {
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

TEST_CASE("template_target: empty members are only dropped with drop_empty") {
    Event event = alert_firing();
    event.description = {};
    event.labels = {};
    constexpr std::string_view body =
        R"({"a":"{description}","b":{"c":"{description}","d":"x{description}"},"e":"{labels}","f":"{summary:4}"})";
    CHECK(written(with_body(body), event) == "{\"a\":\"\",\"b\":{\"c\":\"\",\"d\":\"x\"},\"e\":{},\"f\":\"Dis\xe2\x80\xa6\"}");
    CHECK(written(with_body(body, "\"drop_empty\":true,"), event) == "{\"b\":{\"d\":\"x\"},\"f\":\"Dis\xe2\x80\xa6\"}");
}

TEST_CASE("template_target: errors have a path") {
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
    REQUIRE(options->size() == 4);
    CHECK((*options)[0].key == "token");
    CHECK((*options)[0].is == OptionIs::required_secret);
    CHECK((*options)[2].value == "ops");
    CHECK((*options)[3].key == "severity_words");
}

TEST_CASE("template_target: a header of hostile text is one line") {
    Event event = alert_firing();
    event.summary = "a\r\nX-Evil: 1";
    const Result<Request> request = full().request(event);
    REQUIRE(request);
    CHECK(request->headers[2].value == "a  X-Evil: 1");
}

TEST_CASE("template_target: no allocation after the buffer has grown; every truncated file is an error") {
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

TEST_CASE("template_target: fallback, markup and limit of a value") {
    const TemplateTarget target = with_body(
        R"({"a":"{description??title}","b":"{url??runbook_url??client_url:40}","c":"<b>{summary|html:12}</b>","d":"{summary:12}","e":"{url|plain}"})",
        R"("markup":"markdown",)");
    Event event = alert_firing();
    event.description = {};
    event.summary = "a < *b* c";
    event.url = {};
    CHECK(written(target, event) == R"({"a":"a \\< \\*b\\* c","b":"https:)"
                                    "\u200b"
                                    R"(//runbooks\\.example\\.test/disk","c":"<b>a &lt; *b* c</b>","d":"a \\< \\*b\\* c","e":""})");
    event.summary = "a < *b* cd";
    const std::string longer = written(target, event);
    CHECK(longer.find("<b>a &lt; *b* \u2026</b>") != std::string::npos);
    CHECK(longer.find("\"d\":\"a \\\\< \\\\*b\\\\* \u2026\"") != std::string::npos);
    // A link is complete or omitted.
    event.url = "https://h.example.test/0123456789012345678901234567890123456789";
    CHECK(written(target, event).find("\"b\":\"\"") != std::string::npos);
}

TEST_CASE("template_target: conditional values") {
    const TemplateTarget target = with_body(
        R"({"one":{"$if":"{url}","$value":{"href":"{url}"}},"list":[{"$if":"{url}","$value":["{url}",{"$if":"{service}","$value":1}]},)"
        R"({"$if":"{label.team}","$value":{"team":"{label.team}"}},"last"],"word":{"$if":"{labels}","$value":true}})");
    Event event = alert_firing();
    event.url = "u";
    CHECK(written(target, event) == R"({"one":{"href":"u"},"list":[["u",1],"last"],"word":true})");
    event.service = {};
    CHECK(written(target, event) == R"({"one":{"href":"u"},"list":[["u"],"last"],"word":true})");
    event.url = {};
    event.labels = {};
    CHECK(written(target, event) == R"({"list":["last"]})");
    for (const char* body : {R"({"$if":"{url}","$value":1})", R"({"a":{"$if":"x","$value":1}})", R"({"a":{"$if":"{url}"}})",
                             R"({"a":{"$if":"{url}","$else":1}})", R"({"a":{"$if":"{url}","$value":1,"more":2}})",
                             R"({"a":{"$if":"a{url}","$value":1}})", R"({"a":{"$if":"{url}","$value":{"$if":"{url}","$value":1}}})"}) {
        CAPTURE(body);
        CHECK_FALSE(TemplateTarget::parse(R"({"name":"n","url":"https://h.example.test/","trigger":{"body":)" + std::string(body) + "}}"));
    }
}

TEST_CASE("template_target: labels as an array, as lines, and within a limit") {
    const TemplateTarget target = with_body(
        R"({"tags":"{label_tags}","few":"{labels:60b}","fewer":"{label_tags:40b}","lines":"{label_lines:42}","all":"{label_lines}"})");
    const Label labels[] = {{"alertname", "Disk\"Full"}, {"cluster", "eu-1"}, {"job", "node"}};
    Event event = alert_firing();
    event.labels = {labels, 3};
    CHECK(written(target, event) ==
          R"({"tags":["alertname:Disk\"Full","cluster:eu-1","job:node"],"few":{"alertname":"Disk\"Full","cluster":"eu-1","job":"node"},)"
          R"("fewer":["alertname:Disk\"Full"],"lines":"alertname: Disk\"Full\ncluster: eu-1)"
          "\u2026"
          R"(","all":"alertname: Disk\"Full\ncluster: eu-1\njob: node"})");
    event.labels = {};
    CHECK(written(target, event) == R"({"tags":[],"few":{},"fewer":[],"lines":"","all":""})");
}

TEST_CASE("template_target: severities as numbers, the user's table, and accepted words") {
    const std::string file = R"({"name":"n","url":"https://h.example.test/","trigger":{"body":["{severity}","x{severity}"]},)"
                             R"("severity":{"critical":1,"error":2,"warning":3.5,"info":4},"severity_choices":["1","2","3.5","4","9"]})";
    Result<TemplateTarget> target = TemplateTarget::parse(file);
    REQUIRE(target);
    Event event = alert_firing();
    CHECK(written(*target, event) == R"([1,"x1"])");
    event.priority = "9";
    CHECK(written(*target, event) == R"([9,"x9"])");
    event.priority = "10";
    CHECK(written(*target, event) == R"([1,"x1"])");
    event.priority = "]";
    CHECK(written(*target, event) == R"([1,"x1"])");
    event.priority = {};
    event.severity_word = "page";
    event.severity = Severity::warning;
    CHECK(written(*target, event) == R"([3.5,"x3.5"])");
    const std::vector<OptionValue> options = {{"severity_words", "page=9,warning=4,info=[]"}};
    target = TemplateTarget::parse(file, options);
    REQUIRE(target);
    CHECK(written(*target, event) == R"([9,"x9"])");
    event.severity_word = {};
    CHECK(written(*target, event) == R"([4,"x4"])");
    event.severity = Severity::info;
    CHECK(written(*target, event) == R"([4,"x4"])");
    CHECK(error_of(R"({"name":"n","url":"https://h.example.test/","trigger":{},"severity":{"critical":1}})").code == Errc::missing_value);
    CHECK(
        error_of(R"({"name":"n","url":"https://h.example.test/","trigger":{},"severity":{"critical":"1"},"options":{"severity_words":{}}})")
            .path == "options.severity_words");
}

TEST_CASE("template_target: missing severities default to their names") {
    Event event = alert_firing();
    CHECK(written(with_body(R"("{severity}")"), event) == "\"critical\"");
    event.severity = Severity::warning;
    CHECK(written(with_body(R"("{severity}")", R"("severity":{"critical":"P1"},)"), event) == "\"warning\"");
    event.severity = Severity::critical;
    CHECK(written(with_body(R"("{severity}")", R"("severity":{"critical":"P1"},)"), event) == "\"P1\"");
}

TEST_CASE("template_target: a body within its limit") {
    const std::string file =
        R"({"name":"n","url":"https://h.example.test/","trigger":{"body":{"id":"{external_id}","a":"{summary}","l":"{labels}"}},)"
        R"("body_limit":200})";
    const Result<TemplateTarget> target = TemplateTarget::parse(file);
    REQUIRE(target);
    CHECK(written(*target, alert_firing()).find("\"l\":{\"alertname\"") != std::string::npos);
    Event event = alert_firing();
    const std::string longer(150, 'x');
    event.summary = longer;
    CHECK(written(*target, event) == R"({"id":"a1b2c3d4e5f60718","a":")" + longer + R"(","l":{}})");
    const std::string longest(1000, '"');
    event.summary = longest;
    const std::string cut = written(*target, event);
    CHECK(cut.size() <= 200);
    CHECK(cut.find("\\\"\u2026\",\"l\":{}}") != std::string::npos);
    const std::string id(200, 'i');
    event.external_id = id;
    CHECK(write_error(*target, event) == Errc::payload_too_large);
    CHECK(target->request(event).error() == Error{Errc::payload_too_large, no_offset, "body"});
}

TEST_CASE("template_target: heartbeat") {
    const std::string start = R"({"name":"n","url":"https://h.example.test/alert","trigger":{"body":{}},)";
    const Result<TemplateTarget> target =
        TemplateTarget::parse(start + R"("heartbeat":{"method":"GET","url":"https://h.example.test/ping"}})");
    REQUIRE(target);
    const Result<Request> ping = target->request(heartbeat());
    REQUIRE(ping);
    CHECK(ping->method == "GET");
    CHECK(ping->url == "https://h.example.test/ping");
    CHECK(ping->body.empty());
    CHECK(write_error(*target, heartbeat()) == Errc::unsupported_transition);
    CHECK(error_of(start + R"("heartbeat":{"body":{}}})").path == "heartbeat");
    CHECK(TemplateTarget::parse(start + R"("success":[200]})")->request(heartbeat()).error().code == Errc::unsupported_transition);
}

TEST_CASE("template_target: conditions on answers") {
    const Result<TemplateTarget> target = TemplateTarget::parse(
        R"({"name":"n","url":"https://h.example.test/","trigger":{},"answer":{"/ok":true,"/data/code":0,"/text":"fine"}})");
    REQUIRE(target);
    CHECK(target->succeeded(Transition::trigger, 200, R"({"data":{"x":1,"code":0},"text":"fine","ok":true})"));
    for (const char* answer :
         {"", "{", "[]", "ok", R"({"ok":true})", R"({"data":{"code":1},"text":"fine","ok":true})", R"({"data":0,"text":"fine","ok":true})",
          R"({"data":{"code":0},"text":"fine","ok":false})", R"({"data":{"code":0},"text":"no","ok":true})"}) {
        CAPTURE(answer);
        CHECK_FALSE(target->succeeded(Transition::trigger, 200, answer));
    }
    CHECK_FALSE(target->succeeded(Transition::trigger, 500, R"({"data":{"code":0},"text":"fine","ok":true})"));
    for (const char* answer : {R"({"ok":true})", R"({"/a/b/c":1})", R"({"/ok":{}})", R"({"/ok":[]})"}) {
        CAPTURE(answer);
        CHECK_FALSE(
            TemplateTarget::parse(R"({"name":"n","url":"https://h.example.test/","trigger":{},"answer":)" + std::string(answer) + "}"));
    }
}

TEST_CASE("template_target: an unset time") {
    Event event;
    event.external_id = "id";
    constexpr std::string_view body = R"({"a":"{starts_at_unix}","b":"at {starts_at_unix}","c":{"$if":"{ends_at_unix}","$value":1},"d":2})";
    CHECK(written(with_body(body), event) == R"({"a":0,"b":"at ","d":2})");
    CHECK(written(with_body(body, "\"drop_empty\":true,"), event) == R"({"b":"at ","d":2})");
    event.starts_at.seconds = 5;
    event.starts_at.is_set = true;
    CHECK(written(with_body(body), event) == R"({"a":5,"b":"at 5","d":2})");
}

TEST_CASE("template_target: option values are part of the surrounding text") {
    constexpr std::string_view file = R"({"name":"n","url":"https://h.example.test/x","drop_empty":true,
        "options":{"key":{"secret":true},"room":{},"other":{"default":"\"o\""}},
        "trigger":{"body":{"key":"{option.key}","room":"{option.room}","both":"{option.room??option.other}",
                           "in":["{option.other}",{"$if":"{option.room}","$value":"r"},{"$if":"{option.key}","$value":"k"}],
                           "text":"a {option.key} b {option.room}","short":"{option.other:4}"}}})";
    const auto with = [&](std::vector<OptionValue> values) { return *TemplateTarget::parse(file, values); };
    CHECK(written(with({}), alert_firing()) == R"({"both":"\"o\"","in":["\"o\""],"text":"a  b ","short":"\"o\""})");
    const TemplateTarget target = with({{"key", "s3\"cret"}, {"room", "<r>"}});
    CHECK(written(target, alert_firing()) ==
          R"({"key":"s3\"cret","room":"<r>","both":"<r>","in":["\"o\"","r","k"],"text":"a s3\"cret b <r>","short":"\"o\""})");
    CHECK(to_string(*target.request(alert_firing())).find("cret") == std::string::npos);
}
