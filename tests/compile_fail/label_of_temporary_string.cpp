// error: deleted|no viable
#include <string>

#include "alertmap/labels.hpp"

std::string value();

alertmap::Label label(const std::string& kept) {
    alertmap::Label label{"team", kept};
#ifdef ALERTMAP_FAILING_CODE
    label = {"team", value()};
#endif
    return label;
}
