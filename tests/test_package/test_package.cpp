#include <alertmap/alertmap.hpp>

#include <cstdio>

int main() {
    alertmap::Parser parser;
    const auto group = parser.parse(R"({"alerts":[{"status":"firing","labels":{"alertname":"DiskFull"}}]})");
    if (!group) return 1;
    std::printf("alertmap %s: %zu alert\n", ALERTMAP_VERSION_STRING, group->alerts.size());
    return group->alerts.size() == 1 ? 0 : 1;
}
