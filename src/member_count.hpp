#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

namespace alertmap::detail {

/// Converts to any type. (Not to std::string_view: a Text could then be made in two ways.)
struct Anything {
    template <class T>
    requires(!std::same_as<T, std::string_view>) operator T() const;
};

/// Number of members of the aggregate T: so many, and no more, initialise one. Tables of members are checked against it.
template <class T, class... Members>
consteval std::size_t member_count() {
    if constexpr (requires { T{Members{}..., Anything{}}; }) {
        return member_count<T, Members..., Anything>();
    } else {
        return sizeof...(Members);
    }
}

}  // namespace alertmap::detail
