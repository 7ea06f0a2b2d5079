#include "alertmap/mapping_json.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/json_writer.hpp"
#include "member_count.hpp"

namespace alertmap {
namespace {

using detail::JsonReader;
using detail::JsonType;

/// A word in the file and its value.
template <class Value>
struct Word {
    std::string_view word;
    Value value;
};

template <class Value>
constexpr Word<Value> word_of(Value value) {
    return {name(value), value};
}

template <class Value>
inline constexpr bool has_words = false;
template <class Value>
inline constexpr std::array<Word<Value>, 0> words_of = {};

template <>
inline constexpr bool has_words<FanOut> = true;
template <>
inline constexpr auto words_of<FanOut> =
    std::array{word_of(FanOut::per_alert), word_of(FanOut::per_group), word_of(FanOut::per_alert_and_unlisted)};
template <>
inline constexpr bool has_words<LabelSet> = true;
template <>
inline constexpr auto words_of<LabelSet> =
    std::array{word_of(LabelSet::own),   word_of(LabelSet::common),      word_of(LabelSet::group),
               word_of(LabelSet::route), word_of(LabelSet::annotations), word_of(LabelSet::common_annotations)};
template <>
inline constexpr bool has_words<TransitionPolicy::By> = true;
template <>
inline constexpr auto words_of<TransitionPolicy::By> =
    std::array{word_of(TransitionPolicy::By::status), word_of(TransitionPolicy::By::ends_at)};
template <>
inline constexpr bool has_words<Severity> = true;
template <>
inline constexpr auto words_of<Severity> =
    std::array{word_of(Severity::critical), word_of(Severity::error), word_of(Severity::warning), word_of(Severity::info)};

// ---- Tables of members, for reading, printing and mapping_members(). A member that is missing in its table does not compile.

template <class Owner, class Value>
struct Member {
    std::string_view name;
    Value Owner::*pointer;
    std::string_view about = {};
    std::size_t least = 0;  // minimum of a number other than 0
};
template <class Owner, class Value>
Member(std::string_view, Value Owner::*) -> Member<Owner, Value>;
template <class Owner, class Value>
Member(std::string_view, Value Owner::*, std::string_view) -> Member<Owner, Value>;
template <class Owner, class Value>
Member(std::string_view, Value Owner::*, std::string_view, std::size_t) -> Member<Owner, Value>;

template <class Owner, class... Values>
constexpr auto table(Member<Owner, Values>... members) {
    static_assert(sizeof...(members) == detail::member_count<Owner>(), "a member is missing in the table");
    return std::tuple{members...};
}

template <class T>
inline constexpr auto members_of = nullptr;
template <>
inline constexpr auto members_of<Mapping> = table<Mapping>(
    Member{"per", &Mapping::per, "one event per alert (alert, alert+unlisted), or one per group"},
    Member{"summary", &Mapping::summary, "the one-line title: the first non-blank source"},
    Member{"description", &Mapping::description, "the detailed text; for a group one line per alert"},
    Member{"labels", &Mapping::labels, "labels of the event: sets, include, exclude, rename, add"},
    Member{"external_id", &Mapping::external_id, "the deduplication key: sources, combine, scope, max_length"},
    Member{"url", &Mapping::url, "the link back: the first source with an http or https URL"},
    Member{"runbook_url", &Mapping::runbook_url, "the link to the runbook"},
    Member{"transition", &Mapping::transition, "trigger, acknowledge, resolve or ignore: by status or ends_at, with an override key"},
    Member{"severity", &Mapping::severity, "critical, error, warning or info: sources of the word, words, fallback"},
    Member{"priority", &Mapping::priority, "the vendor's priority for a word or severity"},
    Member{"notify", &Mapping::notify, "whom to page: an annotation with JSON, a table by the value of a label, or fixed targets"},
    Member{"quiet", &Mapping::quiet, "events that open without paging, by label"},
    Member{"redact", &Mapping::redact, "labels and annotations whose values are redacted"},
    Member{"heartbeat", &Mapping::heartbeat, "alerts that are dead man's switches: alertnames, labels"},
    Member{"source", &Mapping::source, "the failing component"}, Member{"service", &Mapping::service, "the affected service"},
    Member{"location", &Mapping::location, "latitude and longitude"}, Member{"client", &Mapping::client, "name of the monitoring system"});
template <>
inline constexpr auto members_of<SummaryPolicy> = table<SummaryPolicy>(Member{"from", &SummaryPolicy::from},
                                                                       Member{"function", &SummaryPolicy::function});
template <>
inline constexpr auto members_of<DescriptionPolicy> = table<DescriptionPolicy>(Member{"from", &DescriptionPolicy::from},
                                                                               Member{"lines", &DescriptionPolicy::lines},
                                                                               Member{"max_lines", &DescriptionPolicy::max_lines},
                                                                               Member{"function", &DescriptionPolicy::function});
template <>
inline constexpr auto members_of<LabelsPolicy> = table<LabelsPolicy>(
    Member{"from", &LabelsPolicy::from}, Member{"include", &LabelsPolicy::include}, Member{"exclude", &LabelsPolicy::exclude},
    Member{"rename", &LabelsPolicy::rename}, Member{"add", &LabelsPolicy::add}, Member{"function", &LabelsPolicy::function});
// A shorter ID could not hold a hash.
template <>
inline constexpr auto members_of<ExternalIdPolicy> = table<ExternalIdPolicy>(Member{"from", &ExternalIdPolicy::from},
                                                                             Member{"combine", &ExternalIdPolicy::combine},
                                                                             Member{"scope", &ExternalIdPolicy::scope},
                                                                             Member{"max_length", &ExternalIdPolicy::max_length, "", 64},
                                                                             Member{"function", &ExternalIdPolicy::function});
template <>
inline constexpr auto members_of<UrlPolicy> = table<UrlPolicy>(Member{"from", &UrlPolicy::from}, Member{"function", &UrlPolicy::function});
template <>
inline constexpr auto members_of<LocationPolicy> = table<LocationPolicy>(Member{"from", &LocationPolicy::from},
                                                                         Member{"function", &LocationPolicy::function});
template <>
inline constexpr auto members_of<TransitionPolicy> = table<TransitionPolicy>(Member{"by", &TransitionPolicy::by},
                                                                             Member{"override_key", &TransitionPolicy::override_key},
                                                                             Member{"function", &TransitionPolicy::function});
template <>
inline constexpr auto members_of<SeverityPolicy> = table<SeverityPolicy>(Member{"from", &SeverityPolicy::from},
                                                                         Member{"words", &SeverityPolicy::words},
                                                                         Member{"fallback", &SeverityPolicy::fallback},
                                                                         Member{"function", &SeverityPolicy::function});
template <>
inline constexpr auto members_of<PriorityPolicy> = table<PriorityPolicy>(Member{"words", &PriorityPolicy::words},
                                                                         Member{"function", &PriorityPolicy::function});
template <>
inline constexpr auto members_of<NotifyPolicy> = table<NotifyPolicy>(Member{"annotation", &NotifyPolicy::annotation},
                                                                     Member{"allow", &NotifyPolicy::allow}, Member{"by", &NotifyPolicy::by},
                                                                     Member{"table", &NotifyPolicy::table},
                                                                     Member{"fixed", &NotifyPolicy::fixed},
                                                                     Member{"function", &NotifyPolicy::function});
template <>
inline constexpr auto members_of<QuietPolicy> = table<QuietPolicy>(Member{"rules", &QuietPolicy::rules},
                                                                   Member{"function", &QuietPolicy::function});
template <>
inline constexpr auto members_of<RedactPolicy> = table<RedactPolicy>(Member{"names", &RedactPolicy::names},
                                                                     Member{"text", &RedactPolicy::text});
template <>
inline constexpr auto members_of<HeartbeatPolicy> = table<HeartbeatPolicy>(Member{"alertnames", &HeartbeatPolicy::alertnames},
                                                                           Member{"labels", &HeartbeatPolicy::labels},
                                                                           Member{"function", &HeartbeatPolicy::function});
// All members of these are required.
template <>
inline constexpr auto members_of<NotifyPolicy::Target> = table<NotifyPolicy::Target>(Member{"type", &NotifyPolicy::Target::type},
                                                                                     Member{"id", &NotifyPolicy::Target::id});
template <>
inline constexpr auto members_of<HeartbeatPolicy::Match> = table<HeartbeatPolicy::Match>(Member{"label", &HeartbeatPolicy::Match::label},
                                                                                         Member{"value", &HeartbeatPolicy::Match::value});

/// Key and value of structs whose lists are written as one object.
template <class T>
inline constexpr auto entry_of = nullptr;
template <>
inline constexpr auto entry_of<LabelsPolicy::Rename> = std::pair{&LabelsPolicy::Rename::from, &LabelsPolicy::Rename::to};
template <>
inline constexpr auto entry_of<LabelsPolicy::Addition> = std::pair{&LabelsPolicy::Addition::name, &LabelsPolicy::Addition::from};
template <>
inline constexpr auto entry_of<SeverityWord> = std::pair{&SeverityWord::word, &SeverityWord::severity};
template <>
inline constexpr auto entry_of<PriorityWord> = std::pair{&PriorityWord::word, &PriorityWord::priority};
template <>
inline constexpr auto entry_of<NotifyPolicy::Route> = std::pair{&NotifyPolicy::Route::value, &NotifyPolicy::Route::targets};
template <>
inline constexpr auto entry_of<LabelCondition> = std::pair{&LabelCondition::label, &LabelCondition::values};

template <class T>
concept has_table = !std::same_as<std::remove_cvref_t<decltype(members_of<T>)>, std::nullptr_t>;
template <class T>
concept is_entry = !std::same_as<std::remove_cvref_t<decltype(entry_of<T>)>, std::nullptr_t>;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
/// A list that is written as one object.
template <class T>
inline constexpr bool is_object_list = false;
template <class T>
inline constexpr bool is_object_list<std::vector<T>> = is_entry<T>;
template <class T>
inline constexpr bool is_callable = false;
template <class T>
inline constexpr bool is_callable<Callable<T>> = true;

/// Calls `each(member)` for the members of a struct until it returns true.
template <class T, class Each>
constexpr bool any_member(Each each) {
    return std::apply([&](const auto&... member) { return (each(member) || ...); }, members_of<T>);
}

/// The member that a bare list replaces the object for: the first one, if it is a list.
template <class T>
using FirstMember = std::remove_cvref_t<decltype(std::declval<T&>().*(std::get<0>(members_of<T>).pointer))>;
template <class T>
inline constexpr bool starts_with_list = is_list<FirstMember<T>> && !is_object_list<FirstMember<T>>;
/// A struct that is printed as its list alone: its only other member is a function.
template <class T>
inline constexpr bool is_list_alone =
    starts_with_list<T>&& std::tuple_size_v<std::remove_cvref_t<decltype(members_of<T>)>> == 2 && !std::same_as<T, RedactPolicy>;

/// Reads a mapping over a preset. Functions return false after an error; the first error is reported.
class Reader {
 public:
    explicit Reader(std::string_view text) : text_(text), json_(text) {}

