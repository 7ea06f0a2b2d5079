#include "alertmap/detail/markup.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "alertmap/detail/code_points.hpp"
#include "alertmap/detail/escape.hpp"

namespace alertmap::detail {
namespace {

/// True for the characters at which escape_of() has to look.
constexpr std::array<bool, 256> special_in(std::string_view characters, bool controls) {
    std::array<bool, 256> table{};
    for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
    if (controls) {
        for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
        table[0x7f] = true;
    }
    return table;
}
/// By Markup.
constexpr std::array<bool, 256> special[] = {
    special_in("", false),                             // plain
    special_in("", true),                              // line
    special_in("&<>\"@", false),                       // html
    special_in("&<>\"", false),                        // attribute
    special_in("\\`*_{}[]()#+-.!>~|<@:&\n\r", false),  // markdown
    special_in("&<>", false),                          // mrkdwn
    special_in("\"\\", true),                          // json
    special_in("`@", false),                           // code
};
/// In Markdown, as long as nothing but white space is in the line.
constexpr std::array<bool, 256> special_at_line_start = special_in("\\`*_{}[]()#+-.!>~|<@:&\n\r= \t", false);

/// How many bytes a byte can become, by Markup.
constexpr std::size_t longest_escape[] = {1, 1, 6, 6, 4, 5, 6, 4};

constexpr std::string_view with_backslash(char c) noexcept {
    constexpr std::string_view pairs = "\\\\\\`\\*\\_\\{\\}\\[\\]\\(\\)\\#\\+\\-\\.\\!\\>\\~\\|\\<";
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
        if (pairs[i + 1] == c) return pairs.substr(i, 2);
    }
    return {};
}

constexpr bool starts_entity(char c) noexcept { return c == '#' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string_view markdown_escape(std::string_view rest, bool line_starts) noexcept {
    const char c = rest[0];
    if (c == '@') return "@\u200b";
    if (c == ':') return rest.starts_with("://") ? std::string_view(":\u200b") : std::string_view();
    if (c == '&') return rest.size() > 1 && starts_entity(rest[1]) ? std::string_view("&\u200b") : std::string_view();
    if (c == ' ') return line_starts ? std::string_view("\u200b ") : std::string_view();
    if (c == '\t') return line_starts ? std::string_view("\u200b\t") : std::string_view();
    if (c == '=') return line_starts ? std::string_view("\u200b=") : std::string_view();
    return with_backslash(c);
}

/// A character as JSON spells it inside of a string; none for what needs no escape, as DEL.
struct Spelled {
    char text[6] = {};
    std::uint8_t size = 0;
};
constexpr std::array<Spelled, 128> json_spelled = [] {
    std::array<Spelled, 128> table{};
    for (std::size_t c = 0; c < table.size(); ++c) {
        if (json_escapes[c] == 0) continue;
        const char* const end = escape_one(table[c].text, static_cast<unsigned char>(c), json_escapes[c]);
        table[c].size = static_cast<std::uint8_t>(end - table[c].text);
    }
    return table;
}();
std::string_view json_spelling(char c) noexcept {
    const Spelled& spelled = json_spelled[static_cast<unsigned char>(c) & 127];
    return {spelled.text, spelled.size};
}

/// What takes the place of the first character; empty: it stays.
std::string_view escape_of(std::string_view rest, Markup markup, bool line_starts) noexcept {
    const char c = rest[0];
    switch (markup) {
        case Markup::plain: return {};
        case Markup::line: return " ";
        case Markup::html:
        case Markup::attribute:
        case Markup::mrkdwn:
            if (c == '&') return "&amp;";
            if (c == '<') return "&lt;";
            if (c == '>') return "&gt;";
            return c == '"' ? std::string_view("&quot;") : std::string_view("@\u200b");
        case Markup::json: return json_spelling(c);
        case Markup::code: return c == '`' ? std::string_view("`\u200b") : std::string_view("@\u200b");
        case Markup::markdown: break;
    }
    return markdown_escape(rest, line_starts);
}

}  // namespace

bool MarkupPieces::next(std::string_view& piece) noexcept {
    if (rest_.empty()) return false;
    const std::array<bool, 256>& usual = special[static_cast<std::size_t>(markup_)];
    const char* const first = rest_.data();
    const std::size_t size = rest_.size();
    std::size_t plain = 0;
    while (plain != size) {
        const bool line_starts = line_starts_ && markup_ == Markup::markdown;
        const char c = first[plain];
        if (!(line_starts ? special_at_line_start : usual)[static_cast<unsigned char>(c)]) {
            // To the next byte that is special.
            do {
                ++plain;
            } while (plain != size && !usual[static_cast<unsigned char>(first[plain])]);
            line_starts_ = false;
            continue;
        }
        const std::string_view escape = escape_of(rest_.substr(plain), markup_, line_starts);
        if (escape.empty()) {
            line_starts_ = c == '\n' || c == '\r';
            ++plain;
            continue;
        }
        if (plain != 0) break;
        piece = escape;
        replaced_ = true;
        line_starts_ = false;
        rest_.remove_prefix(1);
        return true;
    }
    piece = rest_.substr(0, plain);
    replaced_ = false;
    rest_.remove_prefix(plain);
    return true;
}

namespace {

/// What is special in the markup or in JSON, by Markup.
constexpr auto special_or_json = [] {
    std::array<std::array<bool, 256>, std::size(special)> tables{};
    for (std::size_t markup = 0; markup < tables.size(); ++markup) {
        for (std::size_t c = 0; c < 256; ++c) tables[markup][c] = special[markup][c] || json_escapes[c] != 0;
    }
    return tables;
}();

}  // namespace

char* write_marked_json(char* to, std::string_view text, Markup markup) noexcept {
    const std::array<bool, 256>& marked = special[static_cast<std::size_t>(markup)];
    const std::array<bool, 256>& usual = special_or_json[static_cast<std::size_t>(markup)];
    bool line_starts = true;
    for (std::size_t i = 0; i != text.size();) {
        const auto c = static_cast<unsigned char>(text[i]);
        const bool at_start = line_starts && markup == Markup::markdown && special_at_line_start[c];
        if (!at_start && !usual[c]) {
            do {
                *to++ = text[i++];
            } while (i != text.size() && !usual[static_cast<unsigned char>(text[i])]);
            line_starts = false;
            continue;
        }
        const std::string_view word = at_start || marked[c] ? escape_of(text.substr(i), markup, line_starts) : std::string_view();
        if (!word.empty()) {
            for (const char each : word) {
                const char escape = json_escapes[static_cast<unsigned char>(each)];
                if (escape == 0) *to++ = each;
                if (escape != 0) to = escape_one(to, static_cast<unsigned char>(each), escape);
            }
        } else if (json_escapes[c] != 0) {
            to = escape_one(to, c, json_escapes[c]);
        } else {
            *to++ = text[i];
        }
        line_starts = word.empty() && (c == '\n' || c == '\r');
        ++i;
    }
    return to;
}

bool stays_as_it_is(std::string_view text, Markup markup, std::size_t limit) noexcept {
    if (text.size() > limit) return false;
    if (text.empty() || markup == Markup::plain) return true;
    if (markup == Markup::markdown && special_at_line_start[static_cast<unsigned char>(text[0])]) return false;
    const std::array<bool, 256>& table = special[static_cast<std::size_t>(markup)];
    const auto is_special = [&](std::size_t i) { return static_cast<unsigned>(table[static_cast<unsigned char>(text[i])]); };
    std::size_t i = 0;
    for (; text.size() - i >= 4; i += 4) {
        if ((is_special(i) | is_special(i + 1) | is_special(i + 2) | is_special(i + 3)) != 0) return false;
    }
    for (; i != text.size(); ++i) {
        if (is_special(i) != 0) return false;
    }
    return true;
}

std::size_t count_units(std::string_view text, TextUnit unit) noexcept {
    if (unit == TextUnit::bytes) return text.size();
    std::size_t count = 0;
    for (const char c : text) {
        if (!starts_code_point(c)) continue;
        count += unit == TextUnit::utf16 && static_cast<unsigned char>(c) >= 0xf0 ? 2 : 1;
    }
    return count;
}

namespace {

std::string_view first_units(std::string_view text, std::size_t limit, TextUnit unit) noexcept {
    switch (unit) {
        case TextUnit::bytes: return first_bytes(text, limit);
        case TextUnit::utf16: return first_utf16(text, limit);
        case TextUnit::code_points: break;
    }
    return first_code_points(text, limit);
}

/// Without a look at the text: no unit is less than a byte.
bool surely_fits(std::string_view text, Markup markup, std::size_t limit) noexcept {
    return text.size() <= limit / longest_escape[static_cast<std::size_t>(markup)];
}

/// The first bytes of the text whose escaped form has at most `limit` units. A piece that is a view of the text may be cut, a word
/// that took a character's place is taken or left.
std::string_view first_escaped(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept {
    MarkupPieces pieces(text, markup);
    std::string_view piece;
    std::size_t taken = 0;
    while (pieces.next(piece)) {
        const std::size_t units = count_units(piece, unit);
        if (units > limit) {
            if (!pieces.replaced()) taken += first_units(piece, limit, unit).size();
            break;
        }
        limit -= units;
        taken += pieces.replaced() ? 1 : piece.size();
    }
    return text.substr(0, taken);
}

}  // namespace

FittedText fit_text(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept {
    const std::size_t ellipsis = unit == TextUnit::bytes ? std::string_view("\u2026").size() : 1;
    if (markup == Markup::plain) {
        if (first_units(text, limit, unit).size() == text.size()) return {text, false};
        return {first_units(text, limit - ellipsis, unit), true};
    }
    if (surely_fits(text, markup, limit) || first_escaped(text, markup, limit, unit).size() == text.size()) return {text, false};
    return {first_escaped(text, markup, limit - ellipsis, unit), true};
}

namespace {

/// N of a last line "and N more", or 1.
std::size_t alerts_of_line(std::string_view line) noexcept {
    if (!line.starts_with("and ") || !line.ends_with(" more")) return 1;
    const std::string_view digits = line.substr(4, line.size() < 9 ? 0 : line.size() - 9);
    std::size_t count = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9' || count > 100'000'000) return 1;
        count = 10 * count + static_cast<std::size_t>(c - '0');
    }
    return digits.empty() ? 1 : count;
}

/// Room for "\nand 12345678 more".
constexpr std::size_t and_more = 18;

}  // namespace

FittedLines fit_lines(std::string_view text, Markup markup, std::size_t limit, TextUnit unit) noexcept {
    if (surely_fits(text, markup, limit) || first_escaped(text, markup, limit, unit).size() == text.size()) return {text, 0, false};
    const std::string_view most = limit > and_more ? first_escaped(text, markup, limit - and_more, unit) : std::string_view();
    // A line is whole if its end is there, too.
    const std::size_t end = text[most.size()] == '\n' ? most.size() : most.rfind('\n');
    if (end == std::string_view::npos || end == 0) {
        const FittedText fitted = fit_text(text, markup, limit, unit);
        return {fitted.text, 0, fitted.cut};
    }
    FittedLines fitted = {text.substr(0, end), 0, false};
    for (std::string_view rest = text.substr(end + 1); !rest.empty();) {
        const std::size_t newline = rest.find('\n');
        const bool last = newline == std::string_view::npos;
        fitted.left_out += last ? alerts_of_line(rest) : 1;
        rest = last ? std::string_view() : rest.substr(newline + 1);
    }
    return fitted;
}

}  // namespace alertmap::detail
