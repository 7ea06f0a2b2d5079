#include "alertmap/explain.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/policies/redact.hpp"
#include "event_texts.hpp"

namespace alertmap {
namespace {

std::string form_of(const FieldSource& source) {
    const Result<std::string> form = source.print();
    return form ? *form : std::string("a function");
}

/// The source of a list that provided the value.
struct Chosen {
    std::string from;
    std::string reason;
};

template <class Accepts>
Chosen choose(std::string_view list, const FieldSources& sources, const Subject& subject, Arena& arena, Accepts accepts,
              std::string_view refused) {
    Chosen chosen;
    std::string tried;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string_view value = sources[i](subject, arena);
        const std::string form = form_of(sources[i]);
        if (accepts(value)) {
            chosen.from = form;
            chosen.reason = std::string(list) + "[" + std::to_string(i) + "]";
            break;
        }
        tried.append(tried.empty() ? "" : ", ").append(form);
        if (!detail::is_blank(value)) tried.append(" (").append(refused).append(")");
    }
    if (!tried.empty()) chosen.reason.append(chosen.reason.empty() ? "nothing in " : "; nothing in ").append(tried);
    return chosen;
}

bool is_not_blank(std::string_view text) { return !detail::is_blank(text); }

Chosen choose(std::string_view list, const FieldSources& sources, const Subject& subject, Arena& arena) {
    return choose(list, sources, subject, arena, is_not_blank, "");
}

template <class Policy>
Chosen chosen_by(const Policy& policy, std::string_view list, const Subject& subject, Arena& arena) {
    if (policy.function) return {"a function", std::string(list.substr(0, list.find('.'))) + ".function"};
    return choose(list, policy.from, subject, arena);
}

template <class Policy>
Chosen chosen_link(const Policy& policy, std::string_view list, const Subject& subject, Arena& arena) {
    if (policy.function) return {"a function", std::string(list.substr(0, list.find('.'))) + ".function"};
    return choose(list, policy.from, subject, arena, is_http_url, "no http or https URL");
}

Chosen explain_transition(const TransitionPolicy& policy, const Event& event, const Subject& subject, Arena& arena) {
    if (policy.function) return {"a function", "transition.function"};
    TransitionPolicy without_override = policy;
    without_override.override_key.clear();
    const Decision usual = without_override(subject, arena);
    if (usual.transition != event.transition) return {policy.override_key, "transition.override_key"};
    std::string from(name(policy.by));
    if (subject.alert == nullptr) from += " of all listed alerts";
    return {std::move(from), event.reason.empty() ? "transition.by" : "transition.by: " + std::string(event.reason)};
}

Chosen explain_severity(const SeverityPolicy& policy, const Event& event, const Subject& subject, Arena& arena) {
    if (policy.function) return {"a function", "severity.function"};
    Chosen chosen = choose("severity.from", policy.from, subject, arena);
    const std::string word(event.severity_word);
    if (word.empty()) {
        chosen.from = "fallback";
        chosen.reason.insert(0, "severity.fallback; ");
    } else {
        const bool own = std::any_of(policy.words.begin(), policy.words.end(),
                                     [&](const SeverityWord& known) { return detail::is_same_word(known.word, word); });
        const bool known = severity_of_word(word).has_value();
        chosen.reason += own ? "; severity.words" : known ? "; a known word" : "; an unknown word: severity.fallback";
        if (chosen.from.empty()) chosen.from = "the highest of the alerts";
    }
    return chosen;
}

Chosen explain_external_id(const ExternalIdPolicy& policy, const Event& event, const Subject& subject, Arena& arena) {
    if (subject.unlisted) return {"group_key", "the unlisted alerts of a group have an ID of their own"};
    Chosen chosen;
    if (policy.function) {
        chosen = {"a function", "external_id.function"};
    } else if (policy.combine) {
        for (const FieldSource& source : policy.from) chosen.from.append(chosen.from.empty() ? "" : " / ").append(form_of(source));
        chosen.reason = "external_id.from, combined";
    } else {
        chosen = choose("external_id.from", policy.from, subject, arena);
    }
    if (chosen.from.empty()) chosen.from = subject.alert != nullptr ? "fingerprint" : "group_key_hash";
    ExternalIdPolicy unlimited = policy;
    unlimited.max_length = 0;
    if (!policy.scope.empty()) chosen.reason += "; external_id.scope";
    if (policy.max_length != 0 && unlimited(subject, arena).size() > policy.max_length) {
        chosen.reason += "; longer than external_id.max_length: its SHA-256";
    } else if (unlimited(subject, arena) != event.external_id) {
        chosen.reason += "; redacted: its SHA-256";
    }
    return chosen;
}

Chosen explain_description(const DescriptionPolicy& policy, const Event& event, const Subject& subject, Arena& arena) {
    Chosen chosen = chosen_by(policy, "description.from", subject, arena);
    if (subject.alert == nullptr && !policy.function && first_of(policy.from, subject, arena) != event.description &&
        !event.description.empty()) {
        chosen = {"one line for each alert", "description.lines"};
    }
    return chosen;
}

Chosen explain_notify(const NotifyPolicy& policy, const Event& event, const Subject& subject, Arena& arena) {
    if (policy.function) return {"a function", "notify.function"};
    NotifyPolicy annotation_only = policy;
    annotation_only.table.clear();
    annotation_only.fixed.clear();
    NotifyPolicy no_fixed = policy;
    no_fixed.fixed.clear();
    Chosen chosen;
    if (!annotation_only(subject, arena).targets.empty()) {
        chosen = {"annotation:" + policy.annotation, "notify.annotation"};
    } else if (!no_fixed(subject, arena).targets.empty()) {
        chosen = choose("notify.by", policy.by, subject, arena);
        chosen.reason += "; notify.table";
    } else if (!policy.fixed.empty()) {
        chosen = {"fixed", "notify.fixed"};
    }
    if (!event.mapping_note.empty()) chosen.reason.append(chosen.reason.empty() ? "" : "; ").append(event.mapping_note);
    return chosen;
}

Chosen explain_labels(const LabelsPolicy& policy) {
    if (policy.function) return {"a function", "labels.function"};
    Chosen chosen{{}, "labels.from"};
    for (LabelSet set : policy.from) chosen.from.append(chosen.from.empty() ? "" : ", ").append(name(set));
    if (!policy.include.empty()) chosen.reason += ", labels.include";
    if (!policy.exclude.empty()) chosen.reason += ", labels.exclude";
    if (!policy.rename.empty()) chosen.reason += ", labels.rename";
    if (!policy.add.empty()) chosen.reason += ", labels.add";
    return chosen;
}

}  // namespace

