// alertmap: one Parser, Arena and Buffer, reused; the recommended() mapping and the three targets.

#include <memory>
#include <new>

#include "alertmap/buffer.hpp"
#include "alertmap/mapper.hpp"
#include "alertmap/parser.hpp"
#include "alertmap/presets.hpp"
#include "alertmap/targets/better_stack.hpp"
#include "alertmap/targets/rootly.hpp"
#include "alertmap/targets/signl4.hpp"

#include "../peer.hpp"

namespace bench {
namespace {

class Alertmap final : public Peer {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        // Constructed in place, as in a user's local variable.
        std::destroy_at(&group_);
        new (&group_) alertmap::Result<alertmap::AlertGroup>(parser_.parse(body));
        return group_ ? &*group_ : nullptr;
    }
    void map(const alertmap::AlertGroup& group) override {
        arena_.clear();
        events_.clear();
        for (const alertmap::Subject subject : subjects(group, map_.per())) events_.push_back(map_(subject, arena_));
    }
    std::size_t write(Payloads* copies) override {
        std::size_t size = 0;
        for (const alertmap::Event& event : events_) size += write_event(event, copies);
        return size;
    }
    std::size_t end_to_end(std::string_view body, Payloads* copies) override {
        const alertmap::Result<alertmap::AlertGroup> group = parser_.parse(body);
        if (!group) return 0;
        arena_.clear();
        std::size_t size = 0;
        for (const alertmap::Subject subject : subjects(*group, map_.per())) size += write_event(map_(subject, arena_), copies);
        return size;
    }
    std::size_t memory() const override { return parser_.memory(); }

 private:
    std::size_t write_event(const alertmap::Event& event, Payloads* copies) {
        return write_one(signl4_, event, copies) + write_one(better_stack_, event, copies) + write_one(rootly_, event, copies);
    }
    template <class Target>
    std::size_t write_one(const Target& target, const alertmap::Event& event, Payloads* copies) {
        out_.clear();
        if (!target.write(event, out_)) return 0;
        if (copies != nullptr) copies->push_back(out_.str());
        return out_.size();
    }

    alertmap::Parser parser_;
    alertmap::Mapper map_{alertmap::preset::recommended()};
    alertmap::target::Signl4 signl4_;
    alertmap::target::BetterStackWebhook better_stack_;
    alertmap::target::Rootly rootly_;
    alertmap::Arena arena_;
    alertmap::Buffer out_;
    alertmap::Result<alertmap::AlertGroup> group_{alertmap::Errc::empty_body};
    std::vector<alertmap::Event> events_;
};

}  // namespace

std::unique_ptr<Peer> make_alertmap() { return std::make_unique<Alertmap>(); }

}  // namespace bench
