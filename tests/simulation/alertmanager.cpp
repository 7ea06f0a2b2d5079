#include "simulation/alertmanager.hpp"

#include <algorithm>
#include <cstdlib>

namespace simulation {

namespace {

constexpr Time clean_interval = 30 * second;
constexpr Time maintenance_interval = 15 * minute;
constexpr Time provider_gc_interval = 30 * minute;
constexpr Time min_timeout = 10 * second;

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

/// Go's regexp.QuoteMeta.
std::string quote_meta(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

/// True if the sorted `whole` contains the sorted `part`.
bool subset(const std::vector<int>& part, const std::vector<int>& whole) {
    return std::includes(whole.begin(), whole.end(), part.begin(), part.end());
}

}  // namespace

std::string Route::key() const {
    if (matcher.label.empty()) return "{}";
    return "{}/{" + matcher.label + (as_regex ? "=~" : "=") + quoted(matcher.value) + "}";
}

Alertmanager::Alertmanager(int index, int position, const std::vector<AlertDef>& alerts, const AlertmanagerOptions& options,
                           Schedule& schedule, int first_kind, AlertmanagerHost& host, std::uint64_t seed)
    : index_(index),
      position_(position),
      alerts_(&alerts),
      options_(options),
      schedule_(&schedule),
      first_kind_(first_kind),
      host_(&host),
      random_(seed),
      held_(alerts.size()) {}

void Alertmanager::start(Time now) {
    up_ = true;
    started_ = now;
    ++generation_;
    ++version_;
    ask(now + clean_interval, clean, 0, 0);
    ask(now + maintenance_interval, maintain, 0, 0);
}

void Alertmanager::stop(Keeps keeps) {
    up_ = false;
    ++generation_;
    ++version_;
    groups_.clear();
    std::fill(held_.begin(), held_.end(), HeldAlert{});  // alerts are only in memory
    if (keeps == Keeps::nothing) {
        log_.clear();
        snapshot_.clear();
    } else if (keeps == Keeps::old_log) {
        log_ = snapshot_;
    }
}

void Alertmanager::reload(const AlertmanagerOptions& options, Time now) {
    options_ = options;
    if (!up_) return;
    ++generation_;
    ++version_;
    groups_.clear();
    ask(now + clean_interval, clean, 0, 0);
    ask(now + maintenance_interval, maintain, 0, 0);
    // The new dispatcher subscribes and receives all alerts of the provider, including resolved ones.
    for (const HeldAlert& alert : held_) {
        if (alert.updated != 0) dispatch(alert, now);
    }
}

void Alertmanager::put(const Post& post, Time now) {
    if (!up_) return;
    HeldAlert alert{post.alert, post.starts, post.ends, now, false};
    if (alert.starts == 0) alert.starts = alert.ends == 0 ? now : alert.ends;
    if (alert.ends == 0) {
        alert.timeout = true;
        alert.ends = now + options_.resolve_timeout;
    }
    HeldAlert& old = held_[static_cast<std::size_t>(post.alert)];
    if (old.updated != 0) {
        const bool ends_within = alert.ends > old.starts && alert.ends < old.ends;
        const bool starts_within = alert.starts > old.starts && alert.starts < old.ends;
        if (ends_within || starts_within) {
            HeldAlert merged = alert;
            merged.starts = std::min(merged.starts, old.starts);
            if (alert.resolved(now)) {
                if (old.resolved(now) && old.ends > alert.ends) merged.ends = old.ends;
            } else if (old.ends > alert.ends && !old.timeout) {
                merged.ends = old.ends;
            }
            alert = merged;
        }
    }
    old = alert;
    ++version_;
    dispatch(alert, now);
}

void Alertmanager::dispatch(const HeldAlert& alert, Time now) {
    const AlertDef& def = (*alerts_)[static_cast<std::size_t>(alert.alert)];
    for (std::size_t r = 0; r < options_.routes.size(); ++r) {
        const Route& route = options_.routes[r];
        if (!route.matcher.matches(def)) continue;
        const std::string key = group_key(route, alert.alert);
        auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) { return g.alive && g.route == r && g.key == key; });
        if (group == groups_.end()) {
            group = std::find_if(groups_.begin(), groups_.end(), [](const Group& g) { return !g.alive && !g.busy; });
            const std::uint64_t timer = group == groups_.end() ? 0 : group->timer + 1;
            const std::uint64_t flight = group == groups_.end() ? 0 : group->flight + 1;
            if (group == groups_.end()) group = groups_.insert(groups_.end(), Group{});
            *group = Group{};
            group->timer = timer;
            group->flight = flight;
            group->route = r;
            group->key = key;
            group->labels = "{";
            std::vector<std::string> names = route.group_by;
            std::sort(names.begin(), names.end());
            for (const std::string& name : names) {
                if (def.label(name).empty()) continue;
                if (group->labels.size() > 1) group->labels += ',';
                append_json(group->labels, name);
                group->labels += ':';
                append_json(group->labels, def.label(name));
            }
            group->labels += '}';
            set_timer(*group, now + route.group_wait);
        }
        insert(*group, alert, now);
    }
}

