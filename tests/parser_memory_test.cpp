#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alertmap/forwards/alertmanager.hpp"
#include "alertmap/parser.hpp"
#include "support/allocations.hpp"
#include "support/describe.hpp"
#include "support/files.hpp"
#include "support/kernels.hpp"

// Which bytes are read, viewed, copied and allocated.
using namespace alertmap;

// Counts operator new of the library, simdjson and the test. (Memory from the parser's realloc is in memory().) Not inlined: g++ would pair
// free() with operator new, and warn.
std::atomic<std::size_t> test::allocations = 0;
using test::allocations;

// Number of further operator new (nothrow) calls that succeed; negative: all.
static int granted = -1;

static bool refuses() noexcept {
    if (granted < 0) return false;
    if (granted == 0) return true;
    --granted;
    return false;
}
static void* counted(std::size_t size) noexcept {
    ++allocations;
    return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void* operator new(std::size_t size) {
    void* bytes = counted(size);
    if (bytes == nullptr) std::abort();
    return bytes;
}
[[gnu::noinline]] void* operator new[](std::size_t size) { return operator new(size); }
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return refuses() ? nullptr : counted(size); }
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return refuses() ? nullptr : counted(size); }
[[gnu::noinline]] void operator delete(void* bytes) noexcept { std::free(bytes); }
[[gnu::noinline]] void operator delete[](void* bytes) noexcept { std::free(bytes); }
[[gnu::noinline]] void operator delete(void* bytes, std::size_t) noexcept { std::free(bytes); }
[[gnu::noinline]] void operator delete[](void* bytes, std::size_t) noexcept { std::free(bytes); }
[[gnu::noinline]] void operator delete(void* bytes, const std::nothrow_t&) noexcept { std::free(bytes); }
[[gnu::noinline]] void operator delete[](void* bytes, const std::nothrow_t&) noexcept { std::free(bytes); }

namespace {

/// Pages with a protected page on either side.
class GuardedPages {
 public:
    explicit GuardedPages(std::size_t size) {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        size_ = (size + page - 1) / page * page;
        mapped_ = size_ + 2 * page;
        void* bytes = mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(bytes != MAP_FAILED);
        base_ = static_cast<char*>(bytes);
        begin_ = base_ + page;
        REQUIRE(mprotect(base_, page, PROT_NONE) == 0);
        REQUIRE(mprotect(begin_ + size_, page, PROT_NONE) == 0);
    }
    ~GuardedPages() { munmap(base_, mapped_); }
    GuardedPages(const GuardedPages&) = delete;
    GuardedPages& operator=(const GuardedPages&) = delete;

    /// Places the text directly before the protected page.
    std::string_view at_end(std::string_view text) {
        char* to = begin_ + size_ - text.size();
        if (!text.empty()) std::memcpy(to, text.data(), text.size());
        return {to, text.size()};
    }
    /// Places the text directly after a protected page.
    std::string_view at_begin(std::string_view text) {
        if (!text.empty()) std::memcpy(begin_, text.data(), text.size());
        return {begin_, text.size()};
    }

 private:
    char* base_ = nullptr;
    char* begin_ = nullptr;
    std::size_t size_ = 0;
    std::size_t mapped_ = 0;
};

bool inside(std::string_view part, std::string_view whole) {
    const auto at = reinterpret_cast<std::uintptr_t>(part.data());
    const auto first = reinterpret_cast<std::uintptr_t>(whole.data());
    return at >= first && at + part.size() <= first + whole.size();
}

std::string described(Parser& parser, std::string_view body) { return test::describe(parser.parse(body), parser); }

/// Bodies for all code paths of the parser: captured, odd, broken, longer than a block.
std::vector<std::string> all_kinds() {
    std::vector<std::string> bodies;
    for (auto& body : test::webhooks()) bodies.push_back(std::move(body.bytes));
    bodies.push_back(
        R"({"version":4,"alerts":[{"labels":{"b":1,"a":{ "x" : "\n" },"a":null},"status":"ok","startsAt":"x","y":"\u0041"}],"z":[ ]})");
    bodies.push_back("\xef\xbb\xbf{\"alerts\":[]}");
    bodies.push_back(R"({"alerts":[{"labels":{"a":"1"}},{"labels":{"a":")");
    bodies.push_back(R"({"alerts":[{"labels":{"a":"1"}},{"labels":{"a":tru}}]})");
    bodies.push_back("[]");
    bodies.push_back("");
    std::string many = R"({"alerts":[{"labels":{)";
    for (int i = 0; i < 100; ++i) many += "\"" + std::to_string(i * 7919 % 100) + "\":\"\\u0041\",";
    many.back() = '}';
    bodies.push_back(many + R"(}],"x":1,"x":2})");
    return bodies;
}

}  // namespace

