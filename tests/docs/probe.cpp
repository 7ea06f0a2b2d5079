// Queries the library for docs.py.
//     probe names                 "target signl4", one line per target and forward
//     probe presets               name, tab, documentation; also: policies, fields
//     probe traits                traits of each target, separated by tabs
//     probe target signl4         the options of a target (or forward): key, meaning, "required, secret", choices; separated by tabs
//     probe file < targetfile     the same for a target file
//     probe errors                name, tab, message of each Errc
//     probe warnings < body       the parser's warnings about a body

#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "alertmap/alertmap.hpp"

namespace {

using namespace alertmap;

int print_options(std::span<const OptionInfo> options) {
    for (const OptionInfo& option : options) {
        const std::string_view marks[] = {"", "required", "secret", "required, secret"};
        std::cout << option.key << '\t' << option.doc << '\t' << marks[static_cast<int>(option.is)] << '\t' << option.choices << '\n';
    }
    return 0;
}

template <class Any>
int print_options_of(std::span<const Kind<Any>> kinds, std::string_view name) {
    for (const Kind<Any>& kind : kinds) {
        if (kind.name == name) return print_options(kind.options);
    }
    return 1;
}

int print_names() {
    for (const auto& kind : targets()) std::cout << "target " << kind.name << '\n';
    for (const auto& kind : forwards()) std::cout << "forward " << kind.name << '\n';
    return 0;
}

int print_traits() {
    for (const auto& kind : targets()) {
        const Result<AnyTarget> target = kind.make({});
        if (!target) return 1;
        const TargetTraits& traits = target->traits();
        std::cout << kind.name << (traits.experimental ? " (experimental)" : "") << '\t' << name(traits.repeat) << '\t'
                  << (traits.acknowledges ? "yes" : "no") << '\t' << name(traits.resolves_by) << '\t' << name(traits.unknown_resolve)
                  << '\t';
        if (traits.rate.n != 0) std::cout << traits.rate.n << " in " << traits.rate.seconds << " s per " << name(traits.rate.per);
        std::cout << '\n';
    }
    return 0;
}

int print_presets() {
    for (const Preset& preset : presets()) std::cout << preset.name << '\t' << preset.about << '\n';
    return 0;
}

int print_policies() {
    for (const MappingMember& member : mapping_members()) std::cout << member.name << '\t' << member.about << '\n';
    return 0;
}

int print_fields() {
    for (const FieldText& field : field_texts()) {
        std::cout << field.word << (field.named ? ":..." : "") << '\t' << field.about << '\n';
    }
    return 0;
}

int print_errors() {
    // The values are contiguous; the first invalid one has no text.
    for (int code = 1; alertmap::name(static_cast<Errc>(code)) != "unknown"; ++code) {
        std::cout << alertmap::name(static_cast<Errc>(code)) << '\t' << message(static_cast<Errc>(code)) << '\n';
    }
    return 0;
}

int print_warnings() {
    const std::string body(std::istreambuf_iterator<char>(std::cin), {});
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    if (!group) std::cout << "error: " << name(group.error().code) << '\n';
    for (const Warning& warning : parser.warnings()) {
        const std::string path = warning.path();
        std::cout << path << (path.empty() ? "" : ": ") << name(warning.code) << '\n';
    }
    return 0;
}

/// Options of a target file on standard input.
int print_file_options() {
    const std::string file(std::istreambuf_iterator<char>(std::cin), {});
    const Result<std::vector<TemplateOption>> options = template_options(file);
    if (!options) return 1;
    for (const TemplateOption& option : *options) {
        const std::string_view marks[] = {"", "required", "secret", "required, secret"};
        std::cout << option.key << '\t' << option.doc << (option.value.empty() ? "" : "; default `" + option.value + "`") << '\t'
                  << marks[static_cast<int>(option.is)] << "\t\n";
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string_view what = count > 1 ? arguments[1] : "";
    const std::string_view name = count > 2 ? arguments[2] : "";
    if (what == "names") return print_names();
    if (what == "traits") return print_traits();
    if (what == "presets") return print_presets();
    if (what == "policies") return print_policies();
    if (what == "fields") return print_fields();
    if (what == "errors") return print_errors();
    if (what == "warnings") return print_warnings();
    if (what == "file") return print_file_options();
    return what == "target" ? print_options_of(targets(), name) : print_options_of(forwards(), name);
}
