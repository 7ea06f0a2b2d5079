// nlohmann-json: parse() into its DOM without exceptions, then views into that.

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

class Nlohmann final : public PayloadPeer<Nlohmann> {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        root_ = json::parse(body.begin(), body.end(), nullptr, false);
        if (root_.is_discarded() || !StructReader<NlohmannReader>{storage_}.group(root_)) return nullptr;
        return storage_.finish();
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    json root_;
    Storage storage_;
    FastJson json_;
};

}  // namespace

std::unique_ptr<Peer> make_nlohmann() { return std::make_unique<Nlohmann>(); }

}  // namespace bench
