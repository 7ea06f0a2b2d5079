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

/// Explains the value of one member of an event. For debugging, not for each message: allocates freely.
struct ExplainedMember {
    std::string_view member;  ///< the member of Event: "summary"
    std::string value;        ///< the value in the event; for labels and paging targets, the names
    std::string from;         ///< text form of the source ("annotation:summary"), or another origin ("status", "a function")
    std::string reason;       ///< the place in the mapping, and the sources tried before: "summary.from[1]; blank: annotation:summary"
};

/// Explains each member of the event that `map` makes from `subject`, in the order of Event. Members without a value are included, with the
/// sources that were tried. Values are redacted as the mapping configures. Views in the result are valid as long as `map`. Thread-safe,
/// each thread with its own Arena.
[[nodiscard]] ALERTMAP_API std::vector<ExplainedMember> explain(const Mapper& map, const Subject& subject, Arena& arena);

/// A value in a payload that depends on a member of the event.
struct PayloadField {
    std::string path;         ///< path in the payload: "payload.custom_details.job", "events[0].title"
    std::string_view member;  ///< name of the Event member; static storage
    bool cut = false;         ///< the target truncated the member's text
};

/// Finds which payload values depend on which member of the event, in the order of Event. Works by writing the payload once per member with
/// that member changed, so it supports any target, including custom ones. Empty if the target writes no JSON body for the event. Allocates.
/// Thread-safe.
[[nodiscard]] ALERTMAP_API std::vector<PayloadField> payload_fields(const AnyTarget& target, const Event& event);

/// A value that a forward writes differently from the body.
struct ForwardChange {
    /// How the value differs.
    enum class Kind : std::uint8_t { added, changed, left_out };
    std::size_t part = 0;  ///< index of the message, if split() makes several
    std::string path;      ///< path in that message: "alerts[0].labels.token"
    Kind kind = Kind::added;
    std::string value;   ///< JSON: the value as written or, if it was left out, as in the body. Empty if the mapping redacts it
    std::string reason;  ///< e.g. "receivers take the title from it"
};

/// Lists the values that a forward adds, changes or leaves out, in output order; those left out come last. `body` is the received body and
/// `group` its parsed form. Only the label lists and the redaction of `mapping` apply (see filtered()). Works by writing the messages and
/// comparing them, so it supports custom forwards. A message that is an array is compared with the body's alerts. Empty if the forward
/// refuses to write the message. Allocates. Thread-safe.
[[nodiscard]] ALERTMAP_API std::vector<ForwardChange> forward_changes(const AnyForward& forward, std::string_view body,
                                                                      const AlertGroup& group, const Mapping& mapping = {});

}  // namespace alertmap
