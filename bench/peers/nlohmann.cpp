// nlohmann-json: parse() into its DOM without exceptions, then views into that. Payloads: a json each, dump().

#include <nlohmann/json.hpp>

#include "../payloads.hpp"

namespace bench {
namespace {

using nlohmann::json;

struct NlohmannReader {
    template <class Function>
    static bool each_member(const json& value, Function&& function) {
        if (!value.is_object()) return false;
        for (const auto& [name, member] : value.get_ref<const json::object_t&>()) {
            if (!function(name, member)) return false;
        }
        return true;
    }
    template <class Function>
    static bool each_label(const json& value, Function&& function) {
        return each_member(value, [&](const std::string& name, const json& member) {
            std::string_view label;
            if (!text(member, label)) return false;
            function(name, label);
            return true;
        });
    }
    template <class Function>
    static bool each_element(const json& value, Function&& function) {
        if (!value.is_array()) return false;
        for (const json& element : value) {
            if (!function(element)) return false;
        }
        return true;
    }
    static bool text(const json& value, std::string_view& out) {
        if (!value.is_string()) return false;
        out = value.get_ref<const std::string&>();
        return true;
    }
    static bool number(const json& value, std::uint64_t& out) {
        if (!value.is_number_unsigned()) return false;
        out = value.get<std::uint64_t>();
        return true;
    }
};

/// Builds a json, as its users do, to be dumped.
class Builder {
 public:
    void begin_object() {
        root_ = json::object();
        open_ = &root_;
    }
    void begin_object(std::string_view name) { open_ = &(root_[std::string(name)] = json::object()); }
    void member(std::string_view name, std::string_view text) { (*open_)[std::string(name)] = text; }
    void end_object() { open_ = &root_; }
    [[nodiscard]] const json& root() const { return root_; }

 private:
    json root_;
    json* open_ = nullptr;
};

class Nlohmann final : public PayloadPeer<Nlohmann> {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        root_ = json::parse(body.begin(), body.end(), nullptr, false);
        if (root_.is_discarded() || !StructReader<NlohmannReader>{storage_}.group(root_)) return nullptr;
        return storage_.finish();
    }

    std::string_view payload(Vendor vendor, const Page& page) {
        write_payload(builder_, vendor, page);
        text_ = builder_.root().dump();
        return text_;
    }

 private:
    json root_;
    Storage storage_;
    Builder builder_;
    std::string text_;
};

}  // namespace

std::unique_ptr<Peer> make_nlohmann() { return std::make_unique<Nlohmann>(); }

}  // namespace bench
