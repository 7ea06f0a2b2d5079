#pragma once

// What all models share: time, alerts, and the queue of what happens next.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulation {

/// Milliseconds since 1970. The simulated time; nothing here asks a real clock.
using Time = std::int64_t;
inline constexpr Time never = std::numeric_limits<Time>::max();
inline constexpr Time second = 1000;
inline constexpr Time minute = 60 * second;
inline constexpr Time hour = 60 * minute;

/// "2026-01-15T10:30:00.12Z", without trailing zeros, as Go writes it.
void append_time(std::string& out, Time time);
/// As a JSON string, escaped as Go's encoding/json does it.
void append_json(std::string& out, std::string_view text);

struct Interval {
    Time from = 0;
    Time to = 0;

    [[nodiscard]] bool has(Time at) const noexcept { return from <= at && at < to; }
};
using Intervals = std::vector<Interval>;
[[nodiscard]] bool within(const Intervals& intervals, Time at) noexcept;

/// An alerting rule's instance: everything about an alert that does not change while it fires and ends.
struct AlertDef {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    Pairs labels;  ///< ascending by name
    Pairs annotations;
    std::string generator_url;
    int cluster = 0;  ///< which Alertmanager cluster hears of it; two clusters may have alerts with equal labels

    // Derived by finish().
    std::string fingerprint;
    std::string json;  ///< "labels":{...},"annotations":{...}
    void finish();
    [[nodiscard]] std::string_view label(std::string_view name) const noexcept;
};

/// The order in which Alertmanager lists alerts: by job, then by instance, then by the label sets.
[[nodiscard]] bool listed_before(const AlertDef& a, const AlertDef& b);

/// One step of the simulation. What `kind`, `a`, `b` and `c` mean is up to the model that asked for it.
struct Step {
    Time at = 0;
    std::uint64_t order = 0;  ///< steps of one time happen in the order in which they were asked for
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