    Result<Mapping> read() {
        Result<Mapping> start = preset();
        if (!start) return start;
        Mapping mapping = *std::move(start);
        const bool fine = value(mapping);
        if (fine && json_.finish()) return mapping;
        if (!error_) fail_json();
        return *error_;
    }

 private:
    bool fail(Errc code, std::size_t offset) {
        if (!error_) error_ = alertmap::Error{code, offset, path_};
        return false;
    }
    bool fail_json() { return fail(json_.code(), json_.offset()); }

    /// Offset of the next value.
    std::size_t next_offset() {
        static_cast<void>(json_.type());  // skips white space before it
        return json_.offset();
    }

    /// Checks the type of the next value; `at` is its offset.
    bool expect(JsonType type, std::size_t& at) {
        const JsonType found = json_.type();
        at = json_.offset();
        if (found == type) return true;
        if (found != JsonType::none) return fail(Errc::wrong_type, at);
        json_.skip();  // reports the syntax error
        return fail_json();
    }

    /// Calls `each(name)` before each member's value, with the name in the path.
    template <class Each>
    bool members(Each each) {
        std::size_t at = 0;
        if (!expect(JsonType::object, at)) return false;
        std::vector<std::string> seen;
        json_.begin_object();
        for (std::string_view raw; json_.next_raw_member(raw);) {
            std::string key;
            JsonReader(raw).string(key);
            const std::size_t outer = path_.size();
            if (outer != 0) path_ += '.';
            path_ += key;
            name_at_ = static_cast<std::size_t>(raw.data() - text_.data());
            for (const std::string& other : seen) {
                if (other == key) return fail(Errc::duplicate_key, name_at_);
            }
            if (!each(std::string_view(key))) return false;
            path_.resize(outer);
            seen.push_back(std::move(key));
        }
        return !json_.failed() || fail_json();
    }
    bool unknown_member() { return fail(Errc::unknown_name, name_at_); }

