#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/ledger.hpp"

namespace test {

using namespace alertmap;

/// One history, chosen byte by byte: alerts that fire and end, messages that arrive late, twice and in any order, a vendor that fails and
/// loses answers, humans who close, listings, crashes with the state written and read back, jumping clocks. Invariant: no alert that is
/// known to be firing is closed. In the end, when everything works again, the vendor's open incidents match the firing alerts.
class LedgerTrial {
 public:
    enum class Kind { merges, opens_on_resolve, pages_again, several_alerts };

    LedgerTrial(Kind kind, const std::uint8_t* bytes, std::size_t size)
        : kind_(kind), at_(bytes), end_(bytes + size), ledger_(options(kind)) {}

    /// Empty: passed. Otherwise the failure, and a log of all events.
    std::string run() {
        while (at_ != end_ && wrong_.empty()) step();
        if (wrong_.empty()) recover();
        if (wrong_.empty()) compare();
        return wrong_.empty() ? std::string() : wrong_ + "\n" + story_;
    }

 private:
    static constexpr int alerts = 5;

    struct Message {
        int alert;
        std::int64_t starts_at;
        std::int64_t ends_at;  // 0: a trigger
        int episode;
    };
    struct Truth {
        bool fires = false;
        std::int64_t starts_at = 0;
        std::int64_t ends_at = 0;
        int episode = 0;
        int told = 0;  // the latest episode whose trigger was delivered
    };
    struct Vendor {
        bool open = false;
        bool closed_by_human = false;
        int version = 0;  // of the incident: the vendor's ID
    };
    struct Sent {
        ActionKind kind;
        std::uint64_t ticket;
        std::string id;
        UnixTime at;
    };
    struct Late {  // an answer after the timeout
        std::uint64_t ticket;
        Outcome outcome;
    };

    static LedgerOptions options(Kind kind) {
        LedgerOptions options;
        options.traits.repeat = kind == Kind::pages_again ? Repeat::pages_again : Repeat::merges;
        options.traits.unknown_resolve =
            kind == Kind::merges || kind == Kind::several_alerts ? UnknownResolve::ignored : UnknownResolve::opens;
        options.can_look_up = kind == Kind::opens_on_resolve || kind == Kind::pages_again;
        ClusterOptions cluster;
        cluster.name = "eu";
        cluster.peers = {"am-1"};
        options.clusters.push_back(cluster);
        return options;
    }

    [[nodiscard]] unsigned byte() { return at_ != end_ ? *at_++ : 0; }
    void tell(const std::string& what) {
        if (story_.size() < 100'000) story_ += std::to_string(now_ / seconds(1)) + " " + what + "\n";
    }
    void fail(const std::string& what) {
        if (wrong_.empty()) wrong_ = what;
        tell("WRONG: " + what);
    }
    static std::string name_of(int alert) { return std::string(1, static_cast<char>('a' + alert)); }
    [[nodiscard]] std::string id_of(int alert) const {
        return kind_ == Kind::several_alerts ? "group-" + std::to_string(alert % 2) : "id-" + name_of(alert);
    }
    [[nodiscard]] bool fires(const std::string& id) const {
        for (int i = 0; i < alerts; ++i) {
            if (id_of(i) == id && truth_[static_cast<std::size_t>(i)].fires) return true;
        }
        return false;
    }
    [[nodiscard]] std::int64_t wall() const { return real_ / seconds(1); }

    void pass(Duration time) {
        real_ += time;
        now_ += time;
    }

    void step() {
        const unsigned command = byte();
        const int alert = static_cast<int>(byte() % alerts);
        Truth& truth = truth_[static_cast<std::size_t>(alert)];
        switch (command % 16) {
            case 0:
            case 1:
                if (!truth.fires) {
                    pass(seconds(2));
                    truth = {true, wall(), 0, truth.episode + 1, truth.told};
                    tell(name_of(alert) + " begins");
                    waiting_.push_back({alert, truth.starts_at, 0, truth.episode});
                }
                break;
            case 2:
            case 3:
                if (truth.fires) {
                    pass(seconds(2));
                    truth.fires = false;
                    truth.ends_at = wall();
                    tell(name_of(alert) + " ends");
                    if (byte() % 4 != 0) waiting_.push_back({alert, truth.starts_at, truth.ends_at, truth.episode});  // or it is lost
                }
                break;
            case 4:
            case 5:
            case 6: deliver(byte()); break;
            case 7:
                if (truth.fires) waiting_.push_back({alert, truth.starts_at, 0, truth.episode});
                break;
            case 8:
            case 9: due(); break;
            case 10: answer(byte()); break;
            case 11: pass(seconds(1 + byte())); break;
            case 12: pass(minutes(byte() % 64)); break;
            case 13: crash(); break;
            case 14:
                // Slower than the senders' clock by at most what rule 2 allows: beyond that, their starts are considered to be in the
                // future.
                if (byte() % 4 == 0) {
                    give_up(true);
                    now_ = std::max(now_ + minutes(static_cast<std::int64_t>(byte()) - 128), real_ - minutes(4));
                }
                if (byte() % 2 == 0) list();
                break;
            default: human(alert); break;
        }
    }

    void deliver(unsigned choice) {
        if (waiting_.empty()) return;
        const std::size_t which = choice % waiting_.size();
        const Message message = waiting_[which];
        // A quarter is delivered again later.
        if (choice % 4 != 0) waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(which));
        say(message);
    }
    void say(const Message& message) {
        const std::string name = name_of(message.alert);
        const std::string id = id_of(message.alert);
        EventMember member;
        member.fingerprint = name;
        member.starts_at = timestamp(seconds(message.starts_at));
        member.status = message.ends_at != 0 ? Status::resolved : Status::firing;
        if (message.ends_at != 0) member.ends_at = timestamp(seconds(message.ends_at));
        Event event;
        event.external_id = id;
        event.summary = id;
        event.group_key = "{}:{}";
        event.transition = message.ends_at != 0 ? Transition::resolve : Transition::trigger;
        event.starts_at = member.starts_at;
        event.ends_at = member.ends_at;
        event.members = {&member, 1};
        const Observed observed = ledger_.observe({"eu", "pager", {}}, event, now_);
        Truth& truth = truth_[static_cast<std::size_t>(message.alert)];
        if (message.ends_at == 0) truth.told = std::max(truth.told, message.episode);
        tell("message: " + name + (message.ends_at != 0 ? " resolved " : " fires ") + std::to_string(message.starts_at) + ": " +
             std::string(alertmap::name(observed)));
    }

