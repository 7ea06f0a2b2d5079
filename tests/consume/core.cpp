#include <alertmap/event.hpp>
#include <alertmap/json_writer.hpp>
#include <alertmap/version.hpp>

static_assert(ALERTMAP_VERSION == ALERTMAP_VERSION_MAJOR * 10000 + ALERTMAP_VERSION_MINOR * 100 + ALERTMAP_VERSION_PATCH);

int main() {
    alertmap::Event event;
    event.summary = "disk full";
    alertmap::Buffer out;
    {
        alertmap::JsonWriter json(out);
        json.begin_object();
        json.member("title", event.summary);
        json.end_object();
    }
    return out.view() == R"({"title":"disk full"})" ? 0 : 1;
}
