#pragma once

#include <cstdint>
#include <string_view>

namespace alertmap {

/// Anything but resolved is treated as firing (fail-safe).
enum class Status : std::uint8_t { firing, resolved };

/// "firing" or "resolved": Alertmanager's words. Static storage.
[[nodiscard]] constexpr std::string_view name(Status status) noexcept { return status == Status::resolved ? "resolved" : "firing"; }

}  // namespace alertmap
