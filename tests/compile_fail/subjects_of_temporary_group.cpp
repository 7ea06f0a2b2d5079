// error: deleted
#include "alertmap/subject.hpp"

alertmap::AlertGroup make_group();

std::size_t count() {
#ifdef ALERTMAP_FAILING_CODE
    return alertmap::subjects(make_group(), alertmap::FanOut::per_alert).size();
#else
    const alertmap::AlertGroup group = make_group();
    return alertmap::subjects(group, alertmap::FanOut::per_alert).size();
#endif
}
