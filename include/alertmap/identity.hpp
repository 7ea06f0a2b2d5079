#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/detail/escape.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"

// Identity of alerts and groups: values that stay the same from the first notification to the resolve. All functions are pure; they are
// thread-safe if each thread has its own Arena. Texts written to the arena are valid until Arena::clear().
namespace alertmap {

/// SHA-256 of the bytes (FIPS 180-4). Allocates nothing.
[[nodiscard]] constexpr std::array<std::uint8_t, 32> sha256(std::string_view text) noexcept;

/// SHA-256 as 64 lower-case hex digits; written to the arena.
[[nodiscard]] inline Text sha256_hex(std::string_view text, Arena& arena);

/// The fingerprint that Alertmanager computes for these labels: FNV-1a 64 over the labels sorted by name, as 16 lower-case hex digits;
/// written to the arena. The input order does not matter; labels with an empty value are skipped. Grafana's fingerprints differ: Grafana
/// also hashes private labels, and removes them before sending. O(n log n), O(n) for sorted labels.
/// Source: prometheus/common model/signature.go (labelSetToFingerprint).
[[nodiscard]] inline Text fingerprint(Labels labels, Arena& arena);

/// The alert's fingerprint as sent, or computed from the labels if absent (Alertmanager < 0.19, hand-made bodies). Never empty.
[[nodiscard]] inline Text fingerprint(const Alert& alert, Arena& arena);

/// SHA-256 of the group key as 64 lower-case hex digits, the ID that Alertmanager's own PagerDuty, Opsgenie and VictorOps notifiers use;
/// written to the arena. Empty if the group has no key.
/// Source: Alertmanager notify/util.go (Key.Hash).
[[nodiscard]] inline Text group_key_hash(const AlertGroup& group, Arena& arena);

/// ID of one episode of an alert, from its start to its end: the fingerprint and starts_at in seconds since 1970, e.g.
/// "cc006724dfe76687-1795219200.362328111". An alert that fires again keeps its fingerprint but starts a new episode. Only the fingerprint
/// if starts_at is unset. Written to the arena.
[[nodiscard]] inline Text episode_id(const Alert& alert, Arena& arena);

/// The receiver's name as in Alertmanager's configuration: reverses Go's regexp.QuoteMeta (`team\.a` becomes `team.a`). Written to the
/// arena; returned unchanged, without a copy, if it has no backslash.
/// Source: Alertmanager template/template.go (Data).
[[nodiscard]] inline Text unquote_receiver(Text receiver, Arena& arena);

namespace detail {

// Source: FIPS 180-4, 4.2.2.
inline constexpr std::array<std::uint32_t, 64> sha256_constants = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using Sha256State = std::array<std::uint32_t, 8>;

/// One block of 64 bytes.
/// Source: FIPS 180-4, 6.2.2.
constexpr void sha256_block(Sha256State& state, const std::array<std::uint8_t, 64>& block) noexcept {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t t = 0; t < 16; ++t) {
        for (std::size_t i = 0; i < 4; ++i) w[t] = (w[t] << 8) | block[t * 4 + i];
    }
    for (std::size_t t = 16; t < 64; ++t) {
        const std::uint32_t s0 = std::rotr(w[t - 15], 7) ^ std::rotr(w[t - 15], 18) ^ (w[t - 15] >> 3);
        const std::uint32_t s1 = std::rotr(w[t - 2], 17) ^ std::rotr(w[t - 2], 19) ^ (w[t - 2] >> 10);
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    for (std::size_t t = 0; t < 64; ++t) {
        const std::uint32_t s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
        const std::uint32_t t1 = h + s1 + ((e & f) ^ (~e & g)) + sha256_constants[t] + w[t];
        const std::uint32_t s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
        const std::uint32_t t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    const Sha256State sums = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state[i] += sums[i];
}

/// Writes `digits` lower-case hex digits of the number.
constexpr char* put_hex(char* to, std::uint64_t number, int digits) noexcept {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) *to++ = hex_digits[(number >> shift) & 0xf];
    return to;
}

/// FNV-1a, 64 bits.
/// Source: http://www.isthe.com/chongo/tech/comp/fnv/
struct Fnv {
    std::uint64_t hash = 0xcbf29ce484222325;

