#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/chat.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap::target {

/// ntfy, hosted or self-hosted. The external ID is the sequence ID: a later notification with the same ID replaces the earlier one (ntfy >=
/// 2.16), so updates and resolves need no stored state. An ID that is not a valid sequence ID (up to 64 of A-Z a-z 0-9 - _) is replaced
/// with its SHA-256. Texts are plain. Thread-safe.
/// Source: https://docs.ntfy.sh/publish/ (publish as JSON, updating notifications)
struct Ntfy {
    static constexpr std::string_view name = "ntfy";
    static constexpr std::string_view doc = "ntfy notifications, updated in place";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::external_id,
                                            .repeat = Repeat::pages_again,
                                            .unknown_resolve = UnknownResolve::opens,
                                            .per_group = true,
                                            .experimental = true};

    /// In bytes: ntfy turns a longer message into an attachment.
    static constexpr std::size_t max_message = 4'096;
    /// In bytes: some phones receive the title in a header.
    static constexpr std::size_t max_title = 250;
    /// In bytes; a longer link is omitted.
    static constexpr std::size_t max_link = 2'000;
    static constexpr std::size_t max_sequence_id = 64;
    /// ntfy's priorities 1 to 5.
    static constexpr kit::SeverityWords priority_words = {"5", "4", "3", "2"};

    std::string topic = {};
    std::string token = {};
    std::string user = {};
    std::string password = {};
    std::string priorities = {};
    std::string base_url = "https://ntfy.sh";

    static constexpr Option<Ntfy> options[] = {
        {"topic", &Ntfy::topic, "topic", OptionIs::required_secret},
        {"token", &Ntfy::token, "access token, if the topic requires one", OptionIs::secret},
        {"user", &Ntfy::user, "user name, if the topic requires one"},
        {"password", &Ntfy::password, "the user's password", OptionIs::secret},
        {"priorities", &Ntfy::priorities, "priorities by severity, e.g. page=5,warning=2; default: 5, 4, 3, 2"},
        {"base_url", &Ntfy::base_url, "URL of the server"},
    };

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        const bool fires = event.transition == Transition::trigger;
        JsonWriter json(out);
        json.begin_object();
        json.member("topic", topic);
        kit::member_headline(json, "title", event, Markup::line, max_title, TextUnit::bytes);
        json.key("message");
        json.begin_string();
        if (event.description.empty()) {
            kit::part_marked(json, kit::title(event), Markup::plain, max_message, TextUnit::bytes);
        } else {
            kit::part_alerts(json, event, Markup::plain, max_message, TextUnit::bytes);
        }
        json.end_string();
        json.member("priority", fires ? kit::severity_word(event, priority_words, priorities, "1|2|3|4|5")[0] - '0' : 2);
        json.key("tags");
        json.begin_array();
        event.transition == Transition::resolve ? json.value("white_check_mark") : json.value(fires ? "rotating_light" : "eyes");
        json.end_array();
        if (event.url.size() <= max_link) json.member_unless_empty("click", event.url);
        if (is_sequence_id(event.external_id)) {
            json.member("sequence_id", event.external_id);
        } else {
            const kit::IdHash hash = kit::id_hash(event.external_id);
            json.member("sequence_id", std::string_view(hash));
        }
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        Result<Request> request =
            kit::post(*this, event, Url(base_url).slash(), {token.empty() ? kit::basic(user, password) : kit::bearer(token)});
        if (request) kit::mask_in_body(*request, topic);
        return request;
    }

 private:
    [[nodiscard]] static bool is_sequence_id(std::string_view id) noexcept {
        const auto fits = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        };
        return id.size() <= max_sequence_id && std::all_of(id.begin(), id.end(), fits);
    }
};

}  // namespace alertmap::target