    /// A request that was not answered in time has arrived by now, or never will; its answer is late.
    void give_up(bool all = false) {
        for (std::size_t i = 0; i < sent_.size();) {
            if (!all && real_ < sent_[i].at + ledger_.options().answer_within) {
                ++i;
                continue;
            }
            const Sent sent = sent_[i];
            sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(i));
            const bool arrived = byte() % 2 == 0;
            if (arrived) apply(sent);
            if (all) {
                ledger_.answered(sent.ticket, {Outcome::unknown}, now_);
            } else {
                // A rejected look-up is never asked again, and what it was about is reported instead of closed.
                const Outcome otherwise = sent.kind == ActionKind::look_up ? Outcome::retry : Outcome::rejected;
                late_.push_back({sent.ticket, arrived ? Outcome::accepted : otherwise});
            }
        }
    }
    void due() {
        give_up();
        for (const Action& action : ledger_.due(now_)) {
            if (action.kind == ActionKind::list) continue;
            const std::string id(action.external_id);
            tell("due: " + std::string(alertmap::name(action.kind)) + " " + id + " (" + std::string(action.reason) + ")");
            if (action.kind == ActionKind::close) check_close(id, action.reason);
            if (action.event.external_id != id) fail("the event has another ID");
            sent_.push_back({action.kind, action.ticket, id, real_});
        }
        for (const Late& late : std::exchange(late_, {})) ledger_.answered(late.ticket, {late.outcome}, now_);
    }
    void check_close(const std::string& id, std::string_view reason) {
        if (reason == "an episode ended, and the next began") return;
        for (int i = 0; i < alerts; ++i) {
            const Truth& truth = truth_[static_cast<std::size_t>(i)];
            if (id_of(i) == id && truth.fires && truth.told == truth.episode)
                fail("closes " + id + ", of which " + name_of(i) + " is known to fire");
        }
    }

    /// The vendor's reaction to a request that arrives.
    void apply(const Sent& sent) {
        Vendor& vendor = vendors_[sent.id];
        if (sent.kind == ActionKind::open || sent.kind == ActionKind::update) {
            if (!vendor.open) ++vendor.version;
            vendor.open = true;
        } else if (sent.kind == ActionKind::close) {
            vendor.open = false;
        }
    }
    void answer(unsigned how) {
        give_up();
        if (sent_.empty()) return;
        const Sent sent = sent_.front();
        sent_.erase(sent_.begin());
        if (sent.kind == ActionKind::look_up) {
            if (how % 4 == 0) {
                ledger_.answered(sent.ticket, {how % 8 == 0 ? Outcome::retry : Outcome::unknown}, now_);
            } else {
                look_up(sent);
            }
            return;
        }
        switch (how % 8) {
            case 0:
                tell("fails: " + sent.id);
                ledger_.answered(sent.ticket, {Outcome::retry, {}, how % 16 == 0 ? seconds(30) : 0}, now_);
                break;
            case 1:
                tell("arrives without an answer: " + sent.id);
                apply(sent);
                ledger_.answered(sent.ticket, {Outcome::unknown}, now_);
                break;
            case 2:
                tell("lost without an answer: " + sent.id);
                ledger_.answered(sent.ticket, {Outcome::unknown}, now_);
                break;
            case 3:
                tell("rejected: " + std::string(alertmap::name(sent.kind)) + " " + sent.id);
                ledger_.answered(sent.ticket, {Outcome::rejected}, now_);
                break;
            default: accept(sent); break;
        }
    }
    void accept(const Sent& sent) {
        tell("accepted: " + std::string(alertmap::name(sent.kind)) + " " + sent.id);
        apply(sent);
        ledger_.answered(sent.ticket, {Outcome::accepted}, now_);
    }
    void look_up(const Sent& sent) {
        const bool open = vendors_[sent.id].open;
        tell("looked up: " + sent.id + (open ? " is open" : " is closed"));
        ledger_.vendor_said(sent.id, open ? VendorState::open : VendorState::closed, now_);
    }

