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
/// Deliberately not constexpr: a JsonKey that calls it does not compile, and the error names this function.
inline void this_json_key_needs_escaping() {}
}  // namespace detail

/// A compile-time member name or word; does not compile if it needs escaping.
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

/// Characters to escape beyond what JSON requires.
enum class Escaping : std::uint8_t {
    json,  ///< none
    go,    ///< < > & U+2028 U+2029, as Go's encoding/json and therefore Alertmanager
};

namespace detail {

/// Written as a string: Text, std::string_view, std::string, literals.
template <class T>
concept JsonString = std::convertible_to<const T&, std::string_view> && !std::same_as<T, std::nullptr_t>;

/// Written as an integer. Excludes char, bool and enumerators.
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
/// The destructor commits; abandon() discards and restores the Buffer. Strings must be UTF-8. A Text made by Parser, OwnedAlertGroup or
/// Arena is copied without scanning it again; anything else is escaped.
///
/// In an object, names and values must alternate; each begin_ call needs its end_ call. Debug builds (NDEBUG not defined) assert this, at
/// the call if possible, else in the destructor. Other builds do not check and would write invalid JSON.
///
/// A double is written as the shortest decimal that reads back unchanged; NaN and infinities as null. A char, enumerator, pointer or
/// nullptr does not compile: use `name(x)`, a number, or null().
///
/// Allocates only when the Buffer must grow; then throws std::bad_alloc on failure. Not thread-safe. One writer per Buffer at a time.
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

    /// Begins an object; needs an end_object(). Commas are inserted.
    ALERTMAP_ALWAYS_INLINE void begin_object() { open('{'); }
    /// Ends the innermost object.
    ALERTMAP_ALWAYS_INLINE void end_object() { close('}'); }
    /// Begins an array; needs an end_array().
    ALERTMAP_ALWAYS_INLINE void begin_array() { open('['); }
    /// Ends the innermost array.
    ALERTMAP_ALWAYS_INLINE void end_array() { close(']'); }

    /// The name of the next value, known at compile time.
    ALERTMAP_ALWAYS_INLINE void key(JsonKey key) {
        check_no_name();
        at_ = put_key(room(key.size + 3), key);
    }
    /// The name of the next value, escaped.
    template <detail::JsonString S>
    requires(!std::is_array_v<S>) ALERTMAP_ALWAYS_INLINE void key(const S& name) {
        check_no_name();
        string(name);
        at_[-1] = ':';
    }
    /// The name of the next value: the texts, concatenated and escaped.
    ALERTMAP_ALWAYS_INLINE void key_joined(std::initializer_list<std::string_view> texts) {
        check_no_name();
        value_joined(texts);
        at_[-1] = ':';
    }

    /// A string, integer, floating-point number or bool.
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
    /// Deleted for types without an unambiguous JSON form: char, enumerators, pointers.
    template <class T>
    void value(const T& value) = delete;

    /// Writes null.
    ALERTMAP_ALWAYS_INLINE void null() { scalar("null"); }
    /// One string: the texts, concatenated and escaped.
    ALERTMAP_ALWAYS_INLINE void value_joined(std::initializer_list<std::string_view> texts) {
        value_joined(std::span(texts.begin(), texts.size()));
    }
    /// The same for a run-time number of texts.
    ALERTMAP_ALWAYS_INLINE void value_joined(std::span<const std::string_view> texts) {
        at_ = put_joined(out_, at_, texts, escaping_);
        set_end();
    }
    /// Begins a string that is written in parts: begin_string(), any number of part() calls, end_string(). A part must not split a code
    /// point.
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
    /// Appends text that is already escaped. Inlined, so that a literal becomes a few stores.
    ALERTMAP_ALWAYS_INLINE void part_raw(std::string_view escaped) {
        char* to = room(escaped.size());
        if (!escaped.empty()) std::memcpy(to, escaped.data(), escaped.size());
        at_ = to + escaped.size();
    }
    /// Appends to the string what `write(char* to)` writes, which must be escaped already: at most `most` bytes, plus detail::copy_overrun
    /// bytes of scratch. `write` returns the end of its output.
    template <class Write>
    ALERTMAP_ALWAYS_INLINE void part_by(std::size_t most, Write write) {
        at_ = write(room(most));
    }
    /// Ends the string.
    ALERTMAP_ALWAYS_INLINE void end_string() {
        char* to = room(2);
        *to++ = '"';
        *to++ = ',';
        at_ = to;
    }
    /// Writes JSON that is known to be valid, unchanged.
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
    /// Deleted as value() is.
    template <class T>
    void member(JsonKey name, const T& value) = delete;

