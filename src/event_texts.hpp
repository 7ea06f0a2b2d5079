#pragma once

#include <cstdint>
#include <string_view>

#include "alertmap/event.hpp"
#include "alertmap/text.hpp"

namespace alertmap::detail {

/// What a text of an Event is, which decides how it is redacted.
enum class TextUse : std::uint8_t {
    prose,  ///< redacted values in it are replaced
    link,   ///< dropped if it contains one, as a part of a link leads elsewhere
    exact,  ///< dropped if it contains one: it has a syntax
    id,     ///< hashed if it contains one
    own,    ///< of the mapping or of alertmap, never of the sender: not redacted
};

/// A text of an Event.
struct EventText {
    std::string_view name;  ///< in the ledger's rows, and in explanations
    decltype(Event::summary) Event::*member;
    TextUse use;
    /// Whether the ledger stores it. Not the external ID, which the incident has, nor what belongs to one message.
    bool stored;
};

/// All texts of an Event, in its order. Storage, redaction, explanations and the tests of all texts read this table.
inline constexpr EventText event_texts[] = {
    {"reason", &Event::reason, TextUse::own, false},
    {"severity_word", &Event::severity_word, TextUse::prose, true},
    {"priority", &Event::priority, TextUse::own, true},
    {"summary", &Event::summary, TextUse::prose, true},
    {"description", &Event::description, TextUse::prose, true},
    {"external_id", &Event::external_id, TextUse::id, false},
    {"url", &Event::url, TextUse::link, true},
    {"runbook_url", &Event::runbook_url, TextUse::link, true},
    {"source", &Event::source, TextUse::prose, true},
    {"service", &Event::service, TextUse::prose, true},
    {"location", &Event::location, TextUse::exact, true},
    {"client", &Event::client, TextUse::own, true},
    {"client_url", &Event::client_url, TextUse::link, true},
    {"group_key", &Event::group_key, TextUse::id, true},
    {"mapping_note", &Event::mapping_note, TextUse::own, false},
};

}  // namespace alertmap::detail
