#include "alertmap/detail/answer.hpp"

#include <doctest/doctest.h>

using namespace alertmap;
using detail::read_id;

TEST_CASE("answer: IDs") {
    CHECK(read_id(R"({"eventId":"e1"})", "eventId").value_or("") == "e1");
    CHECK(read_id(R"( {"x":{"eventId":"no"},"eventId":12345678901234567890} )", "eventId").value_or("") == "12345678901234567890");
    CHECK(read_id(R"({"included":[{"id":"no"}],"data":{"type":"t","id":"a\u0062"},"meta":{"id":"no"}})", "data", "id").value_or("") ==
          "ab");
}

TEST_CASE("answer: no IDs") {
    for (const char* text :
         {"{}", "[]", "null", "1", "\"id\"", R"({"id":null})", R"({"id":""})", R"({"id":true})", R"({"id":{"id":"x"}})"}) {
        CAPTURE(text);
        CHECK(read_id(text, "id").error().code == Errc::missing_vendor_id);
    }
    CHECK(read_id(R"({"data":"id"})", "data", "id").error().code == Errc::missing_vendor_id);
    CHECK(read_id(R"({"data":{"id":{}}})", "data", "id").error().code == Errc::missing_vendor_id);
}

TEST_CASE("answer: what is no JSON") {
    CHECK(read_id("", "id").error().code == Errc::truncated_body);
    CHECK(read_id("<html>", "id").error().code == Errc::invalid_json);
    CHECK(read_id(R"({"id":"x")", "id").error().code == Errc::truncated_body);
    CHECK(read_id(R"({"id":"x"} y)", "id").error().code == Errc::trailing_content);
}
