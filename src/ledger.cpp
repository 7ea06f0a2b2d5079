#include "alertmap/ledger.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "alertmap/identity.hpp"
#include "ledger_state.hpp"

namespace alertmap {

using detail::Flight;
using detail::Member;
using detail::MemberState;
using detail::Vendor;

namespace detail {

// Members.

const Member* Members::lower_bound(std::uint64_t alert, std::uint16_t cluster) const noexcept {
    return std::lower_bound(begin(), end(), std::pair(alert, cluster),
                            [](const Member& member, const auto& key) { return std::pair(member.alert, member.cluster) < key; });
}

const Member* Members::find(std::uint64_t alert, std::uint16_t cluster) const noexcept {
    const Member* const at = size_ == 1 ? begin() : lower_bound(alert, cluster);
    return at != end() && at->alert == alert && at->cluster == cluster ? at : nullptr;
}

Member* Members::find(std::uint64_t alert, std::uint16_t cluster) noexcept {
    const Member* const found = std::as_const(*this).find(alert, cluster);
    return found != nullptr ? begin() + (found - begin()) : nullptr;
}

Member& Members::insert(const Member& member) {
    if (size_ == capacity_) {
        const std::uint32_t capacity = capacity_ < 4 ? 4 : capacity_ * 2;
        std::unique_ptr<Member[]> more(new Member[capacity]);
        std::copy(begin(), end(), more.get());
        many_ = std::move(more);
        capacity_ = capacity;
    }
    Member* const at = begin() + (lower_bound(member.alert, member.cluster) - begin());
    std::copy_backward(at, end(), end() + 1);
    *at = member;
    ++size_;
    return *at;
}

void Members::erase(Member* member) noexcept {
    std::copy(member + 1, end(), member);
    --size_;
}

// Rows.

std::uint32_t Incidents::add(std::string_view external_id) {
    std::uint32_t row = size_;
    if (!free_.empty()) {
        row = free_.back();
        free_.pop_back();
    } else {
        if (row % per_chunk == 0) chunks_.push_back(std::make_unique<Incident[]>(per_chunk));
        ++size_;
    }
    chunks_[row / per_chunk][row % per_chunk].external_id = NearText(external_id);
    return row;
}

void Incidents::remove(std::uint32_t row) {
    chunks_[row / per_chunk][row % per_chunk] = Incident{};
    free_.push_back(row);
}

// Hash index.

void HashIndex::put(const Slot& slot) noexcept {
    std::size_t at = slot.home & mask();
    while (slots_[at].number != none) at = (at + 1) & mask();
    slots_[at] = slot;
}

void HashIndex::insert(std::uint64_t hash, std::uint32_t number) {
    if ((count_ + 1) * 10 > slots_.size() * 7) {
        std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old) {
            if (slot.number != none) put(slot);
        }
    }
    put({static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(hash), number});
    ++count_;
}

void HashIndex::erase(std::uint64_t hash, std::uint32_t number) {
    if (slots_.empty()) return;
    std::size_t at = static_cast<std::size_t>(hash) & mask();
    // A row may occur under several hashes: an incident under each of its alerts.
    const auto is_it = [&](const Slot& slot) {
        return slot.number == number && slot.tag == static_cast<std::uint32_t>(hash >> 32) && slot.home == static_cast<std::uint32_t>(hash);
    };
    while (!is_it(slots_[at])) {
        if (slots_[at].number == none) return;
        at = (at + 1) & mask();
    }
    // Move later entries into the gap if possible, so that no search ends too early.
    for (std::size_t next = (at + 1) & mask(); slots_[next].number != none; next = (next + 1) & mask()) {
        const std::size_t home = slots_[next].home & mask();
        if (((next - home) & mask()) >= ((next - at) & mask())) {
            slots_[at] = slots_[next];
            at = next;
        }
    }
    slots_[at] = {};
    --count_;
}

std::uint64_t seeded_hash(std::string_view text, std::uint64_t seed) noexcept {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::uint64_t hash = (seed ^ text.size()) * odd;
    const auto mix = [&hash](std::uint64_t word) {
        hash = (hash ^ word) * odd;
        hash ^= hash >> 29;
    };
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left >= 8; at += 8, left -= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, 8);
        mix(word);
    }
    if (left != 0) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, left);
        mix(word);
    }
    mix(seed);
    hash ^= hash >> 32;
    hash *= odd;
    return hash ^ (hash >> 29);
}

namespace {

/// Value of each lower-case hex digit; above 15 for other bytes.
constexpr auto hex_values = [] {
    std::array<std::uint8_t, 256> values{};
    for (std::uint8_t& value : values) value = 0x10;
    for (std::uint8_t i = 0; i < 16; ++i) values[static_cast<unsigned char>("0123456789abcdef"[i])] = i;
    return values;
}();

}  // namespace

std::uint64_t alert_key(std::string_view fingerprint) noexcept {
    if (fingerprint.size() == 16) {
        std::uint64_t number = 0;
        unsigned digits = 0;
        for (const char c : fingerprint) {
            const unsigned digit = hex_values[static_cast<unsigned char>(c)];
            digits |= digit;
            number = number << 4 | digit;
        }
        if (digits <= 15) return number;
    }
    const auto digest = sha256(fingerprint);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
    return number;
}

namespace {

/// Hash of an incident's visible attributes other than the alert: severity and paging targets.
std::uint32_t revision_of(const Event& event) noexcept {
    std::uint64_t hash = static_cast<std::uint64_t>(event.severity) + (event.page ? 1 : 5);
    for (const NotifyTarget& target : event.notify) {
        hash = seeded_hash(target.type, hash);
        hash = seeded_hash(target.id, hash);
    }
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

/// A stable number for a group or its labels: part of the SHA-256 of its names.
std::uint64_t stable_id(std::string_view kind, std::string_view cluster, std::string_view receiver, std::string_view rest) {
    std::string text;
    text.reserve(kind.size() + cluster.size() + receiver.size() + rest.size() + 3);
    text.append(kind).append(1, '\0').append(cluster).append(1, '\0').append(receiver).append(1, '\0').append(rest);
    const auto digest = sha256(text);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i) number = number << 8 | digest[i];
    return number;
}

std::uint64_t labels_id(std::string_view cluster, std::string_view receiver, Labels labels) {
    std::vector<std::pair<std::string_view, std::string_view>> sorted;
    for (const Label& label : labels) sorted.emplace_back(label.name, label.value);
    std::sort(sorted.begin(), sorted.end());
    std::string text;
    for (const auto& [name, value] : sorted) text.append(name).append(1, '\xff').append(value).append(1, '\xff');
    return stable_id("labels", cluster, receiver, text);
}

Duration backoff(const LedgerOptions& options, std::uint32_t attempts, std::string_view external_id) noexcept {
    Duration pause = options.first_retry;
    for (std::uint32_t i = 0; i < attempts && pause < options.longest_retry; ++i) pause *= 2;
    pause = std::min(pause, options.longest_retry);
    // Jitter: up to a quarter less per incident, so that retries do not coincide.
    return pause - static_cast<Duration>(seeded_hash(external_id, attempts) % 256) * (pause / 1024);
}

}  // namespace
}  // namespace detail

// Time.

Ledger::State::State(LedgerOptions chosen) : options(std::move(chosen)), groups(1) {
    seed = reinterpret_cast<std::uintptr_t>(this) * 0x9e3779b97f4a7c15U;
    for (const ClusterOptions& cluster : options.clusters) {
        detail::Cluster& added = clusters.emplace_back();
        added.name = cluster.name;
        added.options = &cluster;
        added.round.asked.assign(cluster.peers.size(), detail::never);
    }
}

UnixTime Ledger::State::tick(UnixTime now) noexcept {
    // Tickets from before a restart, which an outbox may have kept, must differ from new ones.
    if (next_generation == 0) next_generation = static_cast<std::uint32_t>(static_cast<std::uint64_t>(now) / 1'000'000) | 1;
    // If the clock is set back, pauses must not become longer by that amount.
    if (later(now, ahead) < clock) ahead = later(clock, now > 0 ? -now : 0);
    clock = std::max(clock, later(now, ahead));
    return clock;
}

