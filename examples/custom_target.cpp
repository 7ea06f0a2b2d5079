// A target of one's own: Squadcast's incident webhook. A plain struct, and it has all the rights of a built-in one: it is
// filled from options, chosen by name, put into an AnyTarget, and masks its secret.
//
//   custom_target body.json [key=value]...    prints the request for each alert of the body
#include <alertmap/alertmap.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

/// Source: https://developers.squadcast.com (incident webhook)
struct Squadcast {
    static constexpr std::string_view name = "squadcast";
    static constexpr std::string_view doc = "Squadcast incident webhook";
    static constexpr bool resolves_by_external_id = true;
    static constexpr std::size_t max_body = 30'000;  // Squadcast answers 413 above "30 KB"

    std::string url = {};
    std::string priority = {};

    static constexpr alertmap::Option<Squadcast> options[] = {
        {"url", &Squadcast::url, "URL of the incident webhook", true},
        {"priority", &Squadcast::priority, "priority of every incident", false, "P1|P2|P3|P4|P5"},
    };

    alertmap::Result<void> write(const alertmap::Event& event, alertmap::Buffer& out) const {
        using alertmap::Transition;
        const bool trigger = event.transition == Transition::trigger;
        if (event.heartbeat || (!trigger && event.transition != Transition::resolve)) return alertmap::Errc::unsupported_transition;
        if (event.external_id.empty()) return alertmap::Errc::empty_external_id;

        // Strings of the parsed body are copied as they stand there: hand its bytes to the writer.
        alertmap::JsonWriter json(out, {event.body, event.decoded});
        json.begin_object();
        json.member_word("status", trigger ? alertmap::JsonKey("trigger") : alertmap::JsonKey("resolve"));
        json.member("event_id", event.external_id);
        if (trigger) {
            json.member("message", event.summary);
            json.member("description", event.description);
            json.member_unless_empty("priority", priority);
            json.key("tags");
            json.begin_object();
            json.members(event.labels);
            json.end_object();
        }
        json.end_object();
        if (json.size() <= max_body) return {};
        json.abandon();
        return alertmap::Errc::payload_too_large;
    }

    alertmap::Result<alertmap::Request> request(const alertmap::Event& event) const {
        alertmap::Buffer body;
        if (auto written = write(event, body); !written) return written.error();
        const alertmap::Url to = alertmap::Url(url).hide();
        const alertmap::Result<std::string> text = to.str();
        if (!text) return text.error();
        return alertmap::Request{"POST", *text, {{"Content-Type", "application/json"}}, body.str(), to.secret()};
    }
};

static_assert(alertmap::Target<Squadcast>);

namespace {

int fail(const alertmap::Error& error) {
    std::cerr << to_string(error) << '\n';
    return 1;
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string_view> words(arguments + 1, arguments + count);
    if (words.empty()) {
        for (const alertmap::OptionInfo& option : alertmap::option_infos<Squadcast>())
            std::cout << option.key << ": " << option.doc << '\n';
        return 2;
    }
    const auto options = alertmap::parse_options(std::vector<std::string_view>(words.begin() + 1, words.end()));
    if (!options) return fail(options.error());
    const alertmap::Result<alertmap::AnyTarget> target = alertmap::kind_of<alertmap::AnyTarget, Squadcast>().make(*options);
    if (!target) return fail(target.error());

    std::ifstream file{std::string(words[0]), std::ios::binary};
    const std::string body{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    alertmap::Parser parser;
    const alertmap::Result<alertmap::AlertGroup> group = parser.parse(body);
    if (!group) return fail(group.error());

    const alertmap::Mapper map(alertmap::preset::recommended());
    alertmap::Arena arena;
    for (const alertmap::Subject subject : subjects(*group, map.per())) {
        const alertmap::Result<alertmap::Request> request = target->request(map(subject, arena));
        if (!request) return fail(request.error());
        std::cout << to_string(*request) << "\n\n";
    }
}
