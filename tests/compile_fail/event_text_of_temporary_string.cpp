// error: deleted
#include <string>

#include "alertmap/arena.hpp"
#include "alertmap/event.hpp"

std::string host();

void name_it(alertmap::Event& event, alertmap::Arena& arena) {
    event.summary = arena.copy(host() + " is down");
#ifdef ALERTMAP_FAILING_CODE
    event.summary = host() + " is down";
#endif
}
