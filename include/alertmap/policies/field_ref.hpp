#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/detail/facts.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/identity.hpp"
#include "alertmap/result.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// What one value can be read from. The first eight need a name (of the label; of `literal` it is the text itself).
enum class FieldKind : std::uint8_t {
    label,
    common_label,
    group_label,
    route_label,
    annotation,
    common_annotation,
    extra,
    literal,
    generator_url,
    external_url,
    group_key,
    group_key_hash,
    fingerprint,
    episode,
    receiver,
    status,
    starts_at,
    ends_at,
    notification_reason,
    firing,
    resolved,
    truncated,
    alertmanager_subject,
};

/// A field's word in text forms, and one line about it.
struct FieldText {
    FieldKind kind{};
    std::string_view word;
    std::string_view about;
};

/// All kinds, in the order of the enumerators.
inline constexpr std::array<FieldText, 23> field_texts = {{
    {FieldKind::label, "label", "a label of the alert; of a group: one that all its alerts share"},
    {FieldKind::common_label, "common_label", "a label that all alerts of the group share"},
    {FieldKind::group_label, "group_label", "a label that the route groups by"},
    {FieldKind::route_label, "route_label", "a label of the route (Alertmanager 0.34)"},
    {FieldKind::annotation, "annotation", "an annotation of the alert; of a group: one that all its alerts share"},
    {FieldKind::common_annotation, "common_annotation", "an annotation that all alerts of the group share"},
    {FieldKind::extra, "extra", "a member that alertmap has no field for: of the alert, else of the body"},
    {FieldKind::literal, "literal", "the text behind the colon"},
    {FieldKind::generator_url, "generator_url", "the alert's generatorURL; of a group: that of its first firing alert, else of its first"},
    {FieldKind::external_url, "external_url", "the externalURL of the Alertmanager"},
    {FieldKind::group_key, "group_key", "the groupKey"},
    {FieldKind::group_key_hash, "group_key_hash", "SHA-256 of the groupKey in hex, as Alertmanager's own notifiers use it"},
    {FieldKind::fingerprint, "fingerprint", "the alert's fingerprint, computed where none was sent; of a group: nothing"},
    {FieldKind::episode, "episode", "fingerprint and start: another one each time the alert fires again; of a group: nothing"},
    {FieldKind::receiver, "receiver", "the receiver's name, unquoted"},
    {FieldKind::status, "status", "firing or resolved, as sent"},
    {FieldKind::starts_at, "starts_at", "when it started, as sent; of a group: the earliest alert that fires"},
    {FieldKind::ends_at, "ends_at", "when it ended, as sent; of a group: the latest; nothing while it fires"},
    {FieldKind::notification_reason, "notification_reason", "why Alertmanager sent the message (0.32)"},
    {FieldKind::firing, "firing", "how many listed alerts fire; of an alert: 1 or 0"},
    {FieldKind::resolved, "resolved", "how many listed alerts are resolved; of an alert: 1 or 0"},
    {FieldKind::truncated, "truncated", "how many alerts max_alerts cut off"},
    {FieldKind::alertmanager_subject, "alertmanager_subject",
     "Alertmanager's default subject: [FIRING:2] group label values (other values)"},
}};

[[nodiscard]] constexpr std::string_view name(FieldKind kind) noexcept { return field_texts[static_cast<std::size_t>(kind)].word; }

/// Whether the kind needs a name.
[[nodiscard]] constexpr bool is_named(FieldKind kind) noexcept { return kind <= FieldKind::literal; }

/// One value of a subject: a kind and, where the kind needs it, a name. Owns its name.
struct FieldRef {
    FieldKind kind = FieldKind::literal;
    std::string name;

    /// The value: a view into the group, into this FieldRef (literal) or into the arena (hashes, counts, the subject line).
    /// Empty where the subject has none.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const FieldRef&, const FieldRef&) = default;
};

/// Alertmanager's default subject, without its stray spaces: "[FIRING:2] DiskAlmostFull eu-1 (blob-store critical)", the values of
/// the group labels and, in parentheses, of the other common ones, alertname first. An alert counts as a group of its own.
/// Never empty. In the arena.
/// Source: Alertmanager template/default.tmpl (__subject), template/template.go (KV.SortedPairs).
[[nodiscard]] inline std::string_view alertmanager_subject(const Subject& subject, Arena& arena);

