#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/detail/shared.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

namespace detail {

template <class T>
inline constexpr bool is_owning_string = false;
template <class Char, class Traits, class Allocator>
inline constexpr bool is_owning_string<std::basic_string<Char, Traits, Allocator>> = true;

/// A user function for a policy. Text must be returned as a view: a returned std::string would be destroyed before it is read.
template <class Function, class Value>
concept policy_function = std::is_invocable_r_v<Value, const Function&, const Subject&, Arena&> &&
    (!std::convertible_to<Value, std::string_view> || !is_owning_string<std::invoke_result_t<const Function&, const Subject&, Arena&>>);

}  // namespace detail

/// A user function: the member `function` of each policy, and an alternative in lists of sources. Empty by default; then the policy itself
/// is used.
///
///     mapping.severity.function = [](const Subject& subject, Arena&) { ... return SeverityFound{Severity::critical, "p1"}; };
///
/// The function is called as const, concurrently from all threads that use the mapping, and must not throw. Returned text must be valid as
/// long as the group, the arena or the Mapper: `return arena.copy(text);`. Returning a std::string does not compile. Copies share the
/// function.
template <class Value>
class Callable {
 public:
    Callable() = default;
    template <class Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, Callable> && detail::policy_function<Function, Value>) Callable(Function function)
        : function_(detail::share(std::move(function))), call_([](const void* self, const Subject& subject, Arena& arena) -> Value {
              return (*static_cast<const Function*>(self))(subject, arena);
          }) {}

    explicit operator bool() const noexcept { return function_ != nullptr; }

    /// Calls the function; if empty, returns a default-constructed Value.
    [[nodiscard]] Value operator()(const Subject& subject, Arena& arena) const {
        return function_ != nullptr ? call_(function_.get(), subject, arena) : Value{};
    }

    /// Functions cannot be compared: only empty Callables are equal.
    friend bool operator==(const Callable& a, const Callable& b) noexcept { return !a && !b; }

 private:
    std::shared_ptr<const void> function_;
    Value (*call_)(const void*, const Subject&, Arena&) = nullptr;
};

}  // namespace alertmap
