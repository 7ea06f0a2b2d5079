// Runs every rule on seeded histories and prints the failures. See README.md.
//
//     alertmap_simulation [--histories N] [--others N] [--first SEED] [--rule TEXT] [--vendor TEXT] [--json FILE] [--rows FILE] [--check]
//     [--list]
//         the table; the rows have more columns; --check fails if a ledger was wrong, and prints the first such history as with --shrink;
//         --list prints each history with a failure
//     alertmap_simulation --seed SEED --rule TEXT --vendor TEXT [--shrink]
//         one history as a timeline; --shrink removes everything that the failure does not need, and prints the part around it
//     alertmap_simulation --replay N
//         for replay.py

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "simulation/replay.hpp"
#include "simulation/trial.hpp"
#include "simulation/world.hpp"

namespace {

using namespace simulation;

struct Options {
    std::uint64_t histories = 1000;
    std::uint64_t first = 1;
    std::uint64_t seed = 0;
    std::uint64_t others = 1;  // rules without a ledger run on one of this many histories
    unsigned threads = std::thread::hardware_concurrency();
    std::string rule;
    std::string vendor;
    std::string json;
    std::string rows;
    std::size_t replay = 0;
    bool shrink = false;
    bool check = false;  // fail if a ledger's rule was wrong
    bool list = false;   // print each history with a failure
};

bool matches(std::string_view name, const std::string& wanted) { return name.find(wanted) != std::string_view::npos; }

/// First seed of each kind of failure.
struct Seeds {
    std::uint64_t lost = 0;
    std::uint64_t wrongly_closed = 0;
    std::uint64_t stuck = 0;
    std::uint64_t doubled = 0;
    std::uint64_t phantom = 0;

    void note(const Score& score, std::uint64_t seed) {
        const auto first = [seed](std::size_t count, std::uint64_t& known) {
            if (count != 0 && (known == 0 || seed < known)) known = seed;
        };
        first(score.lost, lost);
        first(score.wrongly_closed, wrongly_closed);
        first(score.stuck, stuck);
        first(score.doubled, doubled);
        first(score.phantom, phantom);
    }
    [[nodiscard]] std::uint64_t any() const {
        for (const std::uint64_t seed : {lost, wrongly_closed, stuck, phantom, doubled}) {
            if (seed != 0) return seed;
        }
        return 0;
    }
    [[nodiscard]] std::string text() const {
        std::string out;
        const auto add = [&out](const char* word, std::uint64_t seed) {
            if (seed != 0) out += (out.empty() ? "" : ", ") + std::string(word) + ' ' + std::to_string(seed);
        };
        add("lost", lost);
        add("wrongly", wrongly_closed);
        add("stuck", stuck);
        add("doubled", doubled);
        add("phantom", phantom);
        return out;
    }
};

/// Shrinks a history: removes parts as long as the same failure occurs.
History shrunk(History history, const Rule& rule, const Vendor& vendor) {
    const auto kind_of = [&](const History& h) {
        const Score s = try_rule(h, play(h), rule, vendor);
        return std::vector<bool>{s.lost != 0, s.wrongly_closed != 0, s.stuck != 0, s.doubled != 0, s.phantom != 0};
    };
    const std::vector<bool> wanted = kind_of(history);
    const auto still = [&](const History& h) {
        const std::vector<bool> kinds = kind_of(h);
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            if (kinds[i] && wanted[i]) return true;
        }
        return false;
    };
    const auto leave_out = [&](auto member) {
        bool any = false;
        auto& list = history.*member;
        for (std::size_t step = std::max<std::size_t>(list.size() / 2, 1); step >= 1; step /= 2) {
            for (std::size_t i = 0; i + step <= list.size();) {
                History smaller = history;
                auto& less = smaller.*member;
                less.erase(less.begin() + static_cast<std::ptrdiff_t>(i), less.begin() + static_cast<std::ptrdiff_t>(i + step));
                if (still(smaller)) {
                    history = std::move(smaller);
                    any = true;
                } else {
                    i += step;
                }
            }
            if (step == 1) break;
        }
        return any;
    };
    for (bool fewer = true; fewer;) {
        const bool outages = leave_out(&History::outages);
        const bool troubles = leave_out(&History::troubles);
        fewer = outages || troubles;
    }
    return history;
}

