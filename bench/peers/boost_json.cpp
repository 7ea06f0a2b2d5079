// Boost.JSON: stream_parser with a monotonic resource over a reused block, then views into the value.
// Payloads: an object each in reused memory, and its serializer.

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

/// Builds an object in reused memory.
class Builder {
 public:
    void begin_object() {
        resource_.release();
        root_ = new (value_) json::object(&resource_);
        open_ = root_;
    }
    void begin_object(std::string_view name) { open_ = &(*root_)[view(name)].emplace_object(); }
    void member(std::string_view name, std::string_view text) { open_->emplace(view(name), view(text)); }
    void end_object() { open_ = root_; }
    [[nodiscard]] const json::object& root() const { return *root_; }

 private:
    static json::string_view view(std::string_view text) { return {text.data(), text.size()}; }

    unsigned char block_[65536];
    json::monotonic_resource resource_{block_, sizeof block_};
    alignas(json::object) unsigned char value_[sizeof(json::object)];
    json::object* root_ = nullptr;  // never destroyed: the resource frees its memory at once
    json::object* open_ = nullptr;
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

    std::string_view payload(Vendor vendor, const Page& page) {
        write_payload(builder_, vendor, page);
        serializer_.reset(&builder_.root());
        text_.clear();
        while (!serializer_.done()) {
            char piece[4096];
            const json::string_view read = serializer_.read(piece);
            text_.append(read.data(), read.size());
        }
        return text_;
    }

 private:
    json::stream_parser parser_;
    std::vector<unsigned char> block_;
    std::optional<json::monotonic_resource> resource_;
    alignas(json::value) unsigned char value_[sizeof(json::value)];
    json::value* root_ = nullptr;  // never destroyed: the resource frees its memory at once
    Storage storage_;
    Builder builder_;
    json::serializer serializer_;
    std::string text_;
};

}  // namespace

std::unique_ptr<Peer> make_boost_json() { return std::make_unique<Boost>(); }

}  // namespace bench