TEST_CASE("memory: a string without escapes is a view of the body, one with escapes is not") {
    const std::string body =
        R"({"receiver":"plain","status":"firing","alerts":[{"status":"firing","labels":{"plain":"v","esc\u0061ped":"\n"},)"
        R"("annotations":{"a":"plain","b":"x\\y"},"startsAt":"2026-01-15T10:30:00Z","endsAt":"","generatorURL":"http://\u0026",)"
        R"("fingerprint":"0123456789abcdef","own":"plain","other":"\u0041"}],"groupKey":17,"version":{"a":1},"externalURL":{ "a" : 1 }})";
    Parser parser;
    const auto group = parser.parse(body);
    REQUIRE(group);
    CHECK(inside(group->receiver, body));
    const Alert& alert = group->alerts[0];
    CHECK(inside(alert.labels[0].name, body));
    CHECK(inside(alert.labels[0].value, body));
    CHECK(alert.labels[0].value.data()[1] == '"');
    CHECK_FALSE(inside(alert.labels[1].name, body));
    CHECK_FALSE(inside(alert.labels[1].value, body));
    CHECK(inside(alert.annotations.get("a"), body));
    CHECK_FALSE(inside(alert.annotations.get("b"), body));
    CHECK(inside(alert.starts_at.text, body));
    CHECK(inside(alert.ends_at.text, body));
    CHECK_FALSE(inside(alert.generator_url, body));
    CHECK(inside(alert.fingerprint, body));
    CHECK(inside(alert.extra.find("own")->text, body));
    CHECK(inside(alert.extra.find("own")->json, body));
    CHECK(inside(alert.extra.find("other")->json, body));
    CHECK_FALSE(inside(alert.extra.find("other")->text, body));
    CHECK(inside(group->group_key, body));
    CHECK(inside(group->version, body));
    CHECK_FALSE(inside(group->external_url, body));
}

TEST_CASE("memory: decoded strings are not marked as verbatim") {
    // JsonWriter copies the bytes between quotes in the body: a view of the body must need no escape.
    Parser parser;
    for (const std::string& body : all_kinds()) {
        const auto group = parser.parse(body);
        if (!group) continue;
        const auto check = [&](std::string_view text) {
            if (inside(text, body)) CHECK(text.find('\\') == std::string_view::npos);
        };
        for (const Alert& alert : group->alerts) {
            for (const Labels& set : {alert.labels, alert.annotations}) {
                for (const Label& label : set) check(label.name), check(label.value);
            }
            check(alert.generator_url);
        }
        check(group->group_key);
        check(group->receiver);
        check(group->external_url);
    }
}

TEST_CASE("memory: a body before or after a protected page, with each kernel") {
    test::with_each_kernel([](const std::string& kernel) {
        CAPTURE(kernel);
        Parser parser;
        for (const std::string& body : all_kinds()) {
            GuardedPages pages(body.size() + 1);
            const std::string expected = described(parser, body);
            CHECK(described(parser, pages.at_end(body)) == expected);
            CHECK(described(parser, pages.at_begin(body)) == expected);
            Parser fresh;
            CHECK(described(fresh, pages.at_end(body)) == expected);
        }
    });
}

