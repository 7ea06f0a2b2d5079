// error: deleted
#include <string>
#include <utility>

#include "alertmap/parser.hpp"

bool parses(alertmap::Parser& parser, std::string body) {
#ifdef ALERTMAP_FAILING_CODE
    return parser.parse(std::move(body)).has_value();
#else
    return parser.parse(body).has_value();
#endif
}
