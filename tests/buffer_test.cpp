#include "alertmap/buffer.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <type_traits>
#include <utility>

using alertmap::Buffer;

TEST_CASE("buffer: empty and without capacity at first") {
    const Buffer buffer;
    CHECK(buffer.empty());
    CHECK(buffer.size() == 0);
    CHECK(buffer.capacity() == 0);
    CHECK(buffer.view().empty());
    CHECK(buffer.str().empty());
}

TEST_CASE("buffer: appends") {
    Buffer buffer;
    buffer.append("one");
    buffer.push_back(',');
    buffer.append("");
    buffer.append({});
    buffer.append(std::string_view("\0x", 2));
    CHECK(buffer.view() == std::string_view("one,\0x", 6));
    CHECK(buffer.str().size() == 6);
    const std::string_view converted = buffer;
    CHECK(converted.data() == buffer.data());
}

TEST_CASE("buffer: grows as needed and keeps its contents") {
    Buffer buffer;
    std::string expected;
    for (int i = 0; i < 3000; ++i) {
        const std::string piece = std::to_string(i) + ";";
        buffer.append(piece);
        expected += piece;
    }
    CHECK(buffer.view() == expected);
    CHECK(buffer.capacity() >= buffer.size());
    CHECK(buffer.capacity() <= 2 * expected.size() + 16);
}

TEST_CASE("buffer: clear keeps the memory") {
    Buffer buffer;
    buffer.append(std::string(1000, 'x'));
    const char* bytes = buffer.data();
    const std::size_t capacity = buffer.capacity();
    buffer.clear();
    CHECK(buffer.empty());
    buffer.append(std::string(1000, 'y'));
    CHECK(buffer.data() == bytes);
    CHECK(buffer.capacity() == capacity);
}

TEST_CASE("buffer: prepared bytes become contents with commit") {
    Buffer buffer;
    buffer.append("ab");
    char* room = buffer.prepare(100);
    CHECK(buffer.size() == 2);
    CHECK(buffer.capacity() - buffer.size() >= 100);
    std::memcpy(room, "cd", 2);
    buffer.commit(2);
    CHECK(buffer.view() == "abcd");
    buffer.truncate(1);
    CHECK(buffer.view() == "a");
}

TEST_CASE("buffer: a part of itself can be appended") {
    Buffer buffer;
    buffer.append("0123456789");
    for (int i = 0; i < 6; ++i) buffer.append(buffer.view());
    std::string expected = "0123456789";
    for (int i = 0; i < 6; ++i) expected += expected;
    CHECK(buffer.view() == expected);
}

TEST_CASE("buffer: moves leave an empty one that works") {
    Buffer first;
    first.append("text");
    Buffer second = std::move(first);
    CHECK(second.view() == "text");
    CHECK(first.empty());  // NOLINT(bugprone-use-after-move): what it is must be known
    CHECK(first.capacity() == 0);
    first.append("again");
    CHECK(first.view() == "again");
    first = std::move(second);
    CHECK(first.view() == "text");
    CHECK(second.empty());
}

static_assert(!std::is_copy_constructible_v<Buffer>);
static_assert(std::is_nothrow_move_constructible_v<Buffer> && std::is_nothrow_move_assignable_v<Buffer>);
