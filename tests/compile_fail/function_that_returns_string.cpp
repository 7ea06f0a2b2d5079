// error: (no match for|no viable|could not convert)
#include <string>

#include "alertmap/policies/field_source.hpp"

alertmap::FieldSource source() {
    alertmap::FieldSource source;
#ifdef ALERTMAP_FAILING_CODE
    source = [](const alertmap::Subject& subject, alertmap::Arena&) { return std::string(subject.labels().get("a")); };
#else
    source = [](const alertmap::Subject& subject, alertmap::Arena& arena) { return arena.copy(subject.labels().get("a")); };
#endif
    return source;
}
