#include "alertmap/targets/traits.hpp"

#include <doctest/doctest.h>

using namespace alertmap;

TEST_CASE("traits: the defaults are the safe assumptions") {
    constexpr TargetTraits traits;
    static_assert(traits.repeat == Repeat::unknown && traits.unknown_resolve == UnknownResolve::unknown);
    CHECK(traits.expires_after == 0);
    CHECK(traits.rate == Rate{});
    CHECK_FALSE(traits.experimental);
}

TEST_CASE("traits: names are unique") {
    CHECK(name(ResolveBy::external_id) == "external_id");
    CHECK(name(ResolveBy::vendor_id) == "vendor_id");
    CHECK(name(ResolveBy::nothing) == "nothing");
    CHECK(name(Repeat::merges) == "merges");
    CHECK(name(Repeat::pages_again) == "pages_again");
    CHECK(name(Repeat::unknown) == "unknown");
    CHECK(name(UnknownResolve::ignored) == "ignored");
    CHECK(name(UnknownResolve::opens) == "opens");
    CHECK(name(UnknownResolve::unknown) == "unknown");
    CHECK(name(RatePer::integration) == "integration");
    CHECK(name(RatePer::credential) == "credential");
    CHECK(name(RatePer::organization) == "organization");
}
