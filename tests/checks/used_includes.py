"""Checks that each file includes what it uses: a standard header for each name in the table below; in public headers also our header that
declares each public type. Arguments: the root of the repository, "fix" to add missing includes."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])

# Standard headers and the names that require them. Names provided by several headers list all of them.
standard = {
    "algorithm": "std::(all_of any_of none_of find_if find_if_not count_if sort stable_sort min max clamp copy copy_n fill remove_if lower_bound "
                 "upper_bound equal equal_range binary_search unique reverse adjacent_find is_sorted min_element max_element transform find rotate)",
    "array": "std::(array to_array)",
    "atomic": "std::(atomic atomic_flag)",
    "bit": "std::(bit_cast bit_ceil bit_width countr_zero countl_zero popcount endian has_single_bit rotl rotr)",
    "charconv": "std::(to_chars from_chars chars_format)",
    "chrono": "std::chrono",
    "compare": "std::(strong_ordering weak_ordering partial_ordering is_eq is_neq is_lt is_lteq is_gt is_gteq)",
    "concepts": "std::(same_as convertible_to derived_from integral signed_integral unsigned_integral floating_point invocable default_initializable "
                "constructible_from copyable movable equality_comparable)",
    "cstddef": "std::(size_t ptrdiff_t byte max_align_t nullptr_t to_integer) offsetof",
    "cstdint": "std::(u?int(8|16|32|64)_t u?intptr_t u?intmax_t)",
    "cstdio": "std::(printf fprintf snprintf FILE fopen fclose fread fwrite fputs puts)",
    "cstdlib": "std::(malloc free realloc abort getenv strtoul strtoull strtod exit)",
    "cstring": "std::(memcpy memcmp memset memmove memchr strlen)",
    "filesystem": "std::filesystem",
    "functional": "std::(function less greater hash equal_to reference_wrapper ref)",
    "initializer_list": "std::initializer_list",
    "iterator": "std::(size data ssize begin end back_inserter distance next prev reverse_iterator forward_iterator_tag random_access_iterator_tag "
                "contiguous_iterator_tag input_iterator_tag istreambuf_iterator)",
    "limits": "std::numeric_limits",
    "map": "std::(map multimap)",
    "memory": "std::(unique_ptr shared_ptr make_unique make_shared construct_at destroy_at addressof weak_ptr uninitialized_copy_n)",
    "new": "std::(nothrow launder bad_alloc)",
    "optional": "std::(optional nullopt)",
    "random": "std::mt19937(_64)?",
    "set": "std::(set multiset)",
    "span": "std::(span as_bytes)",
    "string": "std::(string to_string stoi stoul)",
    "string_view": "std::string_view",
    "thread": "std::thread",
    "tuple": "std::(tuple tie make_tuple)",
    "type_traits": "std::(is_(?!sorted|n?eq\\b|[lg]t\\b|[lg]teq\\b)\\w+ enable_if_t remove_cv_t remove_cvref_t remove_const_t remove_reference_t decay_t conditional_t "
                   "underlying_type_t make_unsigned_t make_signed_t invoke_result_t false_type true_type integral_constant type_identity_t)",
    "unordered_map": "std::unordered_map",
    "utility": "std::(move forward exchange swap pair make_pair declval index_sequence make_index_sequence in_place to_underlying cmp_less)",
    "variant": "std::(variant get_if holds_alternative monostate visit)",
    "vector": "std::vector",
}
# Names that a header also provides: <string> has std::size, std::data and so on, as each container header.
also = {"iterator": {"string", "string_view", "vector", "array", "span", "map"},
        "type_traits": {"concepts"}, "compare": {"string", "string_view", "optional", "vector"},
        "initializer_list": {"string", "vector"}, "functional": {"string_view", "string", "optional"},
        "utility": set(), "concepts": set()}

tables = []
for header, text in standard.items():
    patterns = []
    for part in re.findall(r"\S*\([^)]*(?:\([^)]*\)[^)]*)*\)\S*|\S+", text):
        inner = re.fullmatch(r"std::\((.*)\)", part, re.DOTALL)
        patterns.append(r"\bstd::(?:" + "|".join(inner.group(1).split()) + r")\b" if inner else r"(?<![\w:])" + part + r"\b")
    tables.append((header, re.compile("|".join(patterns))))

comments_and_strings = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
directive = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)
declaration = re.compile(r"^(?:template\s*<[^\n]*>\s*\n?\s*)?(?:class|struct|enum class|concept)\s+(?:\w+\(\w*\)\s+)?([A-Z]\w+)\b(?!\s*;)", re.MULTILINE)


def code_of(text):
    # Include lines are read before strings are removed.
    return comments_and_strings.sub(lambda found: '""' if found.group(0)[0] in "\"R'" else " ", text)


headers = {path.relative_to(root / "include").as_posix(): path.read_text() for path in sorted((root / "include").rglob("*.hpp"))}
owners = {}
for name, text in headers.items():
    if "/detail/" in name:
        continue
    for type_name in declaration.findall(code_of(text)):
        owners.setdefault(type_name, set()).add(name)
# A name declared in two headers (a policy and a target) is ambiguous and ignored.
owners = {type_name: next(iter(names)) for type_name, names in owners.items() if len(names) == 1}

problems = []
missing = {}
paths = sorted([*(root / "include").rglob("*.hpp"), *(root / "src").iterdir()])
for path in paths:
    text = path.read_text()
    name = path.relative_to(root).as_posix()
    included = set(directive.findall(text))
    if path.suffix == ".cpp":  # includes of its own header count
        own = "alertmap/" + path.stem + ".hpp"
        if own in included and own in headers:
            included |= set(directive.findall(headers[own]))
    code = directive.sub("", code_of(text))
    for header, pattern in tables:
        found = pattern.search(code)
        if found and header not in included and not (also.get(header, set()) & included):
            problems.append(f"{name}: <{header}> for {found.group(0)}")
            missing.setdefault(path, set()).add(f"<{header}>")
    if not name.startswith("include/") or name == "include/alertmap/alertmap.hpp":
        continue  # a file that is only included once may rely on its header
    for type_name, owner in owners.items():
        if name == "include/" + owner or owner in included:
            continue
        if re.search(rf"(?<![\w:.>]){type_name}\b(?!\s*::\s*template)", code) and not re.search(
                rf"\b(class|struct|enum class|typename|class\s*\.\.\.)\s+{type_name}\b|\bconcept {type_name}\b", code):
            problems.append(f'{name}: "{owner}" for {type_name}')
            missing.setdefault(path, set()).add(f'"{owner}"')


def add(text, wanted):
    """The text with these includes, sorted within their kind; a new kind gets its own block."""
    for mark in "<", '"':
        new = [f"#include {name}" for name in wanted if name[0] == mark]
        block = re.compile(r"(?:^#include " + mark + r"[^\n]*\n)+", re.MULTILINE)
        blocks = list(block.finditer(text))
        if not new:
            continue
        if blocks:
            old = blocks[-1] if mark == '"' else blocks[0]
            text = text[:old.start()] + "".join(f"{line}\n" for line in sorted({*old.group(0).splitlines(), *new})) + text[old.end():]
        else:
            at = text.index("#include") if mark == "<" and "#include" in text else text.index("#pragma once\n") + len("#pragma once\n\n")
            if mark == '"' and (last := list(directive.finditer(text))):
                at = text.index("\n", last[-1].end()) + 1
                text = text[:at] + "\n" + "".join(f"{line}\n" for line in sorted(new)) + text[at:]
            else:
                text = text[:at] + "".join(f"{line}\n" for line in sorted(new)) + "\n" + text[at:]
    return text


if sys.argv[2:] == ["fix"]:
    for path, wanted in missing.items():
        path.write_text(add(path.read_text(), wanted))

print("\n".join(problems) or f"{len(paths)} files include what they use")
sys.exit(bool(problems))
