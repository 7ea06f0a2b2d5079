#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/pipeline.hpp"
#include "alertmap/alertmap.hpp"

// Any bytes that are a group, or hold the complete alerts of one: through every preset, target and forward.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static alertmap::Parser parser([] {
        alertmap::ParseOptions options;
        options.salvage = true;
        options.max_alerts = 8;
        return options;
    }());
    static test::Pipeline pipeline;
    const auto group = parser.parse({reinterpret_cast<const char*>(data), size});
    if (!group) return 0;
    const std::string fault = pipeline.fault(*group);
    if (fault.empty()) return 0;
    std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
}
