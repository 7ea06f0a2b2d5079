#pragma once

#include <cstddef>
#include <string>
#include <vector>

// The module that run.sh --compare loads twice: the library of one revision, behind an interface that stays the same.
namespace bench {

enum class Stage { parse, map, write_one, write_three, all_one, all_three };

class Subject {
 public:
    virtual ~Subject() = default;

    /// Parses and maps the bodies once, to prepare each stage; false if a body could not be read.
    virtual bool load(const std::vector<std::string>& bodies) = 0;

    /// Runs the stage over all bodies once. Returns the number of bytes written, or of alerts read.
    virtual std::size_t run(Stage stage) = 0;
};

/// Name and type of the function that a module exports.
inline constexpr const char* make_subject_name = "alertmap_bench_make_subject";
using MakeSubject = Subject* (*)();

}  // namespace bench
