#include "alertmap/parser.hpp"

#include <simdjson.h>
#include <new>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "alertmap/detail/code_points.hpp"
#include "alertmap/detail/json_check.hpp"
#include "diagnosis.hpp"
#include "walk.hpp"

namespace alertmap {
namespace detail {
namespace {

// simdjson's stage 1 is public but undocumented: this concept states what alertmap uses of it, in 3.0.1 to 4.x.
template <class Implementation>
concept HasStage1 = requires(Implementation& implementation, const std::uint8_t* bytes, std::size_t size) {
    { implementation.stage1(bytes, size, simdjson::stage1_mode::regular) } -> std::same_as<simdjson::error_code>;
    { implementation.allocate(size, size) } -> std::same_as<simdjson::error_code>;
    { implementation.capacity() } -> std::convertible_to<std::size_t>;
    { implementation.n_structural_indexes } -> std::convertible_to<std::size_t>;
    { implementation.structural_indexes.get() } -> std::convertible_to<std::uint32_t*>;
};
static_assert(HasStage1<simdjson::internal::dom_parser_implementation>,
              "alertmap needs the stage 1 interface of simdjson 3.0.1 to 4.x; this simdjson does not have it");

/// All use of simdjson: finds the structural characters of a body with the CPU's best kernel.
class StructuralIndex {
 public:
    enum class Built : std::uint8_t { done, empty, not_json, out_of_memory, unsupported_cpu };

    /// Does not read outside of `body`: stage 1 needs no padding, and a body that ends inside a character is rejected before.
    Built build(std::string_view body) noexcept {
        if (!stage1_) {
            switch (simdjson::get_active_implementation()->create_dom_parser_implementation(first_capacity, 1, stage1_)) {
                case simdjson::SUCCESS: break;
                case simdjson::UNSUPPORTED_ARCHITECTURE: return Built::unsupported_cpu;
                default: return Built::out_of_memory;
            }
        }
        if (ends_inside_character(body)) return Built::not_json;
        if (stage1_->capacity() < body.size()) {
            // The index has four bytes per body byte: grow by an eighth instead of doubling.
            const std::size_t capacity = std::min(body.size() + body.size() / 8, largest_body);
            if (stage1_->allocate(capacity, 1)) {
                stage1_.reset();
                return Built::out_of_memory;
            }
        }
        switch (stage1_->stage1(reinterpret_cast<const std::uint8_t*>(body.data()), body.size(), simdjson::stage1_mode::regular)) {
            case simdjson::SUCCESS: return Built::done;
            case simdjson::EMPTY: return Built::empty;
            default: return Built::not_json;
        }
    }

    /// Has room for a few entries after the last one: simdjson allocates nine extra.
    [[nodiscard]] std::uint32_t* data() const noexcept { return stage1_->structural_indexes.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return stage1_->n_structural_indexes; }
    [[nodiscard]] std::size_t bytes() const noexcept { return stage1_ ? stage1_->capacity() * sizeof(std::uint32_t) : 0; }

    /// Frees the memory.
    void release() noexcept { stage1_.reset(); }

    static constexpr std::size_t largest_body = 0xffff'ffffu - 64;

 private:
    /// True if the body ends inside a UTF-8 character. Stage 1 of simdjson's fallback kernel reads all bytes that a lead byte announces
    /// before it checks the end of the body.
    [[nodiscard]] static bool ends_inside_character(std::string_view body) noexcept {
        const auto at_least = [&](std::size_t from_end, unsigned char first) {
            return body.size() >= from_end && static_cast<unsigned char>(body[body.size() - from_end]) >= first;
        };
        return at_least(1, 0xc0) || at_least(2, 0xe0) || at_least(3, 0xf0);
    }

    static constexpr std::size_t first_capacity = 4096;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1_;
};

}  // namespace
}  // namespace detail

using detail::Diagnosis;
using detail::StructuralIndex;
using detail::WalkEnd;

struct Parser::Impl {
    const ParseOptions* options = nullptr;  // owned by the parser
    StructuralIndex index;
    detail::Storage storage;
    detail::Store<char> salvaged;
    std::size_t largest_body = 0;  // since memory was last freed

