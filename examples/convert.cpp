// Converts webhook bodies to payloads: the complete pipeline in one program.
//
//     convert --target rootly --per alert body.json
//     kafkacat ... | convert --target signl4 --ndjson
//     convert --check *.json

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "alertmap/alertmap.hpp"
#include "target_files.hpp"

namespace {

using namespace alertmap;

constexpr int ok = 0;
constexpr int bad_input = 1;
constexpr int bad_usage = 2;

struct Arguments {
    std::vector<std::string> files;
    std::string target;
    std::string target_file;
    std::string forward;
    std::vector<std::string> options;
    std::string options_file;
    std::string preset;
    std::string mapping_file;
    std::string per;
    bool pretty = false;
    bool request = false;
    bool check = false;
    bool list = false;
    bool list_targets = false;
    bool placeholders = false;
    bool print_mapping = false;
    bool explain = false;
    bool ndjson = false;
    bool strict = false;
    bool salvage = false;
    bool verbose = false;
};

/// Formats compact JSON with an indentation of two.
std::string indented(std::string_view json) {
    std::string out;
    std::size_t depth = 0;
    bool in_string = false;
    const auto new_line = [&] { out.append("\n").append(2 * depth, ' '); };
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            out += c;
            if (c == '\\' && i + 1 < json.size()) out += json[++i];
            in_string = c != '"';
            continue;
        }
        const bool opens = c == '{' || c == '[';
        if (opens && i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']')) {
            out.append(json.substr(i++, 2));
        } else if (opens) {
            out += c;
            ++depth;
            new_line();
        } else if (c == '}' || c == ']') {
            --depth;
            new_line();
            out += c;
        } else {
            out += c;
            if (c == ',') new_line();
            if (c == ':') out += ' ';
            in_string = c == '"';
        }
    }
    return out;
}

bool read_all(const std::string& name, std::string& text) {
    std::FILE* file = name == "-" ? stdin : std::fopen(name.c_str(), "rb");
    if (file == nullptr) return false;
    text.clear();
    char chunk[1 << 16];
    for (std::size_t got = 0; (got = std::fread(chunk, 1, sizeof chunk, file)) != 0;) text.append(chunk, got);
    const bool read = std::ferror(file) == 0;
    if (file != stdin) std::fclose(file);
    return read;
}

/// Reads lines of a stream, with memory for the longest allowed line.
class Lines {
 public:
    Lines(std::FILE* file, std::size_t longest) : file_(file), longest_(longest) {}

    /// Gets the next line, valid until the next call. A line that is too long is truncated to one byte above the limit, so that the parser
    /// rejects it. Calls `before_waiting` before each read that may block.
    template <class BeforeWaiting>
    bool next(std::string_view& line, BeforeWaiting before_waiting) {
        parts_.clear();
        bool any = false;
        while (true) {
            if (at_ == end_) {
                before_waiting();
                const ssize_t got = ::read(fileno(file_), chunk_, sizeof chunk_);
                if (got < 0 && errno == EINTR) continue;
                at_ = 0;
                end_ = got > 0 ? static_cast<std::size_t>(got) : 0;
                line = parts_;
                if (end_ == 0) return any;
            }
            any = true;
            const std::string_view rest(chunk_ + at_, end_ - at_);
            const std::size_t newline = rest.find('\n');
            const std::string_view piece = rest.substr(0, newline);
            const bool whole = parts_.empty() && newline != std::string_view::npos;
            if (!whole && parts_.size() <= longest_) parts_.append(piece.substr(0, longest_ + 1 - parts_.size()));
            at_ += piece.size();
            if (newline == std::string_view::npos) continue;
            ++at_;
            line = whole ? piece : parts_;
            return true;
        }
    }

 private:
    std::FILE* file_;
    std::size_t longest_;
    std::string parts_;  // of a line longer than the chunk
    std::size_t at_ = 0;
    std::size_t end_ = 0;
    char chunk_[1 << 16];
};

/// Identifies the subject of a message; formats text only if a message is printed.
struct About {
    std::string_view word;
    std::optional<std::size_t> index = {};

    [[nodiscard]] std::string text() const { return index ? fmt::format("{}[{}]", word, *index) : std::string(word); }
};

