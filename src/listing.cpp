#include "alertmap/listing.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <span>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/identity.hpp"
#include "raw_json.hpp"

namespace alertmap {

using detail::each_element;
using detail::each_member;
using detail::JsonReader;
using detail::JsonType;
using detail::next_text;

namespace {

/// An alert of a listing with the properties that messages lack: receivers, states.
struct ListedAlert {
    Alert alert;
    bool quiet = true;  // until its state is known
    bool ours = false;
    bool mutes_listed = false;
};

/// Go's regexp.QuoteMeta, as messages quote the receiver.
/// Source: Alertmanager template/template.go (Data).
std::string quote_receiver(std::string_view receiver) {
    constexpr std::string_view special = "\\.+*?()|[]{}^$";
    std::string quoted;
    for (const char c : receiver) {
        if (special.find(c) != std::string_view::npos) quoted += '\\';
        quoted += c;
    }
    return quoted;
}

}  // namespace

struct ListingReader::State {
    explicit State(ListingOptions chosen) : options(std::move(chosen)) {}

    ListingOptions options;
    Arena arena;
    std::vector<ListedGroup> groups;
    std::vector<std::string_view> elsewhere;
    std::vector<ListedAlert> alerts;  // of the current group
    std::vector<Label> labels;        // of the current set
    std::size_t count = 0;
    std::size_t unreadable = 0;
    bool mutes_listed = true;
    bool too_many = false;

    void clear() {
        arena.clear();
        groups.clear();
        elsewhere.clear();
        alerts.clear();
        count = 0;
        unreadable = 0;
        mutes_listed = true;
        too_many = false;
    }

    [[nodiscard]] bool is_ours(std::string_view receiver) const { return options.receiver.empty() || receiver == options.receiver; }

    Labels label_set(JsonReader& json) {
        labels.clear();
        if (!each_member(json, arena, [&](std::string_view name) {
                const std::string_view value = next_text(json, arena);
                if (value.data() != nullptr) labels.push_back({name, value});
            })) {
            return {};
        }
        return keep(labels);
    }
    Labels keep(const std::vector<Label>& from) {
        Label* const to = arena.array<Label>(from.size());
        for (std::size_t i = 0; i < from.size(); ++i) new (to + i) Label(from[i]);
        return {to, from.size()};
    }

    void status(JsonReader& json, ListedAlert& out) {
        std::string_view state;
        bool quieted = false;
        each_member(json, arena, [&](std::string_view name) {
            if (name == "state") {
                state = next_text(json, arena);
            } else if (name == "mutedBy" || name == "silencedBy" || name == "inhibitedBy") {
                if (name == "mutedBy") out.mutes_listed = true;
                each_element(json, [&] {
                    quieted = true;
                    json.skip();
                });
            } else {
                json.skip();
            }
        });
        out.quiet = quieted || state != "active";
    }
    void receivers(JsonReader& json, ListedAlert& out) {
        each_element(json, [&] {
            each_member(json, arena, [&](std::string_view name) {
                if (name == "name") {
                    out.ours = is_ours(next_text(json, arena)) || out.ours;
                } else {
                    json.skip();
                }
            });
        });
    }

    void alert(JsonReader& json) {
        if (++count > options.max_alerts) {
            too_many = true;
            json.skip();
            return;
        }
        ListedAlert out;
        const bool object = each_member(json, arena, [&](std::string_view name) {
            if (name == "labels") {
                out.alert.labels = label_set(json);
            } else if (name == "annotations") {
                out.alert.annotations = label_set(json);
            } else if (name == "startsAt") {
                out.alert.starts_at.text = next_text(json, arena);
                detail::read_time(out.alert.starts_at);
            } else if (name == "fingerprint") {
                out.alert.fingerprint = next_text(json, arena);
            } else if (name == "generatorURL") {
                out.alert.generator_url = next_text(json, arena);
            } else if (name == "status") {
                status(json, out);
            } else if (name == "receivers") {
                receivers(json, out);
            } else {
                json.skip();
            }
        });
        if (json.failed()) return;
        if (!object || (out.alert.fingerprint.empty() && out.alert.labels.empty())) {
            ++unreadable;
            return;
        }
        if (out.alert.fingerprint.empty()) out.alert.fingerprint = fingerprint(out.alert.labels, arena);
        mutes_listed = mutes_listed && out.mutes_listed;
        alerts.push_back(out);
    }

    /// The labels that all alerts of the group share, computed as Alertmanager does.
    template <class Set>
    Labels common(std::span<const Alert> of, Set set) {
        labels.clear();
        if (of.empty()) return {};
        for (const Label& label : set(of[0])) {
            const bool shared = std::all_of(of.begin() + 1, of.end(), [&](const Alert& other) {
                const Label* found = set(other).find(label.name);
                return found != nullptr && found->value == label.value;
            });
            if (shared) labels.push_back(label);
        }
        return keep(labels);
    }

