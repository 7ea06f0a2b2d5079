#pragma once

#include <cstddef>

namespace test {

/// How often the program has called operator new so far. Counted in parser_memory_test.cpp, which replaces it.
std::size_t allocation_count();

}  // namespace test
