#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alertmap/alertmap.hpp"

// Queue of messages for a forward. The counterpart of a target's ledger, without decisions: all messages are forwarded in order.
namespace relay {

/// At-least-once delivery, in order per group: a group's next message is sent after the previous one was answered. A message that is
/// identical to the waiting one before it is merged into it. Bodies above a memory limit are kept in the store only and read when they are
/// sent, so that a forward that is down for hours costs no memory. Not thread-safe.
class Outbox {
 public:
    struct Row {
        std::string key;
        std::string value;  ///< empty: delete the row
    };
    /// Reads a row from the store; empty: missing.
    using Load = std::function<std::string(const std::string& key)>;

    struct Message {
        std::uint64_t number = 0;
        std::string body;
    };

    /// Adds a message, as forward::Alertmanager writes it. O(alerts), and a copy of the body.
    void add(const alertmap::AlertGroup& group, alertmap::UnixTime now);

    /// At most `most` messages to send now; they are in flight from then on. An empty body: its row is missing in the store.
    [[nodiscard]] std::vector<Message> due(alertmap::UnixTime now, std::size_t most, const Load& load);

    /// The body of an unfinished message; empty: none.
    [[nodiscard]] std::string body(std::uint64_t number, const Load& load) const;

    /// Reports the result of a message: accepted, already and rejected finish it; otherwise it is sent again after a growing pause.
    void answered(std::uint64_t number, alertmap::Outcome outcome, alertmap::Duration retry_after, alertmap::UnixTime now);

    /// Time of the next due message; the largest time: none.
    [[nodiscard]] alertmap::UnixTime next() const;
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

    /// Rows that changed since the last call.
    [[nodiscard]] std::vector<Row> changes();
    /// Reports that the rows of changes() were stored: bodies above the limit can be freed.
    void stored();
    /// Reads a stored row, before any other call. False: not an outbox row.
    [[nodiscard]] bool read_row(std::string_view key, std::string_view value);

 private:
    struct Waiting {
        std::string group;
        std::string body;  // empty: in the store only
        std::array<std::uint8_t, 32> hash{};
        unsigned attempts = 0;
        bool under_way = false;
    };

    void erase(std::uint64_t number);
    void drop_body(Waiting& waiting);

    std::map<std::uint64_t, Waiting> waiting_;
    std::unordered_map<std::string, std::deque<std::uint64_t>> groups_;
    std::set<std::pair<alertmap::UnixTime, std::uint64_t>> ready_;  // the first message of each group, unless it is in flight
    std::vector<std::uint64_t> added_;                              // since changes()
    std::vector<std::uint64_t> erased_;
    std::vector<std::uint64_t> unstored_;  // returned by changes(), not yet stored()
    std::size_t body_bytes_ = 0;
    std::uint64_t next_number_ = 1;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace relay
