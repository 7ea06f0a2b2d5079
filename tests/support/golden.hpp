#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/result.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

// Compares payloads byte by byte.
namespace test {

inline bool is_json(std::string_view text) {
    Json json;
    return JsonText(text).read(json);
}

inline std::string golden(const std::string& name) { return read_file(data_file("golden/" + name + ".json")); }

/// The first differing byte of two texts with its context; empty if they are equal.
inline std::string first_difference(std::string_view expected, std::string_view found) {
    if (expected == found) return {};
    std::size_t at = 0;
    while (at < expected.size() && at < found.size() && expected[at] == found[at]) ++at;
    const std::size_t from = at < 30 ? 0 : at - 30;
    const auto around = [from](std::string_view text) { return std::string(text.substr(std::min(from, text.size()), 60)); };
    return "byte " + std::to_string(at) + "\n  expected: ..." + around(expected) + "...\n  found:    ..." + around(found) + "...";
}

/// Checks that the body is valid JSON and equals tests/golden/<name>.json. ALERTMAP_UPDATE_GOLDEN=1 writes the file instead: review the
/// difference before committing it.
inline void check_golden(const std::string& name, std::string_view body) {
    CAPTURE(name);
    CHECK(is_json(body));
    if (std::getenv("ALERTMAP_UPDATE_GOLDEN") != nullptr) {
        const std::filesystem::path file = data_file("golden/" + name + ".json");
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << body;
    }
    CHECK(first_difference(golden(name), body) == "");
}

/// The output of `writer` for `input`; checks that it was appended to the existing contents.
template <class Writer, class Input>
std::string written(const Writer& writer, const Input& input) {
    alertmap::Buffer out;
    out.append("before");
    const alertmap::Result<void> result = writer.write(input, out);
    REQUIRE_MESSAGE(result.has_value(), to_string(result.error()));
    REQUIRE(out.view().starts_with("before"));
    return std::string(out.view().substr(6));
}

/// The error of write(); checks that the buffer is unchanged.
template <class Writer, class Input>
alertmap::Errc write_error(const Writer& writer, const Input& input) {
    alertmap::Buffer out;
    out.append("before");
    const alertmap::Result<void> result = writer.write(input, out);
    REQUIRE_FALSE(result.has_value());
    CHECK(out.view() == "before");
    return result.error().code;
}

}  // namespace test
