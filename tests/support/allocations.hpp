#pragma once

#include <atomic>
#include <cstddef>

namespace test {

/// Number of operator new calls of the whole program so far. Counted in parser_memory_test.cpp, which replaces operator new.
extern std::atomic<std::size_t> allocations;

}  // namespace test
