#pragma once

#include <cstddef>
#include <deque>
#include <initializer_list>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/subject.hpp"

namespace test {

/// A hand-made alert group, and the memory that it views.
struct Sample {
    Sample() = default;
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    alertmap::AlertGroup group;
    alertmap::Arena arena;

    alertmap::Labels set(std::initializer_list<alertmap::Label> labels) {
        sets_.emplace_back(labels);
        return {sets_.back().data(), sets_.back().size()};
    }
    alertmap::ExtraMembers extra(std::initializer_list<alertmap::ExtraMember> fields) {
        fields_.emplace_back(fields);
        return {fields_.back().data(), fields_.back().size()};
    }
    alertmap::Alert& add(alertmap::Status status, std::initializer_list<alertmap::Label> labels,
                         std::initializer_list<alertmap::Label> annotations = {}) {
        alertmap::Alert alert;
        alert.status = status;
        alert.labels = set(labels);
        alert.annotations = set(annotations);
        alerts_.push_back(alert);
        group.alerts = alerts_;
        return alerts_.back();
    }
    alertmap::Alert& firing(std::initializer_list<alertmap::Label> labels, std::initializer_list<alertmap::Label> annotations = {}) {
        return add(alertmap::Status::firing, labels, annotations);
    }
    alertmap::Alert& resolved(std::initializer_list<alertmap::Label> labels, std::initializer_list<alertmap::Label> annotations = {}) {
        return add(alertmap::Status::resolved, labels, annotations);
    }

    [[nodiscard]] alertmap::Alert& alert(std::size_t i) { return alerts_[i]; }
    [[nodiscard]] alertmap::Subject one(std::size_t i = 0) const { return {&group, &group.alerts[i]}; }
    [[nodiscard]] alertmap::Subject whole() const { return {&group, nullptr}; }

 private:
    std::deque<std::vector<alertmap::Label>> sets_;
    std::deque<std::vector<alertmap::ExtraMember>> fields_;
    std::vector<alertmap::Alert> alerts_;
};

}  // namespace test
