#include <alertmap/alertmap.hpp>
#include <string_view>

std::size_t count_alerts(alertmap::Parser& parser, std::string_view body) {
    const auto group = parser.parse(body);
    return group ? group->alerts.size() : 0;
}
