#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/policies/field_ref.hpp"

namespace alertmap {

/// A title or message with places for values, checked when it is built and safe to use on any alert: what an alert says is data,
/// put in as it is and never read as a template.
///
///     {label.alertname} on {label.instance|label.job|"?"}: {firing} {firing?alert:alerts}
///
///     {annotation.summary}         the value of a FieldKind; its name behind the dot
///     {label."odd|name"}           a name with | : ? } or " in it (\" and \\ inside the quotes)
///     {label.instance|label.job}   the first that is not blank
///     {label.instance|"?"}         a text in quotes where nothing is there; may be empty
///     {annotation.summary:80}      at most 80 code points, the last one an ellipsis
///     {firing?alert:alerts}        one word for a count (firing, resolved, truncated) of 1, the other for any other
///     {{ and }}                    a brace
///
/// A text with a value missing (and no text in quotes instead) is empty as a whole, so that the next source is asked.
class TextTemplate {
 public:
    /// Errc::invalid_syntax, unknown_name, missing_value, invalid_value, with the offset in `text`. Allocates.
    [[nodiscard]] static Result<TextTemplate> parse(std::string_view text);

    /// The text, in the arena.
    [[nodiscard]] std::string_view operator()(const Subject& subject, Arena& arena) const;

    /// What it was parsed from.
    [[nodiscard]] const std::string& source() const noexcept { return source_; }

    friend bool operator==(const TextTemplate& a, const TextTemplate& b) noexcept { return a.source_ == b.source_; }

 private:
    /// Plain text (one literal), a place (the choices in order) or a word for a count (the literals for 1 and for any other).
    struct Piece {
        std::vector<FieldRef> choices;
        std::size_t limit = 0;  // in code points; 0: none
        bool plural = false;
        bool required = false;  // a place that no literal can fill
    };
    class Reader;

    [[nodiscard]] static std::string_view value(const Piece& piece, const Subject& subject, Arena& arena);

    std::string source_;
    std::vector<Piece> pieces_;
};

/// A template that is often wanted, and one line about it.
struct ReadyText {
    std::string_view text;
    std::string_view about;
};

/// Templates to start from; each is valid.
inline constexpr std::array<ReadyText, 4> ready_texts = {{
    {"{alertmanager_subject}", "Alertmanager's default subject: [FIRING:2] DiskAlmostFull eu-1 (blob-store critical)"},
    {"{label.alertname} on {label.instance|label.node|label.pod|label.host}", "what, and on which"},
    {"{label.instance|label.node|label.pod|label.host}: {annotation.summary|annotation.description|annotation.message|label.alertname}",
     "one line of a list"},
    {"{label.alertname|group_label.alertname|\"Alerts\"}: {firing} {firing?alert:alerts} firing, {resolved} resolved",
     "a group in numbers"},
}};

class TextTemplate::Reader {
 public:
    explicit Reader(std::string_view text) : text_(text) {}

    Result<TextTemplate> read() {
        TextTemplate out;
        out.source_ = std::string(text_);
        std::string plain;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if ((c == '{' || c == '}') && text_.substr(at_ + 1, 1) == text_.substr(at_, 1)) {
                plain += c;
                at_ += 2;
            } else if (c == '{') {
                if (!plain.empty()) out.pieces_.push_back(literal(std::exchange(plain, {})));
                Piece piece;
                if (!place(piece)) return alertmap::Error{code_, at_, {}};
                out.pieces_.push_back(std::move(piece));
            } else if (c == '}') {
                return alertmap::Error{Errc::invalid_syntax, at_, {}};
            } else {
                plain += c;
                ++at_;
            }
        }
        if (!plain.empty()) out.pieces_.push_back(literal(std::move(plain)));
        return out;
    }

 private:
    static Piece literal(std::string text) {
        Piece piece;
        piece.choices.push_back({FieldKind::literal, std::move(text)});
        return piece;
    }

    bool fail(Errc code) {
        code_ = code;
        return false;
    }
    [[nodiscard]] bool here(char c) const { return at_ < text_.size() && text_[at_] == c; }
    bool take(char c) {
        if (!here(c)) return false;
        ++at_;
        return true;
    }

