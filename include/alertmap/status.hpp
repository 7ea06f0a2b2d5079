#pragma once

#include <cstdint>
#include <iosfwd>
#include <string_view>

#include "alertmap/text.hpp"

namespace alertmap {

/// Anything but resolved is treated as firing (fail-safe).
enum class Status : std::uint8_t { firing, resolved };

/// Alertmanager's words "firing" and "resolved". Static storage.
[[nodiscard]] constexpr Text name(Status status) noexcept {
    return status == Status::resolved ? Text::literal<"resolved">() : Text::literal<"firing">();
}

/// Writes name(status).
template <class Traits>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Status status) {
    return out << std::string_view(name(status));
}

}  // namespace alertmap
