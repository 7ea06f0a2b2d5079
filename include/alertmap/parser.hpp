#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "alertmap/alert_group.hpp"
#include "alertmap/detail/compat.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/error.hpp"
#include "alertmap/result.hpp"
#include "alertmap/text.hpp"
#include "alertmap/version.hpp"

namespace alertmap {

/// Limits and modes of a Parser. The limits are far above real messages (10,000 alerts are about 11 MB).
struct ParseOptions {
    /// Maximum body size; Errc::body_too_large above it; at most 4 GiB - 64. A hostile body of the default's size makes the parser allocate
    /// up to 24 times as much.
    std::size_t max_bytes = 16u << 20;
    std::size_t max_alerts = 100'000;  ///< Errc::too_many_alerts
    std::size_t max_labels = 10'000;  ///< labels per set, and unknown members per object; more are dropped with a warning (too_many_labels)
    std::size_t max_depth = 64;       ///< nesting of arrays and objects, at most 1024; a deeper value is dropped with a warning (too_deep)
    /// Bytes of heap to keep for later bodies. Memory above this is freed when a body smaller than a quarter of the largest one is parsed.
    std::size_t keep_memory = 8u << 20;
    bool strict = false;   ///< treat the first warning as an error
    bool salvage = false;  ///< recover the complete alerts of a broken body and set AlertGroup::incomplete, instead of failing
};

/// An oddity that was tolerated. Views, valid as long as the group.
struct Warning {
    static constexpr std::uint32_t no_alert = static_cast<std::uint32_t>(-1);

    Errc code{};
    std::size_t offset = no_offset;  ///< byte offset of the value, or of the object with the missing member
    std::uint32_t alert = no_alert;  ///< index in the body's `alerts`, including skipped ones; or no_alert
    std::string_view field;          ///< JSON name of the member, e.g. "startsAt"; empty: the alert or the body itself
    std::string_view key;            ///< name of the label in that member; empty: none

    /// The JSON path, e.g. "alerts[3].labels.severity". Allocates.
    [[nodiscard]] ALERTMAP_API std::string path() const;

    friend bool operator==(const Warning&, const Warning&) = default;
};

/// An alert group that owns all its bytes in one allocation: independent of the body and the Parser. Moves in O(1); a moved-from or
/// default-constructed object holds an empty group. Thread-safe like std::string: concurrent reads only.
class OwnedAlertGroup {
 public:
    /// An empty group.
    OwnedAlertGroup() noexcept : group_(empty_group()) {}
    OwnedAlertGroup(OwnedAlertGroup&& other) noexcept
        : block_(std::move(other.block_)), group_(std::exchange(other.group_, empty_group())) {}
    OwnedAlertGroup& operator=(OwnedAlertGroup&& other) noexcept {
        block_ = std::move(other.block_);
        group_ = std::exchange(other.group_, empty_group());
        return *this;
    }

    /// Copies the group and everything that it views, with the parser's knowledge of which texts need no escaping. O(bytes), one
    /// allocation. Errc::out_of_memory.
    [[nodiscard]] ALERTMAP_API static Result<OwnedAlertGroup> copy(const AlertGroup& group);

    [[nodiscard]] const AlertGroup& operator*() const& noexcept ALERTMAP_LIFETIMEBOUND { return *group_; }
    [[nodiscard]] const AlertGroup* operator->() const& noexcept ALERTMAP_LIFETIMEBOUND { return group_; }
    const AlertGroup& operator*() const&& = delete;
    const AlertGroup* operator->() const&& = delete;

 private:
    OwnedAlertGroup(std::unique_ptr<std::byte[]> block, const AlertGroup* group) noexcept : block_(std::move(block)), group_(group) {}
    [[nodiscard]] ALERTMAP_API static const AlertGroup* empty_group() noexcept;

    std::unique_ptr<std::byte[]> block_;
    const AlertGroup* group_;
};

/// Parses webhook bodies into alert groups. Keep one per thread and reuse it: it stops allocating once it has parsed the largest body. Not
/// thread-safe; parsers in different threads are independent.
class Parser {
 public:
    explicit Parser(ParseOptions options = {}) : Parser(options, detail::Abi{}) {}
    ALERTMAP_API ~Parser();
    /// Moves the parser; its groups stay valid and belong to the new object. The moved-from parser can be used again, with the same
    /// options.
    ALERTMAP_API Parser(Parser&&) noexcept;
    ALERTMAP_API Parser& operator=(Parser&&) noexcept;

    /// Parses one body in place: no padding or terminator needed; only strings with escapes are copied. The group views `body` and this
    /// Parser: it is valid until the body is freed or the next parse(). O(bytes).
    ///
    /// Accepts valid JSON only (every byte is checked) whose root is an object with an `alerts` array or other members of a group. Odd
    /// fields become warnings(), not failures. Errors, with byte offset and path: the JSON, shape and limit codes of Errc; with
    /// ParseOptions::strict also the warning codes.
    [[nodiscard]] ALERTMAP_API Result<AlertGroup> parse(std::string_view body ALERTMAP_LIFETIMEBOUND) & ALERTMAP_LIFETIMEBOUND;

    // Deleted: the group would outlive the bytes that it views.
    template <detail::TextOwner Temporary>
    Result<AlertGroup> parse(Temporary&& body) & = delete;
    Result<AlertGroup> parse(std::string_view body) && = delete;

    /// Warnings of the last body in body order, at most the first 1,000. Valid until the next parse().
    [[nodiscard]] ALERTMAP_API std::span<const Warning> warnings() const noexcept ALERTMAP_LIFETIMEBOUND;

    /// Number of warnings of the last body, including those above 1,000.
    [[nodiscard]] ALERTMAP_API std::size_t warning_count() const noexcept;

    /// Heap bytes held by this parser.
    [[nodiscard]] ALERTMAP_API std::size_t memory() const noexcept;

 private:
    ALERTMAP_API Parser(ParseOptions options, detail::Abi);

    struct Impl;
    ParseOptions options_;
    std::unique_ptr<Impl> impl_;  // null if moved from
};

}  // namespace alertmap
