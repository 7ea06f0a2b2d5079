#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/forwards/any.hpp"
#include "alertmap/mapper.hpp"
#include "alertmap/mapping.hpp"
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

/// A value that a forward hands on otherwise than the body has it.
struct ForwardChange {
    /// What was done with the value.
    enum class Kind : std::uint8_t { added, changed, left_out };
    std::size_t part = 0;  ///< in which message, of those that split() makes
    std::string path;      ///< in that message: "alerts[0].labels.token"
    Kind kind = Kind::added;
    std::string value;   ///< as it is written; of what is left out, as the body has it. JSON. Empty where the mapping hides it
    std::string reason;  ///< "receivers take the title from it"
};

/// What a forward adds to the message, changes or leaves out, in the order of what is written; what is left out comes last. `body` is what
/// came, `group` what a Parser read in it; of the mapping the label lists and the redaction apply (see filtered()). Found by writing the
/// messages and comparing them, so it holds for custom forwards too. A message that is an array is compared with the body's alerts. A
/// message that the forward refuses to write has no changes. Allocates.
[[nodiscard]] ALERTMAP_API std::vector<ForwardChange> forward_changes(const AnyForward& forward, std::string_view body,
                                                                      const AlertGroup& group, const Mapping& mapping = {});

}  // namespace alertmap
