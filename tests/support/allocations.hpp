#pragma once

#include <atomic>
#include <cstddef>

namespace test {

/// Calls of operator new so far, of the whole program. Counted in parser_memory_test.cpp, which replaces it.
extern std::atomic<std::size_t> allocations;

}  // namespace test
