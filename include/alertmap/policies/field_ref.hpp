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

/// Fields of an alert or group that are selected by a name. For `literal` the name is the value.
enum class NamedField : std::uint8_t { label, common_label, group_label, route_label, annotation, common_annotation, extra, literal };

/// Fields of an alert or group without a name.
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

/// The word of a field in text forms ("label", "generator_url"), and one line of documentation. Views of static storage.
struct FieldText {
    std::string_view word;
    bool named = false;  ///< whether a name follows the word
    std::string_view about;
};

/// All fields: those of NamedField, then those of FieldKind, in order of the enumerators. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const FieldText> field_texts() noexcept;

/// The word of a field in text forms. Static storage.
[[nodiscard]] ALERTMAP_API std::string_view name(NamedField field) noexcept;
[[nodiscard]] ALERTMAP_API std::string_view name(FieldKind kind) noexcept;

/// Reads one field of a subject. Owns its name. Thread-safe.
class FieldRef {
 public:
    /// An empty literal.
    FieldRef() = default;
    FieldRef(FieldKind kind) noexcept : is_named_(false), kind_(kind) {}
    FieldRef(NamedField field, std::string name) : is_named_(true), field_(field), name_(std::move(name)) {}

    /// True for a NamedField, false for a FieldKind.
    [[nodiscard]] bool is_named() const noexcept { return is_named_; }
    /// True if it reads this kind of field, regardless of the name.
    [[nodiscard]] bool is(NamedField field) const noexcept { return is_named_ && field_ == field; }
    /// True if it reads this field.
    [[nodiscard]] bool is(FieldKind kind) const noexcept { return !is_named_ && kind_ == kind; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }  ///< empty for a FieldKind

    /// The field's word in text forms: "label", "generator_url". Static storage.
    [[nodiscard]] std::string_view word() const noexcept { return is_named_ ? alertmap::name(field_) : alertmap::name(kind_); }

    /// The field's value: a view into the group, this FieldRef (literal) or the arena (hashes, counts, the subject line). Empty if the
    /// subject has no value. Allocates from the arena only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    friend bool operator==(const FieldRef&, const FieldRef&) = default;

 private:
    bool is_named_ = true;
    NamedField field_ = NamedField::literal;
    FieldKind kind_ = FieldKind::generator_url;
    std::string name_;
};

/// Alertmanager's default subject, without its stray spaces, e.g. "[FIRING:2] DiskAlmostFull eu-1 (blob-store critical)": values of the
/// group labels, then in parentheses those of the other common labels, alertname first. A single alert is treated as a group. Never empty.
/// In the arena. O(n log n) in the number of labels.
/// Source: Alertmanager template/default.tmpl (__subject), template/template.go (KV.SortedPairs).
[[nodiscard]] ALERTMAP_API Text alertmanager_subject(const Subject& subject, Arena& arena);

}  // namespace alertmap
