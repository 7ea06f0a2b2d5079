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

/// ntfy, its own server or one's own. The external ID is the sequence ID, by which a later notification takes the place of the earlier one
/// (ntfy 2.16 and later): an update and a resolve need no state. Of an ID that ntfy does not take as one (64 of A-Z a-z 0-9 - _) the
/// SHA-256 is the sequence ID. Texts are not formatted. Source: https://docs.ntfy.sh/publish/ (publish as JSON, updating notifications)
struct Ntfy {
    static constexpr std::string_view name = "ntfy";
    static constexpr std::string_view doc = "ntfy notifications, updated in place";
    static constexpr TargetTraits traits = {.resolves_by = ResolveBy::external_id,
                                            .repeat = Repeat::pages_again,
                                            .unknown_resolve = UnknownResolve::opens,
                                            .per_group = true,
                                            .experimental = true};

    /// Bytes of the message: a longer one would become an attachment.
    static constexpr std::size_t max_message = 4'096;
    /// Bytes of the title, which goes into a header on the way to some phones.
    static constexpr std::size_t max_title = 250;
    /// Bytes; a longer link is left out.
    static constexpr std::size_t max_link = 2'000;
    static constexpr std::size_t max_sequence_id = 64;
    /// 1 to 5.
    static constexpr kit::SeverityWords priority_words = {"5", "4", "3", "2"};

    std::string topic = {};
    std::string token = {};
    std::string user = {};
    std::string password = {};
    std::string priorities = {};
    std::string base_url = "https://ntfy.sh";

    static constexpr Option<Ntfy> options[] = {
        {"topic", &Ntfy::topic, "topic", OptionIs::required_secret},
        {"token", &Ntfy::token, "access token, if the topic wants one", OptionIs::secret},
        {"user", &Ntfy::user, "user name, if the topic wants one"},
        {"password", &Ntfy::password, "the user's password", OptionIs::secret},
        {"priorities", &Ntfy::priorities, "priorities of severities, as page=5,warning=2; else 5, 4, 3, 2"},
        {"base_url", &Ntfy::base_url, "URL of the server"},
    };

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
