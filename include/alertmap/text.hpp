#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <string_view>
#include <type_traits>

namespace alertmap {

class Arena;
class JsonWriter;
class Text;

namespace detail {

struct Mint;  // src/mint.hpp: makes Texts with a known kind

/// Deliberately not constexpr: a literal that calls it does not compile, and the error names this function.
inline void this_literal_needs_escaping() {}

/// What is known about the bytes of a Text.
enum class TextKind : std::uint8_t {
    unknown,        ///< nothing; escaped when written
    verbatim,       ///< no byte needs an escape in a JSON string; followed by text_padding readable bytes
    decoded,        ///< decoded from a string with escapes, some of which JSON requires; preceded by the address of the escaped form
    decoded_clean,  ///< as decoded, but JSON requires no escapes for it (\u0026, say); followed by text_padding readable bytes
};

/// Readable bytes after a verbatim text, so that it can be copied in blocks.
inline constexpr std::size_t text_padding = 32;

template <class T>
concept TextLike = !std::same_as<std::remove_cvref_t<T>, Text> && std::is_convertible_v<const std::remove_cvref_t<T>&, std::string_view>;

/// A temporary that owns its bytes, e.g. a std::string, a Buffer, the result of fmt::format.
template <class T>
concept TextOwner = TextLike<T> && !std::is_lvalue_reference_v<T> && !std::is_trivially_copyable_v<std::remove_cvref_t<T>>;

/// The bytes of a Text::literal, padded.
template <std::size_t Size>
struct TextLiteral {
    char bytes[Size + text_padding] = {};

    consteval TextLiteral(const char (&literal)[Size]) {
        for (std::size_t i = 0; i + 1 < Size; ++i) {
            const auto c = static_cast<unsigned char>(literal[i]);
            if (c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') this_literal_needs_escaping();
            bytes[i] = literal[i];
        }
    }
};

/// The escaped form of a decoded text in the body.
struct Spelling {
    const char* data;
    std::size_t size;
};

}  // namespace detail

/// A string view that knows whether its bytes need escaping. Used like std::string_view; 16 bytes, trivially copyable, owns nothing.
///
/// A Text made by Parser, OwnedAlertGroup or Arena is written to JSON without scanning it again; any other (from a std::string_view, a
/// literal, a std::string) is escaped when written. Comparison and hash use the bytes only. Valid as long as the bytes that it views.
/// Constructing it from a temporary std::string does not compile; copy such text to an Arena:
///
///     event.summary = arena.copy(fmt::format("{} is down", host));
///
/// Null data() means absent; an empty text that was sent has data. Never throws, never allocates. As thread-safe as a pointer.
class Text {
 public:
    using value_type = char;
    using const_pointer = const char*;
    using const_reference = const char&;
    using const_iterator = const char*;
    using iterator = const_iterator;
    using size_type = std::size_t;
    using difference_type = std::ptrdiff_t;

    static constexpr std::size_t npos = std::string_view::npos;

    /// Absent: null data.
    constexpr Text() noexcept = default;
    Text(std::nullptr_t) = delete;
    /// Views the same bytes as `text`; escaped when written, as nothing is known about them.
    template <detail::TextLike S>
    constexpr Text(const S& text) noexcept : Text(std::string_view(text)) {}
    constexpr Text(std::string_view text) noexcept : Text(text.data(), text.size(), detail::TextKind::unknown) {}
    /// Deleted: the bytes would be freed at the end of the full expression; see Arena::copy().
    template <detail::TextOwner S>
    Text(S&& text) = delete;

    /// A compile-time text of printable ASCII without " \ < > &: `Text::literal<"Alertmanager">()`. Static storage.
    template <detail::TextLiteral Literal>
    [[nodiscard]] static constexpr Text literal() noexcept {
        return {Literal.bytes, sizeof Literal.bytes - detail::text_padding - 1, detail::TextKind::verbatim};
    }

    constexpr operator std::string_view() const noexcept { return {data(), size()}; }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {data(), size()}; }

    [[nodiscard]] constexpr const char* data() const noexcept { return data_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return static_cast<std::size_t>(size_and_kind_ >> 2); }
    [[nodiscard]] constexpr std::size_t length() const noexcept { return size(); }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_and_kind_ < 4; }
    [[nodiscard]] constexpr const char* begin() const noexcept { return data(); }
    [[nodiscard]] constexpr const char* end() const noexcept { return data() + size(); }
    [[nodiscard]] constexpr const char* cbegin() const noexcept { return begin(); }
    [[nodiscard]] constexpr const char* cend() const noexcept { return end(); }
    [[nodiscard]] constexpr const char& operator[](std::size_t i) const noexcept { return data_[i]; }
    [[nodiscard]] constexpr const char& front() const noexcept { return data_[0]; }
    [[nodiscard]] constexpr const char& back() const noexcept { return data_[size() - 1]; }

    /// True: known to contain no control character, quote or backslash. False: unknown, or it contains one.
    [[nodiscard]] constexpr bool needs_no_escape() const noexcept { return (size_and_kind_ & 1) != 0; }

