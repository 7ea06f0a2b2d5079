#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/event.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/kit.hpp"
#include "alertmap/targets/traits.hpp"
#include "alertmap/text.hpp"

namespace alertmap::target {

/// SIGNL4's webhook or, with an api_key, its REST API, which accepts the same bodies.
///
/// A trigger contains Title, Message, the labels as flat strings, Severity (unless a label sets it), Priority (if the mapping has a table),
/// URL, Runbook and the X-S4- parameters; acknowledge and resolve contain only those parameters. A label whose name is reserved by SIGNL4
/// (title, message, x-s4-status, ..., case-insensitive) is sent as "label_<name>". No text limits are documented, so texts are not
/// truncated. SIGNL4 does not document whether a repeated "new" with the same ID opens a second alert; to be safe, do not send
/// Alertmanager's repeats. Thread-safe.
/// Source: https://docs.signl4.com/integrations/webhook/webhook.html, .../rest-api/rest-api.html
struct Signl4 {
    static constexpr std::string_view name = "signl4";
    static constexpr std::string_view doc = "SIGNL4 webhook; with api_key its REST API";
    static constexpr TargetTraits traits = {};

    std::string id = {};       ///< secret of the team or integration; with api_key, the ID of the webhook or team
    std::string api_key = {};  ///< key of the REST API; empty: use the webhook
    std::string service = {};  ///< service of all events; empty: the event's own, by default its label service or job
    std::string location = {};
    std::string alerting_scenario = {};
    std::optional<bool> filtering = {};
    std::string source_system = {};  ///< empty: the event's client, else "Alertmanager"
    std::string heartbeat_url = {};
    std::string base_url = "https://connect.signl4.com";

    static constexpr Option<Signl4> options[] = {
        {"id", &Signl4::id, "team or integration secret; with api_key the ID of the webhook or team", OptionIs::required_secret},
        {"api_key", &Signl4::api_key, "key of the REST API", OptionIs::secret},
        {"service", &Signl4::service, "X-S4-Service, else the event's own (by default the label service or job)"},
        {"location", &Signl4::location, "X-S4-Location (latitude,longitude) of events without a location"},
        {"alerting_scenario", &Signl4::alerting_scenario, "X-S4-AlertingScenario", OptionIs::optional, "single_ack|multi_ack|emergency"},
        {"filtering", &Signl4::filtering, "X-S4-Filtering: true or false"},
        {"source_system", &Signl4::source_system, "X-S4-SourceSystem, else the event's client"},
        {"heartbeat_url", &Signl4::heartbeat_url, "URL of a heartbeat monitor", OptionIs::secret},
        {"base_url", &Signl4::base_url, "scheme and host"},
    };

    /// See Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const {
        if (const auto refused = kit::refused(event, traits)) return *refused;
        JsonWriter json(out);
        json.begin_object();
        if (event.transition == Transition::trigger) write_details(json, event);
        json.member("X-S4-ExternalID", event.external_id);
        switch (event.transition) {
            case Transition::trigger: json.member_word("X-S4-Status", "new"); break;
            case Transition::acknowledge: json.member_word("X-S4-Status", "acknowledged"); break;
            default: json.member_word("X-S4-Status", "resolved");
        }
        json.member("X-S4-SourceSystem", or_else(or_else(source_system, event.client), Text::literal<"Alertmanager">()));
        json.end_object();
        return {};
    }

    /// See Target.
    [[nodiscard]] Result<Request> request(const Event& event) const {
        if (kit::pings(event)) {
            if (heartbeat_url.empty()) return kit::missing_heartbeat("heartbeat_url");
            return kit::ping(Url(heartbeat_url).mask_all_but_host());
        }
        if (id.empty()) return kit::missing("id");
        Url url(base_url);
        if (api_key.empty()) return kit::post(*this, event, url.path("webhook").path(id, true));
        return kit::post(*this, event, url.path("api").path("v2").path("events").path(id, true), {{"X-S4-Api-Key", api_key, true}});
    }

    /// SIGNL4's answer: an event ID, or an error.
    struct Answer {
        std::string event_id;
        std::string error_code;  ///< digits of the error code, e.g. "3004"
        std::string error_message;
    };

