// error: this_json_key_needs_escaping|constant expression
#include "alertmap/json_writer.hpp"

void write(alertmap::JsonWriter& json) {
    json.member("summary", "text");
#ifdef ALERTMAP_FAILING_CODE
    json.member("sum\"mary", "text");
#endif
}
