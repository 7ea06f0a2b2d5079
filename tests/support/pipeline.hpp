#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../../src/event_texts.hpp"
#include "alertmap/alertmap.hpp"
#include "support/json.hpp"

// Runs one group through every preset, target and forward, and checks properties that hold for every body.
namespace test {

class Pipeline {
 public:
    Pipeline() {
        for (const alertmap::Preset& preset : alertmap::presets()) mappings_.push_back({preset.name, alertmap::Mapper(preset.make())});
        for (const auto& kind : alertmap::targets()) {
            if (auto target = kind.make(alertmap::placeholder_options(kind.options))) targets_.push_back({std::move(*target)});
        }
        for (const auto& kind : alertmap::forwards()) {
            if (auto forward = kind.make(alertmap::placeholder_options(kind.options))) forwards_.push_back({std::move(*forward)});
        }
    }

    [[nodiscard]] bool complete() const {
        return targets_.size() == alertmap::targets().size() && forwards_.size() == alertmap::forwards().size();
    }
    /// Called with the name of each target or forward and each of its bodies.
    void (*on_body)(std::string_view writer, std::string_view body) = nullptr;

    /// Number of written bodies, for all groups.
    [[nodiscard]] std::size_t written() const { return written_; }
    /// The name of a target or forward that has not written anything so far; empty: all have.
    [[nodiscard]] std::string silent() const {
        for (const auto& target : targets_) {
            if (target.bytes == 0) return "target " + std::string(target.writer.name());
        }
        for (const auto& forward : forwards_) {
            if (forward.bytes == 0) return "forward " + std::string(forward.writer.name());
        }
        return {};
    }

    /// Empty, or the fault.
    std::string fault(const alertmap::AlertGroup& group) {
        for (const auto& [name, map] : mappings_) {
            for (const alertmap::FanOut fan_out : {alertmap::FanOut::per_alert, alertmap::FanOut::per_group}) {
                arena_.clear();
                for (const alertmap::Subject subject : subjects(group, fan_out)) {
                    const alertmap::Event event = map(subject, arena_);
                    if (std::string wrong = fault(event, group); !wrong.empty()) return std::string(name) + ": " + wrong;
                }
            }
        }
        for (Counted<alertmap::AnyForward>& forward : forwards_) {
            if (std::string wrong = body_fault(forward, group); !wrong.empty()) return wrong;
        }
        return {};
    }

 private:
    /// A target or forward, and the number of bytes written.
    template <class Writer>
    struct Counted {
        Writer writer;
        std::size_t bytes = 0;
    };
    struct Named {
        std::string_view name;
        alertmap::Mapper map;
    };

    static bool is_text(std::string_view text) {
        for (const char* at = text.data(); at != text.data() + text.size();) {
            const int length = alertmap::detail::utf8_length(at, text.data() + text.size());
            if (length <= 0) return false;
            at += length;
        }
        return true;
    }
    /// http or https, without characters that end a line or a header. The target escapes quotes and brackets.
    static bool is_link(std::string_view url) {
        const auto starts = [&](std::string_view scheme) {
            if (url.size() <= scheme.size()) return false;
            for (std::size_t i = 0; i < scheme.size(); ++i) {
                if ((url[i] | (url[i] >= 'A' && url[i] <= 'Z' ? 0x20 : 0)) != scheme[i]) return false;
            }
            return true;
        };
        for (const char c : url) {
            if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return false;
        }
        return url.empty() || starts("http://") || starts("https://");
    }

    std::string fault(const alertmap::Event& event, const alertmap::AlertGroup& group) {
        if (event.summary.empty()) return "no summary";
        if (event.summary.find_first_of("\r\n") != std::string_view::npos) return "a summary of two lines";
        if (event.external_id.empty()) return "no external_id";
        for (const std::string_view url : {event.url, event.runbook_url, event.client_url}) {
            if (!is_link(url)) return "not a link: " + std::string(url);
        }
        for (const alertmap::detail::EventText& text : alertmap::detail::event_texts) {
            if (!is_text(event.*text.member)) return "not UTF-8: " + std::string(event.*text.member);
        }
        if (event.transition == alertmap::Transition::resolve && event.firing != 0) return "resolved while something fires";
        if (event.transition == alertmap::Transition::resolve && event.firing + event.resolved != 1 && !fully_resolved(group)) {
            return "resolved while something may fire";
        }
        for (Counted<alertmap::AnyTarget>& target : targets_) {
            if (std::string wrong = body_fault(target, event); !wrong.empty()) return wrong;
        }
        return {};
    }

    /// A writer either appends one JSON text, always the same, or leaves everything unchanged.
    template <class Writer, class Input>
    std::string body_fault(Counted<Writer>& counted, const Input& input) {
        const Writer& writer = counted.writer;
        const auto wrong = [&](std::string_view what) { return std::string(writer.name()) + ": " + std::string(what) + ": " + out_.str(); };
        out_.clear();
        out_.append("before,");
        if (!writer.write(input, out_)) return out_.view() == "before," ? std::string() : wrong("not left as it was");
        if (!out_.view().starts_with("before,")) return wrong("what stood before is gone");
        const std::string body(out_.view().substr(7));
        ++written_;
        counted.bytes += body.size();
        if (on_body != nullptr) on_body(writer.name(), body);
        if (body.empty()) return {};  // a request without a body
        Json json;
        JsonText text(body);
        if (!text.read(json)) return wrong("not JSON at byte " + std::to_string(text.offset()));
        out_.clear();
        if (!writer.write(input, out_) || out_.view() != body) return wrong("another body the second time");
        const auto request = writer.request(input);
        if (request && !request->body.empty() && request->body != body && request->body.find("--") != 0)
            return wrong("the request's body is another");
        return {};
    }

    std::vector<Named> mappings_;
    std::vector<Counted<alertmap::AnyTarget>> targets_;
    std::vector<Counted<alertmap::AnyForward>> forwards_;
    alertmap::Arena arena_;
    alertmap::Buffer out_;
    std::size_t written_ = 0;
};

}  // namespace test
