#pragma once

#include <concepts>
#include <cstddef>
#include <span>

namespace alertmap {

namespace detail {

/// Types that convert to std::span<const T>.
template <class Container, class T>
concept ArrayOf = std::ranges::contiguous_range<const Container> && std::convertible_to<const Container&, std::span<const T>>;

/// Those that own their elements.
template <class Container, class T>
concept OwnedArrayOf = ArrayOf<Container, T> && !std::ranges::borrowed_range<Container>;

}  // namespace detail

/// Read-only view of an array, for members of public structs: a std::span<const T> that does not convert from a temporary container. With
/// std::span, `event.notify = std::vector<NotifyTarget>{...}` would compile and leave a view of freed memory. Converts from arrays and
/// containers that have a name, from std::span, and to std::span<const T>. Does not own the elements, and is valid
/// as long as they are. Allocates nothing; as thread-safe as a pointer.
template <class T>
class ArrayView : public std::span<const T> {
    using Base = std::span<const T>;

 public:
    constexpr ArrayView() = default;
    constexpr ArrayView(const T* first, std::size_t count) noexcept : Base(first, count) {}
    constexpr ArrayView(Base elements) noexcept : Base(elements) {}
    constexpr ArrayView(std::span<T> elements) noexcept : Base(elements) {}

    /// Views all elements of `elements`, which must outlive the view.
    template <detail::ArrayOf<T> Container>
    constexpr ArrayView(const Container& elements) noexcept : Base(elements) {}
    /// Deleted: a temporary that owns its elements is destroyed before the view is used.
    template <detail::OwnedArrayOf<T> Container>
    ArrayView(const Container&& elements) = delete;
};

}  // namespace alertmap

/// A view: elements outlive it.
template <class T>
inline constexpr bool std::ranges::enable_view<alertmap::ArrayView<T>> = true;
/// Iterators outlive the view.
template <class T>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::ArrayView<T>> = true;
