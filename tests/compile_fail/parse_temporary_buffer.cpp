// error: deleted
#include <cstddef>

#include "alertmap/buffer.hpp"
#include "alertmap/parser.hpp"

alertmap::Buffer read_body();

std::size_t alerts(alertmap::Parser& parser) {
    const alertmap::Buffer body = read_body();
    std::size_t count = parser.parse(body)->alerts.size();
#ifdef ALERTMAP_FAILING_CODE
    count = parser.parse(read_body())->alerts.size();
#endif
    return count;
}
