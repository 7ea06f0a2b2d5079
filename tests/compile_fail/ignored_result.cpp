// error: nodiscard
#include "alertmap/parser.hpp"

void parse(alertmap::Parser& parser, std::string_view body) {
#ifdef ALERTMAP_FAILING_CODE
    parser.parse(body);
#else
    static_cast<void>(parser.parse(body));
#endif
}
