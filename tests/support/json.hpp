#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Reference JSON reader: RFC 8259 by recursive descent, byte by byte, into a tree. Slow, short, and independent of the library's code.
namespace test {

struct JsonMember;

struct Json {
    enum class Kind { null, boolean, number, string, array, object };

    Kind kind = Kind::null;
    std::string_view raw;  ///< the raw value
    std::string text;      ///< of a string: decoded, lone surrogates as U+FFFD
    bool lone_surrogate = false;
    std::vector<Json> elements;
    std::vector<JsonMember> members;  ///< in order, with duplicates

    /// The last member with this name, or null.
    [[nodiscard]] const Json* find(std::string_view name) const;
};

struct JsonMember {
    Json first;  ///< the name, a string
    Json second;
};

inline const Json* Json::find(std::string_view name) const {
    const Json* found = nullptr;
    for (const auto& [key, value] : members) {
        if (key.text == name) found = &value;
    }
    return found;
}

class JsonText {
 public:
    explicit JsonText(std::string_view text) : text_(text) {}

    /// True if the whole text is one JSON value.
    bool read(Json& out) {
        space();
        if (!value(out)) return false;
        space();
        return at_ == text_.size();
    }
    /// Where reading stopped: the first invalid byte (of an invalid UTF-8 sequence, its first byte).
    [[nodiscard]] std::size_t offset() const { return at_; }

 private:
    [[nodiscard]] int peek() const { return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1; }
    void space() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }
    bool take(int c) {
        if (peek() != c) return false;
        ++at_;
        return true;
    }
    bool word(std::string_view letters) {
        for (const char c : letters) {
            if (!take(c)) return false;
        }
        return true;
    }
    bool value(Json& out) {
        const std::size_t first = at_;
        bool good = false;
        switch (peek()) {
            case '{':
                out.kind = Json::Kind::object;
                good = object(out);
                break;
            case '[':
                out.kind = Json::Kind::array;
                good = array(out);
                break;
            case '"':
                out.kind = Json::Kind::string;
                good = string(out);
                break;
            case 't':
                out.kind = Json::Kind::boolean;
                good = word("true");
                break;
            case 'f':
                out.kind = Json::Kind::boolean;
                good = word("false");
                break;
            case 'n':
                out.kind = Json::Kind::null;
                good = word("null");
                break;
            default:
                out.kind = Json::Kind::number;
                good = number();
                break;
        }
        out.raw = text_.substr(first, at_ - first);
        return good;
    }
    bool object(Json& out) {
        ++at_;
        space();
        if (take('}')) return true;
        while (true) {
            Json key;
            const std::size_t first = at_;
            if (peek() != '"' || !string(key)) return false;
            key.kind = Json::Kind::string;
            key.raw = text_.substr(first, at_ - first);
            space();
            if (!take(':')) return false;
            space();
            Json member;
            if (!value(member)) return false;
            out.members.push_back({std::move(key), std::move(member)});
            space();
            if (take('}')) return true;
            if (!take(',')) return false;
            space();
        }
    }
    bool array(Json& out) {
        ++at_;
        space();
        if (take(']')) return true;
        while (true) {
            Json element;
            if (!value(element)) return false;
            out.elements.push_back(std::move(element));
            space();
            if (take(']')) return true;
            if (!take(',')) return false;
            space();
        }
    }
    bool digit() { return peek() >= '0' && peek() <= '9' && ++at_ != 0; }
    bool digits() {
        if (!digit()) return false;
        while (digit()) {
        }
        return true;
    }
    bool number() {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) return false;
        }
        return true;
    }
    bool hex4(std::uint32_t& unit) {
        unit = 0;
        for (int i = 0; i < 4; ++i, ++at_) {
            const int c = peek();
            if (c >= '0' && c <= '9') {
                unit = unit * 16 + static_cast<std::uint32_t>(c - '0');
            } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
                unit = unit * 16 + static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
            } else {
                return false;
            }
        }
        return true;
    }
    static void append(std::string& out, std::uint32_t c) {
        const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
        if (c < 0x80) return put(c);
        if (c < 0x800) return put(0xc0 + c / 64), put(0x80 + c % 64);
        if (c < 0x10000) return put(0xe0 + c / 4096), put(0x80 + c / 64 % 64), put(0x80 + c % 64);
        put(0xf0 + c / 262144), put(0x80 + c / 4096 % 64), put(0x80 + c / 64 % 64), put(0x80 + c % 64);
    }
    bool escape(Json& out) {
        constexpr std::string_view from = "\"\\/bfnrt";
        constexpr std::string_view to = "\"\\/\b\f\n\r\t";
        if (peek() >= 0) {
            if (const std::size_t i = from.find(static_cast<char>(peek())); i != std::string_view::npos) {
                ++at_;
                out.text += to[i];
                return true;
            }
        }
        if (!take('u')) return false;
        std::uint32_t unit = 0;
        if (!hex4(unit)) return false;
        if (unit >= 0xd800 && unit <= 0xdfff) {
            const std::size_t behind = at_;
            std::uint32_t low = 0;
            if (unit < 0xdc00 && text_.substr(at_).starts_with("\\u")) {
                at_ += 2;
                if (!hex4(low)) return false;
            }
            if (low >= 0xdc00 && low <= 0xdfff) {
                unit = 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
            } else {
                at_ = behind;
                unit = 0xfffd;
                out.lone_surrogate = true;
            }
        }
        append(out.text, unit);
        return true;
    }
    /// Reads a multi-byte character; for a truncated sequence, at_ stays at the end.
    bool utf8(Json& out) {
        const std::size_t first = at_;
        const int lead = peek();
        const int length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
        if (length == 0) return false;
        std::uint32_t c = static_cast<std::uint32_t>(lead) & (0xffu >> (length + 1));
        for (int i = 1; i < length; ++i) {
            ++at_;
            if (peek() < 0) return false;
            const std::uint32_t so_far = c * 64 + (static_cast<std::uint32_t>(peek()) & 0x3f);
            const bool overlong = i == 1 && ((length == 3 && so_far < 0x20) || (length == 4 && so_far < 0x10));
            const bool surrogate = i == 1 && length == 3 && so_far >= 0x360 && so_far <= 0x37f;
            const bool too_large = i == 1 && length == 4 && so_far > 0x10f;
            if (peek() < 0x80 || peek() > 0xbf || overlong || surrogate || too_large) {
                at_ = first;
                return false;
            }
            c = so_far;
        }
        ++at_;
        out.text.append(text_.substr(first, at_ - first));
        return true;
    }
    bool string(Json& out) {
        ++at_;
        while (true) {
            const int c = peek();
            if (c < 0x20) return false;
            if (c >= 0x80) {
                if (!utf8(out)) return false;
                continue;
            }
            ++at_;
            if (c == '"') return true;
            if (c != '\\') {
                out.text += static_cast<char>(c);
            } else if (!escape(out)) {
                return false;
            }
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

/// Removes white space outside of strings.
inline void write_compact(const Json& json, std::string& out) {
    if (json.kind == Json::Kind::object) {
        out += '{';
        for (const auto& [key, value] : json.members) {
            if (&key != &json.members.front().first) out += ',';
            out.append(key.raw) += ':';
            write_compact(value, out);
        }
        out += '}';
    } else if (json.kind == Json::Kind::array) {
        out += '[';
        for (const Json& element : json.elements) {
            if (&element != &json.elements.front()) out += ',';
            write_compact(element, out);
        }
        out += ']';
    } else {
        out += json.raw;
    }
}

inline std::string compact(const Json& json) {
    std::string out;
    write_compact(json, out);
    return out;
}

}  // namespace test