    void crash() {
        tell("crash");
        Buffer state;
        ledger_.write(state);
        Ledger fresh(options(kind_));
        if (!fresh.read(state, now_)) fail("the state cannot be read back: " + state.str());
        ledger_ = std::move(fresh);
        // Some of the requests in flight arrived.
        for (const Sent& sent : sent_) {
            if (byte() % 2 == 0) apply(sent);
        }
        sent_.clear();
    }

    void list() {
        std::deque<std::string> texts;
        std::deque<EventMember> members;
        std::vector<ListedEvent> events;
        for (int i = 0; i < alerts; ++i) {
            const Truth& truth = truth_[static_cast<std::size_t>(i)];
            if (!truth.fires) continue;
            EventMember& member = members.emplace_back();
            member.fingerprint = texts.emplace_back(name_of(i));
            member.starts_at = timestamp(seconds(truth.starts_at));
            Event event;
            event.external_id = texts.emplace_back(id_of(i));
            event.summary = event.external_id;
            event.members = {&member, 1};
            event.starts_at = member.starts_at;
            event.group_key = "{}:{}";
            events.push_back({event, false});
        }
        ListingSource source;
        source.cluster = "eu";
        source.peer = "am-1";
        source.up_since = 1;
        source.mutes_listed = true;
        if (!recovering_) tell("listing of " + std::to_string(events.size()));
        ledger_.listed(source, events, {}, now_);
    }

    void human(int alert) {
        const std::string id = id_of(alert);
        Vendor& vendor = vendors_[id];
        const bool in_flight = std::any_of(sent_.begin(), sent_.end(), [&](const Sent& sent) { return sent.id == id; });
        if (!vendor.open || in_flight) return;
        tell("a human closes " + id);
        vendor.open = false;
        ledger_.vendor_said(id, VendorState::closed, now_);
    }

    void recover() {
        tell("recovery");
        recovering_ = true;
        // Requests in flight arrive or get lost; then Alertmanager repeats firing alerts, and listings are correct.
        while (!waiting_.empty()) {
            const Message message = waiting_.front();
            waiting_.pop_front();
            say(message);
        }
        for (int minute = 0; minute < 400 && wrong_.empty(); minute += 2) {
            pass(minutes(2));
            list();
            if (minute % 100 == 0) {
                for (int i = 0; i < alerts; ++i) {
                    const Truth& truth = truth_[static_cast<std::size_t>(i)];
                    if (truth.fires) say({i, truth.starts_at, 0, truth.episode});
                }
            }
            for (int rounds = 0; rounds < 5; ++rounds) {
                due();
                if (sent_.empty()) break;
                for (const Sent& sent : std::exchange(sent_, {})) {
                    if (sent.kind == ActionKind::look_up) {
                        look_up(sent);
                    } else {
                        accept(sent);
                    }
                }
            }
        }
    }

    void compare() {
        std::set<std::string> ids;
        for (int i = 0; i < alerts; ++i) ids.insert(id_of(i));
        for (const std::string& id : ids) {
            const bool open = vendors_[id].open;
            if (open && !fires(id)) fail(id + " is stuck open");
            if (!open && fires(id)) fail(id + " is lost");
        }
        if (wrong_.empty()) return;
        Buffer state;
        ledger_.write(state);
        story_ += state.view();
        for (const LedgerReport& report : ledger_.reports()) {
            story_.append("\nreport: ").append(alertmap::name(report.kind)).append(" ").append(report.external_id);
        }
    }

    Kind kind_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    Ledger ledger_;
    UnixTime real_ = seconds(1'000'000);  // the senders' clock
    UnixTime now_ = seconds(1'000'000);   // the service's
    std::array<Truth, alerts> truth_;
    std::deque<Message> waiting_;
    std::map<std::string, Vendor> vendors_;
    std::vector<Sent> sent_;
    std::vector<Late> late_;
    std::string story_;
    std::string wrong_;
    bool recovering_ = false;
};

}  // namespace test
