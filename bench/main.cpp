// Every stage of every candidate as a Google Benchmark, named stage/candidate/alerts/escapes. run.sh runs this program once per round
// (candidates of a stage are adjacent) and makes a table of all rounds.
// Own flags: --quick for fewer inputs; --threads for the stage with two cores instead of the others; --payloads ALERTS ESCAPES prints the
// expected payloads, for candidates in other languages; --passes N parse|end_to_end CANDIDATE runs that N times over the bodies of 100
// alerts and prints their bytes, for profile.sh.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <utility>

#include "alertmap/parser.hpp"
#if defined(__linux__)
#include <pthread.h>
#include <sched.h>
#endif

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

/// Bodies of one kind, with readable bytes after each.
struct Bodies {
    std::vector<std::string> texts;
    std::size_t alerts = 0;  // in all bodies
    std::size_t bytes = 0;
    std::size_t largest = 0;

    Bodies(std::vector<std::string> bodies, std::size_t alerts_each) : texts(std::move(bodies)) {
        for (std::string& text : texts) {
            bytes += text.size();
            largest = std::max(largest, text.size());
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

/// One body of a set: mapped and written results are kept for one body at a time.
const Bodies& one_body(std::size_t alerts, unsigned escapes) {
    static std::map<std::pair<std::size_t, unsigned>, Bodies> sets;
    const auto found = sets.find({alerts, escapes});
    if (found != sets.end()) return found->second;
    return sets.emplace(std::pair{alerts, escapes}, Bodies({std::string(bodies(alerts, escapes)[0])}, alerts)).first->second;
}

/// All bodies of a set as one text, one per line.
const Bodies& lines(std::size_t alerts, unsigned escapes) {
    static std::map<std::pair<std::size_t, unsigned>, Bodies> sets;
    const auto found = sets.find({alerts, escapes});
    if (found != sets.end()) return found->second;
    std::string text;
    for (const std::string& body : generate_set(alerts, escapes)) text += body;
    return sets.emplace(std::pair{alerts, escapes}, Bodies({text}, alerts * bodies_of(alerts))).first->second;
}

struct Candidate {
    const char* name;
    std::unique_ptr<Peer> (*make)();
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
#ifdef BENCH_YYJSON
    {"yyjson", make_yyjson},
#endif
#ifdef BENCH_BOOST_JSON
    {"Boost.JSON", make_boost_json},
#endif
#ifdef BENCH_NLOHMANN
    {"nlohmann-json", make_nlohmann},
#endif
};

/// True if the candidate reads every body and writes every payload as the reference, simdjson's DOM and a std::string, does.
bool agrees(const Candidate& candidate, const Bodies& set, bool payloads_too) {
    static std::set<std::tuple<const char*, const Bodies*, bool>> known;
    if (known.contains({candidate.name, &set, payloads_too})) return true;
    const std::unique_ptr<Peer> reference = make_simdjson_dom();
    const std::unique_ptr<Peer> peer = candidate.make();
    for (std::size_t i = 0; i < set.size(); ++i) {
        const alertmap::AlertGroup* expected = reference->parse(set[i]);
        const alertmap::AlertGroup* group = peer->parse(set[i]);
        if (expected == nullptr || group == nullptr || !equal(*group, *expected)) return false;
        if (!payloads_too) continue;
        Payloads wanted;
        Payloads payloads;
        Payloads mapped_before;
        if (reference->end_to_end(set[i], &wanted) == 0 || peer->end_to_end(set[i], &payloads) == 0) return false;
        peer->map(*peer->parse(set[i]));
        (void)peer->write(&mapped_before);
        if (payloads != mapped_before) return false;
        if (!std::equal(wanted.begin(), wanted.end(), payloads.begin(), payloads.end(), equal_json)) return false;
    }
    known.insert({candidate.name, &set, payloads_too});
    return true;
}

void count(benchmark::State& state, const Bodies& set, double allocations_in_all) {
    const auto alerts = static_cast<double>(set.alerts);
    state.counters["alerts"] = alerts;
    state.counters["bytes"] = static_cast<double>(set.bytes);
    state.counters["allocations"] = allocations_in_all / static_cast<double>(state.iterations()) / alerts;
}

/// Runs `pass` (once over the set) until the time is up. Allocations of the first pass are not counted.
template <class Pass>
void measure(benchmark::State& state, const Bodies& set, Pass&& pass) {
    pass();
    const std::uint64_t before = allocations();
    for (auto _ : state) pass();
    count(state, set, static_cast<double>(allocations() - before));
}

// ---- Stages ----

using Stage = void (*)(benchmark::State& state, Peer& peer, const Bodies& set);

void parse(benchmark::State& state, Peer& peer, const Bodies& set) {
    measure(state, set, [&] {
        for (std::size_t i = 0; i < set.size(); ++i) benchmark::DoNotOptimize(peer.parse(set[i]));
    });
    if (peer.memory() != 0) state.counters["memory_per_byte"] = static_cast<double>(peer.memory()) / static_cast<double>(set.largest);
}

void map(benchmark::State& state, Peer& peer, const Bodies& set) {
    const alertmap::AlertGroup* group = peer.parse(set[0]);
    measure(state, set, [&] {
        peer.map(*group);
        benchmark::ClobberMemory();
    });
}

void write(benchmark::State& state, Peer& peer, const Bodies& set) {
    peer.map(*peer.parse(set[0]));
    measure(state, set, [&] { benchmark::DoNotOptimize(peer.write(nullptr)); });
}

void end_to_end(benchmark::State& state, Peer& peer, const Bodies& set) {
    measure(state, set, [&] {
        for (std::size_t i = 0; i < set.size(); ++i) benchmark::DoNotOptimize(peer.end_to_end(set[i], nullptr));
    });
}

void stream(benchmark::State& state, Peer& peer, const Bodies& set) {
    if (peer.stream(set[0]) != set.alerts) return state.SkipWithError("did not read every line");
    measure(state, set, [&] { benchmark::DoNotOptimize(peer.stream(set[0])); });
}

std::string name(const std::string& stage, const std::string& candidate, std::size_t alerts, unsigned escapes) {
    return stage + "/" + candidate + "/" + std::to_string(alerts) + "/" + std::to_string(escapes);
}

using GetBodies = const Bodies& (*)(std::size_t alerts, unsigned escapes);

void add(const char* stage_name, Stage stage, std::size_t alerts, unsigned escapes, GetBodies get = bodies) {
    const bool payloads_too = stage == write || stage == end_to_end;
    for (const Candidate& candidate : candidates) {
        // All peers map in the same way, with page_of().
        if (stage == map && candidate.make != make_alertmap && candidate.make != make_simdjson_ondemand) continue;
        const char* who = stage == map && candidate.make != make_alertmap ? "by hand" : candidate.name;
        benchmark::RegisterBenchmark(name(stage_name, who, alerts, escapes).c_str(), [=](benchmark::State& state) {
            if (!agrees(candidate, bodies(alerts, escapes), payloads_too)) return state.SkipWithError("differs from the reference");
            stage(state, *candidate.make(), get(alerts, escapes));
        });
    }
}

void add_walks(const char* stage_name, std::size_t alerts, unsigned escapes, const std::map<std::string, Walk (*)()>& walks) {
    for (const auto& [walk_name, make] : walks) {
        benchmark::RegisterBenchmark(name(stage_name, walk_name, alerts, escapes).c_str(), [=, make = make](benchmark::State& state) {
            const Walk walk = make();
            const Bodies& set = bodies(alerts, escapes);
            measure(state, set, [&] {
                for (std::size_t i = 0; i < set.size(); ++i) {
                    std::size_t result = walk(set[i]);
                    if (result == 0) return state.SkipWithError("nothing read");
                    benchmark::DoNotOptimize(result);
                }
            });
        });
    }
}

/// Copies the payloads' bytes to one place: a lower bound for writing.
void add_output_copy(const char* stage_name, std::size_t alerts, unsigned escapes, GetBodies get = bodies) {
    benchmark::RegisterBenchmark(name(stage_name, "memcpy of the output", alerts, escapes).c_str(), [=](benchmark::State& state) {
        const Bodies& set = get(alerts, escapes);
        std::string payloads;
        std::vector<std::size_t> sizes;
        const std::unique_ptr<Peer> peer = make_simdjson_ondemand();
        for (std::size_t i = 0; i < set.size(); ++i) {
            Payloads copies;
            (void)peer->end_to_end(set[i], &copies);
            for (const std::string& copy : copies) {
                payloads += copy;
                sizes.push_back(copy.size());
            }
        }
        std::string out(*std::max_element(sizes.begin(), sizes.end()), '\0');
        measure(state, set, [&] {
            const char* from = payloads.data();
            for (const std::size_t size : sizes) {
                std::copy_n(from, size, out.data());
                benchmark::ClobberMemory();
                from += size;
            }
        });
    });
}

/// Expensive bodies, per byte; including rejected ones (the label has the error).
void add_hostile(const char* hostile, std::size_t max_labels = alertmap::ParseOptions{}.max_labels) {
    const std::string stage =
        std::string("hostile: ") + hostile + (max_labels > alertmap::ParseOptions{}.max_labels ? ", raised limit" : "");
    benchmark::RegisterBenchmark(name(stage, "alertmap", 1, 0).c_str(), [=](benchmark::State& state) {
        const Bodies set({generate_hostile(hostile)}, 1);
        alertmap::Parser parser({.max_labels = max_labels});
        measure(state, set, [&] {
            auto group = parser.parse(set[0]);
            benchmark::DoNotOptimize(group);
        });
        const auto group = parser.parse(set[0]);
        state.SetLabel(group ? "read" : std::string(alertmap::name(group.error().code)));
        state.counters["memory_per_byte"] = static_cast<double>(parser.memory()) / static_cast<double>(set.largest);
    });
    benchmark::RegisterBenchmark(name(stage, "simdjson DOM", 1, 0).c_str(), [=](benchmark::State& state) {
        const Bodies set({generate_hostile(hostile)}, 1);
        const Walk parse_dom = make_simdjson_dom_alone();
        measure(state, set, [&] { benchmark::DoNotOptimize(parse_dom(set[0])); });
    });
}

/// Pins each thread to its own core; otherwise they may share one while the other is busy.
void pin(std::thread& thread, std::size_t core) {
#if defined(__linux__)
    cpu_set_t allowed;
    cpu_set_t one;
    CPU_ZERO(&one);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    for (std::size_t i = 0; i < CPU_SETSIZE; ++i) {
        if (!CPU_ISSET(i, &allowed) || core-- != 0) continue;
        CPU_SET(i, &one);
        (void)pthread_setaffinity_np(thread.native_handle(), sizeof one, &one);
        return;
    }
#else
    (void)thread;
    (void)core;
#endif
}

/// Wall-clock time of `threads` concurrent threads, from the first start to the last end: the best of many short attempts, which excludes
/// those disturbed by other processes.
double best_time(std::size_t threads, const std::function<void(std::size_t thread)>& work) {
    using Clock = std::chrono::steady_clock;
    constexpr std::size_t tries = 300;
    std::vector<std::vector<std::pair<Clock::time_point, Clock::time_point>>> times(threads);
    std::barrier ready(static_cast<std::ptrdiff_t>(threads));
    const auto run = [&](std::size_t thread) {
        for (std::size_t i = 0; i < tries; ++i) {
            ready.arrive_and_wait();
            const auto start = Clock::now();
            work(thread);
            times[thread].emplace_back(start, Clock::now());
        }
    };
    std::vector<std::thread> running;
    for (std::size_t thread = 0; thread < threads; ++thread) {
        running.emplace_back(run, thread);
        pin(running.back(), thread);
    }
    for (std::thread& thread : running) thread.join();
    auto best = Clock::duration::max();
    for (std::size_t i = 0; i < tries; ++i) {
        auto [start, end] = times[0][i];
        for (const auto& all : times) {
            start = std::min(start, all[i].first);
            end = std::max(end, all[i].second);
        }
        best = std::min(best, end - start);
    }
    return std::chrono::duration<double>(best).count();
}

/// Each thread has its own candidate and bodies.
void add_threads(const Candidate& candidate, std::size_t threads, bool to_the_end) {
    const std::string stage = to_the_end ? "two_threads: end_to_end" : "two_threads: parse";
    const std::string who = std::string(candidate.name) + (threads == 1 ? ", 1 thread" : ", 2 threads");
    constexpr std::size_t alerts = 100;
    const auto run = [=](benchmark::State& state) {
        std::vector<std::unique_ptr<Peer>> peers;
        std::vector<Bodies> sets;
        for (std::size_t i = 0; i < threads; ++i) {
            peers.push_back(candidate.make());
            sets.emplace_back(generate_set(alerts, 5), alerts);
        }
        const auto work = [&](std::size_t thread) {
            for (std::size_t i = 0; i < sets[thread].size(); ++i) {
                const std::string_view body = sets[thread][i];
                if (to_the_end) {
                    benchmark::DoNotOptimize(peers[thread]->end_to_end(body, nullptr));
                } else {
                    benchmark::DoNotOptimize(peers[thread]->parse(body));
                }
            }
        };
        for (auto _ : state) state.SetIterationTime(best_time(threads, work));
        state.counters["alerts"] = static_cast<double>(sets[0].alerts * threads);
        state.counters["bytes"] = static_cast<double>(sets[0].bytes * threads);
        state.counters["allocations"] = 0;
        state.counters["real"] = 1;
    };
    benchmark::RegisterBenchmark(name(stage, who, alerts, 5).c_str(), run)->UseManualTime()->Iterations(1);
}

void add_all(bool quick) {
    const std::map<std::string, Walk (*)()> all_walks = {{"od_walk", make_ondemand_walk},
                                                         {"od_walk, names too", make_ondemand_walk_with_names},
                                                         {"simdjson stage 1", make_simdjson_stage1},
                                                         {"memcpy of the input", make_memcpy}};
    const std::map<std::string, Walk (*)()> value_walks = {{"od_walk", make_ondemand_walk}};

    std::vector<std::pair<std::size_t, unsigned>> inputs = {{1, 5}, {10, 5}, {100, 5}, {1000, 5}, {10'000, 5}, {1000, 0}, {1000, 100}};
    if (quick) inputs = {{1, 5}, {100, 5}, {1000, 5}, {1000, 0}, {1000, 100}};
    for (const auto& [alerts, escapes] : inputs) {
        add("parse", parse, alerts, escapes);
        add_walks("parse", alerts, escapes, all_walks);
    }
    for (const unsigned escapes : {5u, 0u, 100u}) {
        if (escapes == 5) add("map", map, 1000, escapes, one_body);
        add("write", write, 1000, escapes, one_body);
        add_output_copy("write", 1000, escapes, one_body);
    }
    for (const auto& [alerts, escapes] : inputs) {
        const char* stage = alerts == 1 ? "one_alert" : "end_to_end";
        add(stage, end_to_end, alerts, escapes);
        add_walks(stage, alerts, escapes, value_walks);
        add_output_copy(stage, alerts, escapes);
    }
    add("ndjson", stream, 1, 5, lines);
    for (const char* hostile : hostile_names) add_hostile(hostile);
    for (const char* hostile : {"million_labels", "duplicate_keys", "unknown_keys", "numbers_as_text"}) add_hostile(hostile, 2'000'000);
}

/// Untimed passes, for a profiler.
[[gnu::noinline]] int run_passes(const Bodies& set, std::size_t passes, std::string_view stage, std::string_view who) {
    for (const Candidate& candidate : candidates) {
        if (candidate.name != who) continue;
        const std::unique_ptr<Peer> peer = candidate.make();
        for (std::size_t i = 0; i < passes * set.size(); ++i) {
            if (stage == "parse") {
                benchmark::DoNotOptimize(peer->parse(set[i % set.size()]));
            } else {
                benchmark::DoNotOptimize(peer->end_to_end(set[i % set.size()], nullptr));
            }
        }
        std::printf("%zu\n", set.bytes);
        return 0;
    }
    return 1;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    if (argc == 5 && std::string_view(argv[1]) == "--passes")
        return bench::run_passes(bench::bodies(100, 5), std::stoul(argv[2]), argv[3], argv[4]);
    if (argc == 4 && std::string_view(argv[1]) == "--payloads") {
        const bench::Bodies& set = bench::bodies(std::stoul(argv[2]), static_cast<unsigned>(std::stoul(argv[3])));
        bench::Payloads payloads;
        for (std::size_t i = 0; i < set.size(); ++i) (void)bench::make_simdjson_ondemand()->end_to_end(set[i], &payloads);
        for (const std::string& payload : payloads) std::puts(payload.c_str());
        return 0;
    }
    bool quick = false;
    bool threads = false;
    argc = static_cast<int>(std::remove_if(argv, argv + argc,
                                           [&](const std::string& argument) {
                                               quick = quick || argument == "--quick";
                                               threads = threads || argument == "--threads";
                                               return argument == "--quick" || argument == "--threads";
                                           }) -
                            argv);
    if (threads) {
        for (const bool to_the_end : {false, true}) {
            for (const bench::Candidate& candidate : {bench::candidates[0], bench::candidates[1]}) {
                for (const std::size_t count : {1u, 2u}) bench::add_threads(candidate, count, to_the_end);
            }
        }
    } else {
        bench::add_all(quick);
    }
    benchmark::AddCustomContext("compiler", BENCH_COMPILER);
    benchmark::AddCustomContext("flags", BENCH_FLAGS);
    benchmark::AddCustomContext("simdjson", bench::simdjson_version() + ", " + bench::simdjson_implementation());
    benchmark::AddCustomContext("SIMDJSON_DEVELOPMENT_CHECKS", bench::simdjson_development_checks() ? "on" : "off");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
