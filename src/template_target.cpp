#include "alertmap/targets/template_target.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "alertmap/detail/escape.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/detail/shared.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/targets/kit.hpp"

namespace alertmap {
namespace {

using detail::JsonReader;
using detail::JsonType;

constexpr std::size_t max_vendor_id = 512;

enum class Field : std::uint8_t {
    external_id,
    title,
    summary,
    description,
    severity,
    severity_word,
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
    {"summary", Field::summary},
    {"description", Field::description},
    {"severity", Field::severity},
    {"severity_word", Field::severity_word},
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
    {"vendor_id", Field::vendor_id},
};

/// How a limit is counted: "{summary:130}" code points, "{summary:4096b}" bytes, "{summary:2000u}" UTF-16 units.
enum class Unit : std::uint8_t { code_points, bytes, utf16 };

struct Placeholder {
    Field field{};
    std::string name;  ///< of a label; the value of an option
    std::size_t limit = 0;
    Unit unit = Unit::code_points;
    bool secret = false;
};

/// A piece of a text: literal bytes, or a placeholder.
struct Piece {
    std::string literal;
    Placeholder placeholder;
    bool is_literal = true;
};
using Pieces = std::vector<Piece>;

/// One step of a body.
struct PathStep {
    enum class Kind : std::uint8_t {
        raw,       ///< bytes as they are
        close,     ///< a bracket; takes away the comma in front of it
        text,      ///< one placeholder, escaped, inside of a JSON string
        number,    ///< one placeholder, as a JSON number
        labels,    ///< the labels, as an object
        optional,  ///< if the placeholder is empty, the next `skip` steps are left out
        form,      ///< one placeholder, percent-encoded
    };
    Kind kind{};
    std::string bytes;
    Placeholder placeholder;
    std::size_t skip = 0;
};

struct HeaderText {
    std::string name;
    Pieces value;
    bool secret = false;
};

struct Call {
    bool written = false;  ///< the file has it
    bool has_body = false;
    std::string method;
    Pieces url;
    std::vector<PathStep> body;
    bool needs_vendor_id = false;
    bool body_needs_vendor_id = false;
    std::vector<std::string> secrets;  ///< of the body
    bool secret_url = false;
};

}  // namespace

struct TemplateTarget::Program {
    Call calls[3];  ///< by Transition: trigger, acknowledge, resolve
    std::vector<HeaderText> headers;
    std::string media_type = "application/json";
    std::string severities[4];
    std::size_t external_id_limit = 0;
    std::vector<int> success;
    std::vector<std::string> id_pointer;
    bool drop_empty = false;
};

namespace {

using Program = TemplateTarget::Program;

// ------------------------------------------------------------------------------------------------ reading a file

/// Reads and compiles a file. Every function returns false once something was wrong; the first of it is the error.
class TemplateReader {
 public:
    TemplateReader(std::string_view file, std::span<const OptionValue> values) : json_(file), file_(file), values_(values) {}

