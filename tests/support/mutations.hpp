#pragma once

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.hpp"

// Mutations of captured and odd bodies: changed bytes, values and members.
namespace test {

/// The captured bodies that are small enough to be mutated often.
inline std::vector<Body> small_bodies() {
    std::vector<Body> bodies = webhooks();
    std::erase_if(bodies, [](const Body& body) { return body.bytes.size() > 3000; });
    for (const auto& path : files("webhooks/odd")) bodies.push_back({path.stem().string(), read_file(path)});
    return bodies;
}

inline constexpr std::string_view odd_values[] = {"null",
                                                  "true",
                                                  "false",
                                                  "0",
                                                  "-0",
                                                  "12",
                                                  "5615590933959184469",
                                                  "1e3",
                                                  "3.0",
                                                  "2.5",
                                                  "-1",
                                                  "1e400",
                                                  R"("")",
                                                  R"("x")",
                                                  R"("firing")",
                                                  R"("Resolved")",
                                                  R"("ok")",
                                                  R"("\u0041\n\ud83d\udd25")",
                                                  R"("\ud800")",
                                                  "{}",
                                                  "[]",
                                                  R"({"a":1})",
                                                  R"([1, {"b" : null}])",
                                                  R"({ "a\n" : [ "x \" y" , { } ] })",
                                                  R"("2026-01-15 10:30:00 +0530 IST m=+1.5")",
                                                  R"("2026-01-15T10:30:60.123456789Z")",
                                                  R"("9999-12-31T23:59:59Z")",
                                                  R"("0001-01-01T00:00:00Z")",
                                                  R"("3")",
                                                  R"("many")",
                                                  "nul",
                                                  "tru",
                                                  "01",
                                                  "1.",
                                                  "+1",
                                                  R"("\x")",
                                                  R"("\u12G4")",
                                                  "'x'",
                                                  "NaN",
                                                  "",
                                                  "\x01",
                                                  "\"\x1f\"",
                                                  "\"\xff\"",
                                                  "\"\xc3\"",
                                                  "\"\xed\xa0\x80\"",
                                                  "\"\xf0\x9f\x94\xa5\""};

inline constexpr std::string_view odd_members[] = {R"("status":"resolved")",
                                                   R"("labels":{"a":"1","a":"2"})",
                                                   R"("alerts":[])",
                                                   R"("alerts":null)",
                                                   R"("endsAt":null)",
                                                   R"("extra" : [ { "x" : 1 } , "y" ])",
                                                   R"("receiver":7)",
                                                   R"("annotations":"")",
                                                   R"("values":null)",
                                                   R"("truncatedAlerts":"4")",
                                                   R"("b":"\u0062")",
                                                   R"("\u0061lertname":"again")",
                                                   R"("startsAt":"2026-01-15T10:30:00Z")",
                                                   R"("fingerprint":"f")"};

/// Replaces, removes and duplicates bytes; moves values and members.
inline std::string mutated(std::string body, std::mt19937& random) {
    const auto place = [&] { return body.empty() ? 0 : random() % body.size(); };
    const auto next = [&](std::string_view any, std::size_t from) { return std::min(body.find_first_of(any, from), body.size()); };
    switch (random() % 10) {
        case 0: {
            constexpr std::string_view bytes = "{}[]:,\"\\ \n\t0-.eEtfnu\x00\x0c\x1a\x1f\x7f\x80\xc3\xed\xff";
            if (!body.empty()) body[place()] = bytes[random() % bytes.size()];
            break;
        }
        case 1:
            if (!body.empty()) body[place()] = static_cast<char>(random());
            break;
        case 2: body.erase(place(), 1 + random() % 3); break;
        case 3: body.insert(place(), 1, R"({}[]:,"\ 0)"[random() % 10]); break;
        case 4: body.resize(place()); break;
        case 5:
        case 6: {  // a value
            const std::size_t colon = next(":", place());
            const std::size_t end = next(",}]", colon + 1 < body.size() ? colon + 1 : body.size());
            if (colon < end) body.replace(colon + 1, end - colon - 1, odd_values[random() % std::size(odd_values)]);
            break;
        }
        case 7: {  // a member
            const std::size_t brace = next("{", place());
            if (brace < body.size()) {
                std::string member(odd_members[random() % std::size(odd_members)]);
                if (brace + 1 < body.size() && body[brace + 1] != '}') member += ',';
                body.insert(brace + 1, member);
            }
            break;
        }
        case 8: {  // an element
            const std::size_t bracket = next("[", place());
            if (bracket < body.size()) body.insert(bracket + 1, std::string(odd_values[random() % std::size(odd_values)]) + ",");
            break;
        }
        default: {  // a part of it, elsewhere
            const std::size_t from = place();
            const std::string piece = body.substr(from, random() % 60);
            body.insert(place(), piece);
            break;
        }
    }
    return body;
}

}  // namespace test
