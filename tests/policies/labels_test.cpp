#include "alertmap/policies/labels.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "support/sample.hpp"

using namespace alertmap;
using test::Sample;

namespace {

std::string text(Labels labels) {
    std::string out;
    for (const Label& label : labels) out.append(label.name).append("=").append(label.value).append(" ");
    return out;
}

}  // namespace

TEST_CASE("labels policy: a single unchanged set is not copied") {
    Sample s;
    s.firing({{"b", "1"}, {"a", "2"}});
    s.group.common_labels = s.set({{"c", "3"}});
    const LabelsPolicy labels;
    CHECK(labels(s.one(), s.arena).begin() == s.alert(0).labels.begin());
    CHECK(text(labels(s.one(), s.arena)) == "b=1 a=2 ");
    CHECK(labels(s.whole(), s.arena).begin() == s.group.common_labels.begin());
}

TEST_CASE("labels policy: every set can be selected") {
    Sample s;
    s.firing({{"l", "1"}}, {{"a", "2"}});
    s.group.common_labels = s.set({{"cl", "3"}});
    s.group.group_labels = s.set({{"gl", "4"}});
    s.group.route_labels = s.set({{"rl", "5"}});
    s.group.common_annotations = s.set({{"ca", "6"}});
    LabelsPolicy labels;
    labels.from = {LabelSet::common_annotations, LabelSet::annotations, LabelSet::route, LabelSet::group, LabelSet::common, LabelSet::own};
    CHECK(text(labels(s.one(), s.arena)) == "ca=6 a=2 rl=5 gl=4 cl=3 l=1 ");
    CHECK(text(labels(s.whole(), s.arena)) == "ca=6 rl=5 gl=4 cl=3 ");
    labels.from.clear();
    CHECK(labels(s.one(), s.arena).empty());
}

TEST_CASE("labels policy: for a name in several sets the first set is used") {
    Sample s;
    s.firing({{"a", "label"}, {"b", "label"}}, {{"b", "annotation"}, {"c", "annotation"}});
    LabelsPolicy labels;
    labels.from = {LabelSet::own, LabelSet::annotations};
    CHECK(text(labels(s.one(), s.arena)) == "a=label b=label c=annotation ");
}

TEST_CASE("labels policy: include, exclude and rename") {
    Sample s;
    s.firing({{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}});
    LabelsPolicy labels;
    labels.include = {"d", "b", "a", "x"};
    CHECK(text(labels(s.one(), s.arena)) == "a=1 b=2 d=4 ");
    labels.exclude = {"a"};
    CHECK(text(labels(s.one(), s.arena)) == "b=2 d=4 ");
    labels.rename = {{"b", "host"}, {"d", "host"}, {"x", "y"}};
    CHECK(text(labels(s.one(), s.arena)) == "host=2 ");
}

TEST_CASE("labels policy: labels are added unless present") {
    Sample s;
    s.firing({{"a", "1"}});
    LabelsPolicy labels;
    labels.add = {{"a", {FieldKind::status}}, {"status", {label("status"), FieldKind::status}}, {"none", {label("x")}}};
    CHECK(text(labels(s.one(), s.arena)) == "a=1 status=firing ");
}

TEST_CASE("labels policy: user function") {
    Sample s;
    s.firing({{"a", "1"}, {"b", "2"}});
    LabelsPolicy labels;
    labels.function = [](const Subject& subject, Arena&) { return Labels(subject.labels().begin(), 1); };
    CHECK(text(labels(s.one(), s.arena)) == "a=1 ");
}

TEST_CASE("labels policy: many labels: unique, sorted, not in quadratic time") {
    std::deque<std::string> names;
    std::vector<Label> own;
    for (int i = 50'000; i-- > 0;) {
        names.push_back("label" + std::to_string(100'000 + i));
        own.push_back({names.back(), "own"});
    }
    std::vector<Label> common = own;
    for (Label& label : common) label.value = "common";
    Sample s;
    s.firing({});
    s.alert(0).labels = {own.data(), own.size()};
    s.group.common_labels = {common.data(), common.size()};
    LabelsPolicy labels;
    labels.from = {LabelSet::own, LabelSet::common};
    const Labels merged = labels(s.one(), s.arena);
    REQUIRE(merged.size() == 50'000);
    CHECK(merged[0] == Label{"label100000", "own"});
    CHECK(merged[49'999] == Label{"label149999", "own"});
}

TEST_CASE("labels policy: names of the sets in mapping files") {
    std::string names;
    for (const LabelSet set :
         {LabelSet::own, LabelSet::common, LabelSet::group, LabelSet::route, LabelSet::annotations, LabelSet::common_annotations}) {
        names.append(name(set)).append(" ");
    }
    CHECK(names == "own common group route annotations common_annotations ");
}
