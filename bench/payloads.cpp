#include "payloads.hpp"

#include <algorithm>
#include <array>

namespace bench {
namespace {

/// The first of the label or annotation values that is there.
std::string_view first_of(alertmap::Labels labels, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (const std::string_view value = labels.get(name); !value.empty()) return value;
    }
    return {};
}

std::string_view one_line(std::string_view text, alertmap::Arena& arena) {
    if (text.find_first_of("\r\n") == text.npos) return text;
    char* line = arena.allocate(text.size());
    std::replace_copy_if(
        text.begin(), text.end(), line, [](char c) { return c == '\r' || c == '\n'; }, ' ');
    return {line, text.size()};
}

std::string_view severity_of(std::string_view word) {
    for (const std::string_view known : {"critical", "warning", "info"}) {
        if (word == known) return known;
    }
    return "error";
}

constexpr std::array<char, 256> escapes = [] {
    std::array<char, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
    table['\b'] = 'b';
    table['\f'] = 'f';
    table['\n'] = 'n';
    table['\r'] = 'r';
    table['\t'] = 't';
    table['"'] = '"';
    table['\\'] = '\\';
    return table;
}();

}  // namespace

Page page_of(const alertmap::Alert& alert, alertmap::Arena& arena) {
    Page page;
    page.resolved = alert.status == alertmap::Status::resolved;
    page.title = first_of(alert.annotations, {"summary", "title"});
    if (page.title.empty()) page.title = alert.labels.get("alertname");
    page.title = one_line(page.title, arena);
    page.message = first_of(alert.annotations, {"description", "message"});
    page.severity = severity_of(first_of(alert.labels, {"severity"}));
    page.external_id = alert.fingerprint;
    page.url = alert.generator_url;
    page.runbook_url = first_of(alert.annotations, {"runbook_url", "runbook"});
    page.source = first_of(alert.labels, {"instance", "node", "pod", "host"});
    page.service = first_of(alert.labels, {"service", "app", "job"});
    page.started_at = alert.starts_at.text;
    page.ended_at = alert.ends_at.text;
    page.labels = alert.labels;
    return page;
}

void StringJson::string(std::string_view text) {
    out_ += '"';
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (escapes[c] == 0) continue;
        out_.append(text, copied, i - copied);
        copied = i + 1;
        out_ += '\\';
        out_ += escapes[c];
        if (escapes[c] != 'u') continue;
        constexpr std::string_view hex = "0123456789abcdef";
        out_ += "00";
        out_ += hex[c >> 4];
        out_ += hex[c & 15];
    }
    out_.append(text, copied);
    out_ += '"';
}

}  // namespace bench