TEST_CASE("memory: a body truncated inside a character before a protected page, with each kernel") {
    // Stage 1 of simdjson's fallback kernel reads all bytes that a lead byte announces, even beyond the end.
    const std::string characters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x94\xa5"};
    test::with_each_kernel([&](const std::string& kernel) {
        CAPTURE(kernel);
        ParseOptions salvage;
        salvage.salvage = true;
        Parser parser;
        Parser salvaging(salvage);
        GuardedPages pages(1);
        for (const std::string_view before :
             {"", "\"", R"({")", R"({"alerts":[{"labels":{"a":")", R"({"alerts":[{"labels":{"a":"1","b":"23456789)",
              R"({"alerts":[{"labels":{"a":"1"}},{"labels":{"name":"0123456789012345678901234567890123456789)"}) {
            for (const std::string& character : characters) {
                for (std::size_t cut = 1; cut < character.size(); ++cut) {
                    const std::string body = std::string(before) + character.substr(0, cut);
                    CAPTURE(body);
                    const auto group = parser.parse(pages.at_end(body));
                    REQUIRE_FALSE(group);
                    CHECK(group.error().code == (before.empty() ? Errc::invalid_json : Errc::truncated_body));
                    CHECK(described(salvaging, pages.at_end(body)) == described(salvaging, body));
                }
            }
        }
    });
}

TEST_CASE("memory: a body of whole pages") {
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::string_view begin = R"({"alerts":[{"status":"firing","labels":{"a":"1"},"annotations":{"s":"\n)";
    const std::string_view end = R"("}}]})";
    for (std::size_t size = page - 3; size <= page + 3; ++size) {
        const std::size_t letters = size - begin.size() - end.size();
        const std::string body = std::string(begin) + std::string(letters, 'x') + std::string(end);
        GuardedPages pages(size);
        Parser parser;
        const auto group = parser.parse(pages.at_end(body));
        REQUIRE(group);
        CHECK(group->alerts[0].annotations.get("s") == "\n" + std::string(letters, 'x'));
    }
}

TEST_CASE("memory: every prefix before a protected page") {
    ParseOptions salvage;
    salvage.salvage = true;
    Parser parser;
    Parser salvaging(salvage);
    for (const std::string_view name : {"alertmanager-0.25-basic.05", "alertmanager-0.25-basic.07", "alertmanager-0.25-nested.01",
                                        "am-0.34-all-resolved", "amp-template-go-times"}) {
        CAPTURE(name);
        const std::string body = test::webhook(name);
        GuardedPages pages(body.size());
        for (std::size_t cut = 0; cut <= body.size(); ++cut) {
            const std::string_view prefix = std::string_view(body).substr(0, cut);
            REQUIRE(described(parser, pages.at_end(prefix)) == described(parser, prefix));
            REQUIRE(described(salvaging, pages.at_end(prefix)) == described(salvaging, prefix));
        }
    }
}

TEST_CASE("memory: bytes after the body are ignored") {
    Parser parser;
    for (const std::string& body : all_kinds()) {
        const std::string expected = described(parser, body);
        for (const char behind : {'\0', ' ', '"', '\\', '}', '0', '\xff'}) {
            const std::string padded = body + std::string(64, behind);
            REQUIRE(described(parser, std::string_view(padded).substr(0, body.size())) == expected);
        }
        std::string roomy = body;
        roomy.reserve(body.size() + 1000);
        REQUIRE(described(parser, roomy) == expected);
        const std::string before = "\"\\\"" + body;
        REQUIRE(described(parser, std::string_view(before).substr(3)) == expected);
    }
}

TEST_CASE("memory: the body is not modified") {
    const std::string body = test::webhook("alertmanager-0.25-basic.05");
    const std::string copy = body;
    Parser parser;
    REQUIRE(parser.parse(body));
    CHECK(body == copy);
}

TEST_CASE("memory: an empty body") {
    Parser parser;
    const auto none = parser.parse(std::string_view());
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Errc::empty_body);
}

TEST_CASE("memory: results do not depend on earlier bodies") {
    const std::vector<std::string> bodies = all_kinds();
    std::vector<std::string> expected;
    for (const std::string& body : bodies) {
        Parser fresh;
        expected.push_back(described(fresh, body));
    }
    Parser parser;
    for (int round = 0; round < 3; ++round) {
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            const std::size_t which = round == 1 ? bodies.size() - 1 - i : i;
            REQUIRE(described(parser, bodies[which]) == expected[which]);
        }
    }
}

TEST_CASE("memory: no allocation after the largest body") {
    std::vector<std::string> bodies = all_kinds();
    ParseOptions options;
    Parser parser(options);
    const auto parse_all = [&] {
        std::size_t groups = 0;
        for (const std::string& body : bodies) {
            const std::size_t before = allocations;
            const auto group = parser.parse(body);
            if (!group) continue;
            ++groups;
            CHECK(allocations == before);
        }
        return groups;
    };
    for (const std::string& body : bodies) (void)parser.parse(body).has_value();
    const std::size_t held = parser.memory();
    CHECK(parse_all() > 40);
    CHECK(parse_all() > 40);
    CHECK(parser.memory() == held);
}