std::string Alertmanager::group_key(const Route& route, int alert) const {
    const AlertDef& def = (*alerts_)[static_cast<std::size_t>(alert)];
    std::vector<std::string> names = route.group_by;
    std::sort(names.begin(), names.end());
    std::string key = route.key() + ":{";
    bool first = true;
    for (const std::string& name : names) {
        const std::string_view value = def.label(name);
        if (value.empty()) continue;
        if (!first) key += ", ";
        first = false;
        key += name + "=" + quoted(value);
    }
    return key + "}";
}

std::vector<std::string> Alertmanager::group_keys(int alert) const {
    std::vector<std::string> keys;
    for (const Route& route : options_.routes) {
        if (route.matcher.matches((*alerts_)[static_cast<std::size_t>(alert)])) keys.push_back(group_key(route, alert));
    }
    return keys;
}

void Alertmanager::set_timer(Group& group, Time at) {
    group.next = at;
    ask(at, tick, static_cast<int>(&group - groups_.data()), ++group.timer);
}

void Alertmanager::insert(Group& group, const HeldAlert& alert, Time now) {
    const auto same = std::find_if(group.alerts.begin(), group.alerts.end(), [&](const HeldAlert& a) { return a.alert == alert.alert; });
    if (same != group.alerts.end()) {
        *same = alert;
    } else {
        group.alerts.push_back(alert);
    }
    if (!group.flushed) margin_ = std::min(margin_, std::abs(alert.starts + options_.routes[group.route].group_wait - now));
    if (!group.flushed && alert.starts + options_.routes[group.route].group_wait < now) set_timer(group, now);
}

void Alertmanager::step(const Step& step) {
    if (!up_ || (step.c >> 32) != generation_) return;
    const std::uint64_t number = step.c & 0xffffffff;
    const auto kind = static_cast<Kind>(step.kind - first_kind_);
    const auto at = static_cast<std::size_t>(step.b);
    if (kind == clean) {
        for (Group& group : groups_) {
            // A group that is being flushed is stopped afterwards; then it has no alerts.
            if (group.alive && group.alerts.empty() && !group.busy) {
                group.alive = false;
                ++group.timer;
            }
        }
        ask(step.at + clean_interval, clean, 0, 0);
        return;
    }
    if (kind == maintain) {
        std::erase_if(log_, [&](const auto& entry) { return entry.second.expires <= step.at; });
        snapshot_ = log_;
        if ((step.at - started_) / maintenance_interval % (provider_gc_interval / maintenance_interval) == 0) {
            for (HeldAlert& alert : held_) {
                if (alert.updated != 0 && alert.resolved(step.at)) alert = HeldAlert{};
            }
        }
        ask(step.at + maintenance_interval, maintain, 0, 0);
        return;
    }
    Group& group = groups_[at];
    if (kind == tick) {
        if (number != group.timer || !group.alive) return;
        if (group.busy) {
            group.pending = true;
        } else {
            flush(group, step.at);
        }
        return;
    }
    if (number != group.flight || !group.busy) return;
    switch (kind) {
        case waited: dedup(group, step.at); break;
        case attempt: send(group, step.at); break;
        case answered: on_answer(group, step.at); break;
        default: break;
    }
}

