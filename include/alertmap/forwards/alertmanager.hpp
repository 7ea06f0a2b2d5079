#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/index_iterator.hpp"
#include "alertmap/detail/members.hpp"
#include "alertmap/detail/post.hpp"
#include "alertmap/forwards/concept.hpp"
#include "alertmap/identity.hpp"
#include "alertmap/json_writer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/status.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

namespace alertmap {

/// A member to add to the message; replaces a member of the same name.
struct AddedMember {
    std::string_view name;
    std::variant<std::string_view, std::uint64_t> value;
};

/// Appends the group exactly as Alertmanager 0.34 writes it, byte for byte: member order, Go's escapes, a final newline. Members that
/// Alertmanager always writes get its defaults if the sender left them out ("", {}, year 1, version "4"); times keep their original text.
/// notification_reason and routeLabels are written only if the sender had them. A missing or meaningless fingerprint is computed: receivers
/// that identify alerts by it would otherwise merge them all. Unknown members follow, without white space, then `added`. Text of senders
/// without Go's escapes keeps its escapes. Allocates only for growth of `out` and for computed fingerprints.
/// Source: Alertmanager notify/webhook/webhook.go (Message), template/template.go (Data, Alert).
inline void write_group(const AlertGroup& group, Buffer& out, std::span<const AddedMember> added = {});

/// The group with a status that the receiver can rely on: "resolved" only if fully_resolved(). Alertmanager with max_alerts may send
/// "resolved" while alerts that it dropped from the message are firing.
[[nodiscard]] constexpr AlertGroup with_safe_status(AlertGroup group) noexcept {
    if (!fully_resolved(group)) group.status = Status::firing;
    return group;
}

/// The group's key or, if the sender has none, a key made from labels in Alertmanager's format: group_labels, else common_labels, else the
/// first alert's labels. Stable only if the sender repeats these labels in each message. Allocates.
[[nodiscard]] inline std::string stable_group_key(const AlertGroup& group);

/// Splits a group into messages of at most max_alerts alerts: `for (const AlertGroup& part : split(group, 100))`. A std::ranges view; valid
/// as long as the group. Allocates nothing.
///
/// The parts share the group key and all other fields of the group, and no part may resolve alerts that another part lists as firing: a
/// part of resolved alerts has the status "firing" if the group or any alert of it is firing. truncated_alerts is unchanged. Invariant:
/// fully_resolved(part) == fully_resolved(group). A group that fits is returned unchanged as its only part.
class Split {
 public:
    using iterator = detail::IndexIterator<Split, AlertGroup>;

    constexpr Split() noexcept = default;
    constexpr Split(const AlertGroup& group, std::size_t max_alerts) noexcept
        : group_(&group), max_alerts_(max_alerts == 0 ? group.alerts.size() : max_alerts) {}
    [[nodiscard]] constexpr std::size_t size() const noexcept {
        if (group_ == nullptr) return 0;
        return group_->alerts.size() <= max_alerts_ ? 1 : (group_->alerts.size() - 1) / max_alerts_ + 1;
    }
    /// The i-th part, i < size().
    [[nodiscard]] constexpr AlertGroup operator[](std::size_t i) const noexcept {
        if (size() == 1) return *group_;
        AlertGroup part = *group_;
        part.truncated_alerts = 0;
        part = with_safe_status(part);
        part.truncated_alerts = group_->truncated_alerts;
        const std::size_t first = i * max_alerts_;
        part.alerts = group_->alerts.subspan(first, std::min(max_alerts_, group_->alerts.size() - first));
        return part;
    }
    [[nodiscard]] constexpr iterator begin() const noexcept { return {*this, 0}; }
    [[nodiscard]] constexpr iterator end() const noexcept { return {*this, size()}; }

 private:
    const AlertGroup* group_ = nullptr;
    std::size_t max_alerts_ = 0;
};

/// Splits `group`: see Split. max_alerts 0: no limit. O(1); getting a part is O(alerts of the group).
[[nodiscard]] constexpr Split split(const AlertGroup& group ALERTMAP_LIFETIMEBOUND, std::size_t max_alerts) noexcept {
    return {group, max_alerts};
}
Split split(AlertGroup&& group, std::size_t max_alerts) = delete;

namespace detail {

inline void write_extra(JsonWriter& json, ExtraMembers fields, std::span<const AddedMember> added) {
    for (const ExtraMember& field : fields) {
        if (std::any_of(added.begin(), added.end(), [&](const AddedMember& member) { return member.name == field.name; })) continue;
        json.key(field.name);
        json.raw(field.json);
    }
}

/// Writes one member of an alert or a group: `each_member(alert, MemberWriter{json})`.
struct MemberWriter {
    JsonWriter& json;

