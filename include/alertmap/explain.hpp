#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/mapper.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/targets/any.hpp"

namespace alertmap {

/// Why a member of an event has its value. For people who debug, not for each message: it allocates freely.
struct ExplainedMember {
    std::string_view member;  ///< the member of Event: "summary"
    std::string value;        ///< as it is in the event; of labels and paging targets the names
    std::string from;         ///< text form of the source ("annotation:summary"), or what else decided ("status", "a function")
    std::string reason;       ///< the place in the mapping and what was tried before: "summary.from[1]; blank: annotation:summary"
};

/// The members of the event that the mapper makes of the subject, in the order of Event; those without a value too, with what was
/// tried. Values are redacted where the mapping says so.
[[nodiscard]] ALERTMAP_API std::vector<ExplainedMember> explain(const Mapper& map, const Subject& subject, Arena& arena);

/// A value of a payload that depends on a member of the event.
struct PayloadField {
    std::string path;         ///< in the payload: "payload.custom_details.job", "events[0].title"
    std::string_view member;  ///< of Event
    bool cut = false;         ///< the target cut the member's text
};

/// Which values of the target's payload depend on which member of the event, in the order of Event. Found by writing the payload once
/// more for each member with that member changed, so it holds for each target, custom ones too. Empty if the target writes no JSON
/// body for the event. Allocates.
[[nodiscard]] ALERTMAP_API std::vector<PayloadField> payload_fields(const AnyTarget& target, const Event& event);

}  // namespace alertmap
