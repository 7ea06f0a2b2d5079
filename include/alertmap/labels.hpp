#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iosfwd>
#include <span>  // for std::ranges::enable_view, which <string_view> declares too
#include <string_view>
#include <type_traits>

#include "alertmap/text.hpp"

namespace alertmap {

namespace detail {

/// Compares two texts; inlined for short ones, as names are.
[[nodiscard]] constexpr bool same_name(std::string_view a, std::string_view b) noexcept {
    const std::size_t size = a.size();
    if (size != b.size()) return false;
    if (std::is_constant_evaluated() || size > 16 || size < 4) return a == b;
    // Compares as two overlapping words.
    const auto same_words = [&](auto word) {
        decltype(word) of_a[2];
        decltype(word) of_b[2];
        std::memcpy(&of_a[0], a.data(), sizeof word);
        std::memcpy(&of_b[0], b.data(), sizeof word);
        std::memcpy(&of_a[1], a.data() + size - sizeof word, sizeof word);
        std::memcpy(&of_b[1], b.data() + size - sizeof word, sizeof word);
        return of_a[0] == of_b[0] && of_a[1] == of_b[1];
    };
    return size >= 8 ? same_words(std::uint64_t{}) : same_words(std::uint32_t{});
}

}  // namespace detail

/// One label or annotation. Views, valid as long as the set.
struct Label {
    Text name;
    Text value;

    friend bool operator==(const Label&, const Label&) = default;
};

/// A set of labels or annotations in the sender's order. A view of 16 bytes and a std::ranges view; copy it freely. Valid as long as the
/// AlertGroup or Arena that it came from. An absent set (`present()` is false) is distinct from an empty one. Allocates nothing; as
/// thread-safe as a pointer.
class Labels {
 public:
    /// Types of a contiguous range.
    using value_type = Label;
    using const_iterator = const Label*;
    using iterator = const_iterator;

    constexpr Labels() = default;
    constexpr Labels(const Label* first, std::size_t count) noexcept : first_(first), count_(count << 1) {}

    [[nodiscard]] constexpr const Label* begin() const noexcept { return first_; }
    [[nodiscard]] constexpr const Label* end() const noexcept { return first_ + size(); }
    [[nodiscard]] constexpr const Label* data() const noexcept { return first_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return count_ >> 1; }
    [[nodiscard]] constexpr bool empty() const noexcept { return count_ < 2; }
    [[nodiscard]] constexpr const Label& operator[](std::size_t i) const noexcept { return first_[i]; }

    /// False if the sender sent no set, or null; true for an empty set.
    [[nodiscard]] constexpr bool present() const noexcept { return first_ != nullptr; }

    /// The label with this name, or null. Case-sensitive. Linear: sets are small.
    [[nodiscard]] constexpr const Label* find(std::string_view name) const noexcept {
        for (const Label& label : *this) {
            if (label.name.has_size(name.size()) && detail::same_name(label.name, name)) return &label;
        }
        return nullptr;
    }

    /// The value of the label with this name; empty with null data if there is none.
    [[nodiscard]] constexpr Text get(std::string_view name) const noexcept {
        const Label* label = find(name);
        return label != nullptr ? label->value : Text{};
    }

    /// Equal names with equal values, in any order; an absent set equals an empty one. Quadratic if the orders differ.
    friend constexpr bool operator==(Labels a, Labels b) noexcept {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i) {
            if (a[i] == b[i]) continue;
            if (a.count(a[i]) != b.count(a[i])) return false;
        }
        return true;
    }

    /// Prints {alertname="HighLoad", severity="page"}: PromQL's syntax for selectors and escapes.
    template <class Traits>
    friend std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, Labels labels) {
        using Piece = std::basic_string_view<char, Traits>;
        const char* before = "{";
        for (const Label& label : labels) {
            out << Piece(before) << Piece(label.name.data(), label.name.size()) << Piece("=\"");
            for (const char& c : label.value)
                out << (c == '\n' ? Piece("\\n") : c == '"' ? Piece("\\\"") : c == '\\' ? Piece("\\\\") : Piece(&c, 1));
            out << Piece("\"");
            before = ", ";
        }
        return out << Piece(labels.empty() ? "{}" : "}");
    }

 private:
    friend struct detail::Mint;
    friend class JsonWriter;

    [[nodiscard]] constexpr std::size_t count(const Label& wanted) const noexcept {
        std::size_t found = 0;
        for (const Label& label : *this) found += label == wanted ? 1 : 0;
        return found;
    }
    /// True if the body contains the whole set in Go's compact form, "a":"b","c":"d", and every text is of a known kind.
    [[nodiscard]] constexpr bool is_block() const noexcept { return (count_ & 1) != 0; }

    const Label* first_ = nullptr;
    std::size_t count_ = 0;  // shifted left by one; the lowest bit marks a block
};

}  // namespace alertmap

template <>
inline constexpr bool std::ranges::enable_view<alertmap::Labels> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::Labels> = true;

template <>
struct std::hash<alertmap::Label> {
    [[nodiscard]] std::size_t operator()(const alertmap::Label& label) const noexcept {
        return std::hash<alertmap::Text>{}(label.name) * 31 + std::hash<alertmap::Text>{}(label.value);
    }
};

/// Independent of the order of the labels, as equality is.
template <>
struct std::hash<alertmap::Labels> {
    [[nodiscard]] std::size_t operator()(alertmap::Labels labels) const noexcept {
        std::size_t sum = labels.size();
        for (const alertmap::Label& label : labels) sum += std::hash<alertmap::Label>{}(label);
        return sum;
    }
};
