#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/ledger.hpp"

namespace test {

using namespace alertmap;

/// A ledger with its clock, messages and vendor, for tests. Times are in seconds; alert "a" has the fingerprint "a" and, by default, the
/// external ID "id-a", which is for one alert.
class LedgerWorld {
 public:
    explicit LedgerWorld(LedgerOptions options = merging()) : ledger(std::move(options)) {}

    /// A target that merges repeats and ignores unknown resolves, as PagerDuty does.
    static LedgerOptions merging() {
        LedgerOptions options;
        options.traits.repeat = Repeat::merges;
        options.traits.unknown_resolve = UnknownResolve::ignored;
        return options;
    }
    /// A target that opens alerts on unknown resolves, as Rootly does.
    static LedgerOptions opening() {
        LedgerOptions options = merging();
        options.traits.unknown_resolve = UnknownResolve::opens;
        return options;
    }
    /// With a cluster of these peers.
    static LedgerOptions listed(LedgerOptions options, std::vector<std::string> peers) {
        ClusterOptions cluster;
        cluster.name = "eu";
        cluster.peers = std::move(peers);
        options.clusters.push_back(cluster);
        return options;
    }

    Ledger ledger;
    UnixTime now = seconds(1'000'000);
    std::string cluster = "eu";
    std::string group_key = "{}:{}";
    std::string external_id;  ///< of the next messages; empty: "id-" and the alert
    Severity severity = Severity::critical;
    bool complete = true;
    Outcome outcome = Outcome::accepted;  ///< the vendor's answer
    std::string vendor_id;                ///< and its ID
    bool answers = true;                  ///< false: answers are given with answer()
    std::vector<std::uint64_t> tickets;   ///< unanswered
    std::string closed_at;                ///< ends_at of the last close, in seconds

    static Timestamp at(std::int64_t second) { return second == 0 ? Timestamp{} : timestamp(seconds(second)); }

    Observed fire(std::string_view alert, std::int64_t starts_at) { return say(alert, Transition::trigger, starts_at, 0); }
    Observed resolve(std::string_view alert, std::int64_t starts_at, std::int64_t ends_at) {
        return say(alert, Transition::resolve, starts_at, ends_at);
    }
    Observed say(std::string_view alert, Transition transition, std::int64_t starts_at, std::int64_t ends_at) {
        const EventMember member{alert, at(starts_at), at(ends_at), transition == Transition::resolve ? Status::resolved : Status::firing};
        return say(transition, {&member, 1}, external_id.empty() ? "id-" + std::string(alert) : external_id);
    }
    /// An event of several alerts.
    Observed say(Transition transition, std::span<const EventMember> members, const std::string& id) {
        const Event event = make(transition, members, id);
        return ledger.observe({cluster, "pager", {}}, event, now);
    }
    Event make(Transition transition, std::span<const EventMember> members, const std::string& id) {
        Event event;
        event.transition = transition;
        event.external_id = keep(id);
        event.summary = keep("summary of " + id);
        event.group_key = group_key;
        event.severity = severity;
        event.complete = complete;
        event.members = members;
        if (!members.empty()) {
            event.starts_at = members[0].starts_at;
            event.ends_at = members[0].ends_at;
        }
        return event;
    }

    /// The due actions as text: "open id-a, close id-b"; the vendor answers as configured.
    std::string due() {
        std::string text;
        for (int rounds = 0; rounds < 10; ++rounds) {
            std::vector<std::uint64_t> sent;
            for (const Action& action : ledger.due(now)) {
                if (action.kind == ActionKind::list) {
                    lists.emplace_back(action.cluster);
                    continue;
                }
                text.append(text.empty() ? "" : ", ").append(name(action.kind)).append(" ").append(action.external_id);
                if (!action.vendor_id.empty()) text.append(" as ").append(action.vendor_id);
                last_severity = action.event.severity;
                last_reason = action.reason;
                last_summary = std::string(std::string_view(action.event.summary));
                if (action.kind == ActionKind::close) {
                    closed_at = action.event.ends_at.is_set ? std::to_string(action.event.ends_at.seconds) : "";
                    CHECK(action.event.transition == Transition::resolve);
                }
                sent.push_back(action.ticket);
            }
            if (sent.empty()) break;
            if (!answers) {
                tickets.insert(tickets.end(), sent.begin(), sent.end());
                break;
            }
            for (const std::uint64_t ticket : sent) ledger.answered(ticket, {outcome, vendor_id, 0}, now);
        }
        return text;
    }
    /// Answers the oldest unanswered request.
    void answer(Outcome with, std::string_view id = {}) {
        CHECK(!tickets.empty());
        if (tickets.empty()) return;
        const std::uint64_t ticket = tickets.front();
        tickets.erase(tickets.begin());
        ledger.answered(ticket, {with, id, 0}, now);
    }
    void wait(Duration time) { now += time; }

    /// The listing of a peer: active alerts (with their starts), and quiet ones.
    void list(std::string_view peer, std::vector<std::pair<std::string, std::int64_t>> active, std::vector<std::string> quiet = {}) {
        std::deque<EventMember> members;
        std::vector<ListedEvent> events;
        for (const auto& [alert, starts_at] : active) {
            members.push_back({keep(alert), at(starts_at), {}, Status::firing});
            events.push_back({make(Transition::trigger, {&members.back(), 1}, external_id.empty() ? "id-" + alert : external_id), false});
        }
        for (const std::string& alert : quiet) {
            members.push_back({keep(alert), {}, {}, Status::firing});
            events.push_back({make(Transition::trigger, {&members.back(), 1}, external_id.empty() ? "id-" + alert : external_id), true});
        }
        ListingSource source;
        source.cluster = cluster;
        source.peer = peer;
        source.up_since = up_since;
        source.ready = ready;
        source.has_receiver = has_receiver;
        source.mutes_listed = mutes_listed;
        ledger.listed(source, events, elsewhere, now);
    }
    UnixTime up_since = seconds(1);
    bool ready = true;
    bool has_receiver = true;
    bool mutes_listed = true;
    std::vector<std::string_view> elsewhere;

    std::vector<std::string> lists;  ///< clusters for which a listing was requested
    Severity last_severity = Severity::info;
    std::string last_reason;
    std::string last_summary;

    std::string reports() {
        std::string text;
        for (const LedgerReport& report : ledger.reports()) {
            text.append(text.empty() ? "" : ", ").append(name(report.kind)).append(" ").append(report.external_id);
        }
        return text;
    }
    /// The vendor's state according to the ledger: "open"; empty: unknown ID.
    std::string vendor(std::string_view id) {
        for (const IncidentView& incident : ledger.incidents()) {
            if (incident.external_id == id) return std::string(incident.vendor);
        }
        return {};
    }

    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

 private:
    std::deque<std::string> texts_;
};

}  // namespace test