    ALERTMAP_ALWAYS_INLINE void operator()(JsonKey key, Status status, Written) const { json.member(key, name(status)); }
    ALERTMAP_ALWAYS_INLINE void operator()(JsonKey key, const Text& text, Written written) const {
        if (written == Written::always || text.data() != nullptr) json.member(key, text);
    }
    ALERTMAP_ALWAYS_INLINE void operator()(JsonKey key, const Timestamp& time, Written) const {
        json.member(key, time.text.data() != nullptr ? time.text : Text::literal<"0001-01-01T00:00:00Z">());
    }
    ALERTMAP_ALWAYS_INLINE void operator()(JsonKey key, std::uint64_t number, Written) const { json.member(key, number); }
    ALERTMAP_ALWAYS_INLINE void operator()(JsonKey key, Labels labels, Written written) const {
        if (written == Written::if_present && !labels.present()) return;
        json.key(key);
        json.begin_object();
        json.members(labels);
        json.end_object();
    }
    void operator()(JsonKey key, std::span<const Alert> alerts, Written) const {
        Arena computed;  // for fingerprints
        json.key(key);
        json.begin_array();
        for (Alert alert : alerts) {
            alert.fingerprint = fingerprint(alert, computed);
            json.begin_object();
            each_member(std::as_const(alert), *this);
            write_extra(json, alert.extra, {});
            json.end_object();
        }
        json.end_array();
    }
};

}  // namespace detail

inline void write_group(const AlertGroup& group, Buffer& out, std::span<const AddedMember> added) {
    {
        JsonWriter json(out, Escaping::go);
        AlertGroup written = group;
        if (written.version.data() == nullptr) written.version = Text::literal<"4">();
        json.begin_object();
        detail::each_member(std::as_const(written), detail::MemberWriter{json});
        detail::write_extra(json, group.extra, added);
        for (const AddedMember& member : added) {
            json.key(member.name);
            if (const auto* text = std::get_if<std::string_view>(&member.value)) json.value(*text);
            if (const auto* number = std::get_if<std::uint64_t>(&member.value)) json.value(*number);
        }
        json.end_object();
    }
    out.push_back('\n');
}

inline std::string stable_group_key(const AlertGroup& group) {
    if (!group.group_key.empty()) return std::string(group.group_key);
    Labels labels = group.group_labels.empty() ? group.common_labels : group.group_labels;
    if (labels.empty() && !group.alerts.empty()) labels = group.alerts[0].labels;
    std::vector<Label> sorted(labels.begin(), labels.end());
    std::sort(sorted.begin(), sorted.end(), [](const Label& a, const Label& b) { return a.name < b.name; });
    std::string key = "{}:{";
    for (const Label& label : sorted) {
        if (key.back() != '{') key += ", ";
        key.append(label.name).append("=\"");
        for (const char c : label.value) {
            if (c == '"' || c == '\\') key += '\\';
            key += c;
        }
        key += '"';
    }
    return key += '}';
}

namespace detail {

/// The group labels plus an alertname, in sorted position: the one that all alerts share, else that of the first firing alert, else of the
/// first alert. Empty if the group labels have an alertname, or no alert has one. Receivers use it as the title.
[[nodiscard]] inline std::vector<Label> group_labels_with_alertname(const AlertGroup& group) {
    constexpr std::string_view key = "alertname";
    if (!group.group_labels.get(key).empty()) return {};
    Label label{key, group.common_labels.get(key)};
    for (const Status status : {Status::firing, Status::resolved}) {
        for (const Alert& alert : group.alerts) {
            if (label.value.empty() && alert.status == status) label.value = alert.labels.get(key);
        }
    }
    if (label.value.empty()) return {};
    std::vector<Label> labels;
    for (const Label& own : group.group_labels) {
        if (own.name != key) labels.push_back(own);
    }
    labels.insert(std::find_if(labels.begin(), labels.end(), [key](const Label& own) { return own.name > key; }), label);
    return labels;
}

}  // namespace detail

namespace forward {

/// Forwards the unchanged message to any receiver of Alertmanager webhooks. Thread-safe.
struct Alertmanager {
    static constexpr std::string_view name = "alertmanager";
    static constexpr std::string_view doc = "the unchanged Alertmanager webhook, for any receiver";

    std::string url = {};    ///< the receiver's URL; everything after the host is masked
    std::string token = {};  ///< bearer token, or empty

    static constexpr Option<Alertmanager> options[] = {
        {"url", &Alertmanager::url, "URL of the receiver", OptionIs::required_secret},
        {"token", &Alertmanager::token, "bearer token, if required", OptionIs::secret},
    };

    /// See Forward.
    [[nodiscard]] Result<void> write(const AlertGroup& group, Buffer& out) const {
        write_group(group, out);
        return {};
    }

    /// See Forward.
    [[nodiscard]] Result<Request> request(const AlertGroup& group) const {
        const Url to = Url(url).mask_all_but_host();
        return detail::post(*this, group, to, {detail::bearer(token)});
    }
};

}  // namespace forward

}  // namespace alertmap

template <>
inline constexpr bool std::ranges::enable_view<alertmap::Split> = true;
template <>
inline constexpr bool std::ranges::enable_borrowed_range<alertmap::Split> = true;
