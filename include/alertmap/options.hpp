#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/detail/export.hpp"
#include "alertmap/error.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// The type of an option's value, and its text form.
enum class OptionType : std::uint8_t {
    text,
    flag,           ///< "true" or "false"
    optional_flag,  ///< "true" or "false"; unset: the vendor's default
    number,         ///< a non-negative integer in decimal
};

/// The struct member that an Option sets: exactly one of the pointers is not null. (std::variant would need ten times the compile time.)
template <class T>
struct OptionMember {
    constexpr OptionMember(std::string T::*member) noexcept : text(member), type(OptionType::text) {}
    constexpr OptionMember(bool T::*member) noexcept : flag(member), type(OptionType::flag) {}
    constexpr OptionMember(std::optional<bool> T::*member) noexcept : optional_flag(member), type(OptionType::optional_flag) {}
    constexpr OptionMember(std::size_t T::*member) noexcept : number(member), type(OptionType::number) {}

    std::string T::*text = nullptr;
    bool T::*flag = nullptr;
    std::optional<bool> T::*optional_flag = nullptr;
    std::size_t T::*number = nullptr;
    OptionType type;
};

/// Whether an option is required (its text must not be empty), and whether it is a secret that must not be printed.
enum class OptionIs : std::uint8_t { optional, required, secret, required_secret };

/// A named option of a target or forward, an element of its table `static constexpr Option<T> options[]`. Its texts must have static
/// storage.
template <class T>
struct Option {
    std::string_view key;
    OptionMember<T> member;
    std::string_view doc;  ///< one line
    OptionIs is = OptionIs::optional;
    std::string_view choices = {};  ///< allowed values, "one|two", besides the empty text; empty: any value
};

/// An option without its struct type, for lists. Views of static storage.
struct OptionInfo {
    std::string_view key;
    std::string_view doc;
    OptionIs is = OptionIs::optional;
    std::string_view choices = {};
    OptionType type = OptionType::text;

    /// Whether the option must be set before a request can be written.
    [[nodiscard]] constexpr bool required() const noexcept { return is == OptionIs::required || is == OptionIs::required_secret; }
    /// Whether the value must not be printed.
    [[nodiscard]] constexpr bool secret() const noexcept { return is == OptionIs::secret || is == OptionIs::required_secret; }
};

/// An option's key and its value as text.
struct OptionValue {
    std::string key;
    std::string value;
};

namespace detail {

[[nodiscard]] ALERTMAP_API Result<std::vector<OptionValue>> parse_option_flags(std::span<const std::string_view> flags);
[[nodiscard]] ALERTMAP_API bool is_choice(std::string_view choices, std::string_view value) noexcept;
[[nodiscard]] ALERTMAP_API bool read_option(std::string_view text, bool& value) noexcept;
[[nodiscard]] ALERTMAP_API bool read_option(std::string_view text, std::size_t& value) noexcept;
/// An error with the option `key` as its path: Errc::missing_value, Errc::invalid_value or Errc::unknown_name.
[[nodiscard]] ALERTMAP_API Error option_error(Errc code, std::string_view key);

}  // namespace detail

/// Parses "key=value" texts from any range of elements that convert to std::string_view. Allocates. Errc::missing_value for a text without
/// '='; the path is its index and not the text, which may be a secret.
template <class Texts>
[[nodiscard]] Result<std::vector<OptionValue>> parse_options(const Texts& flags) {
    std::vector<std::string_view> views;
    for (const auto& flag : flags) views.emplace_back(flag);
    return detail::parse_option_flags(views);
}

/// Parses a JSON object of strings, numbers and booleans; null equals absent. Allocates. Errors: JSON errors, and Errc::wrong_type with the
/// key as the path.
[[nodiscard]] ALERTMAP_API Result<std::vector<OptionValue>> parse_json_options(std::string_view text);

/// Placeholder values for all required options: the first choice, an http URL if the key ends with "url", else the key itself. For previews
/// of payloads and for tests; vendors do not accept them. Allocates.
[[nodiscard]] ALERTMAP_API std::vector<OptionValue> placeholder_options(std::span<const OptionInfo> options);

namespace detail {

template <class T>
bool set_member(T& target, const Option<T>& option, std::string_view text) {
    const OptionMember<T>& member = option.member;
    switch (member.type) {
        case OptionType::text:
            if (!is_choice(option.choices, text)) return false;
            target.*member.text = text;
            return true;
        case OptionType::flag: return read_option(text, target.*member.flag);
        case OptionType::optional_flag: return read_option(text, (target.*member.optional_flag).emplace());
        case OptionType::number: break;
    }
    return read_option(text, target.*member.number);
}

template <class T>
constexpr std::array<OptionInfo, std::size(T::options)> make_option_infos() {
    std::array<OptionInfo, std::size(T::options)> infos{};
    for (std::size_t i = 0; i < infos.size(); ++i) {
        const Option<T>& option = T::options[i];
        infos[i] = {option.key, option.doc, option.is, option.choices, option.member.type};
    }
    return infos;
}
template <class T>
inline constexpr auto option_infos_of = make_option_infos<T>();

}  // namespace detail

/// The options of T in table order. Static storage.
template <class T>
[[nodiscard]] constexpr std::span<const OptionInfo> option_infos() noexcept {
    return detail::option_infos_of<T>;
}

/// Sets members of `target` by its option table. Errors with the key as the path: Errc::unknown_name, Errc::invalid_value; options before
/// the failing one are set then. Allocates.
template <class T>
[[nodiscard]] Result<void> set_options(T& target, std::span<const OptionValue> values) {
    for (const OptionValue& value : values) {
        const Option<T>* option = std::begin(T::options);
        while (option != std::end(T::options) && option->key != value.key) ++option;
        if (option == std::end(T::options)) return detail::option_error(Errc::unknown_name, value.key);
        if (!detail::set_member(target, *option, value.value)) return detail::option_error(Errc::invalid_value, value.key);
    }
    return {};
}

/// Checks the options of a target. Errors with the key as the path: Errc::missing_value if a required text is empty, Errc::invalid_value if
/// a text is not one of its choices. Allocates only on failure.
template <class T>
[[nodiscard]] Result<void> check_options(const T& target) {
    constexpr std::span<const OptionInfo> infos = option_infos<T>();
    for (std::size_t i = 0; i < infos.size(); ++i) {
        if (infos[i].type != OptionType::text) continue;
        const std::string& value = target.*T::options[i].member.text;
        if (value.empty() && infos[i].required()) return detail::option_error(Errc::missing_value, infos[i].key);
        if (!infos[i].choices.empty() && !detail::is_choice(infos[i].choices, value)) {
            return detail::option_error(Errc::invalid_value, infos[i].key);
        }
    }
    return {};
}

}  // namespace alertmap
