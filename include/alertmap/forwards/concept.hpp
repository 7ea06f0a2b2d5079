#pragma once

#include <concepts>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/request.hpp"

namespace alertmap {

class AnyForward;

/// What hands the Alertmanager message itself on, to a vendor that takes it. A plain struct, as a Target is: `write` appends
/// one JSON body and a newline (as Alertmanager sends it) and leaves `out` alone on failure; `request` gives the whole HTTP
/// request. A member `max_alerts` says how many alerts one message should carry: see split().
template <class T>
concept Forward = std::same_as<T, AnyForward> || requires(const T& forward, const AlertGroup& group, Buffer& out) {
    { T::name } -> std::convertible_to<std::string_view>;
    { forward.write(group, out) } -> std::same_as<Result<void>>;
    { forward.request(group) } -> std::same_as<Result<Request>>;
};

}  // namespace alertmap
