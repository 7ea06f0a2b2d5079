#include "stored_event.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>

#include "event_texts.hpp"

namespace alertmap::detail {
namespace {

// The block: one byte of flags, numbers and lengths as LEB128, each text after its length. A time is stored as its original text, so that
// it is rendered as from the message; or as numbers if it has none.

enum Flag : unsigned { severity_bits = 3, starts_set = 4, ends_set = 8, incomplete = 16, unlisted = 32, pages_nobody = 64 };

/// Counts or writes the bytes.
class Writer {
 public:
    explicit Writer(char* to) noexcept : to_(to) {}

    void byte(unsigned value) noexcept {
        if (to_ != nullptr) to_[size_] = static_cast<char>(value);
        ++size_;
    }
    void number(std::uint64_t value) noexcept {
        for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7f) | 0x80);
        byte(static_cast<unsigned>(value));
    }
    void text(std::string_view text) noexcept {
        number(text.size());
        if (to_ != nullptr && !text.empty()) std::memcpy(to_ + size_, text.data(), text.size());
        size_ += text.size();
    }
    void time(const Timestamp& time) noexcept {
        if (!time.is_set) return;
        text(time.text);
        if (!time.text.empty()) return;
        const auto seconds = static_cast<std::uint64_t>(time.seconds);
        number((seconds << 1) ^ (time.seconds < 0 ? ~std::uint64_t{0} : 0));
        number(static_cast<std::uint64_t>(time.nanoseconds));
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
    char* to_;
    std::size_t size_ = 0;
};

void put(Writer& out, const Event& event) {
    out.byte(static_cast<unsigned>(event.severity) | (event.starts_at.is_set ? starts_set : 0U) | (event.ends_at.is_set ? ends_set : 0U) |
             (event.complete ? 0U : incomplete) | (event.unlisted ? unlisted : 0U) | (event.page ? 0U : pages_nobody));
    out.number(event.firing);
    out.number(event.resolved);
    out.time(event.starts_at);
    out.time(event.ends_at);
    for (const EventText& text : event_texts) {
        if (text.stored) out.text(event.*text.member);
    }
    out.number(event.labels.size());
    for (const Label& label : event.labels) {
        out.text(label.name);
        out.text(label.value);
    }
    out.number(event.notify.size());
    for (const NotifyTarget& target : event.notify) {
        out.text(target.type);
        out.text(target.id);
    }
}

/// Reads the output of Writer; trusted, so nothing is checked.
class Reader {
 public:
    explicit Reader(const char* at) noexcept : at_(at) {}

    unsigned byte() noexcept { return static_cast<unsigned char>(*at_++); }
    std::uint64_t number() noexcept {
        std::uint64_t value = 0;
        for (int shift = 0;; shift += 7) {
            const unsigned next = byte();
            value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
    std::string_view text() noexcept {
        const auto size = static_cast<std::size_t>(number());
        const std::string_view text(at_, size);
        at_ += size;
        return text;
    }
    Timestamp time() noexcept {
        Timestamp time;
        time.text = text();
        if (!time.text.empty()) {
            read_time(time);
            return time;
        }
        const std::uint64_t zigzag = number();
        time.seconds = static_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
        time.nanoseconds = static_cast<std::int32_t>(number());
        time.is_set = true;
        return time;
    }

 private:
    const char* at_;
};

}  // namespace

StoredEvent::StoredEvent(const Event& event) {
    Writer count(nullptr);
    put(count, event);
    size_ = static_cast<std::uint32_t>(count.size());
    block_.reset(new char[size_]);
    Writer out(block_.get());
    put(out, event);
}

Event StoredEvent::load(Arena& arena) const {
    Event event;
    if (empty()) return event;
    Reader in(block_.get());
    const unsigned flags = in.byte();
    event.severity = static_cast<Severity>(flags & severity_bits);
    event.complete = (flags & incomplete) == 0;
    event.unlisted = (flags & unlisted) != 0;
    event.page = (flags & pages_nobody) == 0;
    event.firing = static_cast<std::size_t>(in.number());
    event.resolved = static_cast<std::size_t>(in.number());
    if ((flags & starts_set) != 0) event.starts_at = in.time();
    if ((flags & ends_set) != 0) event.ends_at = in.time();
    for (const EventText& text : event_texts) {
        if (text.stored) event.*text.member = in.text();
    }
    if (const auto count = static_cast<std::size_t>(in.number()); count != 0) {
        Label* const labels = arena.array<Label>(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string_view name = in.text();
            new (labels + i) Label{name, in.text()};
        }
        event.labels = {labels, count};
    }
    if (const auto count = static_cast<std::size_t>(in.number()); count != 0) {
        NotifyTarget* const targets = arena.array<NotifyTarget>(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::string_view type = in.text();
            new (targets + i) NotifyTarget{type, in.text()};
        }
        event.notify = {targets, count};
    }
    return event;
}

std::string_view StoredEvent::summary() const {
    if (empty()) return {};
    Reader in(block_.get());
    const unsigned flags = in.byte();
    in.number();
    in.number();
    if ((flags & starts_set) != 0) in.time();
    if ((flags & ends_set) != 0) in.time();
    for (const EventText& one : event_texts) {
        if (!one.stored) continue;
        const std::string_view text = in.text();
        if (one.member == &Event::summary) return text;
    }
    return {};
}

}  // namespace alertmap::detail
