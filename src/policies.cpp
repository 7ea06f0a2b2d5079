// Policies that produce a text or a label set.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/identity.hpp"
#include "alertmap/policies/external_id.hpp"
#include "alertmap/policies/labels.hpp"
#include "alertmap/policies/location.hpp"
#include "alertmap/policies/summary.hpp"
#include "alertmap/policies/url.hpp"
#include "decimal_text.hpp"

namespace alertmap {

// ---- Summary and description

FieldSources SummaryPolicy::default_sources() { return {annotation("summary"), annotation("title"), label("alertname")}; }

Text SummaryPolicy::operator()(const Subject& subject, Arena& arena) const {
    const Text found = function ? function(subject, arena) : first_of(from, subject, arena);
    return detail::one_line(!detail::is_blank(found) ? found : alertmanager_subject(subject, arena), arena);
}

FieldSources DescriptionPolicy::default_sources() { return {annotation("description"), annotation("message")}; }

FieldSources DescriptionPolicy::default_lines() {
    return {*TextTemplate::parse(ready_texts[2].text), annotation("summary"), annotation("description"), annotation("message"),
            label("alertname")};
}

namespace {

/// One line per alert of a group.
Text alert_lines(const DescriptionPolicy& policy, const AlertGroup& group, Arena& arena) {
    if (policy.lines.empty()) return {};
    const bool any_fires = !firing(group).empty();
    std::string_view* texts = arena.array<std::string_view>(std::min(policy.max_lines, group.alerts.size()) + 1);
    std::size_t count = 0;
    std::uint64_t left_out = group.truncated_alerts;
    for (const Alert& alert : group.alerts) {
        if (any_fires && alert.status != Status::firing) continue;
        const Text line = count < policy.max_lines ? first_of(policy.lines, {&group, &alert}, arena) : Text{};
        if (line.empty()) {
            ++left_out;
        } else {
            texts[count++] = detail::one_line(line, arena);
        }
    }
    if (count == 0) return {};
    if (left_out != 0) texts[count++] = arena.concat({"and ", detail::decimal_text(left_out, arena), " more"});
    return detail::join({texts, count}, "\n", arena);
}

}  // namespace

Text DescriptionPolicy::operator()(const Subject& subject, Arena& arena) const {
    if (function) return function(subject, arena);
    const AlertGroup& group = *subject.group;
    if (subject.alert == nullptr && (group.alerts.size() > 1 || group.truncated_alerts != 0)) {
        const Text text = alert_lines(*this, group, arena);
        if (!text.empty()) return text;
    }
    return first_of(from, subject, arena);
}

// ---- External ID

namespace {

/// Escapes / and % as %2F and %25.
Text escaped_part(Text part, Arena& arena) {
    if (part.find_first_of("/%") == std::string_view::npos) return part;
    char* text = arena.allocate(3 * part.size());
    char* to = text;
    for (char c : part) {
        if (c == '/' || c == '%') {
            *to++ = '%';
            *to++ = '2';
            c = c == '/' ? 'F' : '5';
        }
        *to++ = c;
    }
    return arena.made(text, static_cast<std::size_t>(to - text));
}

Text combined(const FieldSources& sources, const Subject& subject, Arena& arena) {
    std::string_view* parts = arena.array<std::string_view>(sources.size());
    bool any = false;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Text value = sources[i](subject, arena);
        any = any || !detail::is_blank(value);
        parts[i] = i + 1 == sources.size() ? value : escaped_part(value, arena);
    }
    return any ? detail::join({parts, sources.size()}, "/", arena) : Text{};
}

/// Derived from the group alone, and different from all IDs of alerts and groups: resolving the unlisted alerts must not close anything
/// else.
Text unlisted_id(const AlertGroup& group, Arena& arena) {
    Text id = group.group_key;
    if (id.empty() && !group.group_labels.empty()) id = fingerprint(group.group_labels, arena);
    if (id.empty()) id = arena.concat({group.receiver, "/", group.external_url});
    return arena.concat({sha256_hex(id, arena), "/unlisted"});
}

/// The ID if no source has a value.
Text fallback_id(const Subject& subject, Arena& arena) {
    if (subject.alert != nullptr) return fingerprint(*subject.alert, arena);
    const AlertGroup& group = *subject.group;
    if (!group.group_key.empty()) return group_key_hash(group, arena);
    if (!group.group_labels.empty()) return sha256_hex(fingerprint(group.group_labels, arena), arena);
    // Without key and labels, a group is identified by its alerts: a resolve of other alerts must not close it.
    std::string_view* prints = arena.array<std::string_view>(group.alerts.size());
    for (std::size_t i = 0; i < group.alerts.size(); ++i) prints[i] = fingerprint(group.alerts[i], arena);
    std::sort(prints, prints + group.alerts.size());
    return sha256_hex(detail::join({prints, group.alerts.size()}, "/", arena), arena);
}

}  // namespace

