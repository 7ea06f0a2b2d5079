// Lower bounds, and the walk that end to end is compared with.

#include <simdjson.h>

#include <cstring>
#include <vector>

#include "../peer.hpp"

namespace bench {
namespace {

namespace ondemand = simdjson::ondemand;

/// Total bytes of all strings below a value, decoded; other types are examined only after get_string() failed.
template <bool names>
std::size_t walk(ondemand::value value) {
    std::string_view text;
    if (value.get_string().get(text) == simdjson::SUCCESS) return text.size();
    std::size_t size = 0;
    ondemand::object object;
    if (value.get_object().get(object) == simdjson::SUCCESS) {
        for (auto field : object) {
            if constexpr (names) size += field.unescaped_key().value_unsafe().size();
            ondemand::value member = field.value().value_unsafe();
            size += member.get_string().get(text) == simdjson::SUCCESS ? text.size() : walk<names>(member);
        }
        return size;
    }
    ondemand::array array;
    if (value.get_array().get(array) == simdjson::SUCCESS) {
        for (auto element : array) size += walk<names>(element.value_unsafe());
        return size;
    }
    return value.raw_json_token().size();
}

template <bool names>
Walk make_walk() {
    auto parser = std::make_shared<ondemand::parser>();
    return [parser](std::string_view body) -> std::size_t {
        ondemand::document document;
        if (parser->iterate(body.data(), body.size(), body.size() + padding).get(document) != simdjson::SUCCESS) return 0;
        ondemand::value root;
        if (document.get_value().get(root) != simdjson::SUCCESS) return 0;
        return walk<names>(root);
    };
}

}  // namespace

std::string simdjson_version() { return SIMDJSON_STRINGIFY(SIMDJSON_VERSION); }
std::string simdjson_implementation() { return simdjson::get_active_implementation()->name(); }
bool simdjson_development_checks() {
#if defined(SIMDJSON_DEVELOPMENT_CHECKS) && SIMDJSON_DEVELOPMENT_CHECKS
    return true;
#else
    return false;
#endif
}

Walk make_memcpy() {
    return [to = std::vector<char>()](std::string_view body) mutable {
        if (to.size() < body.size()) to.resize(body.size());
        std::memcpy(to.data(), body.data(), body.size());
        return static_cast<std::size_t>(to[body.size() / 2]);
    };
}

Walk make_simdjson_stage1() {
    auto parser = std::make_shared<simdjson::dom::parser>();
    return [parser](std::string_view body) -> std::size_t {
        if (parser->capacity() < body.size() && parser->allocate(body.size()) != simdjson::SUCCESS) return 0;
        simdjson::internal::dom_parser_implementation& implementation = *parser->implementation;
        if (implementation.stage1(reinterpret_cast<const std::uint8_t*>(body.data()), body.size(), simdjson::stage1_mode::regular) !=
            simdjson::SUCCESS) {
            return 0;
        }
        return implementation.n_structural_indexes;
    };
}

Walk make_simdjson_dom_alone() {
    auto parser = std::make_shared<simdjson::dom::parser>();
    return [parser](std::string_view body) -> std::size_t {
        simdjson::dom::element root;
        return static_cast<std::size_t>(parser->parse(body.data(), body.size(), false).get(root));
    };
}

Walk make_ondemand_walk() { return make_walk<false>(); }
Walk make_ondemand_walk_with_names() { return make_walk<true>(); }

}  // namespace bench
