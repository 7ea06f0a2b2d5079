#pragma once

#include <cassert>
#include <charconv>
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
#include "alertmap/detail/json_check.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

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

/// Which characters are escaped beyond those that JSON demands.
enum class Escaping : std::uint8_t {
    json,  ///< none
    go,    ///< < > & U+2028 U+2029, as Go's encoding/json (and so Alertmanager) writes them
};

namespace detail {

/// What is written as a string: Text, std::string_view, std::string, literals.
template <class T>
concept JsonString = std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>;

/// What is written as an integer; a char, a bool or an enumerator is none.
template <class T>
concept JsonInteger = std::integral<T> && sizeof(T) <= sizeof(std::uint64_t) && !std::same_as<T, bool> && !std::same_as<T, char> &&
                      !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <class T>
concept JsonFloat = std::same_as<T, double> || std::same_as<T, float>;

template <class T>
concept JsonScalar = JsonString<T> || JsonInteger<T> || JsonFloat<T> || std::same_as<T, bool>;

}  // namespace detail

/// Streaming writer: appends one JSON value to a Buffer, without white space; inserts commas.
///
///     JsonWriter json(out);
///     json.begin_object();
///     json.member("title", event.summary);
///     json.end_object();
///
/// The destructor commits; abandon() discards, and leaves the Buffer as it was. Strings must be UTF-8. A Text that Parser, OwnedAlertGroup
/// or Arena made is copied without another look, anything else is escaped.
///
/// Names and values must alternate in an object, and each begin must have its end. Debug builds (NDEBUG not defined) check
/// that by assert: at the call where possible, else in the destructor. Other builds do not check, and write text that is not JSON.
///
/// A double is written as the shortest decimal that reads back the same; what is not finite as null. A char, an enumerator, a
/// pointer or nullptr does not compile: say `name(x)`, a number, or null().
///
/// Allocates when the Buffer must grow. One writer at a time for a Buffer, in one thread.
class JsonWriter {
 public:
    explicit JsonWriter(Buffer& out, Escaping escaping = Escaping::json) : out_(out), escaping_(escaping), start_(out.size()) {
        at_ = out_.prepare(first_reserve);
        end_ = out_.data() + out_.capacity();
    }
    ALERTMAP_ALWAYS_INLINE ~JsonWriter() {
        out_.truncate(start_);
        if (at_ == nullptr) return;
        const std::size_t size = written();
        out_.commit(size);
        assert((size == 0 || detail::is_one_json_value({out_.data() + start_, size})) &&
               "JsonWriter: a name without a value, a value without a name, or a begin without its end");
    }
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;

    /// Begins an object. Commas are inserted; each begin has its end.
    ALERTMAP_ALWAYS_INLINE void begin_object() { open('{'); }
    /// Ends the innermost object.
    ALERTMAP_ALWAYS_INLINE void end_object() { close('}'); }
    /// Begins an array.
    ALERTMAP_ALWAYS_INLINE void begin_array() { open('['); }
    /// Ends the innermost array.
    ALERTMAP_ALWAYS_INLINE void end_array() { close(']'); }

    /// The name of the next value.
    ALERTMAP_ALWAYS_INLINE void key(JsonKey key) {
        check_no_name();
        at_ = put_key(room(key.size + 3), key);
    }
    /// A name that comes from data.
    template <detail::JsonString S>
    requires(!std::is_array_v<S>) ALERTMAP_ALWAYS_INLINE void key(const S& name) {
        check_no_name();
        string(name);
        at_[-1] = ':';
    }
    /// A name made of the texts, one behind the other.
    ALERTMAP_ALWAYS_INLINE void key_joined(std::initializer_list<std::string_view> texts) {
        check_no_name();
        value_joined(texts);
        at_[-1] = ':';
    }

