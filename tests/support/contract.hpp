#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../src/event_texts.hpp"
#include "alertmap/targets/any.hpp"
#include "support/files.hpp"
#include "support/form.hpp"
#include "support/json.hpp"
#include "support/json_schema.hpp"
#include "support/sample_events.hpp"

// Requirements for all targets: built-in, from a file, or custom.
namespace test {

/// Unit of a vendor's text limits.
enum class Counted { code_points, bytes, utf16 };

/// A text that the target truncates: the member of the body, the member of the event, and the limit.
struct Cut {
    std::string_view pointer;  ///< JSON pointer into the trigger's body
    void (*set)(Event&, std::string_view);
    std::size_t limit;  ///< of this text, not counting text before or after it in the member
    Counted counted = Counted::code_points;
};

/// A link that is omitted above this many bytes.
struct Link {
    std::string_view pointer;
    void (*set)(Event&, std::string_view);
    std::size_t limit;
};

/// Place of the mapping's priority (Event::priority) in the trigger's body.
struct Scale {
    std::string_view pointer = {};
    std::string_view choices = {};  ///< "P1|P2": the words that the vendor accepts. Empty: any, unchanged
};

struct Contract {
    /// Place of the external ID: a JSON pointer into each body, "url", or empty if the vendor's ID is used.
    std::string_view id_pointer = {};
    std::vector<Cut> cuts = {};
    /// A JSON Schema of the bodies: the directory in tests/golden/ with schema.json. A form is checked as an object of strings, and
    /// pointers lead into it. Empty: the bodies are not checked.
    std::string schema = {};
    Scale scale = {};
    std::vector<Link> links = {};
    std::size_t id_limit = 0;  ///< maximum bytes of an external ID, which is never truncated; 0: unlimited
    /// Must not occur in a printed request.
    std::vector<std::string> secrets = {"s3cret"};
};

inline void set_summary(Event& event, std::string_view text) { event.summary = text; }
inline void set_description(Event& event, std::string_view text) { event.description = text; }
inline void set_url(Event& event, std::string_view text) { event.url = text; }
inline void set_runbook_url(Event& event, std::string_view text) { event.runbook_url = text; }
inline void set_service(Event& event, std::string_view text) { event.service = text; }

/// Texts that break out if they are not escaped, in JSON, URLs, headers, HTML, Markdown and chats.
inline constexpr std::string_view hostile_texts[] = {
    "",
    " ",
    "\"},{\"a\":\"b",
    "\\",
    "\\u0000",
    std::string_view("\0\x01\x1f\x7f", 4),
    "\r\nX-Injected: 1",
    "../../..",
    "?a=b&c=d#e",
    "%2e%2e%00",
    "{label.secret} {{ .Labels }} ${x} %s",
    "<!channel> <@U1> <https://evil.example|x> @everyone @here",
    "</script><b>bold</b> &amp; &lt;",
    "*bold* _it_ ~no~ `code` [a](https://evil.example) # h\n- l\n> q",
    "\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\xe2\x80\xae",
    "\xf0\x9f\x94\xa5\xf0\x9f\x94\xa5",
};

/// A built-in target with all required and all secret options; secrets are "s3cret", or a URL with it.
inline AnyTarget complete_target(const Kind<AnyTarget>& kind) {
    std::vector<OptionValue> options;
    for (const OptionInfo& option : kind.options) {
        if (!option.secret() && !option.required()) continue;
        std::string value = option.secret() ? "s3cret" : "x";
        if (option.key.ends_with("url")) value = "https://h.example.test/" + value;
        if (!option.choices.empty()) value = option.choices.substr(0, option.choices.find('|'));
        options.push_back({std::string(option.key), value});
    }
    return *kind.make(options);
}
inline AnyTarget complete_target(std::string_view name) {
    for (const Kind<AnyTarget>& kind : targets()) {
        if (kind.name == name) return complete_target(kind);
    }
    return *make_target(name);
}

/// A built-in target with placeholders for required options: for golden files.
inline AnyTarget sample_target(std::string_view name) {
    for (const Kind<AnyTarget>& kind : targets()) {
        if (kind.name == name) return *kind.make(placeholder_options(kind.options));
    }
    return *make_target(name);
}

/// The value at a JSON pointer, or null.
inline const Json* at_pointer(const Json& json, std::string_view pointer) {
    const Json* found = &json;
    while (!pointer.empty() && found != nullptr) {
        pointer.remove_prefix(1);  // the slash
        const std::size_t slash = pointer.find('/');
        const std::string_view step = pointer.substr(0, slash);
        if (found->kind == Json::Kind::array) {
            const std::size_t index = static_cast<std::size_t>(step[0] - '0');
            found = index < found->elements.size() ? &found->elements[index] : nullptr;
        } else {
            found = found->find(step);
        }
        pointer = slash == std::string_view::npos ? std::string_view() : pointer.substr(slash);
    }
    return found;
}

inline std::size_t length_of(std::string_view text, Counted counted) {
    if (counted == Counted::bytes) return text.size();
    std::size_t count = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0) != 0x80) count += counted == Counted::utf16 && byte >= 0xf0 ? 2 : 1;
    }
    return count;
}

