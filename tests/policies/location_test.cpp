#include "alertmap/policies/location.hpp"

#include <doctest/doctest.h>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

TEST_CASE("location: coordinates are two decimal numbers") {
    for (std::string_view text : {"40.6413111,-73.7781391", "0,0", "-1,+1", "52., .5", "52.52,  13.4"}) {
        CAPTURE(text);
        CHECK(is_coordinates(text));
    }
    for (std::string_view text :
         {"", ",", "52.5", "52.5,", ",13.4", "eu-west-1", "a,b", "1,2,3", "1.2.3,4", ".,.", "-,-", "1;2", "52.5N,13.4E"}) {
        CAPTURE(text);
        CHECK_FALSE(is_coordinates(text));
    }
}

TEST_CASE("location: the first source with coordinates") {
    Sample s;
    s.firing({{"location", "eu-west-1"}, {"site", "52.52,13.40"}});
    const LocationPolicy location{{label("location"), label("site")}};
    CHECK(location(s.one(), s.arena) == "52.52,13.40");
    CHECK(location(s.whole(), s.arena).empty());
    CHECK(LocationPolicy{}(s.one(), s.arena).empty());
}

TEST_CASE("location: user function; invalid coordinates are dropped") {
    Sample s;
    s.firing({{"lat", "52.52"}, {"lon", "13.40"}});
    LocationPolicy location;
    location.from = {literal("0,0")};
    location.function = [](const Subject& subject, Arena& arena) -> Text {
        return arena.concat({subject.labels().get("lat"), ",", subject.labels().get("lon")});
    };
    CHECK(location(s.one(), s.arena) == "52.52,13.40");
    location.function = [](const Subject&, Arena&) -> Text { return "Berlin"; };
    CHECK(location(s.one(), s.arena).empty());
}