/// Progress counter on standard error for an interactive terminal.
class Progress {
 public:
    void step(std::size_t bytes) {
        bytes_ += bytes;
        ++bodies_;
        if (!terminal_) return;
        const auto now = std::chrono::steady_clock::now();
        if (now - last_ < std::chrono::milliseconds(500)) return;
        last_ = now;
        shown_ = true;
        fmt::print(stderr, "\r{} bodies, {} MB", bodies_, bytes_ / 1'000'000);
    }
    ~Progress() {
        if (shown_) fmt::print(stderr, "\r{} bodies, {} MB\n", bodies_, bytes_ / 1'000'000);
    }

 private:
    bool terminal_ = isatty(STDERR_FILENO) == 1;
    bool shown_ = false;
    std::size_t bytes_ = 0;
    std::size_t bodies_ = 0;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

class Converter {
 public:
    explicit Converter(const Arguments& arguments)
        : arguments_(arguments), parser_({.strict = arguments.strict, .salvage = arguments.salvage}) {}

    Mapper map{Mapping{}};
    std::optional<AnyTarget> target;
    std::optional<AnyForward> forward;

    /// `place` names the body in messages: a file, or a file and a line.
    void body(std::string_view place, std::string_view bytes) {
        const Result<AlertGroup> group = parser_.parse(bytes);
        if (!group) return bad(place, group.error());
        if (arguments_.verbose) warnings(place);
        if (forward) {
            arena_.clear();
            const AlertGroup handed_on = filtered(*group, map.mapping(), arena_);
            if (arguments_.explain) return explain_forward(place, bytes, *group, handed_on);
            for (const AlertGroup& part : split(handed_on, forward->max_alerts())) emit(place, {}, *forward, part);
            return;
        }
        for (const Collision& collision : collisions(*group, map)) {
            const std::string both =
                fmt::format("alerts[{}] and alerts[{}]", collision.first - group->alerts.data(), collision.other - group->alerts.data());
            note(place, {both}, "one external_id for two alerts: what resolves one closes both");
        }
        std::size_t index = 0;
        for (const Subject subject : subjects(*group, map.per())) {
            arena_.clear();
            const About what = subject.alert != nullptr ? About{"alerts", index++} : About{"group"};
            const Event event = map(subject, arena_);
            if (event.unlisted && event.transition == Transition::trigger) unlisted_.emplace(event.external_id);
            if (arguments_.explain) {
                explain_subject(what, subject, event);
            } else {
                write(place, what, event);
            }
        }
        resolve_unlisted(place, *group);
    }

    void check(std::string_view place, std::string_view bytes) {
        const Result<AlertGroup> group = parser_.parse(bytes);
        if (!group) {
            exit_code = bad_input;
            fmt::print("error {}:{}\n", place, describe(group.error()));
            return;
        }
        fmt::print("ok {} alerts={} firing={} resolved={} warnings={}\n", place, group->alerts.size(), firing(*group).size(),
                   resolved(*group).size(), parser_.warning_count());
        if (!arguments_.verbose) return;
        for (const Warning& warning : parser_.warnings()) fmt::print("  {}\n", text_of(warning));
    }

    /// Writes buffered output.
    void flush() {
        const std::string_view text = out_;
        if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) exit_code = bad_input;
        out_.clear();
    }

    int exit_code = ok;

 private:
    static constexpr std::size_t block = 1 << 16;  // smaller writes cost a tenth of the total time

