#include "alertmap/mapping_json.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/json_reader.hpp"
#include "alertmap/json_writer.hpp"

namespace alertmap {
namespace {

using detail::JsonReader;
using detail::JsonType;

/// A word of the file and the value that it stands for.
template <class Value>
struct Word {
    std::string_view word;
    Value value;
};

template <class Value>
constexpr Word<Value> word_of(Value value) {
    return {name(value), value};
}

constexpr Word<FanOut> fan_outs[] = {word_of(FanOut::per_alert), word_of(FanOut::per_group), word_of(FanOut::per_alert_and_unlisted)};
constexpr Word<LabelSet> label_sets[] = {word_of(LabelSet::own),   word_of(LabelSet::common),      word_of(LabelSet::group),
                                         word_of(LabelSet::route), word_of(LabelSet::annotations), word_of(LabelSet::common_annotations)};
constexpr Word<TransitionPolicy::By> transitions_by[] = {word_of(TransitionPolicy::By::status), word_of(TransitionPolicy::By::ends_at)};
constexpr Word<Severity> severities[] = {word_of(Severity::critical), word_of(Severity::error), word_of(Severity::warning),
                                         word_of(Severity::info)};

/// Reads a mapping over a preset. Every function returns false once something was wrong; the first of it is the error.
class Reader {
 public:
    explicit Reader(std::string_view text) : text_(text), json_(text) {}

