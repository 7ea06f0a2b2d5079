#pragma once

#include <cstddef>
#include <string>
#include <vector>

// What run.sh --compare loads twice into one process: the library of one revision, behind an interface that no revision changes.
namespace bench {

enum class Stage { parse, map, write_one, write_three, all_one, all_three };

class Subject {
 public:
    virtual ~Subject() = default;

    /// Parses and maps the bodies once, so that each stage has what it starts from; false: one of them could not be read.
    virtual bool load(const std::vector<std::string>& bodies) = 0;

    /// Runs the stage over all bodies once. Gives the number of bytes written, or of alerts read.
    virtual std::size_t run(Stage stage) = 0;
};

/// The name and the type of the one function that a module exports.
inline constexpr const char* make_subject_name = "alertmap_bench_make_subject";
using MakeSubject = Subject* (*)();

}  // namespace bench
