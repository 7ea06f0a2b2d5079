// The library of one revision: recommended() mapping, one payload (SIGNL4) or three. Also compiles with headers of early 0.1 revisions,
// which had other names.

#include "subject.hpp"

#include <memory>
#include <new>
#include <string_view>

#include "alertmap/buffer.hpp"
#include "alertmap/parser.hpp"
#if __has_include("alertmap/mapper.hpp")
#include "alertmap/mapper.hpp"
#include "alertmap/presets.hpp"
#include "alertmap/targets/better_stack.hpp"
#include "alertmap/targets/rootly.hpp"
#include "alertmap/targets/signl4.hpp"
#define RECOMMENDED alertmap::Mapper map_{alertmap::preset::recommended()};
#define PER map_.per()
#else
#include "alertmap/mapping.hpp"
#include "alertmap/target/better_stack.hpp"
#include "alertmap/target/rootly.hpp"
#include "alertmap/target/signl4.hpp"
#define RECOMMENDED alertmap::Mapping map_ = alertmap::recommended();
#define PER map_.per
#endif

namespace bench {
namespace {

class Library final : public Subject {
 public:
    bool load(const std::vector<std::string>& bodies) override {
        bodies_ = bodies;
        parsers_.clear();
        groups_.clear();
        events_.clear();
        arena_.clear();
        for (const std::string& body : bodies_) {
            parsers_.push_back(std::make_unique<alertmap::Parser>());
            alertmap::Result<alertmap::AlertGroup> group = parsers_.back()->parse(body);
            if (!group) return false;
            groups_.push_back(*group);
        }
        for (const alertmap::AlertGroup& group : groups_) {
            for (const alertmap::Subject subject : subjects(group, PER)) events_.push_back(map_(subject, arena_));
        }
        return true;
    }

    std::size_t run(Stage stage) override {
        std::size_t count = 0;
        switch (stage) {
            case Stage::parse:
                for (const std::string& body : bodies_) {
                    const alertmap::Result<alertmap::AlertGroup> group = parser_.parse(body);
                    count += group->alerts.size();
                }
                break;
            case Stage::map:
                for (const alertmap::AlertGroup& group : groups_) {
                    scratch_.clear();
                    for (const alertmap::Subject subject : subjects(group, PER)) {
                        // In reused memory, like a kept vector of events.
                        new (&event_) alertmap::Event(map_(subject, scratch_));
                        count += event_.external_id.size();
                    }
                }
                break;
            case Stage::write_one:
            case Stage::write_three:
                for (const alertmap::Event& event : events_) count += write(event, stage == Stage::write_three);
                break;
            case Stage::all_one:
            case Stage::all_three:
                for (const std::string& body : bodies_) {
                    const alertmap::Result<alertmap::AlertGroup> group = parser_.parse(body);
                    scratch_.clear();
                    for (const alertmap::Subject subject : subjects(*group, PER)) {
                        count += write(map_(subject, scratch_), stage == Stage::all_three);
                    }
                }
                break;
        }
        return count;
    }

 private:
    std::size_t write(const alertmap::Event& event, bool three) {
        std::size_t size = write_one(signl4_, event);
        if (three) size += write_one(better_stack_, event) + write_one(rootly_, event);
        return size;
    }
    template <class Target>
    std::size_t write_one(const Target& target, const alertmap::Event& event) {
        out_.clear();
        return target.write(event, out_) ? out_.size() : 0;
    }

    std::vector<std::string> bodies_;
    std::vector<std::unique_ptr<alertmap::Parser>> parsers_;  // one per body, as groups view them
    std::vector<alertmap::AlertGroup> groups_;
    std::vector<alertmap::Event> events_;
    alertmap::Arena arena_;
    alertmap::Arena scratch_;
    alertmap::Parser parser_;
    alertmap::Buffer out_;
    alertmap::target::Signl4 signl4_;
    alertmap::target::BetterStackWebhook better_stack_;
    alertmap::target::Rootly rootly_;
    alertmap::Event event_;
    RECOMMENDED
};

}  // namespace
}  // namespace bench

extern "C" __attribute__((visibility("default"))) bench::Subject* alertmap_bench_make_subject() { return new bench::Library; }
