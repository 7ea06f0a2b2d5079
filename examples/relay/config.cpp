#include "config.hpp"

#include <openssl/crypto.h>
#include <re2/re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "target_files.hpp"

namespace relay {
namespace {

using YAML::Node;

/// Reads typed values and collects faults, so that all faults of a file are reported at once.
class Reader {
 public:
    explicit Reader(std::string directory) : directory_(std::move(directory)) {}

    std::vector<Fault> faults;

    void fault(const Node& node, std::string text) {
        const YAML::Mark mark = node.Mark();
        faults.push_back({mark.line + 1, mark.column + 1, std::move(text)});
    }

    struct Key {
        std::string_view name;
        std::function<void(const Node&)> read;
        bool required = false;
    };
    /// Requires a map with only these keys, each at most once.
    void members(const Node& node, std::string_view what, std::initializer_list<Key> keys) {
        if (!node.IsMap()) return fault(node, std::string(what) + " must be a mapping");
        std::set<std::string> seen;
        for (const auto& pair : node) {
            const std::string name = pair.first.IsScalar() ? pair.first.Scalar() : std::string();
            const Key* key = std::find_if(keys.begin(), keys.end(), [&](const Key& one) { return one.name == name; });
            if (key == keys.end()) {
                fault(pair.first, "unknown key \"" + name + "\" in " + std::string(what));
            } else if (!seen.insert(name).second) {
                fault(pair.first, "duplicate key \"" + name + "\"");
            } else {
                key->read(pair.second);
            }
        }
        for (const Key& key : keys) {
            if (key.required && !seen.contains(std::string(key.name)))
                fault(node, std::string(what) + " needs \"" + std::string(key.name) + "\"");
        }
    }
    void each(const Node& node, std::string_view what, const std::function<void(const Node&)>& read) {
        if (!node.IsSequence()) return fault(node, std::string(what) + " must be a list");
        for (const auto& element : node) read(element);
    }

    auto text(std::string& out) {
        return [this, &out](const Node& node) {
            if (!node.IsScalar() || node.Scalar().empty()) return fault(node, "must be a string");
            out = node.Scalar();
        };
    }
    auto flag(bool& out) {
        return [this, &out](const Node& node) {
            const std::string word = node.IsScalar() ? node.Scalar() : std::string();
            if (word != "true" && word != "false") return fault(node, "must be true or false");
            out = word == "true";
        };
    }
    template <class Number>
    auto number(Number& out, Number least, Number most) {
        return [this, &out, least, most](const Node& node) {
            const std::string word = node.IsScalar() ? node.Scalar() : std::string();
            Number value{};
            const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
            if (word.empty() || error != std::errc() || end != word.data() + word.size() || value < least || value > most) {
                return fault(node, "must be a number from " + std::to_string(least) + " to " + std::to_string(most));
            }
            out = value;
        };
    }
    auto pattern(Pattern& out) {
        return [this, &out](const Node& node) {
            re2::RE2::Options options;
            options.set_log_errors(false);
            auto read = std::make_shared<const re2::RE2>(node.IsScalar() ? node.Scalar() : std::string("("), options);
            if (!read->ok()) return fault(node, "invalid regular expression: " + read->error());
            out = std::move(read);
        };
    }
    /// A secret is never in the file itself, but `{file: path}` or `{env: NAME}`.
    auto secret(std::string& out) {
        return [this, &out](const Node& node) {
            if (!node.IsMap() || node.size() != 1) return fault(node, "a secret must be {file: path} or {env: NAME}");
            const std::string kind = node.begin()->first.Scalar();
            const std::string name = node.begin()->second.IsScalar() ? node.begin()->second.Scalar() : std::string();
            if (kind == "env") {
                const char* value = std::getenv(name.c_str());
                if (value == nullptr || *value == '\0') return fault(node, "environment variable " + name + " is not set");
                out = value;
            } else if (kind == "file") {
                std::ifstream file(path(name), std::ios::binary);
                out.assign(std::istreambuf_iterator<char>(file), {});
                while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
                if (out.empty()) fault(node, "cannot read " + name + ", or it is empty");
            } else {
                fault(node, "a secret must be {file: path} or {env: NAME}");
            }
        };
    }
    /// Relative paths start at the configuration file's directory.
    [[nodiscard]] std::string path(const std::string& name) const { return name.starts_with('/') ? name : directory_ + name; }
    auto file(std::string& out) {
        return [this, &out](const Node& node) {
            if (!node.IsScalar() || node.Scalar().empty()) return fault(node, "must be a path");
            out = path(node.Scalar());
        };
    }

