#pragma once

#include <cstdint>

namespace bench {

/// Calls of malloc, calloc, realloc and aligned_alloc by this thread so far (operator new ends there as well).
/// Always 0 where the C library is not glibc: nothing is counted then.
[[nodiscard]] std::uint64_t allocations();

}  // namespace bench
