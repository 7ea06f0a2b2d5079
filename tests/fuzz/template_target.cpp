// Arbitrary target files: rejected, or valid JSON and a single request for any alert. The input up to its last line is the file; the last
// line is used as alert text and option values.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/json_writer.hpp"
#include "alertmap/targets/template_target.hpp"
#include "support/json.hpp"

namespace {

using namespace alertmap;

void require(bool truth) {
    if (!truth) std::abort();
}

/// The parts that only the file may determine: scheme, host and port.
std::string_view origin_of(std::string_view url) {
    const std::size_t scheme = url.find("://");
    return scheme == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?#", scheme + 3));
}

bool is_utf8(std::string_view text) {
    Buffer out;
    JsonWriter(out).value(text);
    test::Json json;
    return test::JsonText(out.view()).read(json) && json.text == text;
}

struct Shape {
    test::Json::Kind kind;
    std::vector<Shape> inner;
    friend bool operator==(const Shape&, const Shape&) = default;
};
Shape shape_of(const test::Json& json) {
    Shape shape = {json.kind, {}};
    for (const auto& element : json.elements) shape.inner.push_back(shape_of(element));
    for (const auto& [name, value] : json.members) shape.inner.push_back(shape_of(value));
    return shape;
}

void check_target(const TemplateTarget& target, const Event& event, const Event& plain, bool shrinks) {
    Buffer out;
    const Result<Request> request = target.request(event, "v/../1");
    const Result<Request> other = target.request(plain, "v/../1");
    if (request && other) {
        require(origin_of(request->url) == origin_of(other->url));
        require(request->method == other->method);
        require(request->headers.size() == other->headers.size());
        require(request->url.find_first_of("\r\n ") == std::string::npos);
        for (const Header& header : request->headers) require(header.value.find_first_of("\r\n") == std::string::npos);
        (void)to_string(*request);
    }
    if (!target.write(event, out)) return;
    const std::string first(out.view());
    out.clear();
    require(target.write(event, out).has_value() && out.view() == first);
    (void)target.succeeded(event.transition, 200, event.summary);
    (void)target.read_id(event.summary);
    out.clear();
    if (!target.write(plain, out)) return;
    test::Json json;
    test::Json plain_json;
    // A form is not JSON.
    if (!test::JsonText(out.view()).read(plain_json)) return;
    require(test::JsonText(first).read(json));
    if (!shrinks) require(shape_of(json) == shape_of(plain_json));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.rfind('\n');
    const std::string_view file = line == std::string_view::npos ? input : input.substr(0, line);
    std::string_view text = line == std::string_view::npos ? std::string_view("text") : input.substr(line + 1);
    if (text.empty() || !is_utf8(text)) text = "text";

    std::vector<OptionValue> values;
    if (const Result<std::vector<TemplateOption>> options = template_options(file)) {
        for (const TemplateOption& option : *options) {
            if (option.value.empty()) values.push_back({option.key, "https://h.example.test"});
        }
    }
    const Result<TemplateTarget> target = TemplateTarget::parse(file, values);
    if (!target) {
        require(target.error().offset == no_offset || target.error().offset <= file.size());
        return 0;
    }
    for (const Transition transition : {Transition::trigger, Transition::acknowledge, Transition::resolve}) {
        // As long as the text, so that byte limits omit the same labels.
        const std::string harmless(text.size(), 'x');
        Event events[2];
        Label labels[2] = {{"alertname", text}, {"alertname", std::string_view(harmless)}};
        for (int i = 0; i < 2; ++i) {
            const std::string_view said = i == 0 ? text : std::string_view(harmless);
            Event& event = events[i];
            event.transition = transition;
            event.external_id = said;
            event.summary = said;
            event.description = said;
            event.severity_word = said;
            event.priority = i == 0 ? text : std::string_view();
            event.source = said;
            event.service = said;
            event.location = said;
            event.client = said;
            event.group_key = said;
            // The mapping validates links, and links above a limit are omitted: the same for both.
            event.url = event.runbook_url = event.client_url = "https://h.example.test/";
            event.labels = {&labels[i], 1};
        }
        check_target(*target, events[0], events[1], file.find("body_limit") != std::string_view::npos);
    }
    return 0;
}
