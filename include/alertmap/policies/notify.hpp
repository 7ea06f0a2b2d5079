#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/alert_group.hpp"
#include "alertmap/arena.hpp"
#include "alertmap/array_view.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/detail/rootly_resources.hpp"
#include "alertmap/detail/text.hpp"
#include "alertmap/event.hpp"
#include "alertmap/policies/callable.hpp"
#include "alertmap/policies/field_source.hpp"
#include "alertmap/policies/glob.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// Result of a NotifyPolicy. Views, valid as long as the group, the arena and the policy.
struct NotifyFound {
    ArrayView<NotifyTarget> targets;
    Text note;  ///< what was ignored, and why; static storage; empty: nothing
};

/// Selects paging targets. Reads an annotation with JSON text, in the format that Rootly documents:
///
///     {"notification_target":{"type":"User","id":"27854"}}
///     {"alerting_targets":[{"type":"Group","id":"1"},{"type":"Service","id":"2"}]}
///
/// Invalid JSON, and targets without type or id, are ignored as in Rootly, with a note; the event is still sent. A type that Rootly does
/// not know (case-insensitive) is kept for other vendors, with a note. Thread-safe.
/// Source: docs.rootly.com, integrations/alertmanager.
struct NotifyPolicy {
    /// A paging target: the vendor's type (a team, an escalation policy) and the ID.
    struct Target {
        std::string type;
        std::string id;
        friend bool operator==(const Target&, const Target&) = default;
    };

    /// Paging targets for one value of the source `by`.
    struct Route {
        std::string value;
        std::vector<Target> targets;
        friend bool operator==(const Route&, const Route&) = default;
    };

    std::string annotation = {};  ///< name of the annotation ("rootly"); empty: annotations are not read

    /// Paging targets that an annotation may select; type and id are globs (see matches_glob()). Needed because everyone who can edit
    /// alerting rules can set annotations. Empty: all. Not applied to the tables below.
    std::vector<Target> allow = {};

    FieldSources by = {};                 ///< key for `table`, e.g. `{label("team")}`; the first non-blank value
    std::vector<Route> table = {};        ///< used if no annotation selects a target
    std::vector<Target> fixed = {};       ///< used if neither an annotation nor the table selects a target
    Callable<NotifyFound> function = {};  ///< replaces all of the above

    /// For a group: the annotation that all its alerts share, else the union of its firing alerts' annotations (without duplicates, at most
    /// 64 targets). The targets are in the arena, their text in the group. Allocates from the heap only for text with escapes.
    [[nodiscard]] NotifyFound operator()(const Subject& subject, Arena& arena) const {
        if (function) return function(subject, arena);
        if (annotation.empty() && table.empty() && fixed.empty()) return {};
        return find(subject, arena);
    }

    friend bool operator==(const NotifyPolicy&, const NotifyPolicy&) = default;

 private:
    [[nodiscard]] NotifyFound find(const Subject& subject, Arena& arena) const;
};

namespace detail {

inline constexpr std::string_view unknown_resource =
    "a paging target has a type that Rootly does not know: it knows User, Group, EscalationPolicy, Service and Functionality";

/// Collects targets without duplicates.
class NotifyTargets {
 public:
    static constexpr std::size_t max_targets = 64;

    NotifyTargets(const std::vector<NotifyPolicy::Target>& allow, Arena& arena) : allow_(allow), arena_(arena) {}

    void read(std::string_view text);
    [[nodiscard]] NotifyFound found() const { return {{targets_, count_}, note_}; }

 private:
    bool target(JsonReader& json);
    bool targets(JsonReader& json);
    void add(NotifyTarget target);

