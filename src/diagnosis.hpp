#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/detail/json_reader.hpp"
#include "member_names.hpp"

// Second pass over a body that is not valid JSON, byte by byte: finds the error, and what was complete before it.
namespace alertmap::detail {

struct Diagnosis {
    alertmap::Error error;  ///< the first error; `found` is false if there is none
    bool found = false;
    std::size_t complete = 0;  ///< body[0, complete) plus `closing` is an alert group with all complete alerts
    std::string_view closing;
    bool salvageable = false;  ///< the alerts array had started
};

class Diagnose {
 public:
    explicit Diagnose(std::string_view body) : json_(body, deepest) {}

    Diagnosis run() {
        if (json_.type() == JsonType::object) {
            top_level();
        } else {
            json_.skip();
        }
        if (!json_.failed() && out_.salvageable) keep("");
        if (!json_.finish()) {
            out_.found = true;
            out_.error = json_.error();
            out_.error.path = std::move(path_);
        }
        return std::move(out_);
    }

 private:
    static constexpr std::size_t deepest = 1024;

    void keep(std::string_view closing) {
        out_.complete = json_.offset();
        out_.closing = closing;
    }

    /// Descends `levels` deep into objects to find the path of a failure; skips deeper values.
    void value(int levels) {
        if (json_.type() != JsonType::object || levels == 0) {
            json_.skip();
            return;
        }
        std::string name;
        const std::size_t outer = path_.size();
        for (json_.begin_object(); json_.next_member(name);) {
            path_.append(outer == 0 ? "" : ".").append(name);
            value(levels - 1);
            if (json_.failed()) return;
            path_.resize(outer);
        }
    }

    void top_level() {
        std::string name;
        for (json_.begin_object(); json_.next_member(name);) {
            path_ = name;
            if (same_member_in_go(name, "alerts") && json_.type() == JsonType::array && !out_.salvageable) {
                alerts();
            } else {
                value(1);
            }
            if (json_.failed()) return;
            if (out_.salvageable) keep("}");
            path_.clear();
        }
    }

    void alerts() {
        out_.salvageable = true;
        std::size_t index = 0;
        json_.begin_array();
        keep("]}");
        for (; json_.next_element(); ++index) {
            path_ = "alerts[" + std::to_string(index) + "]";
            value(2);
            if (json_.failed()) return;
            keep("]}");
            path_ = "alerts";
        }
    }

    JsonReader json_;
    std::string path_;
    Diagnosis out_;
};

}  // namespace alertmap::detail
