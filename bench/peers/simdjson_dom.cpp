// simdjson's DOM: one parser, reused; parsed in place (no copy for padding), then walked.

#include <simdjson.h>

#include "../payloads.hpp"

namespace bench {
namespace {

namespace dom = simdjson::dom;

struct DomReader {
    template <class Function>
    static bool each_member(dom::element value, Function&& function) {
        dom::object object;
        if (value.get(object) != simdjson::SUCCESS) return false;
        for (const auto [name, member] : object) {
            if (!function(name, member)) return false;
        }
        return true;
    }
    template <class Function>
    static bool each_label(dom::element value, Function&& function) {
        return each_member(value, [&](std::string_view name, dom::element member) {
            std::string_view label;
            if (!text(member, label)) return false;
            function(name, label);
            return true;
        });
    }
    template <class Function>
    static bool each_element(dom::element value, Function&& function) {
        dom::array array;
        if (value.get(array) != simdjson::SUCCESS) return false;
        for (dom::element element : array) {
            if (!function(element)) return false;
        }
        return true;
    }
    static bool text(dom::element value, std::string_view& out) { return value.get(out) == simdjson::SUCCESS; }
    static bool number(dom::element value, std::uint64_t& out) { return value.get(out) == simdjson::SUCCESS; }
};

class Dom final : public PayloadPeer<Dom> {
 public:
#ifdef SIMDJSON_THREADS_ENABLED
    Dom() { parser_.threaded = false; }  // single-threaded, as all candidates
#endif

    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        dom::element root;
        if (parser_.parse(body.data(), body.size(), false).get(root) != simdjson::SUCCESS) return nullptr;
        if (!StructReader<DomReader>{storage_}.group(root)) return nullptr;
        return storage_.finish();
    }

    std::size_t stream(std::string_view lines) override {
        dom::document_stream documents;
        if (parser_.parse_many(lines.data(), lines.size(), 1 << 20).get(documents) != simdjson::SUCCESS) return 0;
        std::size_t count = 0;
        for (auto document : documents) {
            storage_.begin(lines.size());
            dom::element root;
            if (document.get(root) != simdjson::SUCCESS || !StructReader<DomReader>{storage_}.group(root)) return 0;
            (void)storage_.finish();
            ++count;
        }
        return count;
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    dom::parser parser_;
    Storage storage_;
    FastJson json_;
};

}  // namespace

std::unique_ptr<Peer> make_simdjson_dom() { return std::make_unique<Dom>(); }

}  // namespace bench
