#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "../support/oracle.hpp"
#include "alertmap/buffer.hpp"
#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/parser.hpp"

// Arbitrary bytes: compares the parser with the reference reader, with itself, and with its results under other options.
using namespace alertmap;

namespace {

void require(bool condition, std::string_view what) {
    if (condition) return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

/// The alerts after writing and reading them again. A missing fingerprint is written as the computed one.
void same_alerts(const AlertGroup& before, const AlertGroup& after) {
    require(before.alerts.size() == after.alerts.size(), "another count of alerts");
    for (std::size_t i = 0; i < before.alerts.size(); ++i) {
        Alert expected = before.alerts[i];
        if (expected.fingerprint.empty()) expected.fingerprint = after.alerts[i].fingerprint;
        require(expected == after.alerts[i], "another alert");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Parser parser;
    static Parser again;
    static Parser salvaging([] {
        ParseOptions options;
        options.salvage = true;
        return options;
    }());
    static Parser strict([] {
        ParseOptions options;
        options.strict = true;
        return options;
    }());
    const std::string_view body(reinterpret_cast<const char*>(data), size);

    // The reference reader is recursive.
    if (std::count_if(body.begin(), body.end(), test::opens) < 1000) {
        const std::string difference = test::difference_from_reference(parser, body);
        require(difference.empty(), difference);
    }

    const auto group = parser.parse(body);
    require(test::describe(group, parser) == test::describe(again.parse(body), again), "another result the second time");

    const auto saved = salvaging.parse(body);
    const auto severe = strict.parse(body);
    if (group) {
        require(saved && test::describe(*saved) == test::describe(*group), "salvage changes a valid body");
        require(severe.has_value() == (parser.warning_count() == 0), "strict and the warnings disagree");
        const auto owned = OwnedAlertGroup::copy(*group);
        require(owned && test::describe(**owned) == test::describe(*group), "the owned group is another");
    } else {
        require(!severe, "strict accepts more");
        if (saved) {
            require(saved->incomplete && !fully_resolved(*saved), "salvaged, and complete all the same");
            Buffer written;
            write_group(*saved, written);
            const auto whole = parser.parse(written.view());
            require(whole.has_value(), "what was salvaged is no alert group");
            same_alerts(*saved, *whole);
        }
    }
    return 0;
}