    /// Calls `each()` before each element, with its index in the path.
    template <class Each>
    bool elements(Each each) {
        std::size_t at = 0;
        if (!expect(JsonType::array, at)) return false;
        json_.begin_array();
        for (std::size_t i = 0; json_.next_element(); ++i) {
            const std::size_t outer = path_.size();
            path_.append("[").append(std::to_string(i)).append("]");
            if (!each()) return false;
            path_.resize(outer);
        }
        return !json_.failed() || fail_json();
    }

    // ---- Values

    bool value(std::string& out) {
        std::size_t at = 0;
        return expect(JsonType::string, at) && (json_.string(out) || fail_json());
    }
    bool value(bool& out) {
        std::size_t at = 0;
        return expect(JsonType::boolean, at) && (json_.boolean(out) || fail_json());
    }
    /// 0 to 999,999,999.
    bool value(std::size_t& out) {
        std::size_t at = 0;
        std::string_view digits;
        if (!expect(JsonType::number, at)) return false;
        if (!json_.number(digits)) return fail_json();
        out = 0;
        for (char digit : digits) {
            if (digit < '0' || digit > '9' || digits.size() > 9) return fail(Errc::invalid_value, at);
            out = out * 10 + static_cast<std::size_t>(digit - '0');
        }
        return true;
    }
    template <class Value>
    requires has_words<Value>
    bool value(Value& out) {
        std::size_t at = 0;
        std::string found;
        if (!expect(JsonType::string, at)) return false;
        if (!json_.string(found)) return fail_json();
        for (const Word<Value>& known : words_of<Value>) {
            if (known.word == found) {
                out = known.value;
                return true;
            }
        }
        return fail(Errc::unknown_name, at);
    }
    bool value(FieldSource& out) {
        std::size_t at = 0;
        std::string form;
        if (!expect(JsonType::string, at)) return false;
        if (!json_.string(form)) return fail_json();
        Result<FieldSource> parsed = FieldSource::parse(form);
        if (!parsed) {
            // The exact byte, unless there are escapes before it.
            const bool plain = text_.substr(at + 1, form.size()) == form;
            return fail(parsed.error().code, plain ? at + 1 + parsed.error().offset : at);
        }
        out = *std::move(parsed);
        return true;
    }

