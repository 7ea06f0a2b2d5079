#include "alertmap/targets/template_target.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/detail/markup.hpp"
#include "alertmap/detail/percent.hpp"
#include "alertmap/detail/shared.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/targets/chat.hpp"
#include "alertmap/targets/kit.hpp"

namespace alertmap {
namespace {

using detail::JsonReader;
using detail::JsonType;

constexpr std::size_t max_vendor_id = 512;
/// Option of every file with "severity", without a declaration.
constexpr std::string_view severity_option = "severity_words";

enum class Field : std::uint8_t {
    external_id,
    title,
    headline,
    summary,
    description,
    severity,
    severity_word,
    priority,
    url,
    runbook_url,
    source,
    service,
    location,
    client,
    client_url,
    group_key,
    transition,
    status,
    starts_at,
    ends_at,
    starts_at_unix,
    ends_at_unix,
    firing,
    resolved,
    labels,
    label_tags,
    label_lines,
    label,
    option,
    vendor_id,
};

struct FieldName {
    std::string_view name;
    Field field;
};
constexpr FieldName field_names[] = {
    {"external_id", Field::external_id},
    {"title", Field::title},
    {"headline", Field::headline},
    {"summary", Field::summary},
    {"description", Field::description},
    {"severity", Field::severity},
    {"severity_word", Field::severity_word},
    {"priority", Field::priority},
    {"url", Field::url},
    {"runbook_url", Field::runbook_url},
    {"source", Field::source},
    {"service", Field::service},
    {"location", Field::location},
    {"client", Field::client},
    {"client_url", Field::client_url},
    {"group_key", Field::group_key},
    {"transition", Field::transition},
    {"status", Field::status},
    {"starts_at", Field::starts_at},
    {"ends_at", Field::ends_at},
    {"starts_at_unix", Field::starts_at_unix},
    {"ends_at_unix", Field::ends_at_unix},
    {"firing", Field::firing},
    {"resolved", Field::resolved},
    {"labels", Field::labels},
    {"label_tags", Field::label_tags},
    {"label_lines", Field::label_lines},
    {"vendor_id", Field::vendor_id},
};

/// Links: one that is too long is omitted, as a truncated link leads elsewhere.
constexpr bool is_link_field(Field field) { return field == Field::url || field == Field::runbook_url || field == Field::client_url; }
/// Texts that may be truncated if a body is too large.
constexpr bool is_prose(Field field) {
    return field == Field::title || field == Field::headline || field == Field::summary || field == Field::description ||
           field == Field::label || field == Field::label_lines;
}
/// Values that are not texts: each is a complete value of the body.
constexpr bool is_structure(Field field) { return field == Field::labels || field == Field::label_tags; }

/// Limits: "{summary:130}" in code points, "{summary:4096b}" in bytes, "{summary:2000u}" in UTF-16 units.
struct Placeholder {
    Field field{};
    std::string name;  ///< of a label; or the value of an option
    std::size_t limit = 0;
    TextUnit unit = TextUnit::code_points;
    Markup markup = Markup::plain;
    bool secret = false;
    std::vector<Placeholder> otherwise = {};  ///< at most one: the fallback for an empty value
};

/// True if the placeholder or its fallback satisfies the test.
template <class Test>
bool any_of(const Placeholder& placeholder, Test test) {
    return test(placeholder) || (!placeholder.otherwise.empty() && any_of(placeholder.otherwise.front(), test));
}
bool is_secret(const Placeholder& placeholder) {
    return any_of(placeholder, [](const Placeholder& each) { return each.secret; });
}
bool is_vendor_id(const Placeholder& placeholder) {
    return any_of(placeholder, [](const Placeholder& each) { return each.field == Field::vendor_id; });
}

/// A part of a text: literal bytes, or a placeholder.
struct Piece {
    std::string literal;
    Placeholder placeholder;
    bool is_literal = true;
};
using Pieces = std::vector<Piece>;

/// One step of a compiled body.
struct PathStep {
    enum class Kind : std::uint8_t {
        raw,       ///< literal bytes
        close,     ///< a closing bracket; removes the comma before it
        text,      ///< one placeholder, escaped, inside a JSON string
        number,    ///< one placeholder, as a JSON number
        labels,    ///< the labels, as an object
        tags,      ///< the labels, as an array of "name:value"
        optional,  ///< skips the next `skip` steps if the placeholder is empty
        form,      ///< one placeholder, percent-encoded
    };
    Kind kind{};
    std::string bytes;
    Placeholder placeholder;
    std::size_t skip = 0;
};

/// A string member of Event.
using EventMember = Text Event::*;

/// Members in order of preference; unused entries are null.
using EventMembers = std::array<EventMember, 3>;

/// The member that is the field's value; null if the value is composed.
EventMember member_of(Field field) {
    switch (field) {
        case Field::external_id: return &Event::external_id;
        case Field::summary: return &Event::summary;
        case Field::description: return &Event::description;
        case Field::url: return &Event::url;
        case Field::runbook_url: return &Event::runbook_url;
        case Field::source: return &Event::source;
        case Field::service: return &Event::service;
        case Field::priority: return &Event::priority;
        default: return nullptr;
    }
}
/// The members that are the placeholder's value; the first is null if the value is composed.
EventMembers members_read_by(const Placeholder& placeholder) {
    EventMembers members = {};
    std::size_t count = 0;
    for (const Placeholder* each = &placeholder; each != nullptr;) {
        const bool title = each->field == Field::title;
        const EventMember first = title ? &Event::summary : member_of(each->field);
        const EventMember second = title ? &Event::external_id : nullptr;
        for (const EventMember member : {first, second}) {
            if (member == nullptr) continue;
            if (count == members.size()) return {};
            members[count++] = member;
        }
        if (first == nullptr) return {};
        each = each->otherwise.empty() ? nullptr : &each->otherwise.front();
    }
    return members;
}
Text first_of(const EventMembers& members, const Event& event) noexcept {
    for (const EventMember member : members) {
        if (member == nullptr) break;
        if (!(event.*member).empty()) return event.*member;
    }
    return {};
}

/// Compact form of a step for the common case; the step itself is run otherwise.
struct QuickStep {
    enum class Kind : std::uint8_t {
        raw,       ///< literal bytes
        close,     ///< a bracket
        text,      ///< the members, if they fit
        severity,  ///< the file's word, as text
        optional,  ///< the members
        slow,      ///< run the step itself
    };
    Kind kind = Kind::slow;
    std::uint32_t at = 0;    ///< offset in the literals
    std::uint32_t size = 0;  ///< size of the literal
    std::uint32_t skip = 0;
    Markup markup = Markup::plain;
    bool is_limited = false;
    detail::TextLimit limit = {};
    EventMembers members = {};
};

struct HeaderText {
    std::string name;
    Pieces value;
    bool secret = false;
};

struct Call {
    bool written = false;  ///< whether the file defines it
    bool has_body = false;
    bool is_form = false;
    std::string method;
    Pieces url;
    std::vector<PathStep> body;
    std::vector<QuickStep> quick;  ///< one per step
    std::string literals;          ///< of the quick steps, padded for block copies
    bool needs_vendor_id = false;
    bool body_needs_vendor_id = false;
    std::vector<std::string> secrets;  ///< secrets in the body
    bool secret_url = false;
};

/// A condition on the vendor's answer: "/ok" must be true.
struct AnswerRule {
    std::vector<std::string> pointer;
    std::string raw;  ///< expected JSON
};

}  // namespace

struct TemplateTarget::Program {
    Call calls[3];  ///< indexed by Transition: trigger, acknowledge, resolve
    Call heartbeat;
    std::vector<HeaderText> headers;
    std::string media_type = "application/json";
    std::string severities[4];
    std::string severity_words;    ///< the user's table
    std::string severity_choices;  ///< words that the vendor accepts, in the format of kit::severity_word()
    bool severity_is_number = false;
    std::size_t external_id_limit = 0;
    std::size_t body_limit = 0;
    std::vector<int> success;
    std::vector<AnswerRule> answer;
    std::vector<std::string> id_pointer;

