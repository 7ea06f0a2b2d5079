#pragma once

#include <concepts>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/event.hpp"
#include "alertmap/request.hpp"

namespace alertmap {

/// What turns events into one vendor's payloads. A plain struct: its members are its configuration.
///
/// - `name`: for lists and logs. `resolves_by_external_id`: false if acknowledge and resolve need an ID that the vendor
///   returned when the alert was created.
/// - `write` appends one compact JSON body (where the vendor takes none: nothing) and does not allocate once `out` has its
///   size; on failure `out` is as before. An event without external_id: Errc::empty_external_id.
/// - `request` gives the whole HTTP request; it allocates.
///
/// No target writes Transition::ignore: Errc::unsupported_transition. A heartbeat is never written, or it would page:
/// Errc::unsupported_transition from write; request() pings the vendor's heartbeat URL where the target has one and the
/// heartbeat fires, and is Errc::unsupported_transition otherwise.
template <class T>
concept Target = requires(const T& target, const Event& event, Buffer& out) {
    { target.name } -> std::convertible_to<std::string_view>;
    { target.resolves_by_external_id } -> std::convertible_to<bool>;
    { target.write(event, out) } -> std::same_as<Result<void>>;
    { target.request(event) } -> std::same_as<Result<Request>>;
};

namespace detail {

/// What holds for every target: see the concept.
[[nodiscard]] inline bool writable(const Event& event) noexcept {
    return event.transition != Transition::ignore && !event.heartbeat && !event.external_id.empty();
}
[[nodiscard]] inline Errc why_not_writable(const Event& event) noexcept {
    return event.transition == Transition::ignore || event.heartbeat ? Errc::unsupported_transition : Errc::empty_external_id;
}

/// A one-line title, which no vendor takes empty.
[[nodiscard]] inline std::string_view title(const Event& event) noexcept {
    return event.summary.empty() ? event.external_id : event.summary;
}

/// A heartbeat that says "alive", and not that its rule has gone.
[[nodiscard]] inline bool beats(const Event& event) noexcept { return event.heartbeat && event.transition == Transition::trigger; }

}  // namespace detail

}  // namespace alertmap
