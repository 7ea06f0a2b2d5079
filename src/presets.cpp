#include "alertmap/presets.hpp"

#include <span>
#include <string_view>

namespace alertmap {
namespace preset {

Mapping recommended() { return {}; }

Mapping rootly() {
    Mapping mapping;
    mapping.per = FanOut::per_alert;
    mapping.summary.from = {label("alertname"), common_label("alertname"), common_label("description")};
    mapping.labels.from = {LabelSet::common};
    mapping.labels.add = {{"instance", {label("instance")}},
                          {"dc", {label("dc")}},
                          {"job", {label("job")}},
                          {"status", {label("status"), FieldKind::status}}};
    mapping.external_id.from = {label("alertname")};
    mapping.transition.override_key = "rootly_alert_status";
    mapping.notify.annotation = "rootly";
    mapping.heartbeat.alertnames.clear();
    return mapping;
}

Mapping signl4() {
    Mapping mapping;
    mapping.per = FanOut::per_group;
    mapping.summary.from = {FieldKind::alertmanager_subject};
    mapping.description.from = {annotation("summary"), annotation("description")};
    mapping.external_id.from = {FieldKind::group_key};
    mapping.external_id.max_length = 0;
    mapping.heartbeat.alertnames.clear();
    return mapping;
}

Mapping better_stack() {
    Mapping mapping;
    mapping.per = FanOut::per_alert;
    mapping.summary.from = {label("alertname")};
    mapping.description.from = {annotation("summary"), annotation("description"), annotation("message")};
    mapping.external_id.from = {FieldKind::episode};
    mapping.heartbeat.alertnames.clear();
    return mapping;
}

Mapping grafana_oncall() {
    Mapping mapping;
    mapping.per = FanOut::per_group;
    mapping.summary.from = {group_label("alertname"), label("alertname")};
    // OnCall can group and route by any value of the payload. Shared labels, or the highest severity, change as alerts come and go; a
    // changed value would start another alert group, and the first would never resolve.
    mapping.labels.from = {LabelSet::group};
    mapping.severity.from = {group_label("severity")};
    mapping.external_id.from = {FieldKind::group_key};
    mapping.external_id.max_length = 0;
    mapping.heartbeat.alertnames = {"heartbeat"};
    return mapping;
}

}  // namespace preset

namespace {

constexpr Preset all_presets[] = {
    {"recommended", "per alert; ID: fingerprint; title: summary annotation", &preset::recommended},
    {"rootly", "per alert; ID and title: alertname, as Rootly documents it", &preset::rootly},
    {"signl4", "per group; ID: groupKey, as SIGNL4 documents it", &preset::signl4},
    {"better_stack", "per alert; ID: episode; title: alertname, as in Better Stack's webhook template", &preset::better_stack},
    {"grafana_oncall", "per group; ID: groupKey, as in Grafana OnCall's own integration", &preset::grafana_oncall},
};

}  // namespace

std::span<const Preset> presets() noexcept { return all_presets; }

Result<Mapping> find_preset(std::string_view name) {
    for (const Preset& preset : all_presets) {
        if (preset.name == name) return preset.make();
    }
    return Errc::unknown_name;
}

}  // namespace alertmap