    [[nodiscard]] kit::SeverityWords words() const noexcept { return {severities[0], severities[1], severities[2], severities[3]}; }
};

namespace {

using Program = TemplateTarget::Program;

// ------------------------------------------------------------------------------------------------ reading a file

/// Reads and compiles a file. Functions return false after an error; the first error is reported.
class TemplateReader {
 public:
    TemplateReader(std::string_view file, std::span<const OptionValue> values) : json_(file), file_(file), values_(values) {}

    bool read(TemplateTarget& target, Program& program) {
        if (!declare() || !take_values(program)) return false;
        std::copy(std::begin(severities_), std::end(severities_), std::begin(program.severities));
        program.severity_is_number = severity_is_number_;
        std::string key;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = key;
            if (!member(key, target, program)) return false;
        }
        path_.clear();
        if (!json_.finish()) return fail(json_.error().code, json_.offset());
        return finish(target, program);
    }

    /// Reads the parts that placeholders depend on, wherever they are in the file.
    bool declare() {
        JsonReader json(file_);
        std::string key;
        json.begin_object();
        while (json.next_member(key)) {
            path_ = key;
            bool good = true;
            if (key == "drop_empty") {
                json.boolean(drop_empty_);
            } else if (key == "markup") {
                good = declare_markup(json);
            } else if (key == "severity") {
                good = declare_severities(json);
            } else if (key == "options") {
                good = declare_options(json);
            } else {
                json.skip();
            }
            if (!good) return false;
        }
        path_.clear();
        if (!json.finish()) return fail(json.error().code, json.offset());
        for (std::size_t i = 0; i < 4; ++i) {
            if (severities_[i].empty()) severities_[i] = name(static_cast<Severity>(i));
        }
        if (has_severities_) {
            options.push_back({.key = std::string(severity_option),
                               .doc = "the vendor's words for your severities, e.g. page=" + severities_[0] + ",ticket=" + severities_[3]});
        }
        return true;
    }

    std::vector<TemplateOption> options;

    [[nodiscard]] Error error() const { return error_; }

 private:
    bool fail(Errc code, std::size_t offset) {
        if (!failed_) error_ = {code, offset, path_};
        failed_ = true;
        return false;
    }
    bool fail(Errc code) { return fail(code, json_.offset()); }

    bool declare_options(JsonReader& json) {
        std::string key;
        json.begin_object();
        while (json.next_member(key)) {
            TemplateOption option;
            option.key = key;
            path_ = "options." + key;
            if (key == severity_option) return fail(Errc::duplicate_key, json.offset());
            if (!declare_option(json, option)) return false;
            options.push_back(std::move(option));
        }
        return true;
    }

    bool declare_markup(JsonReader& json) {
        std::string word;
        if (!json.string(word)) return fail(json.code(), json.offset());
        return find_markup(word, markup_) || fail(Errc::unknown_name, json.offset());
    }
    static bool find_markup(std::string_view word, Markup& markup) {
        constexpr std::string_view words[] = {"plain", "line", "html", "attribute", "markdown", "mrkdwn", "json", "code"};
        const auto found = std::find(std::begin(words), std::end(words), word);
        if (found == std::end(words)) return false;
        markup = static_cast<Markup>(found - std::begin(words));
        return true;
    }

    /// The vendor's severity words: strings or numbers.
    bool declare_severities(JsonReader& json) {
        std::string key;
        has_severities_ = true;
        json.begin_object();
        while (json.next_member(key)) {
            path_ = "severity." + key;
            std::size_t i = 0;
            while (i < 4 && name(static_cast<Severity>(i)) != key) ++i;
            if (i == 4) return fail(Errc::unknown_name, json.offset());
            std::string_view digits;
            if (json.type() == JsonType::number) {
                severity_is_number_ = true;
                json.number(digits);
                severities_[i] = digits;
            } else {
                json.string(severities_[i]);
            }
            if (json.failed()) return fail(json.code(), json.offset());
        }
        path_ = "severity";
        const bool some_missing =
            std::any_of(std::begin(severities_), std::end(severities_), [](const auto& word) { return word.empty(); });
        return !severity_is_number_ || !some_missing || fail(Errc::missing_value, json.offset());
    }

    bool declare_option(JsonReader& json, TemplateOption& option) {
        std::string key;
        bool required = false;
        bool secret = false;
        json.begin_object();
        while (json.next_member(key)) {
            if (key == "doc") {
                json.string(option.doc);
            } else if (key == "default") {
                json.string(option.value);
            } else if (key == "required") {
                json.boolean(required);
            } else if (key == "secret") {
                json.boolean(secret);
            } else {
                path_ += "." + key;
                return fail(Errc::unknown_name, json.offset());
            }
        }
        constexpr OptionIs option_is[] = {OptionIs::optional, OptionIs::required, OptionIs::secret, OptionIs::required_secret};
        option.is = option_is[(required ? 1 : 0) + (secret ? 2 : 0)];
        return !json.failed() || fail(json.code(), json.offset());
    }

    bool take_values(Program& program) {
        for (const OptionValue& value : values_) {
            const auto option =
                std::find_if(options.begin(), options.end(), [&](const TemplateOption& each) { return each.key == value.key; });
            path_ = "options." + value.key;
            if (option == options.end()) return fail(Errc::unknown_name, no_offset);
            option->value = value.value;
        }
        for (const TemplateOption& option : options) {
            path_ = "options." + option.key;
            const bool required = option.is == OptionIs::required || option.is == OptionIs::required_secret;
            if (required && option.value.empty()) return fail(Errc::missing_value, no_offset);
            if (option.key == severity_option) program.severity_words = option.value;
        }
        path_.clear();
        return true;
    }

    bool member(const std::string& key, TemplateTarget& target, Program& program) {
        if (key == "name") return text(target.name);
        if (key == "doc") return text(target.doc);
        if (key == "method") return text(method_) && (is_method(method_) || fail(Errc::invalid_value));
        if (key == "url") return url_.empty() ? url(url_) : fail(Errc::duplicate_key);
        if (key == "headers") return headers(program);
        if (key == "media_type") return text(program.media_type);
        if (key == "trigger") return call(program.calls[0]);
        if (key == "acknowledge") return call(program.calls[1]);
        if (key == "resolve") return call(program.calls[2]);
        if (key == "external_id_limit") return number(program.external_id_limit);
        if (key == "heartbeat") return heartbeat(program.heartbeat);
        if (key == "severity_choices") return severity_choices(program.severity_choices);
        if (key == "body_limit") return number(program.body_limit);
        if (key == "answer") return answer(program);
        if (key == "traits") return traits(target.traits);
        if (key == "success") return success(program);
        if (key == "id_pointer") return id_pointer(program);
        if (key == "options" || key == "drop_empty" || key == "markup" || key == "severity") return json_.skip() || fail(json_.code());
        return fail(Errc::unknown_name);
    }

