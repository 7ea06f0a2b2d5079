#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "alertmap/parser.hpp"
#include "support/describe.hpp"

namespace test {

using namespace alertmap;

/// A body with everything that views it.
struct Parsed {
    explicit Parsed(std::string bytes, ParseOptions options = {})
        : body(std::move(bytes)), parser(options), result(parser.parse(body)), warnings(test::describe(parser.warnings())) {}
    const AlertGroup* operator->() const { return &*result; }
    const AlertGroup& operator*() const { return *result; }
    [[nodiscard]] const Alert& alert(std::size_t i) const { return result->alerts[i]; }

    std::string body;
    Parser parser;
    Result<AlertGroup> result;
    std::string warnings;
};

}  // namespace test
