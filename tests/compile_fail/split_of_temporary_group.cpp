// error: deleted
#include "alertmap/forwards/alertmanager.hpp"

alertmap::AlertGroup make();

void split_group() {
    const alertmap::AlertGroup group = make();
    (void)alertmap::split(group, 10);
#ifdef ALERTMAP_FAILING_CODE
    (void)alertmap::split(make(), 10);
#endif
}
