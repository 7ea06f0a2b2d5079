#pragma once

#include <string>

#include "alertmap/policies/external_id.hpp"
#include "alertmap/policies/field_ref.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/policies/heartbeat.hpp"
#include "alertmap/policies/labels.hpp"
#include "alertmap/policies/location.hpp"
#include "alertmap/policies/notify.hpp"
#include "alertmap/policies/priority.hpp"
#include "alertmap/policies/quiet.hpp"
#include "alertmap/policies/redact.hpp"
#include "alertmap/policies/severity.hpp"
#include "alertmap/policies/summary.hpp"
#include "alertmap/policies/transition.hpp"
#include "alertmap/policies/url.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Configuration of a Mapper: one policy per member of Event. A plain value that can be edited, compared, printed and read from a file
/// (mapping_json.hpp). A default-constructed Mapping equals preset::recommended().
///
///     Mapping mapping = preset::rootly();
///     mapping.external_id.from = {FieldKind::fingerprint};
///     const Mapper map(mapping);
///     for (const Subject subject : subjects(group, mapping.per)) {
///         const Event event = map(subject, arena);
///     }
struct Mapping {
    FanOut per = FanOut::per_alert_and_unlisted;  ///< which events a group becomes, for subjects(); a Mapper accepts any subject
    SummaryPolicy summary = {};
    DescriptionPolicy description = {};
    LabelsPolicy labels = {};
    ExternalIdPolicy external_id = {};
    UrlPolicy url = {{FieldKind::generator_url, FieldKind::external_url}};
    UrlPolicy runbook_url = {{annotation("runbook_url"), annotation("runbook")}};
    TransitionPolicy transition = {};
    SeverityPolicy severity = {};
    PriorityPolicy priority = {};
    NotifyPolicy notify = {};
    QuietPolicy quiet = {};
    RedactPolicy redact = {};
    HeartbeatPolicy heartbeat = {};
    FieldSources source = {label("instance"), label("node"), label("pod"), label("host")};
    FieldSources service = {label("service"), label("job")};
    LocationPolicy location = {};
    std::string client = "Alertmanager";  ///< the name in Event::client; its URL is the externalURL

    /// Compares the configuration. A mapping with a user function never equals another.
    friend bool operator==(const Mapping&, const Mapping&) = default;
};

}  // namespace alertmap
