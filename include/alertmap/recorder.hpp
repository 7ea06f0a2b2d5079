#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/export.hpp"
#include "alertmap/result.hpp"
#include "alertmap/unix_time.hpp"

// Alertmanager's event recorder (0.33 and later): a hint that a listing is worth asking for, see Ledger::hint(). Its webhook gives up after
// three tries and its queue is bounded, so what it does not say proves nothing.
// Source: Alertmanager's event recorder and its protobuf, read in the source of 0.33 and 0.34; not tried.
namespace alertmap {

/// What was recorded.
enum class RecordKind : std::uint8_t {
    other,  ///< a kind that is not known here
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

/// One recorded event, as far as it is a hint. Owns its strings.
struct Record {
    RecordKind kind = RecordKind::other;
    UnixTime at = 0;          ///< `@timestamp`; 0: none
    std::string instance;     ///< the Alertmanager that recorded it
    std::string fingerprint;  ///< of its alert, as messages write it: 16 hex digits; empty: it is about none, or several
    std::string group_key;    ///< of its group; empty: none
    std::string receiver;     ///< of its group; empty: none
};

/// What was recorded, read from one batch.
struct Records {
    std::vector<Record> records;
    std::size_t unreadable = 0;  ///< lines or elements that are no record
};

/// Reads JSON lines (a file), one object, or an array (a batched webhook). Member names in camelCase or as the protobuf declares them. A
/// line that is not JSON costs only itself; in an array what is not JSON is an error. At most `max_records` of them. Errors: those of JSON,
/// empty_body, too_many_alerts. Allocates.
[[nodiscard]] ALERTMAP_API Result<Records> read_records(std::string_view body, std::size_t max_records = 100'000);

}  // namespace alertmap
