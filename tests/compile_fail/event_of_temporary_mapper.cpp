// error: deleted
#include "alertmap/mapper.hpp"
#include "alertmap/presets.hpp"

alertmap::Event event_of(const alertmap::Subject& subject, alertmap::Arena& arena) {
#ifdef ALERTMAP_FAILING_CODE
    return alertmap::Mapper(alertmap::preset::rootly())(subject, arena);
#else
    static const alertmap::Mapper map(alertmap::preset::rootly());
    return map(subject, arena);
#endif
}
