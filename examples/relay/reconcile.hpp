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

// Asks Alertmanagers what fires: three requests to each peer of a cluster, and one PeerListing when all three are answered.
namespace relay {

/// What one Alertmanager answered.
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

    /// The requests for listings of all peers of that cluster; none while an earlier one is under way.
    [[nodiscard]] std::vector<std::pair<Part, alertmap::Request>> ask(const Cluster& cluster, alertmap::UnixTime now);

    /// The cluster that a request asked; empty: the request is not known.
    [[nodiscard]] std::string cluster_of(Part part) const {
        const auto found = fetches_.find(part.fetch);
        return found != fetches_.end() ? found->second.listing.cluster : std::string();
    }

    /// Takes one answer. A listing, if it was the last of the peer's and all three can be used; `failed` says why not.
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

/// The events of a listing for one destination: of the groups that one of the routes takes, mapped like messages. Fingerprints of all
/// other alerts go to `elsewhere`. The events' texts are views into the listing, the arena and the mapper.
[[nodiscard]] std::vector<alertmap::ListedEvent> events_for(const std::vector<const Route*>& routes, const alertmap::Ledger& ledger,
                                                            std::string_view cluster, const alertmap::Listing& listing,
                                                            const alertmap::Mapper& map, alertmap::Arena& arena,
                                                            std::vector<std::string_view>& elsewhere);

}  // namespace relay
