#include "alertmap/detail/markup.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "alertmap/arena.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/text.hpp"
#include "support/contract.hpp"

using namespace alertmap;
using alertmap::detail::FittedText;
using alertmap::detail::MarkupPieces;

namespace {

constexpr Markup all_markups[] = {Markup::plain,    Markup::line,   Markup::html, Markup::attribute,
                                  Markup::markdown, Markup::mrkdwn, Markup::code};

std::string escaped(std::string_view text, Markup markup) {
    MarkupPieces pieces(text, markup);
    std::string out;
    std::string_view piece;
    while (pieces.next(piece)) {
        CHECK(!piece.empty());
        out += piece;
    }
    return out;
}

}  // namespace

TEST_CASE("markup: html") {
    CHECK(escaped("<b>a & \"b\"</b> @all", Markup::html) == "&lt;b&gt;a &amp; &quot;b&quot;&lt;/b&gt; @\u200ball");
    CHECK(escaped("https://u@h/?a=1&b=\"", Markup::attribute) == "https://u@h/?a=1&amp;b=&quot;");
}

TEST_CASE("markup: Slack") { CHECK(escaped("<!channel> & <@U1|x> @here", Markup::mrkdwn) == "&lt;!channel&gt; &amp; &lt;@U1|x&gt; @here"); }

TEST_CASE("markup: one line") { CHECK(escaped("a\r\nb\tc\x7f", Markup::line) == "a  b c "); }

TEST_CASE("markup: the inside of a code block") { CHECK(escaped("x\n```\n@all", Markup::code) == "x\n`\u200b`\u200b`\u200b\n@\u200ball"); }

TEST_CASE("markup: Markdown") {
    CHECK(escaped("*a* _b_ ~~c~~ `d` [e](f) ![g](h)", Markup::markdown) ==
          "\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\[e\\]\\(f\\) \\!\\[g\\]\\(h\\)");
    CHECK(escaped("# a\n- b\n+ c\n1. d\n> e\n| f |", Markup::markdown) == "\\# a\n\\- b\n\\+ c\n1\\. d\n\\> e\n\\| f \\|");
    CHECK(escaped("a\n===\nb\n    code\n\tcode", Markup::markdown) == "a\n\u200b===\nb\n\u200b    code\n\u200b\tcode");
    CHECK(escaped("    code", Markup::markdown) == "\u200b    code");
    CHECK(escaped("@everyone <@1> <#2>", Markup::markdown) == "@\u200beveryone \\<@\u200b1\\> \\<\\#2\\>");
    CHECK(escaped("https://evil.example", Markup::markdown) == "https:\u200b//evil\\.example");
    CHECK(escaped("a: b &lt; &#64; c & d = e", Markup::markdown) == "a: b &\u200blt; &\u200b\\#64; c & d = e");
    CHECK(escaped("\\*a\\*", Markup::markdown) == "\\\\\\*a\\\\\\*");
    CHECK(escaped("only words, 100% plain; n1/n2 'x' \"y\"", Markup::markdown) == "only words, 100% plain; n1/n2 'x' \"y\"");
}

TEST_CASE("markup: Markdown's special characters are escaped with a backslash") {
    for (const std::string_view text : test::hostile_texts) {
        const std::string out = escaped(text, Markup::markdown);
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (out[i] == '\\') {
                REQUIRE(i + 1 < out.size());
                ++i;
            } else {
                CHECK(std::string_view("`*_[]<>#|~!").find(out[i]) == std::string_view::npos);
            }
        }
    }
}

TEST_CASE("markup: truncation in each unit") {
    const std::string_view texts[] = {"",        "abcdefgh", "****&&&&<<<<", "\xf0\x9f\x94\xa5\xc3\xa9@\xe7\x81\xab*x", "a://b @c\n\n    d",
                                      "&&&&&&&&"};
    for (const Markup markup : all_markups) {
        for (const TextUnit unit : {TextUnit::code_points, TextUnit::bytes, TextUnit::utf16}) {
            for (const std::string_view text : texts) {
                const std::size_t whole = detail::count_units(escaped(text, markup), unit);
                for (std::size_t limit = 4; limit < 60; ++limit) {
                    const FittedText fitted = detail::fit_text(text, markup, limit, unit);
                    CHECK(fitted.cut == (whole > limit));
                    CHECK(text.starts_with(fitted.text));
                    const std::size_t ellipsis = detail::count_units(fitted.cut ? "\u2026" : "", unit);
                    CHECK(detail::count_units(escaped(fitted.text, markup), unit) + ellipsis <= limit);
                    if (!fitted.cut) CHECK(fitted.text == text);
                }
            }
        }
    }
}

