// A custom target: Squadcast's incident webhook. A plain struct with the same features as a built-in target: options, choice by name,
// AnyTarget, masked secrets.
//
//   custom_target body.json [key=value]...    prints the request for each alert of the body
#include <alertmap/alertmap.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

using namespace alertmap;

/// Source: https://developers.squadcast.com (incident webhook)
struct Squadcast {
    static constexpr std::string_view name = "squadcast";
    static constexpr std::string_view doc = "Squadcast incident webhook";
    static constexpr TargetTraits traits = {.repeat = Repeat::merges, .acknowledges = false};
    static constexpr std::size_t max_body = 30'000;  // Squadcast answers 413 above "30 KB"

    std::string url = {};
    std::string priority = {};

    static constexpr Option<Squadcast> options[] = {
        {"url", &Squadcast::url, "URL of the incident webhook", OptionIs::required_secret},
        {"priority", &Squadcast::priority, "priority of every incident", OptionIs::optional, "P1|P2|P3|P4|P5"},
    };

    Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        JsonWriter json(out);
        json.begin_object();
        json.member("status", event.transition == Transition::trigger ? "trigger" : "resolve");
        json.member("event_id", event.external_id);
        if (event.transition == Transition::trigger) {
            json.member("message", kit::title(event));
            json.member("description", kit::first_of(event.description, kit::title(event)));
            json.member_unless_empty("priority", priority);
            kit::member_labels(json, "tags", event.labels);
        }
        json.end_object();
        if (json.size() <= max_body) return {};
        json.abandon();
        return Errc::payload_too_large;
    }

    Result<Request> request(const Event& event) const { return kit::post(*this, event, Url(url).mask_all_but_host()); }
};

static_assert(Target<Squadcast>);

namespace {

int fail(const Error& error) {
    std::cerr << to_string(error) << '\n';
    return 1;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string_view> words(arguments + 1, arguments + count);
    if (words.empty()) {
        for (const OptionInfo& option : option_infos<Squadcast>()) std::cout << option.key << ": " << option.doc << '\n';
        return 2;
    }
    const auto options = parse_options(std::vector<std::string_view>(words.begin() + 1, words.end()));
    if (!options) return fail(options.error());
    const Result<AnyTarget> target = kind_of<AnyTarget, Squadcast>().make(*options);
    if (!target) return fail(target.error());

    std::ifstream file{std::string(words[0]), std::ios::binary};
    const std::string body{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    Parser parser;
    const Result<AlertGroup> group = parser.parse(body);
    if (!group) return fail(group.error());

    const Mapper map(preset::recommended());
    Arena arena;
    for (const Subject subject : subjects(*group, map.per())) {
        const Result<Request> request = target->request(map(subject, arena));
        if (!request) return fail(request.error());
        std::cout << to_string(*request) << "\n\n";
    }
}