    bool finish(TemplateTarget& target, Program& program) {
        const auto missing = [&](const char* what) {
            path_ = what;
            return fail(Errc::missing_value, no_offset);
        };
        if (target.name.empty()) return missing("name");
        if (!program.calls[0].written) return missing("trigger");
        target.traits.acknowledges = program.calls[1].written;
        bool by_vendor_id = false;
        for (Call* each : {&program.calls[0], &program.calls[1], &program.calls[2], &program.heartbeat}) {
            if (!each->written) continue;
            if (each->url.empty()) each->url = url_;
            if (each->url.empty()) return missing("url");
            if (each->method.empty()) each->method = method_;
            for (const Piece& piece : each->url) {
                each->secret_url = each->secret_url || (!piece.is_literal && is_secret(piece.placeholder));
                each->needs_vendor_id = each->needs_vendor_id || (!piece.is_literal && is_vendor_id(piece.placeholder));
            }
            by_vendor_id = by_vendor_id || each->needs_vendor_id;
            make_quick(*each);
        }
        for (const Call* each : {&program.calls[0], &program.heartbeat}) {
            if (!each->needs_vendor_id) continue;
            path_ = each == &program.heartbeat ? "heartbeat" : "trigger";
            return fail(Errc::invalid_value, no_offset);
        }
        if (by_vendor_id) target.traits.resolves_by = ResolveBy::vendor_id;
        if (by_vendor_id && program.id_pointer.empty()) return missing("id_pointer");
        return true;
    }

    static void make_quick(Call& call) {
        using Kind = PathStep::Kind;
        for (const PathStep& step : call.body) {
            QuickStep& quick = call.quick.emplace_back();
            quick.at = static_cast<std::uint32_t>(call.literals.size());
            quick.size = static_cast<std::uint32_t>(step.bytes.size());
            quick.skip = static_cast<std::uint32_t>(step.skip);
            quick.is_limited = step.placeholder.limit != 0;
            quick.limit = {step.placeholder.limit, step.placeholder.unit, step.placeholder.field == Field::description};
            quick.markup = step.placeholder.markup;
            quick.members = members_read_by(step.placeholder);
            call.literals += step.bytes;
            const bool simple = quick.members[0] != nullptr;
            const bool word = step.placeholder.field == Field::severity && step.placeholder.limit == 0 && quick.markup == Markup::plain;
            if (step.kind == Kind::raw) {
                quick.kind = QuickStep::Kind::raw;
            } else if (step.kind == Kind::close) {
                quick.kind = QuickStep::Kind::close;
            } else if (step.kind == Kind::text && simple && !(quick.is_limited && is_link_field(step.placeholder.field))) {
                quick.kind = QuickStep::Kind::text;
            } else if (step.kind == Kind::text && word) {
                quick.kind = QuickStep::Kind::severity;
            } else if (step.kind == Kind::optional && simple && !(quick.is_limited && is_link_field(step.placeholder.field))) {
                quick.kind = QuickStep::Kind::optional;
            }
        }
        call.literals.append(detail::copy_overrun, '\0');
    }

    bool text(std::string& out) { return json_.string(out) || fail(json_.code()); }
    bool number(std::size_t& out) {
        std::string_view digits;
        if (!json_.number(digits)) return fail(json_.code());
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
        return (error == std::errc() && end == digits.data() + digits.size()) || fail(Errc::invalid_value);
    }
    static bool is_method(std::string_view method) {
        return method == "POST" || method == "PUT" || method == "PATCH" || method == "DELETE" || method == "GET";
    }

    /// Splits "a {placeholder} b". "{{" and "}}" are literal braces.
    bool pieces(std::string_view text, Pieces& out) {
        out.clear();
        std::string literal;
        const auto flush = [&] {
            if (literal.empty()) return;
            Piece piece;
            piece.literal = std::exchange(literal, {});
            out.push_back(std::move(piece));
        };
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if ((c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
                literal += c;
                ++i;
            } else if (c == '{') {
                const std::size_t end = text.find('}', i);
                if (end == std::string_view::npos) return fail(Errc::invalid_syntax);
                flush();
                Piece piece;
                piece.is_literal = false;
                if (!placeholder(text.substr(i + 1, end - i - 1), piece.placeholder)) return false;
                out.push_back(std::move(piece));
                i = end;
            } else if (c == '}') {
                return fail(Errc::invalid_syntax);
            } else {
                literal += c;
            }
        }
        flush();
        return true;
    }

    /// Parses "description??title|html:130": value, fallback, markup, limit.
    bool placeholder(std::string_view text, Placeholder& out) {
        out.markup = markup_;
        const std::size_t colon = text.rfind(':');
        if (colon != std::string_view::npos && !limit(text.substr(colon + 1), out)) return false;
        text = text.substr(0, colon);
        const std::size_t bar = text.rfind('|');
        if (bar != std::string_view::npos && !find_markup(text.substr(bar + 1), out.markup)) return fail(Errc::invalid_syntax);
        return value_name(text.substr(0, bar), out);
    }
    bool limit(std::string_view text, Placeholder& out) {
        if (text.ends_with('b')) out.unit = TextUnit::bytes;
        if (text.ends_with('u')) out.unit = TextUnit::utf16;
        if (out.unit != TextUnit::code_points) text.remove_suffix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.limit);
        return (error == std::errc() && end == text.data() + text.size() && out.limit >= 4) || fail(Errc::invalid_syntax);
    }
    /// Parses "summary", "label.team", "option.token" or "description??title".
    bool value_name(std::string_view text, Placeholder& out) {
        const std::size_t or_else = text.find("??");
        const std::string_view name = text.substr(0, or_else);
        if (or_else != std::string_view::npos) {
            Placeholder next = out;
            if (!value_name(text.substr(or_else + 2), next)) return false;
            if (is_structure(next.field) || next.field == Field::label_lines) return fail(Errc::invalid_syntax);
            out.otherwise.push_back(std::move(next));
        }
        if (name.starts_with("label.") && name.size() > 6) {
            out.field = Field::label;
            out.name = name.substr(6);
            return true;
        }
        if (name.starts_with("option.")) return option_value(name.substr(7), out);
        for (const FieldName& each : field_names) {
            if (each.name != name) continue;
            out.field = each.field;
            if (each.field == Field::headline && out.limit != 0 && out.limit < 80) return fail(Errc::invalid_syntax);
            const bool alone = is_structure(each.field) || each.field == Field::label_lines;
            return !alone || out.otherwise.empty() || fail(Errc::invalid_syntax);
        }
        return fail(Errc::unknown_name);
    }
    /// The user's own configuration: not escaped as markup.
    bool option_value(std::string_view key, Placeholder& out) {
        for (const TemplateOption& option : options) {
            if (option.key != key) continue;
            out.field = Field::option;
            out.name = option.value;
            out.markup = Markup::plain;
            out.secret = (option.is == OptionIs::secret || option.is == OptionIs::required_secret) && !option.value.empty();
            return true;
        }
        return fail(Errc::unknown_name);
    }

    /// Scheme and host must be literal, or the first placeholder is an option that contains them.
    bool url(Pieces& out) {
        std::string spelled;
        if (!text(spelled) || !pieces(spelled, out)) return false;
        if (out.empty()) return fail(Errc::invalid_url);
        for (const Piece& piece : out) {
            if (!piece.is_literal && is_structure(piece.placeholder.field)) return fail(Errc::invalid_syntax);
        }
        const Piece& first = out.front();
        if (!first.is_literal) {
            return (first.placeholder.field == Field::option && first.placeholder.otherwise.empty()) || fail(Errc::invalid_url);
        }
        const std::size_t scheme = first.literal.find("://");
        if (scheme == std::string::npos) return fail(Errc::invalid_url);
        const bool host_ends = first.literal.find_first_of("/?", scheme + 3) != std::string::npos;
        if (out.size() > 1 && !host_ends) return fail(Errc::invalid_url);
        return Url(first.literal).str().has_value() || fail(Errc::invalid_url);
    }

