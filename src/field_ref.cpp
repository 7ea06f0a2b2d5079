#include "alertmap/policies/field_ref.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "alertmap/detail/alert_counts.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/identity.hpp"
#include "decimal_text.hpp"

namespace alertmap {
namespace {

constexpr FieldText text_of(NamedField field) noexcept {
    switch (field) {
        case NamedField::label: return {"label", true, "a label of the alert; for a group: one that all its alerts share"};
        case NamedField::common_label: return {"common_label", true, "a label that all alerts of the group share"};
        case NamedField::group_label: return {"group_label", true, "a label that the route groups by"};
        case NamedField::route_label: return {"route_label", true, "a label of the route (Alertmanager 0.34)"};
        case NamedField::annotation: return {"annotation", true, "an annotation of the alert; for a group: one that all its alerts share"};
        case NamedField::common_annotation: return {"common_annotation", true, "an annotation that all alerts of the group share"};
        case NamedField::extra: return {"extra", true, "an unknown member of the alert, else of the message"};
        case NamedField::literal: return {"literal", true, "the text after the colon"};
    }
    return {};
}
constexpr FieldText text_of(FieldKind kind) noexcept {
    switch (kind) {
        case FieldKind::generator_url:
            return {"generator_url", false, "the alert's generatorURL; for a group: that of its first firing alert, else of its first"};
        case FieldKind::external_url: return {"external_url", false, "the externalURL of the Alertmanager"};
        case FieldKind::group_key: return {"group_key", false, "the groupKey"};
        case FieldKind::group_key_hash:
            return {"group_key_hash", false, "SHA-256 of the groupKey in hex, as Alertmanager's own notifiers use it"};
        case FieldKind::fingerprint: return {"fingerprint", false, "the alert's fingerprint, computed if none was sent; empty for a group"};
        case FieldKind::episode:
            return {"episode", false, "fingerprint and start time, which changes when the alert fires again; empty for a group"};
        case FieldKind::receiver: return {"receiver", false, "the receiver's name, unquoted"};
        case FieldKind::status: return {"status", false, "firing or resolved, as sent"};
        case FieldKind::starts_at: return {"starts_at", false, "start as sent; for a group: the earliest of its firing alerts"};
        case FieldKind::ends_at: return {"ends_at", false, "end as sent; for a group: the latest; empty while firing"};
        case FieldKind::notification_reason: return {"notification_reason", false, "why Alertmanager sent the message (0.32)"};
        case FieldKind::firing: return {"firing", false, "number of listed firing alerts; for an alert: 1 or 0"};
        case FieldKind::resolved: return {"resolved", false, "number of listed resolved alerts; for an alert: 1 or 0"};
        case FieldKind::truncated: return {"truncated", false, "number of alerts that max_alerts dropped"};
        case FieldKind::alertmanager_subject:
            return {"alertmanager_subject", false, "Alertmanager's default subject: [FIRING:2] group label values (other values)"};
    }
    return {};
}

constexpr std::size_t named_fields = static_cast<std::size_t>(NamedField::literal) + 1;
constexpr std::size_t field_kinds = static_cast<std::size_t>(FieldKind::alertmanager_subject) + 1;
constexpr auto all_fields = [] {
    std::array<FieldText, named_fields + field_kinds> all;
    for (std::size_t i = 0; i < named_fields; ++i) all[i] = text_of(static_cast<NamedField>(i));
    for (std::size_t i = 0; i < field_kinds; ++i) all[named_fields + i] = text_of(static_cast<FieldKind>(i));
    return all;
}();

/// Label values in the order of Alertmanager's SortedPairs: alertname first, then by name.
std::span<const std::string_view> sorted_values(const Label** labels, std::size_t count, Arena& arena) {
    std::sort(labels, labels + count, [](const Label* a, const Label* b) {
        const bool a_first = a->name == "alertname";
        const bool b_first = b->name == "alertname";
        return a_first != b_first ? a_first : a->name < b->name;
    });
    std::string_view* values = arena.array<std::string_view>(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = labels[i]->value;
    return {values, count};
}

/// The labels whose names are not in `without`. Sorts by name: O(n log n) for large sets.
std::span<const Label*> labels_without(Labels labels, Labels without, Arena& arena) {
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

}  // namespace

std::span<const FieldText> field_texts() noexcept { return all_fields; }

std::string_view name(NamedField field) noexcept { return all_fields[static_cast<std::size_t>(field)].word; }

std::string_view name(FieldKind kind) noexcept { return all_fields[named_fields + static_cast<std::size_t>(kind)].word; }

Text alertmanager_subject(const Subject& subject, Arena& arena) {
    const AlertGroup& group = *subject.group;
    const std::span<const Label*> grouped = labels_without(group.group_labels, {}, arena);
    const std::span<const Label*> other = labels_without(subject.labels(), group.group_labels, arena);
    const std::string_view first = detail::join(sorted_values(grouped.data(), grouped.size(), arena), " ", arena);
    const std::string_view rest = detail::join(sorted_values(other.data(), other.size(), arena), " ", arena);

    const bool is_firing = subject.status() == Status::firing;
    const std::string_view count = is_firing ? detail::decimal_text(detail::count_alerts(subject).firing, arena) : Text{};
    const std::string_view state = is_firing ? "[FIRING:" : "[RESOLVED";
    const auto unless_empty = [](std::string_view text, std::string_view values) { return values.empty() ? values : text; };
    return arena.concat({state, count, "]", unless_empty(" ", first), first, unless_empty(" (", rest), rest, unless_empty(")", rest)});
}

Text FieldRef::operator()(const Subject& subject, Arena& arena) const {
    const AlertGroup& group = *subject.group;
    const Alert* alert = subject.alert;
    if (is_named_) {
        switch (field_) {
            case NamedField::label: return subject.labels().get(name_);
            case NamedField::common_label: return group.common_labels.get(name_);
            case NamedField::group_label: return group.group_labels.get(name_);
            case NamedField::route_label: return group.route_labels.get(name_);
            case NamedField::annotation: return subject.annotations().get(name_);
            case NamedField::common_annotation: return group.common_annotations.get(name_);
            case NamedField::extra: {
                const ExtraMember* member = alert != nullptr ? alert->extra.find(name_) : nullptr;
                if (member != nullptr) return member->text;
                return group.extra.text(name_);
            }
            case NamedField::literal: return name_;
        }
        return {};
    }
    switch (kind_) {
        case FieldKind::generator_url: {
            const Alert* leading = detail::leading_alert(subject);
            return leading != nullptr ? leading->generator_url : Text{};
        }
        case FieldKind::external_url: return group.external_url;
        case FieldKind::group_key: return group.group_key;
        case FieldKind::group_key_hash: return group_key_hash(group, arena);
        case FieldKind::fingerprint: return alert != nullptr ? fingerprint(*alert, arena) : Text{};
        case FieldKind::episode: return alert != nullptr ? episode_id(*alert, arena) : Text{};
        case FieldKind::receiver: return unquote_receiver(group.receiver, arena);
        case FieldKind::status: return alertmap::name(subject.status());
        case FieldKind::starts_at: {
            const Timestamp time = detail::count_alerts(subject).starts_at;
            return time ? time.text : Text{};
        }
        case FieldKind::ends_at: {
            const detail::AlertCounts counts = detail::count_alerts(subject);
            return counts.firing == 0 && counts.ends_at ? counts.ends_at.text : Text{};
        }
        case FieldKind::notification_reason: return group.notification_reason;
        case FieldKind::firing: return detail::decimal_text(detail::count_alerts(subject).firing, arena);
        case FieldKind::resolved: return detail::decimal_text(detail::count_alerts(subject).resolved, arena);
        case FieldKind::truncated: return detail::decimal_text(group.truncated_alerts, arena);
        case FieldKind::alertmanager_subject: return alertmanager_subject(subject, arena);
    }
    return {};
}

}  // namespace alertmap
