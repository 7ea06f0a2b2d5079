#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/timestamp.hpp"

// The task of every candidate: fill alertmap's structs from a body, and keep the viewed memory.
namespace bench {

/// Bytes after a body that a parser may read but not use; simdjson's requirement.
inline constexpr std::size_t padding = 64;

/// Copies of the written payloads: three per alert.
using Payloads = std::vector<std::string>;

class Peer {
 public:
    virtual ~Peer() = default;

    /// Null: unexpected input. Views are valid until the next call. `padding` readable bytes follow the body.
    [[nodiscard]] virtual const alertmap::AlertGroup* parse(std::string_view body) = 0;

    /// Computes the payloads' values for each alert of the group.
    virtual void map(const alertmap::AlertGroup& group) = 0;

    /// Writes the payloads of the mapped group, each over the previous one; returns the total bytes.
    virtual std::size_t write(Payloads* copies) = 0;

    /// Body to payloads, alert by alert. 0: unexpected input.
    virtual std::size_t end_to_end(std::string_view body, Payloads* copies) = 0;

    /// One body per line; returns the number of bodies read.
    virtual std::size_t stream(std::string_view lines);

    /// Heap bytes of the parser; 0: unknown.
    [[nodiscard]] virtual std::size_t memory() const { return 0; }
};

/// Parses times with alertmap's shortcuts (compares the unset time as a whole, parses each date once), so that they give no candidate an
/// advantage.
class TimeReader {
 public:
    [[nodiscard]] alertmap::Timestamp operator()(std::string_view text) {
        alertmap::Timestamp time;
        time.text = text;
        if (text == "0001-01-01T00:00:00Z" || time_of_known_day(text, time)) return time;
        if (alertmap::detail::read_time(time) && time.seconds >= 86400 && text.size() >= 20 && text[10] == 'T' && text.back() == 'Z') {
            date_ = text.substr(0, 10);
            midnight_ = time.seconds - time.seconds % 86400;
        }
        return time;
    }

 private:
    [[nodiscard]] bool time_of_known_day(std::string_view text, alertmap::Timestamp& time) const {
        if (text.size() < 20 || text.size() > 30 || text.substr(0, 10) != date_ || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
            text.back() != 'Z') {
            return false;
        }
        const auto digit = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])) - unsigned{'0'}; };
        const auto pair = [&](std::size_t i) { return digit(i) > 9 || digit(i + 1) > 9 ? 99 : digit(i) * 10 + digit(i + 1); };
        const unsigned hour = pair(11);
        const unsigned minute = pair(14);
        const unsigned second = pair(17);
        if (hour > 23 || minute > 59 || second > 59 || (text.size() > 20 && (text[19] != '.' || text.size() == 21))) return false;
        unsigned fraction = 0;
        unsigned scale = 1'000'000'000;
        for (std::size_t i = 20; i + 1 < text.size(); ++i) {
            if (digit(i) > 9) return false;
            fraction = fraction * 10 + digit(i);
            scale /= 10;
        }
        time.seconds = midnight_ + hour * 3600 + minute * 60 + second;
        time.nanoseconds = static_cast<std::int32_t>(fraction * scale);
        time.is_set = true;
        return true;
    }

    std::string date_;
    std::int64_t midnight_ = 0;
};

/// Output arrays of the peers: alerts and labels. Reused, so that nothing is allocated after the largest body. Labels are reserved for the
/// maximum of a body (`"":"",` is the shortest pair), so that they never move while a set is read and need no check.
class Storage {
 public:
    alertmap::AlertGroup group;
    TimeReader read_time;

    void begin(std::size_t body_size) {
        const std::size_t most = body_size / 6 + 1;
        if (most > label_capacity_) {
            labels_ = std::make_unique_for_overwrite<alertmap::Label[]>(most);
            label_capacity_ = most;
        }
        next_ = labels_.get();
        alerts_.clear();
        group = {};
    }
    [[nodiscard]] const alertmap::AlertGroup* finish() {
        group.alerts = alerts_;
        return &group;
    }

    [[nodiscard]] alertmap::Alert& add_alert() { return alerts_.emplace_back(); }

    void begin_labels() { first_ = next_; }
    void add_label(std::string_view name, std::string_view value) { *next_++ = {name, value}; }
    [[nodiscard]] alertmap::Labels end_labels() const { return {first_, static_cast<std::size_t>(next_ - first_)}; }

 private:
    std::vector<alertmap::Alert> alerts_;
    std::unique_ptr<alertmap::Label[]> labels_;
    alertmap::Label* first_ = nullptr;
    alertmap::Label* next_ = nullptr;
    std::size_t label_capacity_ = 0;
};

[[nodiscard]] inline alertmap::Status read_status(std::string_view text) {
    return text == "resolved" ? alertmap::Status::resolved : alertmap::Status::firing;
}

