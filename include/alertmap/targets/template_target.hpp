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

/// A target from a JSON file: a vendor without C++. docs/targets/template.md describes the file.
///
///     Result<TemplateTarget> target = TemplateTarget::parse(text, options);
///
/// The file is checked and compiled once; writing then only copies and escapes. Text of an alert can never change the structure of
/// a request: a placeholder is escaped for where it is (JSON string, form, URL, header), and none may be in the scheme, the
/// host, the port or the name of a header. A copy costs a reference count. Safe to use from several threads at once.
class TemplateTarget {
 public:
    struct Program;  ///< what the file was compiled to

    std::string name = {};
    std::string doc = {};
    TargetTraits traits = {};

    /// Reads a file and fills its options in. Allocates. Errors, with the byte and the path in the file ("trigger.body.message"):
    /// JSON's; Errc::unknown_name (a member or placeholder that does not exist; a path that begins with "options." and no offset:
    /// one of `options`), Errc::missing_value (a required member or option), Errc::invalid_value, Errc::invalid_syntax (a
    /// placeholder), Errc::wrong_type, Errc::invalid_url, Errc::invalid_header.
    [[nodiscard]] ALERTMAP_API static Result<TemplateTarget> parse(std::string_view file, std::span<const OptionValue> options = {});

    /// As every target: see the concept. Errc::missing_vendor_id for a body that holds the vendor's ID: request() knows it.
    [[nodiscard]] ALERTMAP_API Result<void> write(const Event& event, Buffer& out) const;
    /// A vendor's ID of more than 512 bytes is Errc::invalid_value.
    [[nodiscard]] ALERTMAP_API Result<Request> request(const Event& event, std::string_view vendor_id = {}) const;
    /// One of the file's "success" codes; without them, a status of the 200s.
    [[nodiscard]] ALERTMAP_API bool succeeded(Transition transition, int http_status, std::string_view answer = {}) const;
    /// What is at the file's "id_pointer". Errors: JSON's, and Errc::missing_vendor_id.
    [[nodiscard]] ALERTMAP_API Result<std::string> read_id(std::string_view answer) const;

 private:
    TemplateTarget() = default;

    std::shared_ptr<const Program> program_;
};

/// The options that a template file declares, without filling them in: what lists show. Errors as TemplateTarget::parse().
struct TemplateOption {
    std::string key;
    std::string doc;
    OptionIs is = OptionIs::optional;
    std::string value = {};  ///< the file's default
};
[[nodiscard]] ALERTMAP_API Result<std::vector<TemplateOption>> template_options(std::string_view file);

}  // namespace alertmap
