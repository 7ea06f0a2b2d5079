#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "alertmap/detail/members.hpp"
#include "alertmap/parser.hpp"

// A group as text, one line per value, to compare groups with a readable difference.
namespace test {

/// Distinguishes absent and empty. Control characters are shown as \xx.
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

inline std::string describe(alertmap::Text text) { return quoted(text); }
inline std::string describe(alertmap::Status status) { return std::string(name(status)); }
inline std::string describe(std::uint64_t number) { return std::to_string(number); }

inline std::string describe(const alertmap::Alert& alert, std::string_view path = "alert") {
    std::string out;
    const auto line = [&](std::string_view name, const auto& member, alertmap::detail::Written = {}) {
        out += std::string(path) + "." + std::string(name) + " " + describe(member) + "\n";
    };
    alertmap::detail::each_member(alert, line);
    line("extra", alert.extra);
    return out;
}

inline std::string describe(const alertmap::AlertGroup& group) {
    std::string out;
    const auto line = [&](std::string_view name, const auto& member, alertmap::detail::Written = {}) {
        if constexpr (std::is_same_v<decltype(member), const alertmap::ArrayView<alertmap::Alert>&>) {
            for (std::size_t i = 0; i < member.size(); ++i) out += describe(member[i], "alerts[" + std::to_string(i) + "]");
        } else {
            out += std::string(name) + " " + describe(member) + "\n";
        }
    };
    alertmap::detail::each_member(group, line);
    line("extra", group.extra);
    if (group.incomplete) out += "incomplete\n";
    return out;
}

/// "wrong_type version", one line per warning.
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