 private:
    std::string directory_;
};

void read_authentication(Reader& reader, const Node& node, Authentication& out) {
    reader.members(node, "authentication",
                   {{"bearer", reader.secret(out.bearer)}, {"user", reader.text(out.user)}, {"password", reader.secret(out.password)}});
    if (out.user.empty() != out.password.empty()) reader.fault(node, "user and password must both be set");
}

void read_listener(Reader& reader, const Node& node, Listener& out) {
    reader.members(
        node, "a listener",
        {{"address", reader.text(out.address), true},
         {"port", reader.number<std::uint16_t>(out.port, 0, 65535), true},
         {"tls",
          [&](const Node& tls) {
              reader.members(tls, "tls",
                             {{"certificate", reader.file(out.tls.certificate), true},
                              {"key", reader.file(out.tls.key), true},
                              {"client_ca", reader.file(out.tls.client_ca)}});
          }},
         {"authentication", [&](const Node& authentication) { read_authentication(reader, authentication, out.authentication); }}});
}

void read_cluster(Reader& reader, const Node& node, Cluster& out) {
    reader.members(
        node, "a cluster",
        {{"name", reader.text(out.name), true},
         {"peers",
          [&](const Node& peers) {
              reader.each(peers, "peers", [&](const Node& peer) {
                  const std::string url = peer.IsScalar() ? peer.Scalar() : std::string();
                  if (!alertmap::Url(url).str()) return reader.fault(peer, "must be an http or https URL");
                  out.peers.push_back(url);
              });
          },
          true},
         {"interval_seconds", reader.number<std::int64_t>(out.interval_seconds, 1, 3600)},
         {"opens",
          [&](const Node& opens) {
              using Opens = alertmap::ClusterOptions::Opens;
              const std::string word = opens.IsScalar() ? opens.Scalar() : std::string();
              const std::pair<std::string_view, Opens> words[] = {
                  {"when_mutes_are_listed", Opens::when_mutes_are_listed}, {"always", Opens::always}, {"never", Opens::never}};
              const auto known = std::find_if(std::begin(words), std::end(words), [&](const auto& one) { return one.first == word; });
              if (known == std::end(words)) return reader.fault(opens, "must be when_mutes_are_listed, always or never");
              out.opens = known->second;
          }},
         {"needs_heartbeat", reader.flag(out.needs_heartbeat)},
         {"authentication", [&](const Node& authentication) { read_authentication(reader, authentication, out.authentication); }}});
}

/// An unquoted scalar that is a JSON word or number keeps its type; a quoted one is a string.
bool json_literal(const Node& node) {
    const std::string& text = node.Scalar();
    if (node.Tag() == "!" || text.empty()) return false;
    if (text == "true" || text == "false" || text == "null") return true;
    double ignored = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, ignored);
    const char first = text[text[0] == '-' && text.size() > 1 ? 1 : 0];
    const bool leading_zero = first == '0' && text.find_first_of(".eE") == std::string::npos && text != "0" && text != "-0";
    return error == std::errc() && stop == end && first >= '0' && first <= '9' && text.back() != '.' && !leading_zero;
}

/// Converts a part of the configuration to JSON for the library. Duplicate keys are faults.
void append_json(Reader& reader, const Node& node, std::string& out) {
    const auto append_text = [&](const std::string& text) {
        alertmap::Buffer buffer;
        {
            alertmap::JsonWriter json(buffer);
            json.value(text);
        }
        out += buffer.view();
    };
    if (node.IsNull()) {
        out += "null";
    } else if (node.IsScalar()) {
        json_literal(node) ? void(out += node.Scalar()) : append_text(node.Scalar());
    } else if (node.IsSequence()) {
        out += '[';
        for (std::size_t i = 0; i < node.size(); ++i) {
            if (i != 0) out += ',';
            append_json(reader, node[i], out);
        }
        out += ']';
    } else {
        out += '{';
        std::set<std::string> seen;
        for (const auto& pair : node) {
            const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : std::string();
            if (!seen.insert(key).second) reader.fault(pair.first, "duplicate key \"" + key + "\"");
            if (seen.size() > 1) out += ',';
            append_text(key);
            out += ':';
            append_json(reader, pair.second, out);
        }
        out += '}';
    }
}

/// The node at an error's path ("external_id.scope[1]"), or its deepest existing parent.
Node node_at(Node node, std::string_view path) {
    while (!path.empty()) {
        const Node& here = node;  // const: otherwise [] would create missing nodes
        const bool is_index = path.front() == '[';
        const std::size_t end = is_index ? path.find(']') : std::min(path.find_first_of(".["), path.size());
        if (end == std::string_view::npos) return node;
        Node next(YAML::NodeType::Undefined);
        if (is_index) {
            std::size_t index = 0;
            std::from_chars(path.data() + 1, path.data() + end, index);
            if (here.IsSequence() && index < here.size()) next.reset(here[index]);
        } else if (here.IsMap() && here[std::string(path.substr(0, end))]) {
            next.reset(here[std::string(path.substr(0, end))]);
        }
        if (!next.IsDefined()) return node;
        node.reset(next);
        path.remove_prefix(end + (is_index ? 1 : 0));
        if (path.starts_with('.')) path.remove_prefix(1);
    }
    return node;
}

/// JSON for the library: `{file: path}`, or inline.
struct JsonPart {
    std::string text;
    std::string file;  ///< empty: inline
};
JsonPart read_json(Reader& reader, const Node& node, std::string_view what) {
    JsonPart part;
    if (node.IsMap() && node.size() == 1 && node.begin()->first.IsScalar() && node.begin()->first.Scalar() == "file") {
        reader.file(part.file)(node.begin()->second);
        std::ifstream file(part.file, std::ios::binary);
        part.text.assign(std::istreambuf_iterator<char>(file), {});
        if (part.text.empty() && !part.file.empty()) reader.fault(node, part.file + ": cannot be read, or is empty");
    } else if (node.IsMap()) {
        const std::size_t before = reader.faults.size();
        append_json(reader, node, part.text);
        if (reader.faults.size() != before) part.text.clear();  // one fault is enough
    } else {
        reader.fault(node, std::string(what) + " must be a name, {file: path}, or a mapping of its members");
    }
    return part;
}
void json_fault(Reader& reader, const Node& node, const JsonPart& part, alertmap::Error error) {
    if (!part.file.empty()) return reader.fault(node, part.file + ": " + to_string(error));
    error.offset = alertmap::no_offset;  // of the generated JSON, which the user does not see
    reader.fault(node_at(node, error.path), to_string(error));
}

/// The mapping: a preset's name, or the format of docs/mapping-files.md, inline or in a file.
void read_mapping(Reader& reader, const Node& node, alertmap::Mapping& out) {
    if (node.IsScalar()) {
        if (const auto preset = alertmap::find_preset(node.Scalar())) {
            out = *preset;
        } else {
            reader.fault(node, "unknown preset \"" + node.Scalar() + "\"");
        }
        return;
    }
    const JsonPart part = read_json(reader, node, "a mapping");
    if (part.text.empty()) return;
    const auto mapping = alertmap::parse_mapping(part.text);
    if (!mapping) return json_fault(reader, node, part, mapping.error());
    out = *mapping;
}

/// An option of a target or forward, with its node for faults.
struct GivenOption {
    Node place;
    alertmap::OptionValue option;
    bool plain = false;  ///< written in the configuration itself
};

void read_options(Reader& reader, const Node& map, std::vector<GivenOption>& out) {
    if (!map.IsMap()) return reader.fault(map, "options must be a mapping");
    std::set<std::string> seen;
    for (const auto& pair : map) {
        GivenOption given{pair.first, {pair.first.IsScalar() ? pair.first.Scalar() : std::string(), {}}, pair.second.IsScalar()};
        if (!seen.insert(given.option.key).second) reader.fault(pair.first, "duplicate key \"" + given.option.key + "\"");
        if (given.plain) {
            given.option.value = pair.second.Scalar();
        } else {
            reader.secret(given.option.value)(pair.second);
        }
        out.push_back(std::move(given));
    }
}

/// The options, if all are known and no secret is inline. `known` has members key and is.
template <class Known>
std::vector<alertmap::OptionValue> checked_options(Reader& reader, const std::vector<GivenOption>& given, const Known& known) {
    std::vector<alertmap::OptionValue> options;
    for (const GivenOption& one : given) {
        const auto found = std::find_if(known.begin(), known.end(), [&](const auto& option) { return option.key == one.option.key; });
        if (found == known.end()) {
            reader.fault(one.place, "unknown option \"" + one.option.key + "\"");
            continue;
        }
        const bool secret = found->is == alertmap::OptionIs::secret || found->is == alertmap::OptionIs::required_secret;
        if (secret && one.plain) {
            reader.fault(one.place, "\"" + one.option.key + "\" is a secret: it must be {file: path} or {env: NAME}");
        }
        options.push_back(one.option);
    }
    return options;
}

/// A built-in target or forward by name.
template <class Any>
void make_built_in(Reader& reader, const Node& node, std::string_view what, std::span<const alertmap::Kind<Any>> kinds,
                   const std::vector<GivenOption>& given, std::optional<Any>& out) {
    const std::string name = node.IsScalar() ? node.Scalar() : std::string();
    const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.name == name; });
    if (kind == kinds.end()) return reader.fault(node, "unknown " + std::string(what) + " \"" + name + "\"");
    const auto made = kind->make(checked_options(reader, given, kind->options));
    made ? void(out = *made) : reader.fault(node, name + ": " + to_string(made.error()));
}