void Alertmanager::flush(Group& group, Time now) {
    const Route& route = options_.routes[group.route];
    set_timer(group, now + route.group_interval);
    group.flushed = true;
    group.last = now;
    if (group.alerts.empty()) return;

    group.all = group.alerts;
    for (HeldAlert& alert : group.all) {
        if (alert.ends != 0) margin_ = std::min(margin_, alert.ends > now ? alert.ends - now : now - alert.ends);
        if (!alert.resolved(now)) alert.ends = 0;
    }
    for (const Silence& silence : silences_) {
        margin_ = std::min({margin_, std::abs(silence.active.from - now), std::abs(silence.active.to - now)});
    }
    std::sort(group.all.begin(), group.all.end(), [&](const HeldAlert& a, const HeldAlert& b) {
        return listed_before((*alerts_)[static_cast<std::size_t>(a.alert)], (*alerts_)[static_cast<std::size_t>(b.alert)]);
    });
    group.sending.clear();
    if (!within(route.muted, now)) {
        for (const HeldAlert& alert : group.all) {
            if (!suppressed(alert.alert, now)) group.sending.push_back(alert);
        }
    }
    if (group.sending.empty()) {
        finish(group, true, now);
        return;
    }
    const Time wait = position_ * options_.peer_timeout;
    group.deadline = now + std::max(route.group_interval, min_timeout) + wait;
    group.backoff = 500;
    group.busy = true;
    ++group.flight;
    if (wait != 0) {
        ask(now + wait, waited, static_cast<int>(&group - groups_.data()), group.flight);
    } else {
        dedup(group, now);
    }
}

std::string Alertmanager::log_key(const Group& group) const { return options_.routes[group.route].receiver + "|" + group.key; }

bool Alertmanager::needs_update(const Group& group, const LogEntry* entry, Time now) const {
    const Route& route = options_.routes[group.route];
    if (entry == nullptr) return !group.firing.empty();
    if (!subset(group.firing, entry->firing)) return true;
    if (group.firing.empty()) return !entry->firing.empty();
    if (route.send_resolved && !subset(group.resolved, entry->resolved)) return true;
    return entry->at < now - route.repeat_interval;
}

void Alertmanager::dedup(Group& group, Time now) {
    group.firing.clear();
    group.resolved.clear();
    for (const HeldAlert& alert : group.sending) (alert.resolved(now) ? group.resolved : group.firing).push_back(alert.alert);
    std::sort(group.firing.begin(), group.firing.end());
    std::sort(group.resolved.begin(), group.resolved.end());
    const auto entry = log_.find(log_key(group));
    if (entry != log_.end()) margin_ = std::min(margin_, std::abs(entry->second.at + options_.routes[group.route].repeat_interval - now));
    if (!needs_update(group, entry == log_.end() ? nullptr : &entry->second, now)) {
        finish(group, true, now);
        return;
    }
    if (!options_.routes[group.route].send_resolved) {
        if (group.firing.empty()) {
            log(group, now);
            finish(group, true, now);
            return;
        }
        std::erase_if(group.sending, [&](const HeldAlert& alert) { return alert.resolved(now); });
    }
    send(group, now);
}

void Alertmanager::send(Group& group, Time now) {
    write_body(group, now);
    const auto [at, answer] = host_->post({index_, body_, &group.key, &listed_, group.deadline}, now);
    const int place = static_cast<int>(&group - groups_.data());
    group.answer = at > group.deadline ? Answer::fail : answer;
    ask(std::min(at, group.deadline), answered, place, group.flight);
}

