// error: no matching function|no matching constructor|conversion from|no viable conversion
#include "alertmap/targets/any.hpp"
#include "alertmap/targets/signl4.hpp"

struct NoTarget {
    static constexpr const char* name = "writes nothing";
};

void make_any() {
    const alertmap::AnyTarget any = alertmap::target::Signl4{};
    (void)any;
#ifdef ALERTMAP_FAILING_CODE
    const alertmap::AnyTarget none = NoTarget{};
    (void)none;
#endif
}