class ContractCheck {
 public:
    ContractCheck(const AnyTarget& target, const Contract& contract) : target_(target), contract_(contract) {
        if (contract.schema.empty()) return;
        schema_text_ = read_file(data_file("golden/" + contract.schema + "/schema.json"));
        has_schema_ = JsonText(schema_text_).read(schema_);
    }

    /// Empty, or the first fault.
    std::string fault() {
        if (!contract_.schema.empty() && !has_schema_) return "no tests/golden/" + contract_.schema + "/schema.json";
        for (const Event& event : {alert_firing(), alert_resolved(), alert_acknowledged(), group_firing(), group_resolved(), hostile(),
                                   bare(), bare(Transition::resolve), very_long()}) {
            check(event, "sample");
        }
        check_refused();
        check_hostile();
        check_cuts();
        check_links();
        check_id_limit();
        check_scale();
        check_resolve_finds_trigger();
        return fault_;
    }

 private:
    static Event bare(Transition transition = Transition::trigger) {
        Event event;
        event.external_id = "id";
        event.transition = transition;
        return event;
    }
    void fail(std::string_view what, std::string_view detail = {}) {
        if (fault_.empty()) fault_ = std::string(what) + ": " + std::string(detail.substr(0, 400));
    }

    /// One event: written twice with equal results, equal to the request's body, valid, and printed without a secret.
    bool check(const Event& event, std::string_view what) {
        Buffer out;
        out.append("before");
        const Result<void> done = target_.write(event, out);
        const Result<Request> request = target_.request(event, "vendor-id");
        if (request) {
            for (const std::string& secret : contract_.secrets) {
                if (to_string(*request).find(secret) != std::string::npos) fail("a secret is printed", to_string(*request));
            }
            if (request->url.find_first_of(" \r\n\"<>\\") != std::string::npos) fail("not a URL", request->url);
            for (const Header& header : request->headers) {
                if (header.value.find_first_of("\r\n") != std::string::npos) fail("a header of two lines", header.name);
            }
        }
        // The body of an acknowledge or a resolve contains the vendor's ID: only request() can write it.
        if (!done && done.error().code == Errc::missing_vendor_id) {
            if (out.view() != "before") fail("not left as it was", what);
            if (event.transition == Transition::trigger) fail("a trigger that wants the vendor's ID", what);
            if (request) return check_body(*request, event, what);
            fail("no request", to_string(request.error()));
            return false;
        }
        if (!done) {
            if (out.view() != "before") fail("not left as it was", what);
            const bool unknown = event.transition == Transition::acknowledge && !target_.traits().acknowledges;
            if (unknown != (done.error().code == Errc::unsupported_transition)) fail("not written", to_string(done.error()));
            if (request.has_value()) fail("a request for what is not written", what);
            return false;
        }
        if (!out.view().starts_with("before")) fail("what stood before is gone", what);
        const std::string body(out.view().substr(6));
        if (!request) {
            fail("no request", to_string(request.error()));
            return false;
        }
        if (request->body != body) fail("the request's body is another", request->body);
        if (request->method.empty() || !request->url.starts_with("http")) fail("not a request", request->method);
        out.clear();
        if (!target_.write(event, out) || out.view() != body) fail("another body the second time", body);
        return check_body(*request, event, what);
    }

    static bool is_form(const Request& request) {
        for (const Header& header : request.headers) {
            if (header.value == "application/x-www-form-urlencoded") return header.name == "Content-Type";
        }
        return false;
    }

    bool check_body(const Request& request, const Event& event, std::string_view what) {
        if (request.body.empty()) return true;
        const bool form = is_form(request);
        body_ = form ? form_as_json(request.body) : request.body;
        const std::string& body = body_;
        if (form && body.empty()) fail("not a form", request.body);
        if (event.transition == Transition::acknowledge && !target_.traits().acknowledges)
            fail("an acknowledge that the vendor has not", body);
        json_ = Json();
        const bool is_json = JsonText(body).read(json_);
        if (!has_schema_) return true;
        if (!is_json) fail("not JSON", body);
        const std::string wrong = JsonSchema(schema_).check(schema_, json_);
        if (!wrong.empty()) fail(std::string(what) + ": against the schema: " + wrong, body);
        return true;
    }

