#pragma once

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>

#include "alertmap/detail/compat.hpp"
#include "alertmap/error.hpp"

namespace alertmap {

template <class T>
class Result;

namespace detail {

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

}  // namespace detail

/// Value or Error, like std::expected<T, Error>; true means success. Works in every language standard and with -fno-exceptions; throws
/// nothing itself. Reading the value of a failed Result is undefined behaviour (asserted in debug builds); error() of a successful one is a
/// default-constructed Error. As thread-safe as T.
///
///     const Result<std::string> name = parser.parse(body).transform([](const AlertGroup& group) { return std::string(group.receiver); });
template <class T>
class [[nodiscard]] Result {
 public:
    using value_type = T;

    Result(const T& value) : value_(value) {}
    Result(T&& value) : value_(std::move(value)) {}
    Result(Error error) : error_(std::move(error)) {}
    Result(Errc code) : error_{code, no_offset, {}} {}

    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return value_.has_value(); }

    [[nodiscard]] T& value() & noexcept ALERTMAP_LIFETIMEBOUND { return checked(*this); }
    [[nodiscard]] const T& value() const& noexcept ALERTMAP_LIFETIMEBOUND { return checked(*this); }
    [[nodiscard]] T&& value() && noexcept ALERTMAP_LIFETIMEBOUND { return std::move(checked(*this)); }
    [[nodiscard]] T& operator*() & noexcept ALERTMAP_LIFETIMEBOUND { return checked(*this); }
    [[nodiscard]] const T& operator*() const& noexcept ALERTMAP_LIFETIMEBOUND { return checked(*this); }
    [[nodiscard]] T&& operator*() && noexcept ALERTMAP_LIFETIMEBOUND { return std::move(checked(*this)); }
    [[nodiscard]] T* operator->() noexcept ALERTMAP_LIFETIMEBOUND { return &checked(*this); }
    [[nodiscard]] const T* operator->() const noexcept ALERTMAP_LIFETIMEBOUND { return &checked(*this); }

    /// The value, or `other` converted to T. A temporary Result moves its value, so move-only types work.
    template <class Other = T>
    [[nodiscard]] T value_or(Other&& other) const& {
        return value_ ? *value_ : static_cast<T>(std::forward<Other>(other));
    }
    /// The same; moves the value.
    template <class Other = T>
    [[nodiscard]] T value_or(Other&& other) && {
        return value_ ? std::move(*value_) : static_cast<T>(std::forward<Other>(other));
    }

    /// Calls `function` (T to any Result) with the value; returns the error unchanged on failure.
    template <class Function>
    auto and_then(Function&& function) const& {
        return then<Function>(*this, std::forward<Function>(function));
    }
    /// The same for a temporary Result: passes the value as an rvalue.
    template <class Function>
    auto and_then(Function&& function) && {
        return then<Function>(std::move(*this), std::forward<Function>(function));
    }

    /// Calls `function` (T to any type or void) with the value and wraps the result in a Result; returns the error unchanged on failure.
    template <class Function>
    auto transform(Function&& function) const& {
        return transformed<Function>(*this, std::forward<Function>(function));
    }
    /// The same for a temporary Result: passes the value as an rvalue.
    template <class Function>
    auto transform(Function&& function) && {
        return transformed<Function>(std::move(*this), std::forward<Function>(function));
    }

    /// Returns this Result on success, else calls `function` (Error to Result<T>).
    template <class Function>
    [[nodiscard]] Result or_else(Function&& function) const& {
        return value_ ? *this : std::forward<Function>(function)(error_);
    }
    /// The same for a temporary Result: moves its value.
    template <class Function>
    [[nodiscard]] Result or_else(Function&& function) && {
        return value_ ? std::move(*this) : std::forward<Function>(function)(error_);
    }

    [[nodiscard]] const alertmap::Error& error() const noexcept { return error_; }

 private:
    template <class Self>
    static auto& checked(Self& self) noexcept {
        assert(self.value_.has_value() && "Result: there is no value, see error()");
        return *self.value_;
    }
    template <class Function, class Self>
    static auto then(Self&& self, Function&& function) {
        using Next = std::remove_cvref_t<std::invoke_result_t<Function, decltype(*std::forward<Self>(self))>>;
        static_assert(detail::is_result<Next>, "and_then: the function returns a Result; transform() is for other values");
        if (!self.has_value()) return Next(self.error_);
        return Next(std::forward<Function>(function)(*std::forward<Self>(self)));
    }
    template <class Function, class Self>
    static auto transformed(Self&& self, Function&& function) {
        using Value = std::remove_cvref_t<std::invoke_result_t<Function, decltype(*std::forward<Self>(self))>>;
        if (!self.has_value()) return Result<Value>(self.error_);
        if constexpr (std::is_void_v<Value>) {
            std::forward<Function>(function)(*std::forward<Self>(self));
            return Result<Value>();
        } else {
            return Result<Value>(std::forward<Function>(function)(*std::forward<Self>(self)));
        }
    }

    std::optional<T> value_;
    alertmap::Error error_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}
    Result(Errc code) : error_{code, no_offset, {}}, failed_(true) {}

    [[nodiscard]] bool has_value() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return !failed_; }
    [[nodiscard]] const alertmap::Error& error() const noexcept { return error_; }

    /// Calls `function` (no argument, any Result) on success; returns the error unchanged on failure.
    template <class Function>
    auto and_then(Function&& function) const {
        using Next = std::remove_cvref_t<std::invoke_result_t<Function>>;
        static_assert(detail::is_result<Next>, "and_then: the function returns a Result");
        return failed_ ? Next(error_) : Next(std::forward<Function>(function)());
    }
    /// Returns this Result on success, else calls `function` (Error to Result<void>).
    template <class Function>
    [[nodiscard]] Result or_else(Function&& function) const {
        return failed_ ? std::forward<Function>(function)(error_) : *this;
    }

 private:
    alertmap::Error error_;
    bool failed_ = false;
};

}  // namespace alertmap
