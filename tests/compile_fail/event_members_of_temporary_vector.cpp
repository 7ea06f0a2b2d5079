// error: deleted
#include <vector>

#include "alertmap/event.hpp"

std::size_t count(alertmap::Event event, const alertmap::EventMember& member) {
#ifdef ALERTMAP_FAILING_CODE
    event.members = std::vector<alertmap::EventMember>{member};
#else
    const std::vector<alertmap::EventMember> members{member};
    event.members = members;
#endif
    return event.members.size();
}
