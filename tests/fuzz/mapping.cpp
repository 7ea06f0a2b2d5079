// Arbitrary mapping files: rejected, or printed, read again and used on any alert. The input up to its last line is the file, the last line
// is the text form of a source.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "alertmap/mapper.hpp"
#include "alertmap/mapping_json.hpp"

namespace {

using namespace alertmap;

void require(bool truth) {
    if (!truth) std::abort();
}

void check_source(std::string_view form, const AlertGroup& group) {
    const Result<FieldSource> source = FieldSource::parse(form);
    if (!source) {
        require(source.error().offset <= form.size());
        return;
    }
    require(*source->print() == form);
    Arena arena;
    for (const Subject subject : {Subject{&group, nullptr}, Subject{&group, &group.alerts[0]}}) (void)(*source)(subject, arena);
}

void check_mapping(std::string_view json, const AlertGroup& group) {
    const Result<Mapping> mapping = parse_mapping(json);
    if (!mapping) {
        require(mapping.error().offset <= json.size());
        return;
    }
    const Result<std::string> printed = print_mapping(*mapping);
    require(printed.has_value());
    require(*parse_mapping(*printed) == *mapping);
    const Mapper map(*mapping);
    Arena arena;
    for (const Subject subject : {Subject{&group, nullptr}, Subject{&group, &group.alerts[0]}}) {
        const Event event = map(subject, arena);
        require(!event.summary.empty() && !event.external_id.empty());
        require(event.url.empty() || is_http_url(event.url));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.rfind('\n');
    const std::string_view form = line == std::string_view::npos ? input : input.substr(line + 1);

    // The input is also used as alert text.
    const Label labels[] = {{"alertname", input}, {"instance", "n1"}, {"severity", form}};
    const Label annotations[] = {{"summary", form}, {"rootly", input}, {"description", input}};
    Alert alerts[2];
    for (Alert& alert : alerts) {
        alert.labels = {labels, 3};
        alert.annotations = {annotations, 3};
        alert.generator_url = form;
    }
    AlertGroup group;
    group.alerts = alerts;
    group.common_labels = {labels, 3};
    group.receiver = form;
    group.external_url = input;

    check_source(form, group);
    check_mapping(input.substr(0, line == std::string_view::npos ? 0 : line), group);
    Arena arena;
    for (const Preset& preset : presets()) {
        const Mapper map(preset.make());
        for (const Subject subject : {Subject{&group, nullptr}, Subject{&group, &group.alerts[0]}}) {
            const Event event = map(subject, arena);
            require(!event.summary.empty() && !event.external_id.empty());
        }
    }
    return 0;
}
