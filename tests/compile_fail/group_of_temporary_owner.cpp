// error: deleted
#include "alertmap/parser.hpp"

std::size_t alerts(const alertmap::AlertGroup& group) {
#ifdef ALERTMAP_FAILING_CODE
    const alertmap::AlertGroup& copy = **alertmap::OwnedAlertGroup::copy(group);
#else
    const auto owned = alertmap::OwnedAlertGroup::copy(group);
    const alertmap::AlertGroup& copy = **owned;
#endif
    return copy.alerts.size();
}
