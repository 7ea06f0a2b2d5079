#include "../src/member_names.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

using namespace alertmap::detail;

namespace {

/// `name` with the letter at `at` in the opposite case.
std::string in_other_case(std::string_view name, std::size_t at) {
    std::string text(name);
    text[at] = static_cast<char>(text[at] ^ 0x20);
    return text;
}

}  // namespace

TEST_CASE("member names: each name matches its member by exact spelling only") {
    for (const MemberName& one : alert_names) {
        CHECK(alert_member(one.name) == one.member);
        CHECK(one.member != KnownMember::other);
        CHECK(alert_member(std::string(one.name) + "s") == KnownMember::other);
        CHECK(alert_member(in_other_case(one.name, 0)) == KnownMember::other);
    }
    for (const MemberName& one : group_names) {
        CHECK(group_member(one.name) == one.member);
        CHECK(one.member != KnownMember::other);
        CHECK(group_member(in_other_case(one.name, 0)) == KnownMember::other);
    }
    CHECK(alert_member("receiver") == KnownMember::other);
    CHECK(group_member("fingerprint") == KnownMember::other);
}

TEST_CASE("member names: Go's comparison: ASCII case-insensitive, long s, Kelvin sign") {
    CHECK(same_member_in_go("STARTSAT", "startsAt"));
    CHECK(same_member_in_go("\u017ftart\u017fAt", "startsAt"));
    CHECK(same_member_in_go("group\u212aey", "groupKey"));
    CHECK_FALSE(same_member_in_go("startsA", "startsAt"));
    CHECK_FALSE(same_member_in_go("startsAtt", "startsAt"));
    CHECK_FALSE(same_member_in_go("\u017ftatu\u0161", "status"));
}

TEST_CASE("member names: the size filter excludes no spelling that Go matches") {
    for (const MemberName& one : group_names) {
        CHECK(group_sizes.may_have(one.name));
        for (std::size_t at = 0; at < one.name.size(); ++at) {
            if (one.name[at] != '_') CHECK(group_sizes.may_have(in_other_case(one.name, at)));
            std::string folded(one.name);
            if (one.name[at] == 's') folded.replace(at, 1, "\u017f");
            if (one.name[at] == 'K') folded.replace(at, 1, "\u212a");
            CHECK(same_member_in_go(folded, one.name));
            CHECK(group_sizes.may_have(folded));
        }
    }
    CHECK_FALSE(group_sizes.may_have(""));
    CHECK_FALSE(group_sizes.may_have("team"));
    CHECK_FALSE(alert_sizes.may_have(std::string(40, 's')));
}
