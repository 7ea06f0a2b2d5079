// error: deleted
#include "alertmap/text.hpp"

alertmap::Text absent() {
    alertmap::Text text;
#ifdef ALERTMAP_FAILING_CODE
    text = nullptr;
#endif
    return text;
}
