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

/// A severity, and the sender's own word for it (empty: none was sent; unknown words stay visible).
struct SeverityFound {
    Severity severity = Severity::error;
    Text word;

    friend bool operator==(const SeverityFound&, const SeverityFound&) = default;
};

/// A word of the user's and what it means; compared without case (ASCII).
struct SeverityWord {
    std::string word;
    Severity severity = Severity::error;

    friend bool operator==(const SeverityWord&, const SeverityWord&) = default;
};

/// The severity that a word commonly stands for, in any case; nothing for a word that nobody uses so.
[[nodiscard]] constexpr std::optional<Severity> severity_of_word(std::string_view word) noexcept;

/// How bad it is.
struct SeverityPolicy {
    /// The first that is not blank is the word.
    FieldSources from = {label("severity"), annotation("severity")};
    std::vector<SeverityWord> words = {};  ///< looked up before the words that everybody uses: severity_of_word()

    /// Where there is no word, or one that nobody knows. As Alertmanager's PagerDuty notifier, which says error.
    Severity fallback = Severity::error;

    Callable<SeverityFound> function = {};  ///< instead of all of the above

    /// Of a group the one that its alerts share; where they share none, the highest of those that fire (of all, if none fires).
    /// The word is a view into the group (or where the source has it).
    [[nodiscard]] SeverityFound operator()(const Subject& subject, Arena& arena) const {
        if (function) return function(subject, arena);
        return subject.alert != nullptr ? of_word(first_of(from, subject, arena)) : of_group(*subject.group, arena);
    }

    /// What the policy makes of a word by `words`, severity_of_word() and `fallback`. Empty: the fallback.
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

// The most frequent first. Sources: the severities of PagerDuty (critical, error, warning, info), of Opsgenie (P1 to P5) and syslog
// (RFC 5424), the labels that kube-prometheus sets (critical, warning, info, none) and those seen in public rules (page, major).
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
    // What nearly everybody sends, as it is.
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
    // Only the first source is asked of the group as such: a later one (a literal) must not hide what its alerts say.
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