    template <detail::JsonScalar T>
    ALERTMAP_ALWAYS_INLINE void value(const T& value) {
        if constexpr (detail::JsonString<T>) {
            string(value);
        } else if constexpr (std::same_as<T, bool>) {
            value ? scalar("true") : scalar("false");
        } else if constexpr (detail::JsonFloat<T>) {
            at_ = put_float(out_, at_, value);
            set_end();
        } else if constexpr (std::is_signed_v<T>) {
            integer(value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value), value < 0);
        } else {
            integer(value, false);
        }
    }
    /// What JSON has no one form for: a char, an enumerator, a pointer.
    template <class T>
    void value(const T& value) = delete;

    /// The value null.
    ALERTMAP_ALWAYS_INLINE void null() { scalar("null"); }
    /// One string made of the texts, one behind the other.
    ALERTMAP_ALWAYS_INLINE void value_joined(std::initializer_list<std::string_view> texts) {
        value_joined(std::span(texts.begin(), texts.size()));
    }
    /// The same with texts whose number is known at run time only.
    ALERTMAP_ALWAYS_INLINE void value_joined(std::span<const std::string_view> texts) {
        at_ = put_joined(out_, at_, texts, escaping_);
        set_end();
    }
    /// The same in calls: begin_string(), any number of part(), end_string(). No part splits a code point.
    ALERTMAP_ALWAYS_INLINE void begin_string() {
        char* to = room(1);
        *to++ = '"';
        at_ = to;
    }
    /// Escapes and appends `text` to the string that begin_string() opened.
    ALERTMAP_ALWAYS_INLINE void part(Text text) {
        if (is_as_written(text, escaping_) && has_room(text.size())) [[likely]] {
            at_ = detail::copy_blocks(at_, text.data(), text.size());
            return;
        }
        at_ = put_part(out_, at_, text, escaping_);
        set_end();
    }
    /// Appends what write(char*) writes there, escaped already: at most `most` bytes and detail::copy_overrun. It returns the end.
    template <class Write>
    ALERTMAP_ALWAYS_INLINE void part_by(std::size_t most, Write write) {
        at_ = write(room(most));
    }
    /// Closes the string.
    ALERTMAP_ALWAYS_INLINE void end_string() {
        char* to = room(2);
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    /// JSON that is known to be valid, as it is.
    ALERTMAP_ALWAYS_INLINE void raw(std::string_view json) {
        at_ = put_raw(out_, at_, json);
        set_end();
    }

    /// A name and its value. Inlined, so that the name becomes a few stores.
    template <detail::JsonScalar T>
    ALERTMAP_ALWAYS_INLINE void member(JsonKey name, const T& value) {
        if constexpr (detail::JsonString<T>) {
            check_no_name();
            const Text text = value;
            const std::size_t size = text.size();
            if (is_as_written(text, escaping_) && has_room(name.size + size + 6)) [[likely]] {
                char* to = put_key(at_, name);
                *to++ = '"';
                to = detail::copy_blocks(to, text.data(), size);
                *to++ = '"';
                *to++ = ',';
                at_ = to;
            } else {
                at_ = put_member(out_, at_, name, text, escaping_);
                set_end();
            }
        } else {
            key(name);
            this->value(value);
        }
    }
    /// As value(): what JSON has no one form for.
    template <class T>
    void member(JsonKey name, const T& value) = delete;

    /// A word known at compile time: a few stores, if the key and the word are literals.
    ALERTMAP_ALWAYS_INLINE void member_word(JsonKey name, JsonKey word) {
        check_no_name();
        char* to = put_key(room(name.size + word.size + 6), name);
        *to++ = '"';
        std::memcpy(to, word.text, word.size);
        to += word.size;
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    /// A name that comes from data.
    template <detail::JsonString S, detail::JsonString T>
    requires(!std::is_array_v<S>) ALERTMAP_ALWAYS_INLINE void member(const S& name, const T& text) {
        key(name);
        value(text);
    }
    /// Nothing at all when the text is empty.
    template <detail::JsonString T>
    ALERTMAP_ALWAYS_INLINE void member_unless_empty(JsonKey name, const T& text) {
        if (!std::string_view(text).empty()) member(name, text);
    }
    /// The labels as members of the object that is open. A set that the body has in Go's spelling is copied as one block: with the
    /// sender's own escapes.
    ALERTMAP_ALWAYS_INLINE void members(Labels labels) {
        check_no_name();
        at_ = put_labels(out_, at_, labels, escaping_);
        set_end();
    }

    /// Bytes written by this writer so far.
    [[nodiscard]] std::size_t size() const noexcept { return written(); }

    /// Forgets what was written; the writer must not be used any more.
    void abandon() noexcept { at_ = nullptr; }

 private:
    // A writer lives in registers as long as nothing takes its address. So all members are inlined, and what is too long for
    // that is a static function, not inlined, that takes the place to write to and returns the place behind what it wrote.
    static constexpr std::size_t first_reserve = 1024;

    [[nodiscard]] ALERTMAP_ALWAYS_INLINE std::size_t written() const noexcept {
        const std::size_t size = static_cast<std::size_t>(at_ - out_.data()) - start_;
        // Every value leaves a comma behind it; the last one's does not count.
        return size != 0 && at_[-1] == ',' ? size - 1 : size;
    }
    ALERTMAP_ALWAYS_INLINE void check_no_name() const noexcept {
        assert((static_cast<std::size_t>(at_ - out_.data()) == start_ || at_[-1] != ':') && "JsonWriter: a name without a value");
    }

    /// Room for `more` bytes and for the over-run of the copies.
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE bool has_room(std::size_t more) const noexcept {
        return static_cast<std::size_t>(end_ - at_) >= more + detail::copy_overrun;
    }
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE char* room(std::size_t more) {
        if (!has_room(more)) [[unlikely]] {
            at_ = grow(out_, at_, more);
            set_end();
        }
        return at_;
    }
    ALERTMAP_ALWAYS_INLINE void set_end() noexcept { end_ = out_.data() + out_.capacity(); }

    ALERTMAP_NOINLINE static char* grow(Buffer& out, const char* at, std::size_t more) {
        out.commit(static_cast<std::size_t>(at - out.data()) - out.size());
        return out.prepare(more + detail::copy_overrun);
    }
    /// `at`, or its like in a larger buffer: with room for `more` bytes.
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static char* roomy(Buffer& out, char* at, std::size_t more) {
        const auto left = static_cast<std::size_t>(out.data() + out.capacity() - at);
        return left >= more + detail::copy_overrun ? at : grow(out, at, more);
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
        check_no_name();
        char* to = room(2);
        if (to[-1] == ',') --to;
        *to++ = bracket;
        *to++ = ',';
        at_ = to;
    }
    template <std::size_t Size>
    ALERTMAP_ALWAYS_INLINE void scalar(const char (&text)[Size]) {
        char* to = room(Size);
        std::memcpy(to, text, Size - 1);
        to += Size - 1;
        *to++ = ',';
        at_ = to;
    }

    template <class S>
    ALERTMAP_ALWAYS_INLINE void string(const S& text) {
        if constexpr (std::same_as<S, Text>) {
            if (text.kind() != detail::TextKind::unknown) {
                at_ = put_known(out_, at_, text, escaping_);
                return set_end();
            }
        }
        at_ = put_escaped(out_, at_, text, escaping_);
        set_end();
    }

    /// Whether the bytes of the text are what is written.
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static bool is_as_written(const Text& text, Escaping escaping) noexcept {
        return escaping == Escaping::json ? text.needs_no_escape() : text.kind() == detail::TextKind::verbatim;
    }
    /// What is copied for a text that is not unknown: its bytes, or its spelling in the body.
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static detail::Spelling copied(const Text& text, Escaping escaping) noexcept {
        return is_as_written(text, escaping) ? detail::Spelling{text.data(), text.size()} : text.spelling();
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_member(Buffer& out, char* at, JsonKey name, Text text, Escaping escaping) {
        return put_text(out, put_key(roomy(out, at, name.size + 3), name), text, escaping);
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_known(Buffer& out, char* at, Text text, Escaping escaping) {
        const detail::Spelling bytes = copied(text, escaping);
        char* to = roomy(out, at, bytes.size + 3);
        *to++ = '"';
        to = detail::copy_blocks(to, bytes.data, bytes.size);
        *to++ = '"';
        *to++ = ',';
        return to;
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_escaped(Buffer& out, char* at, std::string_view text, Escaping escaping) {
        char* to = roomy(out, at, 6 * text.size() + 3);
        *to++ = '"';
        to = escape(to, text, escaping);
        *to++ = '"';
        *to++ = ',';
        return to;
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_joined(Buffer& out, char* at, std::span<const std::string_view> texts,
                                                            Escaping escaping) {
        std::size_t size = 0;
        for (const std::string_view text : texts) size += text.size();
        char* to = roomy(out, at, 6 * size + 3);
        *to++ = '"';
        for (const std::string_view text : texts) to = escape(to, text, escaping);
        *to++ = '"';
        *to++ = ',';
        return to;
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_part(Buffer& out, char* at, std::string_view text, Escaping escaping) {
        return escape(roomy(out, at, 6 * text.size()), text, escaping);
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_raw(Buffer& out, char* at, std::string_view json) {
        char* to = roomy(out, at, json.size() + 1);
        if (!json.empty()) std::memcpy(to, json.data(), json.size());
        to += json.size();
        *to++ = ',';
        return to;
    }
    [[nodiscard]] static char* escape(char* to, std::string_view text, Escaping escaping) noexcept {
        return escaping == Escaping::json ? detail::escape_json(to, text) : detail::escape_go(to, text);
    }

    /// The labels of a set: a run of them that the body has in one place is copied, the others are written pair by pair.
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_labels(Buffer& out, char* at, Labels labels, Escaping escaping) {
        const Label* label = labels.begin();
        const Label* const end = labels.end();
        while (label != end) {
            if (label->name.kind() == detail::TextKind::unknown || label->value.kind() == detail::TextKind::unknown) {
                at = put_pair(out, at, *label++, escaping);
                continue;
            }
            const char* const first = label->name.spelling().data;
            const char* last;
            if (labels.is_block()) {
                const detail::Spelling value = end[-1].value.spelling();
                last = value.data + value.size;
                label = end;
            } else {
                last = end_of_run(label, end);
                if (last == nullptr) {
                    at = put_pair(out, at, *label++, escaping);
                    continue;
                }
            }
            const auto size = static_cast<std::size_t>(last - first);
            char* to = roomy(out, at, size + 3);
            *to++ = '"';
            to = detail::copy_blocks(to, first, size);
            *to++ = '"';
            *to++ = ',';
            at = to;
        }
        return at;
    }
    /// The end of the longest run "name":"value","name":"value" in memory that begins at `label`, which is moved behind the run. Null: not
    /// even the first label is such a pair. Compares the bytes between the texts, so it is right for texts of any origin.
    [[nodiscard]] static const char* end_of_run(const Label*& label, const Label* end) noexcept {
        const char* run_end = nullptr;
        for (; label != end; ++label) {
            if (label->name.kind() == detail::TextKind::unknown || label->value.kind() == detail::TextKind::unknown) break;
            const detail::Spelling name = label->name.spelling();
            const detail::Spelling value = label->value.spelling();
            if (run_end != nullptr && (name.data != run_end + 3 || std::memcmp(run_end, "\",\"", 3) != 0)) break;
            const char* const colon = name.data + name.size;
            if (value.data != colon + 3 || std::memcmp(colon, "\":\"", 3) != 0) break;
            run_end = value.data + value.size;
        }
        return run_end;
    }
    [[nodiscard]] static char* put_pair(Buffer& out, char* at, const Label& label, Escaping escaping) {
        at = put_text(out, at, label.name, escaping);
        at[-1] = ':';
        return put_text(out, at, label.value, escaping);
    }
    [[nodiscard]] static char* put_text(Buffer& out, char* at, Text text, Escaping escaping) {
        return text.kind() == detail::TextKind::unknown ? put_escaped(out, at, text, escaping) : put_known(out, at, text, escaping);
    }

    ALERTMAP_ALWAYS_INLINE void integer(std::uint64_t number, bool negative) {
        at_ = put_integer(out_, at_, number, negative);
        set_end();
    }
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_integer(Buffer& out, char* at, std::uint64_t number, bool negative) {
        constexpr std::size_t longest = 20;  // 2^64 - 1
        char* to = roomy(out, at, longest + 2);
        if (negative) *to++ = '-';
        to = std::to_chars(to, to + longest, number).ptr;
        *to++ = ',';
        return to;
    }
    template <class Float>
    [[nodiscard]] ALERTMAP_NOINLINE static char* put_float(Buffer& out, char* at, Float number) {
        constexpr std::size_t longest = 24;  // "-2.2250738585072014e-308"
        char* to = roomy(out, at, longest + 1);
        if (number - number == 0) {  // NOLINT(misc-redundant-expression): no <cmath> for std::isfinite
            to = std::to_chars(to, to + longest, number).ptr;
        } else {  // an infinity, or no number at all
            std::memcpy(to, "null", 4);
            to += 4;
        }
        *to++ = ',';
        return to;
    }

    Buffer& out_;
    Escaping escaping_;
    std::size_t start_;
    char* at_;  // null: abandoned
    const char* end_;
};

}  // namespace alertmap