    bool read(TemplateTarget& target, Program& program) {
        if (!declare_options() || !take_values()) return false;
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

    bool declare_options() {
        JsonReader json(file_);
        std::string key;
        json.begin_object();
        while (json.next_member(key)) {
            if (key == "drop_empty") json.boolean(drop_empty_);
            if (key != "options") {
                if (key != "drop_empty") json.skip();
                continue;
            }
            json.begin_object();
            while (json.next_member(key)) {
                TemplateOption option;
                option.key = key;
                path_ = "options." + key;
                if (!declare_option(json, option)) return false;
                options.push_back(std::move(option));
            }
        }
        path_.clear();
        return json.finish() || fail(json.error().code, json.offset());
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

    bool take_values() {
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
        }
        path_.clear();
        return true;
    }

    bool member(const std::string& key, TemplateTarget& target, Program& program) {
        if (key == "name") return text(target.name);
        if (key == "doc") return text(target.doc);
        if (key == "options") return json_.skip() || fail(json_.code());
        if (key == "method") return text(method_) && (is_method(method_) || fail(Errc::invalid_value));
        if (key == "url") return url_.empty() ? url(url_) : fail(Errc::duplicate_key);
        if (key == "headers") return headers(program);
        if (key == "media_type") return text(program.media_type);
        if (key == "trigger") return call(program.calls[0]);
        if (key == "acknowledge") return call(program.calls[1]);
        if (key == "resolve") return call(program.calls[2]);
        if (key == "external_id_limit") return number(program.external_id_limit);
        if (key == "severity") return severities(program);
        if (key == "traits") return traits(target.traits);
        if (key == "success") return success(program);
        if (key == "id_pointer") return id_pointer(program);
        if (key == "drop_empty") return json_.skip() || fail(json_.code());
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
        for (Call& each : program.calls) {
            if (!each.written) continue;
            if (each.url.empty()) each.url = url_;
            if (each.url.empty()) return missing("url");
            if (each.method.empty()) each.method = method_;
            for (const Piece& piece : each.url) {
                each.secret_url = each.secret_url || piece.placeholder.secret;
                if (!piece.is_literal && piece.placeholder.field == Field::vendor_id) each.needs_vendor_id = true;
            }
            by_vendor_id = by_vendor_id || each.needs_vendor_id;
        }
        if (program.calls[0].needs_vendor_id) {
            path_ = "trigger";
            return fail(Errc::invalid_value, no_offset);
        }
        if (by_vendor_id) target.traits.resolves_by = ResolveBy::vendor_id;
        if (by_vendor_id && program.id_pointer.empty()) return missing("id_pointer");
        return true;
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

    /// Splits "a {placeholder} b". "{{" and "}}" are a brace.
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

    /// "summary", "summary:130", "label.team", "option.token".
    bool placeholder(std::string_view text, Placeholder& out) {
        const std::size_t colon = text.find(':');
        const std::string_view name = text.substr(0, colon);
        if (colon != std::string_view::npos) {
            std::string_view limit = text.substr(colon + 1);
            if (limit.ends_with('b')) out.unit = Unit::bytes;
            if (limit.ends_with('u')) out.unit = Unit::utf16;
            if (out.unit != Unit::code_points) limit.remove_suffix(1);
            const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), out.limit);
            if (error != std::errc() || end != limit.data() + limit.size() || out.limit < 4) return fail(Errc::invalid_syntax);
        }
        if (name.starts_with("label.") && name.size() > 6) {
            out.field = Field::label;
            out.name = name.substr(6);
            return true;
        }
        if (name.starts_with("option.")) {
            for (const TemplateOption& option : options) {
                if (option.key != name.substr(7)) continue;
                out.field = Field::option;
                out.name = option.value;
                out.secret = (option.is == OptionIs::secret || option.is == OptionIs::required_secret) && !option.value.empty();
                return true;
            }
            return fail(Errc::unknown_name);
        }
        for (const FieldName& each : field_names) {
            if (each.name != name) continue;
            out.field = each.field;
            return true;
        }
        return fail(Errc::unknown_name);
    }

    /// Scheme and host are literal, or the first placeholder is an option of the user's that holds them.
    bool url(Pieces& out) {
        std::string spelled;
        if (!text(spelled) || !pieces(spelled, out)) return false;
        if (out.empty()) return fail(Errc::invalid_url);
        const Piece& first = out.front();
        if (!first.is_literal) return first.placeholder.field == Field::option || fail(Errc::invalid_url);
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
            for (const Piece& piece : header.value) header.secret = header.secret || piece.placeholder.secret;
            program.headers.push_back(std::move(header));
        }
        return !json_.failed() || fail(json_.code());
    }