namespace {

constexpr std::size_t number_of_markups = static_cast<std::size_t>(Markup::code) + 1;

/// Reference: JsonWriter with the pieces, which are found byte by byte.
std::string marked_slowly(std::string_view text, Markup markup) {
    Buffer out;
    JsonWriter(out).value(escaped(text, markup));
    return std::string(out.view().substr(1, out.size() - 2));
}
std::string marked(Text text, Markup markup) {
    std::string made(7 * text.size() + 3 + detail::copy_overrun, '#');
    made.resize(static_cast<std::size_t>(detail::write_marked_json(made.data(), text, markup) - made.data()));
    return made;
}
void compare_marked(std::string_view text) {
    Arena arena;
    for (std::size_t i = 0; i < number_of_markups; ++i) {
        const auto markup = static_cast<Markup>(i);
        const std::string expected = marked_slowly(text, markup);
        // A text of unknown kind and one from an arena, which may need no escape and then has readable bytes after it.
        const std::string exact(text);  // exact size: a sanitizer detects reads beyond it
        for (const Text& each : {Text(exact), arena.copy(text)}) {
            const std::string made = marked(each, markup);
            if (made != expected) FAIL_CHECK(i << ": " << text << ": " << made << " and not " << expected);
        }
    }
}

}  // namespace

TEST_CASE("markup: write_marked_json equals the escaped pieces") {
    // Each pair of special bytes at the start of a text, after a newline and inside a line.
    const std::string characters = "\\`*_{}[]()#+-.!>~|<@:&= \t\n\r\"\x01\x7fx/;";
    for (const char a : characters) {
        for (const char b : characters) {
            for (const std::string_view before : {"", "\n", "y", " ", "\n "}) compare_marked(std::string(before) + a + b + "://e\n");
        }
    }
    for (const std::string_view text : test::hostile_texts) compare_marked(text);
}

TEST_CASE("markup: each byte at each position of a block") {
    for (const std::string_view rest : {"", "x", " of many words that stay as they are", "://x *and* <b>&amp; @y\n= `z`"}) {
        for (std::size_t before = 0; before < 35; ++before) {
            for (int c = 0; c < 128; ++c) {
                compare_marked(std::string(before, 'a') + static_cast<char>(c) + std::string(rest));
            }
            compare_marked(std::string(before, 'a') + "\u00e4\u706b\U0001f525" + std::string(rest));
        }
    }
}

TEST_CASE("markup: write_fitted_json truncates as the pieces do") {
    const std::string_view texts[] = {"",
                                      "abcdefgh",
                                      "****&&&&<<<<",
                                      "\xf0\x9f\x94\xa5\xc3\xa9@\xe7\x81\xab*x",
                                      "a://b @c\n\n    d",
                                      "one line\nand a second\nthe third",
                                      "disk full\nno answer\nand 12 more",
                                      "\"quoted\" \\ \x01 and\ttabs",
                                      "\xe7\x81\xab\xe7\x81\xab\xe7\x81\xab\xe7\x81\xab\xe7\x81\xab\xe7\x81\xab\xe7\x81\xab\xe7\x81\xab"};
    const auto end_of = [](std::size_t left_out) { return "\\nand " + std::to_string(left_out) + " more"; };
    for (std::size_t i = 0; i < number_of_markups; ++i) {
        const auto markup = static_cast<Markup>(i);
        for (const TextUnit unit : {TextUnit::code_points, TextUnit::bytes, TextUnit::utf16}) {
            for (const std::string_view text : texts) {
                for (std::size_t limit = 4; limit < 60; ++limit) {
                    const auto written = [&](bool lines) {
                        std::string made(detail::fitted_room(text.size(), limit) + detail::copy_overrun, '#');
                        char* const end = detail::write_fitted_json(made.data(), text, markup, {limit, unit, lines});
                        return made.substr(0, static_cast<std::size_t>(end - made.data()));
                    };
                    const FittedText fitted = detail::fit_text(text, markup, limit, unit);
                    CHECK(written(false) == marked_slowly(fitted.text, markup) + (fitted.cut ? "\u2026" : ""));
                    const detail::FittedLines lines = detail::fit_lines(text, markup, limit, unit);
                    const std::string more = lines.left_out == 0 ? "" : end_of(lines.left_out);
                    CHECK(written(true) == marked_slowly(lines.text, markup) + (lines.cut ? "\u2026" : "") + more);
                }
            }
        }
    }
}
