#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

namespace alertmap::detail {

/// Makes texts and label sets that say more of themselves than "unknown". Nobody but the parser and OwnedAlertGroup (and, of what it has
/// looked at, Arena) can know these things.
struct Mint {
    static constexpr std::size_t spelling_bytes = Text::spelling_bytes;

    /// The bytes need no escape in JSON, and text_padding more can be read behind them.
    static Text verbatim(const char* data, std::size_t size) noexcept { return {data, size, TextKind::verbatim}; }

    /// The text was decoded from `spelling`; put_spelling() has written that in front of `data`. text_padding bytes can be read behind
    /// the spelling and, if `clean`, behind the text, which then needs no escape in JSON.
    static Text decoded(const char* data, std::size_t size, bool clean) noexcept {
        return {data, size, clean ? TextKind::decoded_clean : TextKind::decoded};
    }
    /// Writes spelling_bytes in front of `data`.
    static void put_spelling(char* data, const char* spelling, std::size_t size) noexcept {
        const auto size32 = static_cast<std::uint32_t>(size);  // a body is smaller than 4 GiB
        std::memcpy(data - sizeof size32, &size32, sizeof size32);
        std::memcpy(data - sizeof size32 - sizeof spelling, &spelling, sizeof spelling);
    }

    /// The labels are in one place in memory, as "name":"value","name":"value", and none of their texts is unknown. At least one label.
    static Labels block(const Label* first, std::size_t count) noexcept {
        Labels labels(first, count);
        labels.count_ |= 1;
        return labels;
    }

    [[nodiscard]] static TextKind kind(const Text& text) noexcept { return text.kind(); }
    [[nodiscard]] static Spelling spelling(const Text& text) noexcept { return text.spelling(); }
    [[nodiscard]] static bool is_block(const Labels& labels) noexcept { return labels.is_block(); }
};

}  // namespace alertmap::detail