    /// Prints, for each member of the event, its source and its place in the payload.
    void explain_subject(const About& what, const Subject& subject, const Event& event) {
        fmt::print("{}:\n", what.text());
        const std::vector<PayloadField> fields = target ? payload_fields(*target, event) : std::vector<PayloadField>();
        for (const ExplainedMember& member : explain(map, subject, arena_)) {
            fmt::print("  {:12} {}\n", member.member, member.value.empty() ? "(none)" : detail_line(member.value));
            fmt::print("  {:12}   from {}{}{}\n", "", member.from.empty() ? "nothing" : member.from, member.reason.empty() ? "" : ": ",
                       member.reason);
            std::string paths;
            for (const PayloadField& field : fields) {
                if (field.member == member.member) {
                    paths.append(paths.empty() ? "" : ", ").append(field.path).append(field.cut ? " (cut)" : "");
                }
            }
            if (!paths.empty()) fmt::print("  {:12}   to {}\n", "", paths);
        }
    }
    /// Prints what the forward adds, changes or leaves out in each message.
    void explain_forward(std::string_view place, std::string_view bytes, const AlertGroup& group, const AlertGroup& handed_on) {
        const std::vector<ForwardChange> changes = forward_changes(*forward, bytes, group, map.mapping());
        std::size_t number = 0;
        for (const AlertGroup& part : split(handed_on, forward->max_alerts())) {
            const std::string what = fmt::format("message {}", number + 1);
            Buffer payload;
            if (const Result<void> written = forward->write(part, payload); !written) {
                failed(place, {what}, written.error());
            } else {
                fmt::print("{}:\n", what);
                const auto same = std::none_of(changes.begin(), changes.end(), [&](const auto& change) { return change.part == number; });
                if (same) fmt::print("  unchanged\n");
            }
            for (const ForwardChange& change : changes) {
                if (change.part == number) explain_change(change);
            }
            ++number;
        }
    }
    static void explain_change(const ForwardChange& change) {
        const bool left_out = change.kind == ForwardChange::Kind::left_out;
        const char* kind = left_out ? "left out" : change.kind == ForwardChange::Kind::added ? "added" : "changed";
        fmt::print("  {:12} {}\n", detail_line(change.path), change.value.empty() ? "(hidden)" : detail_line(change.value));
        fmt::print("  {:12}   {}: {}\n", "", kind, change.reason);
    }
    /// One line for the terminal, with control characters escaped.
    static std::string detail_line(std::string_view text) {
        std::string line;
        for (char c : text) line += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
        return line;
    }
    void write(std::string_view place, const About& what, const Event& event) {
        if (!event.mapping_note.empty()) note(place, what, event.mapping_note);
        if (event.transition == Transition::ignore) {
            note(place, what, fmt::format("ignored: {}", event.reason));
        } else if (event.heartbeat && !arguments_.request) {
            if (const Result<Request> request = target->request(event); !request) return failed(place, what, request.error());
            note(place, what, "a heartbeat, not written: see --request");
        } else {
            emit(place, what, *target, event);
        }
    }
    /// The first complete message of a group resolves the incident that an earlier one of this run opened for unlisted alerts.
    void resolve_unlisted(std::string_view place, const AlertGroup& group) {
        if (unlisted_.empty()) return;
        arena_.clear();
        const Event event = map(unlisted(group), arena_);
        if (event.transition != Transition::resolve || unlisted_.erase(std::string(event.external_id)) == 0) return;
        write(place, {"group"}, event);
    }

    /// Makes the request; with --placeholders also a placeholder for the vendor's ID.
    template <class Writer, class Input>
    Result<Request> request_of(const Writer& writer, const Input& input) const {
        if constexpr (requires { writer.request(input, std::string_view()); }) {
            return writer.request(input, arguments_.placeholders ? "vendor-id" : "");
        } else {
            return writer.request(input);
        }
    }
    template <class Writer, class Input>
    void emit(std::string_view place, const About& what, const Writer& writer, const Input& input) {
        if (arguments_.request) {
            const Result<Request> request = request_of(writer, input);
            if (!request) return failed(place, what, request.error());
            out_.append(to_string(*request));
            out_.push_back('\n');
            return end_line();
        }
        const std::size_t start = out_.size();
        Result<void> written = writer.write(input, out_);
        // Only request() can write a body that contains the vendor's ID.
        if (written.error() == Errc::missing_vendor_id && arguments_.placeholders) {
            out_.truncate(start);
            written = request_of(writer, input).transform([this](const Request& request) { out_.append(request.body); });
        }
        if (!written) {
            out_.truncate(start);
            return failed(place, what, written.error());
        }
        const std::string_view text = out_.view().substr(start);
        if (text.ends_with('\n')) out_.truncate(out_.size() - 1);
        if (out_.size() == start) return note(place, what, "a request without a body: see --request");
        if (arguments_.pretty) {
            const std::string pretty = indented(out_.view().substr(start));
            out_.truncate(start);
            out_.append(pretty);
        }
        end_line();
    }
    void end_line() {
        out_.push_back('\n');
        // Flush at once if something else is printed, too.
        if (out_.size() >= block || arguments_.explain) flush();
    }

    /// "OFFSET: PATH: what is wrong".
    static std::string describe(const Error& error) {
        std::string text;
        if (error.offset != no_offset) text = fmt::format("{}: ", error.offset);
        if (!error.path.empty()) text += error.path + ": ";
        return text.append(message(error.code));
    }
    static std::string text_of(const Warning& warning) { return describe({warning.code, warning.offset, warning.path()}); }

