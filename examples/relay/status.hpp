#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alertmap.hpp"
#include "receive.hpp"

// What the relay tells about itself: metrics, readiness and a page for people.
namespace relay {

/// Metrics in the form of Prometheus. No text of an alert is ever a label. Used by the service's thread alone.
class Metrics {
 public:
    Metrics();

    void received(std::string_view route, std::string_view result) {
        add(received_, {{"route", std::string(route)}, {"result", std::string(result)}});
    }
    void observed(std::string_view destination, std::string_view what) {
        add(observed_, {{"destination", std::string(destination)}, {"result", std::string(what)}});
    }
    void sent(std::string_view destination, std::string_view kind, std::string_view outcome, double seconds);
    void reported(std::string_view destination, std::string_view kind) {
        add(reports_, {{"destination", std::string(destination)}, {"kind", std::string(kind)}});
    }
    void unrouted() { add(unrouted_, {}); }
    void dead_letter(std::string_view kind) { add(dead_letters_, {{"kind", std::string(kind)}}); }
    void listed(std::string_view cluster, std::string_view result) {
        add(listings_, {{"cluster", std::string(cluster)}, {"result", std::string(result)}});
    }
    /// Counters that an alert rule looks at start with 0: increase() does not see the step from nothing to 1.
    void declare_destination(std::string_view name);
    void declare_cluster(std::string_view name);
    void called_back(std::string_view destination, std::string_view result) {
        add(callbacks_, {{"destination", std::string(destination)}, {"result", std::string(result)}});
    }
    void recorded(std::string_view cluster, std::string_view result) {
        add(recorders_, {{"cluster", std::string(cluster)}, {"result", std::string(result)}});
    }
    void committed(double seconds) { commit_->Observe(seconds); }
    void store_failed() { add(store_failures_, {}); }
    void destination(std::string_view name, const alertmap::LedgerStats& stats, std::size_t messages, bool broken, double waiting_seconds);
    void store(std::uint64_t wal_bytes) { wal_.Add({}).Set(static_cast<double>(wal_bytes)); }
    void server(const ReceiveCounts& counts);

    /// The text of /metrics.
    [[nodiscard]] std::string text() const;

 private:
    using Counters = prometheus::Family<prometheus::Counter>;
    using Gauges = prometheus::Family<prometheus::Gauge>;
    static void add(Counters& family, const prometheus::Labels& labels) { family.Add(labels).Increment(); }

    prometheus::Registry registry_;
    Counters& received_;
    Counters& observed_;
    Counters& sent_;
    Counters& reports_;
    Counters& unrouted_;
    Counters& dead_letters_;
    Counters& listings_;
    Counters& callbacks_;
    Counters& recorders_;
    Counters& store_failures_;
    prometheus::Family<prometheus::Histogram>& send_seconds_;
    prometheus::Histogram* commit_;
    Gauges& open_;
    Gauges& members_;
    Gauges& messages_;
    Gauges& bytes_;
    Gauges& broken_;
    Gauges& waiting_;
    Gauges& wal_;
    Gauges& connections_;
    Gauges& requests_;
    Gauges& refused_;
};

/// One destination, as the page shows it.
struct DestinationStatus {
    std::string name;
    std::string kind;
    std::string state;  ///< "sending", or why not
    alertmap::LedgerStats stats;
    std::vector<alertmap::IncidentView> incidents;  ///< of all that are open or wait, the first ones: those that wait
    std::size_t more = 0;                           ///< that are not among them
    std::optional<std::size_t> messages;            ///< that wait for a forward; none: it is a target
};

/// What an incident waits for; empty: the vendor has what fires.
[[nodiscard]] std::string waits_for(const alertmap::IncidentView& incident);

/// `text` for HTML: of a body and of a quoted attribute.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A page that needs no script: what is open, what waits and why. All texts of alerts are escaped.
[[nodiscard]] Answer status_page(const std::vector<DestinationStatus>& destinations, const std::string& store_problem,
                                 std::int64_t now_seconds);

}  // namespace relay