    /// Adds alerts [first, last) as one group.
    void add_group(std::string_view receiver, Labels group_labels, std::span<const ListedAlert> of, bool quiet) {
        std::size_t size = 0;
        for (const ListedAlert& listed : of) size += listed.quiet == quiet ? 1 : 0;
        if (size == 0) return;
        Alert* const kept = arena.array<Alert>(size);
        std::size_t i = 0;
        for (const ListedAlert& listed : of) {
            if (listed.quiet == quiet) new (kept + i++) Alert(listed.alert);
        }
        ListedGroup& out = groups.emplace_back();
        out.quiet = quiet;
        out.group.receiver = receiver;
        out.group.alerts = {kept, size};
        out.group.group_labels = group_labels;
        out.group.common_labels = common({kept, size}, [](const Alert& alert) { return alert.labels; });
        out.group.common_annotations = common({kept, size}, [](const Alert& alert) { return alert.annotations; });
        out.group.external_url = options.external_url;
        out.group.version = "4";
    }

    void group(JsonReader& json) {
        alerts.clear();
        Labels group_labels;
        std::string_view receiver;
        const bool object = each_member(json, arena, [&](std::string_view name) {
            if (name == "alerts") {
                each_element(json, [&] { alert(json); });
            } else if (name == "labels") {
                group_labels = label_set(json);
            } else if (name == "receiver") {
                each_member(json, arena, [&](std::string_view member) {
                    if (member == "name") {
                        receiver = next_text(json, arena);
                    } else {
                        json.skip();
                    }
                });
            } else {
                json.skip();
            }
        });
        if (json.failed()) return;
        if (!object) ++unreadable;
        if (!is_ours(receiver)) {
            for (const ListedAlert& listed : alerts) elsewhere.push_back(listed.alert.fingerprint);
            return;
        }
        const std::string_view quoted = arena.copy(quote_receiver(receiver));
        add_group(quoted, group_labels, alerts, false);
        add_group(quoted, group_labels, alerts, true);
    }

    void lone_alert(JsonReader& json, std::string_view quoted) {
        alerts.clear();
        alert(json);
        if (json.failed() || alerts.empty()) return;
        const ListedAlert& listed = alerts.front();
        if (!listed.ours && !options.receiver.empty()) {
            elsewhere.push_back(listed.alert.fingerprint);
            return;
        }
        add_group(quoted, {}, alerts, listed.quiet);
    }

    template <class F>
    Result<Listing> read(std::string_view body, const F& element) {
        clear();
        if (body.empty()) return Errc::empty_body;
        if (body.size() > options.max_bytes) return Errc::body_too_large;
        JsonReader json(body);
        if (json.type() != JsonType::array && json.skip() && json.finish()) return Errc::not_an_alert_group;
        if (!json.failed()) each_element(json, [&] { element(json); });
        if (!json.finish()) return json.error();
        if (too_many) return Errc::too_many_alerts;
        Listing listing;
        listing.groups = groups;
        listing.elsewhere = elsewhere;
        for (const ListedGroup& listed : groups) listing.alerts += listed.group.alerts.size();
        listing.unreadable = unreadable;
        listing.mutes_listed = mutes_listed;
        return listing;
    }
};

ListingReader::ListingReader(ListingOptions options) : state_(std::make_unique<State>(std::move(options))) {}
ListingReader::ListingReader(ListingReader&& other) noexcept = default;
ListingReader& ListingReader::operator=(ListingReader&& other) noexcept = default;
ListingReader::~ListingReader() = default;

Result<Listing> ListingReader::alert_groups(std::string_view body) & {
    return state_->read(body, [this](JsonReader& json) { state_->group(json); });
}

Result<Listing> ListingReader::alerts(std::string_view body) & {
    const std::string quoted = quote_receiver(state_->options.receiver);
    std::string_view kept;
    Result<Listing> listing = state_->read(body, [&](JsonReader& json) {
        if (kept.data() == nullptr) kept = state_->arena.copy(quoted);
        state_->lone_alert(json, kept);
    });
    // Only groups have mute intervals.
    if (listing && listing->alerts != 0) listing->mutes_listed = false;
    return listing;
}

Result<AlertmanagerStatus> read_alertmanager_status(std::string_view body) {
    Arena arena;
    AlertmanagerStatus status;
    JsonReader json(body);
    if (body.empty()) return Errc::empty_body;
    const bool object = each_member(json, arena, [&](std::string_view name) {
        if (name == "cluster") {
            each_member(json, arena, [&](std::string_view member) {
                if (member == "status") {
                    const std::string_view word = next_text(json, arena);
                    status.ready = word == "ready" || word == "disabled";
                } else if (member == "peers") {
                    each_element(json, [&] {
                        ++status.peers;
                        json.skip();
                    });
                } else {
                    json.skip();
                }
            });
        } else if (name == "uptime") {
            Timestamp up;
            up.text = next_text(json, arena);
            if (detail::read_time(up)) status.up_since = unix_time(up);
        } else if (name == "versionInfo") {
            each_member(json, arena, [&](std::string_view member) {
                if (member == "version") {
                    status.version = next_text(json, arena);
                } else {
                    json.skip();
                }
            });
        } else {
            json.skip();
        }
    });
    if (!json.finish()) return json.error();
    if (!object) return Errc::wrong_type;
    return status;
}

Result<std::vector<std::string>> read_receivers(std::string_view body) {
    Arena arena;
    std::vector<std::string> names;
    JsonReader json(body);
    if (body.empty()) return Errc::empty_body;
    const bool array = each_element(json, [&] {
        each_member(json, arena, [&](std::string_view name) {
            if (name == "name") {
                names.emplace_back(next_text(json, arena));
            } else {
                json.skip();
            }
        });
    });
    if (!json.finish()) return json.error();
    if (!array) return Errc::wrong_type;
    return names;
}

}  // namespace alertmap
