#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/export.hpp"
#include "alertmap/result.hpp"
#include "alertmap/unix_time.hpp"

// Alertmanager's event recorder (0.33 and later). Its records are hints to poll a listing, see Ledger::hint(). Its webhook gives up after
// three attempts and its queue is bounded, so a missing record proves nothing.
// Source: source code and protobuf of Alertmanager 0.33 and 0.34; not tested.
namespace alertmap {

/// Kind of a record.
enum class RecordKind : std::uint8_t {
    other,  ///< an unknown kind
    startup,
    shutdown,
    alert_created,
    alert_resolved,
    alert_grouped,
    notification,
    silence_created,
    silence_updated,
    silence_muted_alert,
    inhibition_muted_alert,
};

[[nodiscard]] constexpr std::string_view name(RecordKind kind) noexcept {
    constexpr std::string_view names[] = {
        "other",        "startup",         "shutdown",        "alert_created",       "alert_resolved",        "alert_grouped",
        "notification", "silence_created", "silence_updated", "silence_muted_alert", "inhibition_muted_alert"};
    return names[static_cast<std::size_t>(kind)];
}

/// One record, reduced to what a hint needs. Owns its strings.
struct Record {
    RecordKind kind = RecordKind::other;
    UnixTime at = 0;          ///< `@timestamp`; 0: absent
    std::string instance;     ///< the Alertmanager that wrote the record
    std::string fingerprint;  ///< the alert's fingerprint, 16 hex digits as in messages; empty: no alert, or several
    std::string group_key;    ///< the group's key; empty: no group
    std::string receiver;     ///< the group's receiver; empty: no group
};

/// Records of one batch.
struct Records {
    std::vector<Record> records;
    std::size_t unreadable = 0;  ///< lines or elements that were not records
};

/// Parses JSON lines (a file), one object, or an array (a webhook batch). Member names may be camelCase or as in the protobuf. An invalid
/// line is skipped and counted; invalid JSON in an array is an error. Reads at most `max_records`. Errors: JSON errors, empty_body,
/// too_many_alerts. Allocates. Thread-safe.
[[nodiscard]] ALERTMAP_API Result<Records> read_records(std::string_view body, std::size_t max_records = 100'000);

}  // namespace alertmap
