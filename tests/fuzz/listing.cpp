// Arbitrary bytes as a listing, a status, receivers, records and callbacks: accepted or rejected; an accepted result can be traversed.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "alertmap/callback.hpp"
#include "alertmap/listing.hpp"
#include "alertmap/recorder.hpp"

using namespace alertmap;

namespace {

std::size_t total = 0;

void walk(Labels labels) {
    for (const Label& label : labels) total += label.name.size() + label.value.size();
}

void walk(const Result<Listing>& listing, std::size_t body) {
    if (!listing) return;
    std::size_t alerts = 0;
    for (const ListedGroup& listed : listing->groups) {
        if (listed.group.alerts.empty()) std::abort();
        alerts += listed.group.alerts.size();
        walk(listed.group.group_labels);
        walk(listed.group.common_labels);
        walk(listed.group.common_annotations);
        for (const Alert& alert : listed.group.alerts) {
            if (alert.fingerprint.empty() || alert.status != Status::firing || alert.ends_at.is_set) std::abort();
            walk(alert.labels);
            walk(alert.annotations);
            total += alert.fingerprint.size() + alert.generator_url.size() + alert.starts_at.text.size();
        }
    }
    if (alerts != listing->alerts || alerts > body) std::abort();
    for (const std::string_view fingerprint : listing->elsewhere) total += fingerprint.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    ListingReader reader({.receiver = size % 2 == 0 ? "pager.team" : ""});
    walk(reader.alert_groups(body), size);
    walk(reader.alerts(body), size);
    (void)read_alertmanager_status(body);
    (void)read_receivers(body);
    (void)read_records(body);
    (void)read_pagerduty_callback(body);
    (void)read_signl4_callback(body);
    (void)read_better_stack_callback(body);
    (void)read_rootly_callback(body);
    (void)verify_pagerduty_signature("body", body, "secret");
    return 0;
}