    bool headers(Program& program) {
        std::string key;
        std::string spelled;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = "headers." + key;
            HeaderText header;
            header.name = key;
            Request probe;
            if (!add_header(probe, {key, "x"})) return fail(Errc::invalid_header);
            if (!text(spelled) || !pieces(spelled, header.value)) return false;
            for (const Piece& piece : header.value) {
                if (!piece.is_literal && is_structure(piece.placeholder.field)) return fail(Errc::invalid_syntax);
            }
            for (const Piece& piece : header.value) header.secret = header.secret || (!piece.is_literal && is_secret(piece.placeholder));
            program.headers.push_back(std::move(header));
        }
        return !json_.failed() || fail(json_.code());
    }

    /// {"/ok": true}: conditions for success besides the HTTP status.
    bool answer(Program& program) {
        std::string key;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = "answer." + key;
            AnswerRule rule;
            std::string_view raw;
            if (!pointer(key, rule.pointer)) return false;
            const JsonType type = json_.type();
            if (type == JsonType::object || type == JsonType::array) return fail(Errc::wrong_type);
            if (!json_.skip(raw)) return fail(json_.code());
            rule.raw = raw;
            program.answer.push_back(std::move(rule));
        }
        return !json_.failed() || fail(json_.code());
    }

    bool heartbeat(Call& call) {
        if (!this->call(call)) return false;
        if (!call.has_body) return true;
        path_ = "heartbeat";
        return fail(Errc::invalid_value);
    }

    template <class Enum>
    bool word(Enum& out) {
        std::string spelled;
        if (!text(spelled)) return false;
        for (std::uint8_t i = 0; i < 3; ++i) {
            if (name(static_cast<Enum>(i)) != spelled) continue;
            out = static_cast<Enum>(i);
            return true;
        }
        return fail(Errc::unknown_name);
    }
    bool small_number(std::uint32_t& out) {
        std::size_t value = 0;
        if (!number(value)) return false;
        if (value > 100'000'000) return fail(Errc::invalid_value);
        out = static_cast<std::uint32_t>(value);
        return true;
    }
    bool traits(TargetTraits& traits) {
        std::string key;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = "traits." + key;
            bool good = false;
            if (key == "resolves_by") {
                good = word(traits.resolves_by);
            } else if (key == "repeat") {
                good = word(traits.repeat);
            } else if (key == "unknown_resolve") {
                good = word(traits.unknown_resolve);
            } else if (key == "expires_after") {
                good = small_number(traits.expires_after);
            } else if (key == "rate") {
                good = small_number(traits.rate.n);
            } else if (key == "rate_seconds") {
                good = small_number(traits.rate.seconds);
            } else if (key == "rate_per") {
                good = word(traits.rate.per);
            } else if (key == "per_group") {
                good = json_.boolean(traits.per_group) || fail(json_.code());
            } else if (key == "experimental") {
                good = json_.boolean(traits.experimental) || fail(json_.code());
            } else {
                return fail(Errc::unknown_name);
            }
            if (!good) return false;
        }
        return !json_.failed() || fail(json_.code());
    }

    bool severity_choices(std::string& words) {
        std::string word;
        json_.begin_array();
        while (json_.next_element()) {
            if (!text(word)) return false;
            if (word.empty() || word.find('|') != std::string::npos) return fail(Errc::invalid_value);
            words.append(words.empty() ? "" : "|").append(word);
        }
        return !json_.failed() || fail(json_.code());
    }

    bool success(Program& program) {
        json_.begin_array();
        while (json_.next_element()) {
            std::size_t code = 0;
            if (!number(code)) return false;
            if (code < 100 || code > 599) return fail(Errc::invalid_value);
            program.success.push_back(static_cast<int>(code));
        }
        return !json_.failed() || fail(json_.code());
    }

    bool id_pointer(Program& program) {
        std::string text_of;
        program.id_pointer.clear();
        return text(text_of) && pointer(text_of, program.id_pointer);
    }
    /// "/data/id": one or two names.
    bool pointer(std::string_view text, std::vector<std::string>& names) {
        if (!text.starts_with('/')) return fail(Errc::invalid_syntax);
        text.remove_prefix(1);
        while (true) {
            const std::size_t slash = text.find('/');
            names.emplace_back(text.substr(0, slash));
            if (slash == std::string_view::npos) return names.size() <= 2 || fail(Errc::invalid_value);
            text.remove_prefix(slash + 1);
        }
    }

    bool call(Call& call) {
        const std::string place = path_;
        std::string key;
        if (call.written) return fail(Errc::duplicate_key);
        call.written = true;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = place + "." + key;
            bool good = false;
            if (key == "method") {
                good = text(call.method) && (is_method(call.method) || fail(Errc::invalid_value));
            } else if (key == "url") {
                good = url(call.url);
            } else if (key == "body") {
                good = body(call);
            } else if (key == "form") {
                good = form(call);
            } else {
                return fail(Errc::unknown_name);
            }
            if (!good) return false;
        }
        return !json_.failed() || fail(json_.code());
    }

    // ---- bodies

    void raw(Call& call, std::string_view bytes) {
        if (!call.body.empty() && call.body.back().kind == PathStep::Kind::raw && !barrier_) {
            call.body.back().bytes += bytes;
            return;
        }
        barrier_ = false;
        PathStep step;
        step.kind = PathStep::Kind::raw;
        step.bytes = bytes;
        call.body.push_back(std::move(step));
    }
    /// Literal contents of a JSON string.
    void raw_text(Call& call, std::string_view text) {
        const std::string escaped = quoted(text);
        raw(call, std::string_view(escaped).substr(1, escaped.size() - 2));
    }
    void add(Call& call, PathStep::Kind kind, const Placeholder& placeholder, std::string_view bytes = {}) {
        if (kind != PathStep::Kind::close && is_vendor_id(placeholder)) {
            call.needs_vendor_id = true;
            call.body_needs_vendor_id = true;
        }
        for (const Placeholder* each = &placeholder; each != nullptr;) {
            if (each->secret) call.secrets.push_back(each->name);
            each = each->otherwise.empty() ? nullptr : &each->otherwise.front();
        }
        PathStep step;
        step.kind = kind;
        step.placeholder = placeholder;
        step.bytes = bytes;
        call.body.push_back(std::move(step));
    }
    /// Makes the steps from `start` on conditional: written only if the placeholder is not empty.
    void make_optional(Call& call, std::size_t start, const Placeholder& placeholder) {
        barrier_ = true;
        if (is_constant(placeholder)) return;
        if (is_always_empty(placeholder)) return call.body.resize(start);
        PathStep step;
        step.kind = PathStep::Kind::optional;
        step.placeholder = placeholder;
        step.skip = call.body.size() - start;
        call.body.insert(call.body.begin() + static_cast<std::ptrdiff_t>(start), std::move(step));
    }
    /// An option that is set: its value is known when the file is read, and its bytes become part of the surrounding literals.
    static bool is_constant(const Placeholder& placeholder) {
        return placeholder.field == Field::option && placeholder.limit == 0 && !placeholder.name.empty();
    }
    /// An option that is not set, and so for what replaces it.
    static bool is_always_empty(const Placeholder& placeholder) {
        return placeholder.field == Field::option && placeholder.name.empty() &&
               (placeholder.otherwise.empty() || is_always_empty(placeholder.otherwise.front()));
    }

    bool body(Call& call) {
        if (call.has_body) return fail(Errc::duplicate_key);
        call.has_body = true;
        barrier_ = true;
        return value(call, 0) && (condition_.empty() || fail(Errc::invalid_syntax));
    }

    static std::string quoted(std::string_view text) {
        Buffer out;
        JsonWriter(out).value(text);
        return std::string(out.view());
    }

    bool value(Call& call, std::size_t depth) {
        if (depth > 32) return fail(Errc::too_deep);
        sole_.clear();
        condition_.clear();
        switch (json_.type()) {
            case JsonType::object: return object(call, depth);
            case JsonType::array: return array(call, depth);
            case JsonType::string: return string(call);
            default: break;
        }
        std::string_view scalar;
        if (!json_.skip(scalar)) return fail(json_.code());
        raw(call, scalar);
        raw(call, ",");
        return true;
    }
    bool object(Call& call, std::size_t depth) {
        const std::string place = path_;
        std::string key;
        json_.begin_object();
        bool more = json_.next_member(key);
        if (more && key == "$if") return conditional(call, depth, place);
        raw(call, "{");
        for (; more; more = json_.next_member(key)) {
            path_ = place + "." + key;
            // Only these can become optional.
            barrier_ = barrier_ || json_.type() == JsonType::object || (drop_empty_ && json_.type() == JsonType::string);
            const std::size_t start = call.body.size();
            raw(call, quoted(key) + ":");
            if (!value(call, depth + 1)) return false;
            if (!condition_.empty()) {
                make_optional(call, start, condition_.front());
            } else if (drop_empty_ && !sole_.empty()) {
                make_optional(call, start, sole_.front().placeholder);
            }
        }
        if (json_.failed()) return fail(json_.code());
        path_ = place;
        sole_.clear();
        condition_.clear();
        add(call, PathStep::Kind::close, {}, "}");
        return true;
    }
    /// {"$if": "{url}", "$value": anything}. The caller makes it conditional, including what precedes it.
    bool conditional(Call& call, std::size_t depth, const std::string& place) {
        std::string spelled;
        Pieces parts;
        path_ = place + ".$if";
        if (!text(spelled) || !pieces(spelled, parts)) return false;
        if (parts.size() != 1 || parts[0].is_literal) return fail(Errc::invalid_syntax);
        std::string key;
        if (!json_.next_member(key) || key != "$value") return fail(json_.failed() ? json_.code() : Errc::missing_value);
        path_ = place + ".$value";
        if (!value(call, depth + 1)) return false;
        if (!condition_.empty()) return fail(Errc::invalid_syntax);
        if (json_.next_member(key)) return fail(Errc::unknown_name);
        if (json_.failed()) return fail(json_.code());
        path_ = place;
        condition_.push_back(std::move(parts[0].placeholder));
        return true;
    }
    bool array(Call& call, std::size_t depth) {
        const std::string place = path_;
        raw(call, "[");
        json_.begin_array();
        for (std::size_t i = 0; json_.next_element(); ++i) {
            path_ = place + "[" + std::to_string(i) + "]";
            barrier_ = barrier_ || json_.type() == JsonType::object;
            const std::size_t start = call.body.size();
            if (!value(call, depth + 1)) return false;
            if (!condition_.empty()) make_optional(call, start, condition_.front());
        }
        if (json_.failed()) return fail(json_.code());
        path_ = place;
        sole_.clear();
        condition_.clear();
        add(call, PathStep::Kind::close, {}, "]");
        return true;
    }
    [[nodiscard]] bool is_number(const Placeholder& placeholder) const {
        switch (placeholder.field) {
            case Field::firing:
            case Field::resolved:
            case Field::starts_at_unix:
            case Field::ends_at_unix: return placeholder.otherwise.empty();
            case Field::severity: return severity_is_number_;
            default: return false;
        }
    }
    /// Compiles a string of the body. Afterwards sole_ contains its placeholder if the string consists of it alone.
    bool string(Call& call) {
        std::string spelled;
        Pieces parts;
        if (!text(spelled) || !pieces(spelled, parts)) return false;
        const bool sole = parts.size() == 1 && !parts[0].is_literal;
        if (sole && is_structure(parts[0].placeholder.field)) {
            const bool object = parts[0].placeholder.field == Field::labels;
            add(call, object ? PathStep::Kind::labels : PathStep::Kind::tags, parts[0].placeholder);
        } else if (sole && is_number(parts[0].placeholder)) {
            add(call, PathStep::Kind::number, parts[0].placeholder);
        } else {
            raw(call, "\"");
            for (const Piece& piece : parts) {
                if (piece.is_literal) {
                    raw_text(call, piece.literal);
                } else if (is_constant(piece.placeholder)) {
                    if (piece.placeholder.secret) call.secrets.push_back(piece.placeholder.name);
                    raw_text(call, piece.placeholder.name);
                } else if (is_structure(piece.placeholder.field)) {
                    return fail(Errc::invalid_syntax);
                } else {
                    add(call, PathStep::Kind::text, piece.placeholder);
                }
            }
            raw(call, "\",");
        }
        sole_ = sole ? parts : Pieces{};
        return true;
    }

    /// application/x-www-form-urlencoded: an object of texts.
    bool form(Call& call) {
        const std::string place = path_;
        if (call.has_body) return fail(Errc::duplicate_key);
        call.has_body = true;
        call.is_form = true;
        std::string key;
        std::string spelled;
        Pieces parts;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = place + "." + key;
            if (!text(spelled) || !pieces(spelled, parts)) return false;
            barrier_ = true;
            const std::size_t start = call.body.size();
            std::string encoded;
            append_percent_encoded(encoded, key);
            raw(call, encoded + "=");
            for (const Piece& piece : parts) {
                if (!piece.is_literal && is_structure(piece.placeholder.field)) return fail(Errc::invalid_syntax);
                const bool known = !piece.is_literal && is_constant(piece.placeholder);
                if (!piece.is_literal && !known) {
                    add(call, PathStep::Kind::form, piece.placeholder);
                    continue;
                }
                if (known && piece.placeholder.secret) call.secrets.push_back(piece.placeholder.name);
                encoded.clear();
                append_percent_encoded(encoded, known ? piece.placeholder.name : piece.literal);
                raw(call, encoded);
            }
            raw(call, "&");
            if (drop_empty_ && parts.size() == 1 && !parts[0].is_literal) make_optional(call, start, parts[0].placeholder);
        }
        return !json_.failed() || fail(json_.code());
    }

    JsonReader json_;
    std::string_view file_;
    std::span<const OptionValue> values_;
    std::string method_ = "POST";
    Pieces url_;
    Pieces sole_;                         ///< the placeholder, if the last value consists of it alone
    std::vector<Placeholder> condition_;  ///< condition of the last value
    bool drop_empty_ = false;
    Markup markup_ = Markup::plain;
    std::string severities_[4];
    bool has_severities_ = false;
    bool severity_is_number_ = false;
    bool barrier_ = true;
    std::string path_;
    Error error_;
    bool failed_ = false;
};

