#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alertmap/alertmap.hpp"
#include "config.hpp"
#include "send.hpp"

// Polls Alertmanagers: three requests per peer, and one PeerListing when all three are answered.
namespace relay {

/// The answers of one Alertmanager.
struct PeerListing {
    std::string cluster;
    std::string peer;
    alertmap::UnixTime asked_at = 0;
    alertmap::AlertmanagerStatus status;
    std::vector<std::string> receivers;
    std::string groups;  ///< the body of /api/v2/alerts/groups
};

class Reconciler {
 public:
    static constexpr std::size_t answer_bytes = 256u << 20;

    /// One of the three requests to a peer.
    struct Part {
        std::size_t fetch = 0;
        std::size_t index = 0;
    };

    /// Requests for listings from all peers of the cluster; none while an earlier poll is in progress.
    [[nodiscard]] std::vector<std::pair<Part, alertmap::Request>> ask(const Cluster& cluster, alertmap::UnixTime now);

    /// The cluster of a request; empty: unknown request.
    [[nodiscard]] std::string cluster_of(Part part) const {
        const auto found = fetches_.find(part.fetch);
        return found != fetches_.end() ? found->second.listing.cluster : std::string();
    }

    /// Processes an answer. Returns a listing if it was the peer's last and all three are usable; otherwise `failed` has the reason, if
    /// any.
    [[nodiscard]] std::optional<PeerListing> answered(Part part, Sent sent, std::string& failed);

 private:
    struct Fetch {
        PeerListing listing;
        std::array<std::string, 3> bodies;
        std::size_t outstanding = 3;
        std::string failed;
    };
    std::map<std::size_t, Fetch> fetches_;
    std::size_t next_ = 0;
};

/// Events of a listing for one destination: those of groups that a route accepts, mapped as messages are. Fingerprints of all other alerts
/// go to `elsewhere`. The events view the listing, the arena and the mapper.
[[nodiscard]] std::vector<alertmap::ListedEvent> events_for(const std::vector<const Route*>& routes, const alertmap::Ledger& ledger,
                                                            std::string_view cluster, const alertmap::Listing& listing,
                                                            const alertmap::Mapper& map, alertmap::Arena& arena,
                                                            std::vector<std::string_view>& elsewhere);

}  // namespace relay
