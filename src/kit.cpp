#include "alertmap/targets/kit.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/identity.hpp"
#include "alertmap/json_writer.hpp"

namespace alertmap {

namespace detail {

namespace {

std::string base64(std::string_view text) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    for (std::size_t i = 0; i < text.size(); i += 3) {
        const std::uint32_t three = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
        out += digits[three >> 18];
        out += digits[three >> 12 & 63];
        out += i + 1 < text.size() ? digits[three >> 6 & 63] : '=';
        out += i + 2 < text.size() ? digits[three & 63] : '=';
    }
    return out;
}

}  // namespace

Header bearer(std::string_view token) {
    if (token.empty()) return {"Authorization", {}, true};
    return {"Authorization", std::string("Bearer ").append(token), true};
}

Header basic(std::string_view user, std::string_view password) {
    if (user.empty() && password.empty()) return {"Authorization", {}, true};
    return {"Authorization", std::string("Basic ").append(base64(std::string(user).append(":").append(password))), true};
}

Result<Request> ping(const Url& url, std::initializer_list<Header> headers, std::string_view method) {
    return post_body(url, headers, {}, {}, method);
}

Result<Request> post_body(const Url& url, std::initializer_list<Header> headers, std::string_view media_type, std::string_view body,
                          std::string_view method) {
    Result<std::string> text = url.str();
    if (!text) return text.error();
    Request request{std::string(method), std::move(*text), {}, std::string(body), {}};
    if (!url.secret().empty()) request.secrets.push_back(url.secret());
    for (const Header& header : headers) {
        if (header.value.empty()) continue;
        if (auto added = add_header(request, header); !added) return added.error();
    }
    if (!body.empty()) request.headers.push_back({"Content-Type", std::string(media_type)});
    return request;
}

}  // namespace detail

namespace kit {

namespace {

struct CivilTime {
    std::int64_t year, month, day, hour, minute, second;
};

/// Date from a day count; years start on 1 March: Howard Hinnant, chrono-compatible low-level date algorithms.
CivilTime civil_time(std::int64_t seconds) noexcept {
    const std::int64_t shifted = seconds + std::int64_t{719468} * 86400;
    const std::int64_t days = shifted / 86400;
    const std::int64_t second_of_day = shifted % 86400;
    const std::int64_t era = days / 146097;
    const std::int64_t day_of_era = days % 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;
    return {year_of_era + era * 400 + (month >= 10 ? 1 : 0),
            month < 10 ? month + 3 : month - 9,
            day_of_year - (153 * month + 2) / 5 + 1,
            second_of_day / 3600,
            second_of_day / 60 % 60,
            second_of_day % 60};
}

/// Fills in `pattern`, "0000-00-00T00:00:00.000000000Z" or a prefix of it.
TimeText utc_text(const Timestamp& time, std::string_view pattern) noexcept {
    TimeText out;
    if (!time.is_set) return out;
    for (; out.size < pattern.size(); ++out.size) out.text[out.size] = pattern[out.size];
    const auto put = [&out](std::size_t end, int width, std::int64_t number) {
        for (; width-- > 0; number /= 10) out.text[--end] = static_cast<char>('0' + number % 10);
    };
    const CivilTime civil = civil_time(time.seconds);
    put(4, 4, civil.year);
    put(7, 2, civil.month);
    put(10, 2, civil.day);
    put(13, 2, civil.hour);
    put(16, 2, civil.minute);
    put(19, 2, civil.second);
    if (pattern.size() > 29) put(29, 9, time.nanoseconds);
    return out;
}

/// Returns the text before the first separator; `rest` becomes the text after it.
std::string_view take_first(std::string_view& rest, char separator) noexcept {
    const std::size_t end = rest.find(separator);
    const std::string_view first = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    return first;
}

}  // namespace

void mask_in_body(Request& request, std::string_view value) {
    if (value.empty()) return;
    Buffer spelled;
    JsonWriter(spelled).value(value);
    request.secrets.emplace_back(spelled.view().substr(1, spelled.size() - 2));
    std::string encoded;  // form-encoded
    append_percent_encoded(encoded, value);
    request.secrets.push_back(std::move(encoded));
}

IdHash id_hash(std::string_view id) noexcept {
    IdHash hash;
    char* to = hash.text;
    for (const std::uint8_t byte : sha256(id)) to = detail::put_hex(to, byte, 2);
    return hash;
}

std::string_view severity_word(const Event& event, const SeverityWords& words, std::string_view table, std::string_view choices) noexcept {
    if (event.priority.empty() && table.empty()) return words.of(event.severity);
    const auto find = [table](std::string_view word) -> std::string_view {
        for (std::string_view rest = table; !rest.empty() && !word.empty();) {
            const std::string_view pair = take_first(rest, ',');
            const std::size_t equals = pair.find('=');
            if (equals != std::string_view::npos && detail::is_same_word(pair.substr(0, equals), word)) return pair.substr(equals + 1);
        }
        return {};
    };
    const auto taken = [choices](std::string_view word) -> std::string_view {
        if (choices.empty() || word.empty()) return word;
        for (std::string_view rest = choices; !rest.empty();) {
            std::string_view choice = take_first(rest, '|');
            if (detail::is_same_word(choice, word)) return choice;
            if (choice.ends_with('*') && word.starts_with(choice.substr(0, choice.size() - 1))) return word;
        }
        return {};
    };
    for (const std::string_view word :
         {std::string_view(event.priority), find(event.severity_word), find(alertmap::name(event.severity))}) {
        if (const std::string_view found = taken(word); !found.empty()) return found;
    }
    return words.of(event.severity);
}

TimeText utc_rfc3339(const Timestamp& time) noexcept { return utc_text(time, "0000-00-00T00:00:00.000000000Z"); }
TimeText utc_date_time(const Timestamp& time) noexcept { return utc_text(time, "0000-00-00 00:00:00"); }

Result<std::string> read_id(std::string_view answer, std::string_view name, std::string_view inner) {
    detail::JsonReader json(answer);
    std::string key;
    std::string id;
    const auto read_scalar = [&] {
        std::string_view digits;
        if (json.type() == detail::JsonType::string) {
            json.string(id);
        } else if (json.type() == detail::JsonType::number) {
            json.number(digits);
            id = digits;
        } else {
            json.skip();
        }
    };
    if (json.type() != detail::JsonType::object) {
        json.skip();
        return json.finish() ? Error{Errc::missing_vendor_id, no_offset, {}} : json.error();
    }
    json.begin_object();
    while (json.next_member(key)) {
        if (key != name) {
            json.skip();
        } else if (inner.empty()) {
            read_scalar();
        } else if (json.type() != detail::JsonType::object) {
            json.skip();
        } else {
            json.begin_object();
            while (json.next_member(key)) key == inner ? read_scalar() : static_cast<void>(json.skip());
        }
    }
    if (!json.finish()) return json.error();
    if (id.empty()) return Errc::missing_vendor_id;
    return id;
}

bool says_true(std::string_view answer, std::string_view name) {
    detail::JsonReader json(answer);
    std::string key;
    bool found = false;
    json.begin_object();
    while (json.next_member(key)) {
        bool value = false;
        if (key == name && json.type() == detail::JsonType::boolean) {
            json.boolean(value);
            found = value;
        } else {
            json.skip();
        }
    }
    return json.finish() && found;
}

}  // namespace kit

}  // namespace alertmap
