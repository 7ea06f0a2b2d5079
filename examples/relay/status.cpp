#include "status.hpp"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <ctime>

namespace relay {
namespace {

auto& counters(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
auto& gauges(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

const prometheus::Histogram::BucketBoundaries send_buckets{0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30};
const prometheus::Histogram::BucketBoundaries commit_buckets{0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1};

}  // namespace

Metrics::Metrics()
    : received_(counters(registry_, "alertmap_relay_messages_total", "Webhook messages by route and result")),
      observed_(counters(registry_, "alertmap_relay_events_total", "Events by destination and what the ledger made of them")),
      sent_(counters(registry_, "alertmap_relay_requests_total", "Requests to destinations by kind and outcome")),
      reports_(counters(registry_, "alertmap_relay_reports_total", "What a human should look at, by destination and kind")),
      unrouted_(counters(registry_, "alertmap_relay_unrouted_events_total", "Alerts that no route took")),
      dead_letters_(
          counters(registry_, "alertmap_relay_dead_letters_total", "Bodies that could not be read, and events that were rejected")),
      listings_(counters(registry_, "alertmap_relay_listings_total", "Listings of Alertmanager clusters by result")),
      callbacks_(counters(registry_, "alertmap_relay_callbacks_total", "Callbacks of vendors by destination and result")),
      recorders_(counters(registry_, "alertmap_relay_recorder_messages_total", "Messages of event recorders by cluster and result")),
      store_failures_(counters(registry_, "alertmap_relay_store_failures_total", "Transactions that failed")),
      send_seconds_(
          prometheus::BuildHistogram().Name("alertmap_relay_request_seconds").Help("Time of requests to destinations").Register(registry_)),
      commit_(&prometheus::BuildHistogram()
                   .Name("alertmap_relay_commit_seconds")
                   .Help("Time of one durable transaction")
                   .Register(registry_)
                   .Add({}, commit_buckets)),
      open_(gauges(registry_, "alertmap_relay_open_incidents", "Incidents that the destination has open")),
      members_(gauges(registry_, "alertmap_relay_alerts", "Alerts that are known, ended ones included")),
      messages_(gauges(registry_, "alertmap_relay_waiting_messages", "Messages that wait for a forward")),
      bytes_(gauges(registry_, "alertmap_relay_ledger_bytes", "Memory of the ledger")),
      broken_(gauges(registry_, "alertmap_relay_circuit_open", "1: requests to the destination fail and are slowed down")),
      waiting_(
          gauges(registry_, "alertmap_relay_waiting_seconds", "How long something has been waiting for the destination without success")),
      wal_(gauges(registry_, "alertmap_relay_store_wal_bytes", "Size of the store's write-ahead log")),
      connections_(gauges(registry_, "alertmap_relay_connections", "Connections that are open")),
      requests_(gauges(registry_, "alertmap_relay_http_requests", "HTTP requests since the start")),
      refused_(gauges(registry_, "alertmap_relay_http_refused", "HTTP requests refused before their body was read, since the start")) {
    store_failures_.Add({});
    unrouted_.Add({});
    for (const char* kind : {"unreadable", "rejected"}) dead_letters_.Add({{"kind", kind}});
}

void Metrics::declare_destination(std::string_view name) {
    using Kind = alertmap::LedgerReport::Kind;
    for (std::uint8_t kind = 0; kind <= static_cast<std::uint8_t>(Kind::untracked); ++kind) {
        reports_.Add({{"destination", std::string(name)}, {"kind", std::string(alertmap::name(static_cast<Kind>(kind)))}});
    }
    callbacks_.Add({{"destination", std::string(name)}, {"result", "forged"}});
}

void Metrics::declare_cluster(std::string_view name) {
    for (const char* result : {"read", "failed", "unreadable"}) listings_.Add({{"cluster", std::string(name)}, {"result", result}});
}

void Metrics::sent(std::string_view destination, std::string_view kind, std::string_view outcome, double seconds) {
    add(sent_, {{"destination", std::string(destination)}, {"kind", std::string(kind)}, {"outcome", std::string(outcome)}});
    send_seconds_.Add({{"destination", std::string(destination)}}, send_buckets).Observe(seconds);
}

void Metrics::destination(std::string_view name, const alertmap::LedgerStats& stats, std::size_t messages, bool broken,
                          double waiting_seconds) {
    const prometheus::Labels labels{{"destination", std::string(name)}};
    open_.Add(labels).Set(static_cast<double>(stats.open));
    members_.Add(labels).Set(static_cast<double>(stats.members));
    messages_.Add(labels).Set(static_cast<double>(messages));
    bytes_.Add(labels).Set(static_cast<double>(stats.bytes));
    broken_.Add(labels).Set(broken ? 1 : 0);
    waiting_.Add(labels).Set(waiting_seconds);
}

void Metrics::server(const ReceiveCounts& counts) {
    connections_.Add({}).Set(static_cast<double>(counts.open));
    requests_.Add({}).Set(static_cast<double>(counts.requests));
    refused_.Add({}).Set(static_cast<double>(counts.refused));
}

std::string Metrics::text() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

std::string waits_for(const alertmap::IncidentView& incident) {
    const std::string_view vendor = incident.vendor;
    std::string text;
    if (incident.in_flight) {
        text = "sent, no answer yet";
    } else if (incident.wanted_open && vendor == "closed_by_human") {
        return "the next repeat, to page again";
    } else if (incident.wanted_open ? vendor == "closed" || vendor == "maybe_closed"
                                    : vendor == "open" || vendor == "acknowledged" || vendor == "maybe_open") {
        text = incident.wanted_open ? "to be opened" : "to be closed";
    }
    if (!text.empty() && incident.attempts > 1) text += fmt::format(" (try {})", incident.attempts);
    return text;
}

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

Answer status_page(const std::vector<DestinationStatus>& destinations, const std::string& store_problem, std::int64_t now_seconds) {
    const std::time_t seconds = static_cast<std::time_t>(now_seconds);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S UTC", &utc);
    std::string html = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
        "<title>alertmap-relay</title><style>"
        "body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a;background:#fff}}"
        "h1{{font-size:1.4rem}}h2{{font-size:1.1rem;margin-top:2rem}}table{{border-collapse:collapse;width:100%}}"
        "th,td{{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:anywhere}}"
        "th,td{{white-space:nowrap}}td:first-child{{white-space:normal;min-width:14rem}}"
        "td:nth-child(2){{white-space:normal;min-width:11rem;max-width:22rem;font-family:ui-monospace,monospace;font-size:.9em}}"
        "th{{font-weight:600}}.bad{{color:#a40000;font-weight:600}}.scroll{{overflow-x:auto}}"
        "@media(prefers-color-scheme:dark){{body{{color:#e6e6e6;background:#161616}}th,td{{border-color:#444}}.bad{{color:#ff8a80}}}}"
        "</style></head><body><h1>alertmap-relay</h1><p>{} &middot; version {}</p>",
        stamp, ALERTMAP_VERSION_STRING);
    if (!store_problem.empty()) html += "<p class=\"bad\">The store cannot be written: " + escape_html(store_problem) + "</p>";
    for (const DestinationStatus& destination : destinations) {
        const std::string counts = destination.messages ? fmt::format("{} messages wait", *destination.messages)
                                                        : fmt::format("{} open, {} alerts known, {} dead letters", destination.stats.open,
                                                                      destination.stats.members, destination.stats.dead_letters);
        html +=
            fmt::format("<h2>{} <small>({})</small></h2><p{}>{}</p><p>{}</p>", escape_html(destination.name), escape_html(destination.kind),
                        destination.state == "sending" ? "" : " class=\"bad\"", escape_html(destination.state), counts);
        if (destination.incidents.empty()) continue;
        html +=
            "<div class=\"scroll\"><table><thead><tr><th>Summary</th><th>ID</th><th>At the "
            "vendor</th><th>Firing</th><th>Waiting</th></tr></thead><tbody>";
        for (const alertmap::IncidentView& incident : destination.incidents) {
            html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>", escape_html(incident.summary),
                                escape_html(incident.external_id), escape_html(incident.vendor), incident.firing, waits_for(incident));
        }
        html += "</tbody></table></div>";
        if (destination.more != 0) html += fmt::format("<p>and {} more</p>", destination.more);
    }
    html += "</body></html>\n";
    Answer answer;
    answer.content_type = "text/html; charset=utf-8";
    answer.body = std::move(html);
    answer.headers = {{"Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"}};
    return answer;
}

}  // namespace relay
