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

/// Any target, the user's own ones included, chosen at run time. Itself a Target. Copies share the struct inside, which is
/// never changed again; a copy costs a reference count. Safe to use from several threads at once.
class AnyTarget {
 public:
    template <Target T>
    requires(!std::same_as<T, AnyTarget>) AnyTarget(T target) : self_(detail::share(std::move(target))), calls_(&calls<T>) {}

    /// Views memory that the target and its copies share, or static storage.
    [[nodiscard]] std::string_view name() const { return calls_->name(self_.get()); }
    /// How the vendor behaves (traits.hpp).
    [[nodiscard]] const TargetTraits& traits() const { return calls_->traits(self_.get()); }

    /// Appends the body to `out`; on an error appends nothing.
    [[nodiscard]] Result<void> write(const Event& event, Buffer& out) const { return calls_->write(self_.get(), event, out); }
    /// `vendor_id` is ignored by targets that resolve by the external ID.
    [[nodiscard]] Result<Request> request(const Event& event, std::string_view vendor_id = {}) const {
        return calls_->request(self_.get(), event, vendor_id);
    }
    /// Whether the vendor's answer says that the incident is now as asked.
    [[nodiscard]] bool succeeded(Transition transition, int http_status, std::string_view answer = {}) const {
        return calls_->succeeded(self_.get(), transition, http_status, answer);
    }
    /// The vendor's ID of the incident in the answer to its create. Errors: JSON's, and Errc::missing_vendor_id, also where the
    /// target needs none.
    [[nodiscard]] Result<std::string> read_id(std::string_view answer) const { return calls_->read_id(self_.get(), answer); }

    // Copies only: a target that was moved from would be empty.
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

/// The built-in targets, with their options. Static storage.
[[nodiscard]] ALERTMAP_API std::span<const Kind<AnyTarget>> targets() noexcept;

/// A built-in target by its name, e.g. make_target("signl4", *parse_options(flags)). Allocates. Errors: Errc::unknown_name
/// (without a path: the target's; with one: that option), Errc::invalid_value.
[[nodiscard]] ALERTMAP_API Result<AnyTarget> make_target(std::string_view name, std::span<const OptionValue> options = {});

}  // namespace alertmap