/// Fills the structs with any library that offers members and elements. `Reader` adapts the library:
/// each_member(value, f(name, value) -> bool), each_label(value, f(string_view, string_view)), each_element(value, f(value)),
/// text(value, string_view&), number(value, uint64&); all return false for missing values. Unknown members are skipped.
template <class Reader>
struct StructReader {
    Storage& storage;

    template <class Value>
    [[nodiscard]] bool labels(Value&& value, alertmap::Labels& out) {
        storage.begin_labels();
        if (!Reader::each_label(value, [this](std::string_view name, std::string_view text) { storage.add_label(name, text); })) {
            return false;
        }
        out = storage.end_labels();
        return true;
    }

    template <class Value>
    [[nodiscard]] bool time(Value&& value, alertmap::Timestamp& out) {
        std::string_view text;
        if (!Reader::text(value, text)) return false;
        out = storage.read_time(text);
        return true;
    }

    template <class Value>
    [[nodiscard]] bool status(Value&& value, alertmap::Status& out) {
        std::string_view text;
        if (!Reader::text(value, text)) return false;
        out = read_status(text);
        return true;
    }

    template <class Value>
    [[nodiscard]] static bool text(Value&& value, alertmap::Text& out) {
        std::string_view view;
        if (!Reader::text(value, view)) return false;
        out = view;
        return true;
    }

    template <class Value>
    [[nodiscard]] bool alert(Value&& object) {
        alertmap::Alert& out = storage.add_alert();
        return Reader::each_member(object, [&](const auto& name, auto&& value) {
            if (name == "status") return status(value, out.status);
            if (name == "labels") return labels(value, out.labels);
            if (name == "annotations") return labels(value, out.annotations);
            if (name == "startsAt") return time(value, out.starts_at);
            if (name == "endsAt") return time(value, out.ends_at);
            if (name == "generatorURL") return text(value, out.generator_url);
            if (name == "fingerprint") return text(value, out.fingerprint);
            return true;
        });
    }

    template <class Value>
    [[nodiscard]] bool group(Value&& object) {
        alertmap::AlertGroup& out = storage.group;
        return Reader::each_member(object, [&](const auto& name, auto&& value) {
            if (name == "receiver") return text(value, out.receiver);
            if (name == "status") return status(value, out.status);
            if (name == "alerts") return Reader::each_element(value, [this](auto&& element) { return this->alert(element); });
            if (name == "notification_reason") return text(value, out.notification_reason);
            if (name == "groupLabels") return labels(value, out.group_labels);
            if (name == "commonLabels") return labels(value, out.common_labels);
            if (name == "commonAnnotations") return labels(value, out.common_annotations);
            if (name == "routeLabels") return labels(value, out.route_labels);
            if (name == "externalURL") return text(value, out.external_url);
            if (name == "version") return text(value, out.version);
            if (name == "groupKey") return text(value, out.group_key);
            if (name == "truncatedAlerts") return Reader::number(value, out.truncated_alerts);
            return true;
        });
    }
};

/// Equal for readers; the kind of texts is ignored.
[[nodiscard]] bool equal(const alertmap::AlertGroup& a, const alertmap::AlertGroup& b);

/// Equal as JSON: ignores white space and the order of members.
[[nodiscard]] bool equal_json(const std::string& a, const std::string& b);

/// Reads a body without making structs. Returns a number that depends on all its work.
using Walk = std::function<std::size_t(std::string_view body)>;

Walk make_memcpy();                    // copies the body to a buffer
Walk make_simdjson_stage1();           // structural index and UTF-8 validation
Walk make_simdjson_dom_alone();        // builds simdjson's DOM, without reading it
Walk make_ondemand_walk();             // every string value through get_string(); stores nothing
Walk make_ondemand_walk_with_names();  // and every member name through unescaped_key()

[[nodiscard]] std::string simdjson_version();
[[nodiscard]] std::string simdjson_implementation();  ///< the kernel chosen for this CPU
[[nodiscard]] bool simdjson_development_checks();     ///< On-Demand is slower with them

// One function per file in peers/; those of simdjson and alertmap always exist.
std::unique_ptr<Peer> make_alertmap();
std::unique_ptr<Peer> make_simdjson_ondemand();
std::unique_ptr<Peer> make_simdjson_ondemand_raw();
std::unique_ptr<Peer> make_simdjson_dom();
std::unique_ptr<Peer> make_rapidjson_sax();
std::unique_ptr<Peer> make_rapidjson_sax_validating();
std::unique_ptr<Peer> make_rapidjson_dom();
std::unique_ptr<Peer> make_yyjson();
std::unique_ptr<Peer> make_nlohmann();
std::unique_ptr<Peer> make_boost_json();

}  // namespace bench
