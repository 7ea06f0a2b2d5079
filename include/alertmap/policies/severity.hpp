#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/detail/ascii.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/event.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/status.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// A severity and the sender's original word; empty: none was sent.
struct SeverityFound {
    Severity severity = Severity::error;
    Text word;

    friend bool operator==(const SeverityFound&, const SeverityFound&) = default;
};

/// A custom severity word; case-insensitive (ASCII).
struct SeverityWord {
    std::string word;
    Severity severity = Severity::error;

    friend bool operator==(const SeverityWord&, const SeverityWord&) = default;
};

/// The severity of a common severity word, case-insensitive; empty if the word is not common.
[[nodiscard]] constexpr std::optional<Severity> severity_of_word(std::string_view word) noexcept;

/// Determines the severity. Thread-safe.
struct SeverityPolicy {
    /// The first non-blank value is the severity word.
    FieldSources from = {label("severity"), annotation("severity")};
    std::vector<SeverityWord> words = {};  ///< looked up before the common words of severity_of_word()

    /// For a missing or unknown word. The default, error, is that of Alertmanager's PagerDuty notifier.
    Severity fallback = Severity::error;

    Callable<SeverityFound> function = {};  ///< replaces all of the above

    /// For a group: the severity that all alerts share, else the highest of the firing alerts (of all alerts if none is firing). The word
    /// is a view into the group or the source. Allocates from the arena only.
    [[nodiscard]] SeverityFound operator()(const Subject& subject, Arena& arena) const {
        if (function) return function(subject, arena);
        return subject.alert != nullptr ? of_word(first_of(from, subject, arena)) : of_group(*subject.group, arena);
    }

    /// Looks a word up in `words`, then severity_of_word(), else `fallback`; also `fallback` if empty. Does not allocate.
    [[nodiscard]] SeverityFound of_word(Text word) const;

    friend bool operator==(const SeverityPolicy&, const SeverityPolicy&) = default;

 private:
    [[nodiscard]] SeverityFound of_group(const AlertGroup& group, Arena& arena) const;
};

namespace detail {

struct KnownSeverity {
    Text word;
    Severity severity;
};

// Most frequent first.
// Sources: severities of PagerDuty (critical, error, warning, info), Opsgenie (P1 to P5) and syslog (RFC 5424), labels in kube-prometheus
// (critical, warning, info, none) and in public rules (page, major).
inline constexpr std::array<KnownSeverity, 45> known_severities = {{
    {"critical", Severity::critical},
    {"warning", Severity::warning},
    {"info", Severity::info},
    {"error", Severity::error},
    {"page", Severity::critical},
    {"none", Severity::info},
    {"crit", Severity::critical},
    {"fatal", Severity::critical},
    {"emergency", Severity::critical},
    {"emerg", Severity::critical},
    {"alert", Severity::critical},
    {"disaster", Severity::critical},
    {"blocker", Severity::critical},
    {"pager", Severity::critical},
    {"highest", Severity::critical},
    {"p0", Severity::critical},
    {"p1", Severity::critical},
    {"s1", Severity::critical},
    {"sev0", Severity::critical},
    {"sev1", Severity::critical},
    {"err", Severity::error},
    {"major", Severity::error},
    {"high", Severity::error},
    {"severe", Severity::error},
    {"p2", Severity::error},
    {"s2", Severity::error},
    {"sev2", Severity::error},
    {"warn", Severity::warning},
    {"minor", Severity::warning},
    {"medium", Severity::warning},
    {"moderate", Severity::warning},
    {"ticket", Severity::warning},
    {"p3", Severity::warning},
    {"s3", Severity::warning},
    {"sev3", Severity::warning},
    {"information", Severity::info},
    {"informational", Severity::info},
    {"notice", Severity::info},
    {"debug", Severity::info},
    {"low", Severity::info},
    {"ok", Severity::info},
    {"p4", Severity::info},
    {"p5", Severity::info},
    {"sev4", Severity::info},
    {"sev5", Severity::info},
}};

inline constexpr std::size_t frequent_severities = 4;

}  // namespace detail

constexpr std::optional<Severity> severity_of_word(std::string_view word) noexcept {
    // Most common words, unchanged.
    for (std::size_t i = 0; i < detail::frequent_severities; ++i) {
        if (detail::same_name(word, detail::known_severities[i].word)) return detail::known_severities[i].severity;
    }
    word = detail::trim(word);
    for (const detail::KnownSeverity& known : detail::known_severities) {
        if (detail::is_same_word(word, known.word)) return known.severity;
    }
    return std::nullopt;
}

inline SeverityFound SeverityPolicy::of_word(Text word) const {
    word = detail::trim(word);
    if (word.empty()) return {fallback, {}};
    for (const SeverityWord& own : words) {
        if (detail::is_same_word(word, own.word)) return {own.severity, word};
    }
    return {severity_of_word(word).value_or(fallback), word};
}

inline SeverityFound SeverityPolicy::of_group(const AlertGroup& group, Arena& arena) const {
    // Read only the first source from the group: a later source (a literal, say) must not hide the alerts' severities.
    const Text shared = from.empty() ? Text{} : from.front()({&group, nullptr}, arena);
    if (!detail::is_blank(shared) || group.alerts.empty()) {
        return of_word(!detail::is_blank(shared) ? shared : first_of(from, {&group, nullptr}, arena));
    }
    const bool any_fires = !firing(group).empty();
    std::optional<SeverityFound> highest;
    for (const Alert& alert : group.alerts) {
        if (any_fires && alert.status != Status::firing) continue;
        const SeverityFound found = of_word(first_of(from, {&group, &alert}, arena));
        if (!highest || found.severity < highest->severity) highest = found;
    }
    return *highest;
}

}  // namespace alertmap
