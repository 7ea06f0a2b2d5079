#include "alertmap/callback.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <utility>

#include "alertmap/arena.hpp"
#include "alertmap/identity.hpp"
#include "raw_json.hpp"

namespace alertmap {
namespace {

/// The texts at given paths of a JSON text, e.g. "data.id"; everything else is skipped.
class Paths {
 public:
    explicit Paths(std::string_view body) : json_(body) {
        if (body.empty()) {
            error_ = Error{Errc::empty_body, no_offset, {}};
            return;
        }
        const bool object = walk({}, 0);
        if (!json_.finish()) {
            error_ = json_.error();
        } else if (!object) {
            error_ = Error{Errc::wrong_type, 0, {}};
        }
    }

    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }
    /// The first non-empty text among these paths.
    [[nodiscard]] std::string_view first_of(std::initializer_list<std::string_view> paths) const {
        for (const std::string_view path : paths) {
            for (const auto& [known, text] : found_) {
                if (known == path && !text.empty()) return text;
            }
        }
        return {};
    }

 private:
    static constexpr int max_depth = 3;

    bool walk(const std::string& prefix, int depth) {
        return detail::each_member(json_, arena_, [&](std::string_view name) {
            const std::string path = prefix.empty() ? std::string(name) : prefix + "." + std::string(name);
            if (json_.type() == detail::JsonType::object && depth < max_depth) {
                walk(path, depth + 1);
            } else if (found_.size() < 1000) {
                found_.emplace_back(path, detail::next_text(json_, arena_));
            } else {
                json_.skip();
            }
        });
    }

    detail::JsonReader json_;
    Arena arena_;
    std::vector<std::pair<std::string, std::string_view>> found_;
    std::optional<Error> error_;
};

std::optional<VendorState> state_of(std::string_view word) {
    for (const std::string_view acknowledged : {"acknowledged", "incident.acknowledged", "alert.acknowledged"}) {
        if (word == acknowledged) return VendorState::acknowledged;
    }
    for (const std::string_view closed : {"resolved", "closed", "incident.resolved", "alert.resolved"}) {
        if (word == closed) return VendorState::closed;
    }
    for (const std::string_view open : {"started", "open", "triggered", "reopened", "incident.triggered", "incident.reopened",
                                        "incident.unacknowledged", "alert.created"}) {
        if (word == open) return VendorState::open;
    }
    return std::nullopt;
}

Result<std::vector<VendorCallback>> callback(const Paths& paths, std::string_view word, std::string_view external_id,
                                             std::string_view vendor_id) {
    if (paths.error()) return *paths.error();
    std::vector<VendorCallback> said;
    const std::optional<VendorState> state = state_of(word);
    if (state && !(external_id.empty() && vendor_id.empty())) {
        said.push_back({std::string(external_id), std::string(vendor_id), *state});
    }
    return said;
}

/// HMAC-SHA256. Source: RFC 2104.
std::array<std::uint8_t, 32> hmac_sha256(std::string_view key, std::string_view text) {
    std::array<std::uint8_t, 64> block{};
    if (key.size() > block.size()) {
        const auto digest = sha256(key);
        for (std::size_t i = 0; i < digest.size(); ++i) block[i] = digest[i];
    } else {
        for (std::size_t i = 0; i < key.size(); ++i) block[i] = static_cast<std::uint8_t>(key[i]);
    }
    const auto padded = [&block](std::uint8_t pad) {
        std::string out;
        for (const std::uint8_t byte : block) out += static_cast<char>(byte ^ pad);
        return out;
    };
    const auto inner = sha256(padded(0x36).append(text));
    std::string outer = padded(0x5c);
    for (const std::uint8_t byte : inner) outer += static_cast<char>(byte);
    return sha256(outer);
}

}  // namespace

Result<std::vector<VendorCallback>> read_pagerduty_callback(std::string_view body) {
    const Paths paths(body);
    return callback(paths, paths.first_of({"event.event_type"}), paths.first_of({"event.data.incident_key"}),
                    paths.first_of({"event.data.id"}));
}

bool verify_pagerduty_signature(std::string_view body, std::string_view header, std::string_view secret) {
    if (secret.empty()) return false;
    std::string expected = "v1=";
    for (const std::uint8_t byte : hmac_sha256(secret, body)) {
        expected += "0123456789abcdef"[byte >> 4];
        expected += "0123456789abcdef"[byte & 15];
    }
    bool found = false;
    while (!header.empty()) {
        const std::size_t comma = header.find(',');
        std::string_view one = header.substr(0, comma);
        header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
        while (!one.empty() && one.front() == ' ') one.remove_prefix(1);
        while (!one.empty() && one.back() == ' ') one.remove_suffix(1);
        if (one.size() != expected.size()) continue;
        // Compares all bytes, for constant time.
        unsigned difference = 0;
        for (std::size_t i = 0; i < one.size(); ++i) difference |= static_cast<unsigned char>(one[i] ^ expected[i]);
        found = found || difference == 0;
    }
    return found;
}

Result<std::vector<VendorCallback>> read_signl4_callback(std::string_view body) {
    const Paths paths(body);
    std::string_view word;
    if (paths.first_of({"eventType"}) == "201") {
        const std::string_view code = paths.first_of({"alert.statusCode"});
        word = code == "2" ? "acknowledged" : code == "4" ? "closed" : std::string_view{};
    }
    return callback(paths, word, paths.first_of({"alert.externalEventId"}), paths.first_of({"alert.id"}));
}

Result<std::vector<VendorCallback>> read_better_stack_callback(std::string_view body) {
    const Paths paths(body);
    return callback(paths, paths.first_of({"event"}), {}, paths.first_of({"data.id"}));
}

Result<std::vector<VendorCallback>> read_rootly_callback(std::string_view body) {
    const Paths paths(body);
    const std::string_view type = paths.first_of({"event.type"});
    // A webhook may report other objects than alerts; their IDs are not alert IDs.
    if (!paths.error() && !type.starts_with("alert.")) return std::vector<VendorCallback>{};
    const std::string_view status = paths.first_of({"data.status", "data.attributes.status"});
    return callback(paths, state_of(status) ? status : type, paths.first_of({"data.external_id", "data.attributes.external_id"}),
                    paths.first_of({"data.id"}));
}

}  // namespace alertmap
