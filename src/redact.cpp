#include "alertmap/policies/redact.hpp"

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <string_view>

#include "alertmap/detail/ascii.hpp"
#include "alertmap/identity.hpp"
#include "alertmap/mapping.hpp"
#include "alertmap/policies/glob.hpp"
#include "event_texts.hpp"

namespace alertmap {
namespace {

constexpr std::size_t shortest_part = 4;  // a shorter value is replaced only as a whole word

bool is_word_byte(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// Position of the value in the text, starting at `from`; npos if absent.
std::size_t find_value(std::string_view text, std::string_view value, std::size_t from = 0) noexcept {
    for (std::size_t at = text.find(value, from); at != std::string_view::npos; at = text.find(value, at + 1)) {
        if (value.size() >= shortest_part) return at;
        const std::size_t end = at + value.size();
        if ((at == 0 || !is_word_byte(text[at - 1])) && (end == text.size() || !is_word_byte(text[end]))) return at;
    }
    return std::string_view::npos;
}

/// The text with %XX decoded, and plus signs as spaces.
std::string_view percent_decoded(std::string_view text, Arena& arena) {
    char* const bytes = arena.allocate(text.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%' && i + 2 < text.size() && detail::hex_value(text[i + 1]) >= 0 && detail::hex_value(text[i + 2]) >= 0) {
            c = static_cast<char>(detail::hex_value(text[i + 1]) * 16 + detail::hex_value(text[i + 2]));
            i += 2;
        }
        bytes[size++] = c;
    }
    return {bytes, size};
}

/// The sensitive values of a group, and their replacement.
class Redactor {
 public:
    /// For an alert and its group or, without an alert, for all alerts.
    Redactor(const RedactPolicy& policy, const Subject& subject, Arena& arena) : policy_(policy), arena_(arena) {
        const AlertGroup& group = *subject.group;
        const ArrayView<Alert> alerts = subject.alerts();
        std::size_t most =
            group.common_labels.size() + group.group_labels.size() + group.route_labels.size() + group.common_annotations.size();
        for (const Alert& alert : alerts) most += alert.labels.size() + alert.annotations.size();
        values_ = arena.array<std::string_view>(most);
        for (const Labels set : {group.common_labels, group.group_labels, group.route_labels, group.common_annotations}) collect(set);
        for (const Alert& alert : alerts) {
            collect(alert.labels);
            collect(alert.annotations);
        }
        // Longest first, so that values inside others leave no remains.
        std::sort(values_, values_ + count_,
                  [](std::string_view a, std::string_view b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
        count_ = static_cast<std::size_t>(std::unique(values_, values_ + count_) - values_);
    }

    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

    [[nodiscard]] bool is_in(std::string_view text) const noexcept {
        return std::any_of(values_, values_ + count_,
                           [&](std::string_view value) { return find_value(text, value) != std::string_view::npos; });
    }

    /// True if the URL contains a value, unchanged or percent-encoded (also twice, for nested links).
    [[nodiscard]] bool is_in_url(std::string_view url) const {
        const std::string_view once = percent_decoded(url, arena_);
        return is_in(url) || is_in(once) || is_in(percent_decoded(once, arena_));
    }

    [[nodiscard]] Text text(Text text) const {
        for (std::size_t i = 0; i < count_; ++i) {
            const std::string_view value = values_[i];
            std::size_t found = 0;
            for (std::size_t at = find_value(text, value); at != std::string_view::npos; at = find_value(text, value, at + value.size()))
                ++found;
            if (found == 0) continue;
            char* const bytes = arena_.allocate(text.size() + found * policy_.text.size());
            char* to = bytes;
            std::size_t from = 0;
            for (std::size_t at = find_value(text, value); at != std::string_view::npos; at = find_value(text, value, from)) {
                to = std::copy_n(text.data() + from, at - from, to);
                to = std::copy_n(policy_.text.data(), policy_.text.size(), to);
                from = at + value.size();
            }
            to = std::copy_n(text.data() + from, text.size() - from, to);
            text = arena_.made(bytes, static_cast<std::size_t>(to - bytes));
        }
        return text;
    }

    /// A copy with replaced values; the same set if it contains none.
    [[nodiscard]] Labels labels(Labels set) const {
        const bool any = std::any_of(set.begin(), set.end(),
                                     [&](const Label& label) { return matches_any_glob(label.name, policy_.names) || is_in(label.value); });
        if (!any) return set;
        Label* const copy = arena_.array<Label>(set.size());
        for (std::size_t i = 0; i < set.size(); ++i) {
            const bool whole = matches_any_glob(set[i].name, policy_.names);
            copy[i] = {set[i].name, whole ? Text(policy_.text) : text(set[i].value)};
        }
        return {copy, set.size()};
    }

 private:
    void collect(Labels set) {
        for (const Label& label : set) {
            if (!label.value.empty() && matches_any_glob(label.name, policy_.names)) values_[count_++] = label.value;
        }
    }

    const RedactPolicy& policy_;
    Arena& arena_;
    std::string_view* values_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace

void RedactPolicy::operator()(Event& event, const Subject& subject, Arena& arena) const {
    if (names.empty()) return;
    const Redactor redact(*this, subject, arena);
    if (redact.empty()) return;
    for (const detail::EventText& one : detail::event_texts) {
        Text& value = event.*one.member;
        switch (one.use) {
            case detail::TextUse::prose: value = redact.text(value); break;
            case detail::TextUse::link:
                if (redact.is_in_url(value)) value = {};
                break;
            case detail::TextUse::exact:
                if (redact.is_in(value)) value = {};
                break;
            case detail::TextUse::id:
                if (redact.is_in(value)) value = sha256_hex(value, arena);
                break;
            case detail::TextUse::own: break;
        }
    }
    event.labels = redact.labels(event.labels);
}

namespace {

/// The labels that the policy selects.
Labels selected(Labels set, const LabelsPolicy& policy, Arena& arena) {
    if (policy.include.empty() && policy.exclude.empty()) return set;
    Label* const kept = arena.array<Label>(set.size());
    std::size_t count = 0;
    for (const Label& label : set) {
        const bool included = policy.include.empty() || matches_any_glob(label.name, policy.include);
        if (included && !matches_any_glob(label.name, policy.exclude)) kept[count++] = label;
    }
    if (count == set.size()) return set;
    return {kept, count};
}

ExtraMembers without_values(ExtraMembers members, const Redactor& redact, Arena& arena) {
    ExtraMember* const kept = arena.array<ExtraMember>(members.size());
    std::size_t count = 0;
    for (const ExtraMember& member : members) {
        if (!redact.is_in(member.json) && !redact.is_in(member.text)) new (kept + count++) ExtraMember(member);
    }
    if (count == members.size()) return members;
    return {kept, count};
}

}  // namespace

AlertGroup filtered(const AlertGroup& group, const Mapping& mapping, Arena& arena) {
    AlertGroup out = group;
    const LabelsPolicy& labels = mapping.labels;
    const bool redacts = !mapping.redact.names.empty();
    if (labels.include.empty() && labels.exclude.empty() && !redacts) return out;
    const Redactor redact(mapping.redact, {&group, nullptr}, arena);
    const auto label_set = [&](Labels set) { return selected(redact.labels(set), labels, arena); };
    const auto url = [&](Text text) { return redact.is_in_url(text) ? Text{} : text; };
    const auto id = [&](Text text) { return redact.is_in(text) ? Text(sha256_hex(text, arena)) : text; };

    Alert* const alerts = arena.array<Alert>(group.alerts.size());
    for (std::size_t i = 0; i < group.alerts.size(); ++i) {
        Alert& alert = *new (alerts + i) Alert(group.alerts[i]);
        alert.fingerprint = id(fingerprint(group.alerts[i], arena));
        alert.labels = label_set(alert.labels);
        alert.annotations = redact.labels(alert.annotations);
        alert.generator_url = url(alert.generator_url);
        alert.extra = without_values(alert.extra, redact, arena);
    }
    out.alerts = {alerts, group.alerts.size()};
    out.group_labels = label_set(group.group_labels);
    out.common_labels = label_set(group.common_labels);
    out.route_labels = label_set(group.route_labels);
    out.common_annotations = redact.labels(group.common_annotations);
    out.external_url = url(group.external_url);
    out.extra = without_values(group.extra, redact, arena);
    out.group_key = id(group.group_key);
    return out;
}

}  // namespace alertmap
