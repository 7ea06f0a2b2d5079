#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/detail/export.hpp"
#include "alertmap/text.hpp"

// Text of an alert in the markup of a chat: it is shown as it is, and never formats, mentions or hides a link.
namespace alertmap {

/// How the receiver reads a text.
enum class Markup : std::uint8_t {
    plain,      ///< as it is
    line,       ///< plain, in one line: control characters become spaces
    html,       ///< HTML: & < > " as entities
    attribute,  ///< the same for a link in an attribute of HTML
    markdown,   ///< CommonMark, and the dialects of Discord, Mattermost and Teams: punctuation behind a backslash
    mrkdwn,     ///< Slack: & < > as entities. Its * _ ~ ` cannot be escaped: ask Slack not to format the text.
    json,       ///< the inside of a string of JSON that is itself a string of the body
    code,       ///< the inside of a Markdown code block: no two back-ticks in a row
};

/// What a limit counts.
enum class TextUnit : std::uint8_t { code_points, bytes, utf16 };

namespace detail {

/// The pieces of which the escaped text is made: views of the text, and of static words. In html, markdown and code a zero-width space
/// follows each "@", so that no name is mentioned; in markdown one breaks "://", so that no address becomes a link, and the start
/// of lines that would become code or a heading. Allocates nothing; linear. Not to be shared between threads.
/// Sources: https://spec.commonmark.org/0.31.2/#backslash-escapes, https://docs.slack.dev/messaging/formatting-message-text
class MarkupPieces {
 public:
    MarkupPieces(std::string_view text, Markup markup) noexcept : rest_(text), markup_(markup) {}

    /// False at the end. Never splits a code point.
    [[nodiscard]] ALERTMAP_API bool next(std::string_view& piece) noexcept;
    /// Whether the last piece took the place of one character; else it is a view of the text.
    [[nodiscard]] bool replaced() const noexcept { return replaced_; }

 private:
    std::string_view rest_;
    Markup markup_;
    bool line_starts_ = true;
    bool replaced_ = false;
};

/// Writes the pieces as JSON spells them, in one pass over blocks of bytes. Needs room for 7 bytes per byte, 3 bytes and copy_overrun.
/// Returns the end. Linear.
[[nodiscard]] ALERTMAP_API char* write_marked_json(char* to, Text text, Markup markup) noexcept;

/// How many units the text has.
[[nodiscard]] ALERTMAP_API std::size_t count_units(std::string_view text, TextUnit unit) noexcept;

struct FittedText {
    std::string_view text;  ///< not yet escaped
    bool cut = false;       ///< an ellipsis belongs behind it
};
/// As much of the text as, escaped and with an ellipsis if something is missing, makes at most `limit` (4 or more) units. Linear.
[[nodiscard]] ALERTMAP_API FittedText fit_text(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept;

struct FittedLines {
    std::string_view text;     ///< not yet escaped; without the newline at its end
    std::size_t left_out = 0;  ///< lines; "and N more" belongs behind them, on a line of its own
    bool cut = false;          ///< not even one line fits: an ellipsis belongs behind the text
};
/// The same for one alert a line: whole lines, and room for "and N more". A last line that says so already is counted with its number.
[[nodiscard]] ALERTMAP_API FittedLines fit_lines(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept;

/// How much of a text is written.
struct TextLimit {
    std::size_t limit = 0;  ///< 4 or more
    TextUnit unit = TextUnit::code_points;
    bool lines = false;  ///< of one alert a line whole ones, see fit_lines()
};
/// What write_fitted_json() needs room for, beside copy_overrun.
[[nodiscard]] constexpr std::size_t fitted_room(std::size_t size, std::size_t limit) noexcept {
    constexpr std::size_t ends = 32;  // an ellipsis, "\\nand N more"
    return 7 * (size / 4 > limit ? 4 * limit : size) + ends;
}
/// The text as far as it fits, and what says that something is missing, as JSON spells it. What is written is counted only if it has
/// more bytes than the limit, as no unit is less than a byte. Returns the end. Linear.
[[nodiscard]] ALERTMAP_API char* write_fitted_json(char* to, Text text, Markup markup, const TextLimit& limit) noexcept;

}  // namespace detail
}  // namespace alertmap
