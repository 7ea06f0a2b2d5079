#pragma once

#include <cstddef>

namespace alertmap::detail {

/// Iterator of a view whose elements are computed by `view[i]`. Copies the view, which is small, and may therefore outlive it.
template <class View, class Value>
class IndexIterator {
 public:
    using difference_type = std::ptrdiff_t;
    using value_type = Value;

    constexpr IndexIterator() = default;
    constexpr IndexIterator(const View& view, std::size_t at) noexcept : view_(view), at_(at) {}
    constexpr Value operator*() const noexcept { return view_[at_]; }
    constexpr IndexIterator& operator++() noexcept {
        ++at_;
        return *this;
    }
    constexpr IndexIterator operator++(int) noexcept {
        IndexIterator before = *this;
        ++at_;
        return before;
    }
    friend constexpr bool operator==(const IndexIterator& a, const IndexIterator& b) noexcept { return a.at_ == b.at_; }

 private:
    View view_;
    std::size_t at_ = 0;
};

}  // namespace alertmap::detail
