#pragma once

#include <optional>
#include <utility>

#include "alertmap/error.hpp"

namespace alertmap {

/// A value, or the Error that took its place. True means success. The same type under every language standard and
/// with -fno-exceptions; nothing in it throws. Reading the side that is not there is undefined, as with a null pointer.
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

    [[nodiscard]] T& value() & noexcept { return *value_; }
    [[nodiscard]] const T& value() const& noexcept { return *value_; }
    [[nodiscard]] T&& value() && noexcept { return std::move(*value_); }
    [[nodiscard]] T& operator*() & noexcept { return *value_; }
    [[nodiscard]] const T& operator*() const& noexcept { return *value_; }
    [[nodiscard]] T&& operator*() && noexcept { return std::move(*value_); }
    [[nodiscard]] T* operator->() noexcept { return &*value_; }
    [[nodiscard]] const T* operator->() const noexcept { return &*value_; }

    [[nodiscard]] T value_or(T other) const& { return value_ ? *value_ : std::move(other); }

    [[nodiscard]] const alertmap::Error& error() const noexcept { return error_; }

 private:
    std::optional<T> value_;
    alertmap::Error error_;
};

/// Success without a value, or the Error.
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

 private:
    alertmap::Error error_;
    bool failed_ = false;
};

}  // namespace alertmap