    Result<Mapping> read() {
        Result<Mapping> start = preset();
        if (!start) return start;
        Mapping mapping = *std::move(start);
        const bool fine = members([&](std::string_view key) { return member(key, mapping); });
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

    /// Of the next value.
    std::size_t next_offset() {
        static_cast<void>(json_.type());  // passes the white space before it
        return json_.offset();
    }

    /// The start of the next value, if it has that type.
    bool expect(JsonType type, std::size_t& at) {
        const JsonType found = json_.type();
        at = json_.offset();
        if (found == type) return true;
        if (found != JsonType::none) return fail(Errc::wrong_type, at);
        json_.skip();  // says what is wrong
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

    bool text(std::string& out) {
        std::size_t at = 0;
        return expect(JsonType::string, at) && (json_.string(out) || fail_json());
    }
    bool texts(std::vector<std::string>& out) {
        out.clear();
        if (json_.type() == JsonType::string) return text(out.emplace_back());
        return elements([&] { return text(out.emplace_back()); });
    }
    bool truth(bool& out) {
        std::size_t at = 0;
        return expect(JsonType::boolean, at) && (json_.boolean(out) || fail_json());
    }
    /// 0 to 999,999,999.
    bool count(std::size_t& out) {
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
    bool word(std::span<const Word<Value>> words, Value& out) {
        std::size_t at = 0;
        std::string found;
        if (!expect(JsonType::string, at)) return false;
        if (!json_.string(found)) return fail_json();
        for (const Word<Value>& known : words) {
            if (known.word == found) {
                out = known.value;
                return true;
            }
        }
        return fail(Errc::unknown_name, at);
    }

    bool source(FieldSource& out) {
        std::size_t at = 0;
        std::string form;
        if (!expect(JsonType::string, at)) return false;
        if (!json_.string(form)) return fail_json();
        Result<FieldSource> parsed = FieldSource::parse(form);
        if (!parsed) {
            // The byte itself, unless escapes stand between it and the quote.
            const bool plain = text_.substr(at + 1, form.size()) == form;
            return fail(parsed.error().code, plain ? at + 1 + parsed.error().offset : at);
        }
        out = *std::move(parsed);
        return true;
    }
    bool sources(FieldSources& out) {
        out.clear();
        if (json_.type() == JsonType::string) return source(out.emplace_back());
        return elements([&] { return source(out.emplace_back()); });
    }

    bool is_object() { return json_.type() == JsonType::object; }

    Result<Mapping> preset() {
        // A reader of its own: the preset may stand anywhere, and comes first all the same.
        Reader first(text_);
        std::string name;
        std::size_t at = no_offset;
        const bool fine = first.members([&](std::string_view key) {
            if (key != "preset") return first.json_.skip() || first.fail_json();
            at = first.next_offset();
            return first.text(name);
        });
        // What is no JSON fails again, with all of its path.
        if (!fine && !first.json_.failed()) return *first.error_;
        if (at == no_offset) return preset::recommended();
        Result<Mapping> found = find_preset(name);
        if (!found) return alertmap::Error{found.error().code, at, "preset"};
        return found;
    }

    bool member(std::string_view key, Mapping& out) {
        if (key == "preset") return json_.skip();
        if (key == "per") return word<FanOut>(fan_outs, out.per);
        if (key == "summary") return sources(out.summary.from);
        if (key == "description") return description(out.description);
        if (key == "labels") return labels(out.labels);
        if (key == "external_id") return external_id(out.external_id);
        if (key == "url") return sources(out.url.from);
        if (key == "runbook_url") return sources(out.runbook_url.from);
        if (key == "transition") return transition(out.transition);
        if (key == "severity") return severity(out.severity);
        if (key == "notify") return notify(out.notify);
        if (key == "heartbeat") return heartbeat(out.heartbeat);
        if (key == "source") return sources(out.source);
        if (key == "service") return sources(out.service);
        if (key == "location") return sources(out.location.from);
        if (key == "client") return text(out.client);
        return unknown_member();
    }

    bool description(DescriptionPolicy& out) {
        if (!is_object()) return sources(out.from);
        return members([&](std::string_view key) {
            if (key == "from") return sources(out.from);
            if (key == "lines") return sources(out.lines);
            if (key == "max_lines") return count(out.max_lines);
            return unknown_member();
        });
    }

    bool label_set_list(std::vector<LabelSet>& out) {
        out.clear();
        if (json_.type() == JsonType::string) return word<LabelSet>(label_sets, out.emplace_back());
        return elements([&] { return word<LabelSet>(label_sets, out.emplace_back()); });
    }
    bool labels(LabelsPolicy& out) {
        if (!is_object()) return label_set_list(out.from);
        return members([&](std::string_view key) {
            if (key == "from") return label_set_list(out.from);
            if (key == "include") return texts(out.include);
            if (key == "exclude") return texts(out.exclude);
            if (key == "rename") {
                out.rename.clear();
                return members([&](std::string_view from) {
                    return text(out.rename.emplace_back(LabelsPolicy::Rename{std::string(from), {}}).to);
                });
            }
            if (key == "add") {
                out.add.clear();
                return members([&](std::string_view name) {
                    return sources(out.add.emplace_back(LabelsPolicy::Addition{std::string(name), {}}).from);
                });
            }
            return unknown_member();
        });
    }

    bool external_id(ExternalIdPolicy& out) {
        if (!is_object()) return sources(out.from);
        return members([&](std::string_view key) {
            if (key == "from") return sources(out.from);
            if (key == "combine") return truth(out.combine);
            if (key == "scope") return sources(out.scope);
            if (key == "max_length") return id_length(out.max_length);
            return unknown_member();
        });
    }
    /// None, or room for a hash at least.
    bool id_length(std::size_t& out) {
        const std::size_t at = next_offset();
        return count(out) && (out == 0 || out >= 64 || fail(Errc::invalid_value, at));
    }

    bool transition(TransitionPolicy& out) {
        return members([&](std::string_view key) {
            if (key == "by") return word<TransitionPolicy::By>(transitions_by, out.by);
            if (key == "override_key") return text(out.override_key);
            return unknown_member();
        });
    }

    bool severity(SeverityPolicy& out) {
        if (!is_object()) return sources(out.from);
        return members([&](std::string_view key) {
            if (key == "from") return sources(out.from);
            if (key == "fallback") return word<Severity>(severities, out.fallback);
            if (key == "words") {
                out.words.clear();
                return members([&](std::string_view found) {
                    return word<Severity>(severities, out.words.emplace_back(SeverityWord{std::string(found), {}}).severity);
                });
            }
            return unknown_member();
        });
    }

    /// An object of two texts, both of which must be there.
    bool pair(std::string_view first_key, std::string& first, std::string_view second_key, std::string& second) {
        const std::size_t at = next_offset();
        int found = 0;
        const bool fine = members([&](std::string_view key) {
            ++found;
            if (key == first_key) return text(first);
            if (key == second_key) return text(second);
            return unknown_member();
        });
        return fine && (found == 2 || fail(Errc::missing_value, at));
    }

    bool notify(NotifyPolicy& out) {
        return members([&](std::string_view key) {
            if (key == "annotation") return text(out.annotation);
            if (key == "fixed") {
                out.fixed.clear();
                return elements([&] {
                    NotifyPolicy::Target& target = out.fixed.emplace_back();
                    return pair("type", target.type, "id", target.id);
                });
            }
            return unknown_member();
        });
    }

    bool heartbeat(HeartbeatPolicy& out) {
        if (!is_object()) return texts(out.alertnames);
        return members([&](std::string_view key) {
            if (key == "alertnames") return texts(out.alertnames);
            if (key == "labels") {
                out.labels.clear();
                return elements([&] {
                    HeartbeatPolicy::Match& match = out.labels.emplace_back();
                    return pair("label", match.label, "value", match.value);
                });
            }
            return unknown_member();
        });
    }

    std::string_view text_;
    JsonReader json_;
    std::string path_;
    std::size_t name_at_ = 0;
    std::optional<alertmap::Error> error_;
};

/// Writes the members of a mapping, one in a line.
class Writer {
 public:
    Result<std::string> write(const Mapping& mapping) {
        value("per", [&](JsonWriter& json) { json.value(name(mapping.per)); });
        sources_value("summary", mapping.summary.from);
        value("description", [&](JsonWriter& json) {
            json.begin_object();
            sources(json, "from", mapping.description.from);
            sources(json, "lines", mapping.description.lines);
            json.member("max_lines", mapping.description.max_lines);
            json.end_object();
        });
        value("labels", [&](JsonWriter& json) { labels(json, mapping.labels); });
        value("external_id", [&](JsonWriter& json) {
            json.begin_object();
            sources(json, "from", mapping.external_id.from);
            json.member("combine", mapping.external_id.combine);
            sources(json, "scope", mapping.external_id.scope);
            json.member("max_length", mapping.external_id.max_length);
            json.end_object();
        });
        sources_value("url", mapping.url.from);
        sources_value("runbook_url", mapping.runbook_url.from);
        value("transition", [&](JsonWriter& json) {
            refuse_function(mapping.transition.function);
            json.begin_object();
            json.member("by", name(mapping.transition.by));
            json.member("override_key", std::string_view(mapping.transition.override_key));
            json.end_object();
        });
        value("severity", [&](JsonWriter& json) { severity(json, mapping.severity); });
        value("notify", [&](JsonWriter& json) { notify(json, mapping.notify); });
        value("heartbeat", [&](JsonWriter& json) { heartbeat(json, mapping.heartbeat); });
        sources_value("source", mapping.source);
        sources_value("service", mapping.service);
        sources_value("location", mapping.location.from);
        value("client", [&](JsonWriter& json) { json.value(std::string_view(mapping.client)); });
        if (error_) return *error_;
        return text_ + "\n}\n";
    }

 private:
    template <class Write>
    void value(std::string_view key, Write write) {
        key_ = key;
        Buffer out;
        {
            JsonWriter json(out);
            write(json);
        }
        text_.append(text_.empty() ? "{\n  \"" : ",\n  \"").append(key).append("\": ").append(out.view());
    }
    void fail() {
        if (!error_) error_ = alertmap::Error{Errc::invalid_value, no_offset, std::string(key_)};
    }
    template <class Value>
    void refuse_function(const Callable<Value>& function) {
        if (function) fail();
    }

    void source_list(JsonWriter& json, const FieldSources& sources) {
        json.begin_array();
        for (const FieldSource& source : sources) {
            const Result<std::string> form = source.print();
            if (form) {
                json.value(std::string_view(*form));
            } else {
                fail();
            }
        }
        json.end_array();
    }
    void sources_value(std::string_view key, const FieldSources& sources) {
        value(key, [&](JsonWriter& json) { source_list(json, sources); });
    }
    void sources(JsonWriter& json, JsonKey key, const FieldSources& sources) {
        json.key(key);
        source_list(json, sources);
    }
    void texts(JsonWriter& json, JsonKey key, const std::vector<std::string>& texts) {
        json.key(key);
        json.begin_array();
        for (const std::string& text : texts) json.value(std::string_view(text));
        json.end_array();
    }

    void labels(JsonWriter& json, const LabelsPolicy& labels) {
        refuse_function(labels.function);
        json.begin_object();
        json.key("from");
        json.begin_array();
        for (LabelSet set : labels.from) json.value(name(set));
        json.end_array();
        texts(json, "include", labels.include);
        texts(json, "exclude", labels.exclude);
        json.key("rename");
        json.begin_object();
        for (const LabelsPolicy::Rename& rename : labels.rename) json.member(rename.from, rename.to);
        json.end_object();
        json.key("add");
        json.begin_object();
        for (const LabelsPolicy::Addition& addition : labels.add) {
            json.key(addition.name);
            source_list(json, addition.from);
        }
        json.end_object();
        json.end_object();
    }

    void severity(JsonWriter& json, const SeverityPolicy& severity) {
        refuse_function(severity.function);
        json.begin_object();
        sources(json, "from", severity.from);
        json.key("words");
        json.begin_object();
        for (const SeverityWord& word : severity.words) json.member(word.word, name(word.severity));
        json.end_object();
        json.member("fallback", name(severity.fallback));
        json.end_object();
    }

    void notify(JsonWriter& json, const NotifyPolicy& notify) {
        refuse_function(notify.function);
        json.begin_object();
        json.member("annotation", std::string_view(notify.annotation));
        json.key("fixed");
        json.begin_array();
        for (const NotifyPolicy::Target& target : notify.fixed) {
            json.begin_object();
            json.member("type", std::string_view(target.type));
            json.member("id", std::string_view(target.id));
            json.end_object();
        }
        json.end_array();
        json.end_object();
    }

    void heartbeat(JsonWriter& json, const HeartbeatPolicy& heartbeat) {
        refuse_function(heartbeat.function);
        json.begin_object();
        texts(json, "alertnames", heartbeat.alertnames);
        json.key("labels");
        json.begin_array();
        for (const HeartbeatPolicy::Match& match : heartbeat.labels) {
            json.begin_object();
            json.member("label", std::string_view(match.label));
            json.member("value", std::string_view(match.value));
            json.end_object();
        }
        json.end_array();
        json.end_object();
    }

    std::string text_;
    std::string_view key_;
    std::optional<alertmap::Error> error_;
};

constexpr MappingMember all_members[] = {
    {"per", "one event for each alert, or one for each group"},
    {"summary", "the one-line title: the first source that is not blank"},
    {"description", "what else there is to say; of a group a line for each alert"},
    {"labels", "which labels go along: sets, include, exclude, rename, add"},
    {"external_id", "what deduplicates and resolves: sources, combine, scope, max_length"},
    {"url", "the link back: the first source with an http or https URL"},
    {"runbook_url", "the link to the runbook"},
    {"transition", "trigger, acknowledge, resolve or ignore: by status or ends_at, with an override key"},
    {"severity", "critical, error, warning or info: sources of the word, words, fallback"},
    {"notify", "whom to page: an annotation with JSON, or fixed targets"},
    {"heartbeat", "which alerts are the dead man's switch: alertnames, labels"},
    {"source", "what is broken"},
    {"service", "which service it belongs to"},
    {"location", "latitude and longitude"},
    {"client", "who reports"},
};

}  // namespace

std::span<const MappingMember> mapping_members() noexcept { return all_members; }

Result<Mapping> parse_mapping(std::string_view json) { return Reader(json).read(); }

Result<std::string> print_mapping(const Mapping& mapping) {
    Result<std::string> text = Writer().write(mapping);
    if (!text) return text;
    // Names that stand twice, lengths that no file may set: what does not come back as it was is not given out.
    const Result<Mapping> again = parse_mapping(*text);
    if (again && *again == mapping) return text;
    return alertmap::Error{Errc::invalid_value, no_offset, again ? std::string() : again.error().path};
}

}  // namespace alertmap
