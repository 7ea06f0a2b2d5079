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

// The relay's monitoring: metrics, readiness and a status page.
namespace relay {

/// Prometheus metrics. Texts of alerts are never labels. Only used by the service's thread.
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
    /// Creates counters used by alert rules with the value 0: increase() ignores the step from missing to 1.
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

    /// The response of /metrics.
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

/// One destination on the status page.
struct DestinationStatus {
    std::string name;
    std::string kind;
    std::string state;  ///< "sending", or the reason why not
    alertmap::LedgerStats stats;
    std::vector<alertmap::IncidentView> incidents;  ///< the first open or waiting ones; waiting ones first
    std::size_t more = 0;                           ///< number of omitted incidents
    std::optional<std::size_t> messages;            ///< messages waiting for a forward; empty: a target
};

/// What the incident waits for; empty: in sync with the vendor.
[[nodiscard]] std::string waits_for(const alertmap::IncidentView& incident);

/// Escapes `text` for HTML text and quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A page without scripts: open and waiting incidents with reasons. Escapes all texts of alerts.
[[nodiscard]] Answer status_page(const std::vector<DestinationStatus>& destinations, const std::string& store_problem,
                                 std::int64_t now_seconds);

}  // namespace relay