    void warnings(std::string_view place) const {
        for (const Warning& warning : parser_.warnings()) fmt::print(stderr, "warning {}:{}\n", place, text_of(warning));
    }
    void bad(std::string_view place, const Error& error) {
        exit_code = bad_input;
        fmt::print(stderr, "error {}:{}\n", place, describe(error));
    }
    void failed(std::string_view place, const About& what, const Error& error) {
        exit_code = bad_input;
        fmt::print(stderr, "error {}: {}{}{}\n", place, what.text(), what.word.empty() ? "" : ": ", describe(error));
    }
    static void note(std::string_view place, const About& what, std::string_view text) {
        fmt::print(stderr, "note {}: {}: {}\n", place, what.text(), text);
    }

    const Arguments& arguments_;
    Parser parser_;
    Arena arena_;
    Buffer out_;                                // buffered lines
    std::unordered_set<std::string> unlisted_;  // external IDs of open incidents for unlisted alerts
};

template <class Any>
void list_kinds(std::string_view title, std::span<const Kind<Any>> kinds) {
    fmt::print("{}\n", title);
    for (const Kind<Any>& kind : kinds) {
        fmt::print("  {:22} {}{}\n", kind.name, kind.doc, kind.experimental ? " (experimental)" : "");
        for (const OptionInfo& option : kind.options) {
            fmt::print("    {:20} {}{}{}{}\n", option.key, option.doc, option.choices.empty() ? "" : ": ", option.choices,
                       option.required() ? " (required)" : "");
        }
    }
}

/// Inserted before the given options, so that those have precedence. Errors of the file are reported when it is parsed.
void add_file_placeholders(std::string_view file, std::vector<OptionValue>& options) {
    const Result<std::vector<TemplateOption>> declared = template_options(file);
    if (!declared) return;
    std::vector<OptionInfo> infos;
    for (const TemplateOption& option : *declared) {
        if (option.value.empty()) infos.push_back({option.key, option.doc, option.is});
    }
    const std::vector<OptionValue> placeholders = placeholder_options(infos);
    options.insert(options.begin(), placeholders.begin(), placeholders.end());
}

void list_target_files() {
    fmt::print("targets from files (--target NAME, or --target-file FILE for your own):\n");
    for (const std::string& name : target_files::names()) {
        const std::string text = target_files::find(name).value_or("");
        const Result<std::vector<TemplateOption>> options = template_options(text);
        if (!options) {
            fmt::print("  {:22} cannot be read: {}\n", name, to_string(options.error()));
            continue;
        }
        std::vector<OptionValue> values;
        add_file_placeholders(text, values);
        const Result<TemplateTarget> target = TemplateTarget::parse(text, values);
        if (!target) {
            fmt::print("  {:22} cannot be read: {}\n", name, to_string(target.error()));
            continue;
        }
        fmt::print("  {:22} {}{}\n", name, target->doc, target->traits.experimental ? " (experimental)" : "");
        for (const TemplateOption& option : *options) {
            const bool required = option.is == OptionIs::required || option.is == OptionIs::required_secret;
            fmt::print("    {:20} {}{}{}{}\n", option.key, option.doc, option.value.empty() ? "" : ", default ", option.value,
                       required ? " (required)" : "");
        }
    }
}

void list() {
    list_kinds("targets, from events (--target NAME, --option KEY=VALUE):", targets());
    list_target_files();
    list_kinds("forwards, the group itself (--forward NAME, --option KEY=VALUE):", forwards());
    fmt::print("presets (--preset NAME, or \"preset\" in --mapping FILE):\n");
    for (const Preset& preset : presets()) fmt::print("  {:22} {}\n", preset.name, preset.about);
    fmt::print("policies (keys of --mapping FILE):\n");
    for (const MappingMember& member : mapping_members()) fmt::print("  {:22} {}\n", member.name, member.about);
    fmt::print("sources of their values (\"label:alertname\", \"generator_url\"):\n");
    for (const FieldText& field : field_texts()) fmt::print("  {:22} {}\n", field.word, field.about);
}

int wrong(std::string_view what, const Error& error) {
    fmt::print(stderr, "convert: {}: {}\n", what, to_string(error));
    return bad_usage;
}

