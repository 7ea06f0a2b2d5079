#include "payloads.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace bench {
namespace {

/// The first label or annotation value that is present.
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

void FastJson::grow(std::size_t more) {
    const auto size = static_cast<std::size_t>(to_ - out_.get());
    const std::size_t capacity = 2 * (size + more) + 1024;
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (size != 0) std::memcpy(larger.get(), out_.get(), size);
    out_ = std::move(larger);
    to_ = out_.get() + size;
    end_ = out_.get() + capacity;
}

void FastJson::string(std::string_view text) {
    char* to = room(6 * text.size() + 3);
    *to++ = '"';
    const char* from = text.data();
    const char* const end = from + text.size();
    const auto put = [&](char c) {
        const char escape = escapes[static_cast<unsigned char>(c)];
        if (escape == 0) {
            *to++ = c;
            return;
        }
        *to++ = '\\';
        *to++ = escape;
        if (escape != 'u') return;
        constexpr std::string_view hex = "0123456789abcdef";
        *to++ = '0';
        *to++ = '0';
        *to++ = hex[static_cast<unsigned char>(c) >> 4];
        *to++ = hex[static_cast<unsigned char>(c) & 15];
    };
#if defined(__SSE2__)
    const auto odd = [](__m128i block) {
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1f)), block);
        const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
        const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
        return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(control, quote), backslash)));
    };
    while (end - from >= 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
        const unsigned mask = odd(block);
        const int plain = mask == 0 ? 16 : std::countr_zero(mask);
        to += plain;
        from += plain;
        if (mask != 0) put(*from++);
    }
    // The rest as a block, ignoring bytes after the text; read in place unless a page ends inside it.
    while (from != end) {
        const auto left = static_cast<std::size_t>(end - from);
        __m128i block;
        if ((reinterpret_cast<std::uintptr_t>(from) & 4095) <= 4096 - 16) {
            block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        } else {
            alignas(16) char rest[16] = {};
            std::memcpy(rest, from, left);
            block = _mm_load_si128(reinterpret_cast<const __m128i*>(rest));
        }
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
        const unsigned mask = odd(block) & ((1u << left) - 1);
        const auto plain = mask == 0 ? left : static_cast<std::size_t>(std::countr_zero(mask));
        to += plain;
        from += plain;
        if (mask != 0) put(*from++);
    }
#endif
    while (from != end) put(*from++);
    *to++ = '"';
    to_ = to;
}

}  // namespace bench
