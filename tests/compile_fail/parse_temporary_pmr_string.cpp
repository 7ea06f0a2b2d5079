// error: deleted
#include <cstddef>
#include <memory_resource>
#include <string>

#include "alertmap/parser.hpp"

std::pmr::string read_body();

std::size_t alerts(alertmap::Parser& parser) {
    const std::pmr::string body = read_body();
    std::size_t count = parser.parse(body)->alerts.size();
#ifdef ALERTMAP_FAILING_CODE
    count = parser.parse(read_body())->alerts.size();
#endif
    return count;
}