// Lookup and creation.

std::uint16_t Ledger::State::cluster_of(std::string_view name) {
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        if (clusters[i].name == name) return static_cast<std::uint16_t>(i);
    }
    if (clusters.size() >= 1000) return static_cast<std::uint16_t>(clusters.size() - 1);
    clusters.emplace_back().name = name;
    return static_cast<std::uint16_t>(clusters.size() - 1);
}

std::uint32_t Ledger::State::find(std::string_view external_id) const {
    return by_external_id.find(detail::seeded_hash(external_id, seed),
                               [&](std::uint32_t row) { return incidents[row]->external_id.view() == external_id; });
}

std::uint32_t Ledger::State::add(std::string_view external_id, UnixTime now) {
    const std::uint32_t row = incidents.add(external_id);
    incidents[row]->changed_at = now;
    by_external_id.insert(detail::seeded_hash(external_id, seed), row);
    ++incident_count;
    return row;
}

void Ledger::State::set_coarse(Incident& incident, std::string_view external_id, std::span<const EventMember> members) const {
    bool several = options.id_for == LedgerOptions::IdFor::several_alerts;
    if (options.id_for == LedgerOptions::IdFor::by_text) {
        several = members.size() != 1 || external_id.find(members[0].fingerprint) == std::string_view::npos;
    }
    if (several) {
        incident.set(detail::coarse);
    } else {
        incident.clear(detail::coarse);
    }
}

void Ledger::State::remove(std::uint32_t row) {
    Incident& incident = *incidents[row];
    for (Member& member : incident.members) {
        set_group(member, 0);
        if (!has_one_id(incident, member.alert)) by_alert.erase(alert_hash(member.alert, member.cluster), row);
    }
    member_count -= incident.members.size();
    by_external_id.erase(detail::seeded_hash(incident.external_id.view(), seed), row);
    deleted.push_back(std::string("i").append(incident.external_id.view()));
    incidents.remove(row);
    --incident_count;
}

bool Ledger::State::make_room(UnixTime now) {
    if (incident_count < options.max_incidents) return true;
    if (now < full_until) return false;
    std::vector<std::pair<UnixTime, std::uint32_t>> ended;
    for (std::uint32_t row = 0; row < incidents.size(); ++row) {
        const Incident* incident = incidents[row];
        if (incident == nullptr || wanted(*incident) || incident->held != 0 || incident->flight != Flight::none) continue;
        if (incident->vendor == Vendor::closed || incident->vendor == Vendor::closed_by_human)
            ended.emplace_back(incident->changed_at, row);
    }
    // Evict several, so that the search is not needed again for each new incident.
    const std::size_t count = std::min(ended.size(), options.max_incidents / 8 + 1);
    if (count == 0) {
        full_until = later(now, seconds(10));
        return false;
    }
    std::nth_element(ended.begin(), ended.begin() + static_cast<std::ptrdiff_t>(count - 1), ended.end());
    for (std::size_t i = 0; i < count; ++i) remove(ended[i].second);
    return true;
}

std::uint64_t Ledger::State::group_hash(std::uint16_t cluster, std::string_view receiver, std::string_view key) const {
    return detail::seeded_hash(key, detail::seeded_hash(receiver, seed + cluster));
}

std::uint32_t Ledger::State::group_with_id(std::uint64_t id) {
    if (const auto known = groups_by_id.find(id); known != groups_by_id.end()) return known->second;
    std::uint32_t number = 0;
    if (free_groups.empty()) {
        number = static_cast<std::uint32_t>(groups.size());
        groups.emplace_back();
    } else {
        number = free_groups.back();
        free_groups.pop_back();
        groups[number] = {};
    }
    groups[number].used = true;
    groups[number].id = id;
    groups_by_id.emplace(id, number);
    return number;
}

std::uint32_t Ledger::State::group_of(std::uint16_t cluster, const Source& source, std::string_view key, UnixTime now) {
    const auto is_it = [&](std::uint32_t number) {
        const detail::Group& group = groups[number];
        return group.used && group.cluster == cluster && group.key == key && group.receiver == source.receiver;
    };
    if (last_group != 0 && groups[last_group].current && is_it(last_group)) {
        groups[last_group].heard = now;
        return last_group;
    }
    const std::uint64_t hash = group_hash(cluster, source.receiver, key);
    const std::uint32_t known = groups_by_key.find(hash, is_it);
    last_group = known != detail::HashIndex::none ? known : 0;
    if (known != detail::HashIndex::none) {
        groups[known].heard = now;
        if (!groups[known].current) learn(known);
        return known;
    }
    const std::string_view name = clusters[cluster].name;
    const std::uint32_t number = group_with_id(detail::stable_id("group", name, source.receiver, key));
    detail::Group& group = groups[number];
    group.key = key;
    group.receiver = source.receiver;
    group.cluster = cluster;
    group.heard = now;
    group.labels = source.group_labels.present() ? detail::labels_id(name, source.receiver, source.group_labels) : 0;
    groups_by_key.insert(hash, number);
    learn(number);
    changed_group(number);
    return number;
}

void Ledger::State::learn(std::uint32_t number) {
    detail::Group& group = groups[number];
    if (group.labels == 0 || group.key.empty()) return;
    // After a route change, its new key is the current one. If both keys keep occurring, there are two routes.
    std::uint32_t& named = groups_by_labels[group.labels];
    if (named != 0 && named != number && group.replaced && group.flips < detail::flips_of_two_routes) {
        ++group.flips;
        if (group.flips == detail::flips_of_two_routes) changed_group(number);
    }
    groups[named].replaced = groups[named].replaced || named != number;
    groups[named].current = false;
    group.current = true;
    named = number;
}

void Ledger::State::sweep_groups(UnixTime now) {
    if (now < next_sweep) return;
    next_sweep = later(now, remembered() / 4);
    for (std::uint32_t number = 1; number < groups.size(); ++number) {
        detail::Group& group = groups[number];
        if (!group.used || group.members != 0 || later(group.heard, remembered()) > now) continue;
        groups_by_key.erase(group_hash(group.cluster, group.receiver, group.key), number);
        groups_by_id.erase(group.id);
        if (group.current) groups_by_labels.erase(group.labels);
        group.used = false;
        changed_group(number);
        free_groups.push_back(number);
    }
}

// Members.

Member* Ledger::State::add_member(Incident& incident, const Member& member) {
    if (incident.members.size() >= options.max_members) {
        incident.set(detail::overflow);
        return nullptr;
    }
    Member& added = incident.members.insert(member);
    ++member_count;
    if (!has_one_id(incident, member.alert)) by_alert.insert(alert_hash(member.alert, member.cluster), find(incident.external_id.view()));
    const std::uint32_t group = std::exchange(added.group, 0);
    set_group(added, group);
    const MemberState state = std::exchange(added.state, MemberState::ended);
    set_state(incident, added, state);
    return &added;
}

bool Ledger::State::has_one_id(const Incident& incident, std::uint64_t alert) const noexcept {
    const std::string_view id = incident.external_id.view();
    return id.size() == 16 && detail::alert_key(id) == alert;
}

std::uint64_t Ledger::State::alert_hash(std::uint64_t alert, std::uint16_t cluster) const noexcept {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    std::uint64_t hash = (alert ^ seed ^ cluster) * odd;
    hash ^= hash >> 32;
    hash *= odd;
    return hash ^ (hash >> 29);
}

void Ledger::State::set_group(Member& member, std::uint32_t group) {
    if (member.group == group) return;
    if (member.group != 0) --groups[member.group].members;
    if (group != 0) ++groups[group].members;
    member.group = group;
}

void Ledger::State::set_state(Incident& incident, Member& member, MemberState state) {
    const auto counter = [&incident](MemberState of) -> std::uint32_t* {
        switch (of) {
            case MemberState::firing: return &incident.firing;
            case MemberState::ending: return &incident.ending;
            case MemberState::held: return &incident.held;
            case MemberState::ended: break;
        }
        return nullptr;
    };
    if (std::uint32_t* const before = counter(member.state)) --*before;
    if (std::uint32_t* const after = counter(state)) ++*after;
    member.state = state;
    member.since = 0;
    member.rounds = 0;
    member.contradicted = false;
}