/// A target in the format of docs/targets/template.md.
void make_template(Reader& reader, const Node& node, const JsonPart& part, const std::vector<GivenOption>& given, Destination& out) {
    if (part.text.empty()) return;
    const auto known = alertmap::template_options(part.text);
    if (!known) return json_fault(reader, node, part, known.error());
    const auto made = alertmap::TemplateTarget::parse(part.text, checked_options(reader, given, *known));
    if (!made) return json_fault(reader, node, part, made.error());
    out.kind = made->name;
    out.target = *made;
}

/// The installed file of a vendor, by name.
std::optional<std::string> file_of_vendor(const std::string& name) {
    const auto built_in = alertmap::targets();
    if (std::any_of(built_in.begin(), built_in.end(), [&](const auto& one) { return one.name == name; })) return std::nullopt;
    return target_files::find(name);
}

void read_destination(Reader& reader, const Node& node, Destination& out) {
    std::vector<GivenOption> options;
    Node target(YAML::NodeType::Undefined);
    Node forward(YAML::NodeType::Undefined);
    Node mapping(YAML::NodeType::Undefined);
    Node rate(YAML::NodeType::Undefined);
    const auto keep = [](Node& to) { return [&to](const Node& value) { to.reset(value); }; };
    reader.members(node, "a destination",
                   {{"name", reader.text(out.name), true},
                    {"target", keep(target)},
                    {"forward", keep(forward)},
                    {"mapping", keep(mapping)},
                    {"rate", keep(rate)},
                    {"options", [&](const Node& map) { read_options(reader, map, options); }}});
    if (target.IsDefined() == forward.IsDefined()) return reader.fault(node, "a destination needs either \"target\" or \"forward\"");
    if (forward.IsDefined()) {
        if (mapping.IsDefined()) reader.fault(mapping, "a forward has no mapping: it forwards the unchanged message");
        make_built_in(reader, forward, "forward", alertmap::forwards(), options, out.forward);
        if (out.forward) out.kind = std::string(out.forward->name()) + " (forward)";
    } else if (std::optional<std::string> file = target.IsScalar() ? file_of_vendor(target.Scalar()) : std::nullopt) {
        make_template(reader, target, {std::move(*file), target.Scalar() + ".json"}, options, out);
    } else if (target.IsScalar()) {
        make_built_in(reader, target, "target", alertmap::targets(), options, out.target);
        out.kind = target.Scalar();
    } else {
        make_template(reader, target, read_json(reader, target, "a target"), options, out);
    }
    if (mapping.IsDefined() && !forward.IsDefined()) read_mapping(reader, mapping, out.mapping);
    if (out.target) out.rate = out.target->traits().rate;
    if (rate.IsDefined()) {
        reader.members(rate, "rate",
                       {{"requests", reader.number<std::uint32_t>(out.rate.n, 1, 1'000'000), true},
                        {"seconds", reader.number<std::uint32_t>(out.rate.seconds, 1, 86'400), true}});
    }
}

void read_route(Reader& reader, const Node& node, Route& out) {
    reader.members(node, "a route",
                   {{"name", reader.text(out.name), true},
                    {"path", reader.text(out.path), true},
                    {"receiver", reader.pattern(out.receiver)},
                    {"match",
                     [&](const Node& match) {
                         if (!match.IsMap()) return reader.fault(match, "match must be a mapping");
                         std::set<std::string> seen;
                         for (const auto& pair : match) {
                             LabelMatcher matcher;
                             reader.text(matcher.name)(pair.first);
                             if (!seen.insert(matcher.name).second) reader.fault(pair.first, "duplicate key \"" + matcher.name + '"');
                             reader.pattern(matcher.value)(pair.second);
                             out.match.push_back(std::move(matcher));
                         }
                     }},
                    {"cluster", reader.text(out.cluster)},
                    {"destinations",
                     [&](const Node& list) {
                         reader.each(list, "destinations", [&](const Node& name) { reader.text(out.destinations.emplace_back())(name); });
                     },
                     true}});
    if (!out.cluster.empty() && out.receiver == nullptr) {
        reader.fault(node, "a route with a cluster needs a receiver: a listing has the alerts of all receivers");
    }
    if (!out.path.starts_with('/')) reader.fault(node, "path must start with a slash");
}

constexpr std::size_t least_secret_path = 17;  // the slash and 16 unguessable characters

void read_secret_path(Reader& reader, const Node& node, std::string& out) {
    reader.secret(out)(node);
    if (out.empty()) return;
    const bool printable = std::all_of(out.begin(), out.end(), [](char c) { return c > ' ' && c < 0x7f && c != '?' && c != '#'; });
    if (out.front() != '/' || out.size() < least_secret_path || !printable) {
        reader.fault(node, "a secret path must start with a slash, followed by at least 16 characters that need no URL encoding");
    }
}

void read_callback(Reader& reader, const Node& node, Callback& out) {
    std::string secret_path;
    reader.members(node, "a callback",
                   {{"destination", reader.text(out.destination), true},
                    {"path", reader.text(out.path)},
                    {"signature", reader.secret(out.signature)},
                    {"secret_path", [&](const Node& path) { read_secret_path(reader, path, secret_path); }}});
    const bool by_signature = node.IsMap() && node["signature"] && node["path"] && !node["secret_path"];
    const bool by_path = node.IsMap() && node["secret_path"] && !node["path"] && !node["signature"];
    if (by_signature == by_path) return reader.fault(node, "a callback needs either \"path\" and \"signature\", or \"secret_path\"");
    if (by_path) out.path = secret_path;
    if (by_signature && !out.path.starts_with('/')) reader.fault(node, "path must start with a slash");
}

void read_recorder(Reader& reader, const Node& node, Recorder& out) {
    reader.members(node, "a recorder",
                   {{"cluster", reader.text(out.cluster), true},
                    {"secret_path", [&](const Node& path) { read_secret_path(reader, path, out.path); }, true}});
}

void read_limits(Reader& reader, const Node& node, Limits& out) {
    reader.members(node, "limits",
                   {{"body_bytes", reader.number<std::size_t>(out.body_bytes, 1024, 1u << 30)},
                    {"head_bytes", reader.number<std::size_t>(out.head_bytes, 1024, 1u << 20)},
                    {"queued_bytes", reader.number<std::size_t>(out.queued_bytes, 1u << 20, std::size_t{1} << 34)},
                    {"connections", reader.number<std::size_t>(out.connections, 1, 1'000'000)},
                    {"head_seconds", reader.number<std::int64_t>(out.head_seconds, 1, 600)},
                    {"body_seconds", reader.number<std::int64_t>(out.body_seconds, 1, 3600)},
                    {"idle_seconds", reader.number<std::int64_t>(out.idle_seconds, 1, 3600)}});
}

void read_timing(Reader& reader, const Node& node, Timing& out) {
    constexpr std::int64_t most = 366 * 86400;
    reader.members(node, "timing",
                   {{"reassert", reader.number<std::int64_t>(out.reassert, 1, most)},
                    {"settle", reader.number<std::int64_t>(out.settle, 1, most)},
                    {"close_grace", reader.number<std::int64_t>(out.close_grace, 1, most)},
                    {"open_grace", reader.number<std::int64_t>(out.open_grace, 1, most)},
                    {"peer_grace", reader.number<std::int64_t>(out.peer_grace, 0, most)},
                    {"confirm", reader.number<std::int64_t>(out.confirm, 1, most)},
                    {"listing_pause", reader.number<std::int64_t>(out.listing_pause, 1, most)},
                    {"repeat_interval", reader.number<std::int64_t>(out.repeat_interval, 1, most)},
                    {"stale_after", reader.number<std::int64_t>(out.stale_after, 0, most)}});
}

/// Checks that referenced names exist and names are unique.
void check_names(Reader& reader, const Node& root, const Config& config) {
    const auto unique = [&](const auto& list, std::string_view what) {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (!list[i].name.empty() && !seen.insert(list[i].name).second)
                reader.fault(root[std::string(what) + 's'][i], "duplicate " + std::string(what) + " \"" + list[i].name + '"');
        }
        return seen;
    };
    const std::set<std::string> destinations = unique(config.destinations, "destination");
    const std::set<std::string> clusters = unique(config.clusters, "cluster");
    unique(config.routes, "route");
    for (std::size_t i = 0; i < config.routes.size(); ++i) {
        const Node place = root["routes"][i];
        for (const std::string& name : config.routes[i].destinations) {
            if (!destinations.contains(name)) reader.fault(place, "route " + config.routes[i].name + ": no destination \"" + name + "\"");
        }
        const std::string& cluster = config.routes[i].cluster;
        if (!cluster.empty() && !clusters.contains(cluster))
            reader.fault(place, "route " + config.routes[i].name + ": no cluster \"" + cluster + "\"");
    }
    // A path of the relay or of a route must not bypass the listener's authentication.
    std::set<std::string> taken{"/", "/healthz", "/readyz", "/metrics", "/status"};
    for (const Route& route : config.routes) taken.insert(route.path);
    for (std::size_t i = 0; i < config.callbacks.size(); ++i) {
        const Callback& callback = config.callbacks[i];
        const Node place = root["callbacks"][i];
        const auto destination = std::find_if(config.destinations.begin(), config.destinations.end(),
                                              [&](const Destination& one) { return one.name == callback.destination; });
        if (destination == config.destinations.end()) {
            reader.fault(place, "no destination \"" + callback.destination + "\"");
        } else if (!destination->target || callback_reader(destination->kind) == nullptr) {
            reader.fault(place, "no callbacks of " + destination->kind + " are known");
        } else if (!callback.signature.empty() && destination->kind != "pagerduty") {
            reader.fault(place, "no signature of " + destination->kind + " is supported: use secret_path");
        }
        if (!taken.insert(callback.path).second) reader.fault(place, "duplicate path");
    }
    for (std::size_t i = 0; i < config.recorders.size(); ++i) {
        const Node place = root["recorders"][i];
        if (!clusters.contains(config.recorders[i].cluster)) reader.fault(place, "no cluster \"" + config.recorders[i].cluster + "\"");
        if (!taken.insert(config.recorders[i].path).second) reader.fault(place, "duplicate path");
    }
    if (!config.fallback.empty() && !destinations.contains(config.fallback)) {
        reader.fault(root["fallback"], "no destination \"" + config.fallback + "\"");
    }
    if (!config.heartbeat.empty()) {
        const auto destination = std::find_if(config.destinations.begin(), config.destinations.end(),
                                              [&](const Destination& one) { return one.name == config.heartbeat; });
        if (destination == config.destinations.end()) {
            reader.fault(root["heartbeat"], "no destination \"" + config.heartbeat + "\"");
        } else if (!destination->target || !destination->target->request(heartbeat_event())) {
            reader.fault(root["heartbeat"], "destination \"" + config.heartbeat + "\" has no heartbeat: set the option for it");
        }
    }
    for (const Destination& destination : config.destinations) {
        if (destination.name == config.fallback && destination.forward) {
            reader.fault(root["fallback"], "the fallback must be a target: a forward only forwards messages");
        }
    }
}

bool valid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
        if (size == 0 || text.size() - i < size) return false;
        for (std::size_t j = 1; j < size; ++j) {
            if ((static_cast<unsigned char>(text[i + j]) & 0xc0) != 0x80) return false;
        }
        i += size;
    }
    return true;
}

}  // namespace