std::vector<ExplainedMember> explain(const Mapper& map, const Subject& subject, Arena& arena) {
    const Mapping& mapping = map.mapping();
    const Event event = map(subject, arena);
    std::vector<ExplainedMember> out;
    const auto add = [&](std::string_view member, std::string_view value, Chosen chosen) {
        out.push_back({member, std::string(value), std::move(chosen.from), std::move(chosen.reason)});
    };
    add("transition", name(event.transition), explain_transition(mapping.transition, event, subject, arena));
    add("severity", name(event.severity), explain_severity(mapping.severity, event, subject, arena));
    if (!event.priority.empty()) {
        add("priority", event.priority,
            mapping.priority.function ? Chosen{"a function", "priority.function"} : Chosen{"severity", "priority.words"});
    }
    Chosen summary = chosen_by(mapping.summary, "summary.from", subject, arena);
    if (subject.unlisted) summary = {"the unlisted alerts of the group", {}};
    if (summary.from.empty()) summary.from = name(FieldKind::alertmanager_subject);
    add("summary", event.summary, std::move(summary));
    add("description", event.description, explain_description(mapping.description, event, subject, arena));
    add("external_id", event.external_id, explain_external_id(mapping.external_id, event, subject, arena));
    add("url", event.url, chosen_link(mapping.url, "url.from", subject, arena));
    add("runbook_url", event.runbook_url, chosen_link(mapping.runbook_url, "runbook_url.from", subject, arena));
    add("source", event.source, choose("source", mapping.source, subject, arena));
    add("service", event.service, choose("service", mapping.service, subject, arena));
    if (!event.location.empty()) add("location", event.location, chosen_by(mapping.location, "location.from", subject, arena));
    add("client", event.client, {"literal", "client"});
    std::string names;
    for (const Label& label : event.labels) names.append(names.empty() ? "" : ", ").append(label.name);
    add("labels", names, explain_labels(mapping.labels));
    std::string targets;
    for (const NotifyTarget& target : event.notify) {
        targets.append(targets.empty() ? "" : ", ").append(target.type).append(" ").append(target.id);
    }
    add("notify", targets, explain_notify(mapping.notify, event, subject, arena));
    if (!event.page) {
        const bool quiet = mapping.quiet(subject, arena);
        add("page", "no", quiet ? Chosen{"labels", "quiet"} : Chosen{mapping.transition.override_key, "transition"});
    }
    if (event.heartbeat) add("heartbeat", "yes", {"labels", "heartbeat"});
    return out;
}

