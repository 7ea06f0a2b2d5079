// error: deleted
#include "alertmap/parser.hpp"

bool parses(std::string_view body) {
#ifdef ALERTMAP_FAILING_CODE
    return alertmap::Parser{}.parse(body).has_value();
#else
    alertmap::Parser parser;
    return parser.parse(body).has_value();
#endif
}
