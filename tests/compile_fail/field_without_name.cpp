// error: (no matching (function|constructor)|could not convert|no viable|too few arguments)
#include "alertmap/policies/field_source.hpp"

alertmap::FieldSources sources() {
#ifdef ALERTMAP_FAILING_CODE
    return {alertmap::NamedField::label};
#else
    return {alertmap::label("alertname"), alertmap::FieldKind::generator_url};
#endif
}
