#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/result.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

// Payloads, compared byte for byte.
namespace test {

inline bool is_json(std::string_view text) {
    Json json;
    return JsonText(text).read(json);
}

inline std::string golden(const std::string& name) { return read_file(data_file("golden/" + name + ".json")); }

/// The body is valid JSON and byte for byte what tests/golden/<name>.json holds. ALERTMAP_UPDATE_GOLDEN=1 writes the file
/// instead: read the difference before it is committed.
inline void check_golden(const std::string& name, std::string_view body) {
    CAPTURE(name);
    CHECK(is_json(body));
    if (std::getenv("ALERTMAP_UPDATE_GOLDEN") != nullptr) std::ofstream(data_file("golden/" + name + ".json"), std::ios::binary) << body;
    CHECK(golden(name) == body);
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

}  // namespace test