    [[nodiscard]] std::size_t memory() const noexcept { return index.bytes() + storage.bytes() + salvaged.bytes(); }
    void make_room(std::size_t body_size) noexcept;
    void parse(std::string_view body, Result<AlertGroup>& result);
    void parse_broken(std::string_view body, std::size_t base, Result<AlertGroup>& result);
    WalkEnd walk(std::string_view body, std::size_t base, AlertGroup& group) noexcept;
    [[nodiscard]] Error failure() const { return {storage.failure.code, storage.failure.offset, storage.failure.path()}; }
};

namespace {

const AlertGroup nothing_parsed;

/// A path for log lines: keys of a hostile body can have any length and any characters.
std::string readable(std::string path) {
    constexpr std::size_t longest = 256;
    const std::size_t kept = detail::first_code_points(path, longest).size();
    if (kept != path.size()) path.replace(kept, std::string::npos, "\u2026");
    return detail::printable(path);
}

}  // namespace

std::string Warning::path() const {
    std::string text;
    if (alert != no_alert) text.append("alerts[").append(std::to_string(alert)).append("]");
    for (const std::string_view part : {field, key}) {
        if (part.empty()) continue;
        if (!text.empty()) text += '.';
        text += part;
    }
    return readable(std::move(text));
}

Parser::Parser(ParseOptions options, detail::Abi) : impl_(std::make_unique<Impl>()) {
    options.max_bytes = std::min(options.max_bytes, StructuralIndex::largest_body);
    options.max_depth = std::min(options.max_depth, detail::deepest_nesting);
    options_ = options;
}
Parser::~Parser() = default;
Parser::Parser(Parser&& other) noexcept : options_(other.options_), impl_(std::move(other.impl_)) {}
Parser& Parser::operator=(Parser&& other) noexcept {
    options_ = other.options_;
    impl_ = std::move(other.impl_);
    return *this;
}

Result<AlertGroup> Parser::parse(std::string_view body) & {
    if (!impl_) [[unlikely]]
        impl_.reset(new (std::nothrow) Impl);
    // A single named result, so that it is constructed in the caller's object and never copied.
    Result<AlertGroup> group(impl_ ? impl_->storage.blank_group : nothing_parsed);
    if (!impl_) [[unlikely]] {
        group = Errc::out_of_memory;
    } else {
        impl_->options = &options_;
        impl_->parse(body, group);
    }
    return group;
}

std::span<const Warning> Parser::warnings() const noexcept {
    if (!impl_) return {};
    return {impl_->storage.warnings.data(), impl_->storage.warnings.size()};
}
std::size_t Parser::warning_count() const noexcept { return impl_ ? impl_->storage.warning_count : 0; }
std::size_t Parser::memory() const noexcept { return impl_ ? impl_->memory() : 0; }

/// Frees memory after an unusually large body. Bodies of similar size never free what the next one needs.
void Parser::Impl::make_room(std::size_t body_size) noexcept {
    if (body_size >= largest_body) {
        largest_body = body_size;
    } else if (body_size < largest_body / 4 && memory() > options->keep_memory) {
        index.release();
        storage.release();
        salvaged.release();
        largest_body = body_size;
    }
}

/// `result` contains a blank group.
void Parser::Impl::parse(std::string_view body, Result<AlertGroup>& result) {
    storage.warnings.resize(0);
    storage.warning_count = 0;
    if (body.size() > options->max_bytes) {
        result = Error{Errc::body_too_large, options->max_bytes, {}};
        return;
    }
    make_room(body.size());
    const std::size_t base = body.starts_with("\xef\xbb\xbf") ? 3 : 0;
    const std::string_view text = body.substr(base);
    switch (index.build(text)) {
        case StructuralIndex::Built::done: break;
        case StructuralIndex::Built::empty: result = Error{Errc::empty_body, body.size(), {}}; return;
        case StructuralIndex::Built::not_json: parse_broken(text, base, result); return;
        case StructuralIndex::Built::out_of_memory: result = Errc::out_of_memory; return;
        case StructuralIndex::Built::unsupported_cpu: result = Errc::unsupported_cpu; return;
    }
    switch (walk(text, base, *result)) {
        case WalkEnd::done: return;
        case WalkEnd::failed: result = failure(); return;
        case WalkEnd::not_json: parse_broken(text, base, result); return;
    }
}

WalkEnd Parser::Impl::walk(std::string_view body, std::size_t base, AlertGroup& group) noexcept {
    return detail::Walk(body, base, index.data(), index.size(), *options, storage).run(group);
}

/// Locates the error of an invalid body; with `salvage`, reads what was complete before it.
void Parser::Impl::parse_broken(std::string_view body, std::size_t base, Result<AlertGroup>& result) {
    Diagnosis diagnosis = detail::Diagnose(body).run();
    // If the two readers disagree, which would be a bug in this library, the body is rejected all the same.
    if (!diagnosis.found) diagnosis.error = {Errc::invalid_json, 0, {}};
    if (diagnosis.error.offset != no_offset) diagnosis.error.offset += base;
    diagnosis.error.path = readable(std::move(diagnosis.error.path));
    if (!options->salvage || !diagnosis.salvageable) {
        result = std::move(diagnosis.error);
        return;
    }

    const std::size_t size = diagnosis.complete + diagnosis.closing.size();
    if (!salvaged.reserve(size)) {
        result = Errc::out_of_memory;
        return;
    }
    std::memcpy(salvaged.data(), body.data(), diagnosis.complete);
    if (!diagnosis.closing.empty()) std::memcpy(salvaged.data() + diagnosis.complete, diagnosis.closing.data(), diagnosis.closing.size());
    const std::string_view mended(salvaged.data(), size);

    AlertGroup& group = *result;
    group = storage.blank_group;
    const WalkEnd end = index.build(mended) == StructuralIndex::Built::done ? walk(mended, base, group) : WalkEnd::not_json;
    if (end != WalkEnd::done) {
        result = end == WalkEnd::failed ? failure() : std::move(diagnosis.error);
        return;
    }
    ++storage.warning_count;
    storage.keep({diagnosis.error.code, diagnosis.error.offset, Warning::no_alert, {}, {}});
    storage.sort_warnings();
    group.incomplete = true;
    ++group.unreadable_alerts;
}

}  // namespace alertmap