int unreadable(std::string_view name) {
    fmt::print(stderr, "convert: {}: cannot be read\n", name);
    return bad_usage;
}

/// Applies the arguments for the mapping.
int configure_mapping(const Arguments& arguments, Mapping& mapping) {
    if (!arguments.preset.empty()) {
        Result<Mapping> preset = find_preset(arguments.preset);
        if (!preset) return wrong(arguments.preset, preset.error());
        mapping = *std::move(preset);
    }
    if (!arguments.mapping_file.empty()) {
        std::string text;
        if (!read_all(arguments.mapping_file, text)) return unreadable(arguments.mapping_file);
        Result<Mapping> from_file = parse_mapping(text);
        if (!from_file) return wrong(arguments.mapping_file, from_file.error());
        mapping = *std::move(from_file);
    }
    if (arguments.per == "group") {
        mapping.per = FanOut::per_group;
    } else if (arguments.per == "alert" && mapping.per == FanOut::per_group) {
        mapping.per = FanOut::per_alert;
    }
    return ok;
}

/// Inserted before the given options, so that those have precedence.
template <class Any>
void add_placeholders(std::span<const Kind<Any>> kinds, std::string_view name, std::vector<OptionValue>& options) {
    for (const Kind<Any>& kind : kinds) {
        if (kind.name != name) continue;
        const std::vector<OptionValue> placeholders = placeholder_options(kind.options);
        options.insert(options.begin(), placeholders.begin(), placeholders.end());
    }
}

/// Applies the arguments for the target or forward, and its options.
int configure_writer(const Arguments& arguments, Converter& converter) {
    Result<std::vector<OptionValue>> options = parse_options(arguments.options);
    if (!options) return wrong("--option", options.error());
    if (!arguments.options_file.empty()) {
        std::string text;
        if (!read_all(arguments.options_file, text)) return unreadable(arguments.options_file);
        Result<std::vector<OptionValue>> more = parse_json_options(text);
        if (!more) return wrong(arguments.options_file, more.error());
        options->insert(options->begin(), more->begin(), more->end());
    }
    const auto from_file = [&](const std::string& name, std::string_view text) {
        if (arguments.placeholders) add_file_placeholders(text, *options);
        Result<TemplateTarget> target = TemplateTarget::parse(text, *options);
        if (!target) return wrong(name, target.error());
        converter.target = *std::move(target);
        return ok;
    };
    if (!arguments.target_file.empty()) {
        std::string text;
        if (!read_all(arguments.target_file, text)) return unreadable(arguments.target_file);
        return from_file(arguments.target_file, text);
    }
    if (!arguments.target.empty()) {
        if (arguments.placeholders) add_placeholders(targets(), arguments.target, *options);
        Result<AnyTarget> target = make_target(arguments.target, *options);
        if (target) {
            converter.target = *std::move(target);
            return ok;
        }
        const bool no_such_target = target.error().code == Errc::unknown_name && target.error().path.empty();
        if (!no_such_target) return wrong(arguments.target, target.error());
        if (const std::optional<std::string> text = target_files::find(arguments.target)) return from_file(arguments.target, *text);
    }
    // "alertmanager" exists as a forward only; accept it as a target, too.
    const std::string& name = arguments.forward.empty() ? arguments.target : arguments.forward;
    if (arguments.placeholders) add_placeholders(forwards(), name, *options);
    Result<AnyForward> forward = make_forward(name, *options);
    if (!forward) return wrong(name, forward.error());
    converter.forward = *std::move(forward);
    return ok;
}

int print_mapping_file(const Mapping& mapping) {
    const Result<std::string> text = print_mapping(mapping);
    if (!text) return wrong("--print-mapping", text.error());
    fmt::print("{}\n", indented(*text));
    return ok;
}

void convert_lines(const Arguments& arguments, Converter& converter, const std::string& name) {
    std::FILE* file = name == "-" ? stdin : std::fopen(name.c_str(), "rb");
    if (file == nullptr) {
        fmt::print(stderr, "error {}: cannot be read\n", name);
        converter.exit_code = bad_input;
        return;
    }
    Lines lines(file, ParseOptions{}.max_bytes);
    Progress progress;
    std::string_view line;
    for (std::size_t number = 1; lines.next(line, [&] { converter.flush(); }); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
        const std::string place = fmt::format("{}:{}", name, number);
        arguments.check ? converter.check(place, line) : converter.body(place, line);
        progress.step(line.size());
    }
    if (file != stdin) std::fclose(file);
}