    /// A name and a string, both known at compile time: a few stores.
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
    /// A name from data, and its value; both escaped.
    template <detail::JsonString S, detail::JsonString T>
    requires(!std::is_array_v<S>) ALERTMAP_ALWAYS_INLINE void member(const S& name, const T& text) {
        key(name);
        value(text);
    }
    /// Writes nothing if the text is empty.
    template <detail::JsonString T>
    ALERTMAP_ALWAYS_INLINE void member_unless_empty(JsonKey name, const T& text) {
        if (!std::string_view(text).empty()) member(name, text);
    }
    /// The labels as members of the current object. A set that the body has in Go's compact form is copied as one block, with the sender's
    /// escapes.
    ALERTMAP_ALWAYS_INLINE void members(Labels labels) {
        check_no_name();
        at_ = put_labels(out_, at_, labels, escaping_);
        set_end();
    }

    /// Number of bytes written by this writer so far.
    [[nodiscard]] std::size_t size() const noexcept { return written(); }

    /// Discards the output and restores the Buffer; the writer must not be used afterwards.
    void abandon() noexcept { at_ = nullptr; }

 private:
    // The members stay in registers as long as nothing takes the writer's address. Therefore all member functions are inlined; longer code
    // is in static functions that take the output position and return the new one.
    static constexpr std::size_t first_reserve = 1024;

    [[nodiscard]] ALERTMAP_ALWAYS_INLINE std::size_t written() const noexcept {
        const std::size_t size = static_cast<std::size_t>(at_ - out_.data()) - start_;
        // Every value is followed by a comma; the last comma is not part of the output.
        return size != 0 && at_[-1] == ',' ? size - 1 : size;
    }
    ALERTMAP_ALWAYS_INLINE void check_no_name() const noexcept {
        assert((static_cast<std::size_t>(at_ - out_.data()) == start_ || at_[-1] != ':') && "JsonWriter: a name without a value");
    }

    /// Room for `more` bytes and the overrun of block copies.
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
    /// Returns `at`, or the same position in a larger buffer, with room for `more` bytes.
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

    /// True if the bytes of the text can be written unchanged.
    [[nodiscard]] ALERTMAP_ALWAYS_INLINE static bool is_as_written(const Text& text, Escaping escaping) noexcept {
        return escaping == Escaping::json ? text.needs_no_escape() : text.kind() == detail::TextKind::verbatim;
    }
    /// The bytes to copy for a text of known kind: the text itself, or its escaped form in the body.
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

    /// Copies runs of labels that are contiguous in the body; writes the others pair by pair.
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
    /// Finds the longest run "name":"value","name":"value" in memory that starts at `label`; returns its end and moves `label` past it.
    /// Null if the first label is not such a pair. Compares the bytes between the texts, so it is correct for texts of any origin.
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
        } else {  // infinity or NaN
            std::memcpy(to, "null", 4);
            to += 4;
        }
        *to++ = ',';
        return to;
    }

    Buffer& out_;
    Escaping escaping_;
    std::size_t start_;
    char* at_;  // null after abandon()
    const char* end_;
};

}  // namespace alertmap
