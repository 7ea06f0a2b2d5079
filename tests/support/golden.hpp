#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/result.hpp"

// Where the tests' files are; the build says so, and the default fits a run in the project's root.
#ifndef ALERTMAP_TEST_DATA
#define ALERTMAP_TEST_DATA "tests"
#endif

namespace alertmap_test {

inline std::string read_file(const std::string& name) {
    std::ifstream file(std::string(ALERTMAP_TEST_DATA) + "/" + name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

inline bool is_json(std::string_view text) {
    alertmap::detail::JsonReader json(text);
    json.skip();
    return json.finish();
}

/// The body is valid JSON and byte for byte what tests/golden/<name>.json holds. ALERTMAP_UPDATE_GOLDEN=1 writes the file
/// instead: read the difference before it is committed.
inline void check_golden(const std::string& name, std::string_view body) {
    CAPTURE(name);
    CHECK(is_json(body));
    const std::string file = "golden/" + name + ".json";
    if (std::getenv("ALERTMAP_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(std::string(ALERTMAP_TEST_DATA) + "/" + file, std::ios::binary) << body;
    }
    CHECK(read_file(file) == body);
}

/// What `writer` writes of `input`, checked to have been appended to what was there.
template <class Writer, class Input>
std::string written(const Writer& writer, const Input& input) {
    alertmap::Buffer out;
    out.append("before");
    const alertmap::Result<void> result = writer.write(input, out);
    REQUIRE_MESSAGE(result.has_value(), to_string(result.error()));
    REQUIRE(out.view().starts_with("before"));
    return std::string(out.view().substr(6));
}

/// The error of write(), checked to have left the buffer alone.
template <class Writer, class Input>
alertmap::Errc write_error(const Writer& writer, const Input& input) {
    alertmap::Buffer out;
    out.append("before");
    const alertmap::Result<void> result = writer.write(input, out);
    REQUIRE_FALSE(result.has_value());
    CHECK(out.view() == "before");
    return result.error().code;
}

}  // namespace alertmap_test
