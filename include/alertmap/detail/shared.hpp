#pragma once

#include <memory>
#include <utility>

namespace alertmap::detail {

/// A value that is shared and never changed again, without its type. The deleter is of one type for all values:
/// std::make_shared (and std::function) would cost every including file their machinery once for each.
template <class T>
[[nodiscard]] std::shared_ptr<const void> share(T value) {
    void (*const destroy)(const void*) = [](const void* shared) { delete static_cast<const T*>(shared); };
    return {static_cast<const void*>(new T(std::move(value))), destroy};
}

}  // namespace alertmap::detail
