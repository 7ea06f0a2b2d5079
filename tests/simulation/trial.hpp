#pragma once

// One rule with one vendor on one tape: the service around the rule, the vendor, and the comparison of its state with the truth.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/targets/traits.hpp"
#include "simulation/world.hpp"

namespace simulation {

/// How a vendor behaves, by its documents; where these are silent there is a vendor for each reading.
struct Vendor {
    enum class Unknown : std::uint8_t { ignored, opens, opens_if_never_seen };

    std::string_view name;
    bool merges = true;                  ///< a repeat of an open incident pages nobody
    Unknown resolve = Unknown::ignored;  ///< what a resolve does that finds nothing open
    Time expires = 0;                    ///< closes what was not repeated for so long; 0: never
    alertmap::TargetTraits traits;       ///< what the ledger is told
    bool own_ids = false;                ///< closes by the ID that it gave: each trigger that does not merge is an incident with one
};
[[nodiscard]] const std::vector<Vendor>& vendors();

/// What decides about requests.
struct Rule {
    std::string_view name;
    std::string_view source;  ///< who does it so
    std::string_view preset;
    enum class How : std::uint8_t { mapping, group_status, summary_id, transitions, close_only, ledger } how = How::mapping;
    bool look_up = false;  ///< of a ledger: the vendor can be asked what is open
    bool seldom = false;   ///< tried on as few histories as the rules without a ledger
};
[[nodiscard]] const std::vector<Rule>& rules();

/// What was wrong.
struct Score {
    std::size_t episodes = 0;
    std::size_t lost = 0;            ///< fired for longer than the grace time, and nothing that covers it was open
    std::size_t wrongly_closed = 0;  ///< closed by a request while it fired, and the service had been told so
    std::size_t stuck = 0;           ///< open for longer than the grace time while nothing that it covers fired
    std::size_t doubled = 0;         ///< paged twice for one episode
    std::size_t two_ids = 0;         ///< of doubled: the mapping has two IDs for the alert
    std::size_t phantom = 0;         ///< opened for nothing: by a resolve, or long after the end
    std::size_t unknowable = 0;      ///< one of these that nobody could know of: an answer of the vendor was lost, for example
    std::size_t requests = 0;
    std::size_t dead_letters = 0;

    [[nodiscard]] std::size_t wrong() const noexcept { return lost + wrongly_closed + stuck + doubled + phantom; }
    Score& operator+=(const Score& other) noexcept;
};

/// Plays the tape. With `log` it also writes what happened, a line each.
[[nodiscard]] Score try_rule(const History& history, const Tape& tape, const Rule& rule, const Vendor& vendor, std::string* log = nullptr);

}  // namespace simulation
