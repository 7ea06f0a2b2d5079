#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.hpp"
#include "support/kernels.hpp"
#include "support/pipeline.hpp"

// Prints one line per payload of each preset, target and forward: its number, body, writer, size and a hash. The outputs of two builds are
// compared: they must not depend on the CPU. `payloads N` prints payload N itself, `payloads --kernels` the names of the simdjson kernels
// that this CPU supports.
namespace {

std::size_t number = 0;
std::size_t wanted = 0;
std::string body_name;

void print(std::string_view writer, std::string_view body) {
    ++number;
    if (wanted != 0) {
        if (number == wanted) std::printf("%.*s\n", static_cast<int>(body.size()), body.data());
        return;
    }
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a
    for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    std::printf("%zu %s %.*s %zu %016llx\n", number, body_name.c_str(), static_cast<int>(writer.size()), writer.data(), body.size(),
                static_cast<unsigned long long>(hash));
}

/// A JSON string of about `size` bytes with escapes and multi-byte characters. The sequence of mt19937 is portable.
std::string text(std::mt19937& random, std::size_t size, bool clean) {
    static constexpr std::string_view odd[] = {"\\n",     "\\\"",    "\\\\", "\\u0007", "\\u0041",  "\\ud83d\\udd25", "\\/",
                                               "\\u2028", "\\ud800", "<",    ">&",      "\xc3\xa9", "\xe2\x80\xa8",   "\xf0\x9f\x94\xa5"};
    std::string made = "\"";
    while (made.size() <= size) {
        if (!clean && random() % 6 == 0) {
            made += odd[random() % std::size(odd)];
        } else {
            made += static_cast<char>('a' + random() % 26);
        }
    }
    return made + "\"";
}

/// A group with texts of all lengths up to 80 bytes, some with escapes. Made in sequence, as the evaluation order of operands is
/// unspecified.
std::string generated(std::mt19937& random, std::size_t from) {
    std::string body = R"({"receiver":"pager","status":"firing","alerts":[)";
    const auto add = [&](std::string_view before, std::size_t size, bool clean = false) {
        body += before;
        body += text(random, size, clean);
    };
    for (std::size_t alert = 0; alert < 4; ++alert) {
        const std::size_t size = from + alert;
        body += alert == 0 ? "" : ",";
        body += alert == 3 ? R"({"status":"resolved",)" : R"({"status":"firing",)";
        add(R"("labels":{"alertname":)", size, alert % 2 == 0);
        add(R"(,"instance":)", size + 1);
        add(",", 6);
        add(":", size + 2);
        add(R"(},"annotations":{"description":)", 3 * size);
        add(R"(,"summary":)", size);
        body += R"(},"startsAt":"2026-01-15T10:30:00.)" + std::to_string(100 + size) +
                R"(Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus.example.test/graph?x=)" + std::to_string(size) +
                R"(\u0026y=1","fingerprint":"00000000000000)" + std::to_string(10 + size) + "\"}";
    }
    add(R"(],"groupLabels":{"alertname":)", from);
    add(R"(},"commonLabels":{},"commonAnnotations":{"summary":)", from);
    add(R"(},"externalURL":"http://alertmanager.example.test","version":"4","groupKey":)", 40);
    return body + R"(,"truncatedAlerts":0})";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "--kernels") {
        test::with_each_kernel([](const std::string& name) { std::printf("%s\n", name.c_str()); });
        return 0;
    }
    if (argc > 1) wanted = std::strtoul(argv[1], nullptr, 10);
    std::vector<test::Body> bodies = test::webhooks();
    for (const auto& path : test::files("webhooks/odd")) bodies.push_back({path.stem().string(), test::read_file(path)});
    std::mt19937 random(1);
    for (std::size_t size = 1; size <= 77; size += 4) bodies.push_back({"generated-" + std::to_string(size), generated(random, size)});

    alertmap::Parser parser;
    test::Pipeline pipeline;
    pipeline.on_body = print;
    for (const test::Body& body : bodies) {
        if (body.bytes.size() > 50'000) continue;
        body_name = body.name;
        const auto group = parser.parse(body.bytes);
        const std::string fault = group ? pipeline.fault(*group) : to_string(group.error());
        if (!fault.empty()) std::printf("%s: %s\n", body_name.c_str(), fault.c_str());
    }
    return number > 5000 ? 0 : 1;
}
