#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <utility>

#include "alertmap/detail/members.hpp"
#include "alertmap/parser.hpp"
#include "mint.hpp"

namespace alertmap {
namespace {

using detail::Mint;
using detail::Spelling;
using detail::TextKind;

/// Visits a group and everything that it views in a fixed order, once to count bytes and once to copy: first the records (group, alerts,
/// labels, unknown members; aligned), then the texts. Keeps the kind of each text.
class GroupCopier {
 public:
    /// Counting pass.
    GroupCopier() = default;
    /// Copying pass.
    GroupCopier(std::byte* records, char* bytes) : records_(records), bytes_(bytes) {}

    /// Copies the group's records to the block, or counts them; returns the copy.
    AlertGroup* group(const AlertGroup& from) {
        AlertGroup* to = array(&from, 1);
        AlertGroup scratch = from;
        AlertGroup& out = to != nullptr ? *to : scratch;
        detail::each_member(out, [&](std::string_view, auto& member, detail::Written) { copy(member); });
        copy(out.extra);
        return to;
    }

    [[nodiscard]] std::size_t record_bytes() const noexcept { return record_bytes_; }
    [[nodiscard]] std::size_t text_bytes() const noexcept { return text_bytes_; }

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
    /// Copies the bytes; returns null while counting.
    const char* put(std::string_view from) {
        char* to = bytes_ != nullptr ? bytes_ + text_bytes_ : nullptr;
        text_bytes_ += from.size();
        if (to != nullptr && !from.empty()) std::memcpy(to, from.data(), from.size());
        return to;
    }
    void json(std::string_view& view) {
        if (view.data() == nullptr) return;
        if (const char* to = put(view)) view = {to, view.size()};
    }
    void copy(Text& text) {
        if (text.data() == nullptr) return;
        const TextKind kind = Mint::kind(text);
        if (kind == TextKind::decoded || kind == TextKind::decoded_clean) {
            const Spelling from = Mint::spelling(text);
            decoded(text, {put({from.data, from.size}), from.size});
        } else if (const char* to = put(text)) {
            text = kind == TextKind::verbatim ? Mint::verbatim(to, text.size()) : Text(std::string_view(to, text.size()));
        }
    }
    /// Copies a decoded text, preceded by the address of its copied spelling.
    void decoded(Text& text, Spelling spelling) {
        char* const header = bytes_ != nullptr ? bytes_ + text_bytes_ : nullptr;
        text_bytes_ += Mint::spelling_bytes;
        const char* const to = put(text);
        if (header == nullptr) return;
        Mint::put_spelling(header + Mint::spelling_bytes, spelling.data, spelling.size);
        text = Mint::decoded(to, text.size(), Mint::kind(text) == TextKind::decoded_clean);
    }
    void copy(Labels& set) {
        if (!set.present()) return;
        Label* to = array(set.begin(), set.size());
        if (!Mint::is_block(set)) {
            for (std::size_t i = 0; i < set.size(); ++i) {
                Label scratch = set[i];
                Label& label = to != nullptr ? to[i] : scratch;
                copy(label.name);
                copy(label.value);
            }
            if (to != nullptr) set = {to, set.size()};
            return;
        }
        const char* const first = Mint::spelling(set[0].name).data;
        const Spelling last = Mint::spelling(set[set.size() - 1].value);
        const char* const block = put({first, static_cast<std::size_t>(last.data + last.size - first)});
        const auto part = [&](Text& text) {
            const Spelling from = Mint::spelling(text);
            const Spelling spelling = {block != nullptr ? block + (from.data - first) : nullptr, from.size};
            if (Mint::kind(text) != TextKind::verbatim) return decoded(text, spelling);
            if (block != nullptr) text = Mint::verbatim(spelling.data, spelling.size);
        };
        for (std::size_t i = 0; i < set.size(); ++i) {
            Label scratch = set[i];
            Label& label = to != nullptr ? to[i] : scratch;
            part(label.name);
            part(label.value);
        }
        if (to != nullptr) set = Mint::block(to, set.size());
    }
    void copy(ExtraMembers& set) {
        ExtraMember* to = array(set.begin(), set.size());
        for (std::size_t i = 0; i < set.size(); ++i) {
            ExtraMember scratch = set[i];
            ExtraMember& member = to != nullptr ? to[i] : scratch;
            copy(member.name);
            json(member.json);
            copy(member.text);
        }
        if (to != nullptr) set = {to, set.size()};
    }
    void copy(Alert& alert) {
        detail::each_member(alert, [&](std::string_view, auto& member, detail::Written) { copy(member); });
        copy(alert.extra);
    }
    void copy(ArrayView<Alert>& list) {
        Alert* to = array(list.data(), list.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            Alert scratch = list[i];
            copy(to != nullptr ? to[i] : scratch);
        }
        if (to != nullptr) list = {to, list.size()};
    }
    void copy(Timestamp& time) { copy(time.text); }
    // Members without pointers were copied with the record.
    void copy(Status) {}
    void copy(std::uint64_t) {}

    std::byte* records_ = nullptr;
    char* bytes_ = nullptr;
    std::size_t record_bytes_ = 0;
    std::size_t text_bytes_ = 0;
};

constexpr AlertGroup no_group{};

}  // namespace

Result<OwnedAlertGroup> OwnedAlertGroup::copy(const AlertGroup& group) {
    GroupCopier count;
    count.group(group);
    // Padding for block copies of the last text.
    std::unique_ptr<std::byte[]> block(new (std::nothrow) std::byte[count.record_bytes() + count.text_bytes() + detail::text_padding]);
    if (!block) return Errc::out_of_memory;
    GroupCopier copier(block.get(), reinterpret_cast<char*>(block.get() + count.record_bytes()));
    const AlertGroup* copied = copier.group(group);
    return OwnedAlertGroup(std::move(block), copied);
}

const AlertGroup* OwnedAlertGroup::empty_group() noexcept { return &no_group; }

}  // namespace alertmap
