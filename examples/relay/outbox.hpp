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

// Messages that wait for a forward. What a ledger is for a target, but without decisions: each message is handed on, in its order.
namespace relay {

/// At least once, and in order for each group: the next message of a group is sent when the one before it has its answer. A message that
/// repeats the one before it, which waits, byte for byte is that message. Bodies beyond a limit stay in the store alone and are read when
/// they are sent, so that a forward that is down for hours costs no memory. Used by one thread.
class Outbox {
 public:
    struct Row {
        std::string key;
        std::string value;  ///< empty: delete the row
    };
    /// Reads a row that is in the store alone; empty: it is not there.
    using Load = std::function<std::string(const std::string& key)>;

    struct Message {
        std::uint64_t number = 0;
        std::string body;
    };

    /// Takes a message, as forward::Alertmanager writes it. O(alerts), and a copy of the body.
    void add(const alertmap::AlertGroup& group, alertmap::UnixTime now);

    /// At most `most` messages that are to be sent now. They are under way from here on. An empty body: the row is gone from the store.
    [[nodiscard]] std::vector<Message> due(alertmap::UnixTime now, std::size_t most, const Load& load);

    /// The body of a message that is not done; empty: there is none.
    [[nodiscard]] std::string body(std::uint64_t number, const Load& load) const;

    /// How a message ended: accepted, already and rejected ones are done, others are sent again after a growing pause.
    void answered(std::uint64_t number, alertmap::Outcome outcome, alertmap::Duration retry_after, alertmap::UnixTime now);

    /// When due() has something next; the largest time: nothing waits.
    [[nodiscard]] alertmap::UnixTime next() const;
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

    /// The rows that changed since the last call.
    [[nodiscard]] std::vector<Row> changes();
    /// The rows of changes() are in the store: bodies beyond the limit need no memory any more.
    void stored();
    /// Takes a row of the store, before anything else. False: it is none of an outbox.
    [[nodiscard]] bool read_row(std::string_view key, std::string_view value);

 private:
    struct Waiting {
        std::string group;
        std::string body;  // empty: in the store alone
        std::array<std::uint8_t, 32> hash{};
        unsigned attempts = 0;
        bool under_way = false;
    };

    void erase(std::uint64_t number);
    void drop_body(Waiting& waiting);

    std::map<std::uint64_t, Waiting> waiting_;
    std::unordered_map<std::string, std::deque<std::uint64_t>> groups_;
    std::set<std::pair<alertmap::UnixTime, std::uint64_t>> ready_;  // the first of each group, unless it is under way
    std::vector<std::uint64_t> added_;                              // since changes()
    std::vector<std::uint64_t> erased_;
    std::vector<std::uint64_t> unstored_;  // given by changes(), not yet stored()
    std::size_t body_bytes_ = 0;
    std::uint64_t next_number_ = 1;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace relay