    bool severities(Program& program) {
        std::string key;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = "severity." + key;
            std::size_t i = 0;
            while (i < 4 && name(static_cast<Severity>(i)) != key) ++i;
            if (i == 4) return fail(Errc::unknown_name);
            if (!text(program.severities[i])) return false;
        }
        return !json_.failed() || fail(json_.code());
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
            } else if (key == "experimental") {
                good = json_.boolean(traits.experimental) || fail(json_.code());
            } else {
                return fail(Errc::unknown_name);
            }
            if (!good) return false;
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
        std::string pointer;
        if (!text(pointer)) return false;
        if (!pointer.starts_with('/')) return fail(Errc::invalid_syntax);
        std::string_view rest = std::string_view(pointer).substr(1);
        while (true) {
            const std::size_t slash = rest.find('/');
            program.id_pointer.emplace_back(rest.substr(0, slash));
            if (slash == std::string_view::npos) return program.id_pointer.size() <= 2 || fail(Errc::invalid_value);
            rest.remove_prefix(slash + 1);
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
    void add(Call& call, PathStep::Kind kind, const Placeholder& placeholder, std::string_view bytes = {}) {
        if (placeholder.field == Field::vendor_id && kind != PathStep::Kind::raw && kind != PathStep::Kind::close) {
            call.needs_vendor_id = true;
            call.body_needs_vendor_id = true;
        }
        if (placeholder.secret) call.secrets.push_back(placeholder.name);
        PathStep step;
        step.kind = kind;
        step.placeholder = placeholder;
        step.bytes = bytes;
        call.body.push_back(std::move(step));
    }

    bool body(Call& call) {
        if (call.has_body) return fail(Errc::duplicate_key);
        call.has_body = true;
        barrier_ = true;
        return value(call, 0);
    }

    static std::string quoted(std::string_view text) {
        Buffer out;
        JsonWriter(out).value(text);
        return std::string(out.view());
    }

    bool value(Call& call, std::size_t depth) {
        if (depth > 32) return fail(Errc::too_deep);
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
        raw(call, "{");
        std::string key;
        json_.begin_object();
        while (json_.next_member(key)) {
            path_ = place + "." + key;
            const std::size_t start = call.body.size();
            const bool optional = drop_empty_ && json_.type() == JsonType::string;
            if (optional) {
                add(call, PathStep::Kind::optional, {});
                barrier_ = true;
            }
            raw(call, quoted(key) + ":");
            if (!value(call, depth + 1)) return false;
            if (!optional) continue;
            PathStep& step = call.body[start];
            if (sole_.empty()) {
                call.body.erase(call.body.begin() + static_cast<std::ptrdiff_t>(start));
            } else {
                step.placeholder = sole_.front().placeholder;
                step.skip = call.body.size() - start - 1;
            }
            barrier_ = true;
        }
        if (json_.failed()) return fail(json_.code());
        path_ = place;
        sole_.clear();
        add(call, PathStep::Kind::close, {}, "}");
        return true;
    }
    bool array(Call& call, std::size_t depth) {
        const std::string place = path_;
        raw(call, "[");
        json_.begin_array();
        for (std::size_t i = 0; json_.next_element(); ++i) {
            path_ = place + "[" + std::to_string(i) + "]";
            if (!value(call, depth + 1)) return false;
        }
        if (json_.failed()) return fail(json_.code());
        path_ = place;
        sole_.clear();
        add(call, PathStep::Kind::close, {}, "]");
        return true;
    }
    static bool is_number(Field field) {
        return field == Field::firing || field == Field::resolved || field == Field::starts_at_unix || field == Field::ends_at_unix;
    }
    /// A string of the body. Afterwards sole_ holds its placeholder if it is nothing else.
    bool string(Call& call) {
        std::string spelled;
        Pieces parts;
        if (!text(spelled) || !pieces(spelled, parts)) return false;
        const bool sole = parts.size() == 1 && !parts[0].is_literal;
        if (sole && parts[0].placeholder.field == Field::labels) {
            add(call, PathStep::Kind::labels, parts[0].placeholder);
        } else if (sole && is_number(parts[0].placeholder.field)) {
            add(call, PathStep::Kind::number, parts[0].placeholder);
        } else {
            raw(call, "\"");
            for (const Piece& piece : parts) {
                if (piece.is_literal) {
                    const std::string escaped = quoted(piece.literal);
                    raw(call, std::string_view(escaped).substr(1, escaped.size() - 2));
                } else if (piece.placeholder.field == Field::labels) {
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
        barrier_ = true;
        std::string key;
        std::string spelled;
        Pieces parts;
        json_.begin_object();
        for (bool first = true; json_.next_member(key); first = false) {
            path_ = place + "." + key;
            if (!text(spelled) || !pieces(spelled, parts)) return false;
            std::string encoded;
            append_percent_encoded(encoded, key);
            raw(call, (first ? "" : "&") + encoded + "=");
            for (const Piece& piece : parts) {
                if (!piece.is_literal && piece.placeholder.field == Field::labels) return fail(Errc::invalid_syntax);
                if (!piece.is_literal) {
                    add(call, PathStep::Kind::form, piece.placeholder);
                    continue;
                }
                encoded.clear();
                append_percent_encoded(encoded, piece.literal);
                raw(call, encoded);
            }
        }
        return !json_.failed() || fail(json_.code());
    }

    JsonReader json_;
    std::string_view file_;
    std::span<const OptionValue> values_;
    std::string method_ = "POST";
    Pieces url_;
    Pieces sole_;
    bool drop_empty_ = false;
    bool barrier_ = true;
    std::string path_;
    Error error_;
    bool failed_ = false;
};

// ------------------------------------------------------------------------------------------------ writing

/// The text of a placeholder: views the event, the program or `memory`.
struct BoundValue {
    std::string_view text;
    kit::TimeText memory;
    bool cut = false;
};

void put_number(BoundValue& value, std::int64_t number) {
    const auto end = std::to_chars(value.memory.text, value.memory.text + sizeof value.memory.text, number).ptr;
    value.memory.size = static_cast<std::size_t>(end - value.memory.text);
    value.text = value.memory;
}
void put_time(BoundValue& value, const Timestamp& time) {
    if (!time.is_set) return;
    if (time.text.size() > 10 && time.text[10] == 'T') {
        value.text = time.text;
        return;
    }
    value.memory = kit::utc_rfc3339(time);
    value.text = value.memory;
}

void fill(BoundValue& value, const Placeholder& placeholder, const Program& program, const Event& event, std::string_view vendor_id) {
    switch (placeholder.field) {
        case Field::external_id: value.text = event.external_id; break;
        case Field::title: value.text = kit::title(event); break;
        case Field::summary: value.text = event.summary; break;
        case Field::description: value.text = event.description; break;
        case Field::severity:
            value.text = program.severities[static_cast<std::size_t>(event.severity) & 3];
            if (value.text.empty()) value.text = alertmap::name(event.severity);
            break;
        case Field::severity_word: value.text = event.severity_word; break;
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
        case Field::starts_at_unix: put_number(value, event.starts_at.is_set ? event.starts_at.seconds : 0); break;
        case Field::ends_at_unix: put_number(value, event.ends_at.is_set ? event.ends_at.seconds : 0); break;
        case Field::firing: put_number(value, static_cast<std::int64_t>(event.firing)); break;
        case Field::resolved: put_number(value, static_cast<std::int64_t>(event.resolved)); break;
        case Field::label:
            if (const Label* label = event.labels.find(placeholder.name)) value.text = label->value;
            break;
        case Field::option: value.text = placeholder.name; break;
        case Field::vendor_id: value.text = vendor_id; break;
        case Field::labels: break;
    }
    if (placeholder.limit == 0) return;
    constexpr std::string_view ellipsis = "\u2026";
    std::string_view kept = value.text;
    std::size_t room = placeholder.limit;
    switch (placeholder.unit) {
        case Unit::code_points:
            value.cut = kit::first_code_points(kept, room).size() != kept.size();
            if (value.cut) value.text = kit::first_code_points(kept, room - 1);
            break;
        case Unit::utf16:
            value.cut = kit::first_utf16(kept, room).size() != kept.size();
            if (value.cut) value.text = kit::first_utf16(kept, room - 1);
            break;
        case Unit::bytes:
            value.cut = kept.size() > room;
            if (value.cut) value.text = kit::first_bytes(kept, room - ellipsis.size());
            break;
    }
}

constexpr std::string_view ellipsis_of(bool cut) noexcept { return cut ? std::string_view("\u2026") : std::string_view(); }

void append_escaped(Buffer& out, std::string_view text) {
    char* const to = out.reserve(6 * text.size() + detail::copy_overrun);
    const char* const end = detail::escape_json(to, text);
    out.resize(out.size() + static_cast<std::size_t>(end - to));
}

void append_form(Buffer& out, std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out.push_back(c);
        } else {
            const char encoded[] = {'%', digits[byte >> 4], digits[byte & 15]};
            out.append({encoded, 3});
        }
    }
}

void drop_comma(Buffer& out, std::size_t start) {
    if (out.size() > start && out.view().back() == ',') out.resize(out.size() - 1);
}

void append_body(const Call& call, const Program& program, const Event& event, std::string_view vendor_id, Buffer& out) {
    const std::size_t start = out.size();
    for (std::size_t i = 0; i < call.body.size(); ++i) {
        const PathStep& step = call.body[i];
        BoundValue value;
        switch (step.kind) {
            case PathStep::Kind::raw: out.append(step.bytes); break;
            case PathStep::Kind::close:
                drop_comma(out, start);
                out.append(step.bytes);
                out.push_back(',');
                break;
            case PathStep::Kind::text:
                fill(value, step.placeholder, program, event, vendor_id);
                append_escaped(out, value.text);
                out.append(ellipsis_of(value.cut));
                break;
            case PathStep::Kind::number:
                fill(value, step.placeholder, program, event, vendor_id);
                out.append(value.text);
                out.push_back(',');
                break;
            case PathStep::Kind::labels: {
                {
                    JsonWriter json(out);
                    json.begin_object();
                    json.members(event.labels);
                    json.end_object();
                }
                out.push_back(',');
                break;
            }
            case PathStep::Kind::optional:
                fill(value, step.placeholder, program, event, vendor_id);
                if (value.text.empty() && !(step.placeholder.field == Field::labels && !event.labels.empty())) i += step.skip;
                break;
            case PathStep::Kind::form:
                fill(value, step.placeholder, program, event, vendor_id);
                append_form(out, value.text);
                append_form(out, ellipsis_of(value.cut));
                break;
        }
    }
    if (call.body.size() != 0 && call.body.back().kind != PathStep::Kind::form) drop_comma(out, start);
}

const Call* call_of(const Program& program, const Event& event) noexcept {
    const auto i = static_cast<std::size_t>(event.transition);
    return i < 3 && program.calls[i].written ? &program.calls[i] : nullptr;
}

Result<std::string> url_of(const Call& call, const Program& program, const Event& event, std::string_view vendor_id) {
    std::string url;
    for (std::size_t i = 0; i < call.url.size(); ++i) {
        const Piece& piece = call.url[i];
        if (piece.is_literal) {
            url += piece.literal;
            continue;
        }
        BoundValue value;
        fill(value, piece.placeholder, program, event, vendor_id);
        // The first is the user's own base URL; all others are data.
        i == 0 ? static_cast<void>(url += value.text) : append_percent_encoded(url, value.text);
    }
    const std::string_view path = std::string_view(url).substr(0, url.find('?'));
    const std::size_t host = path.find("//");
    for (std::string_view rest = host == std::string_view::npos ? path : path.substr(host + 2); !rest.empty();) {
        const std::size_t slash = rest.find('/');
        const std::string_view segment = rest.substr(0, slash);
        if (segment == "." || segment == "..") return Error{Errc::invalid_url, no_offset, "url"};
        rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    }
    return url;
}

/// A header is one line: control characters of the sender's become spaces.
std::string header_of(const Pieces& text, const Program& program, const Event& event, std::string_view vendor_id) {
    std::string out;
    for (const Piece& piece : text) {
        if (piece.is_literal) {
            out += piece.literal;
            continue;
        }
        BoundValue value;
        fill(value, piece.placeholder, program, event, vendor_id);
        for (const char c : value.text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
        out += ellipsis_of(value.cut);
    }
    return out;
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
    if (!reader.declare_options()) return reader.error();
    return std::move(reader.options);
}

Result<void> TemplateTarget::write(const Event& event, Buffer& out) const {
    const Call* call = call_of(*program_, event);
    if (auto allowed = refuse(call, *program_, traits, event); !allowed) return allowed;
    if (call->body_needs_vendor_id) return Errc::missing_vendor_id;
    append_body(*call, *program_, event, {}, out);
    return {};
}

Result<Request> TemplateTarget::request(const Event& event, std::string_view vendor_id) const {
    const Call* call = call_of(*program_, event);
    if (auto allowed = refuse(call, *program_, traits, event); !allowed) return allowed.error();
    if (call->needs_vendor_id && vendor_id.empty()) return Errc::missing_vendor_id;
    if (vendor_id.size() > max_vendor_id) return Error{Errc::invalid_value, no_offset, "vendor_id"};
    Result<std::string> text = url_of(*call, *program_, event, vendor_id);
    if (!text) return text.error();
    Url url(*text);
    if (call->secret_url) url.hide();
    Buffer body;
    append_body(*call, *program_, event, vendor_id, body);
    Result<Request> request = kit::post_body(url, {}, program_->media_type, body.view(), call->method);
    if (!request) return request;
    for (const HeaderText& header : program_->headers) {
        std::string value = header_of(header.value, *program_, event, vendor_id);
        if (value.empty()) continue;
        if (auto added = add_header(*request, {header.name, std::move(value), header.secret}); !added) return added.error();
    }
    for (const std::string& secret : call->secrets) kit::hide_in_body(*request, secret);
    return request;
}

bool TemplateTarget::succeeded(Transition, int http_status, std::string_view) const {
    const std::vector<int>& codes = program_->success;
    return codes.empty() ? kit::is_success(http_status) : std::find(codes.begin(), codes.end(), http_status) != codes.end();
}

Result<std::string> TemplateTarget::read_id(std::string_view answer) const {
    const std::vector<std::string>& pointer = program_->id_pointer;
    if (pointer.empty()) return Errc::missing_vendor_id;
    return kit::read_id(answer, pointer[0], pointer.size() > 1 ? std::string_view(pointer[1]) : std::string_view());
}

}  // namespace alertmap
