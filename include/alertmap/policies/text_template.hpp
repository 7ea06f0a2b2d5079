#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "alertmap/arena.hpp"
#include "alertmap/detail/export.hpp"
#include "alertmap/policies/field_ref.hpp"
#include "alertmap/result.hpp"
#include "alertmap/subject.hpp"
#include "alertmap/text.hpp"

namespace alertmap {

/// A text with placeholders for values of a subject. Validated when parsed. Values of alerts are inserted verbatim and never interpreted as
/// templates. Owns its configuration. Thread-safe.
///
///     {label.alertname} on {label.instance|label.job|"?"}: {firing} {firing?alert:alerts}
///
///     {annotation.summary}         the value of a FieldKind; its name behind the dot
///     {label."odd|name"}           a name with | : ? } or " in it (\" and \\ inside the quotes)
///     {label.instance|label.job}   the first that is not blank
///     {label.instance|"?"}         else a text in quotes, which may be empty
///     {annotation.summary:80}      at most 80 code points, the last one an ellipsis
///     {firing?alert:alerts}        one word for a count (firing, resolved, truncated) of 1, the other for any other
///     {{ and }}                    a brace
///
/// If a value is missing and has no quoted default, the whole text is empty, so that the next source is used.
class TextTemplate {
 public:
    /// Parses a template. Errors, with the offset in `text`: Errc::invalid_syntax, unknown_name, missing_value, invalid_value. Allocates.
    [[nodiscard]] static ALERTMAP_API Result<TextTemplate> parse(std::string_view text);

    /// Fills the template; the text is in the arena, or empty. O(pieces).
    [[nodiscard]] ALERTMAP_API Text operator()(const Subject& subject, Arena& arena) const;

    /// The template's source text. Valid as long as this object.
    [[nodiscard]] const std::string& source() const noexcept { return source_; }

    friend bool operator==(const TextTemplate& a, const TextTemplate& b) noexcept { return a.source_ == b.source_; }

 private:
    /// Literal text, a placeholder (alternatives in order) or a word that depends on a count (literals for 1 and for other counts).
    struct Piece {
        std::vector<FieldRef> choices;
        std::size_t limit = 0;  // in code points; 0: unlimited
        bool plural = false;
        bool required = false;  // a placeholder without a literal default
    };
    class Reader;

    [[nodiscard]] static Text value(const Piece& piece, const Subject& subject, Arena& arena);

    std::string source_;
    std::vector<Piece> pieces_;
};

/// A common template and one line of documentation.
struct ReadyText {
    std::string_view text;
    std::string_view about;
};

/// Example templates; each is valid.
inline constexpr std::array<ReadyText, 4> ready_texts = {{
    {"{alertmanager_subject}", "Alertmanager's default subject: [FIRING:2] DiskAlmostFull eu-1 (blob-store critical)"},
    {"{label.alertname} on {label.instance|label.node|label.pod|label.host}", "alertname and instance"},
    {"{label.instance|label.node|label.pod|label.host}: {annotation.summary|annotation.description|annotation.message|label.alertname}",
     "one line per alert"},
    {"{label.alertname|group_label.alertname|\"Alerts\"}: {firing} {firing?alert:alerts} firing, {resolved} resolved", "counts of a group"},
}};

}  // namespace alertmap
