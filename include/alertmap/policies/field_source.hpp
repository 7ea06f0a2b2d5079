#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_ref.hpp"
#include "alertmap/policies/text_template.hpp"
#include "alertmap/result.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

namespace detail {
template <class T, class... Others>
concept same_as_any = (std::same_as<T, Others> || ...);
}

/// Where a text of an event comes from: a field, a text template or a function of the user's.
///
///     mapping.summary.from = {annotation("summary"), label("alertname")};
///     mapping.external_id.from = {FieldKind::group_key};
///     mapping.service = {[](const Subject& subject, Arena& arena) { return arena.copy(owner_of(subject)); }};
///
/// Its text form is the field's word and, after a colon, its name: `label:alertname`, `generator_url`, `literal:Alert`,
/// `extra:silenceURL`; of a template `text:{label.alertname} on {label.instance}`. A function has none.
/// Owns its configuration. Safe to share between threads.
class FieldSource {
 public:
    /// Always empty.
    FieldSource() = default;
    FieldSource(FieldKind kind) : field_(kind) {}
    FieldSource(FieldRef field) : field_(std::move(field)) {}
    FieldSource(TextTemplate text) : form_(Form::text), text_(std::move(text)) {}
    FieldSource(Callable<Text> function) : form_(Form::function), function_(std::move(function)) {}
    /// A function `(const Subject&, Arena&) -> Text`: see Callable.
    template <class Function>
    requires(!detail::same_as_any<Function, FieldSource, FieldRef, FieldKind, TextTemplate> &&
             std::constructible_from<Callable<Text>, Function>) FieldSource(Function function)
        : FieldSource(Callable<Text>(std::move(function))) {}

    /// Reads the text form. Errors: Errc::unknown_name, missing_value, invalid_syntax (a name that the field does not take) and those
    /// of TextTemplate::parse(), with the offset in `text`. Allocates.
    [[nodiscard]] static ALERTMAP_API Result<FieldSource> parse(std::string_view text);

    /// Writes the text form: parse() gives back an equal source. Errc::invalid_value for a function. Allocates.
    [[nodiscard]] ALERTMAP_API Result<std::string> print() const;

    /// The value, empty or blank if the subject has none: a view into the group, the arena or this FieldSource.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    /// The field that it reads; null for a template or a function.
    [[nodiscard]] const FieldRef* field() const noexcept { return form_ == Form::field ? &field_ : nullptr; }
    /// The template that it fills; null for a field or a function.
    [[nodiscard]] const TextTemplate* text() const noexcept { return form_ == Form::text ? &text_ : nullptr; }

    friend bool operator==(const FieldSource&, const FieldSource&) = default;

 private:
    enum class Form : std::uint8_t { field, text, function };

    Form form_ = Form::field;
    FieldRef field_;
    TextTemplate text_;
    Callable<Text> function_;
};

/// Sources in the order in which they are asked.
using FieldSources = std::vector<FieldSource>;

/// A label of the alert; of a group: one that all its alerts share.
[[nodiscard]] inline FieldSource label(std::string name) { return FieldRef(NamedField::label, std::move(name)); }
/// A label that all alerts of the group share.
[[nodiscard]] inline FieldSource common_label(std::string name) { return FieldRef(NamedField::common_label, std::move(name)); }
/// A label that the route groups by.
[[nodiscard]] inline FieldSource group_label(std::string name) { return FieldRef(NamedField::group_label, std::move(name)); }
/// A label of the route (Alertmanager 0.34).
[[nodiscard]] inline FieldSource route_label(std::string name) { return FieldRef(NamedField::route_label, std::move(name)); }
/// An annotation of the alert; of a group: one that all its alerts share.
[[nodiscard]] inline FieldSource annotation(std::string name) { return FieldRef(NamedField::annotation, std::move(name)); }
/// An annotation that all alerts of the group share.
[[nodiscard]] inline FieldSource common_annotation(std::string name) { return FieldRef(NamedField::common_annotation, std::move(name)); }
/// An extra member of the alert, else of the body.
[[nodiscard]] inline FieldSource extra(std::string name) { return FieldRef(NamedField::extra, std::move(name)); }
/// The text itself.
[[nodiscard]] inline FieldSource literal(std::string text) { return FieldRef(NamedField::literal, std::move(text)); }

/// The first value that is not blank, or an empty view.
[[nodiscard]] ALERTMAP_API Text first_of(const FieldSources& sources, const Subject& subject, Arena& arena);

}  // namespace alertmap