// ---- From event to payload

namespace {

struct Leaf {
    std::string path;
    std::string_view raw;
};

/// The scalar values of a JSON text, with their paths.
class Leaves {
 public:
    explicit Leaves(std::string_view text) : json_(text) { complete_ = value() && json_.finish(); }

    std::vector<Leaf> found;
    [[nodiscard]] bool complete() const noexcept { return complete_; }

 private:
    bool value() {
        const std::size_t outer = path_.size();
        switch (json_.type()) {
            case detail::JsonType::object: {
                if (++depth_ > 32) return false;
                std::string name;
                for (json_.begin_object(); json_.next_member(name);) {
                    path_.append(path_.empty() ? "" : ".").append(name);
                    if (!value()) return false;
                    path_.resize(outer);
                }
                break;
            }
            case detail::JsonType::array: {
                if (++depth_ > 32) return false;
                json_.begin_array();
                for (std::size_t i = 0; json_.next_element(); ++i) {
                    path_.append("[").append(std::to_string(i)).append("]");
                    if (!value()) return false;
                    path_.resize(outer);
                }
                break;
            }
            default: {
                std::string_view raw;
                if (!json_.skip(raw)) return false;
                found.push_back({path_, raw});
                return true;
            }
        }
        --depth_;
        return !json_.failed();
    }

    detail::JsonReader json_;
    std::string path_;
    int depth_ = 0;
    bool complete_ = false;
};

/// The values of an Alertmanager message by path. Strings are compared decoded.
class MessageValues {
 public:
    /// Of the alerts, only `count` from `first` on; they are numbered from alerts[0]. Elements that are not objects are skipped, as in the
    /// parser.
    explicit MessageValues(std::string_view json, std::size_t first, std::size_t count) {
        constexpr std::string_view alerts = "alerts[";
        while (!json.empty() && detail::is_space(json.front())) json.remove_prefix(1);
        const bool is_array = json.starts_with('[');
        Leaves leaves(json);
        complete_ = leaves.complete();
        std::size_t passed = 0;
        std::size_t last_passed = 0;
        for (Leaf& leaf : leaves.found) {
            if (is_array) leaf.path.insert(0, "alerts");
            if (leaf.path.starts_with(alerts)) {
                const std::size_t end = leaf.path.find(']');
                std::size_t index = 0;
                std::from_chars(leaf.path.data() + alerts.size(), leaf.path.data() + end, index);
                if (leaf.path.size() == end + 1 || leaf.path[end + 1] == '[') {
                    if (passed == 0 || index != last_passed) ++passed;
                    last_passed = index;
                    continue;
                }
                index -= passed;
                if (index < first || index - first >= count) continue;
                leaf.path.replace(alerts.size(), end - alerts.size(), std::to_string(index - first));
            }
            at_.emplace(leaf.path, found.size());
            found.push_back(std::move(leaf));
        }
    }

