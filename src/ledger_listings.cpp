#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger_state.hpp"

// Rules 8 and 9: processing of listings. An alert missing from one Alertmanager's listing is not ended by that: it must be missing from
// several consecutive rounds, and in each round all peers of the cluster have answered.
namespace alertmap {

using detail::Cluster;
using detail::MemberState;
using detail::Round;
using detail::Vendor;

namespace {

void begin_round(Round& round) {
    std::fill(round.asked.begin(), round.asked.end(), detail::never);
    round.alerts.clear();
    round.listed.clear();
    round.covered.clear();
    round.covered_known = false;
    round.fit = true;
    round.has_receiver = true;
    round.heartbeat = false;
    round.mutes = true;
}

}  // namespace

bool Ledger::State::may_open(const Cluster& cluster, bool mutes_listed) noexcept {
    switch (cluster.options->opens) {
        case ClusterOptions::Opens::when_mutes_are_listed: return mutes_listed;
        case ClusterOptions::Opens::always: return true;
        case ClusterOptions::Opens::never: break;
    }
    return false;
}

void Ledger::State::listed_event(Cluster& cluster, std::uint16_t number, const ListedEvent& listed, UnixTime asked, bool may_open_it,
                                 UnixTime now) {
    const Event& event = listed.event;
    Round& round = cluster.round;
    for (const EventMember& said : event.members) {
        const std::uint64_t alert = detail::alert_key(said.fingerprint);
        bool& active = round.alerts[alert];
        active = active || !listed.quiet;
    }
    if (event.external_id.empty() || event.transition == Transition::ignore || (options.id_needs_group_key && event.group_key.empty()))
        return;
    std::uint32_t row = find(event.external_id);
    if (row != detail::HashIndex::none) {
        if (Member* const imported = incidents[row]->members.find(0, detail::any_cluster)) imported->heard = now;
        round.listed.insert(row);
    }
    if (listed.quiet) return;
    for (const EventMember& said : event.members) {
        if (said.status != Status::firing) continue;
        const std::uint64_t alert = detail::alert_key(said.fingerprint);
        const std::uint32_t other = known_in_another_group(row, number, alert);
        if (other != detail::HashIndex::none) {
            Event its = event;
            for (const Member& member : incidents[other]->members) {
                if (member.group != 0) its.group_key = groups[member.group].key;
            }
            listed_member(*incidents[other], other, its, said, alert, number, asked, may_open_it, now);
            continue;
        }
        if (row == detail::HashIndex::none) {
            if (!may_open_it || !make_room(now)) return;
            row = add(event.external_id, now);
        }
        Incident& incident = *incidents[row];
        if (!incident.has(detail::has_event)) set_coarse(incident, event.external_id, event.members);
        listed_member(incident, row, event, said, alert, number, asked, may_open_it, now);
    }
}

std::uint32_t Ledger::State::known_in_another_group(std::uint32_t row, std::uint16_t number, std::uint64_t alert) const {
    if (!options.id_needs_group_key || row == detail::HashIndex::none) return detail::HashIndex::none;
    const Incident& incident = *incidents[row];
    const Member* const here = incident.members.find(alert, number);
    if (here != nullptr && here->group != 0) return detail::HashIndex::none;
    std::uint32_t found = here != nullptr ? row : detail::HashIndex::none;
    if (flips(incident, number) != 0) {
        UnixTime told = detail::always;
        (void)by_alert.find(alert_hash(alert, number), [&](std::uint32_t other) {
            const Member* const member = incidents[other]->members.find(alert, number);
            if (member == nullptr || flips(*incidents[other], number) == 0) return false;
            const UnixTime at = member->group != 0 ? member->heard : detail::always;
            if (found != detail::HashIndex::none && at <= told) return false;
            found = other;
            told = at;
            return false;
        });
    }
    if (found == detail::HashIndex::none && left_to_another(incident)) {
        for (const Member& member : incident.members) {
            if (member.state == MemberState::firing && found == detail::HashIndex::none)
                found = containing_incident(incident, member, clock);
        }
    }
    return found != row ? found : detail::HashIndex::none;
}

void Ledger::State::listed_member(Incident& incident, std::uint32_t row, const Event& event, const EventMember& said, std::uint64_t alert,
                                  std::uint16_t number, UnixTime asked, bool may_open_it, UnixTime now) {
    const bool imported = incident.members.find(0, detail::any_cluster) != nullptr;
    const UnixTime starts_at = unix_time(said.starts_at, detail::always);
    Member* member = incident.members.find(alert, number);
    if (member == nullptr) {
        Member fresh;
        fresh.alert = alert;
        fresh.cluster = number;
        fresh.starts_at = starts_at;
        fresh.heard = now;
        fresh.severity = event.severity;
        member = add_member(incident, fresh);
        if (member == nullptr) return;
    }
    member->heard = now;
    switch (member->state) {
        case MemberState::firing:
            member->since = 0;
            member->rounds = 0;
            // Alertmanager sends no message for an episode that it considers a repeat, for example after a silence.
            if (!may_open_it || starts_at <= member->starts_at || starts_at > later(now, options.max_ahead)) return;
            // If a human closed the incident that contained it, the next episode pages.
            if (!starts_later(incident, *member, starts_at) && !left_to_another(incident)) return;
            keep_event(incident, event);
            break;
        case MemberState::ending:
            // A listing requested before the resolve proves nothing.
            if (asked <= later(member->since, -options.confirm)) return;
            refute_end(incident, *member);
            break;
        case MemberState::held:
            if (asked <= later(member->since, -options.settle)) return;
            begins(incident, *member);
            break;
        case MemberState::ended:
            if (joins(incident, number, imported) && starts_at > member->ended_at) {
                // An additional alert of an open incident: dropped by max_alerts, its message is still on its way, or the state was lost.
                member->starts_at = starts_at;
                begins(incident, *member);
                if (imported) incident.clear(detail::wants_update);
                keep_event(incident, event);
                break;
            }
            if (!may_open_it || member->since != 0) return;
            member->since = asked;
            member->starts_at = std::max(member->starts_at, starts_at);
            member->severity = event.severity;
            if (!wanted(incident)) keep_event(incident, event);
            break;
    }
    incident.changed_at = now;
    changed(row);
    schedule(row, now);
}

bool Ledger::State::joins(const Incident& incident, std::uint16_t cluster, bool imported) const noexcept {
    if (!detail::is_open(incident.vendor)) return false;
    // If a group's messages are complete, its next message reports another alert of the group, but not another group's alerts.
    return imported || (may_still_fire(incident) && flips(incident, cluster) < detail::flips_of_two_routes);
}

bool Ledger::State::complete_imported(Incident& incident, Member& member, UnixTime asked, UnixTime now) {
    if (member.heard >= asked) {
        member.since = 0;
        member.rounds = 0;
        return false;
    }
    if (member.since == 0) member.since = now;
    if (member.rounds < 255) ++member.rounds;
    for (const Cluster& cluster : clusters) {
        // It may belong to a cluster that was not polled.
        if (!cluster.can_list() || cluster.good_rounds < options.listings) return false;
    }
    if (member.rounds < options.listings * clusters.size() || now < later(member.since, options.close_grace)) return false;
    end(incident, member);
    return true;
}

/// True if an incident with another ID is already open for this alert: that of another group, or of another episode.
bool Ledger::State::fires_elsewhere(Round& round, std::uint16_t number, std::uint64_t alert) const {
    if (!std::exchange(round.covered_known, true)) {
        for (std::uint32_t row = 0; row < incidents.size(); ++row) {
            const Incident* const incident = incidents[row];
            if (incident == nullptr || !wanted(*incident) || incident->vendor == Vendor::closed_by_human || incident->has(detail::dead))
                continue;
            for (const Member& member : incident->members) {
                const bool fires = member.state == MemberState::firing || member.state == MemberState::ending;
                if (!fires || member.cluster != number) continue;
                if (left_to_another(*incident)) {
                    const std::uint32_t other = containing_incident(*incident, member, clock);
                    if (other != detail::HashIndex::none && incidents[other]->vendor == Vendor::closed_by_human) continue;
                }
                round.covered.insert(member.alert);
            }
        }
    }
    return round.covered.contains(alert);
}

void Ledger::State::complete_member(Cluster& cluster, Incident& incident, Member& member, UnixTime asked, UnixTime now) {
    Round& round = cluster.round;
    const auto found = round.alerts.find(member.alert);
    const bool listed = found != round.alerts.end();
    const bool active = listed && found->second;
    const bool may_end = round.fit && round.has_receiver && (round.heartbeat || !cluster.options->needs_heartbeat);
    switch (member.state) {
        case MemberState::firing:
            // An incident for unlisted alerts is never in a listing either: it may end when listings open those alerts.
            if (listed || !may_end || member.heard >= asked || (member.unlisted && !may_open(cluster, round.mutes))) {
                member.since = 0;
                member.rounds = 0;
                break;
            }
            if (member.since == 0) member.since = now;
            if (member.rounds < 255) ++member.rounds;
            if (member.rounds < options.listings || now < later(member.since, options.close_grace)) break;
            if (member.unlisted && now < later(member.since, options.close_grace + options.open_grace)) break;
            // By the sender's clock, only the end of this episode is known.
            member.ended_at = member.starts_at;
            end(incident, member);
            if (!wanted(incident)) incident.set(detail::by_listing);
            break;
        case MemberState::ending:
            if (asked <= later(member.since, -options.confirm)) break;
            if (listed) {
                refute_end(incident, member);
            } else if (may_end) {
                end(incident, member);
            }
            break;
        case MemberState::held:
            if (asked <= later(member.since, -options.settle) || active) break;  // an active alert was opened at once
            if (listed || may_end) set_state(incident, member, MemberState::ended);
            break;
        case MemberState::ended:
            if (member.since == 0) break;
            // Active under this ID: if the ID contains the episode, another episode has another ID.
            if (!active || member.heard < asked || !round.fit || !may_open(cluster, round.mutes)) {
                member.since = 0;
                member.rounds = 0;
                break;
            }
            if (member.rounds < 255) ++member.rounds;
            if (member.rounds < options.listings || now < later(member.since, options.open_grace)) break;
            if (fires_elsewhere(round, member.cluster, member.alert)) break;
            round.covered.insert(member.alert);
            if (wanted(incident) && !incident.has(detail::coarse)) {
                begins(incident, member);  // open for an alert of another cluster with equal labels, and kept open for this one
                break;
            }
            begins(incident, member);
            incident.set(detail::by_listing);
            report(LedgerReport::Kind::opened_by_listing, incident);
            break;
    }
}

void Ledger::State::complete_group(detail::Group& group, std::uint32_t number, const Round& round, UnixTime asked, bool may_end,
                                   UnixTime now) {
    // Rule 7: by now listings have shown all alerts of the group; the firing ones keep their own incidents open.
    if (group.heard < asked) {
        if (group.rounds < 255) ++group.rounds;
        if (group.rounds >= options.listings) {
            group.incomplete = false;
            changed_group(number);
            for (const detail::Group::KeptOpen& kept : std::exchange(group.kept_open, {})) {
                if (incidents[kept.row]) schedule(kept.row, now);
            }
            return;
        }
    }
    // Messages may arrive more often than listings. An incident also ends when several listings show no alert with its ID. (For group keys
    // this proves nothing: listings show the alerts of two routes with one key.)
    if (options.id_needs_group_key || !may_end) return;
    std::erase_if(group.kept_open, [&](detail::Group::KeptOpen& kept) {
        Incident* const incident = incidents[kept.row];
        if (incident == nullptr || wanted(*incident)) return true;  // decide() adds it again when its alerts have ended
        const bool shown = round.listed.contains(kept.row) || incident->changed_at >= asked;
        kept.rounds = shown ? std::uint8_t{0} : static_cast<std::uint8_t>(kept.rounds + 1);
        if (kept.rounds < std::min(options.listings, 255U)) return false;
        for (Member& member : incident->members) {
            if (member.group == number) set_group(member, 0);
        }
        changed(kept.row);
        schedule(kept.row, now);
        return true;
    });
}

void Ledger::State::complete_round(Cluster& cluster, std::uint16_t number, UnixTime now) {
    Round& round = cluster.round;
    const UnixTime asked = *std::min_element(round.asked.begin(), round.asked.end());
    cluster.good_rounds = round.fit ? cluster.good_rounds + 1 : 0;
    for (std::uint32_t row = 0; row < incidents.size(); ++row) {
        if (!incidents[row]) continue;
        Incident& incident = *incidents[row];
        const bool was_wanted = wanted(incident);
        bool news = false;
        for (Member& member : incident.members) {
            const MemberState before = member.state;
            const bool listed_again = before == MemberState::ended && member.since != 0;
            if (member.cluster == number) {
                complete_member(cluster, incident, member, asked, now);
            } else if (member.cluster == detail::any_cluster && member.state == MemberState::firing) {
                if (complete_imported(incident, member, asked, now)) incident.set(detail::by_listing);
            }
            news = news || member.state != before || (listed_again && member.since == 0);
        }
        if (!news) continue;
        incident.changed_at = now;
        if (was_wanted && !wanted(incident) && incident.has(detail::by_listing)) {
            report(LedgerReport::Kind::closed_by_listing, incident);
        }
        changed(row);
        schedule(row, now);
    }
    if (round.fit) {
        const bool may_end = round.has_receiver && (round.heartbeat || !cluster.options->needs_heartbeat);
        for (std::uint32_t i = 1; i < groups.size(); ++i) {
            if (groups[i].used && groups[i].incomplete && groups[i].cluster == number)
                complete_group(groups[i], i, round, asked, may_end, now);
        }
    }
    begin_round(round);
}

void Ledger::listed(const ListingSource& source, std::span<const ListedEvent> events, std::span<const std::string_view> elsewhere,
                    UnixTime caller_now) {
    State& state = *state_;
    const UnixTime now = state.tick(caller_now);
    std::uint16_t number = 0;
    while (number < state.clusters.size() && state.clusters[number].name != source.cluster) ++number;
    if (number == state.clusters.size() || !state.clusters[number].can_list()) return;
    Cluster& cluster = state.clusters[number];
    const std::vector<std::string>& peers = cluster.options->peers;
    const auto peer = static_cast<std::size_t>(std::find(peers.begin(), peers.end(), source.peer) - peers.begin());
    if (peer == peers.size()) return;
    const UnixTime asked = source.asked_at != 0 ? std::min(later(source.asked_at, state.ahead), now) : now;

    // A round contains the latest answer of each peer; an answer that is too old compared with the others restarts it.
    Round& round = cluster.round;
    bool again = round.asked[peer] != detail::never;
    for (const UnixTime other : round.asked)
        again = again || (other != detail::never && later(other, 2 * state.options.listing_interval) < asked);
    if (again) begin_round(round);
    round.asked[peer] = asked;
    const bool fit = source.ready && source.up_since != 0 && caller_now >= later(source.up_since, state.options.peer_grace);
    round.fit = round.fit && fit;
    round.has_receiver = round.has_receiver && source.has_receiver && source.complete;
    round.mutes = round.mutes && source.mutes_listed;

    const bool may_open = fit && State::may_open(cluster, source.mutes_listed);
    for (const ListedEvent& event : events) {
        if (event.event.heartbeat)
            round.heartbeat = round.heartbeat || !event.quiet;
        else
            state.listed_event(cluster, number, event, asked, may_open, now);
    }
    for (const std::string_view fingerprint : elsewhere) round.alerts.try_emplace(detail::alert_key(fingerprint), false);
    if (std::find(round.asked.begin(), round.asked.end(), detail::never) == round.asked.end()) state.complete_round(cluster, number, now);
}

}  // namespace alertmap