void Ledger::State::remove_member(Incident& incident, Member* member) {
    set_group(*member, 0);
    set_state(incident, *member, MemberState::ended);
    if (!has_one_id(incident, member->alert)) by_alert.erase(alert_hash(member->alert, member->cluster), find(incident.external_id.view()));
    incident.members.erase(member);
    --member_count;
}

void Ledger::State::begins(Incident& incident, Member& member) {
    const bool was_wanted = wanted(incident);
    const bool on_its_way = incident.flight == Flight::open || incident.flight == Flight::update;
    const bool vendor_has_it = detail::is_open(incident.vendor) || incident.vendor == Vendor::maybe_open ||
                               (incident.vendor == Vendor::maybe_closed && closes_safely(incident)) || on_its_way;
    const bool stuck = !was_wanted && incident.has(detail::dead) && detail::is_open(incident.vendor);  // the close was rejected
    set_state(incident, member, MemberState::firing);
    revive(incident);
    incident.clear(detail::by_listing | detail::by_age | detail::no_look_up);
    if (!was_wanted) incident.clear(detail::no_acknowledge);
    if (on_its_way) incident.set(detail::newer);
    if (needs_page(incident) || (stuck && incident.has(detail::coarse))) incident.set(detail::pages_again);
    if (!vendor_has_it) return;
    // A new episode must page even if the incident of its single alert is acknowledged (rule 5). A trigger that is being sent again after a
    // lost answer is a page for it.
    const bool sent_again = incident.vendor == Vendor::maybe_open && incident.flight == Flight::open;
    if (!was_wanted && !sent_again && !incident.has(detail::coarse)) {
        incident.set(detail::owes_close);
    } else {
        incident.set(detail::wants_update);
    }
}

void Ledger::State::refute_end(Incident& incident, Member& member) {
    set_state(incident, member, MemberState::firing);
    member.ended_at = detail::always;  // otherwise the real end, when it arrives, would look like an older one
}

void Ledger::State::end(Incident& incident, Member& member) {
    set_state(incident, member, MemberState::ended);
    forget_severity(incident, member.severity);
    no_longer_contained(incident, member.alert, member.cluster);
    if (wanted(incident)) return;
    revive(incident);
    incident.clear(detail::served_by_trigger | detail::wants_acknowledge);
}

void Ledger::State::forget_severity(Incident& incident, Severity severity) {
    if (!options.id_needs_group_key || incident.vendor != Vendor::closed || !wanted(incident)) return;
    const SeverityForgotten now{&incident, clock, severity};
    if (std::exchange(severity_forgotten, now) == now) return;
    for (Member& left : incident.members) {
        if (left.state != MemberState::firing || left.severity != severity) continue;
        const std::uint32_t row = containing_incident(incident, left, clock);
        if (row == detail::HashIndex::none) continue;
        left.severity = std::max(severity, incidents[row]->members.find(left.alert, left.cluster)->severity);
    }
}

/// Something changed: retry rejected requests at once.
void Ledger::State::revive(Incident& incident) noexcept {
    if (incident.has(detail::dead) && incident.flight == Flight::none) incident.timer = 0;
    incident.clear(detail::dead);
}

// Messages.

Observed Ledger::State::fires(Incident& incident, const MessageInfo& message, std::uint64_t alert, const EventMember& said,
                              const Event& event, std::uint32_t revision) {
    if (message.may_open) fires_elsewhere_too(incident, message, alert);
    const UnixTime said_start = unix_time(said.starts_at, detail::always);
    Member* member = incident.members.find(alert, message.cluster);
    // Rule 2: replace a start in the future with the time of receipt, once.
    UnixTime starts_at = said_start;
    if (said_start > later(message.receipt, options.max_ahead)) {
        starts_at = member != nullptr && member->state != MemberState::ended ? member->starts_at : message.receipt;
    }
    if (member == nullptr) {
        if (!message.may_open) return Observed::ignored;
        Member fresh;
        fresh.alert = alert;
        fresh.cluster = message.cluster;
        fresh.group = message.group;
        fresh.starts_at = starts_at;
        fresh.heard = message.now;
        fresh.revision = revision;
        fresh.severity = event.severity;
        fresh.unlisted = event.unlisted;
        member = add_member(incident, fresh);
        if (member == nullptr) return Observed::news;
        begins(incident, *member);
        return Observed::news;
    }
    member->heard = message.now;
    set_group(*member, message.group);
    if (!message.may_open) {
        if (member->state == MemberState::firing) member->since = member->rounds = 0;
        return Observed::ignored;
    }
    const bool new_episode = said_start == detail::always || said_start > member->ended_at;
    const bool new_revision = std::exchange(member->revision, revision) != revision;
    member->severity = event.severity;
    switch (member->state) {
        case MemberState::firing:
            member->since = 0;
            member->rounds = 0;
            if (starts_later(incident, *member, starts_at)) return Observed::news;
            if (!new_revision) return Observed::repeat;
            revive(incident);
            incident.set(detail::wants_update | (incident.flight != Flight::none ? unsigned{detail::newer} : 0U));
            if (needs_page(incident)) incident.set(detail::pages_again);
            return Observed::news;
        case MemberState::ending:
            if (!new_episode) {
                member->contradicted = true;
                return Observed::repeat;
            }
            end(incident, *member);
            break;
        case MemberState::held:
            if (!new_episode) return Observed::held;
            break;
        case MemberState::ended:
            if (!new_episode) {
                // Rule 3: a late peer, or a sender that resumed with its old start.
                set_state(incident, *member, MemberState::held);
                member->since = later(message.now, options.settle);
                clusters[message.cluster].wanted = true;
                ++stats.held;
                return Observed::held;
            }
            break;
    }
    member->starts_at = starts_at;
    begins(incident, *member);
    return Observed::news;
}

void Ledger::State::ends_now(Incident& incident, Member& member, UnixTime ended_at, const MessageInfo& message) {
    member.ended_at = ended_at;
    if (!clusters[message.cluster].confirms()) {
        end(incident, member);
        return;
    }
    set_state(incident, member, MemberState::ending);  // rule 9
    member.since = later(message.now, options.confirm);
    clusters[message.cluster].wanted = true;
}

/// A message refutes listings that did not show the alert, whatever ID it has in the message.
void Ledger::State::fires_elsewhere_too(const Incident& incident, const MessageInfo& message, std::uint64_t alert) {
    if (by_alert.empty() || has_one_id(incident, alert) || (incident.has(detail::coarse) && !options.id_needs_group_key)) return;
    (void)by_alert.find(alert_hash(alert, message.cluster), [&](std::uint32_t row) {
        Member* const member = incidents[row]->members.find(alert, message.cluster);
        if (incidents[row] == &incident || member == nullptr || member->state != MemberState::firing) return false;
        member->heard = message.now;
        member->since = 0;
        member->rounds = 0;
        return false;
    });
}

/// Ends the alert in all groups and episodes: after a route change, only the new group's messages report the end.
void Ledger::State::ends_elsewhere(const Incident& incident, const MessageInfo& message, std::uint64_t alert, UnixTime ended_at) {
    if (has_one_id(incident, alert)) return;
    rows.clear();
    (void)by_alert.find(alert_hash(alert, message.cluster), [&](std::uint32_t row) {
        if (incidents[row] != &incident) rows.push_back(row);
        return false;
    });
    for (const std::uint32_t row : rows) {
        Incident& other = *incidents[row];
        Member* const member = other.members.find(alert, message.cluster);
        if (member == nullptr || member->state != MemberState::firing || ended_at < member->starts_at) continue;
        if (ended_at <= member->ended_at) continue;  // end of an earlier episode
        ends_now(other, *member, ended_at, message);
        other.changed_at = message.now;
        changed(row);
        schedule(row, message.now);
    }
}

bool Ledger::State::starts_later(Incident& incident, Member& member, UnixTime starts_at) noexcept {
    if (starts_at <= member.starts_at) return false;
    const bool known = std::exchange(member.starts_at, starts_at) != detail::always;
    if (!known || !needs_page(incident) || incident.has(detail::pages_again)) return false;
    revive(incident);
    incident.set(detail::pages_again);
    return true;
}

