#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/buffer.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/event.hpp"
#include "alertmap/options.hpp"
#include "alertmap/request.hpp"
#include "alertmap/targets/concept.hpp"
#include "alertmap/targets/traits.hpp"

namespace alertmap {

/// A target defined by a JSON file instead of C++ code. docs/targets/template.md describes the file.
///
///     Result<TemplateTarget> target = TemplateTarget::parse(text, options);
///
/// The file is validated and compiled once; writing only copies and escapes. Alert texts cannot change the structure of a request:
/// placeholders are escaped for their context (JSON string, form, URL, header), and are not allowed in the scheme, host, port or in header
/// names. A copy costs a reference count. Thread-safe.
class TemplateTarget {
 public:
    struct Program;  ///< the compiled file

    std::string name = {};
    std::string doc = {};
    TargetTraits traits = {};

    /// Parses a file and applies its options. Allocates. Errors, with byte offset and path in the file ("trigger.body.message"): JSON
    /// errors; Errc::unknown_name (unknown member or placeholder; or an unknown option, then without offset and with a path "options..."),
    /// Errc::missing_value (a required member or option), Errc::invalid_value, Errc::invalid_syntax (a placeholder), Errc::wrong_type,
    /// Errc::invalid_url, Errc::invalid_header.
    [[nodiscard]] ALERTMAP_API static Result<TemplateTarget> parse(std::string_view file, std::span<const OptionValue> options = {});

    /// See Target. Errc::missing_vendor_id if the body contains the vendor's ID: use request().
    [[nodiscard]] ALERTMAP_API Result<void> write(const Event& event, Buffer& out) const;
    /// See Target. Errc::invalid_value for a vendor ID above 512 bytes.
    [[nodiscard]] ALERTMAP_API Result<Request> request(const Event& event, std::string_view vendor_id = {}) const;
    /// True for one of the file's "success" codes; by default 2xx.
    [[nodiscard]] ALERTMAP_API bool succeeded(Transition transition, int http_status, std::string_view answer = {}) const;
    /// The value at the file's "id_pointer". Errors: JSON errors, and Errc::missing_vendor_id. Allocates.
    [[nodiscard]] ALERTMAP_API Result<std::string> read_id(std::string_view answer) const;

 private:
    TemplateTarget() = default;

    std::shared_ptr<const Program> program_;
};

/// An option that a template file declares, for lists. Owns its strings.
struct TemplateOption {
    std::string key;
    std::string doc;
    OptionIs is = OptionIs::optional;
    std::string value = {};  ///< default value in the file
};
/// The options that a template file declares, in its order. Allocates. Errors: as TemplateTarget::parse(). Thread-safe.
[[nodiscard]] ALERTMAP_API Result<std::vector<TemplateOption>> template_options(std::string_view file);

}  // namespace alertmap
