// Custom policies: an identity that is independent of the severity.
//
//     custom_policy < tests/webhooks/prometheus-2.42-05.json
//
// If a rule computes the label `severity` ("warning", later "critical"), Alertmanager treats the alert as another one: the new one fires
// and the old one is resolved, often in the same body. With fingerprints as IDs, that is a second page and a closed alert. Here both are
// one alert: the ID excludes the label, and a resolve is ignored while another alert with this ID is firing.

#include <algorithm>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alertmap.hpp"

namespace {

using namespace alertmap;

/// A policy is a plain struct whose members are its configuration; it can be called and tested independently.
struct IdentityWithout {
    std::vector<std::string> labels;

    /// The fingerprint of the remaining labels. Uses the arena like the library's policies, so it does not allocate per alert.
    std::string_view operator()(const Subject& subject, Arena& arena) const {
        const Labels all = subject.labels();
        Label* kept = arena.array<Label>(all.size());
        const auto counts = [this](const Label& label) { return std::find(labels.begin(), labels.end(), label.name) == labels.end(); };
        const Label* end = std::copy_if(all.begin(), all.end(), kept, counts);
        return fingerprint(Labels(kept, static_cast<std::size_t>(end - kept)), arena);
    }
};

/// A second policy, based on the first and on the library's own.
struct ResolveUnlessTwinFires {
    IdentityWithout identity;
    TransitionPolicy usual = {};

    Decision operator()(const Subject& subject, Arena& arena) const {
        const Decision decision = usual(subject, arena);
        if (decision.transition != Transition::resolve || subject.alert == nullptr) return decision;
        const std::string_view id = identity(subject, arena);
        for (const Alert& other : firing(*subject.group)) {
            if (identity({subject.group, &other}, arena) == id) return {Transition::ignore, "the same alert fires with another severity"};
        }
        return decision;
    }
};

void print(const Event& event) {
    std::cout << name(event.transition) << ' ' << event.external_id << ' ' << name(event.severity) << ": " << event.summary;
    if (!event.reason.empty()) std::cout << " (" << event.reason << ')';
    std::cout << '\n';
}

}  // namespace

int main() {
    const std::string body(std::istreambuf_iterator<char>(std::cin), {});
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    if (!group) {
        std::cerr << to_string(group.error()) << '\n';
        return 1;
    }

    const Mapper by_fingerprint(preset::recommended());
    Mapping mapping = preset::recommended();
    const IdentityWithout identity{{"severity"}};
    mapping.external_id.from = {Callable<std::string_view>(identity)};
    mapping.transition.function = ResolveUnlessTwinFires{identity};
    const Mapper by_identity(mapping);

    Arena arena;
    std::cout << "by fingerprint:\n";
    for (const Subject subject : subjects(*group, by_fingerprint.per())) print(by_fingerprint(subject, arena));
    std::cout << "without the severity:\n";
    for (const Subject subject : subjects(*group, by_identity.per())) print(by_identity(subject, arena));
}