    std::vector<Leaf> found;
    [[nodiscard]] bool complete() const noexcept { return complete_; }
    [[nodiscard]] const Leaf* find(const std::string& path) const {
        const auto at = at_.find(path);
        return at == at_.end() ? nullptr : &found[at->second];
    }
    /// True if the values are equal, or both missing.
    static bool is_same(const Leaf* a, const Leaf* b) {
        if (a == nullptr || b == nullptr) return a == b;
        if (a->raw == b->raw) return true;
        detail::JsonReader left(a->raw);
        detail::JsonReader right(b->raw);
        std::string left_text;
        std::string right_text;
        if (left.type() != detail::JsonType::string || right.type() != detail::JsonType::string) return false;
        return left.string(left_text) && right.string(right_text) && left_text == right_text;
    }

 private:
    std::unordered_map<std::string, std::size_t> at_;
    bool complete_ = false;
};

/// The reason why a forward writes a value differently from the group.
std::string_view reason_of_forward(std::string_view path, ForwardChange::Kind kind) {
    if (path == "status") return "alerts of the group fire, or may fire without being listed";
    if (path == "groupKey") return "made of the labels, as the sender gave none";
    if (path == "groupLabels.alertname") return "receivers take the title from it";
    if (path == "version") return "as the receiver expects it";
    if (path.starts_with("alerts[") && path.ends_with(".endsAt")) return "when it ends, for the receiver";
    if (kind == ForwardChange::Kind::left_out) return "not a part of what the receiver takes, or no room for it";
    return kind == ForwardChange::Kind::added ? "the receiver wants it" : "as the receiver wants it";
}

bool ends_in_ellipsis(std::string_view raw) { return raw.ends_with("\u2026\"") || raw.ends_with("\\u2026\"") || raw.ends_with("...\""); }

}  // namespace

std::vector<PayloadField> payload_fields(const AnyTarget& target, const Event& event) {
    std::vector<PayloadField> fields;
    Buffer payload;
    if (!target.write(event, payload)) return fields;
    const Leaves before(payload.view());
    if (!before.complete()) return fields;

    const auto compare = [&](std::string_view member, const Event& changed, std::string_view text) {
        Buffer other;
        if (!target.write(changed, other)) return;
        const Leaves after(other.view());
        for (const Leaf& leaf : before.found) {
            const auto same = std::find_if(after.found.begin(), after.found.end(), [&](const Leaf& one) { return one.path == leaf.path; });
            if (same != after.found.end() && same->raw == leaf.raw) continue;
            const bool cut = ends_in_ellipsis(leaf.raw) && !text.ends_with("\u2026") && !text.ends_with("...");
            fields.push_back({leaf.path, member, cut});
        }
    };
    {
        Event changed = event;
        changed.severity = event.severity == Severity::critical ? Severity::info : Severity::critical;
        changed.severity_word = {};
        changed.priority = {};
        compare("severity", changed, {});
    }
    for (const detail::EventText& text : detail::event_texts) {
        const std::string_view value = event.*text.member;
        if (value.empty() || text.member == &Event::severity_word) continue;
        // Inserted in front, because truncation keeps the front; a link must stay a link. Coordinates are removed.
        const std::string marked = std::string(text.use == detail::TextUse::link ? "https://x" : "x") + "~" + std::string(value);
        Event changed = event;
        changed.*text.member = text.use == detail::TextUse::exact ? std::string_view() : std::string_view(marked);
        compare(text.name, changed, value);
    }
    for (const auto& [member, pointer] : {std::pair{"starts_at", &Event::starts_at}, std::pair{"ends_at", &Event::ends_at}}) {
        if (!(event.*pointer).is_set) continue;
        Event changed = event;
        changed.*pointer = *parse_timestamp("2001-02-03T04:05:06Z");
        compare(member, changed, {});
    }
    if (!event.labels.empty()) {
        std::vector<Label> labels(event.labels.begin(), event.labels.end());
        std::vector<std::string> values;
        values.reserve(labels.size());
        for (Label& label : labels) label.value = std::string_view(values.emplace_back("~" + std::string(label.value)));
        Event changed = event;
        changed.labels = {labels.data(), labels.size()};
        compare("labels", changed, {});
    }
    if (!event.notify.empty()) {
        Event changed = event;
        changed.notify = {};
        compare("notify", changed, {});
    }
    return fields;
}

