#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/arena.hpp"
#include "peer.hpp"

// The three payloads of an alert, as written with a JSON library and without alertmap.
namespace bench {

enum class Vendor { signl4, better_stack, rootly };
inline constexpr Vendor vendors[] = {Vendor::signl4, Vendor::better_stack, Vendor::rootly};

/// The values of an alert's payloads.
struct Page {
    bool resolved = false;
    std::string_view title;
    std::string_view message;
    std::string_view severity;
    std::string_view external_id;
    std::string_view url;
    std::string_view runbook_url;
    std::string_view source;
    std::string_view service;
    std::string_view started_at;
    std::string_view ended_at;
    alertmap::Labels labels;
};

/// The result of alertmap's recommended() mapping for complete alerts, written by hand.
[[nodiscard]] Page page_of(const alertmap::Alert& alert, alertmap::Arena& arena);

template <class Json, std::size_t Size>
void write_member_unless_empty(Json& json, const char (&name)[Size], std::string_view text) {
    if (!text.empty()) json.member(name, text);
}

template <class Json>
void write_labels(Json& json, const Page& page) {
    json.begin_object("labels");
    for (const alertmap::Label& label : page.labels) json.member(label.name, label.value);
    json.end_object();
}

/// Writes one payload with a Json: begin_object(), begin_object(name), member(name, text), end_object(). Literal names need no escaping.
template <class Json>
void write_payload(Json& json, Vendor vendor, const Page& page) {
    json.begin_object();
    switch (vendor) {
        case Vendor::signl4:
            if (!page.resolved) {
                json.member("Title", page.title);
                write_member_unless_empty(json, "Message", page.message);
                for (const alertmap::Label& label : page.labels) json.member(label.name, label.value);
                if (page.labels.find("severity") == nullptr) json.member("Severity", page.severity);
                write_member_unless_empty(json, "URL", page.url);
                write_member_unless_empty(json, "Runbook", page.runbook_url);
                write_member_unless_empty(json, "X-S4-Service", page.service);
            }
            json.member("X-S4-ExternalID", page.external_id);
            json.member("X-S4-Status", page.resolved ? "resolved" : "new");
            json.member("X-S4-SourceSystem", "Alertmanager");
            break;
        case Vendor::better_stack:
            json.member("status", page.resolved ? "resolved" : "firing");
            json.member("alert_id", page.external_id);
            json.member("title", page.title);
            json.member("cause", page.message.empty() ? page.title : page.message);
            json.member("severity", page.severity);
            write_member_unless_empty(json, "source", page.source);
            write_member_unless_empty(json, "service", page.service);
            write_member_unless_empty(json, "url", page.url);
            write_member_unless_empty(json, "runbook_url", page.runbook_url);
            json.member("started_at", page.started_at);
            if (page.resolved) json.member("resolved_at", page.ended_at);
            write_labels(json, page);
            break;
        case Vendor::rootly:
            json.member("title", page.title);
            if (!page.resolved) write_member_unless_empty(json, "description", page.message);
            json.member("external_id", page.external_id);
            json.member("state", page.resolved ? "resolved" : "triggered");
            if (page.resolved) {
                json.member("ended_at", page.ended_at);
                break;
            }
            write_member_unless_empty(json, "external_url", page.url);
            json.member("severity", page.severity);
            write_member_unless_empty(json, "source", page.source);
            write_member_unless_empty(json, "service", page.service);
            write_member_unless_empty(json, "runbook_url", page.runbook_url);
            json.member("started_at", page.started_at);
            write_labels(json, page);
            break;
    }
    json.end_object();
}

/// A peer with parse() and `std::string_view payload(Vendor, const Page&)`, valid until its next call.
template <class Derived>
class PayloadPeer : public Peer {
 public:
    void map(const alertmap::AlertGroup& group) override {
        arena_.clear();
        pages_.clear();
        for (const alertmap::Alert& alert : group.alerts) pages_.push_back(page_of(alert, arena_));
    }
    std::size_t write(Payloads* copies) override {
        std::size_t size = 0;
        for (const Page& page : pages_) size += write_page(page, copies);
        return size;
    }
    std::size_t end_to_end(std::string_view body, Payloads* copies) override {
        const alertmap::AlertGroup* group = static_cast<Derived*>(this)->parse(body);
        if (group == nullptr) return 0;
        arena_.clear();
        std::size_t size = 0;
        for (const alertmap::Alert& alert : group->alerts) size += write_page(page_of(alert, arena_), copies);
        return size;
    }

 private:
    std::size_t write_page(const Page& page, Payloads* copies) {
        std::size_t size = 0;
        for (const Vendor vendor : vendors) {
            const std::string_view payload = static_cast<Derived*>(this)->payload(vendor, page);
            size += payload.size();
            if (copies != nullptr) copies->emplace_back(payload);
        }
        return size;
    }

    alertmap::Arena arena_;
    std::vector<Page> pages_;
};

/// The writer of all C++ peers, faster than those of their libraries: memory is not zeroed, literal names are copied, texts are copied and
/// scanned for escapes in blocks of 16 bytes (SSE2; otherwise by table, byte by byte).
class FastJson {
 public:
    [[nodiscard]] std::string_view payload(Vendor vendor, const Page& page) {
        to_ = out_.get();
        write_payload(*this, vendor, page);
        return {out_.get(), static_cast<std::size_t>(to_ - out_.get())};
    }

    void begin_object() { *room(1) = '{', ++to_; }
    template <std::size_t Size>
    void begin_object(const char (&name)[Size]) {
        key(name);
        *to_++ = '{';
    }
    template <std::size_t Size>
    void member(const char (&name)[Size], std::string_view text) {
        key(name);
        string(text);
    }
    void member(std::string_view name, std::string_view text) {
        comma();
        string(name);
        *to_++ = ':';
        string(text);
    }
    void end_object() { *room(1) = '}', ++to_; }

 private:
    static constexpr std::size_t slack = 32;

    /// Room for this many bytes and for block copies.
    char* room(std::size_t more) {
        if (static_cast<std::size_t>(end_ - to_) < more + slack) [[unlikely]]
            grow(more + slack);
        return to_;
    }
    void grow(std::size_t more);
    void comma() {
        char* const to = room(1);
        if (to[-1] != '{') *to_++ = ',';
    }
    template <std::size_t Size>
    void key(const char (&name)[Size]) {
        char* to = room(Size + 4);
        if (to[-1] != '{') *to++ = ',';
        *to++ = '"';
        std::memcpy(to, name, Size - 1);
        to += Size - 1;
        *to++ = '"';
        *to++ = ':';
        to_ = to;
    }
    void string(std::string_view text);

    std::unique_ptr<char[]> out_;
    char* to_ = nullptr;
    char* end_ = nullptr;
};

}  // namespace bench