    constexpr void add(std::string_view text) noexcept {
        for (char c : text) add_byte(static_cast<unsigned char>(c));
    }
    constexpr void add_byte(unsigned char byte) noexcept { hash = (hash ^ byte) * 0x100000001b3; }
    constexpr void add(const Label& label) noexcept {
        if (label.value.empty()) return;
        add(label.name);
        add_byte(0xff);
        add(label.value);
        add_byte(0xff);
    }
};

inline std::uint64_t fingerprint_hash(Labels labels, Arena& arena) {
    Fnv fnv;
    const auto by_name = [](const Label& a, const Label& b) { return a.name < b.name; };
    if (std::is_sorted(labels.begin(), labels.end(), by_name)) {  // Alertmanager sends labels sorted
        for (const Label& label : labels) fnv.add(label);
        return fnv.hash;
    }
    const Label** sorted = arena.array<const Label*>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) sorted[i] = &labels[i];
    std::sort(sorted, sorted + labels.size(),
              [](const Label* a, const Label* b) { return a->name != b->name ? a->name < b->name : a < b; });
    for (std::size_t i = 0; i < labels.size(); ++i) fnv.add(*sorted[i]);
    return fnv.hash;
}

inline Text hex64(std::uint64_t number, Arena& arena) {
    char* text = arena.allocate(16);
    put_hex(text, number, 16);
    return arena.made(text, 16);
}

}  // namespace detail

constexpr std::array<std::uint8_t, 32> sha256(std::string_view text) noexcept {
    detail::Sha256State state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<std::uint8_t, 64> block{};
    std::size_t filled = 0;
    const auto put = [&](std::uint8_t byte) {
        block[filled++] = byte;
        if (filled == 64) {
            detail::sha256_block(state, block);
            filled = 0;
        }
    };
    for (char c : text) put(static_cast<std::uint8_t>(c));
    // Padding: a one bit, zeros, and the length in bits fill the last block.
    put(0x80);
    while (filled != 56) put(0);
    const std::uint64_t bits = std::uint64_t{text.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8) put(static_cast<std::uint8_t>(bits >> shift));

    std::array<std::uint8_t, 32> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)));
    return digest;
}

inline Text sha256_hex(std::string_view text, Arena& arena) {
    char* hex = arena.allocate(64);
    char* to = hex;
    for (std::uint8_t byte : sha256(text)) to = detail::put_hex(to, byte, 2);
    return arena.made(hex, 64);
}

inline Text fingerprint(Labels labels, Arena& arena) { return detail::hex64(detail::fingerprint_hash(labels, arena), arena); }

inline Text fingerprint(const Alert& alert, Arena& arena) {
    return !alert.fingerprint.empty() ? alert.fingerprint : fingerprint(alert.labels, arena);
}

inline Text group_key_hash(const AlertGroup& group, Arena& arena) {
    return group.group_key.empty() ? Text{} : sha256_hex(group.group_key, arena);
}

inline Text episode_id(const Alert& alert, Arena& arena) {
    const Text who = fingerprint(alert, arena);
    if (!alert.starts_at) return who;
    char digits[48];
    char* const end = digits + sizeof digits;
    digits[0] = '-';
    char* const point = std::to_chars(digits + 1, end, alert.starts_at.seconds).ptr;
    // Adds 1,000,000,000 to get exactly nine digits; the point overwrites the leading 1.
    char* const to = std::to_chars(point, end, std::int64_t{1'000'000'000} + alert.starts_at.nanoseconds).ptr;
    *point = '.';
    return arena.concat({who, {digits, static_cast<std::size_t>(to - digits)}});
}

inline Text unquote_receiver(Text receiver, Arena& arena) {
    if (receiver.find('\\') == std::string_view::npos) return receiver;
    constexpr std::string_view quoted = "\\.+*?()|[]{}^$";
    char* text = arena.allocate(receiver.size());
    char* to = text;
    for (std::size_t i = 0; i < receiver.size(); ++i) {
        const bool quote = receiver[i] == '\\' && i + 1 < receiver.size() && quoted.find(receiver[i + 1]) != std::string_view::npos;
        if (quote) ++i;
        *to++ = receiver[i];
    }
    return arena.made(text, static_cast<std::size_t>(to - text));
}

}  // namespace alertmap
