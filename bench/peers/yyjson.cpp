// yyjson in situ: the body is copied to writable memory, values are in a reused pool, strings are views of the copy.

#include <yyjson.h>

#include <cstring>
#include <vector>

#include "../payloads.hpp"

namespace bench {
namespace {

struct YyjsonReader {
    template <class Function>
    static bool each_member(yyjson_val* value, Function&& function) {
        if (!yyjson_is_obj(value)) return false;
        yyjson_obj_iter members = yyjson_obj_iter_with(value);
        while (yyjson_val* const name = yyjson_obj_iter_next(&members)) {
            if (!function(std::string_view(yyjson_get_str(name), yyjson_get_len(name)), yyjson_obj_iter_get_val(name))) return false;
        }
        return true;
    }
    template <class Function>
    static bool each_label(yyjson_val* value, Function&& function) {
        return each_member(value, [&](std::string_view name, yyjson_val* member) {
            std::string_view label;
            if (!text(member, label)) return false;
            function(name, label);
            return true;
        });
    }
    template <class Function>
    static bool each_element(yyjson_val* value, Function&& function) {
        if (!yyjson_is_arr(value)) return false;
        yyjson_arr_iter elements = yyjson_arr_iter_with(value);
        while (yyjson_val* const element = yyjson_arr_iter_next(&elements)) {
            if (!function(element)) return false;
        }
        return true;
    }
    static bool text(yyjson_val* value, std::string_view& out) {
        if (!yyjson_is_str(value)) return false;
        out = {yyjson_get_str(value), yyjson_get_len(value)};
        return true;
    }
    static bool number(yyjson_val* value, std::uint64_t& out) {
        if (!yyjson_is_uint(value)) return false;
        out = yyjson_get_uint(value);
        return true;
    }
};

class Yyjson final : public PayloadPeer<Yyjson> {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        if (body_.size() < body.size() + YYJSON_PADDING_SIZE) {
            body_.resize(body.size() + YYJSON_PADDING_SIZE);
            pool_.resize(yyjson_read_max_memory_usage(body.size(), YYJSON_READ_INSITU));
        }
        std::memcpy(body_.data(), body.data(), body.size());
        std::memset(body_.data() + body.size(), 0, YYJSON_PADDING_SIZE);
        yyjson_alc pool;
        if (!yyjson_alc_pool_init(&pool, pool_.data(), pool_.size())) return nullptr;
        yyjson_doc* const document = yyjson_read_opts(body_.data(), body.size(), YYJSON_READ_INSITU, &pool, nullptr);
        if (document == nullptr || !StructReader<YyjsonReader>{storage_}.group(yyjson_doc_get_root(document))) return nullptr;
        return storage_.finish();  // the document is in the pool, which the next one reuses
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    std::vector<char> body_;
    std::vector<char> pool_;
    Storage storage_;
    FastJson json_;
};

}  // namespace

std::unique_ptr<Peer> make_yyjson() { return std::make_unique<Yyjson>(); }

}  // namespace bench