    /// A list, or its only element; a list of entries may be an object.
    template <class T>
    bool value(std::vector<T>& out) {
        out.clear();
        if constexpr (is_entry<T>) {
            return members([&](std::string_view key) {
                T& entry = out.emplace_back();
                entry.*(entry_of<T>.first) = std::string(key);
                return value(entry.*(entry_of<T>.second));
            });
        } else {
            if (json_.type() != JsonType::array) {
                constexpr bool is_object = std::same_as<T, NotifyPolicy::Target> || is_list<T>;
                constexpr bool is_single = is_object || !has_table<T>;
                if (is_single && json_.type() == (is_object ? JsonType::object : JsonType::string)) return value(out.emplace_back());
            }
            return elements([&] { return value(out.emplace_back()); });
        }
    }

    /// A struct: an object of its members, or a list for the first of them. Missing members of policies keep their value.
    template <class T>
    requires has_table<T>
    bool value(T& out) {
        if constexpr (starts_with_list<T>) {
            if (is_list_alone<T> || json_.type() != JsonType::object) return value(out.*(std::get<0>(members_of<T>).pointer));
        }
        const std::size_t at = next_offset();
        std::size_t found = 0;
        const bool fine = members([&](std::string_view key) {
            ++found;
            bool read = false;
            const bool known = any_member<T>([&](const auto& member) {
                if constexpr (is_callable<std::remove_cvref_t<decltype(out.*(member.pointer))>>) {
                    return false;
                } else {
                    if (member.name != key) return false;
                    read = member_value(member, out);
                    return true;
                }
            });
            if (known) return read;
            return std::same_as<T, Mapping> && key == "preset" ? json_.skip() : unknown_member();
        });
        constexpr bool needs_all = std::same_as<T, NotifyPolicy::Target> || std::same_as<T, HeartbeatPolicy::Match>;
        if (!fine || !needs_all) return fine;
        return found == std::tuple_size_v<std::remove_cvref_t<decltype(members_of<T>)>> || fail(Errc::missing_value, at);
    }
    template <class Owner, class Value>
    bool member_value(const Member<Owner, Value>& member, Owner& out) {
        if constexpr (std::same_as<Value, std::size_t>) {
            const std::size_t at = next_offset();
            std::size_t& number = out.*(member.pointer);
            return value(number) && (number == 0 || number >= member.least || fail(Errc::invalid_value, at));
        } else {
            return value(out.*(member.pointer));
        }
    }