// ------------------------------------------------------------------------------------------------ writing

/// Inputs of a body.
struct Sources {
    const Program& program;
    const Event& event;
    std::string_view vendor_id;
    unsigned shrunk = 0;  ///< how often the body was too large: from 1 on without labels, from 2 on with shorter and shorter texts
};

/// The text of a placeholder. Views the event, the program or `memory`.
struct BoundValue {
    Text text;
    std::variant<std::monostate, kit::TimeText, kit::NumberText> memory;
    bool cut = false;
    std::size_t left_out = 0;  ///< omitted alerts of a group, one per line
};

void put_number(BoundValue& value, std::int64_t number) {
    value.text = std::string_view(value.memory.emplace<kit::NumberText>(kit::decimal(number)));
}
void put_time(BoundValue& value, const Timestamp& time) {
    if (!time.is_set) return;
    if (time.text.size() > 10 && time.text[10] == 'T') {
        value.text = time.text;
        return;
    }
    value.text = std::string_view(value.memory.emplace<kit::TimeText>(kit::utc_rfc3339(time)));
}
/// True if the severity word can only come from the file.
bool has_own_words(const Sources& from) { return from.event.priority.empty() && from.program.severity_words.empty(); }

/// Skips a user's word that is not a number if the vendor's words are numbers: the vendor would reject the alert.
void put_severity(BoundValue& value, const Sources& from) {
    if (has_own_words(from)) {
        value.text = from.program.severities[static_cast<std::size_t>(from.event.severity) & 3];
        return;
    }
    const kit::SeverityWords words = from.program.words();
    value.text = kit::severity_word(from.event, words, from.program.severity_words, from.program.severity_choices);
    if (!from.program.severity_is_number) return;
    JsonReader json(value.text);
    std::string_view digits;
    if (!json.number(digits) || !json.finish()) value.text = words.of(from.event.severity);
}

