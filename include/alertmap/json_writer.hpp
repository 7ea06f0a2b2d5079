#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <type_traits>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/labels.hpp"

namespace alertmap {

namespace detail {
/// Not constexpr on purpose: a JsonKey that calls it does not compile, and says why.
inline void this_json_key_needs_escaping() {}
}  // namespace detail

/// A member name (or a word) known at compile time: plain text, nothing to escape, or it does not compile.
struct JsonKey {
    const char* text;
    std::size_t size;

    template <std::size_t Size>
    consteval JsonKey(const char (&literal)[Size]) : text(literal), size(Size - 1) {
        for (std::size_t i = 0; i < size; ++i) {
            if (literal[i] < ' ' || literal[i] == '"' || literal[i] == '\\') detail::this_json_key_needs_escaping();
        }
    }
};

namespace detail {
template <class Text>
concept TextButNoLiteral = std::convertible_to<const Text&, std::string_view> && !std::is_array_v<Text>;
}

/// Which characters are escaped beyond those that JSON demands.
enum class Escaping : std::uint8_t {
    json,  ///< none
    go,    ///< < > & U+2028 U+2029, as Go's encoding/json (and so Alertmanager) writes them
};

/// Where strings stand that were seen to need no escape: the members of the same names of AlertGroup and Event.
struct CleanText {
    std::string_view body;
    std::string_view decoded;

    CleanText() = default;
    CleanText(std::string_view parsed_body, std::string_view decoded_strings = {}) : body(parsed_body), decoded(decoded_strings) {}
};

/// Appends one JSON value to a Buffer, as compact as it gets: calls in the order of the text, commas by themselves.
///
///     JsonWriter json(out, {event.body, event.decoded});
///     json.begin_object();
///     json.member("title", event.summary);
///     json.end_object();
///
/// What was written counts when the writer is destroyed; abandon() before that leaves the Buffer as it was. Strings must be
/// UTF-8. A string that stands in `clean` is copied without another look.
/// Begin and end must match; nothing else can go wrong.
class JsonWriter {
 public:
    /// With Escaping::go, what was decoded is escaped again: it may hold what Go escapes and JSON does not.
    explicit JsonWriter(Buffer& out, CleanText clean = {}, Escaping escaping = Escaping::json)
        : out_(out),
          body_(clean.body),
          decoded_(escaping == Escaping::json ? clean.decoded : std::string_view{}),
          escaping_(escaping),
          start_(out.size()) {
        at_ = out_.reserve(first_reserve);
        end_ = at_ + (out_.capacity() - out_.size());
    }
    ~JsonWriter() { out_.resize(start_ == abandoned ? abandoned_size_ : written()); }
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    ALERTMAP_ALWAYS_INLINE void key(JsonKey key) { at_ = put_key(room(key.size + 3), key); }
    /// A name that comes from data.
    template <class Text>
    requires detail::TextButNoLiteral<Text>
    void key(const Text& name) {
        string(name);
        at_[-1] = ':';
    }

    /// A name made of the texts, one behind the other.
    void key_joined(std::initializer_list<std::string_view> texts) {
        value_joined(texts);
        at_[-1] = ':';
    }

