#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/pipeline.hpp"
#include "alertmap/alertmap.hpp"

namespace {

void require_none(const std::string& fault) {
    if (fault.empty()) return;
    std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
}

/// Checks that every target and forward writes a body before the search starts: otherwise it would not be tested.
test::Pipeline ready_pipeline() {
    test::Pipeline pipeline;
    alertmap::Parser parser;
    const auto group =
        parser.parse(R"({"version":"4","groupKey":"k","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A"}}]})");
    if (!group || !pipeline.complete()) require_none("no group, or a target that cannot be made");
    require_none(pipeline.fault(*group));
    require_none(pipeline.silent());
    return pipeline;
}

}  // namespace

// Arbitrary bytes that are a group, or contain complete alerts: through every preset, target and forward.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static alertmap::Parser parser([] {
        alertmap::ParseOptions options;
        options.salvage = true;
        options.max_alerts = 8;
        return options;
    }());
    static test::Pipeline pipeline = ready_pipeline();
    const auto group = parser.parse({reinterpret_cast<const char*>(data), size});
    if (!group) return 0;
    require_none(pipeline.fault(*group));
    return 0;
}
