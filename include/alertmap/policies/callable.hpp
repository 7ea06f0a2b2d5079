#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/detail/shared.hpp"
#include "alertmap/subject.hpp"

namespace alertmap {

/// Room for a function of the user's in a policy; empty by default, and then the policy does its own work.
///
///     mapping.severity.function = [](const Subject& subject, Arena&) { ... return SeverityFound{Severity::critical, "p1"}; };
///
/// Copies share the function. It is called as const, from every thread that uses the mapping, and must not throw. Text that it
/// returns lives in the group, in the arena that it is handed, or longer than both.
template <class Value>
class Callable {
 public:
    Callable() = default;
    template <class Function>
    requires(!std::same_as<std::remove_cvref_t<Function>, Callable> &&
             std::is_invocable_r_v<Value, const Function&, const Subject&, Arena&>) Callable(Function function)
        : function_(detail::share(std::move(function))), call_([](const void* self, const Subject& subject, Arena& arena) -> Value {
              return (*static_cast<const Function*>(self))(subject, arena);
          }) {}

    explicit operator bool() const noexcept { return function_ != nullptr; }
    [[nodiscard]] Value operator()(const Subject& subject, Arena& arena) const { return call_(function_.get(), subject, arena); }

    /// Functions cannot be compared: equal only if there is none on either side.
    friend bool operator==(const Callable& a, const Callable& b) noexcept { return !a && !b; }

 private:
    std::shared_ptr<const void> function_;
    Value (*call_)(const void*, const Subject&, Arena&) = nullptr;
};

}  // namespace alertmap