    Result<Mapping> preset() {
        // A separate reader, as the preset may be anywhere but must be applied first.
        Reader first(text_);
        std::string name;
        std::size_t at = no_offset;
        const bool fine = first.members([&](std::string_view key) {
            if (key != "preset") return first.json_.skip() || first.fail_json();
            at = first.next_offset();
            return first.value(name);
        });
        // Invalid JSON fails again below, with its complete path.
        if (!fine && !first.json_.failed()) return *first.error_;
        if (at == no_offset) return preset::recommended();
        Result<Mapping> found = find_preset(name);
        if (!found) return alertmap::Error{found.error().code, at, "preset"};
        return found;
    }

    std::string_view text_;
    JsonReader json_;
    std::string path_;
    std::size_t name_at_ = 0;
    std::optional<alertmap::Error> error_;
};

/// Writes the members of a mapping, one per line.
class Writer {
 public:
    Result<std::string> write(const Mapping& mapping) {
        any_member<Mapping>([&](const auto& member) {
            member_name_ = member.name;
            Buffer out;
            {
                JsonWriter json(out);
                value(json, mapping.*(member.pointer));
            }
            text_.append(text_.empty() ? "{\n  \"" : ",\n  \"").append(member.name).append("\": ").append(out.view());
            return false;
        });
        if (error_) return *error_;
        return text_ + "\n}\n";
    }

 private:
    void fail() {
        if (!error_) error_ = alertmap::Error{Errc::invalid_value, no_offset, std::string(member_name_)};
    }

    void value(JsonWriter& json, const std::string& text) { json.value(std::string_view(text)); }
    void value(JsonWriter& json, bool truth) { json.value(truth); }
    void value(JsonWriter& json, std::size_t number) { json.value(number); }
    template <class Value>
    requires has_words<Value>
    void value(JsonWriter& json, Value word) { json.value(name(word)); }
    void value(JsonWriter& json, const FieldSource& source) {
        const Result<std::string> form = source.print();
        json.value(form ? std::string_view(*form) : std::string_view{});
        if (!form) fail();
    }
    template <class T>
    void value(JsonWriter& json, const std::vector<T>& list) {
        if constexpr (is_entry<T>) {
            json.begin_object();
            for (const T& entry : list) {
                json.key(entry.*(entry_of<T>.first));
                value(json, entry.*(entry_of<T>.second));
            }
            json.end_object();
        } else {
            json.begin_array();
            for (const T& element : list) value(json, element);
            json.end_array();
        }
    }
    template <class T>
    requires has_table<T>
    void value(JsonWriter& json, const T& struct_value) {
        if (!is_list_alone<T>) json.begin_object();
        any_member<T>([&](const auto& member) {
            const auto& member_value = struct_value.*(member.pointer);
            if constexpr (is_callable<std::remove_cvref_t<decltype(member_value)>>) {
                if (member_value) fail();
            } else {
                if (!is_list_alone<T>) json.key(std::string(member.name));
                value(json, member_value);
            }
            return false;
        });
        if (!is_list_alone<T>) json.end_object();
    }

    std::string text_;
    std::string_view member_name_;
    std::optional<alertmap::Error> error_;
};

constexpr auto all_members = std::apply(
    [](const auto&... member) {
        return std::array{MappingMember{member.name, member.about}...};
    },
    members_of<Mapping>);

}  // namespace

std::span<const MappingMember> mapping_members() noexcept { return all_members; }

Result<Mapping> parse_mapping(std::string_view json) { return Reader(json).read(); }

Result<std::string> print_mapping(const Mapping& mapping) {
    Result<std::string> text = Writer().write(mapping);
    if (!text) return text;
    // Duplicate names, or lengths that files may not set: reject what would not be read back equal.
    const Result<Mapping> again = parse_mapping(*text);
    if (again && *again == mapping) return text;
    return alertmap::Error{Errc::invalid_value, no_offset, again ? std::string() : again.error().path};
}

}  // namespace alertmap