void find_value(BoundValue& value, const Placeholder& placeholder, const Sources& from) {
    const Event& event = from.event;
    switch (placeholder.field) {
        case Field::external_id: value.text = event.external_id; break;
        case Field::title:
        case Field::headline: value.text = kit::title(event); break;
        case Field::summary: value.text = event.summary; break;
        case Field::description: value.text = event.description; break;
        case Field::severity: put_severity(value, from); break;
        case Field::severity_word: value.text = event.severity_word; break;
        case Field::priority: value.text = event.priority; break;
        case Field::url: value.text = event.url; break;
        case Field::runbook_url: value.text = event.runbook_url; break;
        case Field::source: value.text = event.source; break;
        case Field::service: value.text = event.service; break;
        case Field::location: value.text = event.location; break;
        case Field::client: value.text = event.client; break;
        case Field::client_url: value.text = event.client_url; break;
        case Field::group_key: value.text = event.group_key; break;
        case Field::transition: value.text = alertmap::name(event.transition); break;
        case Field::status: value.text = event.transition == Transition::resolve ? "resolved" : "firing"; break;
        case Field::starts_at: put_time(value, event.starts_at); break;
        case Field::ends_at: put_time(value, event.ends_at); break;
        case Field::starts_at_unix:
            if (event.starts_at.is_set) put_number(value, event.starts_at.seconds);
            break;
        case Field::ends_at_unix:
            if (event.ends_at.is_set) put_number(value, event.ends_at.seconds);
            break;
        case Field::firing: put_number(value, static_cast<std::int64_t>(event.firing)); break;
        case Field::resolved: put_number(value, static_cast<std::int64_t>(event.resolved)); break;
        case Field::label:
            if (const Label* label = event.labels.find(placeholder.name)) value.text = label->value;
            break;
        case Field::option: value.text = placeholder.name; break;
        case Field::vendor_id: value.text = from.vendor_id; break;
        case Field::labels:
        case Field::label_tags:
        case Field::label_lines: break;
    }
    if (value.text.empty() && !placeholder.otherwise.empty()) find_value(value, placeholder.otherwise.front(), from);
}

void fit_value(BoundValue& value, Field field, Markup markup, std::size_t limit, TextUnit unit, const Event& event) {
    // A group's description has one alert per line: keep whole lines and the number of omitted ones.
    if (field == Field::description && event.firing + event.resolved > 1) {
        const detail::FittedLines fitted = detail::fit_lines(value.text, markup, limit, unit);
        value.text = fitted.text;
        value.cut = fitted.cut;
        value.left_out = fitted.cut ? 0 : value.left_out + fitted.left_out;
        return;
    }
    const detail::FittedText fitted = detail::fit_text(value.text, markup, limit, unit);
    if (fitted.cut && is_link_field(field)) {
        value.text = {};
        return;
    }
    value.text = fitted.text;
    value.cut = value.cut || fitted.cut;
}

void shrink_value(BoundValue& value, const Placeholder& placeholder, const Sources& from) {
    if (from.shrunk < 2 || !is_prose(placeholder.field)) return;
    const std::size_t room = std::max<std::size_t>(from.program.body_limit >> from.shrunk, 16);
    fit_value(value, placeholder.field, placeholder.markup, room, TextUnit::bytes, from.event);
}

/// Gets the text of a placeholder, as much as fits, before escaping.
void fill(BoundValue& value, const Placeholder& placeholder, const Sources& from) {
    find_value(value, placeholder, from);
    if (placeholder.limit != 0) fit_value(value, placeholder.field, placeholder.markup, placeholder.limit, placeholder.unit, from.event);
    shrink_value(value, placeholder, from);
}

constexpr std::string_view ellipsis_of(bool cut) noexcept { return cut ? std::string_view("\u2026") : std::string_view(); }

void append_escaped(Buffer& out, std::string_view text) {
    char* const to = out.prepare(6 * text.size() + detail::copy_overrun);
    out.commit(static_cast<std::size_t>(detail::escape_json(to, text) - to));
}

void append_form(Buffer& out, std::string_view text) {
    char* const to = out.prepare(detail::percent_room(text.size()));
    out.commit(static_cast<std::size_t>(detail::percent_encode(to, text) - to));
}

/// Headers are one line: replaces the sender's control characters with spaces.
void append_header(Buffer& out, std::string_view text) {
    for (const char c : text) out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
}

using AppendText = void (*)(Buffer&, std::string_view);

/// Applies the markup, then the escaping of the context.
void append_marked(Buffer& out, AppendText append, std::string_view text, Markup markup) {
    if (markup == Markup::plain) return append(out, text);
    detail::MarkupPieces pieces(text, markup);
    std::string_view piece;
    while (pieces.next(piece)) append(out, piece);
}

std::size_t marked_units(std::string_view text, Markup markup, TextUnit unit) {
    detail::MarkupPieces pieces(text, markup);
    std::string_view piece;
    std::size_t units = 0;
    while (pieces.next(piece)) units += detail::count_units(piece, unit);
    return units;
}

/// Label lines "name: value": as many whole labels as fit.
void append_label_lines(Buffer& out, AppendText append, const Placeholder& placeholder, const Sources& from) {
    if (from.shrunk != 0) return;
    std::size_t used = placeholder.unit == TextUnit::bytes ? std::string_view("\u2026").size() : 1;
    bool first = true;
    for (const Label& label : from.event.labels) {
        if (placeholder.limit != 0) {
            used += marked_units(label.name, placeholder.markup, placeholder.unit) + 3;
            used += marked_units(label.value, placeholder.markup, placeholder.unit);
            if (used > placeholder.limit) return append(out, "\u2026");
        }
        if (!first) append(out, "\n");
        first = false;
        append_marked(out, append, label.name, placeholder.markup);
        append(out, ": ");
        append_marked(out, append, label.value, placeholder.markup);
    }
}

