// error: deleted
#include <vector>

#include "alertmap/alert_group.hpp"

alertmap::AlertGroup group_of(const std::vector<alertmap::Alert>& alerts) {
    alertmap::AlertGroup group;
#ifdef ALERTMAP_FAILING_CODE
    group.alerts = std::vector<alertmap::Alert>(alerts);
#else
    group.alerts = alerts;
#endif
    return group;
}
