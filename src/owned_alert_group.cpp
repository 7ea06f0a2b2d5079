#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "alertmap/parser.hpp"

namespace alertmap {
namespace {

/// Walks a group and everything it views in one order, once to count the bytes and once to copy them: the group, its alerts,
/// labels and extra members first, aligned; then the body and the strings that do not lie in it.
class Copy {
 public:
    explicit Copy(std::string_view body) : body_(body) {}
    Copy(std::string_view body, std::byte* records, char* text) : body_(body), records_(records), text_(text), writes_(true) {
        new_body_ = put(body);
    }

    /// Copies the group's records to the block (or only counts them) and returns the copy.
    AlertGroup* group(const AlertGroup& from) {
        AlertGroup* to = array(&from, 1);
        AlertGroup scratch = from;
        AlertGroup& out = to != nullptr ? *to : scratch;
        text(out.receiver);
        Alert* alerts = array(from.alerts.data(), from.alerts.size());
        for (std::size_t i = 0; i < from.alerts.size(); ++i) {
            Alert copy = from.alerts[i];
            alert(alerts != nullptr ? alerts[i] : copy);
        }
        if (alerts != nullptr) out.alerts = {alerts, from.alerts.size()};
        text(out.notification_reason);
        labels(out.group_labels);
        labels(out.common_labels);
        labels(out.common_annotations);
        labels(out.route_labels);
        text(out.external_url);
        text(out.version);
        text(out.group_key);
        fields(out.extra);
        if (writes_) {
            out.body = new_body_;
            out.decoded = {};  // copied without their quotes
        }
        return to;
    }

    [[nodiscard]] std::size_t record_bytes() const noexcept { return record_bytes_; }
    [[nodiscard]] std::size_t text_bytes() const noexcept { return text_bytes_ + body_.size(); }

 private:
    template <class T>
    T* array(const T* from, std::size_t count) {
        const std::size_t bytes = count * sizeof(T);
        std::byte* to = records_ != nullptr ? records_ + record_bytes_ : nullptr;
        record_bytes_ += (bytes + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
        if (to == nullptr) return nullptr;
        if (bytes != 0) std::memcpy(static_cast<void*>(to), from, bytes);
        return reinterpret_cast<T*>(to);
    }
    std::string_view put(std::string_view from) {
        if (!from.empty()) std::memcpy(text_, from.data(), from.size());
        const std::string_view to(text_, from.size());
        text_ += from.size();
        return to;
    }
    void text(std::string_view& view) {
        if (view.data() == nullptr) return;
        const std::size_t at = reinterpret_cast<std::uintptr_t>(view.data()) - reinterpret_cast<std::uintptr_t>(body_.data());
        if (at <= body_.size() && view.size() <= body_.size() - at) {
            if (writes_) view = new_body_.substr(at, view.size());
            return;
        }
        if (writes_) {
            view = put(view);
        } else {
            text_bytes_ += view.size();
        }
    }
    void labels(Labels& set) {
        if (!set.present()) return;
        Label* to = array(set.begin(), set.size());
        for (std::size_t i = 0; i < set.size(); ++i) {
            Label copy = set[i];
            Label& label = to != nullptr ? to[i] : copy;
            text(label.name);
            text(label.value);
        }
        if (to != nullptr) set = {to, set.size()};
    }
    void fields(ExtraMembers& set) {
        ExtraMember* to = array(set.begin(), set.size());
        for (std::size_t i = 0; i < set.size(); ++i) {
            ExtraMember copy = set[i];
            ExtraMember& field = to != nullptr ? to[i] : copy;
            text(field.name);
            text(field.json);
            text(field.text);
        }
        if (to != nullptr) set = {to, set.size()};
    }
    void alert(Alert& out) {
        labels(out.labels);
        labels(out.annotations);
        text(out.starts_at.text);
        text(out.ends_at.text);
        text(out.generator_url);
        text(out.fingerprint);
        fields(out.extra);
    }

    std::string_view body_;
    std::string_view new_body_;
    std::byte* records_ = nullptr;
    char* text_ = nullptr;
    bool writes_ = false;
    std::size_t record_bytes_ = 0;
    std::size_t text_bytes_ = 0;
};

}  // namespace

Result<OwnedAlertGroup> OwnedAlertGroup::copy(const AlertGroup& group) {
    Copy count(group.body);
    count.group(group);
    // One byte more, so that an empty view at the end has an address of its own.
    std::unique_ptr<std::byte[]> block(new (std::nothrow) std::byte[count.record_bytes() + count.text_bytes() + 1]);
    if (!block) return Errc::out_of_memory;
    Copy write(group.body, block.get(), reinterpret_cast<char*>(block.get() + count.record_bytes()));
    const AlertGroup* copied = write.group(group);
    return OwnedAlertGroup(std::move(block), copied);
}

}  // namespace alertmap