void append_value(Buffer& out, AppendText append, const Placeholder& placeholder, const Sources& from) {
    if (placeholder.field == Field::label_lines) return append_label_lines(out, append, placeholder, from);
    BoundValue value;
    if (placeholder.field == Field::headline) {
        const kit::StateText prefix = kit::state_prefix(from.event);
        append_marked(out, append, prefix, placeholder.markup);
        find_value(value, placeholder, from);
        // Each bracket may be escaped with a backslash.
        const std::size_t used = prefix.size == 0 ? 0 : prefix.size + 2;
        if (placeholder.limit != 0) {
            fit_value(value, placeholder.field, placeholder.markup, placeholder.limit - used, placeholder.unit, from.event);
        }
        shrink_value(value, placeholder, from);
    } else {
        fill(value, placeholder, from);
    }
    append_marked(out, append, value.text, placeholder.markup);
    append(out, ellipsis_of(value.cut));
    if (value.left_out == 0) return;
    append(out, "\nand ");
    append(out, kit::decimal(value.left_out));
    append(out, " more");
}

/// The labels as an object, or as an array of "name:value"; a limit is in bytes of JSON, not counting escapes.
void append_labels(Buffer& out, const PathStep& step, const Sources& from) {
    const bool tags = step.kind == PathStep::Kind::tags;
    {
        JsonWriter json(out);
        tags ? json.begin_array() : json.begin_object();
        std::size_t used = 2;
        if (from.shrunk == 0 && !tags && step.placeholder.limit == 0) json.members(from.event.labels);
        if (from.shrunk == 0 && (tags || step.placeholder.limit != 0)) {
            for (const Label& label : from.event.labels) {
                used += label.name.size() + label.value.size() + 6;
                if (step.placeholder.limit != 0 && used > step.placeholder.limit) break;
                if (tags) {
                    json.begin_string();
                    json.part(label.name);
                    json.part_raw(":");
                    json.part(label.value);
                    json.end_string();
                } else {
                    json.member(label.name, label.value);
                }
            }
        }
        tags ? json.end_array() : json.end_object();
    }
    out.push_back(',');
}

bool is_left_out(const Placeholder& placeholder, const Sources& from) {
    if (is_structure(placeholder.field) || placeholder.field == Field::label_lines) return from.event.labels.empty() || from.shrunk != 0;
    BoundValue value;
    find_value(value, placeholder, from);
    if (value.text.empty() || !is_link_field(placeholder.field)) return value.text.empty();
    if (placeholder.markup == Markup::plain && value.text.size() <= placeholder.limit) return false;
    fill(value, placeholder, from);
    return value.text.empty();
}

/// Output position: a pointer into the buffer, so that a step needs no function call.
class BodyCursor {
 public:
    explicit BodyCursor(Buffer& out) : out_(out), start_(out.size()) { load(0); }

    ALERTMAP_ALWAYS_INLINE void literal(const char* bytes, std::size_t size) {
        room(size);
        at_ = detail::copy_blocks(at_, bytes, size);
    }
    ALERTMAP_ALWAYS_INLINE void close(char bracket) {
        room(2);
        if (at_[-1] == ',') --at_;
        *at_++ = bracket;
        *at_++ = ',';
    }
    ALERTMAP_ALWAYS_INLINE void text(const Text& text) {
        if (text.needs_no_escape()) return literal(text.data(), text.size());
        room(6 * text.size());
        at_ = detail::escape_json(at_, text);
    }
    ALERTMAP_ALWAYS_INLINE void marked(const Text& text, Markup markup) {
        if (markup == Markup::plain) return this->text(text);
        room(7 * text.size() + 3);
        at_ = detail::write_marked_json(at_, text, markup);
    }
    ALERTMAP_ALWAYS_INLINE void fitted(const Text& text, Markup markup, const detail::TextLimit& limit) {
        room(detail::fitted_room(text.size(), limit.limit));
        at_ = detail::write_fitted_json(at_, text, markup, limit);
    }
    void label_lines(Labels labels, Markup markup) {
        room(detail::label_lines_room(labels));
        at_ = detail::write_label_lines_json(at_, labels, markup);
    }
    /// The current position, to return to.
    [[nodiscard]] std::size_t mark() const noexcept { return static_cast<std::size_t>(at_ - out_.data()); }
    void back_to(std::size_t place) noexcept { at_ -= mark() - place; }
    /// For functions that write to the buffer itself.
    Buffer& buffer() {
        store();
        return out_;
    }
    void load(std::size_t more) {
        at_ = out_.prepare(more + detail::copy_overrun);
        end_ = out_.data() + out_.capacity();
    }
    /// Removes the comma after the last value.
    void finish(char last) {
        store();
        if (out_.size() > start_ && out_.view().back() == last) out_.truncate(out_.size() - 1);
    }

 private:
    ALERTMAP_ALWAYS_INLINE void room(std::size_t more) {
        if (static_cast<std::size_t>(end_ - at_) >= more + detail::copy_overrun) [[likely]]
            return;
        store();
        load(more);
    }
    void store() noexcept {
        // A closing bracket may have removed a comma that was stored before.
        const auto size = static_cast<std::size_t>(at_ - out_.data());
        size < out_.size() ? out_.truncate(size) : out_.commit(size - out_.size());
    }

    Buffer& out_;
    std::size_t start_;
    char* at_ = nullptr;
    const char* end_ = nullptr;
};

/// Writes a placeholder inside a JSON string. False: nothing was written; use append_value().
bool append_text(BodyCursor& cursor, const Placeholder& placeholder, const Sources& from) {
    const std::size_t start = cursor.mark();
    if (placeholder.field == Field::label_lines) {
        if (from.shrunk != 0) return false;
        cursor.label_lines(from.event.labels, placeholder.markup);
        // All labels, if they are certainly within the limit, as a unit is at least one byte.
        if (placeholder.limit == 0 || cursor.mark() - start + std::string_view("\n\u2026").size() <= placeholder.limit) return true;
        cursor.back_to(start);
        return false;
    }
    if (from.shrunk > 1) return false;
    BoundValue value;
    find_value(value, placeholder, from);
    std::size_t limit = placeholder.limit;
    if (placeholder.field == Field::headline) {
        const kit::StateText prefix = kit::state_prefix(from.event);
        cursor.marked(std::string_view(prefix), placeholder.markup);
        // Each bracket may be escaped with a backslash.
        if (limit != 0 && prefix.size != 0) limit -= prefix.size + 2;
    }
    if (limit == 0 || is_link_field(placeholder.field)) {
        cursor.marked(value.text, placeholder.markup);
        if (limit == 0 || cursor.mark() - start <= limit) return true;
        cursor.back_to(start);
        return false;
    }
    const bool lines = placeholder.field == Field::description && from.event.firing + from.event.resolved > 1;
    cursor.fitted(value.text, placeholder.markup, {limit, placeholder.unit, lines});
    return true;
}

/// Runs any step except raw, close and optional.
void append_step(BodyCursor& cursor, const PathStep& step, const Sources& from) {
    if (step.kind == PathStep::Kind::text && append_text(cursor, step.placeholder, from)) return;
    Buffer& out = cursor.buffer();
    BoundValue value;
    switch (step.kind) {
        case PathStep::Kind::raw:
        case PathStep::Kind::close:
        case PathStep::Kind::optional: break;
        case PathStep::Kind::text: append_value(out, append_escaped, step.placeholder, from); break;
        case PathStep::Kind::number:
            find_value(value, step.placeholder, from);
            out.append(value.text.empty() ? std::string_view("0") : value.text.view());
            out.push_back(',');
            break;
        case PathStep::Kind::labels:
        case PathStep::Kind::tags: append_labels(out, step, from); break;
        case PathStep::Kind::form: append_value(out, append_form, step.placeholder, from); break;
    }
    cursor.load(0);
}

