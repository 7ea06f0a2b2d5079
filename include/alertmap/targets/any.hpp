#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/any_writer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/error.hpp"
#include "alertmap/event.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap {

/// A target chosen at run time: built-in or custom. Itself a Target. Copies share the immutable struct inside and cost a reference count.
/// Thread-safe.
class AnyTarget {
 public:
    template <Target T>
    requires(!std::same_as<T, AnyTarget>) AnyTarget(T target) : self_(detail::share(std::move(target))), calls_(&calls<T>) {}

    /// The target's name. A view of memory shared with copies of the target, or of static storage.
    [[nodiscard]] std::string_view name() const { return calls_->name(self_.get()); }
    /// The vendor's behaviour (traits.hpp).
    [[nodiscard]] const TargetTraits& traits() const { return calls_->traits(self_.get()); }

    /// Appends the body to `out`; appends nothing on error. Errors: see Target.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const { return calls_->write(self_.get(), event, out); }
    /// Returns the complete request; allocates. Targets that resolve by external ID ignore `vendor_id`. Errors: see Target.
    [[nodiscard]] Result<Request> request(const Event& event, std::string_view vendor_id = {}) const {
        return calls_->request(self_.get(), event, vendor_id);
    }
    /// True if, according to the vendor's answer, the incident is in the requested state.
    [[nodiscard]] bool succeeded(Transition transition, int http_status, std::string_view answer = {}) const {
        return calls_->succeeded(self_.get(), transition, http_status, answer);
    }
    /// The vendor's ID of the incident, from the answer to its creation. Allocates. Errors: JSON errors, and Errc::missing_vendor_id, also
    /// if the target uses no vendor IDs.
    [[nodiscard]] Result<std::string> read_id(std::string_view answer) const { return calls_->read_id(self_.get(), answer); }

    // Not movable (moves copy): a moved-from target would be empty.
    AnyTarget(const AnyTarget&) = default;
    AnyTarget& operator=(const AnyTarget&) = default;
    ~AnyTarget() = default;

 private:
    struct Calls {
        std::string_view (*name)(const void*);
        const TargetTraits& (*traits)(const void*);
        Result<void> (*write)(const void*, const Event&, Buffer&);
        Result<Request> (*request)(const void*, const Event&, std::string_view);
        bool (*succeeded)(const void*, Transition, int, std::string_view);
        Result<std::string> (*read_id)(const void*, std::string_view);
    };

    template <class T>
    static const T& as(const void* self) noexcept {
        return *static_cast<const T*>(self);
    }
    template <class T>
    static Result<Request> request_of(const void* self, const Event& event, std::string_view vendor_id) {
        if constexpr (detail::RequestsWithVendorId<T>) {
            return as<T>(self).request(event, vendor_id);
        } else {
            return as<T>(self).request(event);
        }
    }
    template <class T>
    static bool succeeded_of(const void* self, Transition transition, int http_status, std::string_view answer) {
        if constexpr (requires(const T& target) { target.succeeded(transition, http_status, answer); }) {
            return as<T>(self).succeeded(transition, http_status, answer);
        } else {
            return http_status >= 200 && http_status < 300;
        }
    }
    template <class T>
    static Result<std::string> read_id_of(const void* self, std::string_view answer) {
        if constexpr (requires(const T& target) { target.read_id(answer); }) {
            return as<T>(self).read_id(answer);
        } else {
            return Errc::missing_vendor_id;
        }
    }
    template <class T>
    static constexpr Calls calls = {
        [](const void* self) -> std::string_view { return as<T>(self).name; },
        [](const void* self) -> const TargetTraits& { return as<T>(self).traits; },
        [](const void* self, const Event& event, Buffer& out) { return as<T>(self).write(event, out); },
        request_of<T>,
        succeeded_of<T>,
        read_id_of<T>,
    };

    std::shared_ptr<const void> self_;
    const Calls* calls_;
};

/// All built-in targets and their options. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const Kind<AnyTarget>> targets() noexcept;

/// Makes a built-in target by name, e.g. make_target("signl4", *parse_options(flags)). Allocates. Errors: Errc::unknown_name (without a
/// path: unknown target; with a path: unknown option), Errc::invalid_value.
[[nodiscard]] ALERTMAP_API Result<AnyTarget> make_target(std::string_view name, std::span<const OptionValue> options = {});

}  // namespace alertmap
