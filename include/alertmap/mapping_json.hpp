#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alertmap/detail/export.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/presets.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// A member of Mapping, which is a key of mapping files, with one line of documentation.
struct MappingMember {
    std::string_view name;
    std::string_view about;
};

/// The members of Mapping in declaration order. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const MappingMember> mapping_members() noexcept;

/// Parses a mapping from JSON: an object with any members of Mapping, and `preset`, the preset to start from (default: recommended).
/// Missing members keep the preset's value; a list replaces the preset's list.
///
///     {
///       "preset": "rootly",
///       "per": "alert",
///       "summary": ["annotation:summary", "text:{label.alertname} on {label.instance}"],
///       "description": {"from": ["annotation:description"], "lines": ["label:instance"], "max_lines": 20},
///       "labels": {"from": ["own"], "include": [], "exclude": ["tmp_*"], "rename": {"dc": "datacenter"}, "add": {"status": "status"}},
///       "external_id": {"from": ["fingerprint"], "combine": false, "scope": ["literal:eu-1"], "max_length": 255},
///       "url": ["generator_url", "external_url"],
///       "runbook_url": ["annotation:runbook_url"],
///       "transition": {"by": "status", "override_key": "rootly_alert_status"},
///       "severity": {"from": ["label:severity"], "words": {"sev0": "critical"}, "fallback": "error"},
///       "priority": {"words": {"critical": "P1", "warning": "P4"}},
///       "notify": {"annotation": "rootly", "allow": [{"type": "EscalationPolicy", "id": "*"}], "by": ["label:team"],
///                  "table": {"db": {"type": "EscalationPolicy", "id": "1"}}, "fixed": [{"type": "User", "id": "27854"}]},
///       "quiet": [{"env": ["dev", "staging-*"]}],
///       "redact": {"names": ["token"], "text": "[redacted]"},
///       "heartbeat": {"alertnames": ["Watchdog"], "labels": [{"label": "kind", "value": "deadman"}]},
///       "source": ["label:instance"], "service": ["label:job"], "location": ["label:location"],
///       "client": "Alertmanager"
///     }
///
/// A list of sources contains text forms of FieldSource. A list with one element may be written without brackets. If the first member of an
/// object is a list (`from`, `alertnames`, `rules`, `names`), the list alone may replace the object.
///
/// Errors have the offset in `json` and a path ("external_id.scope[1]"): JSON errors; Errc::unknown_name for an unknown key, preset, word
/// or field; wrong_type; invalid_value; duplicate_key; missing_value; and those of FieldSource::parse(). Allocates. Thread-safe.
[[nodiscard]] ALERTMAP_API Result<Mapping> parse_mapping(std::string_view json);

/// Prints all members of a mapping as JSON, one per line; parse_mapping() of the result gives an equal mapping. Allocates. Thread-safe.
/// Errc::invalid_value, with a path if possible, for a mapping without a text form: a user function, or duplicate names among words,
/// renames or additions.
[[nodiscard]] ALERTMAP_API Result<std::string> print_mapping(const Mapping& mapping);

}  // namespace alertmap
