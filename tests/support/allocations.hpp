#pragma once

#include <cstddef>

namespace test {

/// Calls of operator new so far, of the whole program (counted in parser_memory_test.cpp).
extern std::size_t allocations;

}  // namespace test
