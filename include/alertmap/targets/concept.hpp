#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/event.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap {

class AnyTarget;

namespace detail {

template <class T>
concept HasNameAndTraits = requires(const T& target) {
    { target.name } -> std::convertible_to<std::string_view>;
    { target.traits } -> std::convertible_to<const TargetTraits&>;
};

template <class T>
concept RequestsWithVendorId = requires(const T& target, const Event& event, std::string_view vendor_id) {
    { target.request(event, vendor_id) } -> std::same_as<Result<Request>>;
};

}  // namespace detail

/// Converts events into the payloads of one vendor. A plain struct whose members are its configuration. All functions are const, do no I/O
/// and are thread-safe.
///
/// - `name`: for lists and logs. `traits`: the vendor's behaviour. Usually static constexpr members; non-static members are possible.
/// - `write(event, out)` appends one compact body, or nothing if the vendor expects none; on failure it appends nothing. Allocates only for
///   growth of `out`. Linear in the event. Errc::empty_external_id for an event without external_id.
/// - `request(event)` returns the complete HTTP request; allocates. Errors: those of write() and check_options(), Errc::invalid_url,
///   Errc::invalid_header, and Errc::missing_heartbeat if a heartbeat's option is unset. If traits.resolves_by is ResolveBy::vendor_id, it
///   takes the vendor's ID of the incident as second argument; acknowledge and resolve without it give Errc::missing_vendor_id.
/// - optional `succeeded(transition, http_status, answer)`: true if the incident is in the requested state. Default: an HTTP status of 2xx.
/// - optional `read_id(answer)`: the vendor's ID of the incident, from the answer to its creation, as Result<std::string>.
/// - optional table `options`, for kind_of(): see options.hpp.
///
/// For Transition::ignore, write() and request() return Errc::unsupported_transition. For a heartbeat, write() also returns it, as the
/// event would page; request() pings the vendor's heartbeat URL if the target has one and the heartbeat is firing, and returns
/// Errc::unsupported_transition otherwise.
template <class T>
concept Target = std::same_as<T, AnyTarget> ||(detail::HasNameAndTraits<T>&& requires(const T& target, const Event& event, Buffer& out) {
    { target.write(event, out) } -> std::same_as<Result<void>>;
    { target.request(event) } -> std::same_as<Result<Request>>;
});

}  // namespace alertmap
