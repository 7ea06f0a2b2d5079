#include "alertmap/policies/text_template.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/detail/text.hpp"
#include "field_words.hpp"

namespace alertmap {

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
        piece.choices.emplace_back(NamedField::literal, std::move(text));
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
        piece.required =
            std::none_of(piece.choices.begin(), piece.choices.end(), [](const FieldRef& choice) { return choice.is(NamedField::literal); });
        if (here('?') && !plural(piece)) return false;
        if (here(':') && !limit(piece)) return false;
        return take('}') || fail(Errc::invalid_syntax);
    }

    bool field(FieldRef& out) {
        std::string name;
        if (here('"')) {
            if (!quoted(name)) return false;
            out = FieldRef(NamedField::literal, std::move(name));
            return true;
        }
        const std::size_t first = at_;
        while (at_ < text_.size() && ((text_[at_] >= 'a' && text_[at_] <= 'z') || text_[at_] == '_')) ++at_;
        if (at_ == first) return fail(at_ == text_.size() ? Errc::invalid_syntax : Errc::missing_value);
        const std::optional<detail::FieldWord> known = detail::find_field(text_.substr(first, at_ - first));
        if (!known || known->named == NamedField::literal) {
            at_ = first;
            return fail(Errc::unknown_name);
        }
        if (!known->named) {
            out = known->kind;
            return true;
        }
        if (!take('.')) return fail(Errc::missing_value);
        if (here('"')) {
            if (!quoted(name)) return false;
        } else {
            const std::size_t start = at_;
            while (at_ < text_.size() && std::string_view("|:?{}\"").find(text_[at_]) == std::string_view::npos) ++at_;
            name = std::string(text_.substr(start, at_ - start));
            if (name.empty()) return fail(Errc::missing_value);
        }
        out = FieldRef(*known->named, std::move(name));
        return true;
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
        const FieldRef& count = piece.choices.front();
        const bool counts = count.is(FieldKind::firing) || count.is(FieldKind::resolved) || count.is(FieldKind::truncated);
        if (piece.choices.size() != 1 || !counts) return fail(Errc::invalid_syntax);
        ++at_;  // the question mark
        piece.plural = true;
        piece.required = false;
        for (const char end : {':', '}'}) {
            const std::size_t first = at_;
            while (at_ < text_.size() && std::string_view("{}:").find(text_[at_]) == std::string_view::npos) ++at_;
            piece.choices.emplace_back(NamedField::literal, std::string(text_.substr(first, at_ - first)));
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

Result<TextTemplate> TextTemplate::parse(std::string_view text) { return Reader(text).read(); }

Text TextTemplate::value(const Piece& piece, const Subject& subject, Arena& arena) {
    if (piece.plural) return piece.choices[piece.choices[0](subject, arena) == "1" ? 1 : 2].name();
    Text found;
    for (const FieldRef& choice : piece.choices) {
        found = choice(subject, arena);
        if (!detail::is_blank(found)) break;
    }
    return piece.limit == 0 ? found : detail::cut_code_points(found, piece.limit, arena);
}

Text TextTemplate::operator()(const Subject& subject, Arena& arena) const {
    std::string_view* values = arena.array<std::string_view>(pieces_.size());
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
        values[i] = value(pieces_[i], subject, arena);
        if (pieces_[i].required && detail::is_blank(values[i])) return {};
    }
    return detail::join({values, pieces_.size()}, "", arena);
}

}  // namespace alertmap