    /// Parses `{"eventId": ...}` or the error body. Errors: JSON errors, and Errc::missing_vendor_id for other JSON. Allocates.
    [[nodiscard]] static Result<Answer> read_answer(std::string_view body) {
        Answer answer;
        const Result<std::string> event_id = kit::read_id(body, "eventId");
        if (event_id) {
            answer.event_id = *event_id;
            return answer;
        }
        answer.error_code = kit::read_id(body, "code").value_or({});
        answer.error_message = kit::read_id(body, "message").value_or({});
        if (answer.error_code.empty() && answer.error_message.empty()) return event_id.error();
        return answer;
    }

 private:
    [[nodiscard]] static Text or_else(Text first, Text second) noexcept { return first.empty() ? second : first; }
    ALERTMAP_ALWAYS_INLINE void write_details(JsonWriter& json, const Event& event) const {
        json.member("Title", kit::title(event));
        json.member_unless_empty("Message", event.description);
        bool has_severity = false;
        bool has_parameter = !event.priority.empty();
        for (const Label& label : event.labels) {
            if (!may_be_special(label.name)) continue;
            has_severity = has_severity || is_word(label.name, "severity");
            has_parameter = has_parameter || is_parameter(label.name);
        }
        has_parameter ? write_labels(json, event) : json.members(event.labels);
        if (!has_severity) kit::member_severity(json, "Severity", event.severity);
        json.member_unless_empty("Priority", event.priority);
        json.member_unless_empty("URL", event.url);
        json.member_unless_empty("Runbook", event.runbook_url);
        json.member_unless_empty("X-S4-Service", or_else(service, event.service));
        json.member_unless_empty("X-S4-Location", or_else(event.location, location));
        json.member_unless_empty("X-S4-AlertingScenario", alerting_scenario);
        if (filtering) json.member("X-S4-Filtering", *filtering);
    }

    ALERTMAP_ALWAYS_INLINE static void write_labels(JsonWriter& json, const Event& event) {
        for (const Label& label : event.labels) {
            const bool taken = is_parameter(label.name) || (!event.priority.empty() && is_word(label.name, "priority"));
            taken ? json.key_joined({"label_", label.name}) : json.key(label.name);
            json.value(label.value);
        }
    }

    /// Case-insensitive comparison; `word` has no upper-case letters.
    template <std::size_t Size>
    [[nodiscard]] static bool is_word(std::string_view text, const char (&word)[Size]) noexcept {
        using Word = std::conditional_t<(Size > 4), std::uint32_t, std::uint16_t>;
        static_assert(Size - 1 >= sizeof(Word) && Size - 1 <= 2 * sizeof(Word));
        if (text.size() != Size - 1) return false;
        // Compares two words, one from each end.
        constexpr std::size_t back = Size - 1 - sizeof(Word);
        return is_same_in_any_case<Word>(text.data(), word) && is_same_in_any_case<Word>(text.data() + back, word + back);
    }
    template <class Word>
    [[nodiscard]] static bool is_same_in_any_case(const char* text, const char* word) noexcept {
        Word left;
        Word right;
        std::memcpy(&left, text, sizeof left);
        std::memcpy(&right, word, sizeof right);
        constexpr auto letter_case = static_cast<Word>(0x20202020);
        return ((left ^ right) | letter_case) == letter_case;
    }
    /// Cheap filter by length and first letter; excludes nearly every name.
    [[nodiscard]] static bool may_be_special(std::string_view key) noexcept {
        constexpr auto bit = [](char letter) { return std::uint32_t{1} << (letter & 31); };
        static constexpr std::uint32_t letters[] = {0,
                                                    0,
                                                    0,
                                                    bit('u'),
                                                    bit('b'),
                                                    bit('t'),
                                                    bit('x'),
                                                    bit('m') | bit('r') | bit('s') | bit('x'),
                                                    bit('g') | bit('s') | bit('x'),
                                                    bit('x')};
        const std::size_t size = key.size() < 9 ? key.size() : 9;
        return size != 0 && (letters[size] >> (key[0] & 31) & 1) != 0;
    }
    /// True for a name that SIGNL4 reserves or that is written here. SIGNL4's documents mix upper and lower case, so case is ignored.
    [[nodiscard]] static bool is_parameter(std::string_view key) noexcept {
        switch (key.size()) {
            case 3: return is_word(key, "url");
            case 4: return is_word(key, "body");
            case 5: return is_word(key, "title");
            default: break;
        }
        return is_word(key, "message") || is_word(key, "subject") || is_word(key, "runbook") || is_word(key, "group-by") ||
               is_word(key.substr(0, 5), "x-s4-");
    }
};

}  // namespace alertmap::target
