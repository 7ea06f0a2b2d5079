#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/timestamp.hpp"
#include "support/describe.hpp"
#include "support/json.hpp"

// A second, simple implementation of the parser's rules of tolerance: the expected result for a JSON tree, in the format of describe().
namespace test {

class Expected {
 public:
    /// The group's description and its warnings as "code path", without duplicates, sorted by the caller. Only for objects that are groups.
    explicit Expected(const Json& top) {
        const auto text = [&](std::string_view name) { return shown(this->text(top, name, std::string(name))); };
        const std::string receiver = text("receiver");
        has_status_ = read_status(top, "status", status_);
        std::string alerts_shown = alerts(top);
        const Status status = group_status();
        group = "receiver " + receiver + "\nstatus " + word(status) + "\n" + alerts_shown;
        group += "notification_reason " + text("notification_reason") + "\n";
        for (const std::string_view name : {"groupLabels", "commonLabels", "commonAnnotations", "routeLabels"}) {
            group += std::string(name) + " " + labels(top, name, std::string(name)) + "\n";
        }
        group += "externalURL " + text("externalURL") + "\n";
        group += "version " + text("version") + "\n";
        group += "groupKey " + identity(top, "groupKey", "groupKey") + "\n";
        group += "truncatedAlerts " + std::to_string(truncated(top)) + "\n";
        group += "extra " + extra(top, top_names, "") + "\n";
        if (incomplete_) group += "incomplete\n";
        note_names(top, top_names, "");
    }

    std::string group;
    std::vector<std::string> warnings;

    static bool is_group(const Json& top) {
        if (top.kind != Json::Kind::object) return false;
        for (const std::string_view name :
             {"alerts", "receiver", "groupLabels", "commonLabels", "commonAnnotations", "groupKey", "truncatedAlerts"}) {
            if (find(top, name) != nullptr) return true;
        }
        return false;
    }

    /// encoding/json's folding: lower case, long s to s, Kelvin sign to k.
    static std::string folded(std::string_view name) {
        std::string out;
        for (std::size_t i = 0; i < name.size(); ++i) {
            if (name.substr(i, 2) == "\u017f") {
                out += 's';
                i += 1;
            } else if (name.substr(i, 3) == "\u212a") {
                out += 'k';
                i += 2;
            } else {
                out += name[i];
            }
        }
        return lower(out);
    }

 private:
    using Kind = Json::Kind;
    enum class Status { firing, resolved };
    static std::string word(Status status) { return status == Status::firing ? "firing" : "resolved"; }

    inline static const std::vector<std::string_view> top_names = {
        "receiver",    "status",  "alerts",   "notification_reason", "groupLabels", "commonLabels", "commonAnnotations", "routeLabels",
        "externalURL", "version", "groupKey", "truncatedAlerts"};
    inline static const std::vector<std::string_view> alert_names = {"status", "labels",       "annotations", "startsAt",
                                                                     "endsAt", "generatorURL", "fingerprint"};

    void warn(std::string_view code, const std::string& path) { warnings.push_back(std::string(code) + " " + readable(path)); }
    /// At most 256 characters and an ellipsis, as keys can have any length. Control characters, line separators and bidirectional controls
    /// are written as \uXXXX.
    static std::string readable(const std::string& path) {
        constexpr std::string_view hex = "0123456789abcdef";
        std::string out;
        std::size_t characters = 0;
        for (std::size_t i = 0; i < path.size();) {
            if (++characters == 257) return out + "\u2026";
            std::size_t end = i + 1;
            while (end < path.size() && (static_cast<unsigned char>(path[end]) & 0xc0) == 0x80) ++end;
            unsigned code_point = static_cast<unsigned char>(path[i]);
            if (end - i > 1) code_point &= 0x7fu >> (end - i);
            for (std::size_t j = i + 1; j < end; ++j) code_point = code_point << 6 | (static_cast<unsigned char>(path[j]) & 0x3fu);
            const bool control = code_point < 0x20 || (code_point >= 0x7f && code_point <= 0x9f);
            if (control || (code_point >= 0x2028 && code_point <= 0x202e) || (code_point >= 0x2066 && code_point <= 0x2069)) {
                out += "\\u";
                for (int shift = 12; shift >= 0; shift -= 4) out += hex[code_point >> shift & 15];
            } else {
                out += path.substr(i, end - i);
            }
            i = end;
        }
        return out;
    }
    static std::string at(const std::string& path, std::string_view name) {
        return path + (path.empty() || name.empty() ? "" : ".") + std::string(name);
    }

    static bool is_same_name(std::string_view key, std::string_view name) { return key == name || folded(key) == folded(name); }
    /// The last member with this name, or null.
    static const Json* find(const Json& object, std::string_view name) {
        const Json* found = nullptr;
        for (const auto& [key, value] : object.members) {
            if (is_same_name(key.text, name)) found = &value;
        }
        return found;
    }