int run(const Arguments& arguments) {
    if (isatty(STDOUT_FILENO) != 1) std::setvbuf(stdout, nullptr, _IOFBF, std::size_t{1} << 16);
    Converter converter(arguments);
    Mapping mapping;
    if (const int code = configure_mapping(arguments, mapping); code != ok) return code;
    if (arguments.print_mapping) return print_mapping_file(mapping);
    if (!arguments.check) {
        if (const int code = configure_writer(arguments, converter); code != ok) return code;
    }
    const bool chosen = !arguments.per.empty() || !arguments.preset.empty() || !arguments.mapping_file.empty();
    if (converter.target && !chosen) mapping.per = fan_out_for(converter.target->traits());
    converter.map = Mapper(std::move(mapping));
    const std::vector<std::string> standard_input = {"-"};
    Progress progress;
    std::string body;
    for (const std::string& name : arguments.files.empty() ? standard_input : arguments.files) {
        if (arguments.ndjson) {
            convert_lines(arguments, converter, name);
        } else if (!read_all(name, body)) {
            fmt::print(stderr, "error {}: cannot be read\n", name);
            converter.exit_code = bad_input;
        } else {
            arguments.check ? converter.check(name, body) : converter.body(name, body);
            progress.step(body.size());
        }
    }
    converter.flush();
    return converter.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Alertmanager webhook bodies in, payloads of on-call systems out: one compact JSON per line");
    app.set_version_flag("--version", ALERTMAP_VERSION_STRING);
    app.add_option("files", arguments.files, "webhook bodies; none or -: standard input");
    app.add_option("-t,--target", arguments.target, "the target of the payloads: see --list");
    app.add_option("--target-file", arguments.target_file, "a target from a JSON file: see docs/targets/template.md");
    app.add_option("-f,--forward", arguments.forward, "forward the group itself instead");
    app.add_option("-o,--option", arguments.options, "KEY=VALUE of the target; repeatable")->allow_extra_args(false);
    app.add_option("--options-file", arguments.options_file, "the same as a JSON object, so that secrets stay out of the process list");
    app.add_option("--preset", arguments.preset, "the mapping: see --list (default: recommended)");
    app.add_option("-m,--mapping", arguments.mapping_file, "the mapping, from a JSON file");
    app.add_option("--per", arguments.per, "one payload per alert, or one for the group; default: the target's")
        ->check(CLI::IsMember({"alert", "group"}));
    app.add_flag("--pretty", arguments.pretty, "indented JSON");
    app.add_flag("--request", arguments.request, "the complete HTTP request, secrets masked");
    app.add_flag("--ndjson", arguments.ndjson, "one body per line, in constant memory");
    app.add_flag("--check", arguments.check, "only parse the bodies and print a summary; -v: with warnings");
    app.add_flag("--list", arguments.list, "targets, forwards, presets and policies");
    app.add_flag("--placeholders", arguments.placeholders,
                 "use placeholders for missing required options and the vendor's ID, to preview payloads");
    app.add_flag("--list-targets", arguments.list_targets, "only the names of the targets");
    app.add_flag(
        "--explain", arguments.explain,
        "instead of payloads, print the source, reason and destination of each value; for a forward, what it adds, changes and leaves out");
    app.add_flag("--print-mapping", arguments.print_mapping, "the mapping as a JSON file that --mapping reads");
    app.add_flag("--strict", arguments.strict, "warnings are errors");
    app.add_flag("--salvage", arguments.salvage, "the complete alerts of a broken body instead of an error");
    app.add_flag("-v,--verbose", arguments.verbose, "warnings too");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? ok : bad_usage;
    }
    if (arguments.list) {
        list();
        return ok;
    }
    if (arguments.list_targets) {
        for (const Kind<AnyTarget>& kind : targets()) fmt::print("{}\n", kind.name);
        for (const std::string& name : target_files::names()) fmt::print("{}\n", name);
        return ok;
    }
    if (!arguments.check && !arguments.print_mapping &&
        !arguments.target.empty() + !arguments.forward.empty() + !arguments.target_file.empty() != 1) {
        fmt::print(stderr, "convert: one of --target, --target-file, --forward, --check, --list\n");
        return bad_usage;
    }
    return run(arguments);
}
