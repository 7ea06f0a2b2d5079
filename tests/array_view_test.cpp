#include "alertmap/array_view.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <span>
#include <type_traits>
#include <vector>

using alertmap::ArrayView;

static_assert(std::is_trivially_copyable_v<ArrayView<int>>);
static_assert(sizeof(ArrayView<int>) == sizeof(std::span<const int>));
static_assert(std::ranges::view<ArrayView<int>>);
static_assert(std::ranges::borrowed_range<ArrayView<int>>);
static_assert(std::ranges::contiguous_range<ArrayView<int>>);
// A container that owns its elements must not be a temporary.
static_assert(std::is_assignable_v<ArrayView<int>&, std::vector<int>&>);
static_assert(std::is_assignable_v<ArrayView<int>&, const std::vector<int>&>);
static_assert(!std::is_assignable_v<ArrayView<int>&, std::vector<int>>);
static_assert(!std::is_assignable_v<ArrayView<int>&, const std::vector<int>>);
static_assert(!std::is_constructible_v<ArrayView<int>, std::array<int, 2>>);
// A temporary view is fine.
static_assert(std::is_assignable_v<ArrayView<int>&, std::span<int>>);
static_assert(std::is_assignable_v<ArrayView<int>&, std::span<const int>>);
static_assert(!std::is_assignable_v<ArrayView<int>&, std::vector<long>&>);

TEST_CASE("array view: has the elements of its source") {
    std::vector<int> vector{1, 2, 3};
    const std::array<int, 3> array{1, 2, 3};
    const int c_array[]{1, 2, 3};
    for (const ArrayView<int> view :
         {ArrayView<int>(vector), ArrayView<int>(array), ArrayView<int>(c_array), ArrayView<int>(vector.data(), 3),
          ArrayView<int>(std::span(vector)), ArrayView<int>(std::span<const int>(array))}) {
        CHECK(std::ranges::equal(view, array));
    }
    CHECK(ArrayView<int>(vector).data() == vector.data());
    CHECK(ArrayView<int>{}.empty());

    ArrayView<int> view = vector;
    view = view.last(1);
    CHECK(view.front() == 3);
    const std::span<const int> span = view;
    CHECK(span.data() == &vector[2]);
}