Observed Ledger::State::ends(Incident& incident, const MessageInfo& message, std::uint64_t alert, const EventMember& said) {
    const UnixTime starts_at = unix_time(said.starts_at, detail::always);
    const UnixTime ends_at = unix_time(said.ends_at, detail::always);
    if (ends_at != detail::always) ends_elsewhere(incident, message, alert, ends_at);
    Member* const member = incident.members.find(alert, message.cluster);
    if (member == nullptr) {
        Member fresh;
        fresh.alert = alert;
        fresh.cluster = message.cluster;
        fresh.group = message.group;
        fresh.starts_at = starts_at;
        fresh.ended_at = std::max(ends_at, starts_at);
        fresh.heard = message.now;
        add_member(incident, fresh);
        return Observed::not_open;
    }
    // Rule 2: strictly before, comparing only the sender's times. An end that is already known belongs to the earlier episode, even if the
    // start was clamped.
    const bool earlier = ends_at < member->starts_at || (member->state == MemberState::firing && ends_at <= member->ended_at);
    if (member->state != MemberState::ended && ends_at != detail::always && earlier) {
        ++stats.stale;
        return Observed::stale;
    }
    member->heard = message.now;
    set_group(*member, message.group);
    // Without endsAt the alert ended at receipt: in the current episode, independent of the relay's clock.
    const UnixTime ended_at = ends_at != detail::always ? ends_at : std::max(member->starts_at, starts_at);
    switch (member->state) {
        case MemberState::firing: ends_now(incident, *member, ended_at, message); return Observed::news;
        case MemberState::ending:
            member->ended_at = std::max(member->ended_at, ended_at);
            if (!member->contradicted) return Observed::repeat;
            ends_now(incident, *member, member->ended_at, message);  // without listings, the last message decides
            return Observed::news;
        case MemberState::held:
            member->ended_at = std::max(member->ended_at, ended_at);
            end(incident, *member);
            return Observed::news;
        case MemberState::ended: break;
    }
    member->ended_at = std::max(member->ended_at, ended_at);
    member->since = 0;
    member->rounds = 0;
    return detail::is_open(incident.vendor) ? Observed::repeat : Observed::not_open;
}

void Ledger::State::repeated(Incident& incident, const Event& event, UnixTime now) {
    const bool long_ago = now >= later(incident.sent_at, options.reassert);
    if (incident.has(detail::dead)) {
        if (!long_ago) return;
        revive(incident);
    }
    if (incident.vendor == Vendor::closed_by_human) {
        if (!needs_page(incident) || incident.has(detail::pages_again) || (!long_ago && !options.page_at_once_after_human_close)) return;
        incident.set(detail::pages_again);
    } else if (detail::is_open(incident.vendor)) {
        if (!long_ago || !may_repeat()) return;
        incident.set(detail::wants_reassert);
    }
    keep_event(incident, event);
}

bool Ledger::State::may_have_two_ids(const Incident& incident) const noexcept {
    if (options.id_needs_group_key) return true;
    return !incident.has(detail::coarse) && incident.members.size() != 0 && !has_one_id(incident, incident.members.begin()->alert);
}

bool Ledger::State::left_to_another(const Incident& incident) const noexcept {
    if (incident.vendor != Vendor::closed && incident.vendor != Vendor::closed_by_human) return false;
    return incident.flight != Flight::open && wanted(incident) && !incident.has(detail::dead) && may_have_two_ids(incident);
}

std::uint32_t Ledger::State::containing_incident(const Incident& incident, const Member& member, UnixTime now) const {
    if (!may_have_two_ids(incident) || member.cluster == detail::any_cluster) return detail::HashIndex::none;
    return by_alert.find(alert_hash(member.alert, member.cluster), [&](std::uint32_t row) {
        const Incident& other = *incidents[row];
        if (&other == &incident || other.has(detail::dead) || (other.vendor == Vendor::closed && other.flight != Flight::open))
            return false;
        const bool may_page_again = options.page_at_once_after_human_close || now >= later(other.sent_at, options.reassert);
        if (other.vendor == Vendor::closed_by_human && may_page_again) return false;
        const Member* const its = other.members.find(member.alert, member.cluster);
        if (its == nullptr || (its->state != MemberState::firing && its->state != MemberState::ending)) return false;
        // A later episode pages although a human closed the earlier one.
        return other.vendor != Vendor::closed_by_human || its->starts_at >= member.starts_at;
    });
}

bool Ledger::State::contained_elsewhere(const Incident& incident, UnixTime now) const {
    if (!may_have_two_ids(incident) || incident.event.empty()) return false;
    Arena events;
    Event event;
    Severity worst = Severity::critical;  // reported severity
    Severity own = Severity::info;
    std::uint32_t containing_row = detail::HashIndex::none;
    bool any = false;
    for (const Member& member : incident.members) {
        if (member.state != MemberState::firing && member.state != MemberState::ending) continue;
        const std::uint32_t row = containing_incident(incident, member, now);
        if (row == detail::HashIndex::none) return false;
        own = std::min(own, member.severity);
        if (std::exchange(containing_row, row) == row) continue;
        if (!any) event = incident.event.load(events);
        const Event other = incidents[row]->event.load(events);
        if (event.page != other.page) return false;
        if (!std::equal(event.notify.begin(), event.notify.end(), other.notify.begin(), other.notify.end())) return false;
        worst = std::exchange(any, true) ? std::min(worst, other.severity) : other.severity;
    }
    return any && own >= worst;
}

void Ledger::State::closed_with_it(Incident& incident) {
    if (!may_have_two_ids(incident)) return;
    for (Member& member : incident.members) {
        (void)by_alert.find(alert_hash(member.alert, member.cluster), [&](std::uint32_t row) {
            const Incident& other = *incidents[row];
            const Member* const its = other.members.find(member.alert, member.cluster);
            if (&other != &incident && its != nullptr && its->state == MemberState::firing && left_to_another(other)) {
                member.starts_at = std::max(member.starts_at, its->starts_at);
            }
            return false;
        });
    }
}

void Ledger::State::no_longer_contained(const Incident& incident, std::uint64_t alert, std::uint16_t cluster) {
    if (!may_have_two_ids(incident)) return;
    (void)by_alert.find(alert_hash(alert, cluster), [&](std::uint32_t row) {
        if (incidents[row] != &incident && incidents[row]->vendor == Vendor::closed && wanted(*incidents[row])) schedule(row, clock);
        return false;
    });
}

void Ledger::State::repeated_elsewhere(const Incident& incident, UnixTime now) {
    for (const Member& member : incident.members) {
        if (member.state != MemberState::firing) continue;
        const std::uint32_t row = containing_incident(incident, member, now);
        if (row == detail::HashIndex::none) continue;
        Incident& other = *incidents[row];
        if (!detail::is_open(other.vendor) || !may_repeat() || now < later(other.sent_at, options.reassert)) continue;
        other.set(detail::wants_reassert);
        changed(row);
        schedule(row, now);
    }
}

void Ledger::State::keep_event(Incident& incident, const Event& event) {
    if (event.transition == Transition::trigger && !incident.event.empty() && incident.has(detail::coarse) &&
        !incident.has(detail::has_ends_at)) {
        // For several alerts, the highest severity is reported.
        Severity worst = Severity::info;
        for (const Member& member : incident.members) {
            if (member.state == MemberState::firing) worst = std::min(worst, member.severity);
        }
        if (event.severity > worst && incident.kept_severity == worst) return;
    }
    incident.event = detail::StoredEvent(event);
    incident.set(detail::has_event);
    incident.kept_severity = event.severity;
    incident.clear(detail::has_ends_at);
    if (event.transition == Transition::resolve && event.ends_at.is_set) incident.set(detail::has_ends_at);
}

// Decisions.

bool Ledger::State::may_repeat() const noexcept { return options.traits.repeat == Repeat::merges || options.repeat_where_it_pages; }