void Alertmanager::on_answer(Group& group, Time now) {
    if (group.answer == Answer::ok) {
        log(group, now);
        finish(group, true, now);
        return;
    }
    const int place = static_cast<int>(&group - groups_.data());
    if (group.answer == Answer::retry) {
        const Time pause = group.backoff / 2 + random_.between(0, group.backoff);
        group.backoff = std::min(group.backoff * 3 / 2, 60 * second);
        if (now + pause < group.deadline) {
            ask(now + pause, attempt, place, group.flight);
            return;
        }
        group.answer = Answer::fail;
        ask(group.deadline, answered, place, group.flight);
        return;
    }
    finish(group, false, now);
}

void Alertmanager::log(Group& group, Time now) {
    const Time expires = now + std::min(options_.retention, 2 * options_.routes[group.route].repeat_interval);
    LogEntry& entry = log_[log_key(group)];
    entry = {group.firing, group.resolved, now, expires};
    host_->logged(*this, log_key(group), entry, now);
}

void Alertmanager::merge(const std::string& key, const LogEntry& entry) {
    if (!up_) return;
    const auto [mine, is_new] = log_.try_emplace(key, entry);
    if (!is_new && mine->second.at < entry.at) mine->second = entry;
}

void Alertmanager::finish(Group& group, bool success, Time now) {
    group.busy = false;
    ++group.flight;
    if (success) {
        for (const HeldAlert& sent : group.all) {
            if (!sent.resolved(now)) continue;
            // Unless it was inserted again since.
            std::erase_if(group.alerts, [&](const HeldAlert& a) { return a.alert == sent.alert && a.updated == sent.updated; });
        }
    }
    if (group.pending) {
        group.pending = false;
        flush(group, now);
    }
}

const HeldAlert* Alertmanager::active(int alert, Time now) const noexcept {
    const HeldAlert& held = held_[static_cast<std::size_t>(alert)];
    return up_ && held.updated != 0 && !held.resolved(now) ? &held : nullptr;
}

bool Alertmanager::suppressed(int alert, Time now) const noexcept {
    const AlertDef& def = (*alerts_)[static_cast<std::size_t>(alert)];
    for (const Silence& silence : silences_) {
        if (silence.active.has(now) && silence.matcher.matches(def)) return true;
    }
    if (!options_.inhibit || def.label("severity") != "warning") return false;
    for (const HeldAlert& other : held_) {
        if (other.updated == 0 || other.resolved(now)) continue;
        const AlertDef& source = (*alerts_)[static_cast<std::size_t>(other.alert)];
        if (source.label("severity") == "critical" && source.label("service") == def.label("service")) return true;
    }
    return false;
}

bool Alertmanager::mute_time(int alert, Time now) const noexcept {
    return std::any_of(options_.routes.begin(), options_.routes.end(), [&](const Route& route) {
        return route.matcher.matches((*alerts_)[static_cast<std::size_t>(alert)]) && within(route.muted, now);
    });
}

Time Alertmanager::nearest_tick(Time at) const noexcept {
    Time nearest = (at - started_) % clean_interval;
    nearest = std::min(nearest, clean_interval - nearest);
    for (const Group& group : groups_) {
        if (!group.alive) continue;
        nearest = std::min(nearest, std::abs(group.next - at));
        if (group.flushed) nearest = std::min(nearest, std::abs(at - group.last));
    }
    return nearest;
}

