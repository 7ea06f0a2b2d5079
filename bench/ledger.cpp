// Costs of the ledger: a repeat with many open incidents, one due incident among them, memory per incident.
//     build/bench/bench_ledger [Google Benchmark's flags]
// Each benchmark checks the ledger's result before it is timed.

#include <benchmark/benchmark.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/ledger.hpp"

namespace {

using namespace alertmap;

constexpr UnixTime start = hours(500'000);

/// A typical alert's event with the mapping `recommended`.
struct Incident {
    std::string fingerprint;
    std::string instance;
    std::vector<Label> labels;
    EventMember member;
    Event event;

    explicit Incident(std::size_t number) {
        std::uint64_t hash = (number + 1) * 0x9e3779b97f4a7c15;
        for (int i = 0; i < 16; ++i, hash >>= 4) fingerprint += "0123456789abcdef"[hash & 15];
        instance = "host-" + std::to_string(number) + ".example.test:9100";
    }
    void view() {
        labels = {
            {"alertname", "DiskAlmostFull"}, {"instance", instance}, {"job", "node"}, {"service", "blob-store"}, {"severity", "critical"}};
        member.fingerprint = fingerprint;
        member.starts_at = timestamp(start - minutes(1));
        event.external_id = fingerprint;
        event.summary = "Disk almost full";
        event.description = "Less than 5 % left";
        event.url = "http://prom.example.test:9090/graph?g0.expr=disk_free_ratio+%3C+0.05&g0.tab=1";
        event.source = instance;
        event.service = "blob-store";
        event.client = "Alertmanager";
        event.client_url = "http://am.example.test:9093";
        event.starts_at = member.starts_at;
        event.labels = {labels.data(), labels.size()};
        event.members = {&member, 1};
        event.group_key = "{}/{team=\"storage\"}:{alertname=\"DiskAlmostFull\", cluster=\"eu-1\"}";
    }
    /// Bytes of text that the ledger keeps.
    [[nodiscard]] std::size_t text() const {
        std::size_t size = event.external_id.size() + event.summary.size() + event.description.size() + event.url.size() +
                           event.source.size() + event.service.size() + event.client.size() + event.client_url.size() +
                           event.group_key.size();
        for (const Label& label : labels) size += label.name.size() + label.value.size();
        return size;
    }
};

std::vector<Incident> make(std::size_t count) {
    std::vector<Incident> incidents;
    incidents.reserve(count);
    for (std::size_t i = 0; i < count; ++i) incidents.emplace_back(i);
    for (Incident& incident : incidents) incident.view();
    return incidents;
}

const Source source{"eu", "storage-pager", {}};

Ledger open_all(const std::vector<Incident>& incidents) {
    LedgerOptions options;
    options.traits.repeat = Repeat::merges;
    options.traits.unknown_resolve = UnknownResolve::ignored;
    options.max_incidents = 2'000'000;
    Ledger ledger(options);
    std::vector<std::uint64_t> tickets;
    for (const Incident& incident : incidents) ledger.observe(source, incident.event, start);
    for (bool more = true; more;) {
        tickets.clear();
        for (const Action& action : ledger.due(start, 1000)) tickets.push_back(action.ticket);
        for (const std::uint64_t ticket : tickets) ledger.answered(ticket, {Outcome::accepted}, start);
        more = !tickets.empty();
    }
    (void)ledger.changes();
    return ledger;
}

std::size_t heap() {
#if defined(__GLIBC__)
    return mallinfo2().uordblks + mallinfo2().hblkhd;
#else
    return 0;
#endif
}

void repeat(benchmark::State& state) {
    const std::vector<Incident> incidents = make(static_cast<std::size_t>(state.range(0)));
    Ledger ledger = open_all(incidents);
    if (ledger.stats().open != incidents.size()) state.SkipWithError("not all are open");
    // As in a message: the event is in the cache, but the ledger's rows are accessed in random order.
    std::vector<std::array<char, 16>> ids(incidents.size());
    std::size_t row = 0;
    for (std::array<char, 16>& id : ids) {
        row = (row + 7919) % incidents.size();
        std::copy(incidents[row].fingerprint.begin(), incidents[row].fingerprint.end(), id.begin());
    }
    EventMember member = incidents[0].member;
    Event event = incidents[0].event;
    event.members = {&member, 1};
    std::size_t at = 0;
    for (auto _ : state) {
        if (++at == ids.size()) at = 0;
        event.external_id = member.fingerprint = std::string_view(ids[at].data(), ids[at].size());
        if (ledger.observe(source, event, start + seconds(1)) != Observed::repeat) state.SkipWithError("not a repeat");
    }
}
BENCHMARK(repeat)->Arg(100)->Arg(10'000)->Arg(1'000'000);

/// One due incident among many open ones.
void one_due(benchmark::State& state) {
    const std::vector<Incident> incidents = make(static_cast<std::size_t>(state.range(0)));
    Ledger ledger = open_all(incidents);
    std::size_t at = 0;
    UnixTime now = start + seconds(1);
    for (auto _ : state) {
        at = (at + 7919) % incidents.size();
        now += 1;
        Event event = incidents[at].event;
        event.severity = event.severity == Severity::critical && now % 2 == 0 ? Severity::error : Severity::critical;
        ledger.observe(source, event, now);
        for (const Action& action : ledger.due(now)) {
            const std::uint64_t ticket = action.ticket;
            ledger.answered(ticket, {Outcome::accepted}, now);
            break;
        }
    }
}
BENCHMARK(one_due)->Arg(100)->Arg(10'000)->Arg(1'000'000);

/// Bytes per open incident without its texts, as counted by malloc.
void memory(benchmark::State& state) {
    const std::vector<Incident> incidents = make(static_cast<std::size_t>(state.range(0)));
    std::size_t text = 0;
    for (const Incident& incident : incidents) text += incident.text();
    std::size_t bytes = 0;
    for (auto _ : state) {
        const std::size_t before = heap();
        Ledger ledger = open_all(incidents);
        bytes = heap() - before;
        benchmark::DoNotOptimize(ledger);
    }
    const auto count = static_cast<double>(incidents.size());
    state.counters["bytes_beside_text"] = (static_cast<double>(bytes) - static_cast<double>(text)) / count;
    state.counters["text"] = static_cast<double>(text) / count;
}
BENCHMARK(memory)->Arg(10'000)->Arg(1'000'000)->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
