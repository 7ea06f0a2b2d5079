// error: deleted|constraints
#include "alertmap/json_writer.hpp"

enum class Color { red };

void write(alertmap::JsonWriter& json, [[maybe_unused]] Color color, [[maybe_unused]] const int* pointer) {
    json.member("threshold", "x");
#ifdef ALERTMAP_FAILING_CODE
    json.member("threshold", 'x');
#endif
}
