#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

namespace alertmap::detail {

/// Creates texts and label sets of a known kind. Only the parser, OwnedAlertGroup and, after a scan, Arena have this knowledge.
struct Mint {
    static constexpr std::size_t spelling_bytes = Text::spelling_bytes;

    /// A text that needs no escape in JSON, followed by text_padding readable bytes.
    static Text verbatim(const char* data, std::size_t size) noexcept { return {data, size, TextKind::verbatim}; }

    /// A text decoded from `spelling`; put_spelling() has stored that before `data`. text_padding readable bytes follow the spelling and,
    /// if `clean`, the text, which then needs no escape in JSON.
    static Text decoded(const char* data, std::size_t size, bool clean) noexcept {
        return {data, size, clean ? TextKind::decoded_clean : TextKind::decoded};
    }
    /// Stores the spelling in the spelling_bytes before `data`.
    static void put_spelling(char* data, const char* spelling, std::size_t size) noexcept {
        const auto size32 = static_cast<std::uint32_t>(size);  // bodies are smaller than 4 GiB
        std::memcpy(data - sizeof size32, &size32, sizeof size32);
        std::memcpy(data - sizeof size32 - sizeof spelling, &spelling, sizeof spelling);
    }

    /// Labels that are contiguous in memory as "name":"value","name":"value", with texts of known kind. At least one label.
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