namespace detail {

constexpr const FieldText* find_field(std::string_view word) noexcept {
    for (const FieldText& text : field_texts) {
        if (text.word == word) return &text;
    }
    return nullptr;
}

inline std::string_view count_text(std::uint64_t count, Arena& arena) {
    char* digits = arena.allocate(20);
    return {digits, static_cast<std::size_t>(put_decimal(digits, count) - digits)};
}

/// Values of labels in the order of Alertmanager's SortedPairs: alertname first, the others by name.
inline std::span<const std::string_view> sorted_values(const Label** labels, std::size_t count, Arena& arena) {
    std::sort(labels, labels + count, [](const Label* a, const Label* b) {
        const bool a_first = a->name == "alertname";
        const bool b_first = b->name == "alertname";
        return a_first != b_first ? a_first : a->name < b->name;
    });
    std::string_view* values = arena.array<std::string_view>(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = labels[i]->value;
    return {values, count};
}

/// The labels that `without` has none of the same name of. Sorts by name, so that large sets cost no more than they must.
inline std::span<const Label*> labels_without(Labels labels, Labels without, Arena& arena) {
    const auto by_name = [](const Label* a, const Label* b) { return a->name < b->name; };
    const Label** left_out = arena.array<const Label*>(without.size());
    for (std::size_t i = 0; i < without.size(); ++i) left_out[i] = &without[i];
    std::sort(left_out, left_out + without.size(), by_name);
    const Label** kept = arena.array<const Label*>(labels.size());
    std::size_t count = 0;
    for (const Label& label : labels) {
        if (!std::binary_search(left_out, left_out + without.size(), &label, by_name)) kept[count++] = &label;
    }
    return {kept, count};
}

}  // namespace detail

inline std::string_view alertmanager_subject(const Subject& subject, Arena& arena) {
    const AlertGroup& group = *subject.group;
    const std::span<const Label*> grouped = detail::labels_without(group.group_labels, {}, arena);
    const std::span<const Label*> other = detail::labels_without(subject.labels(), group.group_labels, arena);
    const std::string_view first = detail::join(detail::sorted_values(grouped.data(), grouped.size(), arena), " ", arena);
    const std::string_view rest = detail::join(detail::sorted_values(other.data(), other.size(), arena), " ", arena);

    const bool is_firing = subject.status() == Status::firing;
    const std::string_view count = is_firing ? detail::count_text(detail::facts(subject).firing, arena) : std::string_view{};
    const std::string_view state = is_firing ? "[FIRING:" : "[RESOLVED";
    const auto unless_empty = [](std::string_view text, std::string_view values) { return values.empty() ? values : text; };
    return arena.concat({state, count, "]", unless_empty(" ", first), first, unless_empty(" (", rest), rest, unless_empty(")", rest)});
}

inline std::string_view FieldRef::operator()(const Subject& subject, Arena& arena) const {
    const AlertGroup& group = *subject.group;
    const Alert* alert = subject.alert;
    switch (kind) {
        case FieldKind::label: return subject.labels().get(name);
        case FieldKind::common_label: return group.common_labels.get(name);
        case FieldKind::group_label: return group.group_labels.get(name);
        case FieldKind::route_label: return group.route_labels.get(name);
        case FieldKind::annotation: return subject.annotations().get(name);
        case FieldKind::common_annotation: return group.common_annotations.get(name);
        case FieldKind::extra: {
            const ExtraMember* field = alert != nullptr ? alert->extra.find(name) : nullptr;
            return field != nullptr ? field->text : group.extra.text(name);
        }
        case FieldKind::literal: return name;
        case FieldKind::generator_url: {
            const Alert* leading = detail::leading_alert(subject);
            return leading != nullptr ? leading->generator_url : std::string_view{};
        }
        case FieldKind::external_url: return group.external_url;
        case FieldKind::group_key: return group.group_key;
        case FieldKind::group_key_hash: return group_key_hash(group, arena);
        case FieldKind::fingerprint: return alert != nullptr ? fingerprint(*alert, arena) : std::string_view{};
        case FieldKind::episode: return alert != nullptr ? episode_id(*alert, arena) : std::string_view{};
        case FieldKind::receiver: return unquote_receiver(group.receiver, arena);
        case FieldKind::status: return alertmap::name(subject.status());
        case FieldKind::starts_at: {
            const Timestamp time = detail::facts(subject).starts_at;
            return time ? time.text : std::string_view{};
        }
        case FieldKind::ends_at: {
            const detail::Facts facts = detail::facts(subject);
            return facts.firing == 0 && facts.ends_at ? facts.ends_at.text : std::string_view{};
        }
        case FieldKind::notification_reason: return group.notification_reason;
        case FieldKind::firing: return detail::count_text(detail::facts(subject).firing, arena);
        case FieldKind::resolved: return detail::count_text(detail::facts(subject).resolved, arena);
        case FieldKind::truncated: return detail::count_text(group.truncated_alerts, arena);
        case FieldKind::alertmanager_subject: return alertmanager_subject(subject, arena);
    }
    return {};
}

}  // namespace alertmap