    const std::vector<NotifyPolicy::Target>& allow_;
    Arena& arena_;
    NotifyTarget* targets_ = nullptr;
    std::size_t count_ = 0;
    Text note_;
};

inline void NotifyTargets::add(NotifyTarget target) {
    if (target.type.empty() || target.id.empty()) {
        note_ = "a paging target without type or id was ignored";
        return;
    }
    bool allowed = allow_.empty();
    for (const NotifyPolicy::Target& entry : allow_) {
        allowed = allowed || (matches_glob(target.type, entry.type) && matches_glob(target.id, entry.id));
    }
    if (!allowed) {
        note_ = "a paging target that is not allowed was ignored";
        return;
    }
    if (rootly_resource(target.type).empty()) note_ = unknown_resource;
    if (targets_ == nullptr) targets_ = arena_.array<NotifyTarget>(max_targets);
    for (std::size_t i = 0; i < count_; ++i) {
        if (targets_[i] == target) return;
    }
    if (count_ == max_targets) {
        note_ = "paging targets beyond the 64th were ignored";
        return;
    }
    targets_[count_++] = target;
}

/// Decodes a raw JSON string: a view of it or, if it has escapes, a copy in the arena.
inline Text raw_json_text(std::string_view raw, Arena& arena) {
    const std::string_view inside = raw.substr(1, raw.size() - 2);
    if (inside.find('\\') == std::string_view::npos) return inside;
    std::string text;
    return JsonReader(raw).string(text) ? arena.copy(text) : Text{};
}

/// Reads {"type":"User","id":"27854"}; the ID may be a number.
inline bool NotifyTargets::target(JsonReader& json) {
    if (json.type() != JsonType::object) {
        note_ = "a paging target that is not an object was ignored";
        return json.skip();
    }
    NotifyTarget found;
    std::string_view name, raw;
    for (json.begin_object(); json.next_raw_member(name);) {
        name = raw_json_text(name, arena_);
        const JsonType type = json.type();
        if (!json.skip(raw)) return false;
        if (name != "type" && name != "id") continue;
        const bool is_text = type == JsonType::string;
        (name == "id" ? found.id : found.type) = is_text ? raw_json_text(raw, arena_) : type == JsonType::number ? Text(raw) : Text{};
    }
    if (!json.failed()) add(found);
    return !json.failed();
}

inline bool NotifyTargets::targets(JsonReader& json) {
    if (json.type() != JsonType::array) return target(json);
    for (json.begin_array(); json.next_element();) {
        if (!target(json)) return false;
    }
    return !json.failed();
}

inline void NotifyTargets::read(std::string_view text) {
    const std::size_t before = count_;
    JsonReader json(text);
    bool named = false;
    if (json.type() == JsonType::object) {
        std::string_view name;
        for (json.begin_object(); json.next_raw_member(name);) {
            name = raw_json_text(name, arena_);
            const bool wanted = name == "notification_target" || name == "alerting_targets";
            named = named || wanted;
            if (!(wanted ? targets(json) : json.skip())) break;
        }
    } else {
        json.skip();
    }
    if (!json.finish()) {
        // Discard everything if a part is invalid: half a list would page only half of the people.
        count_ = before;
        note_ = "the paging annotation is not JSON and was ignored";
    } else if (!named) {
        note_ = "the paging annotation has neither notification_target nor alerting_targets and was ignored";
    }
}

}  // namespace detail

inline NotifyFound NotifyPolicy::find(const Subject& subject, Arena& arena) const {
    detail::NotifyTargets targets(allow, arena);
    if (!annotation.empty()) {
        const std::string_view shared = subject.annotations().get(annotation);
        if (!detail::is_blank(shared)) {
            targets.read(shared);
        } else if (subject.alert == nullptr) {
            std::string_view last;
            for (const Alert& alert : firing(*subject.group)) {
                const std::string_view own = alert.annotations.get(annotation);
                if (detail::is_blank(own) || own == last) continue;
                targets.read(own);
                last = own;
            }
        }
    }
    NotifyFound found = targets.found();
    if (!found.targets.empty()) return found;
    const std::vector<Target>* chosen = &fixed;
    if (!table.empty()) {
        const std::string_view value = first_of(by, subject, arena);
        for (const Route& route : table) {
            if (value == route.value && !route.targets.empty()) {
                chosen = &route.targets;
                break;
            }
        }
    }
    if (chosen->empty()) return found;
    NotifyTarget* copies = arena.array<NotifyTarget>(chosen->size());
    for (std::size_t i = 0; i < chosen->size(); ++i) {
        copies[i] = {(*chosen)[i].type, (*chosen)[i].id};
        // Only a mapping that reads Rootly's annotation is known to be for Rootly.
        if (!annotation.empty() && detail::rootly_resource((*chosen)[i].type).empty()) found.note = detail::unknown_resource;
    }
    found.targets = {copies, chosen->size()};
    return found;
}

}  // namespace alertmap