    void note_names(const Json& object, const std::vector<std::string_view>& names, const std::string& path) {
        for (const std::string_view name : names) {
            int count = 0;
            for (const auto& [key, value] : object.members) {
                if (!is_same_name(key.text, name)) continue;
                if (key.text != name) warn("other_case", at(path, key.text));
                if (++count > 1) warn("duplicate_key", at(path, key.text));
            }
        }
    }

    /// For a fingerprint or group key.
    std::string identity(const Json& object, std::string_view name, const std::string& path) {
        const Text text = this->text(object, name, path);
        if (text.absent) return shown(text);
        const std::size_t first = text.value.find_first_not_of(" \t\r\n");
        const std::string trimmed =
            first == std::string::npos ? "" : lower(text.value.substr(first, text.value.find_last_not_of(" \t\r\n") + 1 - first));
        static const std::set<std::string> nothing = {"",      "{}",        "[]",      "-",   "null",  "nil",        "none",       "true",
                                                      "false", "undefined", "unknown", "n/a", "<nil>", "<no value>", "fingerprint"};
        if (nothing.count(trimmed) == 0 && trimmed.find_first_not_of('0') != std::string::npos) return shown(text);
        warn("useless_id", path);
        return "absent";
    }

    struct Text {
        bool absent = true;
        std::string value;
    };
    static std::string shown(const Text& text) {
        return text.absent ? "absent" : quoted(std::string_view(text.value.c_str(), text.value.size()));
    }

    Text text_of(const Json& json, const std::string& path) {
        if (json.kind == Kind::null) return warn("null_value", path), Text{};
        if (json.kind == Kind::string) return {false, json.text};
        warn("wrong_type", path);
        return {false, compact(json)};
    }
    Text text(const Json& object, std::string_view name, const std::string& path) {
        const Json* json = find(object, name);
        return json == nullptr ? Text{} : text_of(*json, path);
    }

    std::string labels(const Json& object, std::string_view name, const std::string& path) {
        const Json* json = find(object, name);
        if (json == nullptr) return "absent";
        if (json->kind != Kind::object) return warn(json->kind == Kind::null ? "null_value" : "wrong_type", path), "absent";
        std::string out = "{";
        for (std::size_t i = 0; i < json->members.size(); ++i) {
            const auto& [key, value] = json->members[i];
            const Text text = text_of(value, at(path, key.text));
            if (json->find(key.text) != &value) {
                warn("duplicate_key", at(path, key.text));
            } else if (!text.absent) {
                out += quoted(std::string_view(key.text.c_str(), key.text.size())) + "=" + shown(text) + ",";
            }
        }
        return out + "}";
    }

    std::string extra(const Json& object, const std::vector<std::string_view>& known, const std::string& path) {
        std::string out = "{";
        for (const auto& [key, value] : object.members) {
            bool is_known = false;
            for (const std::string_view name : known) is_known = is_known || is_same_name(key.text, name);
            if (is_known) continue;
            if (object.find(key.text) != &value) {
                warn("duplicate_key", at(path, key.text));
                continue;
            }
            const std::string json = compact(value);
            out += quoted(std::string_view(key.text.c_str(), key.text.size())) + "=" + quoted(std::string_view(json));
            const std::string text = value.kind == Kind::string ? value.text : value.kind == Kind::null ? "" : json;
            if (text != json) out += " as " + quoted(std::string_view(text.c_str(), text.size()));
            out += ",";
        }
        return out + "}";
    }

    std::string time(const Json& alert, std::string_view name, const std::string& path, alertmap::Timestamp& out) {
        const Json* json = find(alert, name);
        if (json == nullptr) return "absent unset";
        const Text text = text_of(*json, path);
        if (text.absent) return "absent unset";
        if (json->kind == Kind::string) {
            if (const auto time = alertmap::parse_timestamp(text.value)) {
                out = *time;
            } else {
                warn("invalid_time", path);
            }
        }
        out.text = std::string_view(text.value.c_str(), text.value.size());
        std::string line = describe(out);
        out.text = {};
        return line;
    }

    static std::string lower(std::string text) {
        for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        return text;
    }
    /// False if none was sent.
    bool read_status(const Json& object, const std::string& path, Status& out) {
        const Text text = this->text(object, "status", path);
        if (text.absent) return false;
        out = lower(text.value) == "resolved" ? Status::resolved : Status::firing;
        if (text.value != word(out)) warn("unknown_status", path);
        return true;
    }

