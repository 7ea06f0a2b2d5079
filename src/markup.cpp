#include "alertmap/detail/markup.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "alertmap/detail/code_points.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

namespace alertmap::detail {
namespace {

/// True for the characters that escape_of() must check.
constexpr std::array<bool, 256> special_in(std::string_view characters, bool controls) {
    std::array<bool, 256> table{};
    for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
    if (controls) {
        for (std::size_t c = 0; c < 0x20; ++c) table[c] = true;
        table[0x7f] = true;
    }
    return table;
}
/// Indexed by Markup.
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
/// For Markdown, while the line contains only white space.
constexpr std::array<bool, 256> special_at_line_start = special_in("\\`*_{}[]()#+-.!>~|<@:&\n\r= \t", false);

/// Maximum output bytes per input byte, indexed by Markup.
constexpr std::size_t longest_escape[] = {1, 1, 6, 6, 4, 5, 6, 4};

constexpr std::string_view with_backslash(char c) noexcept {
    constexpr std::string_view pairs = "\\\\\\`\\*\\_\\{\\}\\[\\]\\(\\)\\#\\+\\-\\.\\!\\>\\~\\|\\<";
    for (std::size_t i = 0; i < pairs.size(); i += 2) {
        if (pairs[i + 1] == c) return pairs.substr(i, 2);
    }
    return {};
}

constexpr bool starts_entity(char c) noexcept { return c == '#' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr std::string_view markdown_escape(std::string_view rest, bool line_starts) noexcept {
    const char c = rest[0];
    if (c == '@') return "@\u200b";
    if (c == ':') return rest.starts_with("://") ? std::string_view(":\u200b") : std::string_view();
    if (c == '&') return rest.size() > 1 && starts_entity(rest[1]) ? std::string_view("&\u200b") : std::string_view();
    if (c == ' ') return line_starts ? std::string_view("\u200b ") : std::string_view();
    if (c == '\t') return line_starts ? std::string_view("\u200b\t") : std::string_view();
    if (c == '=') return line_starts ? std::string_view("\u200b=") : std::string_view();
    return with_backslash(c);
}

/// A character as written in a JSON string; empty if it needs no escape, as DEL.
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
constexpr std::string_view json_spelling(char c) noexcept {
    const Spelled& spelled = json_spelled[static_cast<unsigned char>(c) & 127];
    return {spelled.text, spelled.size};
}

/// The replacement of the first character; empty: none.
constexpr std::string_view escape_of(std::string_view rest, Markup markup, bool line_starts) noexcept {
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
            // Up to the next special byte.
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

/// Replacement of a byte after markup and JSON escaping. Copied with its whole size.
struct MarkedForm {
    char text[7] = {};
    std::uint8_t size = 0;  ///< 0: depends on the next bytes, see markdown_form()
};

constexpr MarkedForm json_of(std::string_view word) {
    MarkedForm form;
    char* to = form.text;
    for (const char c : word) {
        const char escape = json_escapes[static_cast<unsigned char>(c)];
        if (escape == 0) *to++ = c;
        if (escape != 0) to = escape_one(to, static_cast<unsigned char>(c), escape);
    }
    form.size = static_cast<std::uint8_t>(to - form.text);
    return form;
}

using MarkedForms = std::array<MarkedForm, 256>;
constexpr MarkedForms marked_forms_of(Markup markup) {
    MarkedForms table;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const char c = static_cast<char>(i);
        const std::string_view itself(&c, 1);
        if (markup == Markup::markdown && (c == ':' || c == '&' || c == '\n' || c == '\r')) continue;
        const bool marked = special[static_cast<std::size_t>(markup)][i];
        const std::string_view word = marked ? escape_of(itself, markup, false) : itself;
        table[i] = json_of(word.empty() ? itself : word);
    }
    return table;
}
/// Indexed by Markup.
constexpr MarkedForms marked_forms[] = {
    marked_forms_of(Markup::plain),    marked_forms_of(Markup::line),   marked_forms_of(Markup::html), marked_forms_of(Markup::attribute),
    marked_forms_of(Markup::markdown), marked_forms_of(Markup::mrkdwn), marked_forms_of(Markup::json), marked_forms_of(Markup::code),
};

constexpr bool changes_at_line_start(char c) noexcept { return c == ' ' || c == '\t' || c == '='; }

/// The replacement of the four Markdown characters that depend on the next bytes. The zero-width space before the first character of a line
/// is written after the newline.
const MarkedForm& markdown_form(const char* at, const char* end) noexcept {
    static constexpr MarkedForm words[] = {json_of(":"),  json_of(":\u200b"),  json_of("&"),  json_of("&\u200b"),
                                           json_of("\n"), json_of("\n\u200b"), json_of("\r"), json_of("\r\u200b")};
    const std::string_view next(at + 1, static_cast<std::size_t>(end - at) - 1);
    switch (*at) {
        case ':': return words[next.starts_with("//") ? 1 : 0];
        case '&': return words[!next.empty() && starts_entity(next[0]) ? 3 : 2];
        default: return words[(*at == '\n' ? 4 : 6) + (!next.empty() && changes_at_line_start(next[0]) ? 1 : 0)];
    }
}

template <Markup markup>
ALERTMAP_ALWAYS_INLINE inline char* spell(char* to, const char* at, const char* end) noexcept {
    const MarkedForm* form = &marked_forms[static_cast<std::size_t>(markup)][static_cast<unsigned char>(*at)];
    if constexpr (markup == Markup::markdown) {
        if (form->size == 0) form = &markdown_form(at, end);
    }
    static_assert(sizeof *form == 8);
    std::memcpy(to, form, sizeof *form);
    return to + form->size;
}

/// Marks all bytes that change in the markup or in JSON and, for Markdown, some punctuation that does not. `clean`: the text needs no
/// escape in JSON.
template <class AnyBlock>
[[nodiscard]] ALERTMAP_ALWAYS_INLINE inline AnyBlock marked_bytes(const AnyBlock& block, Markup markup, bool clean) noexcept {
    if (markup == Markup::markdown) {
        // The four ASCII punctuation ranges, without space and slash. Setting one bit folds the third onto the fourth, and @ onto `.
        const AnyBlock folded = block.with_bit(0x20);
        const AnyBlock marks = block.between('!', '.') | block.between(':', '?') | folded.between('{', 0x7f) | folded.equal('`');
        return clean ? marks : marks | block.at_most(0x1f);
    }
    AnyBlock marks = block.equal(markup == Markup::line ? '\x7f' : '"');
    if (markup == Markup::code) marks = block.equal('`') | block.equal('@');
    if (markup == Markup::html || markup == Markup::attribute || markup == Markup::mrkdwn) {
        marks = block.equal('&') | block.equal('<') | block.equal('>');
    }
    if (markup == Markup::html) marks = marks | block.equal('@');
    return clean ? marks : marks | block.equal('"') | block.equal('\\') | block.at_most(0x1f);
}

/// `clean`: the text needs no escape in JSON, and copy_overrun readable bytes follow.
template <Markup markup, bool clean, class AnyBlock>
ALERTMAP_ALWAYS_INLINE inline char* write_marked_by(char* to, std::string_view text) noexcept {
    if constexpr (markup == Markup::plain || (markup == Markup::json && clean))
        return clean ? copy_blocks(to, text.data(), text.size()) : escape_json(to, text);
    const char* from = text.data();
    const char* const end = from + text.size();
    if (markup == Markup::markdown && from != end && changes_at_line_start(*from)) {
        std::memcpy(to, "\u200b", 3);
        to += 3;
    }
    using Mask = typename AnyBlock::Mask;
    // Block copies read up to one block beyond the current two.
    constexpr std::ptrdiff_t least = clean ? 1 : 2 * AnyBlock::size;
    while (end - from >= least) {
        const AnyBlock block = AnyBlock::load(from);
        block.store(to);
        Mask mask = marked_bytes(block, markup, clean).mask();
        std::ptrdiff_t size = AnyBlock::size;
        if (clean && end - from < size) {
            size = end - from;
            mask = first_marks<AnyBlock>(mask, size);
        }
        const char* const next = from + size;
        while (mask != 0) {
            const std::ptrdiff_t i = first_marked<AnyBlock>(mask);
            const char* const at = next - size + i;
            to = spell<markup>(to + (at - from), at, end);
            from = at + 1;
            AnyBlock::load(from).store(to);
            mask = without_first<AnyBlock>(mask);
        }
        to += next - from;
        from = next;
    }
    for (; from != end; ++from) to = spell<markup>(to, from, end);
    return to;
}

/// A separate function per markup, so that short texts need not save registers.
template <Markup markup, bool clean>
ALERTMAP_NOINLINE char* write_marked(char* to, const char* text, std::size_t size) noexcept {
    return write_marked_by<markup, clean, Block>(to, {text, size});
}

template <Markup markup>
ALERTMAP_ALWAYS_INLINE inline char* write_text(char* to, const Text& text) noexcept {
    if (text.needs_no_escape()) return write_marked_by<markup, true, Block>(to, text);
    return write_marked<markup, false>(to, text.data(), text.size());
}

/// Calls `with` with the markup as a constant.
template <class With>
ALERTMAP_ALWAYS_INLINE inline char* with_markup(Markup markup, With with) noexcept {
    switch (markup) {
        case Markup::plain: return with.template operator()<Markup::plain>();
        case Markup::line: return with.template operator()<Markup::line>();
        case Markup::html: return with.template operator()<Markup::html>();
        case Markup::attribute: return with.template operator()<Markup::attribute>();
        case Markup::markdown: return with.template operator()<Markup::markdown>();
        case Markup::mrkdwn: return with.template operator()<Markup::mrkdwn>();
        case Markup::json: return with.template operator()<Markup::json>();
        case Markup::code: break;
    }
    return with.template operator()<Markup::code>();
}

ALERTMAP_ALWAYS_INLINE inline char* write_known(char* to, Text text, Markup markup) noexcept {
    return with_markup(markup, [&]<Markup constant>() {
        return text.needs_no_escape() ? write_marked<constant, true>(to, text.data(), text.size())
                                      : write_marked<constant, false>(to, text.data(), text.size());
    });
}

}  // namespace

char* write_marked_json(char* to, Text text, Markup markup) noexcept { return write_known(to, text, markup); }

char* write_label_lines_json(char* to, Labels labels, Markup markup) noexcept {
    return with_markup(markup, [&]<Markup constant>() {
        char* at = to;
        for (const Label& label : labels) {
            at = write_text<constant>(at, label.name);
            std::memcpy(at, ": ", 2);
            at = write_text<constant>(at + 2, label.value);
            std::memcpy(at, "\\n", 2);
            at += 2;
        }
        return labels.empty() ? at : at - 2;
    });
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

template <Markup markup>
std::size_t count_marked(std::string_view text) noexcept {
    std::size_t count = 0;
    const char* from = text.data();
    const char* const end = from + text.size();
    for (; end - from >= Block::size; from += Block::size) {
        count += count_marks<Block>(marked_bytes(Block::load(from), markup, false).mask());
    }
    return count + static_cast<std::size_t>(end - from);
}
std::size_t count_marked(std::string_view text, Markup markup) noexcept {
    switch (markup) {
        case Markup::html:
        case Markup::attribute:
        case Markup::mrkdwn: return count_marked<Markup::html>(text);
        case Markup::markdown: return count_marked<Markup::markdown>(text);
        case Markup::json:
        case Markup::code: return count_marked<Markup::code>(text);
        case Markup::plain:
        case Markup::line: break;
    }
    return 0;
}

/// Conservative: true only if it fits according to the number of bytes that may change, as a unit is at least one byte.
bool surely_fits(std::string_view text, Markup markup, std::size_t limit) noexcept {
    if (text.size() > limit) return false;
    const std::size_t longest = longest_escape[static_cast<std::size_t>(markup)];
    if (text.size() <= limit / longest) return true;
    constexpr std::size_t line_start = 3;  // a zero-width space
    return text.size() + (longest - 1) * count_marked(text, markup) + line_start <= limit;
}

/// The longest prefix whose escaped form has at most `limit` units. Views of the text may be truncated; replacements of a character are
/// kept whole.
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

/// N of a last line "and N more"; otherwise 1.
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
    // A line is complete only with its line break.
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

char* write_fitted_json(char* to, Text text, Markup markup, TextLimit limit) noexcept {
    if (text.size() / 4 <= limit.limit) {
        char* const end = write_known(to, text, markup);
        if (text.size() <= limit.limit && markup == Markup::plain) return end;
        if (static_cast<std::size_t>(end - to) <= limit.limit) return end;
    }
    FittedLines fitted;
    if (limit.lines) {
        fitted = fit_lines(text, markup, limit.limit, limit.unit);
    } else {
        const FittedText prose = fit_text(text, markup, limit.limit, limit.unit);
        fitted = {prose.text, 0, prose.cut};
    }
    to = write_marked_json(to, fitted.text, markup);
    const auto put = [&to](std::string_view words) {
        std::memcpy(to, words.data(), words.size());
        to += words.size();
    };
    if (fitted.cut) put("\u2026");
    if (fitted.left_out == 0) return to;
    put("\\nand ");
    to = std::to_chars(to, to + 20, fitted.left_out).ptr;
    put(" more");
    return to;
}

}  // namespace alertmap::detail
