// simdjson On-Demand as its documentation reads objects: one loop over the fields; one reused parser, in place. It does not validate
// skipped values, nor bytes after the document.

#include <simdjson.h>

#include <cstring>

#include "../payloads.hpp"

namespace bench {
namespace {

namespace ondemand = simdjson::ondemand;

/// get_string(): simdjson decodes every string into its own buffer.
struct DecodingReader {
    template <class Value, class Function>
    static bool each_member(Value&& value, Function&& function) {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) return false;
        for (auto field : object) {
            ondemand::raw_json_string name;
            ondemand::value member;
            if (field.key().get(name) != simdjson::SUCCESS || field.value().get(member) != simdjson::SUCCESS) return false;
            if (!function(name, member)) return false;
        }
        return true;
    }
    template <class Value, class Function>
    static bool each_label(Value&& value, Function&& function) {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) return false;
        for (auto field : object) {
            std::string_view name;
            std::string_view label;
            if (field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
            if (field.value().get_string().get(label) != simdjson::SUCCESS) return false;
            function(name, label);
        }
        return true;
    }
    template <class Value, class Function>
    static bool each_element(Value&& value, Function&& function) {
        ondemand::array array;
        if (value.get_array().get(array) != simdjson::SUCCESS) return false;
        for (auto element : array) {
            ondemand::value item;
            if (element.get(item) != simdjson::SUCCESS || !function(item)) return false;
        }
        return true;
    }
    template <class Value>
    static bool text(Value&& value, std::string_view& out) {
        return value.get_string().get(out) == simdjson::SUCCESS;
    }
    template <class Value>
    static bool number(Value&& value, std::uint64_t& out) {
        return value.get_uint64().get(out) == simdjson::SUCCESS;
    }
};

/// Raw tokens: views into the body, decoded only where there is a backslash.
struct RawReader : DecodingReader {
    template <class Value, class Function>
    static bool each_label(Value&& value, Function&& function) {
        ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS) return false;
        for (auto field : object) {
            ondemand::raw_json_string raw;
            if (field.key().get(raw) != simdjson::SUCCESS) return false;
            const char* const end = static_cast<const char*>(std::memchr(raw.raw(), '"', max_name));
            if (end == nullptr) return false;
            std::string_view name(raw.raw(), static_cast<std::size_t>(end - raw.raw()));
            // A name with an escaped quote contains a backslash, so this check covers both.
            if (name.find('\\') != name.npos && field.unescaped_key().get(name) != simdjson::SUCCESS) return false;
            ondemand::value member;
            std::string_view label;
            if (field.value().get(member) != simdjson::SUCCESS || !text(member, label)) return false;
            function(name, label);
        }
        return true;
    }
    template <class Value>
    static bool text(Value&& value, std::string_view& out) {
        std::string_view token = value.raw_json_token();
        if (token.size() < 2 || token.front() != '"') return false;
        while (token.back() != '"') token.remove_suffix(1);  // white space
        token = token.substr(1, token.size() - 2);
        if (std::memchr(token.data(), '\\', token.size()) != nullptr) return value.get_string().get(out) == simdjson::SUCCESS;
        out = token;
        return true;
    }

    static constexpr std::size_t max_name = 1 << 20;
};

template <class Reader>
class OnDemand final : public PayloadPeer<OnDemand<Reader>> {
 public:
#ifdef SIMDJSON_THREADS_ENABLED
    OnDemand() { parser_.threaded = false; }  // single-threaded, as all candidates
#endif

    const alertmap::AlertGroup* parse(std::string_view body) override {
        storage_.begin(body.size());
        ondemand::document document;
        if (parser_.iterate(body.data(), body.size(), body.size() + padding).get(document) != simdjson::SUCCESS) return nullptr;
        if (!StructReader<Reader>{storage_}.group(document)) return nullptr;
        return storage_.finish();
    }

    std::size_t stream(std::string_view lines) override {
        ondemand::document_stream documents;
        if (parser_.iterate_many(lines.data(), lines.size(), 1 << 20).get(documents) != simdjson::SUCCESS) return 0;
        std::size_t count = 0;
        for (auto document : documents) {
            storage_.begin(lines.size());
            ondemand::document_reference reference;
            if (std::move(document).get(reference) != simdjson::SUCCESS || !StructReader<Reader>{storage_}.group(reference)) return 0;
            (void)storage_.finish();
            ++count;
        }
        return count;
    }

    std::string_view payload(Vendor vendor, const Page& page) { return json_.payload(vendor, page); }

 private:
    ondemand::parser parser_;
    Storage storage_;
    FastJson json_;
};

}  // namespace

std::unique_ptr<Peer> make_simdjson_ondemand() { return std::make_unique<OnDemand<DecodingReader>>(); }
std::unique_ptr<Peer> make_simdjson_ondemand_raw() { return std::make_unique<OnDemand<RawReader>>(); }

}  // namespace bench
