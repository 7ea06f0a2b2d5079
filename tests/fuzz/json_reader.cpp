#include "alertmap/detail/json_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/json.hpp"

using namespace alertmap;

namespace {

/// Reads every value, decodes each name and string, and compares them with the reference reader's tree.
void walk(detail::JsonReader& json, const test::Json& expected) {
    std::string text;
    switch (json.type()) {
        case detail::JsonType::object: {
            std::size_t i = 0;
            for (json.begin_object(); json.next_member(text); ++i) {
                if (i >= expected.members.size() || text != expected.members[i].first.text) std::abort();
                walk(json, expected.members[i].second);
            }
            if (i != expected.members.size()) std::abort();
            break;
        }
        case detail::JsonType::array: {
            std::size_t i = 0;
            for (json.begin_array(); json.next_element(); ++i) {
                if (i >= expected.elements.size()) std::abort();
                walk(json, expected.elements[i]);
            }
            if (i != expected.elements.size()) std::abort();
            break;
        }
        case detail::JsonType::string:
            if (!json.string(text) || text != expected.text) std::abort();
            break;
        case detail::JsonType::number: {
            std::string_view number;
            if (!json.number(number) || number != expected.raw) std::abort();
            break;
        }
        case detail::JsonType::boolean: {
            bool truth = false;
            if (!json.boolean(truth) || truth != (expected.raw == "true")) std::abort();
            break;
        }
        case detail::JsonType::null:
            if (!json.null()) std::abort();
            break;
        case detail::JsonType::none: std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t brackets = 0;
    for (const char c : text) brackets += c == '[' || c == '{' ? 1 : 0;
    if (brackets > 60) return 0;
    test::Json expected;
    test::JsonText reader(text);
    const bool valid = reader.read(expected);

    detail::JsonReader json(text);
    std::string_view raw;
    const bool skipped = json.skip(raw) && json.finish();
    if (skipped != valid) std::abort();
    if (!valid) {
        if (json.offset() != reader.offset()) std::abort();
        if ((json.code() == Errc::truncated_body) != (reader.offset() == size)) std::abort();
        return 0;
    }
    if (raw != expected.raw) std::abort();
    detail::JsonReader slowly(text);
    walk(slowly, expected);
    if (!slowly.finish()) std::abort();
    return 0;
}
