#include <alertmap/alertmap.hpp>
#include <cstdio>
#include <string_view>

std::size_t count_alerts(alertmap::Parser& parser, std::string_view body);

int main() {
    alertmap::Parser parser;
    const std::size_t count = count_alerts(parser, R"({"alerts":[{"labels":{"alertname":"A"}},{"labels":{"alertname":"B"}}]})");
    alertmap::Buffer out;
    {
        alertmap::JsonWriter json(out);
        json.begin_object();
        json.member("alerts", count);
        json.member("version", ALERTMAP_VERSION_STRING);
        json.end_object();
    }
    std::printf("%.*s\n", static_cast<int>(out.size()), out.data());
    return count == 2 ? 0 : 1;
}
