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

/// The type of an option's value, and how it is spelled as text.
enum class OptionType : std::uint8_t {
    text,
    flag,           ///< "true" or "false"
    optional_flag,  ///< the same; not set: the vendor's default
    number,         ///< a non-negative integer in decimal
};

/// The member that an Option sets: one of these is not null. (std::variant would do, at ten times the compile time.)
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

/// Whether an option must be set (a text that is not empty) and whether its value must not be shown.
enum class OptionIs : std::uint8_t { optional, required, secret, required_secret };

/// One member of a target (or forward) that can be set by name: what `static constexpr Option<T> options[]` is made of.
/// Its texts must have static storage.
template <class T>
struct Option {
    std::string_view key;
    OptionMember<T> member;
    std::string_view doc;  ///< one line
    OptionIs is = OptionIs::optional;
    std::string_view choices = {};  ///< "one|two": the values that a text may have, beside the empty one; empty: any
};

/// The same without the type of the target: what lists show.
struct OptionInfo {
    std::string_view key;
    std::string_view doc;
    OptionIs is = OptionIs::optional;
    std::string_view choices = {};
    OptionType type = OptionType::text;

    /// Whether a target without it cannot write a request.
    [[nodiscard]] constexpr bool required() const noexcept { return is == OptionIs::required || is == OptionIs::required_secret; }
    /// Whether it must not be printed.
    [[nodiscard]] constexpr bool secret() const noexcept { return is == OptionIs::secret || is == OptionIs::required_secret; }
};

/// A key and its value as text.
struct OptionValue {
    std::string key;
    std::string value;
};

namespace detail {

[[nodiscard]] ALERTMAP_API Result<std::vector<OptionValue>> parse_option_flags(std::span<const std::string_view> flags);
[[nodiscard]] ALERTMAP_API bool is_choice(std::string_view choices, std::string_view value) noexcept;
[[nodiscard]] ALERTMAP_API bool read_option(std::string_view text, bool& value) noexcept;
[[nodiscard]] ALERTMAP_API bool read_option(std::string_view text, std::size_t& value) noexcept;
/// Errc::missing_value, Errc::invalid_value or Errc::unknown_name for the option `key`.
[[nodiscard]] ALERTMAP_API Error option_error(Errc code, std::string_view key);

}  // namespace detail

/// Reads "key=value" texts: any range of what converts to std::string_view. Allocates. Errc::missing_value for one without
/// '='; its path is the index, never the text, which may be a secret.
template <class Texts>
[[nodiscard]] Result<std::vector<OptionValue>> parse_options(const Texts& flags) {
    std::vector<std::string_view> views;
    for (const auto& flag : flags) views.emplace_back(flag);
    return detail::parse_option_flags(views);
}

/// Reads a JSON object of strings, numbers and booleans; null is the same as absent. Allocates. Errors: JSON's, and
/// Errc::wrong_type with the key as the path.
[[nodiscard]] ALERTMAP_API Result<std::vector<OptionValue>> parse_json_options(std::string_view text);

/// A value for each required option: the first choice, an http URL for a key that ends with "url", else the key itself. For a
/// look at payloads, and for tests; no vendor takes them.
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

/// What can be set of a T, in the order of its table. Static storage; allocates nothing.
template <class T>
[[nodiscard]] constexpr std::span<const OptionInfo> option_infos() noexcept {
    return detail::option_infos_of<T>;
}

/// Sets members of `target` by its table of options. Errors, with the key as the path: Errc::unknown_name,
/// Errc::invalid_value; `target` is then half set.
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

/// Checks a target by its table of options, with the key as the path of the error: Errc::missing_value if a required text is
/// empty, Errc::invalid_value if a text is none of its choices. Does not allocate unless it fails.
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
