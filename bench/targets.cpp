// Costs of each target's payload: bytes, nanoseconds, nanoseconds per byte and the ratio to SIGNL4's. Targets alternate, so that
// disturbances affect all of them; the results are medians of CPU time.
//
//     bench_targets BODY.json [TARGETS_FOLDER [ROUNDS [NAME]]]
//
// With a name only that target, for a profiler.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alertmap.hpp"

namespace {

using namespace alertmap;

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Row {
    std::string name;
    AnyTarget target;
    std::vector<double> ns = {};  ///< per payload, one per round
    double bytes = 0;             ///< average payload size
};

void add_built_in(std::vector<Row>& rows) {
    for (const Kind<AnyTarget>& kind : targets()) {
        if (Result<AnyTarget> target = kind.make(placeholder_options(kind.options)))
            rows.push_back({std::string(kind.name), *std::move(target)});
    }
}

void add_files(std::vector<Row>& rows, const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    for (const std::filesystem::path& path : paths) {
        const std::string text = read_file(path);
        std::vector<OptionInfo> infos;
        const Result<std::vector<TemplateOption>> options = template_options(text);
        if (!options) continue;
        for (const TemplateOption& option : *options) {
            if (option.value.empty()) infos.push_back({option.key, option.doc, option.is});
        }
        const std::vector<OptionValue> values = placeholder_options(infos);
        if (Result<TemplateTarget> target = TemplateTarget::parse(text, values)) {
            rows.push_back({path.filename().string(), *std::move(target)});
        }
    }
}

/// target::Goalert's body as a file: compares a file with code.
constexpr std::string_view goalert_file = R"({"name":"goalert","url":"https://h.example.test/","drop_empty":true,"trigger":{"body":{
    "summary":"{title:1024}","details":"{description:6144}","dedup":"{external_id}","meta":"{labels}"}}})";

/// Writes all events into the same memory. Ends the program if a payload cannot be written, as it would count as fast.
double ns_per_payload(Row& row, const std::vector<Event>& events, int repeats) {
    Buffer out;
    std::size_t bytes = 0;
    const std::clock_t start = std::clock();
    for (int i = 0; i < repeats; ++i) {
        for (const Event& event : events) {
            out.clear();
            if (!row.target.write(event, out)) {
                std::fprintf(stderr, "%s does not write\n", row.name.c_str());
                std::exit(1);
            }
            bytes += out.size();
        }
    }
    const double spent = 1e9 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    const double payloads = static_cast<double>(repeats) * static_cast<double>(events.size());
    row.bytes = static_cast<double>(bytes) / payloads;
    return spent / payloads;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) return std::fprintf(stderr, "bench_targets BODY.json [TARGETS_FOLDER [ROUNDS [NAME]]]\n"), 2;
    const std::string body = read_file(arguments[1]);
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    if (!group) return std::fprintf(stderr, "%s\n", to_string(group.error()).c_str()), 1;
    Mapping mapping = preset::recommended();
    mapping.per = FanOut::per_alert;
    const Mapper map(mapping);
    Arena arena;
    std::vector<Event> events;
    for (const Subject subject : subjects(*group, map.per())) {
        const Event event = map(subject, arena);
        if (event.transition == Transition::trigger && !event.heartbeat) events.push_back(event);
    }
    if (events.empty()) return std::fprintf(stderr, "nothing fires in %s\n", arguments[1]), 1;

    std::vector<Row> rows;
    add_built_in(rows);
    if (Result<TemplateTarget> target = TemplateTarget::parse(goalert_file)) rows.push_back({"goalert, as a file", *std::move(target)});
    if (count > 2) add_files(rows, arguments[2]);
    if (count > 4) std::erase_if(rows, [&](const Row& row) { return row.name != arguments[4] && row.name != "signl4"; });
    const int rounds = count > 3 ? std::atoi(arguments[3]) : 9;
    for (int round = 0; round < rounds + 1; ++round) {
        for (Row& row : rows) {
            const double ns = ns_per_payload(row, events, 2000);
            if (round != 0) row.ns.push_back(ns);  // the first round warms up
        }
    }
    double reference = 0;
    for (const Row& row : rows) {
        if (row.name == "signl4") reference = median(row.ns) / row.bytes;
    }
    std::printf("| target | bytes | ns | ns per byte | to signl4 |\n|---|--:|--:|--:|--:|\n");
    for (const Row& row : rows) {
        const double ns = median(row.ns);
        std::printf("| %s | %.0f | %.0f | %.2f | %.2f |\n", row.name.c_str(), row.bytes, ns, ns / row.bytes, ns / row.bytes / reference);
    }
}
