#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// A value of an alert or its group that is read by kind and name. The name of `literal` is the text itself.
enum class NamedField : std::uint8_t { label, common_label, group_label, route_label, annotation, common_annotation, extra, literal };

/// A value of an alert or its group that needs no name.
enum class FieldKind : std::uint8_t {
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

/// The word of a field in text forms ("label", "generator_url"), and one line of documentation.
struct FieldText {
    std::string_view word;
    bool named = false;  ///< a name follows the word
    std::string_view about;
};

/// All fields: those of NamedField, then those of FieldKind, in the order of the enumerators. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const FieldText> field_texts() noexcept;

/// The word of a field in text forms.
[[nodiscard]] ALERTMAP_API std::string_view name(NamedField field) noexcept;
[[nodiscard]] ALERTMAP_API std::string_view name(FieldKind kind) noexcept;

/// One value of a subject. Owns its name. Safe to share between threads.
class FieldRef {
 public:
    /// An empty literal.
    FieldRef() = default;
    FieldRef(FieldKind kind) noexcept : is_named_(false), kind_(kind) {}
    FieldRef(NamedField field, std::string name) : is_named_(true), field_(field), name_(std::move(name)) {}

    /// Whether it is a NamedField; otherwise it is a FieldKind.
    [[nodiscard]] bool is_named() const noexcept { return is_named_; }
    /// Whether it is this field, whatever the name.
    [[nodiscard]] bool is(NamedField field) const noexcept { return is_named_ && field_ == field; }
    /// Whether it is this field.
    [[nodiscard]] bool is(FieldKind kind) const noexcept { return !is_named_ && kind_ == kind; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }  ///< empty for a FieldKind

    /// The word of its text form: "label", "generator_url".
    [[nodiscard]] std::string_view word() const noexcept { return is_named_ ? alertmap::name(field_) : alertmap::name(kind_); }

    /// The value: a view into the group, into this FieldRef (literal) or into the arena (hashes, counts, the subject line).
    /// Empty if the subject has none. Allocates from the arena only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const FieldRef&, const FieldRef&) = default;

 private:
    bool is_named_ = true;
    NamedField field_ = NamedField::literal;
    FieldKind kind_ = FieldKind::generator_url;
    std::string name_;
};

/// Alertmanager's default subject, without its stray spaces: "[FIRING:2] DiskAlmostFull eu-1 (blob-store critical)": the values of
/// the group labels and, in parentheses, those of the other common labels, alertname first. A single alert counts as a group.
/// Never empty. In the arena. O(n log n) in the number of labels.
/// Source: Alertmanager template/default.tmpl (__subject), template/template.go (KV.SortedPairs).
[[nodiscard]] ALERTMAP_API Text alertmanager_subject(const Subject& subject, Arena& arena);

}  // namespace alertmap
