#pragma once

#include <cstdint>
#include <string_view>

namespace alertmap {

/// By what ID a target acknowledges and resolves.
enum class ResolveBy : std::uint8_t {
    external_id,  ///< the event's external ID: a resolve needs nothing but the event
    vendor_id,    ///< the ID that the vendor returned when the incident was created; see read_id()
    nothing,      ///< the vendor has no resolve: a resolve is one more message, or cannot be written
};

[[nodiscard]] constexpr std::string_view name(ResolveBy by) noexcept {
    switch (by) {
        case ResolveBy::external_id: return "external_id";
        case ResolveBy::vendor_id: return "vendor_id";
        case ResolveBy::nothing: break;
    }
    return "nothing";
}

/// What the vendor makes of a trigger with the external ID of an incident that is open.
enum class Repeat : std::uint8_t {
    merges,       ///< it belongs to the open incident; nobody is paged again
    pages_again,  ///< it opens a second incident, or posts a second message
    unknown,      ///< not documented: treat it as pages_again
};

[[nodiscard]] constexpr std::string_view name(Repeat repeat) noexcept {
    switch (repeat) {
        case Repeat::merges: return "merges";
        case Repeat::pages_again: return "pages_again";
        case Repeat::unknown: break;
    }
    return "unknown";
}

/// What the vendor makes of a resolve for which no incident is open.
enum class UnknownResolve : std::uint8_t {
    ignored,  ///< nothing happens
    opens,    ///< it creates an alert, posts a message or pages
    unknown,  ///< not documented: treat it as opens
};

[[nodiscard]] constexpr std::string_view name(UnknownResolve resolve) noexcept {
    switch (resolve) {
        case UnknownResolve::ignored: return "ignored";
        case UnknownResolve::opens: return "opens";
        case UnknownResolve::unknown: break;
    }
    return "unknown";
}

/// What a rate limit is counted for.
enum class RatePer : std::uint8_t {
    integration,   ///< one source, webhook, channel or routing key
    credential,    ///< one API key or token
    organization,  ///< all that the account sends
};

[[nodiscard]] constexpr std::string_view name(RatePer per) noexcept {
    switch (per) {
        case RatePer::integration: return "integration";
        case RatePer::credential: return "credential";
        case RatePer::organization: break;
    }
    return "organization";
}

/// At most `n` requests in `seconds`. n == 0: no limit is documented.
struct Rate {
    std::uint32_t n = 0;
    std::uint32_t seconds = 0;
    RatePer per = RatePer::integration;

    friend constexpr bool operator==(const Rate&, const Rate&) = default;
};

/// How a vendor behaves: what whoever decides which requests to send (the ledger) needs to know of it. A target has one as
/// `static constexpr TargetTraits traits`. The defaults are the careful assumptions. A plain value; safe to share.
struct TargetTraits {
    ResolveBy resolves_by = ResolveBy::external_id;
    Repeat repeat = Repeat::unknown;
    UnknownResolve unknown_resolve = UnknownResolve::unknown;
    bool acknowledges = true;         ///< false: Transition::acknowledge is Errc::unsupported_transition
    std::uint32_t expires_after = 0;  ///< seconds without a repeat after which the vendor closes by itself; 0: never
    Rate rate = {};
    bool per_group = false;     ///< one message for a group reads better than one for each alert: chats. See fan_out.hpp
    bool experimental = false;  ///< made from documents that could not be verified against the vendor

    friend constexpr bool operator==(const TargetTraits&, const TargetTraits&) = default;
};

}  // namespace alertmap
