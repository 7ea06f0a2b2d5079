// error: deleted
#include <string_view>

#include "alertmap/buffer.hpp"

alertmap::Buffer rendered();

std::string_view body(const alertmap::Buffer& kept) {
    std::string_view view = kept.view();
#ifdef ALERTMAP_FAILING_CODE
    view = rendered().view();
#endif
    return view;
}
