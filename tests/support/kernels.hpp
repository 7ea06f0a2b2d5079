#pragma once

#include <simdjson.h>

namespace test {

/// Runs `check` once with each simdjson kernel that this CPU supports: used by Parsers that it makes.
template <class Check>
void with_each_kernel(Check check) {
    const simdjson::implementation* const best = simdjson::get_active_implementation();
    for (const simdjson::implementation* kernel : simdjson::get_available_implementations()) {
        if (!kernel->supported_by_runtime_system()) continue;
        simdjson::get_active_implementation() = kernel;
        check(kernel->name());
    }
    simdjson::get_active_implementation() = best;
}

}  // namespace test
