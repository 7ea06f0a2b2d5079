// Compares two revisions of the library in one process, alternating every few milliseconds: compare [--quick] [--filter REGEX] OLD.so
// NEW.so
// Prints, for each stage and input, the median ratio (new / old; below 1 is faster) and its interquartile range.

#include <dlfcn.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "../generate.hpp"
#include "subject.hpp"

namespace bench {
namespace {

struct Input {
    std::string name;
    std::vector<std::string> bodies;
    std::size_t alerts = 0;  // in all bodies
};

/// One alert each, as Grafana sends it: with members that Alertmanager lacks, one of them an object.
std::vector<std::string> grafana_bodies() {
    std::vector<std::string> bodies;
    for (int i = 0; i < 64; ++i) {
        const std::string n = std::to_string(1000 + i * 37);
        bodies.push_back(
            R"({"receiver":"on-call","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"High latency )" + n +
            R"(","grafana_folder":"Shop","instance":"web-)" + n + R"(:9100","severity":"critical","team":"checkout"},"annotations":{)" +
            R"("description":"p99 is above 800 ms","summary":"Checkout is slow"},"startsAt":"2026-11-20T10:00:00Z",)" +
            R"("endsAt":"0001-01-01T00:00:00Z","generatorURL":"https://grafana.example.com/alerting/grafana/)" + n +
            R"(/view?orgId=1","fingerprint":"c6eadffa33fc)" + n + R"(","silenceURL":"https://grafana.example.com/alerting/silence/new",)" +
            R"("dashboardURL":"https://grafana.example.com/d/abc","panelURL":"https://grafana.example.com/d/abc?viewPanel=2",)" +
            R"("values":{"A":812.5,"B":1},"valueString":"[ var='A' labels={instance=web-)" + n +
            R"(:9100} value=812.5 ]"}],"groupLabels":{"alertname":"High latency"},"commonLabels":{"team":"checkout"},)" +
            R"("commonAnnotations":{},"externalURL":"https://grafana.example.com/","version":"1",)" +
            R"("groupKey":"{}/{team=\"checkout\"}:{alertname=\"High latency\"}","truncatedAlerts":0,"orgId":1,)" +
            R"("title":"[FIRING:1] High latency","state":"alerting","message":"**Firing**\n\nValue: A=812.5"})");
    }
    return bodies;
}

struct StageName {
    Stage stage;
    const char* name;
};
constexpr StageName stages[] = {{Stage::parse, "parse"},          {Stage::map, "map"},
                                {Stage::write_one, "write 1"},    {Stage::write_three, "write 3"},
                                {Stage::all_one, "all, write 1"}, {Stage::all_three, "all, write 3"}};

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

volatile std::size_t sink;

double time_of(Subject& subject, Stage stage, int passes) {
    const double start = cpu_seconds();
    for (int i = 0; i < passes; ++i) sink = sink + subject.run(stage);
    return cpu_seconds() - start;
}

std::unique_ptr<Subject> load(const char* path) {
    void* const module = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    if (module == nullptr) {
        std::fprintf(stderr, "%s\n", dlerror());
        std::exit(1);
    }
    return std::unique_ptr<Subject>(reinterpret_cast<MakeSubject>(dlsym(module, make_subject_name))());
}

double at(std::vector<double>& values, double part) {
    const auto place = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

/// Loads the bodies into both; memory placement can be worth a few per cent.
void load_in_order(Subject& first, Subject& second, const Input& input) {
    if (!first.load(input.bodies) || !second.load(input.bodies)) {
        std::fprintf(stderr, "%s: not read\n", input.name.c_str());
        std::exit(1);
    }
}

void compare(Subject& before, Subject& after, const Input& input, const StageName& stage, int turns) {
    constexpr double turn = 0.002;
    load_in_order(before, after, input);
    const double once = std::max(time_of(before, stage.stage, 3) / 3, 1e-7);
    (void)time_of(after, stage.stage, 3);
    const int passes = std::max(1, static_cast<int>(turn / once));
    std::vector<double> ratios;
    std::vector<double> times;
    for (int i = 0; i < turns; ++i) {
        // Several times, each in memory that the other used before.
        if (i % 25 == 24) i % 2 == 0 ? load_in_order(after, before, input) : load_in_order(before, after, input);
        // A B, B A, A B: neither has the advantage of being first.
        double a = 0;
        double b = 0;
        if (i % 2 == 0) {
            a = time_of(before, stage.stage, passes);
            b = time_of(after, stage.stage, passes);
        } else {
            b = time_of(after, stage.stage, passes);
            a = time_of(before, stage.stage, passes);
        }
        ratios.push_back(b / a);
        times.push_back(b / passes / static_cast<double>(input.alerts) * 1e9);
    }
    const double nanoseconds = at(times, 0.5);
    std::printf("%-14s %-24s %6.3f  (%.3f .. %.3f)  %9.1f ns per alert\n", stage.name, input.name.c_str(), at(ratios, 0.5),
                at(ratios, 0.25), at(ratios, 0.75), nanoseconds);
    std::fflush(stdout);
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    using namespace bench;
    bool quick = false;
    std::string filter = ".";
    std::vector<const char*> paths;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (argument == "--quick") {
            quick = true;
        } else if (argument == "--filter" && i + 1 < argc) {
            filter = argv[++i];
        } else {
            paths.push_back(argv[i]);
        }
    }
    if (paths.size() != 2) {
        std::fputs("usage: compare [--quick] [--filter REGEX] OLD.so NEW.so\n", stderr);
        return 2;
    }
    const std::unique_ptr<Subject> before = load(paths[0]);
    const std::unique_ptr<Subject> after = load(paths[1]);
    std::vector<Input> inputs;
    for (const std::size_t alerts : {1, 1000}) {
        for (const unsigned escapes : {0, 5, 100}) {
            std::vector<std::string> bodies = generate_set(alerts, escapes);
            // Mapped and written results stay in memory for each body, so use as many bodies as fit into the caches.
            if (alerts == 1) bodies.resize(64);
            const std::size_t all = alerts * bodies.size();
            inputs.push_back({std::to_string(alerts) + (alerts == 1 ? " alert, " : " alerts, ") + std::to_string(escapes) + " % escapes",
                              std::move(bodies), all});
        }
    }
    inputs.push_back({"1 alert of Grafana", grafana_bodies(), 64});

    const std::regex wanted(filter);
    std::printf("%-14s %-24s %6s  (half of the turns)\n", "", "", "ratio");
    for (const StageName& stage : stages) {
        for (const Input& input : inputs) {
            if (!std::regex_search(std::string(stage.name) + "/" + input.name, wanted)) continue;
            compare(*before, *after, input, stage, quick ? 101 : 501);
        }
    }
}
