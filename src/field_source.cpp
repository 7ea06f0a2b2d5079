#include "alertmap/policies/field_source.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/detail/text.hpp"
#include "field_words.hpp"

namespace alertmap {

Result<FieldSource> FieldSource::parse(std::string_view text) {
    const std::size_t colon = text.find(':');
    const bool has_name = colon != std::string_view::npos;
    const std::string_view word = text.substr(0, colon);
    const std::string_view name = has_name ? text.substr(colon + 1) : std::string_view{};
    if (word == "text") {
        if (name.empty()) return alertmap::Error{Errc::missing_value, text.size(), {}};
        Result<TextTemplate> parsed = TextTemplate::parse(name);
        if (!parsed) return alertmap::Error{parsed.error().code, colon + 1 + parsed.error().offset, {}};
        return FieldSource(*std::move(parsed));
    }
    const std::optional<detail::FieldWord> field = detail::find_field(word);
    if (!field) return alertmap::Error{Errc::unknown_name, 0, {}};
    if (!field->named) {
        if (has_name) return alertmap::Error{Errc::invalid_syntax, colon, {}};
        return FieldSource(field->kind);
    }
    const bool empty_literal = has_name && *field->named == NamedField::literal;
    if (name.empty() && !empty_literal) return alertmap::Error{Errc::missing_value, text.size(), {}};
    return FieldSource(FieldRef(*field->named, std::string(name)));
}

Result<std::string> FieldSource::print() const {
    if (form_ == Form::function) return Errc::invalid_value;
    if (form_ == Form::text) return "text:" + text_.source();
    std::string text(field_.word());
    if (field_.is_named()) text.append(":").append(field_.name());
    return text;
}

Text FieldSource::operator()(const Subject& subject, Arena& arena) const {
    if (form_ == Form::field) return field_(subject, arena);
    return form_ == Form::text ? text_(subject, arena) : function_(subject, arena);
}

Text first_of(const FieldSources& sources, const Subject& subject, Arena& arena) {
    for (const FieldSource& source : sources) {
        const Text value = source(subject, arena);
        if (!detail::is_blank(value)) return value;
    }
    return {};
}

}  // namespace alertmap