    void value(std::string_view text) { string(text); }
    void value(const char* text) { escaped(text); }
    void value(bool truth) { raw(truth ? "true" : "false"); }
    void value(std::integral auto number) { integer(number); }
    void null() { raw("null"); }
    /// One string made of the texts, one behind the other.
    void value_joined(std::initializer_list<std::string_view> texts) { value_joined(std::span(texts.begin(), texts.size())); }
    /// The same with texts whose number is known at run time only.
    void value_joined(std::span<const std::string_view> texts) {
        std::size_t size = 0;
        for (std::string_view text : texts) size += text.size();
        char* to = room(6 * size + 3);
        *to++ = '"';
        for (std::string_view text : texts) to = escape(to, text);
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    /// JSON that is known to be valid, as it is.
    void raw(std::string_view json) {
        char* to = room(json.size() + 1);
        if (!json.empty()) std::memcpy(to, json.data(), json.size());
        to += json.size();
        *to++ = ',';
        at_ = to;
    }

    /// In one go where the text can be copied as it stands in the body. Inlined, so that the key becomes a few stores.
    ALERTMAP_ALWAYS_INLINE void member(JsonKey name, std::string_view text) {
        const std::size_t inside = detail::offset_inside(text, body_);
        const std::size_t needed = name.size + text.size() + 6 + detail::copy_overrun;
        if (inside == detail::not_inside || body_.size() - inside < text.size() + detail::copy_overrun ||
            static_cast<std::size_t>(end_ - at_) < needed) {
            key(name);
            return string(text);
        }
        char* to = put_key(at_, name);
        *to++ = '"';
        to = detail::copy_blocks(to, body_.data() + inside, text.size());
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    /// A word known at compile time: a few stores, if the key and the word are literals.
    ALERTMAP_ALWAYS_INLINE void member_word(JsonKey name, JsonKey word) {
        char* to = put_key(room(name.size + word.size + 6), name);
        *to++ = '"';
        std::memcpy(to, word.text, word.size);
        to += word.size;
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    template <class Value>
    requires(!std::convertible_to<Value, std::string_view>) void member(JsonKey name, Value number) {
        key(name);
        value(number);
    }
    template <class Text>
    requires detail::TextButNoLiteral<Text>
    void member(const Text& name, std::string_view text) {
        key(name);
        value(text);
    }
    /// Nothing at all when the text is empty.
    ALERTMAP_ALWAYS_INLINE void member_unless_empty(JsonKey name, std::string_view text) {
        if (!text.empty()) member(name, text);
    }
    /// The labels as members of the object that is open.
    void members(Labels labels) {
        for (const Label* label = labels.begin(); label != labels.end();) {
            // Members as Go writes them are the text that is wanted here.
            if (const std::string_view together = detail::run_of(label, labels.end(), body_); !together.empty()) {
                raw(together);
            } else {
                member(label->name, label->value);
                ++label;
            }
        }
    }

    /// Bytes written by this writer so far.
    [[nodiscard]] std::size_t size() const noexcept { return written() - start_; }

    /// Forgets what was written; the writer must not be used any more.
    void abandon() noexcept {
        abandoned_size_ = start_;
        start_ = abandoned;
    }

 private:
    static constexpr std::size_t first_reserve = 1024;
    static constexpr std::size_t abandoned = static_cast<std::size_t>(-1);

    [[nodiscard]] std::size_t written() const noexcept {
        const std::size_t size = static_cast<std::size_t>(at_ - out_.data());
        // Every value leaves a comma behind it; the last one's does not count.
        return size != start_ && at_[-1] == ',' ? size - 1 : size;
    }

    /// Room for `more` bytes and for the over-run of the copies.
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE char* room(std::size_t more) {
        if (static_cast<std::size_t>(end_ - at_) < more + detail::copy_overrun) [[unlikely]]
            grow(more + detail::copy_overrun);
        return at_;
    }
    ALERTMAP_NOINLINE void grow(std::size_t more) {
        out_.resize(static_cast<std::size_t>(at_ - out_.data()));
        at_ = out_.reserve(more);
        end_ = at_ + (out_.capacity() - out_.size());
    }

    ALERTMAP_ALWAYS_INLINE static char* put_key(char* to, JsonKey key) {
        *to++ = '"';
        std::memcpy(to, key.text, key.size);
        to += key.size;
        *to++ = '"';
        *to++ = ':';
        return to;
    }

    ALERTMAP_ALWAYS_INLINE void open(char bracket) {
        char* to = room(1);
        *to++ = bracket;
        at_ = to;
    }
    ALERTMAP_ALWAYS_INLINE void close(char bracket) {
        char* to = room(2);
        if (to[-1] == ',') --to;
        *to++ = bracket;
        *to++ = ',';
        at_ = to;
    }

    void string(std::string_view text) {
        std::string_view clean = body_;
        std::size_t inside = detail::offset_inside(text, clean);
        if (inside == detail::not_inside) {
            clean = decoded_;
            inside = detail::offset_inside(text, clean, detail::clean_mark);
            if (inside == detail::not_inside) return escaped(text);
        }
        char* to = room(text.size() + 3);
        *to++ = '"';
        to = detail::copy_inside(to, clean, inside, text.size());
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    [[nodiscard]] char* escape(char* to, std::string_view text) const noexcept {
        return escaping_ == Escaping::json ? detail::escape_json(to, text) : detail::escape_go(to, text);
    }
    void escaped(std::string_view text) {
        char* to = room(6 * text.size() + 3);
        *to++ = '"';
        to = escape(to, text);
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }

    template <std::integral Number>
    void integer(Number number) {
        char digits[24];
        char* first = digits + sizeof digits;
        const bool negative = number < 0;
        auto rest = static_cast<std::uint64_t>(number);
        if (negative) rest = ~rest + 1;
        do {
            *--first = static_cast<char>('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        if (negative) *--first = '-';
        raw({first, static_cast<std::size_t>(digits + sizeof digits - first)});
    }

    Buffer& out_;
    std::string_view body_;
    std::string_view decoded_;
    Escaping escaping_;
    std::size_t start_;
    std::size_t abandoned_size_ = 0;
    char* at_;
    char* end_;
};

}  // namespace alertmap
