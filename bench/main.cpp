// Every stage of every candidate as a Google Benchmark, named stage/candidate/alerts/escapes. run.sh runs this program once
// per round (the candidates of a stage stand next to each other in it) and makes the table of all rounds.

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <utility>

#include "allocations.hpp"
#include "generate.hpp"
#include "peer.hpp"

#if defined(__clang__)
#define BENCH_COMPILER "clang " __clang_version__
#else
#define BENCH_COMPILER "g++ " __VERSION__
#endif

namespace bench {
namespace {

/// The bodies of one kind, with readable bytes behind each.
struct Bodies {
    std::vector<std::string> texts;
    std::size_t alerts = 0;  // of all of them
    std::size_t bytes = 0;

    explicit Bodies(std::vector<std::string> bodies, std::size_t alerts_each) : texts(std::move(bodies)) {
        for (std::string& text : texts) {
            bytes += text.size();
            text.append(padding, '\0');
        }
        alerts = alerts_each * texts.size();
    }
    [[nodiscard]] std::string_view operator[](std::size_t i) const { return {texts[i].data(), texts[i].size() - padding}; }
    [[nodiscard]] std::size_t size() const { return texts.size(); }
};

const Bodies& bodies(std::size_t alerts, unsigned escapes) {
    static std::map<std::pair<std::size_t, unsigned>, Bodies> sets;
    const auto found = sets.find({alerts, escapes});
    if (found != sets.end()) return found->second;
    return sets.emplace(std::pair{alerts, escapes}, Bodies(generate_set(alerts, escapes), alerts)).first->second;
}

using MakePeer = std::unique_ptr<Peer> (*)();

struct Candidate {
    const char* name;
    MakePeer make;
};

constexpr Candidate candidates[] = {
    {"alertmap", make_alertmap},
    {"simdjson On-Demand", make_simdjson_ondemand},
    {"simdjson On-Demand, raw tokens", make_simdjson_ondemand_raw},
    {"simdjson DOM", make_simdjson_dom},
#ifdef BENCH_RAPIDJSON
    {"RapidJSON SAX", make_rapidjson_sax},
    {"RapidJSON SAX, validating UTF-8", make_rapidjson_sax_validating},
    {"RapidJSON DOM", make_rapidjson_dom},
#endif
#ifdef BENCH_BOOST_JSON
    {"Boost.JSON", make_boost_json},
#endif
#ifdef BENCH_NLOHMANN
    {"nlohmann-json", make_nlohmann},
#endif
};

/// Whether the candidate reads every body of the set as the reference does. Also the first pass, which may allocate.
bool check(Peer& peer, const Bodies& set) {
    const std::unique_ptr<Peer> reference = make_simdjson_dom();
    for (std::size_t i = 0; i < set.size(); ++i) {
        const alertmap::AlertGroup* expected = reference->parse(set[i]);
        const alertmap::AlertGroup* group = peer.parse(set[i]);
        if (expected == nullptr || group == nullptr || !equal(*group, *expected)) return false;
    }
    return true;
}

/// Runs `pass` (once over all bodies of the set) until the time is up. Allocations are counted in the timed passes only.
template <class Pass>
void measure(benchmark::State& state, const Bodies& set, Pass&& pass) {
    pass();
    const std::uint64_t before = allocations();
    for (auto _ : state) pass();
    const auto passes = static_cast<double>(state.iterations());
    const auto alerts = static_cast<double>(set.alerts);
    state.counters["alerts"] = alerts;
    state.counters["bytes"] = static_cast<double>(set.bytes);
    state.counters["allocations"] = static_cast<double>(allocations() - before) / passes / alerts;
}

void parse(benchmark::State& state, const Candidate& candidate, const Bodies& set) {
    const std::unique_ptr<Peer> peer = candidate.make();
    if (!check(*peer, set)) return state.SkipWithError("reads something else than simdjson's DOM");
    measure(state, set, [&] {
        for (std::size_t i = 0; i < set.size(); ++i) benchmark::DoNotOptimize(peer->parse(set[i]));
    });
}

void walk(benchmark::State& state, const Walk& run, const Bodies& set) {
    measure(state, set, [&] {
        for (std::size_t i = 0; i < set.size(); ++i) {
            std::size_t result = run(set[i]);
            if (result == 0) return state.SkipWithError("nothing read");
            benchmark::DoNotOptimize(result);
        }
    });
}

std::string name(const char* stage, const char* candidate, std::size_t alerts, unsigned escapes) {
    return std::string(stage) + "/" + candidate + "/" + std::to_string(alerts) + "/" + std::to_string(escapes);
}

void register_parse(std::size_t alerts, unsigned escapes) {
    for (const Candidate& candidate : candidates) {
        benchmark::RegisterBenchmark(name("parse", candidate.name, alerts, escapes).c_str(),
                                     [=](benchmark::State& state) { parse(state, candidate, bodies(alerts, escapes)); });
    }
    const std::pair<const char*, Walk (*)()> walks[] = {{"od_walk", make_ondemand_walk},
                                                        {"od_walk, names too", make_ondemand_walk_with_names},
                                                        {"simdjson stage 1", make_simdjson_stage1},
                                                        {"memcpy of the input", make_memcpy}};
    for (const auto& [walk_name, make] : walks) {
        benchmark::RegisterBenchmark(name("parse", walk_name, alerts, escapes).c_str(),
                                     [=, make = make](benchmark::State& state) { walk(state, make(), bodies(alerts, escapes)); });
    }
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    for (const std::size_t alerts : {1u, 10u, 100u, 1000u, 10'000u}) bench::register_parse(alerts, 5);
    bench::register_parse(1000, 0);
    bench::register_parse(1000, 100);
    benchmark::AddCustomContext("compiler", BENCH_COMPILER);
    benchmark::AddCustomContext("flags", BENCH_FLAGS);
    benchmark::AddCustomContext("simdjson", bench::simdjson_version() + ", " + bench::simdjson_implementation());
    benchmark::AddCustomContext("SIMDJSON_DEVELOPMENT_CHECKS", bench::simdjson_development_checks() ? "on" : "off");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
