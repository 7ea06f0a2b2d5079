#include "simulation/model.hpp"

#include <algorithm>

#include "alertmap/identity.hpp"

namespace simulation {

void append_time(std::string& out, Time time) {
    if (time == 0) {
        out += "0001-01-01T00:00:00Z";
        return;
    }
    std::int64_t days = time / (24 * hour);
    std::int64_t rest = time % (24 * hour);
    // Civil date of a day number; years start on 1 March.
    days += 719468;
    const std::int64_t era = days / 146097;
    const std::int64_t day_of_era = days - era * 146097;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t shifted = (5 * day_of_year + 2) / 153;
    const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    char text[32];
    char* to = text;
    const auto digits = [&](std::int64_t number, int count) {
        for (int i = count - 1; i >= 0; --i) {
            to[i] = static_cast<char>('0' + number % 10);
            number /= 10;
        }
        to += count;
    };
    digits(year, 4);
    *to++ = '-';
    digits(month, 2);
    *to++ = '-';
    digits(day_of_year - (153 * shifted + 2) / 5 + 1, 2);
    *to++ = 'T';
    digits(rest / hour, 2);
    *to++ = ':';
    digits(rest / minute % 60, 2);
    *to++ = ':';
    digits(rest / second % 60, 2);
    if (rest % second != 0) {
        *to++ = '.';
        digits(rest % second, 3);
        while (to[-1] == '0') --to;
    }
    *to++ = 'Z';
    out.append(text, static_cast<std::size_t>(to - text));
}

void append_json(std::string& out, std::string_view text) {
    constexpr char hex[] = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || c == '<' || c == '>' || c == '&') {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

bool within(const Intervals& intervals, Time at) noexcept {
    return std::any_of(intervals.begin(), intervals.end(), [&](const Interval& i) { return i.has(at); });
}

namespace {

void append_pairs(std::string& out, const AlertDef::Pairs& pairs) {
    out += '{';
    for (const auto& [name, value] : pairs) {
        if (out.back() != '{') out += ',';
        append_json(out, name);
        out += ':';
        append_json(out, value);
    }
    out += '}';
}

}  // namespace

void AlertDef::finish() {
    std::sort(labels.begin(), labels.end());
    std::sort(annotations.begin(), annotations.end());
    alertmap::detail::Fnv hash;
    for (const auto& [name, value] : labels) {
        hash.add(name);
        hash.add_byte(0xff);
        hash.add(value);
        hash.add_byte(0xff);
    }
    char digits[16];
    alertmap::detail::put_hex(digits, hash.hash, 16);
    fingerprint.assign(digits, 16);
    json = "\"labels\":";
    append_pairs(json, labels);
    json += ",\"annotations\":";
    append_pairs(json, annotations);
}

std::string_view AlertDef::label(std::string_view name) const noexcept {
    for (const auto& [key, value] : labels) {
        if (key == name) return value;
    }
    return {};
}

bool listed_before(const AlertDef& a, const AlertDef& b) {
    for (const char* name : {"job", "instance"}) {
        const std::string_view x = a.label(name);
        const std::string_view y = b.label(name);
        if (x == y) continue;
        if (x.empty() || y.empty()) return !x.empty();
        return x < y;
    }
    if (a.labels.size() != b.labels.size()) return a.labels.size() < b.labels.size();
    for (std::size_t i = 0; i < a.labels.size(); ++i) {
        if (a.labels[i].first != b.labels[i].first) return a.labels[i].first < b.labels[i].first;
        if (a.labels[i].second != b.labels[i].second) return a.labels[i].second < b.labels[i].second;
    }
    return false;
}

}  // namespace simulation
