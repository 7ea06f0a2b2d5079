#include "alertmap/detail/escape.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

using namespace alertmap;

namespace {

std::string unicode_escape(unsigned c) {
    char text[8];
    std::snprintf(text, sizeof text, "\\u%04x", c);
    return text;
}

/// Reference: JSON escapes byte by byte, according to RFC 8259, section 7.
std::string expected_json(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (byte < 0x20) {
                    out += unicode_escape(byte);
                } else {
                    out += c;
                }
        }
    }
    return out;
}

/// The output of `escape` into a buffer with other contents: no old byte may remain in the result, and nothing may be written beyond the
/// required room.
template <class Escape>
std::string written(Escape escape, std::string_view text) {
    const std::size_t room = 6 * text.size() + detail::copy_overrun;
    std::string buffer(room + 64, '"');
    const char* const end = escape(buffer.data(), text);
    CHECK(buffer.find_first_not_of('"', room) == std::string::npos);
    return {buffer.data(), static_cast<std::size_t>(end - buffer.data())};
}

/// Texts of all short lengths: clean, with each byte value at each position, and with special bytes at random positions.
template <class Check>
void with_texts(Check check) {
    for (std::size_t size = 0; size <= 80; ++size) {
        std::string clean;
        for (std::size_t i = 0; i < size; ++i) clean += static_cast<char>('a' + i % 26);
        check(clean);
        for (const char odd : {'"', '\\', '\n', '\x01', '\x1f', ' ', '\x7f', '\x80', '\xff'}) {
            for (std::size_t i = 0; i < size; ++i) {
                std::string text = clean;
                text[i] = odd;
                check(text);
            }
        }
    }
    for (int byte = 0; byte < 256; ++byte) check(std::string(19, static_cast<char>(byte)));
    std::mt19937 random(1);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (std::size_t size = random() % 200; text.size() < size;) {
            text += random() % 8 == 0 ? static_cast<char>(random() % 256) : static_cast<char>('0' + random() % 70);
        }
        check(text);
    }
}

}  // namespace

TEST_CASE("escape: JSON escapes at every position of texts of every length") {
    with_texts([](const std::string& text) {
        const std::string wanted = expected_json(text);
        const auto same = [&](auto escape) {
            const std::string found = written(escape, text);
            if (found != wanted) FAIL_CHECK(found, " instead of ", wanted);
        };
        same(detail::escape_json);
        same(detail::escape_json_by<detail::Block>);
        same(detail::escape_json_by<detail::WordBlock>);
    });
}
