// error: deleted
#include "alertmap/buffer.hpp"
#include "alertmap/event.hpp"

alertmap::Buffer rendered();

void name_it(alertmap::Event& event, const alertmap::Buffer& kept) {
    event.summary = kept;
#ifdef ALERTMAP_FAILING_CODE
    event.summary = rendered();
#endif
}
