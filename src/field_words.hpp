#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "alertmap/policies/field_ref.hpp"

namespace alertmap::detail {

/// A field by its word: a NamedField if `named` is set, else `kind`.
struct FieldWord {
    std::optional<NamedField> named;
    FieldKind kind{};
};

inline std::optional<FieldWord> find_field(std::string_view word) noexcept {
    const std::span<const FieldText> all = field_texts();
    std::size_t named = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].word == word) {
            if (all[i].named) return FieldWord{static_cast<NamedField>(i), {}};
            return FieldWord{std::nullopt, static_cast<FieldKind>(i - named)};
        }
        if (all[i].named) ++named;
    }
    return std::nullopt;
}

}  // namespace alertmap::detail
