// error: deleted
#include <cstddef>

#include "alertmap/listing.hpp"

std::size_t groups(alertmap::ListingReader& reader) {
    auto listing = reader.alert_groups("[]");
#ifdef ALERTMAP_FAILING_CODE
    listing = alertmap::ListingReader().alert_groups("[]");
#endif
    return listing.has_value() ? 1 : 0;
}