    void check_refused() {
        Event ignored = alert_firing();
        ignored.transition = Transition::ignore;
        Event nameless = alert_firing();
        nameless.external_id = {};
        Event gone = heartbeat();
        gone.transition = Transition::resolve;
        Buffer out;
        if (target_.write(ignored, out).error().code != Errc::unsupported_transition) fail("an ignored event is not refused");
        if (target_.write(nameless, out).error().code != Errc::empty_external_id) fail("an event without ID is not refused");
        if (target_.write(heartbeat(), out).error().code != Errc::unsupported_transition) fail("a heartbeat is written");
        if (target_.write(gone, out).error().code != Errc::unsupported_transition) fail("the end of a heartbeat is written");
        if (!out.empty()) fail("a refused event left bytes");
        for (const Event& event : {ignored, nameless, gone}) {
            if (target_.request(event, "vendor-id")) fail("a request for a refused event");
        }
        if (const Result<Request> ping = target_.request(heartbeat()); ping && !ping->body.empty()) fail("a ping with a body", ping->body);
    }

    void check_hostile() {
        static constexpr Transition transitions[] = {Transition::trigger, Transition::acknowledge, Transition::resolve};
        for (const std::string_view text : hostile_texts) {
            for (const Transition transition : transitions) {
                for (const detail::EventText& position : detail::event_texts) {
                    if (position.member == &Event::external_id) continue;
                    Event event = alert_firing();
                    event.transition = transition;
                    event.*position.member = text;
                    check(event, position.name);
                }
                Event event = alert_firing();
                event.transition = transition;
                const Label labels[] = {{"alertname", text}, {"severity", text}, {text.empty() ? "empty" : text, text}};
                event.labels = {labels, 3};
                const NotifyTarget notify[] = {{text, text}, {"User", text}, {text, "id"}};
                event.notify = notify;
                check(event, "labels");
                // An ID may be rejected, but must not change the request.
                event = alert_firing();
                event.transition = transition;
                event.external_id = text;
                const Result<Request> request = target_.request(event, "vendor-id");
                if (request && (request->url.find("/../") != std::string::npos || request->url.find('#') != std::string::npos)) {
                    fail("the ID changes the URL", request->url);
                }
                if (target_.traits().resolves_by == ResolveBy::vendor_id && transition != Transition::trigger) {
                    const Result<Request> with_id = target_.request(alert_resolved(), text);
                    if (with_id &&
                        (with_id->url.find("/../") != std::string::npos || with_id->url.find_first_of("\r\n #") != std::string::npos)) {
                        fail("the vendor's ID changes the URL", with_id->url);
                    }
                }
            }
        }
    }

    void check_cuts() {
        for (const Cut& cut : contract_.cuts) {
            const auto [before, behind] = around(cut);
            for (const std::string_view letter : {"x", "\xc3\xa9", "\xe7\x81\xab", "\xf0\x9f\x94\xa5"}) {
                const std::size_t step = length_of(letter, cut.counted);
                for (const std::size_t count : {cut.limit / step - 1, cut.limit / step, cut.limit / step + 1}) {
                    std::string text;
                    for (std::size_t i = 0; i < count; ++i) text += letter;
                    Event event = alert_firing();
                    cut.set(event, text);
                    if (!check(event, cut.pointer)) continue;
                    const Json* found = at_pointer(json_, cut.pointer);
                    if (found == nullptr) {
                        fail("nothing at", cut.pointer);
                        continue;
                    }
                    std::string_view part = found->text;
                    if (!part.starts_with(before) || !part.ends_with(behind) || part.size() < before.size() + behind.size()) {
                        fail("not what is around it", part);
                        continue;
                    }
                    part = part.substr(before.size(), part.size() - before.size() - behind.size());
                    const bool fits = count * step <= cut.limit;
                    if (fits && part != text) fail("cut although it fits", cut.pointer);
                    if (fits) continue;
                    if (length_of(part, cut.counted) > cut.limit) fail("longer than its limit", cut.pointer);
                    if (length_of(part, cut.counted) + step + 3 < cut.limit) fail("cut too short", cut.pointer);
                    if (!part.ends_with("\xe2\x80\xa6")) fail("no ellipsis", cut.pointer);
                }
            }
        }
    }

    /// Text before and after the text in its member.
    std::pair<std::string, std::string> around(const Cut& cut) {
        constexpr std::string_view marker = "TheMarker";
        Event event = alert_firing();
        cut.set(event, marker);
        check(event, cut.pointer);
        const Json* found = at_pointer(json_, cut.pointer);
        const std::size_t at = found == nullptr ? std::string::npos : found->text.find(marker);
        if (at == std::string::npos) {
            fail("nothing at", cut.pointer);
            return {};
        }
        return {found->text.substr(0, at), found->text.substr(at + marker.size())};
    }