    /// At most `count` bytes starting at `from`; empty, without an exception, if `from` is beyond the end.
    [[nodiscard]] constexpr Text substr(std::size_t from, std::size_t count = npos) const noexcept {
        if (from > size()) from = size();
        if (count > size() - from) count = size() - from;
        if (count == size()) return *this;
        // A part of a text without escapes has none either. The escaped form is only known for a whole decoded text.
        return {data_ + from, count, kind() == detail::TextKind::verbatim ? detail::TextKind::verbatim : detail::TextKind::unknown};
    }
    /// Removes `count` bytes; at most size().
    constexpr void remove_prefix(std::size_t count) noexcept { *this = substr(count); }
    constexpr void remove_suffix(std::size_t count) noexcept { *this = substr(0, size() - count); }

    // As in std::string_view.
    [[nodiscard]] constexpr int compare(std::string_view other) const noexcept { return view().compare(other); }
    [[nodiscard]] constexpr bool starts_with(std::string_view text) const noexcept { return view().starts_with(text); }
    [[nodiscard]] constexpr bool starts_with(char c) const noexcept { return view().starts_with(c); }
    [[nodiscard]] constexpr bool ends_with(std::string_view text) const noexcept { return view().ends_with(text); }
    [[nodiscard]] constexpr bool ends_with(char c) const noexcept { return view().ends_with(c); }
    [[nodiscard]] constexpr bool contains(std::string_view text) const noexcept { return find(text) != npos; }
    [[nodiscard]] constexpr bool contains(char c) const noexcept { return find(c) != npos; }
    [[nodiscard]] constexpr std::size_t find(std::string_view text, std::size_t from = 0) const noexcept { return view().find(text, from); }
    [[nodiscard]] constexpr std::size_t find(char c, std::size_t from = 0) const noexcept { return view().find(c, from); }
    [[nodiscard]] constexpr std::size_t rfind(std::string_view text, std::size_t from = npos) const noexcept {
        return view().rfind(text, from);
    }
    [[nodiscard]] constexpr std::size_t rfind(char c, std::size_t from = npos) const noexcept { return view().rfind(c, from); }
    [[nodiscard]] constexpr std::size_t find_first_of(std::string_view any, std::size_t from = 0) const noexcept {
        return view().find_first_of(any, from);
    }
    [[nodiscard]] constexpr std::size_t find_last_of(std::string_view any, std::size_t from = npos) const noexcept {
        return view().find_last_of(any, from);
    }
    [[nodiscard]] constexpr std::size_t find_first_not_of(std::string_view any, std::size_t from = 0) const noexcept {
        return view().find_first_not_of(any, from);
    }
    [[nodiscard]] constexpr std::size_t find_last_not_of(std::string_view any, std::size_t from = npos) const noexcept {
        return view().find_last_not_of(any, from);
    }

    template <class Other>
    requires std::convertible_to<const Other&, std::string_view>
    friend constexpr bool operator==(const Text& a, const Other& b) noexcept { return a.view() == std::string_view(b); }
    template <class Other>
    requires std::convertible_to<const Other&, std::string_view>
    friend constexpr std::strong_ordering operator<=>(const Text& a, const Other& b) noexcept { return a.view() <=> std::string_view(b); }

    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const Text& text) {
        return out << text.view();
    }

 private:
    friend struct detail::Mint;
    friend class Arena;
    friend class JsonWriter;
    friend class Labels;

    constexpr Text(const char* data, std::size_t size, detail::TextKind kind) noexcept
        : data_(data), size_and_kind_(std::uint64_t{size} * 4 + static_cast<std::uint64_t>(kind)) {}

    [[nodiscard]] constexpr detail::TextKind kind() const noexcept { return static_cast<detail::TextKind>(size_and_kind_ & 3); }
    [[nodiscard]] constexpr bool has_size(std::size_t size) const noexcept { return (size_and_kind_ ^ std::uint64_t{size} << 2) < 4; }

    /// The bytes between the quotes in the body. Requires a known kind.
    [[nodiscard]] detail::Spelling spelling() const noexcept {
        if (kind() == detail::TextKind::verbatim) return {data_, size()};
        std::uint32_t spelled_size;
        std::memcpy(&spelled_size, data_ - sizeof spelled_size, sizeof spelled_size);
        const char* spelled;
        std::memcpy(&spelled, data_ - sizeof spelled_size - sizeof spelled, sizeof spelled);
        return {spelled, spelled_size};
    }
    /// Bytes before a decoded text that hold the address and size of its escaped form; unaligned.
    static constexpr std::size_t spelling_bytes = sizeof(const char*) + sizeof(std::uint32_t);

    const char* data_ = nullptr;
    std::uint64_t size_and_kind_ = 0;  // no bit-fields: g++ 12 generates slower code for them
};

static_assert((sizeof(void*) != 8 || sizeof(Text) == 16) && std::is_trivially_copyable_v<Text>);

}  // namespace alertmap

template <>
struct std::hash<alertmap::Text> {
    [[nodiscard]] std::size_t operator()(const alertmap::Text& text) const noexcept { return std::hash<std::string_view>{}(text); }
};
