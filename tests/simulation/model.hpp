#pragma once

// Shared by all models: time, alerts, and the event queue.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulation {

/// Milliseconds since 1970, in simulated time; the real clock is not used.
using Time = std::int64_t;
inline constexpr Time never = std::numeric_limits<Time>::max();
inline constexpr Time second = 1000;
inline constexpr Time minute = 60 * second;
inline constexpr Time hour = 60 * minute;

/// "2026-01-15T10:30:00.12Z" without trailing zeros, as Go writes it.
void append_time(std::string& out, Time time);
/// A JSON string, escaped as by Go's encoding/json.
void append_json(std::string& out, std::string_view text);

struct Interval {
    Time from = 0;
    Time to = 0;

    [[nodiscard]] bool has(Time at) const noexcept { return from <= at && at < to; }
};
using Intervals = std::vector<Interval>;
[[nodiscard]] bool within(const Intervals& intervals, Time at) noexcept;

/// An instance of an alerting rule: the constant properties of an alert.
struct AlertDef {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    Pairs labels;  ///< ascending by name
    Pairs annotations;
    std::string generator_url;
    int cluster = 0;  ///< the Alertmanager cluster that receives it; two clusters may have alerts with equal labels

    // Computed by finish().
    std::string fingerprint;
    std::string json;  ///< "labels":{...},"annotations":{...}
    void finish();
    [[nodiscard]] std::string_view label(std::string_view name) const noexcept;
};

/// Alertmanager's order of alerts: by job, instance, then label sets.
[[nodiscard]] bool listed_before(const AlertDef& a, const AlertDef& b);

/// One step of the simulation. The requesting model defines `kind`, `a`, `b` and `c`.
struct Step {
    Time at = 0;
    std::uint64_t order = 0;  ///< steps at the same time run in order of request
    int kind = 0;
    int a = 0;
    int b = 0;
    std::uint64_t c = 0;

    friend bool operator<(const Step& x, const Step& y) noexcept { return x.at != y.at ? x.at > y.at : x.order > y.order; }
};

class Schedule {
 public:
    void at(Time time, int kind, int a = 0, int b = 0, std::uint64_t c = 0) { queue_.push({time, order_++, kind, a, b, c}); }
    [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }
    [[nodiscard]] Time next() const noexcept { return queue_.empty() ? never : queue_.top().at; }
    Step pop() {
        const Step step = queue_.top();
        queue_.pop();
        return step;
    }

 private:
    std::priority_queue<Step> queue_;
    std::uint64_t order_ = 0;
};

}  // namespace simulation