    void check_links() {
        for (const Link& link : contract_.links) {
            for (const std::size_t size : {link.limit - 1, link.limit, link.limit + 1}) {
                std::string url = "https://h.example.test/";
                url.append(size - url.size(), 'x');
                Event event = alert_firing();
                event.url = {};
                event.runbook_url = {};
                link.set(event, url);
                if (!check(event, link.pointer)) continue;
                const Json* found = at_pointer(json_, link.pointer);
                if (size <= link.limit && (found == nullptr || found->text != url)) fail("the link is not there", link.pointer);
                if (size > link.limit && found != nullptr) fail("a link above its limit", found->text);
            }
        }
    }

    void check_id_limit() {
        const std::size_t limit = contract_.id_limit;
        if (limit == 0) return;
        for (const std::size_t size : {limit - 1, limit, limit + 1}) {
            for (const Transition transition : {Transition::trigger, Transition::resolve}) {
                const std::string id(size, 'i');
                Event event = alert_firing();
                event.transition = transition;
                event.external_id = id;
                if (size <= limit && !check(event, "external ID")) fail("an ID within the limit is refused", std::to_string(size));
                Buffer out;
                if (size > limit && target_.write(event, out).error().code != Errc::payload_too_large) fail("an ID above the limit");
                if (size > limit && target_.request(event)) fail("a request with an ID above the limit");
            }
        }
    }

    /// The value at the place of the priority; empty: none.
    std::string priority_written(Event event, std::string_view priority) {
        event.priority = priority;
        if (!check(event, contract_.scale.pointer)) return {};
        const Json* found = at_pointer(json_, contract_.scale.pointer);
        if (found == nullptr) return {};
        return found->kind == Json::Kind::string ? found->text : std::string(found->raw);
    }
    /// A priority of the vendor's scale is written, independent of the severity; another is ignored.
    void check_scale() {
        const Scale& scale = contract_.scale;
        if (scale.pointer.empty()) return;
        for (const Severity severity : {Severity::critical, Severity::error, Severity::warning, Severity::info}) {
            Event event = alert_firing();
            event.severity = severity;
            const std::string usual = priority_written(event, {});
            const std::string other = priority_written(event, "no word of the scale");
            if (scale.choices.empty()) {
                if (!usual.empty() || other != "no word of the scale") fail("not the priority", other);
                continue;
            }
            if (usual.empty() || other != usual) fail("a priority that the vendor does not take", other);
            for (std::string_view rest = scale.choices; !rest.empty();) {
                const std::size_t bar = rest.find('|');
                const std::string choice(rest.substr(0, bar));
                rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
                std::string other_case = choice;
                for (char& c : other_case) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c >= 'a' && c <= 'z' ? c - 32 : c);
                if (priority_written(event, choice) != choice) fail("not the priority", choice);
                if (priority_written(event, other_case) != choice) fail("not the priority in another case", choice);
            }
        }
    }

    /// The place of the external ID is the same in all transitions.
    void check_resolve_finds_trigger() {
        const TargetTraits& traits = target_.traits();
        if (traits.resolves_by == ResolveBy::vendor_id) {
            for (const Event& event : {alert_resolved(), alert_acknowledged()}) {
                if (event.transition == Transition::acknowledge && !traits.acknowledges) continue;
                if (target_.request(event).error().code != Errc::missing_vendor_id) fail("no vendor ID is needed");
                const Result<Request> request = target_.request(event, "v/1");
                if (!request || (request->url + request->body).find("v%2F1") == std::string::npos) {
                    if (!request || request->body.find("\"v/1\"") == std::string::npos) fail("the vendor's ID is not used");
                }
            }
            return;
        }
        if (contract_.id_pointer.empty()) {
            if (traits.resolves_by == ResolveBy::external_id) fail("the contract says nothing of the ID");
            return;
        }
        for (const Event& event : {alert_firing(), alert_acknowledged(), alert_resolved()}) {
            if (event.transition == Transition::acknowledge && !traits.acknowledges) continue;
            if (!check(event, "ID")) continue;
            const std::string id(event.external_id);
            if (contract_.id_pointer == "url") {
                if (target_.request(event)->url.find(id) == std::string::npos &&
                    target_.request(event)->body.find(id) == std::string::npos) {
                    fail("no external ID in the URL");
                }
                continue;
            }
            const Json* found = at_pointer(json_, contract_.id_pointer);
            if (found == nullptr || found->text.find(id) == std::string::npos) fail("no external ID at", contract_.id_pointer);
        }
    }

    const AnyTarget& target_;
    const Contract& contract_;
    std::string schema_text_;
    Json schema_;
    bool has_schema_ = false;
    std::string body_;  // what json_ views
    Json json_;
    std::string fault_;
};

/// Empty, or the first violation of the contract.
inline std::string contract_fault(const AnyTarget& target, const Contract& contract) { return ContractCheck(target, contract).fault(); }

}  // namespace test