void append_body(const Call& call, const Sources& from, Buffer& out) {
    BodyCursor cursor(out);
    const std::size_t steps = call.quick.size();
    for (std::size_t i = 0; i < steps; ++i) {
        const QuickStep& quick = call.quick[i];
        switch (quick.kind) {
            case QuickStep::Kind::raw: cursor.literal(call.literals.data() + quick.at, quick.size); continue;
            case QuickStep::Kind::close: cursor.close(call.literals[quick.at]); continue;
            case QuickStep::Kind::optional:
                if (first_of(quick.members, from.event).empty()) i += quick.skip;
                continue;
            case QuickStep::Kind::text: {
                const Text text = first_of(quick.members, from.event);
                if (from.shrunk > 1) break;
                if (!quick.is_limited) {
                    cursor.marked(text, quick.markup);
                } else {
                    detail::TextLimit limit = quick.limit;
                    limit.lines = limit.lines && from.event.firing + from.event.resolved > 1;
                    cursor.fitted(text, quick.markup, limit);
                }
                continue;
            }
            case QuickStep::Kind::severity:
                if (!has_own_words(from)) break;
                cursor.text(std::string_view(from.program.severities[static_cast<std::size_t>(from.event.severity) & 3]));
                continue;
            case QuickStep::Kind::slow: break;
        }
        const PathStep& step = call.body[i];
        if (step.kind == PathStep::Kind::optional) {
            if (is_left_out(step.placeholder, from)) i += step.skip;
            continue;
        }
        append_step(cursor, step, from);
    }
    cursor.finish(call.is_form ? '&' : ',');
}

/// Writes the body, reduced until it is within the vendor's limit.
Result<void> append_within_limit(const Call& call, Sources from, Buffer& out) {
    const std::size_t start = out.size();
    const std::size_t limit = from.program.body_limit;
    for (; from.shrunk < 16; ++from.shrunk) {
        append_body(call, from, out);
        if (limit == 0 || out.size() - start <= limit) return {};
        out.truncate(start);
    }
    return Error{Errc::payload_too_large, no_offset, "body"};
}

const Call* call_of(const Program& program, const Event& event) noexcept {
    const auto i = static_cast<std::size_t>(event.transition);
    return i < 3 && program.calls[i].written ? &program.calls[i] : nullptr;
}

Result<std::string> url_of(const Call& call, const Sources& from) {
    Buffer url;
    for (std::size_t i = 0; i < call.url.size(); ++i) {
        const Piece& piece = call.url[i];
        if (piece.is_literal) {
            url.append(piece.literal);
        } else if (i == 0) {
            url.append(piece.placeholder.name);  // the user's own base URL; all other placeholders are data
        } else {
            append_value(url, append_form, piece.placeholder, from);
        }
    }
    const std::string_view path = url.view().substr(0, url.view().find('?'));
    const std::size_t host = path.find("//");
    for (std::string_view rest = host == std::string_view::npos ? path : path.substr(host + 2); !rest.empty();) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment == "." || segment == "..") return Error{Errc::invalid_url, no_offset, "url"};
        rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    }
    return url.str();
}

std::string header_of(const Pieces& text, const Sources& from) {
    Buffer out;
    for (const Piece& piece : text) {
        piece.is_literal ? out.append(piece.literal) : append_value(out, append_header, piece.placeholder, from);
    }
    return out.str();
}

/// True if the answer is JSON and satisfies all rules.
bool answer_is(std::string_view answer, const std::vector<AnswerRule>& rules) {
    return std::all_of(rules.begin(), rules.end(), [&](const AnswerRule& rule) {
        JsonReader json(answer);
        std::string key;
        std::string_view raw;
        bool found = false;
        const auto look = [&](auto& self, std::size_t level) -> void {
            if (json.type() != JsonType::object) {
                json.skip();
                return;
            }
            json.begin_object();
            while (json.next_member(key)) {
                if (key != rule.pointer[level]) {
                    json.skip();
                } else if (level + 1 < rule.pointer.size()) {
                    self(self, level + 1);
                } else if (json.skip(raw)) {
                    found = raw == rule.raw;
                }
            }
        };
        look(look, 0);
        return json.finish() && found;
    });
}

Result<void> refuse(const Call* call, const Program& program, const TargetTraits& traits, const Event& event) {
    if (const auto refused = kit::refused(event, traits)) return *refused;
    if (call == nullptr) return Errc::unsupported_transition;
    if (program.external_id_limit != 0 && event.external_id.size() > program.external_id_limit) {
        return Error{Errc::payload_too_large, no_offset, "external_id"};
    }
    return {};
}

}  // namespace

Result<TemplateTarget> TemplateTarget::parse(std::string_view file, std::span<const OptionValue> options) {
    TemplateTarget target;
    Program program;
    TemplateReader reader(file, options);
    if (!reader.read(target, program)) return reader.error();
    target.program_ = std::static_pointer_cast<const Program>(detail::share(std::move(program)));
    return target;
}

Result<std::vector<TemplateOption>> template_options(std::string_view file) {
    TemplateReader reader(file, {});
    if (!reader.declare()) return reader.error();
    return std::move(reader.options);
}

Result<void> TemplateTarget::write(const Event& event, Buffer& out) const {
    const Call* call = call_of(*program_, event);
    if (auto allowed = refuse(call, *program_, traits, event); !allowed) return allowed;
    if (call->body_needs_vendor_id) return Errc::missing_vendor_id;
    return append_within_limit(*call, {*program_, event, {}}, out);
}

Result<Request> TemplateTarget::request(const Event& event, std::string_view vendor_id) const {
    const bool pings = kit::pings(event) && program_->heartbeat.written;
    const Call* call = pings ? &program_->heartbeat : call_of(*program_, event);
    if (!pings) {
        if (auto allowed = refuse(call, *program_, traits, event); !allowed) return allowed.error();
    }
    if (call->needs_vendor_id && vendor_id.empty()) return Errc::missing_vendor_id;
    if (vendor_id.size() > max_vendor_id) return Error{Errc::invalid_value, no_offset, "vendor_id"};
    const Sources from = {*program_, event, vendor_id};
    Result<std::string> text = url_of(*call, from);
    if (!text) return text.error();
    Url url(*text);
    if (call->secret_url) url.mask_all_but_host();
    Buffer body;
    if (auto written = append_within_limit(*call, from, body); !written) return written.error();
    Result<Request> request = kit::post_body(url, {}, program_->media_type, body.view(), call->method);
    if (!request) return request;
    for (const HeaderText& header : program_->headers) {
        std::string value = header_of(header.value, from);
        if (value.empty()) continue;
        if (auto added = add_header(*request, {header.name, std::move(value), header.secret}); !added) return added.error();
    }
    for (const std::string& secret : call->secrets) kit::mask_in_body(*request, secret);
    return request;
}

bool TemplateTarget::succeeded(Transition, int http_status, std::string_view answer) const {
    const std::vector<int>& codes = program_->success;
    const bool success = codes.empty() ? kit::is_success(http_status) : std::find(codes.begin(), codes.end(), http_status) != codes.end();
    return success && answer_is(answer, program_->answer);
}

Result<std::string> TemplateTarget::read_id(std::string_view answer) const {
    const std::vector<std::string>& pointer = program_->id_pointer;
    if (pointer.empty()) return Errc::missing_vendor_id;
    return kit::read_id(answer, pointer[0], pointer.size() > 1 ? std::string_view(pointer[1]) : std::string_view());
}

}  // namespace alertmap