bool Ledger::State::closes_safely(const Incident& incident) const noexcept {
    if (options.traits.resolves_by == ResolveBy::vendor_id) return !incident.vendor_id.empty();
    return options.traits.unknown_resolve == UnknownResolve::ignored;
}

std::uint8_t Ledger::State::flips(const Incident& incident, std::uint16_t cluster) const noexcept {
    for (const Member& member : incident.members) {
        if (member.cluster == cluster && member.group != 0) return groups[member.group].flips;
    }
    return 0;
}

bool Ledger::State::may_still_fire(const Incident& incident) const noexcept {
    if (!incident.has(detail::coarse)) return false;
    if (incident.has(detail::overflow)) return true;
    for (const Member& member : incident.members) {
        if (member.group != 0 && groups[member.group].incomplete) return true;
    }
    return false;
}

UnixTime Ledger::State::listed_again_until(const Incident& incident) const noexcept {
    UnixTime until = detail::always;
    if (!incident.has(detail::coarse)) return until;  // single alert: report the end; the next episode pages
    for (const Member& member : incident.members) {
        if (member.state != MemberState::ended || member.since == 0) continue;
        const std::uint32_t other = by_alert.find(alert_hash(member.alert, member.cluster), [&](std::uint32_t row) {
            const Member* const its = incidents[row]->members.find(member.alert, member.cluster);
            return its != nullptr && its->state == MemberState::firing;
        });
        // If listings fail meanwhile, close eventually.
        if (other == detail::HashIndex::none) until = std::max(until, later(member.since, 2 * options.open_grace));
    }
    return until;
}

void Ledger::State::settle(Incident& incident, UnixTime now, UnixTime& next) {
    const auto wait = [&next](UnixTime at) { next = std::min(next, at); };
    for (std::uint32_t i = 0; i < incident.members.size();) {
        Member& member = incident.members.begin()[i++];
        switch (member.state) {
            case MemberState::firing:
                if (member.cluster == detail::any_cluster) {
                    // Imported: the close may have been for its last alert, and no repeat arrived since.
                    const UnixTime at = later(member.heard, remembered());
                    if (incident.members.size() == 1) break;
                    if (at > now || incident.firing != 1) {
                        wait(std::max(at, later(now, minutes(5))));
                    } else {
                        end(incident, member);
                    }
                } else if (options.stale_after > 0) {
                    const UnixTime at = later(member.heard, options.stale_after);
                    if (at > now) {
                        wait(at);
                        break;
                    }
                    member.ended_at = member.starts_at;
                    end(incident, member);
                    if (!wanted(incident)) incident.set(detail::by_age);
                }
                break;
            case MemberState::ending:
                if (member.since > now) {
                    wait(member.since);
                } else if (member.contradicted) {
                    refute_end(incident, member);
                } else {
                    end(incident, member);
                }
                break;
            case MemberState::held:
                if (member.since > now) {
                    wait(member.since);
                } else {
                    begins(incident, member);
                }
                break;
            case MemberState::ended: {
                const UnixTime at = later(member.heard, remembered());
                if (at > now || member.rounds != 0) {
                    wait(std::max(at, later(now, remembered() / 16)));
                } else {
                    remove_member(incident, &member);
                    --i;
                }
                break;
            }
        }
    }
}

Ledger::State::Decision Ledger::State::decide(std::uint32_t row, UnixTime now) {
    Incident& incident = *incidents[row];
    UnixTime next = detail::never;
    settle(incident, now, next);
    if (incident.flight != Flight::none) {
        const UnixTime deadline = later(incident.timer, options.answer_within);
        if (now < deadline) return {Flight::none, {}, std::min(next, deadline)};
        fail(incident, Answer{Outcome::unknown}, now);
    }
    bool open_wanted = wanted(incident);
    if (!open_wanted && incident.vendor != Vendor::closed && may_still_fire(incident)) {
        open_wanted = true;  // rule 7: keeps an incident open, but does not open one
        for (const Member& member : incident.members) {
            if (member.group != 0 && groups[member.group].incomplete) {
                std::vector<detail::Group::KeptOpen>& kept_open = groups[member.group].kept_open;
                const bool known = std::any_of(kept_open.begin(), kept_open.end(), [&](const auto& kept) { return kept.row == row; });
                if (!known) kept_open.push_back({row});
                break;
            }
        }
    }
    Decision decision;
    switch (incident.vendor) {
        case Vendor::closed_by_human:
            if (!open_wanted) incident.vendor = Vendor::closed;
            [[fallthrough]];
        case Vendor::closed: decision = decide_closed(incident, now, open_wanted); break;
        case Vendor::open:
        case Vendor::acknowledged: decision = decide_open(incident, now, open_wanted); break;
        case Vendor::maybe_open: decision = decide_maybe_open(incident, open_wanted); break;
        case Vendor::maybe_closed: decision = decide_maybe_closed(incident, now, open_wanted); break;
    }
    if (decision.flight != Flight::none && incident.timer > now) decision = {Flight::none, {}, incident.timer};
    decision.wake = std::min(decision.wake, next);
    return decision;
}

Ledger::State::Decision Ledger::State::decide_closed(Incident& incident, UnixTime now, bool open_wanted) {
    incident.clear(detail::owes_close);
    if (open_wanted) {
        if (incident.has(detail::dead)) return {};
        if (contained_elsewhere(incident, now)) return {};
        if (incident.vendor == Vendor::closed) {
            return {Flight::open, incident.has(detail::by_listing) ? "listings show that it fires" : "it fires"};
        }
        if (incident.has(detail::pages_again)) return {Flight::open, "it still fires after a human closed it"};
        return {};
    }
    const UnixTime forget_at = later(incident.changed_at, remembered());
    if (incident.held != 0) return {Flight::none, {}, forget_at};
    for (const Member& member : incident.members) {
        if (member.rounds != 0) return {Flight::none, {}, later(now, remembered() / 16)};
    }
    return {Flight::none, {}, forget_at, forget_at <= now};
}

Ledger::State::Decision Ledger::State::decide_close(Incident& incident, UnixTime now, std::string_view reason) {
    if (options.traits.resolves_by == ResolveBy::nothing) {
        incident.vendor = Vendor::closed;
        incident.changed_at = now;
        incident.clear(detail::owes_close);
        return decide_closed(incident, now, wanted(incident));
    }
    if (options.traits.resolves_by == ResolveBy::external_id || !incident.vendor_id.empty()) return {Flight::close, reason};
    if (may_look_up(incident)) return {Flight::look_up, "the vendor's ID is needed to close it"};
    report(LedgerReport::Kind::cannot_close, incident);
    incident.vendor = Vendor::closed;
    incident.changed_at = now;
    incident.clear(detail::owes_close);
    return decide_closed(incident, now, wanted(incident));
}

Ledger::State::Decision Ledger::State::decide_open(Incident& incident, UnixTime now, bool open_wanted) {
    if (!open_wanted) {
        // An alert of it may be firing again; a listing or the settling time decides: see settle().
        if (incident.held != 0) return {};
        if (const UnixTime until = listed_again_until(incident); now < until) return {Flight::none, {}, until};
        if (incident.has(detail::dead) && now >= later(incident.changed_at, remembered())) {
            report(LedgerReport::Kind::maybe_open, incident);
            incident.vendor = Vendor::closed;
            revive(incident);
            return decide_closed(incident, now, false);
        }
        if (incident.has(detail::by_age)) return decide_close(incident, now, "nothing was heard of it");
        if (incident.has(detail::by_listing)) return decide_close(incident, now, "listings do not show it any more");
        return decide_close(incident, now, "its alerts ended");
    }
    if (incident.has(detail::owes_close)) return decide_close(incident, now, "an episode ended, and the next began");
    if (!wanted(incident)) return {};
    if (incident.has(detail::pages_again)) {
        if (incident.has(detail::dead)) return {};
        return {Flight::update, "it fires again, and the close of the episode before was rejected"};
    }
    if (incident.has(detail::wants_update) && may_repeat()) return {Flight::update, "another alert, severity or paging target"};
    if (incident.has(detail::wants_reassert) && may_repeat()) return {Flight::update, "a repeat, in case it was closed meanwhile"};
    if (incident.has(detail::wants_acknowledge) && incident.vendor == Vendor::open && options.traits.acknowledges) {
        if (options.traits.resolves_by != ResolveBy::vendor_id || !incident.vendor_id.empty()) {
            return {Flight::acknowledge, "the message says acknowledged"};
        }
    }
    if (options.traits.expires_after == 0) return {};
    const UnixTime refresh = later(incident.sent_at, seconds(options.traits.expires_after) / 4 * 3);
    if (refresh <= now) return {Flight::update, "the vendor would close it by itself"};
    return {Flight::none, {}, refresh};
}