    bool place(Piece& piece) {
        ++at_;  // the brace
        do {
            FieldRef choice;
            if (!field(choice)) return false;
            piece.choices.push_back(std::move(choice));
        } while (take('|'));
        piece.required = std::none_of(piece.choices.begin(), piece.choices.end(),
                                      [](const FieldRef& choice) { return choice.kind == FieldKind::literal; });
        if (here('?') && !plural(piece)) return false;
        if (here(':') && !limit(piece)) return false;
        return take('}') || fail(Errc::invalid_syntax);
    }

    bool field(FieldRef& out) {
        if (here('"')) {
            out.kind = FieldKind::literal;
            return quoted(out.name);
        }
        const std::size_t first = at_;
        while (at_ < text_.size() && ((text_[at_] >= 'a' && text_[at_] <= 'z') || text_[at_] == '_')) ++at_;
        if (at_ == first) return fail(at_ == text_.size() ? Errc::invalid_syntax : Errc::missing_value);
        const FieldText* known = detail::find_field(text_.substr(first, at_ - first));
        if (known == nullptr || known->kind == FieldKind::literal) {
            at_ = first;
            return fail(Errc::unknown_name);
        }
        out.kind = known->kind;
        if (!is_named(out.kind)) return true;
        if (!take('.')) return fail(Errc::missing_value);
        if (here('"')) return quoted(out.name);
        const std::size_t name = at_;
        while (at_ < text_.size() && std::string_view("|:?{}\"").find(text_[at_]) == std::string_view::npos) ++at_;
        out.name = std::string(text_.substr(name, at_ - name));
        return !out.name.empty() || fail(Errc::missing_value);
    }

    bool quoted(std::string& out) {
        const std::size_t first = at_++;
        for (; at_ < text_.size(); ++at_) {
            if (take('"')) return true;
            if (here('\\') && ++at_ == text_.size()) break;
            out += text_[at_];
        }
        at_ = first;
        return fail(Errc::invalid_syntax);
    }

    bool plural(Piece& piece) {
        const FieldKind count = piece.choices.front().kind;
        const bool counts = count == FieldKind::firing || count == FieldKind::resolved || count == FieldKind::truncated;
        if (piece.choices.size() != 1 || !counts) return fail(Errc::invalid_syntax);
        ++at_;  // the question mark
        piece.plural = true;
        piece.required = false;
        for (const char end : {':', '}'}) {
            const std::size_t first = at_;
            while (at_ < text_.size() && std::string_view("{}:").find(text_[at_]) == std::string_view::npos) ++at_;
            piece.choices.push_back({FieldKind::literal, std::string(text_.substr(first, at_ - first))});
            if (!here(end)) return fail(Errc::invalid_syntax);
            if (end == ':') ++at_;
        }
        return true;
    }

    bool limit(Piece& piece) {
        const std::size_t first = ++at_;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && at_ - first < 9; ++at_) {
            piece.limit = piece.limit * 10 + static_cast<std::size_t>(text_[at_] - '0');
        }
        if (piece.limit != 0) return true;
        at_ = first;
        return fail(Errc::invalid_value);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Errc code_{};
};

inline Result<TextTemplate> TextTemplate::parse(std::string_view text) { return Reader(text).read(); }

inline std::string_view TextTemplate::value(const Piece& piece, const Subject& subject, Arena& arena) {
    if (piece.plural) return piece.choices[piece.choices[0](subject, arena) == "1" ? 1 : 2].name;
    std::string_view found;
    for (const FieldRef& choice : piece.choices) {
        found = choice(subject, arena);
        if (!detail::is_blank(found)) break;
    }
    return piece.limit == 0 ? found : detail::cut_code_points(found, piece.limit, arena);
}

inline std::string_view TextTemplate::operator()(const Subject& subject, Arena& arena) const {
    std::string_view* values = arena.array<std::string_view>(pieces_.size());
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        values[i] = value(pieces_[i], subject, arena);
        if (pieces_[i].required && detail::is_blank(values[i])) return {};
    }
    return detail::join({values, pieces_.size()}, "", arena);
}

}  // namespace alertmap
