// error: deleted
#include <string>

#include "alertmap/listing.hpp"

std::string read_body();

std::size_t alerts(alertmap::ListingReader& reader) {
    const std::string body = read_body();
    std::size_t count = reader.alerts(body)->alerts;
#ifdef ALERTMAP_FAILING_CODE
    count = reader.alerts(read_body())->alerts;
#endif
    return count;
}
