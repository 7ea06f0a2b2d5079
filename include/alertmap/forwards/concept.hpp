#pragma once

#include <concepts>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/request.hpp"

namespace alertmap {

class AnyForward;

/// Forwards the Alertmanager message itself to a vendor that accepts it. A plain struct like a Target. `write` appends one JSON body and a
/// newline, as Alertmanager does; on failure it appends nothing. `request` returns the complete HTTP request; errors: those of write() and
/// check_options(), Errc::invalid_url, Errc::invalid_header. An optional member `max_alerts` is the maximum number of alerts per message:
/// see split(). Functions are const and thread-safe; `request` allocates.
template <class T>
concept Forward = std::same_as<T, AnyForward> || requires(const T& forward, const AlertGroup& group, Buffer& out) {
    { T::name } -> std::convertible_to<std::string_view>;
    { forward.write(group, out) } -> std::same_as<Result<void>>;
    { forward.request(group) } -> std::same_as<Result<Request>>;
};

}  // namespace alertmap
