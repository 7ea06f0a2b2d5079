#pragma once

#include <memory>
#include <utility>

namespace alertmap::detail {

/// Shares an immutable value without its type. One deleter type for all values: std::make_shared and std::function would instantiate their
/// machinery per type in every including file.
template <class T>
[[nodiscard]] std::shared_ptr<const void> share(T value) {
    void (*const destroy)(const void*) = [](const void* shared) { delete static_cast<const T*>(shared); };
    return {static_cast<const void*>(new T(std::move(value))), destroy};
}

}  // namespace alertmap::detail
