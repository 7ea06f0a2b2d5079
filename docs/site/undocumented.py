"""Reads Doxygen's warnings and fails if any are relevant: a class, enumeration or function of the API without documentation, or a comment
that Doxygen cannot parse. Argument: doxygen's log.

Ignored are parts that are documented once for all, or by C++ itself:
- constructors, assignments and destructors without a comment, and the usual members of containers, iterators, optional values and
  std::string_view;
- data members, which are documented if their struct and name are not sufficient;
- members that each target and forward must have: see targets/concept.hpp and forwards/concept.hpp;
- formatters of fmt.hpp: Doxygen does not find classes in a namespace that it does not read."""

import pathlib
import re
import sys

containers = """begin end size empty data front back clear view get value error has_value present operator* operator-> operator++ operator-- operator[]
operator bool operator== operator!= operator<=> operator<< operator() iterator value_type reference pointer difference_type iterator_category
iterator_concept size_type const_pointer const_reference const_iterator length cbegin cend remove_prefix remove_suffix compare starts_with
ends_with contains substr find rfind find_first_of find_last_of find_first_not_of find_last_not_of""".split("\n")
vocabulary = set(" ".join(containers).replace("operator bool", "operator_bool").split())
concept = {"name", "doc", "about", "traits", "options", "url", "resolves_by_external_id", "write", "request", "split", "heartbeat"}

wrong = []
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    # Specializations of standard library templates, which Doxygen does not read.
    if "Internal inconsistency: scope for class fmt::formatter" in line or "documented symbol 'constexpr bool std::ranges::enable_" in line:
        continue
    member = re.search(r"Member (.+?)(\(.*\).*)? \((function|variable|typedef|enumeration|friend)\) of (?:class|struct|namespace|file) (\S.*?) is not documented", line)
    if member:
        signature, kind, owner = member[1], member[3], member[4]
        if kind == "variable":
            continue
        word = re.sub(r"operator bool", "operator_bool", signature).split()[-1].lstrip("*&") if " " in signature else signature
        class_name = re.sub(r"<.*", "", owner).split("::")[-1].strip()
        if word in vocabulary or word.lstrip("~") == class_name or word == "operator=":
            continue
        if re.search(r"alertmap::(target|forward)::", owner) and word in concept:
            continue
    wrong.append(re.sub(r"^.*?include/", "", line))
print("\n".join(wrong) or "every public name has words")
sys.exit(bool(wrong))
