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

/// All members of Mapping in their order. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const MappingMember> mapping_members() noexcept;

/// Reads a mapping from JSON: an object with any of the members of Mapping, and `preset`, the name of the preset to start from
/// (without it: recommended). What is absent stays as in the preset; a list replaces that of the preset.
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
/// A list of sources holds text forms of FieldSource. A list with one text may be written without brackets. If the first member of an
/// object is a list (`from`, `alertnames`, `rules`, `names`), the list may be written instead of the object.
///
/// Errors have the offset in `json` and a path ("external_id.scope[1]"): those of JSON; Errc::unknown_name for a key, preset,
/// word or field that does not exist; wrong_type; invalid_value; duplicate_key; missing_value; and those of FieldSource::parse().
/// Allocates.
[[nodiscard]] ALERTMAP_API Result<Mapping> parse_mapping(std::string_view json);

/// Writes all members of a mapping as such JSON, one per line: parse_mapping() gives back an equal mapping. Allocates.
/// Errc::invalid_value, with a path where one can be named, for what has no text form: a function of the user's, or two words, renames
/// or additions of the same name.
[[nodiscard]] ALERTMAP_API Result<std::string> print_mapping(const Mapping& mapping);

}  // namespace alertmap
