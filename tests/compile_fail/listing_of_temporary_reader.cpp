// error: deleted
#include "alertmap/listing.hpp"

std::size_t alerts(std::string_view body) {
#ifdef ALERTMAP_FAILING_CODE
    return alertmap::ListingReader().alert_groups(body)->alerts;
#else
    alertmap::ListingReader reader;
    return reader.alert_groups(body)->alerts;
#endif
}
