// Boost.JSON: stream_parser with a monotonic resource over a reused block, then views into the value.

#include <boost/json.hpp>
#include <vector>

#include "../payloads.hpp"

namespace bench {
namespace {

namespace json = boost::json;

struct BoostReader {
    template <class Function>
    static bool each_member(const json::value& value, Function&& function) {
        const json::object* object = value.if_object();
        if (object == nullptr) return false;
        for (const json::key_value_pair& member : *object) {
            if (!function(std::string_view(member.key().data(), member.key().size()), member.value())) return false;
        }
        return true;
    }
    template <class Function>
    static bool each_label(const json::value& value, Function&& function) {
        return each_member(value, [&](std::string_view name, const json::value& member) {
            std::string_view label;
            if (!text(member, label)) return false;
            function(name, label);
            return true;
        });
    }
    template <class Function>
    static bool each_element(const json::value& value, Function&& function) {
        const json::array* array = value.if_array();
        if (array == nullptr) return false;
        for (const json::value& element : *array) {
            if (!function(element)) return false;
        }
        return true;
    }
    static bool text(const json::value& value, std::string_view& out) {
        const json::string* string = value.if_string();
        if (string == nullptr) return false;
        out = {string->data(), string->size()};
        return true;
    }
    static bool number(const json::value& value, std::uint64_t& out) {
        const std::int64_t* signed_number = value.if_int64();  // its parser's type for all numbers that fit
        if (signed_number == nullptr || *signed_number < 0) return false;
        out = static_cast<std::uint64_t>(*signed_number);
        return true;
    }
};

class Boost final : public PayloadPeer<Boost> {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        // Four times the body is enough for its values; beyond that the heap is used.
        if (block_.size() < 4 * body.size() + 4096) block_.resize(4 * body.size() + 4096);
        root_ = nullptr;
        resource_.emplace(block_.data(), block_.size());
        json::error_code error;
        parser_.reset(&*resource_);
        parser_.write(body.data(), body.size(), error);
        if (error) return nullptr;
        parser_.finish(error);
        if (error) return nullptr;
        root_ = new (value_) json::value(parser_.release());
        if (!StructReader<BoostReader>{storage_}.group(*root_)) return nullptr;
        return storage_.finish();
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    json::stream_parser parser_;
    std::vector<unsigned char> block_;
    std::optional<json::monotonic_resource> resource_;
    alignas(json::value) unsigned char value_[sizeof(json::value)];
    json::value* root_ = nullptr;  // never destroyed: the resource frees its memory at once
    Storage storage_;
    FastJson json_;
};

}  // namespace

std::unique_ptr<Peer> make_boost_json() { return std::make_unique<Boost>(); }

}  // namespace bench