TEST_CASE("memory: the allocation counter works") {
    const std::size_t before = allocations;
    const auto one = std::make_unique<int>(1);
    CHECK(*one == 1);
    CHECK(allocations == before + 1);
    Parser parser;
    CHECK(allocations > before + 1);
    const std::string body = test::webhook("alertmanager-0.25-basic.01");
    const std::size_t fresh = allocations;
    REQUIRE(parser.parse(body));
    CHECK(allocations > fresh);  // simdjson's index comes from operator new, so it is counted
}

TEST_CASE("memory: memory() returns the held bytes") {
    Parser parser;
    CHECK(parser.memory() == 0);
    const std::string small = test::webhook("alertmanager-0.25-basic.01");
    REQUIRE(parser.parse(small));
    const std::size_t after_small = parser.memory();
    CHECK(after_small > small.size());
    const std::string huge = test::webhook("alertmanager-0.25-huge-1000.02");
    REQUIRE(parser.parse(huge));
    const std::size_t after_huge = parser.memory();
    CHECK(after_huge > after_small);
    CHECK(after_huge > 4 * huge.size());  // the index alone
    CHECK(after_huge < 20 * huge.size());
    REQUIRE(parser.parse(small));
    CHECK(parser.memory() == after_huge);
}

TEST_CASE("memory: memory of a large body is freed by the next small one") {
    // Worst case for memory: unsorted label sets.
    std::string hostile = R"({"status":"firing","alerts":[)";
    while (hostile.size() < (2u << 20)) hostile += R"({"status":"firing","labels":{"b":"","a":""},"x":0},)";
    hostile.back() = ']';
    hostile += '}';
    const std::string small = R"({"status":"firing","alerts":[{"status":"firing","labels":{"a":"1"}}],"groupKey":"{}:{}"})";
    Parser parser({.keep_memory = 1u << 20});
    REQUIRE(parser.parse(hostile));
    const std::size_t most = parser.memory();
    CHECK(most > hostile.size());
    CHECK(most < 16 * hostile.size());
    // Not between large bodies, which would need it again.
    const std::string half = hostile.substr(0, hostile.size() / 2);
    CHECK_FALSE(parser.parse(half));
    CHECK(parser.memory() == most);
    const Result<AlertGroup> group = parser.parse(small);
    REQUIRE(group);
    CHECK(group->alerts[0].labels.get("a") == "1");
    CHECK(group->group_key == "{}:{}");
    CHECK(parser.memory() < (1u << 20));
    const std::size_t least = parser.memory();
    REQUIRE(parser.parse(small));
    CHECK(parser.memory() == least);
    // Nothing is freed below keep_memory.
    Parser keeping({.keep_memory = 1u << 30});
    REQUIRE(keeping.parse(hostile));
    REQUIRE(keeping.parse(small));
    CHECK(keeping.memory() >= most);
}

TEST_CASE("memory: a moved parser") {
    const std::string body = test::webhook("alertmanager-0.25-mixed.02");
    Parser first;
    const auto group = first.parse(body);
    REQUIRE(group);
    const std::string expected = test::describe(*group);
    Parser second = std::move(first);
    CHECK(test::describe(*group) == expected);  // its bytes moved, too
    REQUIRE(second.parse(body));
    first = Parser();
    CHECK(first.parse(body).has_value());
    first = std::move(second);
    const auto again = first.parse(body);
    REQUIRE(again);
    CHECK(test::describe(*again) == expected);
}

TEST_CASE("memory: a moved-from parser works") {
    const std::string body = test::webhook("alertmanager-0.25-basic.01");
    Parser first;
    REQUIRE(first.parse(body));
    const Parser second = std::move(first);
    CHECK(first.warnings().empty());  // NOLINT(bugprone-use-after-move): what it is must be known
    CHECK(first.warning_count() == 0);
    CHECK(first.memory() == 0);
    const auto group = first.parse(body);
    REQUIRE(group);
    Result<OwnedAlertGroup> owned = OwnedAlertGroup::copy(*group);
    REQUIRE(owned);
    const OwnedAlertGroup moved = std::move(*owned);
    CHECK(moved->alerts.size() == group->alerts.size());
    CHECK((*owned)->alerts.empty());
    CHECK(test::describe(**owned) == test::describe(AlertGroup{}));
    const OwnedAlertGroup none;
    CHECK(none->alerts.empty());
}

