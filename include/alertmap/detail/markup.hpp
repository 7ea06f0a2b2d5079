#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/detail/export.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

// Escaping of alert texts for chat markup: the text is shown verbatim and cannot add formatting, mentions or hidden links.
namespace alertmap {

/// Markup that the receiver interprets.
enum class Markup : std::uint8_t {
    plain,      ///< none
    line,       ///< none, on one line: control characters become spaces
    html,       ///< HTML: & < > " as entities
    attribute,  ///< HTML attribute, for links: as html
    markdown,   ///< CommonMark and the dialects of Discord, Mattermost and Teams: punctuation is escaped with a backslash
    mrkdwn,     ///< Slack: & < > as entities. Its * _ ~ ` cannot be escaped: tell Slack not to format the text.
    json,       ///< JSON string inside a JSON string of the body
    code,       ///< Markdown code block: consecutive back-ticks are separated
};

/// Unit of a text limit.
enum class TextUnit : std::uint8_t { code_points, bytes, utf16 };

namespace detail {

/// Splits a text into escaped pieces: views of the text and static replacements. In html, markdown and code a zero-width space after each
/// "@" prevents mentions; in markdown others prevent links (after "://"), code blocks and headings at the start of lines. Allocates
/// nothing; linear. Not thread-safe.
/// Sources: https://spec.commonmark.org/0.31.2/#backslash-escapes, https://docs.slack.dev/messaging/formatting-message-text
class MarkupPieces {
 public:
    MarkupPieces(std::string_view text, Markup markup) noexcept : rest_(text), markup_(markup) {}

    /// Gets the next piece; false at the end. Never splits a code point.
    [[nodiscard]] ALERTMAP_API bool next(std::string_view& piece) noexcept;
    /// True if the last piece replaces one character; false if it is a view of the text.
    [[nodiscard]] bool replaced() const noexcept { return replaced_; }

 private:
    std::string_view rest_;
    Markup markup_;
    bool line_starts_ = true;
    bool replaced_ = false;
};

/// Writes the pieces as part of a JSON string, in one pass over blocks of bytes; returns the end. Needs room for 7 bytes per input byte, 3
/// bytes and copy_overrun. Linear.
[[nodiscard]] ALERTMAP_API char* write_marked_json(char* to, Text text, Markup markup) noexcept;

/// Writes "name: value", one label per line, like write_marked_json(). Needs room for label_lines_room() bytes and copy_overrun.
[[nodiscard]] ALERTMAP_API char* write_label_lines_json(char* to, Labels labels, Markup markup) noexcept;
[[nodiscard]] constexpr std::size_t label_lines_room(Labels labels) noexcept {
    std::size_t most = 0;
    for (const Label& label : labels) most += 7 * (label.name.size() + label.value.size()) + 10;
    return most;
}

/// The size of the text in the given unit.
[[nodiscard]] ALERTMAP_API std::size_t count_units(std::string_view text, TextUnit unit) noexcept;

struct FittedText {
    std::string_view text;  ///< before escaping
    bool cut = false;       ///< true: append an ellipsis
};
/// The longest prefix that, escaped and with an ellipsis if truncated, has at most `limit` (at least 4) units. Linear.
[[nodiscard]] ALERTMAP_API FittedText fit_text(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept;

struct FittedLines {
    std::string_view text;     ///< before escaping; without the final newline
    std::size_t left_out = 0;  ///< number of omitted lines; append "and N more" on its own line
    bool cut = false;          ///< true: not even one line fits; append an ellipsis
};
/// The same for a text with one alert per line: keeps whole lines and room for "and N more". An existing last line "and N more" is included
/// in the count.
[[nodiscard]] ALERTMAP_API FittedLines fit_lines(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept;

/// Length limit of a text.
struct TextLimit {
    std::size_t limit = 0;  ///< at least 4
    TextUnit unit = TextUnit::code_points;
    bool lines = false;  ///< keep whole lines, one alert per line: see fit_lines()
};
/// Output bytes of write_fitted_json(), in addition to copy_overrun.
[[nodiscard]] constexpr std::size_t fitted_room(std::size_t size, std::size_t limit) noexcept {
    constexpr std::size_t ends = 32;  // an ellipsis, "\\nand N more"
    return 7 * (size / 4 > limit ? 4 * limit : size) + ends;
}
/// Writes the fitted text and its ellipsis or "and N more" as part of a JSON string; returns the end. Units are counted only if more bytes
/// than the limit were written, as a unit is at least one byte. Linear.
[[nodiscard]] ALERTMAP_API char* write_fitted_json(char* to, Text text, Markup markup, TextLimit limit) noexcept;

}  // namespace detail
}  // namespace alertmap