/// The lines of a text around the first failure, or the first lines.
std::string page_of(const std::string& text, std::size_t before, std::size_t after) {
    std::vector<std::string_view> lines;
    std::size_t fault = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        const std::string_view line(text.data() + at, end - at);
        at = end + 1;
        if (line.find(" is unclear") != std::string_view::npos) continue;
        for (const char* word : {"  LOST: ", "  WRONGLY CLOSED: ", "  STUCK: ", "  DOUBLED: ", "  PHANTOM: "}) {
            if (fault == 0 && line.find(word) != std::string_view::npos) fault = lines.size();
        }
        lines.push_back(line);
    }
    std::string page;
    const std::size_t first = fault > before ? fault - before : 0;
    if (first != 0) page += "  (" + std::to_string(first) + " lines before)\n";
    for (std::size_t i = first; i < std::min(lines.size(), std::max(fault, before) + after); ++i) page += std::string(lines[i]) + '\n';
    return page;
}

void show(const History& history, const Rule& rule, const Vendor& vendor, bool a_page) {
    std::string log;
    const Score score = try_rule(history, play(history), rule, vendor, &log);
    const std::string words = describe(history);
    std::printf("%s with %s\n%s", std::string(rule.name).c_str(), std::string(vendor.name).c_str(),
                (a_page ? page_of(words, 16, 0) : words).c_str());
    std::printf("%s", (a_page ? page_of(log, 32, 8) : log).c_str());
    std::printf("lost %zu, wrongly closed %zu, stuck %zu, doubled %zu, phantom %zu, unknowable %zu\n", score.lost, score.wrongly_closed,
                score.stuck, score.doubled, score.phantom, score.unknowable);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        const auto value = [&]() -> std::string { return i + 1 < argc ? argv[++i] : ""; };
        if (name == "--histories")
            options.histories = std::stoull(value());
        else if (name == "--first")
            options.first = std::stoull(value());
        else if (name == "--others")
            options.others = std::max(std::stoull(value()), 1ULL);
        else if (name == "--seed")
            options.seed = std::stoull(value());
        else if (name == "--threads")
            options.threads = static_cast<unsigned>(std::stoul(value()));
        else if (name == "--rule")
            options.rule = value();
        else if (name == "--vendor")
            options.vendor = value();
        else if (name == "--json")
            options.json = value();
        else if (name == "--rows")
            options.rows = value();
        else if (name == "--replay")
            options.replay = std::stoull(value());
        else if (name == "--shrink")
            options.shrink = true;
        else if (name == "--check")
            options.check = true;
        else if (name == "--list")
            options.list = true;
        else {
            std::fprintf(stderr, "unknown option %s\n", argv[i]);
            return 2;
        }
    }
    if (options.replay != 0) {
        write_replay(options.first, options.replay);
        return 0;
    }
    if (options.seed != 0) {
        for (const Rule& rule : rules()) {
            for (const Vendor& vendor : vendors()) {
                if (!matches(rule.name, options.rule) || !matches(vendor.name, options.vendor)) continue;
                History history = make_history(options.seed);
                if (options.shrink) history = shrunk(std::move(history), rule, vendor);
                show(history, rule, vendor, options.shrink);
                return 0;
            }
        }
        return 2;
    }

    const std::size_t vendor_count = vendors().size();
    std::vector<Score> table(rules().size() * vendor_count);
    std::vector<Seeds> examples(table.size());
    std::mutex lock;
    std::atomic<std::uint64_t> next{0};
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < std::max(options.threads, 1U); ++t) {
        threads.emplace_back([&] {
            for (std::uint64_t i = next++; i < options.histories; i = next++) {
                const std::uint64_t seed = options.first + i;
                const History history = make_history(seed);
                const Tape tape = play(history);
                // Each history has one vendor, so that a rule runs on as many episodes as there are.
                const std::size_t v = seed % vendor_count;
                if (!matches(vendors()[v].name, options.vendor)) continue;
                for (std::size_t r = 0; r < rules().size(); ++r) {
                    if (!matches(rules()[r].name, options.rule)) continue;
                    // In whole rounds of vendors, so that each of these rules runs with each vendor.
                    if ((rules()[r].seldom || rules()[r].how != Rule::How::ledger) && (i / vendor_count) % options.others != 0) continue;
                    const Score score = try_rule(history, tape, rules()[r], vendors()[v]);
                    const std::lock_guard guard(lock);
                    table[r * vendor_count + v] += score;
                    examples[r * vendor_count + v].note(score, seed);
                    if (options.list && score.wrong() != 0) {
                        Seeds its;
                        its.note(score, seed);
                        std::printf("%s with %s: %s\n", std::string(rules()[r].name).c_str(), std::string(vendors()[v].name).c_str(),
                                    its.text().c_str());
                    }
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();

    std::printf("%-32s %-42s %9s %8s %8s %8s %8s %8s %10s %s\n", "rule", "vendor", "episodes", "lost", "wrongly", "stuck", "doubled",
                "phantom", "unknowable", "first seeds");
    std::string json = "[";
    std::string all_columns = "[";
    bool wrong = false;
    for (std::size_t r = 0; r < rules().size(); ++r) {
        for (std::size_t v = 0; v < vendor_count; ++v) {
            const Score& s = table[r * vendor_count + v];
            if (s.episodes == 0) continue;
            const std::string rule{rules()[r].name};
            const std::string vendor{vendors()[v].name};
            const std::string seeds = examples[r * vendor_count + v].text();
            std::printf("%-32s %-42s %9zu %8zu %8zu %8zu %8zu %8zu %10zu %s\n", rule.c_str(), vendor.c_str(), s.episodes, s.lost,
                        s.wrongly_closed, s.stuck, s.doubled, s.phantom, s.unknowable, seeds.c_str());
            const std::string row = "\n {\"rule\": \"" + rule + "\", \"vendor\": \"" + vendor +
                                    "\", \"episodes\": " + std::to_string(s.episodes) + ", \"lost\": " + std::to_string(s.lost) +
                                    ", \"wrongly_closed\": " + std::to_string(s.wrongly_closed) +
                                    ", \"stuck\": " + std::to_string(s.stuck) + ", \"doubled\": " + std::to_string(s.doubled) +
                                    ", \"phantom\": " + std::to_string(s.phantom);
            const char* const comma = json.size() > 1 ? "," : "";
            json += comma + row + "}";
            all_columns +=
                comma + row + ", \"unknowable\": " + std::to_string(s.unknowable) + ", \"requests\": " + std::to_string(s.requests) + "}";
            if (rules()[r].how != Rule::How::ledger || s.wrong() == 0) continue;
            std::printf("WRONG: %s with %s: see --seed and --shrink (%s)\n", rule.c_str(), vendor.c_str(), seeds.c_str());
            if (options.check && !wrong) {
                const std::uint64_t seed = examples[r * vendor_count + v].any();
                show(shrunk(make_history(seed), rules()[r], vendors()[v]), rules()[r], vendors()[v], true);
            }
            wrong = true;
        }
    }
    if (!options.json.empty()) std::ofstream(options.json) << json << "\n]\n";
    if (!options.rows.empty()) std::ofstream(options.rows) << all_columns << "\n]\n";
    return options.check && wrong ? 1 : 0;
}
