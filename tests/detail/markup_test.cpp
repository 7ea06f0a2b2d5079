#include "alertmap/detail/markup.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/buffer.hpp"
#include "alertmap/json_writer.hpp"
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

TEST_CASE("markup: a backslash is put in front of each character that formats") {
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

TEST_CASE("markup: what fits, in each unit") {
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

TEST_CASE("markup: JSON in one pass is the pieces, escaped") {
    // Each pair of bytes that mean something, at the start of a text, behind a newline and inside of a line.
    std::string characters = "\\`*_{}[]()#+-.!>~|<@:&= \t\n\r\"\x01\x7fx/;";
    std::vector<std::string> texts;
    for (const char a : characters) {
        for (const char b : characters) {
            for (const std::string_view before : {"", "\n", "y", " ", "\n "}) texts.push_back(std::string(before) + a + b + "://e\n");
        }
    }
    for (const std::string_view text : test::hostile_texts) texts.emplace_back(text);
    for (const std::string& text : texts) {
        for (std::size_t i = 0; i <= static_cast<std::size_t>(Markup::code); ++i) {
            const auto markup = static_cast<Markup>(i);
            Buffer expected;
            JsonWriter(expected).value(escaped(text, markup));
            std::string made(7 * text.size() + 64, '#');
            made.resize(static_cast<std::size_t>(alertmap::detail::write_marked_json(made.data(), text, markup) - made.data()));
            if ("\"" + made + "\"" != expected.view()) FAIL_CHECK(i << ": " << text << ": " << made << " and not " << expected.view());
        }
    }
}

TEST_CASE("markup: a text that stays as it is has one piece") {
    using alertmap::detail::stays_as_it_is;
    for (const std::string_view text :
         {"plain text, of more than eight bytes", "a", "", " a", "=a", "a=b", "a b.", "<b>", "a\nb", "a`", "12345678\"", "&", "@x"}) {
        for (std::size_t i = 0; i <= static_cast<std::size_t>(Markup::code); ++i) {
            const auto markup = static_cast<Markup>(i);
            const bool stays = stays_as_it_is(text, markup, text.size());
            if (stays && escaped(text, markup) != text) FAIL_CHECK(i << ": " << text);
            // What is escaped in Markdown in some places only may be said to change everywhere.
            const bool may = markup == Markup::markdown && text.find_first_of("\n= &:") != text.npos;
            if (!stays && !may && escaped(text, markup) == text) FAIL_CHECK(i << ": " << text << " is said to change");
            if (!text.empty() && stays_as_it_is(text, markup, text.size() - 1)) FAIL_CHECK("above the limit");
        }
    }
}
