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

/// What turns events into one vendor's payloads. A plain struct: its members are its configuration. Each function is const,
/// without I/O and safe to call from several threads at once.
///
/// - `name`: for lists and logs. `traits`: how the vendor behaves. Usually static constexpr members, but members of the
///   object will do.
/// - `write(event, out)` appends one compact body (where the vendor takes none: nothing) and does not allocate once `out`
///   has its size; on failure `out` is as before. Linear in the event. An event without external_id: Errc::empty_external_id.
/// - `request(event)` gives the whole HTTP request; it allocates. Where traits.resolves_by is ResolveBy::vendor_id it takes
///   the vendor's ID of the incident as a second argument: acknowledge and resolve without it are Errc::missing_vendor_id.
/// - optional `succeeded(transition, http_status, answer)`: whether the incident is now as asked. Left out: an HTTP status
///   of the 200s.
/// - optional `read_id(answer)`: the vendor's ID of the incident in the answer to its create, as Result<std::string>.
/// - optional table `options`, for kind_of(): see options.hpp.
///
/// No target writes Transition::ignore: Errc::unsupported_transition. A heartbeat is never written, or it would page:
/// Errc::unsupported_transition from write; request() pings the vendor's heartbeat URL where the target has one and the
/// heartbeat fires, and is Errc::unsupported_transition otherwise.
template <class T>
concept Target = std::same_as<T, AnyTarget> ||(detail::HasNameAndTraits<T>&& requires(const T& target, const Event& event, Buffer& out) {
    { target.write(event, out) } -> std::same_as<Result<void>>;
    { target.request(event) } -> std::same_as<Result<Request>>;
});

}  // namespace alertmap
