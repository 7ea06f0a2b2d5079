#pragma once

// Runs one rule with one vendor on one tape: the service around the rule, the vendor, and the comparison of its state with the true state.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/targets/traits.hpp"
#include "simulation/world.hpp"

namespace simulation {

/// A vendor's behaviour according to its documentation; there is one vendor per interpretation if it is ambiguous.
struct Vendor {
    enum class Unknown : std::uint8_t { ignored, opens, opens_if_never_seen };

    std::string_view name;
    bool merges = true;                  ///< a repeat of an open incident does not page
    Unknown resolve = Unknown::ignored;  ///< effect of a resolve without an open incident
    Time expires = 0;                    ///< closes incidents without a repeat for this time; 0: never
    alertmap::TargetTraits traits;       ///< passed to the ledger
    bool own_ids = false;                ///< closes by its own ID: each trigger that is not merged is a new incident
};
[[nodiscard]] const std::vector<Vendor>& vendors();

/// A rule that decides on requests.
struct Rule {
    std::string_view name;
    std::string_view source;  ///< its origin
    std::string_view preset;
    enum class How : std::uint8_t { mapping, group_status, summary_id, transitions, close_only, ledger } how = How::mapping;
    bool look_up = false;  ///< for a ledger: the vendor can be asked what is open
    bool seldom = false;   ///< runs on as few histories as the rules without a ledger
};
[[nodiscard]] const std::vector<Rule>& rules();

/// Failures of a run.
struct Score {
    std::size_t episodes = 0;
    std::size_t lost = 0;            ///< firing for longer than the grace time without an open incident that covers it
    std::size_t wrongly_closed = 0;  ///< closed by a request while firing, although the service knew
    std::size_t stuck = 0;           ///< open for longer than the grace time while none of its alerts is firing
    std::size_t doubled = 0;         ///< paged twice for one episode
    std::size_t phantom = 0;         ///< opened without reason: by a resolve, or long after the end
    std::size_t unknowable = 0;      ///< failures that no rule can avoid, for example because an answer of the vendor was lost
    std::size_t requests = 0;
    std::size_t dead_letters = 0;

    [[nodiscard]] std::size_t wrong() const noexcept { return lost + wrongly_closed + stuck + doubled + phantom; }
    Score& operator+=(const Score& other) noexcept;
};

/// Runs the tape. With `log` it also writes a log, one line per event.
[[nodiscard]] Score try_rule(const History& history, const Tape& tape, const Rule& rule, const Vendor& vendor, std::string* log = nullptr);

}  // namespace simulation
