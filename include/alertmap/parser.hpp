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

/// What the parser accepts. The limits are far above what an honest sender sends (10,000 alerts are about 11 MB).
struct ParseOptions {
    /// Errc::body_too_large above it; at most 4 GiB - 64. 10,000 alerts are about 11 MB; a hostile body of the default's size makes the
    /// parser allocate about 13 times as much.
    std::size_t max_bytes = 16u << 20;
    std::size_t max_alerts = 100'000;  ///< Errc::too_many_alerts
    std::size_t max_labels = 10'000;   ///< in one set, and of members without a field in one object: more are dropped (too_many_labels)
    std::size_t max_depth = 64;        ///< of arrays and objects, at most 1024: a value that is deeper is dropped (too_deep)
    /// Bytes of heap that are kept for later bodies. What a larger body needed above this is given back when a body of less than a quarter
    /// of its size is parsed.
    std::size_t keep_memory = 8u << 20;
    bool strict = false;   ///< the first warning of the body is the error
    bool salvage = false;  ///< a broken body gives its complete alerts, marked incomplete, instead of an error
};

/// Something odd that was read all the same. Views as in Alert: valid as long as the group.
struct Warning {
    static constexpr std::uint32_t no_alert = static_cast<std::uint32_t>(-1);

    Errc code{};
    std::size_t offset = no_offset;  ///< in bytes, of the value (or of the object that lacks it)
    std::uint32_t alert = no_alert;  ///< index in the body's `alerts` (skipped ones counted), or no_alert
    std::string_view field;          ///< "startsAt"; empty: the alert or the body itself
    std::string_view key;            ///< of a label in that field, or empty

    /// "alerts[3].labels.severity". Allocates the text.
    [[nodiscard]] ALERTMAP_API std::string path() const;

    friend bool operator==(const Warning&, const Warning&) = default;
};

/// An alert group with all its bytes in one block of its own: outlives body and Parser. Moves in O(1); one allocation. What was
/// moved from, or made by the default constructor, is a group with nothing in it. As thread-safe as a std::string.
class OwnedAlertGroup {
 public:
    /// A group with nothing in it.
    OwnedAlertGroup() noexcept : group_(empty_group()) {}
    OwnedAlertGroup(OwnedAlertGroup&& other) noexcept
        : block_(std::move(other.block_)), group_(std::exchange(other.group_, empty_group())) {}
    OwnedAlertGroup& operator=(OwnedAlertGroup&& other) noexcept {
        block_ = std::move(other.block_);
        group_ = std::exchange(other.group_, empty_group());
        return *this;
    }

    /// Copies everything that the group views. What the parser found out about its texts is kept. Errc::out_of_memory.
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

/// Turns webhook bodies into alert groups. Keep one per thread and reuse it: after the first bodies it does not allocate.
/// Not safe to share between threads without a lock; parsers of different threads do not know of each other.
class Parser {
 public:
    explicit Parser(ParseOptions options = {}) : Parser(options, detail::Abi{}) {}
    ALERTMAP_API ~Parser();
    /// The groups of a parser move along with it. What is left is a parser that has not parsed yet, with the same options.
    ALERTMAP_API Parser(Parser&&) noexcept;
    ALERTMAP_API Parser& operator=(Parser&&) noexcept;

    /// Parses one body in place: any bytes, no padding or terminator needed, nothing copied but strings with escapes.
    /// The group views `body` and this Parser: keep both, and parse the next body only when done with this one.
    ///
    /// Accepts valid JSON only, every byte of it checked, and of that every object with an `alerts` array or with other
    /// keys of a group. Odd fields become warnings() and never cost the rest. Errors, with byte offset and path: the JSON,
    /// shape and limit groups of Errc; with ParseOptions::strict the warnings too.
    [[nodiscard]] ALERTMAP_API Result<AlertGroup> parse(std::string_view body ALERTMAP_LIFETIMEBOUND) & ALERTMAP_LIFETIMEBOUND;

    // The group would outlive the bytes that it views.
    template <detail::TextOwner Temporary>
    Result<AlertGroup> parse(Temporary&& body) & = delete;
    Result<AlertGroup> parse(std::string_view body) && = delete;

    /// What was odd about the last body, in its order; the first 1,000 of them. Valid until the next parse().
    [[nodiscard]] ALERTMAP_API std::span<const Warning> warnings() const noexcept ALERTMAP_LIFETIMEBOUND;

    /// How many there were in all.
    [[nodiscard]] ALERTMAP_API std::size_t warning_count() const noexcept;

    /// Bytes of heap that this parser holds.
    [[nodiscard]] ALERTMAP_API std::size_t memory() const noexcept;

 private:
    ALERTMAP_API Parser(ParseOptions options, detail::Abi);

    struct Impl;
    ParseOptions options_;
    std::unique_ptr<Impl> impl_;  // null where it was moved from
};

}  // namespace alertmap