bool matches(const Pattern& pattern, std::string_view text) {
    return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *pattern);
}

bool takes(const Route& route, std::string_view receiver, const alertmap::Labels& labels) {
    if (route.receiver != nullptr && !matches(route.receiver, receiver)) return false;
    return std::all_of(route.match.begin(), route.match.end(),
                       [&](const LabelMatcher& matcher) { return matches(matcher.value, labels.get(matcher.name)); });
}

alertmap::Event heartbeat_event() {
    alertmap::Event event;
    event.external_id = "alertmap-relay/heartbeat";
    event.summary = "alertmap-relay works";
    event.heartbeat = true;
    return event;
}

CallbackReader callback_reader(std::string_view kind) {
    if (kind == "pagerduty") return &alertmap::read_pagerduty_callback;
    if (kind == "signl4") return &alertmap::read_signl4_callback;
    if (kind.starts_with("better_stack")) return &alertmap::read_better_stack_callback;
    if (kind.starts_with("rootly")) return &alertmap::read_rootly_callback;
    return nullptr;
}

std::vector<std::string> open_paths(const Config& config) {
    std::vector<std::string> paths;
    for (const Callback& callback : config.callbacks) paths.push_back(callback.path);
    for (const Recorder& recorder : config.recorders) paths.push_back(recorder.path);
    return paths;
}