Ledger::State::Decision Ledger::State::decide_maybe_open(Incident& incident, bool open_wanted) {
    const bool merges = options.traits.repeat == Repeat::merges;
    if (open_wanted) {
        if (!wanted(incident)) return {};
        if (incident.has(detail::dead)) return {};
        if (incident.has(detail::owes_close) && closes_safely(incident)) return {Flight::close, "an episode ended, and the next began"};
        if (!merges && may_look_up(incident)) return {Flight::look_up, "the answer to the trigger was lost"};
        return {Flight::open, "the answer to the trigger was lost"};
    }
    if (closes_safely(incident)) return {Flight::close, "its alerts ended"};
    if (may_look_up(incident)) return {Flight::look_up, "the answer to the trigger was lost"};
    if (merges) return {Flight::open, "its answer was lost, and a close of what is not open would open it"};
    return decide_close(incident, incident.changed_at, "its alerts ended");
}

Ledger::State::Decision Ledger::State::decide_maybe_closed(Incident& incident, UnixTime now, bool open_wanted) {
    if (closes_safely(incident) && (!open_wanted || incident.has(detail::owes_close))) {
        return {Flight::close, open_wanted ? "an episode ended, and the next began" : "the answer to the close was lost"};
    }
    if (may_look_up(incident) && (!open_wanted || options.traits.repeat != Repeat::merges)) {
        return {Flight::look_up, "the answer to the close was lost"};
    }
    if (open_wanted) {
        if (!wanted(incident) || incident.has(detail::dead)) return {};
        if (options.traits.repeat != Repeat::merges && closes_safely(incident)) {
            return {Flight::close, "the answer to the close was lost, and it fires again"};  // or a second one might open beside it
        }
        return {Flight::open, "it fires"};
    }
    report(LedgerReport::Kind::maybe_open, incident);
    incident.vendor = Vendor::closed;
    incident.changed_at = now;
    return decide_closed(incident, now, false);
}

// The queue.

void Ledger::State::schedule(std::uint32_t row, UnixTime at) {
    Incident& incident = *incidents[row];
    if (at >= incident.wake) return;
    const auto latest_first = [](const Wake& a, const Wake& b) { return a.at > b.at; };
    if (queue.size() > 2 * incident_count + 64) {
        queue.clear();
        for (std::uint32_t i = 0; i < incidents.size(); ++i) {
            if (incidents[i] && i != row && incidents[i]->wake != detail::never) queue.push_back({incidents[i]->wake, i});
        }
        std::make_heap(queue.begin(), queue.end(), latest_first);
    }
    incident.wake = at;
    queue.push_back({at, row});
    std::push_heap(queue.begin(), queue.end(), latest_first);
}

void Ledger::State::take(std::uint32_t row, const Decision& decision, UnixTime now) {
    Incident& incident = *incidents[row];
    Action& action = actions.emplace_back();
    Event& event = action.event;
    event = incident.event.load(arena);
    event.external_id = incident.external_id.view();
    event.transition = Transition::trigger;
    incident.served = 0;
    switch (decision.flight) {
        case Flight::none:
        case Flight::open:
        case Flight::update:
            action.kind = decision.flight == Flight::update ? ActionKind::update : ActionKind::open;
            // A trigger that is resent because its answer was lost reports the newer episode; the earlier one needs no close.
            incident.served = static_cast<std::uint16_t>(incident.flags & (detail::served_by_trigger | detail::owes_close));
            break;
        case Flight::acknowledge:
            action.kind = ActionKind::acknowledge;
            event.transition = Transition::acknowledge;
            incident.served = detail::wants_acknowledge;
            break;
        case Flight::close:
            action.kind = ActionKind::close;
            event.transition = Transition::resolve;
            incident.served = static_cast<std::uint16_t>(incident.flags & detail::owes_close);
            break;
        case Flight::look_up: action.kind = ActionKind::look_up; break;
    }
    incident.clear(incident.served | detail::newer);
    if (event.transition == Transition::resolve) {
        UnixTime ended_at = detail::always;
        for (const Member& member : incident.members) ended_at = std::max(ended_at, member.ended_at);
        if (!incident.has(detail::has_ends_at)) event.ends_at = ended_at != detail::always ? timestamp(ended_at) : Timestamp{};
    } else {
        event.ends_at = {};
        for (const Member& member : incident.members) {
            if (member.state == MemberState::firing && member.cluster != detail::any_cluster) {
                event.severity = std::min(event.severity, member.severity);
            }
        }
    }
    incident.flight = decision.flight;
    incident.timer = now;
    incident.generation = ++next_generation == 0 ? ++next_generation : next_generation;
    action.ticket = std::uint64_t{incident.generation} << 32 | row;
    action.external_id = incident.external_id.view();
    action.vendor_id = incident.vendor_id.view();
    action.reason = decision.reason;
    changed(row);
    schedule(row, later(now, options.answer_within));
}

void Ledger::State::fail(Incident& incident, const Answer& answer, UnixTime now) {
    const Flight flight = std::exchange(incident.flight, Flight::none);
    incident.set(std::exchange(incident.served, std::uint16_t{0}));
    if (answer.outcome == Outcome::unknown) {
        if (flight == Flight::open) incident.vendor = Vendor::maybe_open;
        if (flight == Flight::close) incident.vendor = Vendor::maybe_closed;
    }
    incident.timer =
        later(now, answer.retry_after > 0 ? answer.retry_after : detail::backoff(options, incident.attempts, incident.external_id.view()));
    if (incident.attempts < 1000) ++incident.attempts;
}

/// Rule 6: this request is at fault. Keep its incident, and a newer episode that is waiting.
void Ledger::State::reject(Incident& incident, UnixTime now) {
    const Flight flight = std::exchange(incident.flight, Flight::none);
    const unsigned served = std::exchange(incident.served, std::uint16_t{0});
    const bool newer = incident.has(detail::newer);
    incident.attempts = 0;
    incident.timer = 0;
    ++stats.dead_letters;
    if (flight == Flight::look_up) {
        report(LedgerReport::Kind::maybe_open, incident);
        incident.vendor = wanted(incident) ? Vendor::maybe_open : Vendor::closed;
        incident.set(detail::no_look_up);
        return;
    }
    report(LedgerReport::Kind::dead_letter, incident);
    if (flight == Flight::acknowledge) {
        incident.set(detail::no_acknowledge);
        return;
    }
    incident.sent_at = now;
    if (flight == Flight::close) {
        // The vendor's open incident stays recorded as open.
        if (wanted(incident)) {
            incident.clear(detail::owes_close);
            incident.set(detail::pages_again);
        } else {
            incident.set(detail::dead);
            incident.timer = later(now, options.reassert);
        }
        return;
    }
    incident.set(served & detail::pages_again);
    if (!newer && (flight == Flight::open || (served & detail::pages_again) != 0)) incident.set(detail::dead);
}

// Rows and reports.

void Ledger::State::changed(std::uint32_t row) {
    Incident& incident = *incidents[row];
    if (incident.has(detail::dirty)) return;
    incident.set(detail::dirty);
    dirty_incidents.push_back(row);
}

void Ledger::State::changed_group(std::uint32_t number) {
    if (groups[number].dirty) return;
    groups[number].dirty = true;
    dirty_groups.push_back(number);
}

void Ledger::State::report(LedgerReport::Kind kind, const Incident& incident) {
    if (reports.size() >= 1000) {
        ++stats.lost_reports;
        return;
    }
    reports.push_back({kind, std::string(incident.external_id.view())});
}

