#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_ref.hpp"
#include "alertmap/policies/text_template.hpp"

namespace alertmap {

namespace detail {
template <class T, class... Others>
concept same_as_any = (std::same_as<T, Others> || ...);
}

/// Where one value of an event comes from: a field, a text template or a function of the user's. Owns its configuration.
/// Its text form is the kind's word and, behind a colon, the name: `label:alertname`, `generator_url`, `literal:Alert`,
/// `extra:silenceURL`; of a template `text:{label.alertname} on {label.instance}`. A function has none.
class FieldSource {
 public:
    /// Nothing at all.
    FieldSource() = default;
    /// `FieldSource(FieldKind::label, "alertname")`, `FieldSource(FieldKind::generator_url)`.
    FieldSource(FieldKind kind, std::string name = {}) : field_{kind, std::move(name)} {}
    FieldSource(FieldRef field) : field_(std::move(field)) {}
    FieldSource(TextTemplate text) : form_(Form::text), text_(std::move(text)) {}
    FieldSource(Callable<std::string_view> function) : form_(Form::function), function_(std::move(function)) {}
    /// `mapping.summary.from = {[](const Subject& subject, Arena& arena) { ... return std::string_view(...); }};` See Callable.
    template <class Function>
    requires(!detail::same_as_any<Function, FieldSource, FieldRef, TextTemplate> &&
             std::constructible_from<Callable<std::string_view>, Function>) FieldSource(Function function)
        : FieldSource(Callable<std::string_view>(std::move(function))) {}

    /// Reads the text form. Errc::unknown_name, missing_value, invalid_syntax (a name where none belongs) and those of
    /// TextTemplate::parse(), with the offset in `text`. Allocates.
    [[nodiscard]] static Result<FieldSource> parse(std::string_view text);

    /// Writes the text form: parse() gives back the same. Errc::invalid_value for a function. Allocates.
    [[nodiscard]] Result<std::string> print() const;

    /// The value, blank where the subject has none: a view into the group, the arena or this FieldSource. Does not allocate.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const {
        if (form_ == Form::field) {
            // The two that nearly all sources are, without a call.
            if (field_.kind == FieldKind::label) return subject.labels().get(field_.name);
            if (field_.kind == FieldKind::annotation) return subject.annotations().get(field_.name);
            return field_(subject, arena);
        }
        return form_ == Form::text ? text_(subject, arena) : function_ ? function_(subject, arena) : std::string_view{};
    }

    friend bool operator==(const FieldSource&, const FieldSource&) = default;

 private:
    enum class Form : std::uint8_t { field, text, function };

    Form form_ = Form::field;
    FieldRef field_;
    TextTemplate text_;
    Callable<std::string_view> function_;
};

/// Sources in the order in which they are asked.
using FieldSources = std::vector<FieldSource>;

/// The first value that is not blank, or an empty view. Does not allocate.
[[nodiscard]] inline std::string_view first_of(const FieldSources& sources, const Subject& subject, Arena& arena) {
    for (const FieldSource& source : sources) {
        const std::string_view value = source(subject, arena);
        if (!detail::is_blank(value)) return value;
    }
    return {};
}

inline Result<FieldSource> FieldSource::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view word = text.substr(0, colon);
    const std::string_view name = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    if (word == "text" && !name.empty()) {
        Result<TextTemplate> parsed = TextTemplate::parse(name);
        if (!parsed) return alertmap::Error{parsed.error().code, colon + 1 + parsed.error().offset, {}};
        return FieldSource(*std::move(parsed));
    }
    const FieldText* known = detail::find_field(word);
    if (known == nullptr && word != "text") return alertmap::Error{Errc::unknown_name, 0, {}};
    if (known == nullptr || is_named(known->kind)) {
        const bool empty_literal = known != nullptr && known->kind == FieldKind::literal && colon != std::string_view::npos;
        if (name.empty() && !empty_literal) return alertmap::Error{Errc::missing_value, text.size(), {}};
    } else if (colon != std::string_view::npos) {
        return alertmap::Error{Errc::invalid_syntax, colon, {}};
    }
    return FieldSource(known->kind, std::string(name));
}

inline Result<std::string> FieldSource::print() const {
    if (form_ == Form::function) return Errc::invalid_value;
    if (form_ == Form::text) return "text:" + text_.source();
    std::string text(name(field_.kind));
    if (is_named(field_.kind)) text.append(":").append(field_.name);
    return text;
}

}  // namespace alertmap