bool same_secret(std::string_view a, std::string_view b) {
    const auto of_a = alertmap::sha256(a);
    const auto of_b = alertmap::sha256(b);
    return CRYPTO_memcmp(of_a.data(), of_b.data(), of_a.size()) == 0;
}

std::string base64(std::string_view text) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t bits = 0;
        const std::size_t count = std::min<std::size_t>(3, text.size() - i);
        for (std::size_t j = 0; j < 3; ++j) bits = bits << 8 | (j < count ? static_cast<unsigned char>(text[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j) out += j <= count ? digits[bits >> (18 - 6 * j) & 63] : '=';
    }
    return out;
}

Loaded load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return {std::nullopt, {{0, 0, "cannot be read"}}};
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!valid_utf8(text)) return {std::nullopt, {{0, 0, "is not UTF-8"}}};

    const std::size_t slash = path.rfind('/');
    Reader reader(slash == std::string::npos ? std::string() : path.substr(0, slash + 1));
    Config config;
    try {
        const std::vector<Node> documents = YAML::LoadAll(text);
        if (documents.size() != 1) return {std::nullopt, {{0, 0, "must be one YAML document"}}};
        const Node& root = documents.front();
        reader.members(
            root, "the configuration",
            {{"listeners",
              [&](const Node& list) {
                  reader.each(list, "listeners", [&](const Node& one) { read_listener(reader, one, config.listeners.emplace_back()); });
              },
              true},
             {"clusters",
              [&](const Node& list) {
                  reader.each(list, "clusters", [&](const Node& one) { read_cluster(reader, one, config.clusters.emplace_back()); });
              }},
             {"destinations",
              [&](const Node& list) {
                  reader.each(list, "destinations",
                              [&](const Node& one) { read_destination(reader, one, config.destinations.emplace_back()); });
              },
              true},
             {"routes",
              [&](const Node& list) {
                  reader.each(list, "routes", [&](const Node& one) { read_route(reader, one, config.routes.emplace_back()); });
              },
              true},
             {"callbacks",
              [&](const Node& list) {
                  reader.each(list, "callbacks", [&](const Node& one) { read_callback(reader, one, config.callbacks.emplace_back()); });
              }},
             {"recorders",
              [&](const Node& list) {
                  reader.each(list, "recorders", [&](const Node& one) { read_recorder(reader, one, config.recorders.emplace_back()); });
              }},
             {"heartbeat",
              [&](const Node& heartbeat) {
                  reader.members(heartbeat, "heartbeat",
                                 {{"destination", reader.text(config.heartbeat), true},
                                  {"interval_seconds", reader.number<std::int64_t>(config.heartbeat_seconds, 1, 86'400)}});
              }},
             {"fallback", reader.text(config.fallback)},
             {"store", reader.file(config.store), true},
             {"dead_letters", reader.file(config.dead_letters), true},
             {"dead_letter_files", reader.number<std::size_t>(config.dead_letter_files, 1, 1'000'000)},
             {"accept_unreadable", reader.flag(config.accept_unreadable)},
             {"timing", [&](const Node& timing) { read_timing(reader, timing, config.timing); }},
             {"limits", [&](const Node& limits) { read_limits(reader, limits, config.limits); }}});
        if (reader.faults.empty()) check_names(reader, root, config);
    } catch (const YAML::Exception& error) {
        reader.faults.push_back({error.mark.line + 1, error.mark.column + 1, error.msg});
    }
    std::stable_sort(reader.faults.begin(), reader.faults.end(),
                     [](const Fault& a, const Fault& b) { return std::pair(a.line, a.column) < std::pair(b.line, b.column); });
    if (!reader.faults.empty()) return {std::nullopt, std::move(reader.faults)};
    return {std::move(config), {}};
}

std::string to_string(const std::string& path, const Fault& fault) {
    if (fault.line == 0) return path + ": " + fault.text;
    return path + ':' + std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " + fault.text;
}

}  // namespace relay
