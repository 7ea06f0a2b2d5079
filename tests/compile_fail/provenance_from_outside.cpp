// error: private|deleted|no matching
#include "alertmap/text.hpp"

alertmap::Text text(const char* bytes) {
    alertmap::Text text = std::string_view(bytes);
#ifdef ALERTMAP_FAILING_CODE
    text = alertmap::Text(bytes, 3, alertmap::detail::TextKind::verbatim);
#endif
    return text;
}
