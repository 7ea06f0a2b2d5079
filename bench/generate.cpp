#include "generate.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace bench {
namespace {

using Set = std::map<std::string, std::string>;  // sorted, as Go writes maps

/// splitmix64: results of the standard's distributions differ between libraries; these bytes must be reproducible.
struct Random {
    std::uint64_t state;

    std::uint64_t next() {
        std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(next() % limit); }
    bool percent(unsigned share) { return below(100) < share; }
    template <std::size_t Size>
    std::string_view one_of(const std::array<std::string_view, Size>& values) {
        return values[below(Size)];
    }
    std::string text(std::string_view alphabet, std::size_t size) {
        std::string out;
        for (std::size_t i = 0; i < size; ++i) out += alphabet[below(alphabet.size())];
        return out;
    }
};

constexpr std::string_view hex = "0123456789abcdef";
constexpr std::string_view pod_alphabet = "bcdfghjklmnpqrstvwxz2456789";  // Kubernetes' alphabet for generated names

struct Rule {
    std::string_view name;
    std::string_view severity;
    std::string_view expression;  // URL-encoded
    std::string_view summary;
    std::string_view description;
};

constexpr std::array<Rule, 8> rules{{
    {"KubePodCrashLooping", "warning", "rate%28kube_pod_container_status_restarts_total%5B10m%5D%29+%2A+60+%2A+5+%3E+0",
     "Pod is crash looping.", "Its container has been restarting again and again for more than ten minutes."},
    {"KubePodNotReady", "warning", "sum+by+%28namespace%2C+pod%29+%28kube_pod_status_phase%7Bphase%3D~%22Pending%22%7D%29+%3E+0",
     "Pod has been in a non-ready state for more than 15 minutes.", "It waits for a node that can take it."},
    {"KubeDeploymentReplicasMismatch", "critical", "kube_deployment_spec_replicas+%21%3D+kube_deployment_status_replicas_available",
     "Deployment has not matched the expected number of replicas.", "Replicas are missing for longer than 15 minutes."},
    {"KubeMemoryOvercommit", "warning", "sum%28namespace_memory%3Akube_pod_container_resource_requests%3Asum%29+%3E+0",
     "Cluster has overcommitted memory resource requests.", "It cannot tolerate the loss of a node."},
    {"NodeFilesystemAlmostOutOfSpace", "critical", "node_filesystem_avail_bytes+%2F+node_filesystem_size_bytes+%2A+100+%3C+3",
     "Filesystem has less than 3 per cent of its space left.", "The device fills up and nobody cleans it."},
    {"NodeClockSkewDetected", "warning", "node_timex_offset_seconds+%3E+0.05+and+deriv%28node_timex_offset_seconds%5B5m%5D%29+%3E%3D+0",
     "Clock skew detected.", "The clock is out of sync by more than 50 ms. Check that NTP is configured."},
    {"TargetDown", "critical", "100+%2A+%28count%28up+%3D%3D+0%29+BY+%28job%2C+namespace%29+%2F+count%28up%29%29+%3E+10",
     "One or more targets are unreachable.", "More than ten per cent of the targets of this job are down."},
    {"CPUThrottlingHigh", "info", "sum%28increase%28container_cpu_cfs_throttled_periods_total%5B5m%5D%29%29+%3E+0.25",
     "Processes experience elevated CPU throttling.", "The container is throttled in more than a quarter of its periods."},
}};

constexpr std::array<std::string_view, 6> namespaces{"checkout", "ingress-nginx", "kube-system", "monitoring", "payments", "search-index"};
constexpr std::array<std::string_view, 8> applications{"api-gateway", "billing-worker", "coredns",        "fluent-bit",
                                                       "ledger",      "node-exporter",  "order-frontend", "thumbnailer"};
constexpr std::array<std::string_view, 4> endpoints{"http", "http-metrics", "https", "metrics"};
constexpr std::array<std::string_view, 8> decorations{
    " \"quoted\"", " a & b", " > 90 %", " <none>", " first line\nsecond line", " C:\\data\\log", "\tcolumn", " \xe2\x86\x92 > \"5\""};
constexpr std::array<std::string_view, 5> non_ascii{" f\xc3\xbcr K\xc3\xb6ln", " caf\xc3\xa9", " \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
                                                    " \xf0\x9f\x94\xa5", " \xd0\xb4\xd0\xb8\xd1\x81\xd0\xba"};

void append_string(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n' || c == '\r' || c == '\t') {
            out += '\\';
            out += c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
        } else if (byte < 0x20 || c == '<' || c == '>' || c == '&') {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
    append_string(out, name);
    out += ':';
    append_string(out, text);
}

void append_set(std::string& out, const Set& set) {
    out += '{';
    for (const auto& [name, value] : set) {
        if (out.back() != '{') out += ',';
        append_member(out, name, value);
    }
    out += '}';
}

/// Removes entries that are not in `other` with the same value.
void intersect(Set& common, const Set& other) {
    std::erase_if(common, [&](const auto& item) {
        const auto found = other.find(item.first);
        return found == other.end() || found->second != item.second;
    });
}

struct Generated {
    Set labels;
    Set annotations;
    bool resolved;
    std::string starts_at;
    std::string ends_at;
    std::string generator_url;
    std::string fingerprint;
};

std::string digits(std::size_t value, std::size_t width) {
    std::string text = std::to_string(value);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

/// A time on 20 November 2026; Go omits trailing zeros of the fraction.
std::string time_text(Random& random, std::size_t hour) {
    std::string fraction = digits(random.below(1'000'000'000), 9);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (!fraction.empty()) fraction.insert(0, ".");
    return "2026-11-20T" + digits(hour, 2) + ":" + digits(random.below(60), 2) + ":" + digits(random.below(60), 2) + fraction + "Z";
}

void decorate(Random& random, Set& set, unsigned share) {
    for (auto& [name, value] : set) {
        if (!random.percent(share)) continue;
        if (name == "runbook_url") {  // must stay a URL
            value += "?lang=en&section=triage";
            continue;
        }
        value += random.one_of(decorations);
        if (random.percent(40)) value += random.one_of(non_ascii);
    }
}

Generated alert(Random& random, const Shape& shape, std::string_view cluster) {
    const Rule& rule = rules[random.below(rules.size())];
    const std::string name_space(random.one_of(namespaces));
    const std::string application(random.one_of(applications));
    const std::string pod = application + "-" + random.text(pod_alphabet, 10) + "-" + random.text(pod_alphabet, 5);
    const std::string node = "ip-10-" + std::to_string(random.below(256)) + "-" + std::to_string(random.below(256)) + "-" +
                             std::to_string(random.below(256)) + ".eu-central-1.compute.internal";
    Generated out;
    out.labels = {{"alertname", std::string(rule.name)},
                  {"cluster", std::string(cluster)},
                  {"instance", "10." + std::to_string(random.below(256)) + "." + std::to_string(random.below(256)) + "." +
                                   std::to_string(random.below(256)) + ":8080"},
                  {"job", application},
                  {"namespace", name_space},
                  {"pod", pod},
                  {"prometheus", "monitoring/k8s"},
                  {"severity", std::string(rule.severity)}};
    // 8 to 12 labels
    if (random.percent(50)) out.labels["container"] = application;
    if (random.percent(40)) out.labels["endpoint"] = random.one_of(endpoints);
    if (random.percent(40)) out.labels["node"] = node;
    if (random.percent(45)) out.labels["service"] = application;
    out.annotations = {{"description", "Pod " + name_space + "/" + pod + " on " + node + " in cluster " + std::string(cluster) + ": " +
                                           std::string(rule.description) + " The last value was 0." + digits(random.below(1'000'000), 6) +
                                           ", for " + std::to_string(10 + random.below(80)) + " minutes now; see the dashboard of " +
                                           application + " for the days before."},
                       {"runbook_url", "https://runbooks.prometheus-operator.dev/runbooks/kubernetes/" + std::string(rule.name)},
                       {"summary", std::string(rule.summary)}};
    // Label values have escapes half as often as annotations.
    decorate(random, out.labels, shape.escapes == 100 ? 100 : shape.escapes / 2);
    decorate(random, out.annotations, shape.escapes);
    out.resolved = random.percent(20);
    out.starts_at = time_text(random, 10 + random.below(6));
    out.ends_at = out.resolved ? time_text(random, 17 + random.below(6)) : "0001-01-01T00:00:00Z";
    out.generator_url = "http://prometheus-k8s-0.monitoring.svc:9090/graph?g0.expr=" + std::string(rule.expression) +
                        (shape.escapes == 0 ? "" : "&g0.tab=1");
    out.fingerprint = random.text(hex, 16);
    return out;
}

void append_alert(std::string& out, const Generated& alert) {
    out += "{";
    append_member(out, "status", alert.resolved ? "resolved" : "firing");
    out += ",\"labels\":";
    append_set(out, alert.labels);
    out += ",\"annotations\":";
    append_set(out, alert.annotations);
    out += ',';
    append_member(out, "startsAt", alert.starts_at);
    out += ',';
    append_member(out, "endsAt", alert.ends_at);
    out += ',';
    append_member(out, "generatorURL", alert.generator_url);
    out += ',';
    append_member(out, "fingerprint", alert.fingerprint);
    out += '}';
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    out.reserve(text.size() * count);
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

/// A body with the given labels or members; the rest is ordinary.
std::string around(std::string_view labels, std::string_view more = "") {
    std::string out = R"({"receiver":"hostile","status":"firing","alerts":[{"status":"firing","labels":)";
    out += labels;
    out += R"(,"annotations":{},"startsAt":"2026-11-20T10:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"",)";
    out += R"("fingerprint":"52288e23b2a109a2"}],"groupLabels":{},"commonLabels":{},"commonAnnotations":{},)";
    out += more;
    return out + R"("externalURL":"","version":"4","groupKey":"{}:{}","truncatedAlerts":0})";
}

}  // namespace

std::string generate(const Shape& shape) {
    Random random{shape.seed * 1000 + shape.escapes};
    const std::string cluster = "prod-eu-" + std::to_string(1 + random.below(4));
    const bool plain = shape.escapes == 0;  // the group key of a grouped message always contains quotes

    std::vector<Generated> alerts;
    alerts.reserve(shape.alerts);
    for (std::size_t i = 0; i < shape.alerts; ++i) alerts.push_back(alert(random, shape, cluster));
    Set common_labels = alerts.front().labels;
    Set common_annotations = alerts.front().annotations;
    bool resolved = true;
    for (const Generated& one : alerts) {
        intersect(common_labels, one.labels);
        intersect(common_annotations, one.annotations);
        resolved = resolved && one.resolved;
    }

    std::string out = "{";
    append_member(out, "receiver", "oncall-webhook");
    out += ',';
    append_member(out, "status", resolved ? "resolved" : "firing");
    out += ",\"alerts\":[";
    for (const Generated& one : alerts) {
        if (out.back() != '[') out += ',';
        append_alert(out, one);
    }
    out += "],\"groupLabels\":";
    append_set(out, plain ? Set{} : Set{{"cluster", cluster}});
    out += ",\"commonLabels\":";
    append_set(out, common_labels);
    out += ",\"commonAnnotations\":";
    append_set(out, common_annotations);
    out += ',';
    append_member(out, "externalURL", "https://alertmanager.example.com:9093");
    out += ',';
    append_member(out, "version", "4");
    out += ',';
    append_member(out, "groupKey", plain ? "{}:{}" : "{}/{severity=~\"critical|warning\"}:{cluster=\"" + cluster + "\"}");
    out += ",\"truncatedAlerts\":0}\n";  // Go's Encoder ends with a newline
    return out;
}

std::vector<std::string> generate_set(std::size_t alerts, unsigned escapes) {
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < bodies_of(alerts); ++i) bodies.push_back(generate({alerts, escapes, alerts * 1000 + i}));
    return bodies;
}

std::string generate_hostile(const std::string& name) {
    if (name == "deep_nesting") {  // rejected by the default limit
        return around("{}", "\"x\":" + repeated("[", 500'000) + repeated("]", 500'000) + ",");
    }
    if (name == "deep_nesting_skipped") {  // just below the limit, many times
        return around("{}", "\"x\":[" + repeated(repeated("[", 60) + repeated("]", 60) + ",", 10'000) + "0],");
    }
    if (name == "million_labels") {
        std::string labels = "{";
        for (std::size_t i = 0; i < 1'000'000; ++i) labels += (i == 0 ? "\"l" : ",\"l") + std::to_string(i) + "\":\"v\"";
        return around(labels + "}");
    }
    if (name == "million_alerts") {
        return "{\"alerts\":[" + repeated("{},", 999'999) + "{}]}";
    }
    if (name == "full_sets") {  // ten sets with the maximum number of labels, not in Go's order
        std::string labels = "{";
        for (std::size_t i = 10'000; i > 0; --i) labels += "\"l" + std::to_string(100'000 + i) + "\":\"v\",";
        labels.back() = '}';
        return "{\"alerts\":[" + repeated("{\"status\":\"firing\",\"labels\":" + labels + "},", 9) +
               "{\"status\":\"firing\",\"labels\":" + labels + "}]}";
    }
    if (name == "only_escapes") return around("{\"a\":\"" + repeated("\\n", 1'000'000) + "\"}");
    if (name == "only_u_escapes") return around("{\"a\":\"" + repeated("\\u00e9\\ud83d\\udd25", 100'000) + "\"}");
    if (name == "duplicate_keys") return around("{\"a\":\"b\"" + repeated(",\"a\":\"b\"", 50'000) + "}");
    if (name == "unknown_keys") {
        std::string more;
        for (std::size_t i = 0; i < 100'000; ++i) more += "\"k" + std::to_string(i) + "\":1,";
        return around("{}", more);
    }
    std::string labels = "{";  // numbers_as_text
    for (std::size_t i = 0; i < 90'000; ++i) labels += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\":-1.5e10";
    return around(labels + "}");
}

}  // namespace bench
