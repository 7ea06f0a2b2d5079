#include <simdjson.h>

namespace simdjson {

internal::atomic_ptr<const implementation>& get_active_implementation() {
    static internal::atomic_ptr<const implementation> none{nullptr};
    return none;
}

}  // namespace simdjson
