#include "outbox.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace relay {
namespace {

using namespace alertmap;

constexpr std::size_t most_body_bytes = 64u << 20;  // in memory, per forward
constexpr std::string_view key_prefix = "message/";
constexpr Duration first_pause = seconds(1);
constexpr Duration longest_pause = minutes(5);

std::string key_of(std::uint64_t number) { return std::string(key_prefix) + std::to_string(number); }

}  // namespace

void Outbox::add(const AlertGroup& group, UnixTime now) {
    Buffer written;
    write_group(group, written);
    Waiting waiting;
    waiting.group = stable_group_key(group);
    waiting.body = std::string(written.view());
    waiting.hash = sha256(waiting.body);
    std::deque<std::uint64_t>& queue = groups_[waiting.group];
    // Repeats are merged while the receiver is down. Only repeats: dropping a resolve before a new episode would hide that the episode is
    // new.
    if (!queue.empty() && waiting_.at(queue.back()).hash == waiting.hash) return;
    const std::uint64_t number = next_number_++;
    if (queue.empty()) ready_.emplace(now, number);
    queue.push_back(number);
    body_bytes_ += waiting.body.size();
    waiting_.emplace(number, std::move(waiting));
    added_.push_back(number);
}

void Outbox::erase(std::uint64_t number) {
    const auto found = waiting_.find(number);
    drop_body(found->second);
    const auto queue = groups_.find(found->second.group);
    std::erase(queue->second, number);
    if (queue->second.empty()) groups_.erase(queue);
    waiting_.erase(found);
    if (std::erase(added_, number) == 0) erased_.push_back(number);
}

void Outbox::drop_body(Waiting& waiting) {
    body_bytes_ -= waiting.body.size();
    waiting.body = {};
}

std::vector<Outbox::Message> Outbox::due(UnixTime now, std::size_t most, const Load& load) {
    std::vector<Message> messages;
    while (messages.size() < most && !ready_.empty() && ready_.begin()->first <= now) {
        const std::uint64_t number = ready_.begin()->second;
        ready_.erase(ready_.begin());
        waiting_.at(number).under_way = true;
        messages.push_back({number, body(number, load)});
    }
    return messages;
}

std::string Outbox::body(std::uint64_t number, const Load& load) const {
    const auto found = waiting_.find(number);
    if (found == waiting_.end()) return {};
    return found->second.body.empty() ? load(key_of(number)) : found->second.body;
}

void Outbox::answered(std::uint64_t number, Outcome outcome, Duration retry_after, UnixTime now) {
    const auto found = waiting_.find(number);
    if (found == waiting_.end() || !found->second.under_way) return;
    Waiting& waiting = found->second;
    if (outcome == Outcome::retry || outcome == Outcome::unknown) {
        waiting.under_way = false;
        const unsigned doublings = std::min(waiting.attempts++, 16u);
        const Duration pause = std::min(first_pause << doublings, longest_pause);
        // Between half and the full pause, so that requests that failed together are not retried together.
        const double part = 0.5 + 0.5 * static_cast<double>(random_()) / static_cast<double>(std::minstd_rand::max());
        ready_.emplace(now + std::max(static_cast<Duration>(static_cast<double>(pause) * part), retry_after), number);
        return;
    }
    const std::string group = waiting.group;
    erase(number);
    if (const auto queue = groups_.find(group); queue != groups_.end()) ready_.emplace(now, queue->second.front());
}

UnixTime Outbox::next() const { return ready_.empty() ? std::numeric_limits<UnixTime>::max() : ready_.begin()->first; }

std::vector<Outbox::Row> Outbox::changes() {
    std::vector<Row> rows;
    for (const std::uint64_t number : added_) rows.push_back({key_of(number), waiting_.at(number).body});
    for (const std::uint64_t number : erased_) rows.push_back({key_of(number), {}});
    unstored_.insert(unstored_.end(), added_.begin(), added_.end());
    added_.clear();
    erased_.clear();
    return rows;
}

void Outbox::stored() {
    for (const std::uint64_t number : unstored_) {
        const auto found = waiting_.find(number);
        if (found != waiting_.end() && body_bytes_ > most_body_bytes) drop_body(found->second);
    }
    unstored_.clear();
}

bool Outbox::read_row(std::string_view key, std::string_view value) {
    if (!key.starts_with(key_prefix)) return false;
    key.remove_prefix(key_prefix.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc() || end != key.data() + key.size() || number == 0) return false;
    Parser parser;
    const Result<AlertGroup> group = parser.parse(value);
    Waiting waiting;
    // An unreadable message is sent separately, and becomes a dead letter then.
    waiting.group = group ? stable_group_key(*group) : key_of(number);
    waiting.hash = sha256(value);
    if (body_bytes_ <= most_body_bytes) waiting.body = value;
    body_bytes_ += waiting.body.size();
    std::deque<std::uint64_t>& queue = groups_[waiting.group];
    // Rows arrive in any order.
    if (!queue.empty()) ready_.erase({0, queue.front()});
    queue.insert(std::upper_bound(queue.begin(), queue.end(), number), number);
    ready_.emplace(0, queue.front());
    waiting_.emplace(number, std::move(waiting));
    next_number_ = std::max(next_number_, number + 1);
    return true;
}

}  // namespace relay
