#pragma once

#include <string>
#include <string_view>

#include "alertmap/detail/json_reader.hpp"
#include "alertmap/result.hpp"

namespace alertmap::detail {

/// The string (or the number's text) at "data.id" of a vendor's answer: one or two names. Errc::missing_vendor_id if it is
/// not there or empty; JSON's errors.
[[nodiscard]] inline Result<std::string> read_id(std::string_view answer, std::string_view name, std::string_view inner = {}) {
    JsonReader json(answer);
    std::string key;
    std::string id;
    const auto read_scalar = [&] {
        std::string_view digits;
        if (json.type() == JsonType::string) {
            json.string(id);
        } else if (json.type() == JsonType::number) {
            json.number(digits);
            id = digits;
        } else {
            json.skip();
        }
    };
    if (json.type() != JsonType::object) {
        json.skip();
        return json.finish() ? Error{Errc::missing_vendor_id, no_offset, {}} : json.error();
    }
    json.begin_object();
    while (json.next_member(key)) {
        if (key != name) {
            json.skip();
        } else if (inner.empty()) {
            read_scalar();
        } else if (json.type() != JsonType::object) {
            json.skip();
        } else {
            json.begin_object();
            while (json.next_member(key)) key == inner ? read_scalar() : static_cast<void>(json.skip());
        }
    }
    if (!json.finish()) return json.error();
    if (id.empty()) return Errc::missing_vendor_id;
    return id;
}

}  // namespace alertmap::detail
