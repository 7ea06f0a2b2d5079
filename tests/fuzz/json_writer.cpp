#include "alertmap/json_writer.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/json.hpp"

using namespace alertmap;

// Arbitrary UTF-8 text, written as a value and as a name with both escapings, is read back unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {  // each byte as a character, so that the text is valid UTF-8
        if (data[i] < 0x80) {
            text += static_cast<char>(data[i]);
        } else if (data[i] < 0xc0) {
            text += "\xe2\x80";
            text += static_cast<char>(data[i]);  // U+2000 to U+203F
        } else {
            text += "\xf0\x9f\x94\xa5";
        }
    }
    for (const Escaping escaping : {Escaping::json, Escaping::go}) {
        Buffer out;
        {
            JsonWriter json(out, escaping);
            json.begin_object();
            json.member(text, text);
            json.key(text);
            json.begin_array();
            json.value(size);
            json.value(text);
            json.end_array();
            json.end_object();
        }
        test::Json back;
        if (!test::JsonText(out.view()).read(back) || back.members.size() != 2) std::abort();
        if (back.members[0].first.text != text || back.members[0].second.text != text || back.members[1].first.text != text) std::abort();
        if (back.members[1].second.elements[0].raw != std::to_string(size) || back.members[1].second.elements[1].text != text) std::abort();
        if (escaping == Escaping::go && out.view().find_first_of("<>&") != std::string_view::npos) std::abort();
    }
    return 0;
}
