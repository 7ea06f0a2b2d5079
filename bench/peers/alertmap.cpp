// alertmap: one Parser, reused.

#include "alertmap/parser.hpp"

#include "../peer.hpp"

namespace bench {
namespace {

class Alertmap final : public Peer {
 public:
    const alertmap::AlertGroup* parse(std::string_view body) override {
        const alertmap::Result<alertmap::AlertGroup> group = parser_.parse(body);
        if (!group) return nullptr;
        group_ = *group;
        return &group_;
    }

 private:
    alertmap::Parser parser_;
    alertmap::AlertGroup group_;
};

}  // namespace

std::unique_ptr<Peer> make_alertmap() { return std::make_unique<Alertmap>(); }

}  // namespace bench