namespace {

std::string written_group(const AlertGroup& group) {
    Buffer out;
    write_group(group, out);
    return out.str();
}

}  // namespace

TEST_CASE("memory: an owned group outlives body and parser") {
    for (const std::string& bytes : all_kinds()) {
        std::string expected;
        std::string as_written;
        Result<OwnedAlertGroup> owned = Errc::out_of_memory;
        {
            auto body = std::make_unique<std::string>(bytes);
            auto parser = std::make_unique<Parser>();
            const auto group = parser->parse(*body);
            if (!group) continue;
            expected = test::describe(*group);
            as_written = written_group(*group);
            owned = OwnedAlertGroup::copy(*group);
            std::memset(body->data(), 'x', body->size());
        }
        REQUIRE(owned);
        CHECK(test::describe(**owned) == expected);
        // Copies keep the kinds of the texts.
        CHECK(written_group(**owned) == as_written);
        OwnedAlertGroup moved = std::move(*owned);
        CHECK(test::describe(*moved) == expected);
        const auto twice = OwnedAlertGroup::copy(*moved);
        REQUIRE(twice);
        moved = std::move(*OwnedAlertGroup::copy(AlertGroup{}));
        CHECK(moved->alerts.empty());
        CHECK(test::describe(**twice) == expected);
    }
}

TEST_CASE("memory: one allocation for an owned group") {
    const std::string body = test::webhook("alertmanager-0.25-huge-1000.02");
    Parser parser;
    const auto group = parser.parse(body);
    REQUIRE(group);
    const std::size_t before = allocations;
    const auto owned = OwnedAlertGroup::copy(*group);
    CHECK(allocations == before + 1);
    REQUIRE(owned);
}

TEST_CASE("memory: allocation failure is an error, and later bodies are parsed") {
    const std::string small = test::webhook("alertmanager-0.25-basic.01");
    const std::string huge = test::webhook("alertmanager-0.25-huge-1000.02");
    Parser reference;
    const std::string expected = described(reference, huge);
    int refusals = 0;
    for (int grants = 0; grants < 20; ++grants) {
        CAPTURE(grants);
        Parser parser;
        for (const std::string* body : {&small, &huge}) {
            granted = grants;
            const auto group = parser.parse(*body);
            granted = -1;
            if (!group) CHECK(group.error().code == Errc::out_of_memory);
            refusals += group ? 0 : 1;
        }
        CHECK(described(parser, huge) == expected);
        CHECK(described(parser, small) == described(reference, small));
    }
    CHECK(refusals > 0);

    const auto group = reference.parse(huge);
    REQUIRE(group);
    granted = 0;
    const auto owned = OwnedAlertGroup::copy(*group);
    granted = -1;
    REQUIRE_FALSE(owned);
    CHECK(owned.error().code == Errc::out_of_memory);
}

TEST_CASE("memory: OwnedAlertGroup of a hand-made group") {
    const std::array<Label, 2> labels{{{"a", "1"}, {"b", ""}}};
    std::array<Alert, 2> alerts{};
    alerts[0].labels = {labels.data(), 2};
    alerts[0].annotations = {labels.data(), 0};
    alerts[0].fingerprint = "f";
    alerts[1].status = Status::resolved;
    const std::array<ExtraMember, 1> fields{{{"x", "\"1\"", "1"}}};
    alerts[1].extra = {fields.data(), 1};
    AlertGroup group;
    group.receiver = "";
    group.alerts = alerts;
    group.truncated_alerts = 7;
    group.incomplete = true;
    const auto owned = OwnedAlertGroup::copy(group);
    REQUIRE(owned);
    CHECK(test::describe(**owned) == test::describe(group));
    CHECK((*owned)->alerts[0].labels.begin() != labels.data());
    CHECK((*owned)->alerts[0].annotations.present());
    CHECK_FALSE((*owned)->alerts[1].labels.present());
    CHECK((*owned)->receiver.data() != nullptr);
    CHECK((*owned)->group_key.data() == nullptr);
}

TEST_CASE("memory: label values at the end of the body") {
    const std::string body = R"({"alerts":[{"labels":{"a":""},"x":""}],"receiver":""})";
    GuardedPages pages(body.size());
    Parser parser;
    const auto group = parser.parse(pages.at_end(body));
    REQUIRE(group);
    CHECK(group->receiver.data() != nullptr);
    CHECK(group->alerts[0].labels.find("a")->value.data() != nullptr);
}
