#pragma once

#include <cstdint>
#include <string_view>

namespace alertmap {

/// Which ID a target uses to acknowledge and resolve.
enum class ResolveBy : std::uint8_t {
    external_id,  ///< the event's external ID: a resolve needs no stored state
    vendor_id,    ///< the ID that the vendor returned when the incident was created; see read_id()
    nothing,      ///< the vendor has no resolve: it is written as another message, or not at all
};

[[nodiscard]] constexpr std::string_view name(ResolveBy by) noexcept {
    switch (by) {
        case ResolveBy::external_id: return "external_id";
        case ResolveBy::vendor_id: return "vendor_id";
        case ResolveBy::nothing: break;
    }
    return "nothing";
}

/// The vendor's reaction to a trigger with the external ID of an open incident.
enum class Repeat : std::uint8_t {
    merges,       ///< deduplicated: nobody is paged again
    pages_again,  ///< opens a second incident or posts a second message
    unknown,      ///< not documented: handled as pages_again
};

[[nodiscard]] constexpr std::string_view name(Repeat repeat) noexcept {
    switch (repeat) {
        case Repeat::merges: return "merges";
        case Repeat::pages_again: return "pages_again";
        case Repeat::unknown: break;
    }
    return "unknown";
}

/// The vendor's reaction to a resolve without an open incident.
enum class UnknownResolve : std::uint8_t {
    ignored,  ///< no effect
    opens,    ///< creates an alert, posts a message or pages
    unknown,  ///< not documented: handled as opens
};

[[nodiscard]] constexpr std::string_view name(UnknownResolve resolve) noexcept {
    switch (resolve) {
        case UnknownResolve::ignored: return "ignored";
        case UnknownResolve::opens: return "opens";
        case UnknownResolve::unknown: break;
    }
    return "unknown";
}

/// Scope of a rate limit.
enum class RatePer : std::uint8_t {
    integration,   ///< a source, webhook, channel or routing key
    credential,    ///< an API key or token
    organization,  ///< the whole account
};

[[nodiscard]] constexpr std::string_view name(RatePer per) noexcept {
    switch (per) {
        case RatePer::integration: return "integration";
        case RatePer::credential: return "credential";
        case RatePer::organization: break;
    }
    return "organization";
}

/// At most `n` requests in `seconds`. n == 0: no documented limit.
struct Rate {
    std::uint32_t n = 0;
    std::uint32_t seconds = 0;
    RatePer per = RatePer::integration;

    friend constexpr bool operator==(const Rate&, const Rate&) = default;
};

/// The vendor's behaviour, as the ledger needs it to decide which requests to send. A target has one as `static constexpr TargetTraits
/// traits`. The defaults are the safe assumptions. A plain value.
struct TargetTraits {
    ResolveBy resolves_by = ResolveBy::external_id;
    Repeat repeat = Repeat::unknown;
    UnknownResolve unknown_resolve = UnknownResolve::unknown;
    bool acknowledges = true;         ///< false: Transition::acknowledge is Errc::unsupported_transition
    std::uint32_t expires_after = 0;  ///< the vendor closes an incident after this many seconds without a repeat; 0: never
    Rate rate = {};
    bool per_group = false;     ///< prefer one message per group to one per alert, as chats do; see fan_out.hpp
    bool experimental = false;  ///< based on documents that were not verified against the vendor

    friend constexpr bool operator==(const TargetTraits&, const TargetTraits&) = default;
};

}  // namespace alertmap
