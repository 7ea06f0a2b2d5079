#pragma once

#include <cstdint>

namespace bench {

/// Number of calls of malloc, calloc, realloc and aligned_alloc by this thread so far; includes operator new. Always 0 without glibc, where
/// nothing is counted.
[[nodiscard]] std::uint64_t allocations();

}  // namespace bench