// The interface.

Ledger::Ledger(LedgerOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Ledger::Ledger(Ledger&& other) noexcept = default;
Ledger& Ledger::operator=(Ledger&& other) noexcept = default;
Ledger::~Ledger() = default;

const LedgerOptions& Ledger::options() const noexcept { return state_->options; }

Observed Ledger::observe(const Source& source, const Event& event, UnixTime receipt) {
    State& state = *state_;
    const UnixTime now = state.tick(receipt);
    if (event.heartbeat) return Observed::heartbeat;
    if (event.external_id.empty()) return Observed::untracked;
    const std::uint16_t cluster = state.cluster_of(source.cluster);
    const std::uint32_t group = state.group_of(cluster, source, event.group_key, now);
    if (state.groups[group].incomplete != !event.complete) {
        state.groups[group].incomplete = !event.complete;
        state.changed_group(group);
        for (const detail::Group::KeptOpen& kept : std::exchange(state.groups[group].kept_open, {})) {
            if (state.incidents[kept.row]) state.schedule(kept.row, now);
        }
    }
    state.groups[group].rounds = 0;

    // A hand-made event may have no members: treat its ID as one alert.
    EventMember alone;
    std::span<const EventMember> members = event.members;
    if (members.empty()) {
        alone.fingerprint = event.external_id;
        alone.starts_at = event.starts_at;
        alone.ends_at = event.ends_at;
        alone.status = event.transition == Transition::resolve ? Status::resolved : Status::firing;
        members = {&alone, 1};
    }
    const bool may_open = event.transition == Transition::trigger || event.transition == Transition::acknowledge;

    std::uint32_t row = state.find(event.external_id);
    if (row == detail::HashIndex::none) {
        if (event.transition == Transition::ignore) return Observed::ignored;
        if (event.unlisted && !may_open) return Observed::not_open;  // comes with each complete message
        if (!state.make_room(now)) {
            ++state.stats.untracked;
            if (state.reports.empty() || state.reports.back().kind != LedgerReport::Kind::untracked) {
                state.reports.push_back({LedgerReport::Kind::untracked, std::string(std::string_view(event.external_id))});
            }
            return Observed::untracked;
        }
        row = state.add(event.external_id, now);
        // Rule 4: after state loss the incident may be open at the vendor, and a close does no harm there.
        if (!may_open && state.options.traits.resolves_by == ResolveBy::external_id &&
            state.options.traits.unknown_resolve == UnknownResolve::ignored) {
            state.incidents[row]->vendor = Vendor::maybe_open;
        }
    }
    State::Incident& incident = *state.incidents[row];
    if (!incident.has(detail::has_event)) state.set_coarse(incident, event.external_id, members);
    const State::MessageInfo message{cluster, group, now, receipt, may_open};
    const bool was_wanted = state.wanted(incident);
    const std::uint32_t revision = detail::revision_of(event);
    bool all_repeat = true;
    Observed strongest = Observed::ignored;
    // From weakest to strongest.
    const auto rank = [](Observed observed) {
        switch (observed) {
            case Observed::news: return 5;
            case Observed::held: return 4;
            case Observed::repeat: return 3;
            case Observed::stale: return 2;
            case Observed::not_open: return 1;
            default: return 0;
        }
    };
    for (const EventMember& member : members) {
        const std::uint64_t alert = detail::alert_key(member.fingerprint);
        const Observed observed = member.status == Status::firing ? state.fires(incident, message, alert, member, event, revision)
                                                                  : state.ends(incident, message, alert, member);
        all_repeat = all_repeat && (observed == Observed::repeat || observed == Observed::stale);
        if (rank(observed) > rank(strongest)) strongest = observed;
    }
    // An imported incident has unknown alerts: any message with its ID, for one alert or a group, replaces them.
    if (Member* const imported = incident.members.find(0, detail::any_cluster);
        imported != nullptr && imported->state == MemberState::firing &&
        (may_open || (event.transition == Transition::resolve && strongest != Observed::stale)) &&
        (!incident.has(detail::coarse) || state.options.id_needs_group_key)) {
        state.remove_member(incident, imported);
        incident.clear(detail::wants_update);  // it was open with these alerts
        all_repeat = false;
        strongest = Observed::news;
    }

    if (event.transition == Transition::acknowledge && state.wanted(incident) && incident.vendor != Vendor::acknowledged &&
        !incident.has(detail::no_acknowledge)) {
        incident.set(detail::wants_acknowledge);
        all_repeat = false;
    }
    if (all_repeat) {
        if (strongest != Observed::repeat || !state.wanted(incident)) return strongest;
        const std::uint16_t before = incident.flags;
        if (may_open) {
            if (!detail::is_open(incident.vendor)) state.keep_event(incident, event);
            state.repeated(incident, event, now);
        }
        const bool left_to_another = state.left_to_another(incident);
        if (left_to_another) state.repeated_elsewhere(incident, now);
        if (incident.flags != before) state.changed(row);
        if (incident.flags != before || left_to_another) state.schedule(row, now);
        return strongest;
    }
    incident.changed_at = now;
    if (may_open && (state.wanted(incident) || incident.held != 0)) {
        if (strongest == Observed::news || strongest == Observed::held) state.keep_event(incident, event);
    } else if (event.transition == Transition::resolve && (was_wanted || incident.event.empty()) &&
               (incident.firing == 0 || incident.event.empty())) {
        state.keep_event(incident, event);
    }
    state.changed(row);
    state.schedule(row, now);
    return strongest;
}

std::string_view Ledger::group_key(const Source& source) const {
    const State& state = *state_;
    const auto known = state.groups_by_labels.find(detail::labels_id(source.cluster, source.receiver, source.group_labels));
    return known != state.groups_by_labels.end() ? std::string_view(state.groups[known->second].key) : std::string_view{};
}

std::span<const Action> Ledger::due(UnixTime caller_now, std::size_t max_actions) {
    State& state = *state_;
    const UnixTime now = state.tick(caller_now);
    state.actions.clear();
    state.arena.clear();
    for (detail::Cluster& cluster : state.clusters) {
        if (!cluster.can_list() || state.actions.size() >= max_actions) continue;
        const Duration pause = cluster.wanted ? state.options.listing_pause : state.options.listing_interval;
        if (cluster.asked_at != detail::always && now < later(cluster.asked_at, pause)) continue;
        Action& action = state.actions.emplace_back();
        action.kind = ActionKind::list;
        action.reason = cluster.wanted ? "an alert waits for it" : "it is time for one";
        action.cluster = cluster.name;
        cluster.asked_at = now;
        cluster.wanted = false;
    }
    const auto latest_first = [](const State::Wake& a, const State::Wake& b) { return a.at > b.at; };
    while (!state.queue.empty()) {
        const State::Wake wake = state.queue.front();
        const bool left_over =
            wake.row >= state.incidents.size() || !state.incidents[wake.row] || state.incidents[wake.row]->wake != wake.at;
        if (!left_over && (wake.at > now || state.actions.size() >= max_actions)) break;
        std::pop_heap(state.queue.begin(), state.queue.end(), latest_first);
        state.queue.pop_back();
        if (left_over) continue;
        State::Incident& incident = *state.incidents[wake.row];
        incident.wake = detail::never;
        const Vendor vendor = incident.vendor;
        const std::uint32_t known = incident.members.size();
        const std::uint32_t waiting = incident.held + incident.ending + incident.firing;
        const State::Decision decision = state.decide(wake.row, now);
        if (decision.forget) {
            state.remove(wake.row);
            continue;
        }
        if (decision.flight != Flight::none) {
            if (incident.has(detail::by_age) && decision.flight == Flight::close) state.report(LedgerReport::Kind::closed_stale, incident);
            state.take(wake.row, decision, now);
        } else if (vendor != incident.vendor || known != incident.members.size() ||
                   waiting != incident.held + incident.ending + incident.firing) {
            state.changed(wake.row);
        }
        if (decision.wake != detail::never) state.schedule(wake.row, std::max(decision.wake, later(now, 1)));
    }
    state.sweep_groups(now);
    return state.actions;
}

void Ledger::answered(std::uint64_t ticket, const Answer& answer, UnixTime caller_now) {
    State& state = *state_;
    const UnixTime now = state.tick(caller_now);
    const auto row = static_cast<std::uint32_t>(ticket);
    if (row >= state.incidents.size() || !state.incidents[row]) return;
    State::Incident& incident = *state.incidents[row];
    if (incident.flight == Flight::none || incident.generation != ticket >> 32) return;
    if (!answer.vendor_id.empty()) incident.vendor_id = detail::OwnedText(answer.vendor_id);
    const Flight flight = incident.flight;
    const UnixTime changed_at = std::exchange(incident.changed_at, now);
    switch (answer.outcome) {
        case Outcome::accepted:
        case Outcome::already:
            if (flight == Flight::look_up) {  // the answer should have been vendor_said()
                state.fail(incident, Answer{Outcome::retry}, now);
                break;
            }
            incident.flight = Flight::none;
            incident.served = 0;
            incident.attempts = 0;
            incident.timer = 0;
            incident.clear(detail::dead | detail::no_look_up);
            if (flight == Flight::open) {
                incident.vendor = Vendor::open;
                incident.sent_at = now;
            } else if (flight == Flight::update) {
                // If a human closed it during the update, it stays closed, so that the next repeat pages.
                incident.sent_at = now;
            } else if (flight == Flight::acknowledge) {
                if (incident.vendor == Vendor::open) incident.vendor = Vendor::acknowledged;
            } else {
                incident.vendor = Vendor::closed;
                incident.vendor_id = {};
                incident.clear(detail::served_by_trigger | detail::owes_close);
            }
            break;
        case Outcome::rejected:
            incident.changed_at = flight == Flight::close ? changed_at : now;  // keep the time at which its end is forgotten
            state.reject(incident, now);
            break;
        case Outcome::retry:
        case Outcome::unknown: state.fail(incident, answer, now); break;
    }
    state.changed(row);
    state.schedule(row, now);
}

void Ledger::vendor_said(std::string_view external_id, VendorState said, UnixTime caller_now, std::string_view vendor_id) {
    State& state = *state_;
    const UnixTime now = state.tick(caller_now);
    std::uint32_t row = state.find(external_id);
    for (std::uint32_t i = 0; external_id.empty() && !vendor_id.empty() && i < state.incidents.size(); ++i) {
        if (state.incidents[i] && state.incidents[i]->vendor_id.view() == vendor_id) row = i;
    }
    if (row == detail::HashIndex::none) return;
    State::Incident& incident = *state.incidents[row];
    const bool looked_up = incident.flight == Flight::look_up;
    if (!vendor_id.empty() && !incident.vendor_id.empty() && incident.vendor_id.view() != vendor_id && !looked_up) {
        return;  // from an earlier incident with the same ID
    }
    if (!vendor_id.empty() && said != VendorState::closed) incident.vendor_id = detail::OwnedText(vendor_id);
    if (looked_up) {
        incident.flight = Flight::none;
        incident.attempts = 0;
        incident.timer = 0;
    }
    incident.changed_at = now;
    switch (said) {
        case VendorState::open:
            if (incident.vendor != Vendor::acknowledged || looked_up) incident.vendor = Vendor::open;
            break;
        case VendorState::acknowledged:
            incident.vendor = Vendor::acknowledged;
            incident.clear(detail::wants_acknowledge);
            break;
        case VendorState::closed:
            if (incident.vendor == Vendor::closed || incident.vendor == Vendor::closed_by_human) break;
            incident.vendor_id = {};
            incident.clear(detail::owes_close | detail::wants_reassert | detail::wants_update);
            if (looked_up || !state.wanted(incident)) {
                incident.vendor = Vendor::closed;
            } else {
                incident.vendor = Vendor::closed_by_human;
                incident.sent_at = now;
                state.closed_with_it(incident);
            }
            break;
    }
    state.changed(row);
    state.schedule(row, now);
}

void Ledger::import(std::span<const VendorIncident> imported, UnixTime caller_now) {
    State& state = *state_;
    const UnixTime now = state.tick(caller_now);
    for (const VendorIncident& listed : imported) {
        if (listed.external_id.empty() || listed.state == VendorState::closed) continue;
        std::uint32_t row = state.find(listed.external_id);
        if (row == detail::HashIndex::none) {
            if (!state.make_room(now)) {
                ++state.stats.untracked;
                continue;
            }
            row = state.add(listed.external_id, now);
            State::Incident& incident = *state.incidents[row];
            if (state.options.id_for != LedgerOptions::IdFor::one_alert) incident.set(detail::coarse);
            Member unnamed;
            unnamed.cluster = detail::any_cluster;
            unnamed.heard = now;
            unnamed.state = MemberState::firing;
            state.add_member(incident, unnamed);
        }
        State::Incident& incident = *state.incidents[row];
        if (incident.flight == Flight::none && !detail::is_open(incident.vendor)) {
            incident.vendor = listed.state == VendorState::acknowledged ? Vendor::acknowledged : Vendor::open;
            incident.sent_at = now;
        }
        if (!listed.vendor_id.empty()) incident.vendor_id = detail::OwnedText(listed.vendor_id);
        state.changed(row);
        state.schedule(row, now);
    }
}

void Ledger::hint(std::string_view cluster, UnixTime caller_now) {
    state_->tick(caller_now);
    for (detail::Cluster& known : state_->clusters) {
        if (known.name == cluster) known.wanted = true;
    }
}

UnixTime Ledger::next() const noexcept {
    const State& state = *state_;
    UnixTime next = state.queue.empty() ? detail::never : state.queue.front().at;
    for (const detail::Cluster& cluster : state.clusters) {
        if (!cluster.can_list()) continue;
        if (cluster.asked_at == detail::always) return detail::always;
        const Duration pause = cluster.wanted ? state.options.listing_pause : state.options.listing_interval;
        next = std::min(next, later(cluster.asked_at, pause));
    }
    return next == detail::never || state.ahead == 0 ? next : later(next, -state.ahead);
}

std::vector<LedgerReport> Ledger::reports() { return std::exchange(state_->reports, {}); }

LedgerStats Ledger::stats() const noexcept {
    const State& state = *state_;
    LedgerStats stats = state.stats;
    stats.incidents = state.incident_count;
    stats.members = state.member_count;
    stats.bytes = state.incidents.bytes() + state.queue.capacity() * sizeof(State::Wake) + state.by_external_id.bytes() +
                  state.by_alert.bytes() + state.groups_by_key.bytes() + state.groups.capacity() * sizeof(detail::Group);
    for (std::uint32_t row = 0; row < state.incidents.size(); ++row) {
        const State::Incident* const incident = state.incidents[row];
        if (incident == nullptr) continue;
        if (incident->vendor != Vendor::closed && incident->vendor != Vendor::closed_by_human) ++stats.open;
        stats.bytes += incident->external_id.far_bytes() + incident->vendor_id.size() + incident->event.bytes() + incident->members.bytes();
    }
    return stats;
}

std::vector<IncidentView> Ledger::incidents() const {
    const State& state = *state_;
    std::vector<IncidentView> views;
    views.reserve(state.incident_count);
    for (std::uint32_t row = 0; row < state.incidents.size(); ++row) {
        const State::Incident* const incident = state.incidents[row];
        if (incident == nullptr) continue;
        IncidentView& view = views.emplace_back();
        view.external_id = incident->external_id.view();
        view.vendor_id = incident->vendor_id.view();
        view.vendor = detail::vendor_words[static_cast<std::size_t>(incident->vendor)];
        view.summary = incident->event.summary();
        view.wanted_open = state.wanted(*incident) || (incident->vendor != Vendor::closed && state.may_still_fire(*incident));
        view.in_flight = incident->flight != Flight::none;
        view.attempts = incident->attempts;
        view.not_before = view.in_flight || incident->timer == 0 ? 0 : later(incident->timer, -state.ahead);
        view.firing = incident->firing + incident->ending;
        view.ended = incident->members.size() - incident->firing - incident->ending - incident->held;
    }
    return views;
}

}  // namespace alertmap
