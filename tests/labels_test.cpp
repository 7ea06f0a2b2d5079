#include "alertmap/labels.hpp"

#include <doctest/doctest.h>

#include <array>
#include <type_traits>

using alertmap::Label;
using alertmap::Labels;

namespace {
constexpr std::array<Label, 3> pairs{{{"alertname", "InstanceDown"}, {"instance", "web-1:9100"}, {"empty", ""}}};
}  // namespace

TEST_CASE("labels: absent and empty sets are distinguishable but equal") {
    constexpr Labels absent;
    constexpr Labels empty(pairs.data(), 0);
    CHECK_FALSE(absent.present());
    CHECK(absent.empty());
    CHECK(absent.size() == 0);
    CHECK(absent.begin() == absent.end());
    CHECK(empty.present());
    CHECK(empty.empty());
    CHECK(absent == empty);
}

TEST_CASE("labels: found by exact name") {
    constexpr Labels labels(pairs.data(), pairs.size());
    CHECK(labels.size() == 3);
    CHECK_FALSE(labels.empty());
    CHECK(labels.find("instance") == &pairs[1]);
    CHECK(labels.find("Instance") == nullptr);
    CHECK(labels.find("instanc") == nullptr);
    CHECK(labels.find("") == nullptr);
    CHECK(labels.get("alertname") == "InstanceDown");
    CHECK(labels[1].value == "web-1:9100");
}

TEST_CASE("labels: only a missing value has null data") {
    constexpr Labels labels(pairs.data(), pairs.size());
    CHECK(labels.get("missing").data() == nullptr);
    CHECK(labels.get("empty").data() != nullptr);
    CHECK(labels.get("empty").empty());
}

TEST_CASE("labels: equal as sets") {
    const std::array<Label, 3> same{{{"alertname", "InstanceDown"}, {"instance", "web-1:9100"}, {"empty", ""}}};
    const std::array<Label, 3> shuffled{{{"instance", "web-1:9100"}, {"alertname", "InstanceDown"}, {"empty", ""}}};
    const std::array<Label, 3> other{{{"alertname", "InstanceDown"}, {"instance", "web-2:9100"}, {"empty", ""}}};
    const Labels labels(pairs.data(), pairs.size());
    CHECK(labels == Labels(same.data(), 3));
    CHECK(labels == Labels(shuffled.data(), 3));
    const std::array<Label, 3> doubled{{same[0], same[1], same[1]}};
    const std::array<Label, 3> doubled_other{{same[0], same[0], same[1]}};
    CHECK_FALSE(Labels(doubled.data(), 3) == Labels(doubled_other.data(), 3));
    CHECK(Labels() == Labels(same.data(), 0));
    CHECK_FALSE(labels == Labels(other.data(), 3));
    CHECK_FALSE(labels == Labels(same.data(), 2));
}

TEST_CASE("labels: a range in the sender's order") {
    const Labels labels(pairs.data(), pairs.size());
    std::size_t i = 0;
    for (const Label& label : labels) CHECK(label == pairs[i++]);
    CHECK(i == 3);
}

static_assert(std::is_trivially_copyable_v<Labels> && sizeof(Labels) == 2 * sizeof(void*));
static_assert(Labels(pairs.data(), pairs.size()).get("instance") == "web-1:9100");
