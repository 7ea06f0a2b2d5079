#include "alertmap/options.hpp"

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "alertmap/detail/json_reader.hpp"

namespace alertmap {

namespace detail {

Result<std::vector<OptionValue>> parse_option_flags(std::span<const std::string_view> flags) {
    std::vector<OptionValue> values;
    for (const std::string_view flag : flags) {
        const std::size_t equals = flag.find('=');
        if (equals == std::string_view::npos) {
            return Error{Errc::missing_value, no_offset, std::string("options[").append(std::to_string(values.size())).append("]")};
        }
        values.push_back({std::string(flag.substr(0, equals)), std::string(flag.substr(equals + 1))});
    }
    return values;
}

bool is_choice(std::string_view choices, std::string_view value) noexcept {
    if (choices.empty() || value.empty()) return true;
    while (true) {
        const std::size_t bar = choices.find('|');
        if (choices.substr(0, bar) == value) return true;
        if (bar == std::string_view::npos) return false;
        choices.remove_prefix(bar + 1);
    }
}

bool read_option(std::string_view text, bool& value) noexcept {
    value = text == "true";
    return value || text == "false";
}

bool read_option(std::string_view text, std::size_t& value) noexcept {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

Error option_error(Errc code, std::string_view key) { return {code, no_offset, std::string(key)}; }

}  // namespace detail

Result<std::vector<OptionValue>> parse_json_options(std::string_view text) {
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

std::vector<OptionValue> placeholder_options(std::span<const OptionInfo> options) {
    std::vector<OptionValue> values;
    for (const OptionInfo& option : options) {
        if (!option.required()) continue;
        std::string value(option.key);
        if (option.key.ends_with("url")) value = "https://host.example/" + value;
        if (!option.choices.empty()) value = option.choices.substr(0, option.choices.find('|'));
        values.push_back({std::string(option.key), value});
    }
    return values;
}

}  // namespace alertmap
