#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/shared.hpp"
#include "alertmap/error.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"

// Common parts of AnyTarget and AnyForward.
namespace alertmap::detail {

/// Type-erased struct with write() and request(), without a base class or RTTI. Copies share the immutable struct.
template <class Input>
class AnyWriter {
 public:
    template <class Writer>
    explicit AnyWriter(Writer writer) : self_(share(std::move(writer))) {
        write_ = [](const void* self, const Input& input, Buffer& out) { return static_cast<const Writer*>(self)->write(input, out); };
        request_ = [](const void* self, const Input& input) { return static_cast<const Writer*>(self)->request(input); };
    }

    [[nodiscard]] Result<void> write(const Input& input, Buffer& out) const { return write_(self_.get(), input, out); }
    [[nodiscard]] Result<Request> request(const Input& input) const { return request_(self_.get(), input); }

 private:
    std::shared_ptr<const void> self_;
    Result<void> (*write_)(const void*, const Input&, Buffer&);
    Result<Request> (*request_)(const void*, const Input&);
};

}  // namespace alertmap::detail

namespace alertmap {

/// Name, options and factory of one kind of target (Any = AnyTarget) or forward.
template <class Any>
struct Kind {
    std::string_view name;
    std::string_view doc;  ///< one line
    std::span<const OptionInfo> options;
    Result<Any> (*make)(std::span<const OptionValue>);
    bool experimental = false;  ///< based on documents that were not verified against the vendor
};

namespace detail {

template <class T>
[[nodiscard]] constexpr bool is_experimental() noexcept {
    if constexpr (requires { T::traits.experimental; }) {
        return T::traits.experimental;
    } else {
        return false;
    }
}

}  // namespace detail

/// The Kind of T, from its static members `name`, `doc` and `options`; for custom lists. Static storage.
template <class Any, class T>
[[nodiscard]] constexpr Kind<Any> kind_of() noexcept {
    return {T::name, T::doc, option_infos<T>(),
            [](std::span<const OptionValue> values) -> Result<Any> {
                T made;
                if (auto set = set_options(made, values); !set) return set.error();
                return Any(std::move(made));
            },
            detail::is_experimental<T>()};
}

namespace detail {

template <class Any, class... T>
inline constexpr std::array<Kind<Any>, sizeof...(T)> kinds = {kind_of<Any, T>()...};

/// Errors: Errc::unknown_name without a path, or those of set_options().
template <class Any>
[[nodiscard]] Result<Any> make_by_name(std::span<const Kind<Any>> kinds, std::string_view name, std::span<const OptionValue> options) {
    for (const Kind<Any>& kind : kinds) {
        if (kind.name == name) return kind.make(options);
    }
    return Errc::unknown_name;
}

}  // namespace detail

}  // namespace alertmap
