#pragma once

#include <simdjson.h>

#include <string_view>

namespace test {

/// simdjson's DOM result for a text, independent of its version.
enum class Dom {
    valid,   ///< JSON
    beyond,  ///< valid RFC 8259 as far as simdjson read it, but with a number above 64 bits or a lone surrogate
    invalid,
};

/// Versions before 3.7 have no BIGINT_ERROR: they return NUMBER_ERROR for such numbers.
template <class Code>
bool is_big_integer(Code error) {
    if constexpr (requires { Code::BIGINT_ERROR; }) {
        return error == Code::BIGINT_ERROR;
    } else {
        return false;
    }
}

inline Dom dom(simdjson::dom::parser& parser, std::string_view text) {
    // A byte order mark is not JSON; simdjson since 3.6 skips one.
    if (text.starts_with("\xef\xbb\xbf")) return Dom::invalid;
    const simdjson::error_code error = parser.parse(text.data(), text.size()).error();
    if (error == simdjson::SUCCESS) return Dom::valid;
    if (error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR || is_big_integer(error)) return Dom::beyond;
    return Dom::invalid;
}

}  // namespace test