void Alertmanager::write_body(const Group& group, Time now) {
    const Route& route = options_.routes[group.route];
    const std::size_t count = route.max_alerts == 0 ? group.sending.size() : std::min(route.max_alerts, group.sending.size());
    listed_.clear();
    bool any_firing = false;
    for (std::size_t i = 0; i < count; ++i) {
        const HeldAlert& alert = group.sending[i];
        listed_.push_back({alert.alert, alert.starts, !alert.resolved(now)});
        any_firing = any_firing || listed_.back().firing;
    }
    const auto common = [&](const AlertDef::Pairs AlertDef::*set) {
        const AlertDef& first = (*alerts_)[static_cast<std::size_t>(listed_[0].alert)];
        body_ += '{';
        for (const auto& pair : first.*set) {
            const bool shared = std::all_of(listed_.begin(), listed_.end(), [&](const Listed& listed) {
                const AlertDef::Pairs& other = (*alerts_)[static_cast<std::size_t>(listed.alert)].*set;
                return std::find(other.begin(), other.end(), pair) != other.end();
            });
            if (!shared) continue;
            if (body_.back() != '{') body_ += ',';
            append_json(body_, pair.first);
            body_ += ':';
            append_json(body_, pair.second);
        }
        body_ += '}';
    };
    body_ = "{\"receiver\":";
    append_json(body_, quote_meta(route.receiver));
    body_ += any_firing ? ",\"status\":\"firing\",\"alerts\":[" : ",\"status\":\"resolved\",\"alerts\":[";
    for (std::size_t i = 0; i < count; ++i) {
        const HeldAlert& alert = group.sending[i];
        const AlertDef& def = (*alerts_)[static_cast<std::size_t>(alert.alert)];
        if (i != 0) body_ += ',';
        body_ += listed_[i].firing ? "{\"status\":\"firing\"," : "{\"status\":\"resolved\",";
        body_ += def.json;
        body_ += ",\"startsAt\":\"";
        append_time(body_, alert.starts);
        body_ += "\",\"endsAt\":\"";
        append_time(body_, alert.ends);
        body_ += "\",\"generatorURL\":";
        append_json(body_, def.generator_url);
        body_ += ",\"fingerprint\":\"" + def.fingerprint + "\"}";
    }
    body_ += "],\"groupLabels\":";
    body_ += group.labels;
    body_ += ",\"commonLabels\":";
    common(&AlertDef::labels);
    body_ += ",\"commonAnnotations\":";
    common(&AlertDef::annotations);
    body_ += ",\"externalURL\":";
    append_json(body_, options_.external_url);
    body_ += ",\"version\":\"4\",\"groupKey\":";
    append_json(body_, group.key);
    body_ += ",\"truncatedAlerts\":" + std::to_string(group.sending.size() - count) + "}\n";
}

std::string Alertmanager::listing(Time now) const {
    std::string out = "[";
    for (const HeldAlert& held : held_) {
        if (held.updated == 0 || held.resolved(now)) continue;
        const AlertDef& def = (*alerts_)[static_cast<std::size_t>(held.alert)];
        if (out.size() > 1) out += ',';
        out += "{\"annotations\":";
        const std::size_t annotations = def.json.find(",\"annotations\":");
        out.append(def.json, annotations + 15);
        out += ",\"endsAt\":\"";
        append_time(out, held.ends);
        out += "\",\"fingerprint\":\"" + def.fingerprint + "\",\"receivers\":[";
        for (const Route& route : options_.routes) {
            if (!route.matcher.matches(def)) continue;
            if (out.back() != '[') out += ',';
            out += "{\"name\":";
            append_json(out, route.receiver);
            out += '}';
        }
        out += "],\"startsAt\":\"";
        append_time(out, held.starts);
        const bool muted = suppressed(held.alert, now);
        out += muted ? "\",\"status\":{\"inhibitedBy\":[],\"silencedBy\":[\"s\"],\"state\":\"suppressed\"},\"updatedAt\":\""
                     : "\",\"status\":{\"inhibitedBy\":[],\"silencedBy\":[],\"state\":\"active\"},\"updatedAt\":\"";
        append_time(out, held.updated);
        out += "\",\"generatorURL\":";
        append_json(out, def.generator_url);
        out += ',';
        out.append(def.json, 0, annotations);
        out += '}';
    }
    return out + "]\n";
}

}  // namespace simulation