FieldSources ExternalIdPolicy::default_sources() { return {FieldKind::fingerprint, FieldKind::group_key_hash}; }

Text ExternalIdPolicy::operator()(const Subject& subject, Arena& arena) const {
    Text id;
    if (subject.unlisted) {
        id = unlisted_id(*subject.group, arena);
    } else if (function) {
        id = function(subject, arena);
    } else {
        id = combine ? combined(from, subject, arena) : first_of(from, subject, arena);
    }
    if (detail::is_blank(id)) id = fallback_id(subject, arena);
    for (auto part = scope.rbegin(); part != scope.rend(); ++part)
        id = arena.concat({escaped_part((*part)(subject, arena), arena), "/", id});
    return max_length == 0 || id.size() <= max_length ? id : sha256_hex(id, arena);
}

// ---- Links and places

Text UrlPolicy::operator()(const Subject& subject, Arena& arena) const {
    if (function) {
        const Text url = function(subject, arena);
        return is_http_url(url) ? url : Text{};
    }
    for (const FieldSource& source : from) {
        const Text url = source(subject, arena);
        if (is_http_url(url)) return url;
    }
    return {};
}

namespace {

/// Digits with at most one dot, after an optional sign.
bool is_decimal(std::string_view text) noexcept {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    bool dot = false;
    bool digit = false;
    for (char c : text) {
        if (c == '.' && dot) return false;
        dot = dot || c == '.';
        digit = digit || c != '.';
        if (c != '.' && (c < '0' || c > '9')) return false;
    }
    return digit;
}

}  // namespace

bool is_coordinates(std::string_view text) noexcept {
    const std::size_t comma = text.find(',');
    if (comma == std::string_view::npos) return false;
    return is_decimal(text.substr(0, comma)) && is_decimal(detail::trim(text.substr(comma + 1)));
}

Text LocationPolicy::operator()(const Subject& subject, Arena& arena) const {
    if (function) {
        const Text text = function(subject, arena);
        return is_coordinates(text) ? text : Text{};
    }
    for (const FieldSource& source : from) {
        const Text text = source(subject, arena);
        if (is_coordinates(text)) return text;
    }
    return {};
}

// ---- Labels

namespace {

/// Removes duplicate names, keeping the first label of each; returns the new count.
std::size_t unique_names(Label* labels, std::size_t count, Arena& arena) {
    constexpr std::size_t few = 64;
    if (count <= few) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (Labels(labels, kept).find(labels[i].name) == nullptr) labels[kept++] = labels[i];
        }
        return kept;
    }
    // Sorted: pairwise comparison would take minutes for a large hostile body.
    struct Numbered {
        Label label;
        std::size_t number;
    };
    Numbered* sorted = arena.array<Numbered>(count);
    for (std::size_t i = 0; i < count; ++i) sorted[i] = {labels[i], i};
    std::sort(sorted, sorted + count, [](const Numbered& a, const Numbered& b) {
        return a.label.name != b.label.name ? a.label.name < b.label.name : a.number < b.number;
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (kept == 0 || labels[kept - 1].name != sorted[i].label.name) labels[kept++] = sorted[i].label;
    }
    return kept;
}

bool selects(const LabelsPolicy& policy, std::string_view name) {
    return (policy.include.empty() || matches_any_glob(name, policy.include)) && !matches_any_glob(name, policy.exclude);
}

Labels select_labels(const LabelsPolicy& policy, const Subject& subject, Arena& arena) {
    std::size_t capacity = policy.add.size();
    for (LabelSet set : policy.from) capacity += labels_of(subject, set).size();
    Label* labels = arena.array<Label>(capacity);
    std::size_t count = 0;
    for (LabelSet set : policy.from) {
        for (const Label& label : labels_of(subject, set)) {
            if (!selects(policy, label.name)) continue;
            labels[count] = label;
            for (const LabelsPolicy::Rename& rename : policy.rename) {
                if (rename.from != label.name) continue;
                labels[count].name = rename.to;
                break;
            }
            ++count;
        }
    }
    if (policy.from.size() > 1 || !policy.rename.empty()) count = unique_names(labels, count, arena);
    for (const LabelsPolicy::Addition& addition : policy.add) {
        if (Labels(labels, count).find(addition.name) != nullptr) continue;
        const Text value = first_of(addition.from, subject, arena);
        if (!value.empty()) labels[count++] = {addition.name, value};
    }
    return {labels, count};
}

}  // namespace

Labels LabelsPolicy::operator()(const Subject& subject, Arena& arena) const {
    if (function) return function(subject, arena);
    const bool is_unchanged = from.size() == 1 && include.empty() && exclude.empty() && rename.empty() && add.empty();
    return is_unchanged ? labels_of(subject, from[0]) : select_labels(*this, subject, arena);
}

}  // namespace alertmap