    std::string alert(const Json& json, const std::string& path, const std::string& shown_path) {
        constexpr std::int64_t year_9999 = 253370764800;
        alertmap::Timestamp starts;
        alertmap::Timestamp ends;
        const std::string starts_shown = time(json, "startsAt", path + ".startsAt", starts);
        const std::string ends_shown = time(json, "endsAt", path + ".endsAt", ends);
        Status status = Status::firing;
        if (!read_status(json, path + ".status", status)) {
            if (find(json, "status") == nullptr) warn("missing_field", path + ".status");
            status = has_status_ ? status_ : ends.is_set && ends.seconds < year_9999 ? Status::resolved : Status::firing;
        }
        if (find(json, "labels") == nullptr) warn("missing_field", path + ".labels");
        statuses_.push_back(status);
        std::string out = shown_path + ".status " + word(status) + "\n";
        out += shown_path + ".labels " + labels(json, "labels", path + ".labels") + "\n";
        out += shown_path + ".annotations " + labels(json, "annotations", path + ".annotations") + "\n";
        out += shown_path + ".startsAt " + starts_shown + "\n";
        out += shown_path + ".endsAt " + ends_shown + "\n";
        out += shown_path + ".generatorURL " + shown(text(json, "generatorURL", path + ".generatorURL")) + "\n";
        out += shown_path + ".fingerprint " + identity(json, "fingerprint", path + ".fingerprint") + "\n";
        out += shown_path + ".extra " + extra(json, alert_names, path) + "\n";
        note_names(json, alert_names, path);
        return out;
    }

    std::string alerts(const Json& top) {
        const Json* json = find(top, "alerts");
        incomplete_ = json == nullptr || json->kind != Kind::array;
        if (json == nullptr) return warn("missing_field", "alerts"), "";
        if (json->kind != Kind::array) {
            warn(json->kind == Kind::null ? "null_value" : "wrong_type", "alerts");
            return "";
        }
        std::string out;
        for (std::size_t i = 0; i < json->elements.size(); ++i) {
            const std::string path = "alerts[" + std::to_string(i) + "]";
            if (json->elements[i].kind == Kind::object) {
                out += alert(json->elements[i], path, "alerts[" + std::to_string(statuses_.size()) + "]");
            } else {
                warn("wrong_type", path);
                incomplete_ = true;
            }
        }
        return out;
    }

    Status group_status() {
        if (has_status_) return status_;
        if (statuses_.empty()) return Status::firing;
        for (const Status one : statuses_) {
            if (one == Status::firing) return Status::firing;
        }
        return Status::resolved;
    }

    std::uint64_t truncated(const Json& top) {
        const Json* json = find(top, "truncatedAlerts");
        if (json == nullptr) return 0;
        if (json->kind == Kind::null) return warn("null_value", "truncatedAlerts"), 0;
        const bool is_string = json->kind == Kind::string;
        const std::string text = is_string ? json->text : std::string(json->raw);
        if (is_string && text.empty()) return warn("wrong_type", "truncatedAlerts"), 0;
        std::uint64_t value = 0;
        if (plain_count(text, value)) {
            if (is_string) warn("wrong_type", "truncatedAlerts");
            return value;
        }
        warn("invalid_count", "truncatedAlerts");
        Json number;
        if (!JsonText(text).read(number) || number.kind != Kind::number) return 1;
        return count_of(text);
    }
    static bool plain_count(const std::string& text, std::uint64_t& value) {
        if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return false;
        value = 0;
        for (const char c : text) {
            const auto digit = static_cast<std::uint64_t>(c - '0');
            if (value > (UINT64_MAX - digit) / 10) return false;
            value = value * 10 + digit;
        }
        return true;
    }
    /// 3.0, 1e3: shifts the digits across the point. Anything but an integer counts as 1.
    static std::uint64_t count_of(const std::string& text) {
        if (text.front() == '-') return 1;
        const std::size_t e = std::min(text.find('e'), text.find('E'));
        std::string digits = text.substr(0, e);
        long exponent = 0;
        if (e < text.size()) {
            const std::string written = text.substr(e + 1);
            const std::size_t first = written.find_first_not_of("+-0");
            const std::string magnitude = first == std::string::npos ? "0" : written.substr(first);
            exponent = magnitude.size() > 5 ? 100000 : std::stol(magnitude);
            if (written[0] == '-') exponent = -exponent;
        }
        if (const std::size_t point = digits.find('.'); point != std::string::npos) {
            exponent -= static_cast<long>(digits.size() - point - 1);
            digits.erase(point, 1);
        }
        digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
        if (digits.empty()) return 0;
        for (; exponent < 0; ++exponent) {
            if (digits.back() != '0') return 1;
            digits.pop_back();
        }
        if (digits.size() + static_cast<std::size_t>(exponent) > 20) return UINT64_MAX;
        digits.append(static_cast<std::size_t>(exponent), '0');
        std::uint64_t value = 0;
        return plain_count(digits, value) ? value : UINT64_MAX;
    }

    bool has_status_ = false;
    Status status_ = Status::firing;
    std::vector<Status> statuses_;  // of the alerts
    bool incomplete_ = false;
};

}  // namespace test
