#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "alertmap/parser.hpp"
#include "support/describe.hpp"
#include "support/files.hpp"

// Parsers in several threads. The preset tsan builds only this file.
using namespace alertmap;

TEST_CASE("threads: parsers in different threads are independent") {
    std::vector<std::string> bodies;
    for (auto& body : test::webhooks()) bodies.push_back(std::move(body.bytes));
    for (const auto& path : test::files("webhooks/odd")) bodies.push_back(test::read_file(path));
    bodies.emplace_back(R"({"alerts":[{"labels":{"a":"1"}},{"labels":{"a":")");
    bodies.emplace_back(R"({"alerts":[{"labels":{"a":"1"}},{"labels":{"a":tru}}]})");
    bodies.emplace_back("");

    // The first parse of a process chooses simdjson's kernel; let the threads do it.
    std::array<std::vector<std::string>, 4> described;
    std::array<std::thread, 4> threads;
    for (std::size_t t = 0; t < threads.size(); ++t) {
        threads[t] = std::thread([&, t] {
            Parser parser;
            described[t].resize(bodies.size());
            for (std::size_t i = 0; i < bodies.size(); ++i) {
                const std::size_t which = (i * 7 + t) % bodies.size();
                described[t][which] = test::describe(parser.parse(bodies[which]), parser);
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        Parser parser;
        const std::string expected = test::describe(parser.parse(bodies[i]), parser);
        for (const auto& one : described) CHECK(one[i] == expected);
    }
}
