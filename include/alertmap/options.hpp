#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/detail/json_reader.hpp"
#include "alertmap/result.hpp"

namespace alertmap {

/// The member that an Option sets: one of these is not null. (std::variant would do, at ten times the compile time.)
template <class T>
struct OptionMember {
    constexpr OptionMember(std::string T::*member) noexcept : text(member) {}
    constexpr OptionMember(bool T::*member) noexcept : flag(member) {}
    constexpr OptionMember(std::optional<bool> T::*member) noexcept : optional_flag(member) {}
    constexpr OptionMember(std::size_t T::*member) noexcept : number(member) {}

    std::string T::*text = nullptr;
    bool T::*flag = nullptr;
    std::optional<bool> T::*optional_flag = nullptr;
    std::size_t T::*number = nullptr;
};

/// One member of a target (or forward) that can be set by name: what `static constexpr Option<T> options[]` is made of.
template <class T>
struct Option {
    std::string_view key;
    OptionMember<T> member;
    std::string_view doc;
    bool secret = false;
    std::string_view choices = {};  ///< "one|two": the values that a text may have, beside the empty one; empty: any
};

/// The same without its type, for a list.
struct OptionInfo {
    std::string_view key;
    std::string_view doc;
    bool secret = false;
    std::string_view choices = {};
};

/// A key and its value as text.
struct OptionValue {
    std::string key;
    std::string value;
};

/// Reads "key=value" texts. Errc::missing_value for one without '='; its path is the index, never the text.
template <class Texts>
[[nodiscard]] Result<std::vector<OptionValue>> parse_options(const Texts& flags) {
    std::vector<OptionValue> values;
    for (const std::string_view flag : flags) {
        const std::size_t equals = flag.find('=');
        if (equals == std::string_view::npos) {
            return Error{Errc::missing_value, no_offset, "options[" + std::to_string(values.size()) + "]"};
        }
        values.push_back({std::string(flag.substr(0, equals)), std::string(flag.substr(equals + 1))});
    }
    return values;
}

/// Reads a JSON object of strings, numbers and booleans; null is the same as not there. Errors: JSON's, and
/// Errc::wrong_type with the key as the path.
[[nodiscard]] inline Result<std::vector<OptionValue>> parse_json_options(std::string_view text) {
    detail::JsonReader json(text);
    std::vector<OptionValue> values;
    OptionValue option;
    json.begin_object();
    while (json.next_member(option.key)) {
        std::string_view raw;
        switch (json.type()) {
            case detail::JsonType::string: json.string(option.value); break;
            case detail::JsonType::number:
            case detail::JsonType::boolean:
                json.skip(raw);
                option.value = raw;
                break;
            case detail::JsonType::null: json.null(); continue;
            case detail::JsonType::object:
            case detail::JsonType::array: return Error{Errc::wrong_type, json.offset(), option.key};
            case detail::JsonType::none: json.skip(); break;
        }
        values.push_back(option);
    }
    if (!json.finish()) return json.error();
    return values;
}

namespace detail {

inline bool is_choice(std::string_view choices, std::string_view value) {
    if (choices.empty() || value.empty()) return true;
    while (true) {
        const std::size_t bar = choices.find('|');
        if (choices.substr(0, bar) == value) return true;
        if (bar == std::string_view::npos) return false;
        choices.remove_prefix(bar + 1);
    }
}

inline bool read_value(std::string_view text, std::string& value) {
    value = text;
    return true;
}
inline bool read_value(std::string_view text, bool& value) {
    value = text == "true";
    return value || text == "false";
}
inline bool read_value(std::string_view text, std::optional<bool>& value) { return read_value(text, value.emplace()); }
inline bool read_value(std::string_view text, std::size_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

template <class T>
bool set_member(T& target, const Option<T>& option, std::string_view text) {
    const OptionMember<T>& member = option.member;
    if (!is_choice(option.choices, text)) return false;
    if (member.text != nullptr) return read_value(text, target.*member.text);
    if (member.flag != nullptr) return read_value(text, target.*member.flag);
    if (member.optional_flag != nullptr) return read_value(text, target.*member.optional_flag);
    return read_value(text, target.*member.number);
}

/// Errc::invalid_value if a member is none of the choices of its option.
template <class T>
[[nodiscard]] Result<void> check_choices(const T& target) {
    for (const Option<T>& option : T::options) {
        if (option.member.text != nullptr && !is_choice(option.choices, target.*option.member.text)) {
            return Error{Errc::invalid_value, no_offset, std::string(option.key)};
        }
    }
    return {};
}

template <class T>
constexpr std::array<OptionInfo, std::size(T::options)> make_option_infos() {
    std::array<OptionInfo, std::size(T::options)> infos{};
    for (std::size_t i = 0; i < infos.size(); ++i) {
        infos[i] = {T::options[i].key, T::options[i].doc, T::options[i].secret, T::options[i].choices};
    }
    return infos;
}
template <class T>
inline constexpr auto option_infos_of = make_option_infos<T>();

}  // namespace detail

/// Sets members of `target` by its table of options. Errors, with the key as the path: Errc::unknown_name,
/// Errc::invalid_value; `target` is then half set.
template <class T>
[[nodiscard]] Result<void> set_options(T& target, std::span<const OptionValue> values) {
    for (const OptionValue& value : values) {
        const Option<T>* option = std::begin(T::options);
        while (option != std::end(T::options) && option->key != value.key) ++option;
        if (option == std::end(T::options)) return Error{Errc::unknown_name, no_offset, value.key};
        if (!detail::set_member(target, *option, value.value)) return Error{Errc::invalid_value, no_offset, value.key};
    }
    return {};
}

/// What can be set of a T, in the order of its table. Static storage.
template <class T>
[[nodiscard]] constexpr std::span<const OptionInfo> option_infos() noexcept {
    return detail::option_infos_of<T>;
}

}  // namespace alertmap
