#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/labels.hpp"
#include "alertmap/text.hpp"
#include "alertmap/timestamp.hpp"

// Printed in gdb by tests/checks/gdb.py.

namespace {

void stop_here(const alertmap::Text& text, const alertmap::Text& absent, const alertmap::Labels& labels, const alertmap::Timestamp& time,
               const alertmap::Buffer& buffer) {
    [[maybe_unused]] static volatile bool looked_at = false;
    looked_at = &text != &absent && labels.size() == 2 && time.is_set && !buffer.empty();
}

}  // namespace

int main() {
    const alertmap::Text text = std::string_view("High load \u00b0");
    const alertmap::Label label[] = {{"alertname", "HighLoad"}, {"path", "C:\\\"x\""}};
    const auto time = alertmap::parse_timestamp("2026-01-15T10:00:00Z");
    alertmap::Buffer buffer;
    buffer.append("{\"a\":1}");
    stop_here(text, alertmap::Text(), alertmap::Labels(label, 2), *time, buffer);
}
