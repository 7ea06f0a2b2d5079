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

/// The source of a text in an event: a field, a text template or a user function.
///
///     mapping.summary.from = {annotation("summary"), label("alertname")};
///     mapping.external_id.from = {FieldKind::group_key};
///     mapping.service = {[](const Subject& subject, Arena& arena) { return arena.copy(owner_of(subject)); }};
///
/// Text forms: a field's word, followed by a colon and the name if it has one, e.g. `label:alertname`, `generator_url`, `literal:Alert`,
/// `extra:silenceURL`; for a template `text:{label.alertname} on {label.instance}`. A function has none. Owns its configuration.
/// Thread-safe.
class FieldSource {
 public:
    /// An always empty source.
    FieldSource() = default;
    FieldSource(FieldKind kind) : field_(kind) {}
    FieldSource(FieldRef field) : field_(std::move(field)) {}
    FieldSource(TextTemplate text) : form_(Form::text), text_(std::move(text)) {}
    FieldSource(Callable<Text> function) : form_(Form::function), function_(std::move(function)) {}
    /// From a user function `(const Subject&, Arena&) -> Text`: see Callable.
    template <class Function>
    requires(!detail::same_as_any<Function, FieldSource, FieldRef, FieldKind, TextTemplate> &&
             std::constructible_from<Callable<Text>, Function>) FieldSource(Function function)
        : FieldSource(Callable<Text>(std::move(function))) {}

    /// Parses a text form. Errors, with the offset in `text`: Errc::unknown_name, missing_value, invalid_syntax (the field does not accept
    /// a name) and those of TextTemplate::parse(). Allocates.
    [[nodiscard]] static ALERTMAP_API Result<FieldSource> parse(std::string_view text);

    /// Prints the text form; parse() of it gives an equal source. Errc::invalid_value for a function. Allocates.
    [[nodiscard]] ALERTMAP_API Result<std::string> print() const;

    /// The value; empty or blank if the subject has none. A view into the group, the arena or this FieldSource. Allocates from the arena
    /// only.
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    /// The field; null for a template or function. Valid as long as this object.
    [[nodiscard]] const FieldRef* field() const noexcept { return form_ == Form::field ? &field_ : nullptr; }
    /// The template; null for a field or function. Valid as long as this object.
    [[nodiscard]] const TextTemplate* text() const noexcept { return form_ == Form::text ? &text_ : nullptr; }

    friend bool operator==(const FieldSource&, const FieldSource&) = default;

 private:
    enum class Form : std::uint8_t { field, text, function };

    Form form_ = Form::field;
    FieldRef field_;
    TextTemplate text_;
    Callable<Text> function_;
};

/// Sources in order of preference.
using FieldSources = std::vector<FieldSource>;

/// A label of the alert; for a group, of its common labels.
[[nodiscard]] inline FieldSource label(std::string name) { return FieldRef(NamedField::label, std::move(name)); }
/// A label that all alerts of the group share (commonLabels).
[[nodiscard]] inline FieldSource common_label(std::string name) { return FieldRef(NamedField::common_label, std::move(name)); }
/// A label that the route groups by (groupLabels).
[[nodiscard]] inline FieldSource group_label(std::string name) { return FieldRef(NamedField::group_label, std::move(name)); }
/// A label of the route (routeLabels, Alertmanager 0.34).
[[nodiscard]] inline FieldSource route_label(std::string name) { return FieldRef(NamedField::route_label, std::move(name)); }
/// An annotation of the alert; for a group, of its common annotations.
[[nodiscard]] inline FieldSource annotation(std::string name) { return FieldRef(NamedField::annotation, std::move(name)); }
/// An annotation that all alerts of the group share (commonAnnotations).
[[nodiscard]] inline FieldSource common_annotation(std::string name) { return FieldRef(NamedField::common_annotation, std::move(name)); }
/// An unknown member of the alert, else of the message.
[[nodiscard]] inline FieldSource extra(std::string name) { return FieldRef(NamedField::extra, std::move(name)); }
/// A fixed text.
[[nodiscard]] inline FieldSource literal(std::string text) { return FieldRef(NamedField::literal, std::move(text)); }

/// The first non-blank value; empty if there is none. A view into the group, the arena or the sources.
[[nodiscard]] ALERTMAP_API Text first_of(const FieldSources& sources, const Subject& subject, Arena& arena);

}  // namespace alertmap
