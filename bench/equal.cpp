#include <simdjson.h>

#include <algorithm>

#include "peer.hpp"

namespace bench {
namespace {

bool same(const alertmap::Timestamp& a, const alertmap::Timestamp& b) {
    return a.text == b.text && a.is_set == b.is_set && a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

bool same(const alertmap::Alert& a, const alertmap::Alert& b) {
    return a.status == b.status && a.labels == b.labels && a.annotations == b.annotations && same(a.starts_at, b.starts_at) &&
           same(a.ends_at, b.ends_at) && a.generator_url == b.generator_url && a.fingerprint == b.fingerprint;
}

bool same(simdjson::dom::element a, simdjson::dom::element b) {
    if (a.is_object() && b.is_object()) {
        const simdjson::dom::object first = a.get_object().value_unsafe();
        const simdjson::dom::object second = b.get_object().value_unsafe();
        return first.size() == second.size() && std::all_of(first.begin(), first.end(), [&](const auto& member) {
                   simdjson::dom::element other;
                   return second.at_key(member.key).get(other) == simdjson::SUCCESS && same(member.value, other);
               });
    }
    return simdjson::minify(a) == simdjson::minify(b);
}

}  // namespace

bool equal_json(const std::string& a, const std::string& b) {
    simdjson::dom::parser first_parser;
    simdjson::dom::parser second_parser;
    simdjson::dom::element first;
    simdjson::dom::element second;
    return first_parser.parse(a).get(first) == simdjson::SUCCESS && second_parser.parse(b).get(second) == simdjson::SUCCESS &&
           same(first, second);
}

std::size_t Peer::stream(std::string_view lines) {
    std::size_t count = 0;
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size() - 1) + 1;
        if (parse(lines.substr(0, end)) == nullptr) return 0;
        lines.remove_prefix(end);
        ++count;
    }
    return count;
}

bool equal(const alertmap::AlertGroup& a, const alertmap::AlertGroup& b) {
    return a.receiver == b.receiver && a.status == b.status && a.notification_reason == b.notification_reason &&
           a.group_labels == b.group_labels && a.common_labels == b.common_labels && a.common_annotations == b.common_annotations &&
           a.route_labels == b.route_labels && a.external_url == b.external_url && a.version == b.version && a.group_key == b.group_key &&
           a.truncated_alerts == b.truncated_alerts && a.incomplete == b.incomplete &&
           std::equal(a.alerts.begin(), a.alerts.end(), b.alerts.begin(), b.alerts.end(),
                      [](const alertmap::Alert& one, const alertmap::Alert& other) { return same(one, other); });
}

}  // namespace bench
