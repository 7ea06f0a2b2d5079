#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alertmap/parser.hpp"

// A group as text, one line for each value: two groups are the same when their descriptions are, and where they are not,
// the difference can be read.
namespace test {

/// Absent and empty differ. Control characters are shown as \xx.
inline std::string quoted(std::string_view text) {
    if (text.data() == nullptr) return "absent";
    constexpr std::string_view hex = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || c == '"' || c == '\\' || byte == 0x7f) {
            out += '\\';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

inline std::string describe(alertmap::Labels labels) {
    if (!labels.present()) return "absent";
    std::string out = "{";
    for (const alertmap::Label& label : labels) out += quoted(label.name) + "=" + quoted(label.value) + ",";
    return out + "}";
}

inline std::string describe(alertmap::ExtraMembers fields) {
    std::string out = "{";
    for (const alertmap::ExtraMember& field : fields) {
        out += quoted(field.name) + "=" + quoted(field.json);
        if (field.text != field.json) out += " as " + quoted(field.text.empty() ? alertmap::Text("") : field.text);
        out += ",";
    }
    return out + "}";
}

inline std::string describe(const alertmap::Timestamp& time) {
    if (!time.is_set) return quoted(time.text) + " unset";
    return quoted(time.text) + " " + std::to_string(time.seconds) + "s " + std::to_string(time.nanoseconds) + "ns";
}

inline std::string describe(const alertmap::Alert& alert, std::string_view path = "alert") {
    const std::string at = std::string(path) + ".";
    std::string out;
    out += at + "status " + std::string(name(alert.status)) + "\n";
    out += at + "labels " + describe(alert.labels) + "\n";
    out += at + "annotations " + describe(alert.annotations) + "\n";
    out += at + "startsAt " + describe(alert.starts_at) + "\n";
    out += at + "endsAt " + describe(alert.ends_at) + "\n";
    out += at + "generatorURL " + quoted(alert.generator_url) + "\n";
    out += at + "fingerprint " + quoted(alert.fingerprint) + "\n";
    out += at + "extra " + describe(alert.extra) + "\n";
    return out;
}

inline std::string describe(const alertmap::AlertGroup& group) {
    std::string out;
    out += "receiver " + quoted(group.receiver) + "\n";
    out += "status " + std::string(name(group.status)) + "\n";
    for (std::size_t i = 0; i < group.alerts.size(); ++i) out += describe(group.alerts[i], "alerts[" + std::to_string(i) + "]");
    out += "notification_reason " + quoted(group.notification_reason) + "\n";
    out += "groupLabels " + describe(group.group_labels) + "\n";
    out += "commonLabels " + describe(group.common_labels) + "\n";
    out += "commonAnnotations " + describe(group.common_annotations) + "\n";
    out += "routeLabels " + describe(group.route_labels) + "\n";
    out += "externalURL " + quoted(group.external_url) + "\n";
    out += "version " + quoted(group.version) + "\n";
    out += "groupKey " + quoted(group.group_key) + "\n";
    out += "truncatedAlerts " + std::to_string(group.truncated_alerts) + "\n";
    out += "extra " + describe(group.extra) + "\n";
    if (group.incomplete) out += "incomplete\n";
    return out;
}

/// "wrong_type version", one line for each.
inline std::string describe(std::span<const alertmap::Warning> warnings) {
    std::string out;
    for (const alertmap::Warning& warning : warnings) out += std::string(name(warning.code)) + " " + warning.path() + "\n";
    return out;
}

/// A parsed group with its warnings, or the error.
inline std::string describe(const alertmap::Result<alertmap::AlertGroup>& group, const alertmap::Parser& parser) {
    if (group) return describe(*group) + describe(parser.warnings());
    const alertmap::Error& error = group.error();
    return "error " + std::string(name(error.code)) + " " + error.path + " at " + std::to_string(error.offset) + "\n";
}

}  // namespace test
