#include "reconcile.hpp"

#include <algorithm>

namespace relay {
namespace {

using namespace alertmap;

constexpr std::array<const char*, 3> paths{"status", "receivers", "alerts/groups"};

Request request_of(const std::string& peer, const char* path, const Authentication& authentication) {
    Request request;
    request.method = "GET";
    request.url = peer + (peer.ends_with('/') ? "api/v2/" : "/api/v2/") + path;
    if (!authentication.bearer.empty()) request.headers.push_back({"Authorization", "Bearer " + authentication.bearer, true});
    if (!authentication.user.empty())
        request.headers.push_back({"Authorization", "Basic " + base64(authentication.user + ':' + authentication.password), true});
    return request;
}

}  // namespace

std::vector<std::pair<Reconciler::Part, Request>> Reconciler::ask(const Cluster& cluster, UnixTime now) {
    std::vector<std::pair<Part, Request>> requests;
    const bool under_way =
        std::any_of(fetches_.begin(), fetches_.end(), [&](const auto& fetch) { return fetch.second.listing.cluster == cluster.name; });
    if (under_way) return requests;
    for (const std::string& peer : cluster.peers) {
        const std::size_t number = next_++;
        Fetch& fetch = fetches_[number];
        fetch.listing.cluster = cluster.name;
        fetch.listing.peer = peer;
        fetch.listing.asked_at = now;
        for (std::size_t i = 0; i < paths.size(); ++i)
            requests.emplace_back(Part{number, i}, request_of(peer, paths[i], cluster.authentication));
    }
    return requests;
}

std::optional<PeerListing> Reconciler::answered(Part part, Sent sent, std::string& failed) {
    const auto found = fetches_.find(part.fetch);
    if (found == fetches_.end()) return std::nullopt;
    Fetch& fetch = found->second;
    if (sent.status != 200) {
        fetch.failed = std::string(paths[part.index]) + ": " + (sent.status != 0 ? "HTTP " + std::to_string(sent.status) : sent.error);
    }
    fetch.bodies[part.index] = std::move(sent.body);
    if (--fetch.outstanding != 0) return std::nullopt;

    Fetch whole = std::move(fetch);
    fetches_.erase(found);
    if (whole.failed.empty()) {
        if (const auto status = read_alertmanager_status(whole.bodies[0])) {
            whole.listing.status = *status;
        } else {
            whole.failed = "status: " + to_string(status.error());
        }
        if (const auto receivers = read_receivers(whole.bodies[1])) {
            whole.listing.receivers = *receivers;
        } else {
            whole.failed = "receivers: " + to_string(receivers.error());
        }
    }
    failed = whole.failed;
    if (!failed.empty()) return std::nullopt;
    whole.listing.groups = std::move(whole.bodies[2]);
    return std::move(whole.listing);
}

std::vector<ListedEvent> events_for(const std::vector<const Route*>& routes, const Ledger& ledger, std::string_view cluster,
                                    const Listing& listing, const Mapper& map, Arena& arena, std::vector<std::string_view>& elsewhere) {
    std::vector<ListedEvent> events;
    for (const ListedGroup& listed : listing.groups) {
        AlertGroup group = listed.group;
        group.group_key = arena.copy(ledger.group_key(Source::of(cluster, group)));
        const std::string_view receiver = unquote_receiver(group.receiver, arena);
        for (const Subject subject : subjects(group, map.per())) {
            const bool taken =
                std::any_of(routes.begin(), routes.end(), [&](const Route* route) { return takes(*route, receiver, subject.labels()); });
            if (taken) {
                events.push_back({map(subject, arena), listed.quiet});
            } else if (subject.alert != nullptr) {
                elsewhere.push_back(fingerprint(*subject.alert, arena));
            } else {
                for (const Alert& alert : group.alerts) elsewhere.push_back(fingerprint(alert, arena));
            }
        }
    }
    return events;
}

}  // namespace relay
