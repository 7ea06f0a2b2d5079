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

/// Reads a mapping from JSON: an object with any of the members of Mapping (see mapping_members()), and `preset`, which names what it
/// starts from (recommended). What does not stand there stays as in the preset.
///
///     {
///       "preset": "rootly",
///       "per": "alert",
///       "summary": ["annotation:summary", "text:{label.alertname} on {label.instance}"],
///       "description": {"from": ["annotation:description"], "lines": ["label:instance"], "max_lines": 20},
///       "labels": {"from": ["own"], "include": [], "exclude": ["job"], "rename": {"dc": "datacenter"}, "add": {"status": "status"}},
///       "external_id": {"from": ["fingerprint"], "combine": false, "scope": ["literal:eu-1"], "max_length": 255},
///       "url": ["generator_url", "external_url"],
///       "runbook_url": ["annotation:runbook_url"],
///       "transition": {"by": "status", "override_key": "rootly_alert_status"},
///       "severity": {"from": ["label:severity"], "words": {"sev0": "critical"}, "fallback": "error"},
///       "notify": {"annotation": "rootly", "fixed": [{"type": "User", "id": "27854"}]},
///       "heartbeat": {"alertnames": ["Watchdog"], "labels": [{"label": "kind", "value": "deadman"}]},
///       "source": ["label:instance"], "service": ["label:job"], "location": ["label:location"],
///       "client": "Alertmanager"
///     }
///
/// A list of sources holds text forms of FieldSource; one alone may stand without brackets. Where an object has a list `from`
/// (heartbeat: `alertnames`), the list may stand for the object.
///
/// Errors have the offset in `json` and a path ("external_id.scope[1]"): those of JSON; Errc::unknown_name for a key, preset,
/// word or field that does not exist; wrong_type; invalid_value; duplicate_key; and of text forms those of FieldSource::parse().
/// Allocates.
[[nodiscard]] ALERTMAP_API Result<Mapping> parse_mapping(std::string_view json);

/// Writes a mapping as such JSON, every member, one in a line: parse_mapping() gives back an equal mapping. Allocates.
/// Errc::invalid_value, with a path where one can be named, for what has no text form: a function of the user's, two words or
/// renames or additions of the same name.
[[nodiscard]] ALERTMAP_API Result<std::string> print_mapping(const Mapping& mapping);

}  // namespace alertmap
