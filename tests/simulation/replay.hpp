#pragma once

#include <cstddef>
#include <cstdint>

namespace simulation {

/// Prints histories for a real Alertmanager with shortened intervals, and the bodies that the model sends for them, as JSON: replay.py runs
/// them with the program and compares.
void write_replay(std::uint64_t first_seed, std::size_t count);

}  // namespace simulation
