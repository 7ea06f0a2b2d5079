#pragma once

#include <simdjson.h>

#include <string_view>

namespace test {

/// What simdjson's DOM makes of a text, in words that hold for each of its versions.
enum class Dom {
    valid,   ///< JSON
    beyond,  ///< JSON by RFC 8259 as far as simdjson read it, but a number of more than 64 bits or a lone surrogate
    invalid,
};

/// Versions before 3.7 have no BIGINT_ERROR: they call such numbers NUMBER_ERROR.
template <class Code>
bool is_big_integer(Code error) {
    if constexpr (requires { Code::BIGINT_ERROR; }) {
        return error == Code::BIGINT_ERROR;
    } else {
        return false;
    }
}

inline Dom dom(simdjson::dom::parser& parser, std::string_view text) {
    // A byte order mark is no JSON; since 3.6 simdjson skips one.
    if (text.starts_with("\xef\xbb\xbf")) return Dom::invalid;
    const simdjson::error_code error = parser.parse(text.data(), text.size()).error();
    if (error == simdjson::SUCCESS) return Dom::valid;
    if (error == simdjson::NUMBER_ERROR || error == simdjson::STRING_ERROR || is_big_integer(error)) return Dom::beyond;
    return Dom::invalid;
}

}  // namespace test
