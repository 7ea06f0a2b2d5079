#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/members.hpp"

// Maps JSON names to members of an alert or a group.
namespace alertmap::detail {

/// The known members of alerts and groups.
enum class KnownMember : std::uint8_t {
    status,
    labels,
    annotations,
    starts_at,
    ends_at,
    generator_url,
    fingerprint,
    receiver,
    alerts,
    notification_reason,
    group_labels,
    common_labels,
    common_annotations,
    route_labels,
    external_url,
    version,
    group_key,
    truncated_alerts,
    other,
};

/// KnownMember of an alert; `name` in Alertmanager's spelling.
constexpr KnownMember alert_member(std::string_view name) noexcept {
    switch (name.size()) {
        case 6:
            return name == "status"   ? KnownMember::status
                   : name == "labels" ? KnownMember::labels
                   : name == "endsAt" ? KnownMember::ends_at
                                      : KnownMember::other;
        case 8: return name == "startsAt" ? KnownMember::starts_at : KnownMember::other;
        case 11:
            return name == "annotations" ? KnownMember::annotations : name == "fingerprint" ? KnownMember::fingerprint : KnownMember::other;
        case 12: return name == "generatorURL" ? KnownMember::generator_url : KnownMember::other;
        default: return KnownMember::other;
    }
}

/// KnownMember of a group.
constexpr KnownMember group_member(std::string_view name) noexcept {
    switch (name.size()) {
        case 6: return name == "status" ? KnownMember::status : name == "alerts" ? KnownMember::alerts : KnownMember::other;
        case 7: return name == "version" ? KnownMember::version : KnownMember::other;
        case 8: return name == "receiver" ? KnownMember::receiver : name == "groupKey" ? KnownMember::group_key : KnownMember::other;
        case 11:
            return name == "groupLabels"   ? KnownMember::group_labels
                   : name == "externalURL" ? KnownMember::external_url
                   : name == "routeLabels" ? KnownMember::route_labels
                                           : KnownMember::other;
        case 12: return name == "commonLabels" ? KnownMember::common_labels : KnownMember::other;
        case 15: return name == "truncatedAlerts" ? KnownMember::truncated_alerts : KnownMember::other;
        case 17: return name == "commonAnnotations" ? KnownMember::common_annotations : KnownMember::other;
        case 19: return name == "notification_reason" ? KnownMember::notification_reason : KnownMember::other;
        default: return KnownMember::other;
    }
}

struct MemberName {
    std::string_view name;
    KnownMember member;
};

/// The names of the table in members.hpp, in order.
template <class Owner>
consteval auto names_of(KnownMember (*member_of)(std::string_view)) {
    constexpr std::size_t count = [] {
        std::size_t members = 0;
        const Owner blank;
        each_member(blank, [&](std::string_view, const auto&, Written) { ++members; });
        return members;
    }();
    std::array<MemberName, count> names{};
    std::size_t at = 0;
    const Owner blank;
    each_member(blank, [&](std::string_view name, const auto&, Written) { names[at++] = {name, member_of(name)}; });
    return names;
}
inline constexpr auto alert_names = names_of<Alert>(alert_member);
inline constexpr auto group_names = names_of<AlertGroup>(group_member);

/// True if every name has a different member: a row of members.hpp without one would never be read.
template <std::size_t count>
consteval bool all_have_members(const std::array<MemberName, count>& names) {
    unsigned seen = 1u << static_cast<unsigned>(KnownMember::other);
    for (const MemberName& one : names) {
        const unsigned bit = 1u << static_cast<unsigned>(one.member);
        if ((seen & bit) != 0) return false;
        seen |= bit;
    }
    return true;
}
static_assert(all_have_members(alert_names) && all_have_members(group_names));

/// True if Go's encoding/json matches `text` to the member `name`: case-insensitive, and U+017F equals s, U+212A equals k.
/// Source: encoding/json/fold.go.
inline bool same_member_in_go(std::string_view text, std::string_view name) noexcept {
    std::size_t at = 0;
    for (const char wanted : name) {
        if (at == text.size()) return false;
        if (lower(text[at]) == lower(wanted)) {
            ++at;
        } else if (lower(wanted) == 's' && text.substr(at, 2) == "\u017f") {
            at += 2;
        } else if (lower(wanted) == 'k' && text.substr(at, 3) == "\u212a") {
            at += 3;
        } else {
            return false;
        }
    }
    return at == text.size();
}

[[nodiscard]] constexpr bool is_ascii(std::string_view text) noexcept {
    unsigned char all = 0;
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

/// Cheap filter for same_member_in_go() with a few names: size and first letter exclude nearly all texts.
class MemberSizes {
 public:
    template <class Names>
    explicit consteval MemberSizes(const Names& names) noexcept {
        for (const auto& one : names) {
            std::size_t longest = one.name.size();
            for (const char c : one.name) longest += c == 's' || c == 'S' ? 1 : c == 'k' || c == 'K' ? 2 : 0;
            sizes_[letter(one.name.front())] |= 1u << one.name.size();
            for (std::size_t size = one.name.size() + 1; size <= longest; ++size) longer_[letter(one.name.front())] |= 1u << size;
        }
    }

    [[nodiscard]] constexpr bool may_have(std::string_view text) const noexcept {
        if (text.empty()) return false;
        if (static_cast<unsigned char>(text.front()) >= 0x80) return true;
        if (text.size() >= 32) return false;
        const std::uint32_t size = std::uint32_t{1} << text.size();
        return (sizes_[letter(text.front())] & size) != 0 || ((longer_[letter(text.front())] & size) != 0 && !is_ascii(text));
    }

 private:
    /// The same for upper and lower case.
    static constexpr std::size_t letter(char c) noexcept { return static_cast<std::size_t>(static_cast<unsigned char>(c) & 0x1f); }

    std::array<std::uint32_t, 32> sizes_{};
    std::array<std::uint32_t, 32> longer_{};  // with letters of two and three bytes
};

inline constexpr MemberSizes alert_sizes{alert_names};
inline constexpr MemberSizes group_sizes{group_names};

}  // namespace alertmap::detail