namespace {

/// The message after each step: received, rewritten as Alertmanager would, mapped, split, written by the forward.
using HandedOn = std::array<MessageValues, 5>;

void add_change(std::vector<ForwardChange>& changes, const HandedOn& steps, std::size_t part, const std::string& path) {
    const Leaf* before = steps.front().find(path);
    const Leaf* after = steps.back().find(path);
    if (MessageValues::is_same(before, after)) return;
    using Kind = ForwardChange::Kind;
    ForwardChange change;
    change.part = part;
    change.path = path;
    change.kind = before == nullptr ? Kind::added : after == nullptr ? Kind::left_out : Kind::changed;
    const auto differs = [&](std::size_t step) { return !MessageValues::is_same(steps[step - 1].find(path), steps[step].find(path)); };
    const auto add = [&change](std::string_view reason) { change.reason.append(change.reason.empty() ? "" : "; ").append(reason); };
    if (differs(1) && path.ends_with(".fingerprint")) {
        add("computed from the labels, as the sender gave none");
    } else if (differs(1)) {
        add(change.kind == Kind::added ? "Alertmanager always writes it" : "as it was read: see the warnings");
    }
    const bool hidden = differs(2);
    if (hidden) add("the mapping's labels or redact");
    // A part differs from the group in its status only.
    if (differs(3)) add(reason_of_forward(path, change.kind));
    if (differs(4)) add(reason_of_forward(path, change.kind));
    if (after != nullptr) {
        change.value = after->raw;
    } else if (!hidden) {
        change.value = before->raw;
    }
    changes.push_back(std::move(change));
}

}  // namespace

std::vector<ForwardChange> forward_changes(const AnyForward& forward, std::string_view body, const AlertGroup& group,
                                           const Mapping& mapping) {
    std::vector<ForwardChange> changes;
    Arena arena;
    Buffer as_read;
    Buffer as_mapped;
    Buffer as_split;
    Buffer sent;
    const AlertGroup mapped = filtered(group, mapping, arena);
    write_group(group, as_read);
    write_group(mapped, as_mapped);
    std::size_t number = 0;
    std::size_t first = 0;
    for (const AlertGroup& part : split(mapped, forward.max_alerts())) {
        const std::size_t count = part.alerts.size();
        as_split.clear();
        write_group(part, as_split);
        sent.clear();
        if (forward.write(part, sent)) {
            const HandedOn steps = {MessageValues(body, first, count), MessageValues(as_read, first, count),
                                    MessageValues(as_mapped, first, count), MessageValues(as_split, 0, count),
                                    MessageValues(sent, 0, count)};
            for (const Leaf& leaf : steps.back().found) add_change(changes, steps, number, leaf.path);
            for (const Leaf& leaf : steps.front().found) {
                if (steps.back().find(leaf.path) == nullptr) add_change(changes, steps, number, leaf.path);
            }
        }
        ++number;
        first += count;
    }
    return changes;
}

}  // namespace alertmap
