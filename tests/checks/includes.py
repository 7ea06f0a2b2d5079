"""Dependency rules between the directories of include/, and headers that public headers must not include. Arguments: the root of the repository."""

import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
include = root / "include"
headers = {path.relative_to(include).as_posix(): path.read_text() for path in sorted(include.rglob("*.hpp"))}
headers["alertmap/version.hpp"] = "#pragma once\n"  # made by CMake
problems = []

directive = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
includes = {name: directive.findall(text) for name, text in headers.items()}

# Headers that a directory must not include, directly or indirectly.
walls = {
    "alertmap/targets/": ["alert_group.hpp", "subject.hpp", "policies/", "mapping", "parser.hpp", "forwards/"],
    "alertmap/policies/": ["targets/", "forwards/", "mapping"],
    "alertmap/forwards/": ["event.hpp", "policies/", "mapping", "targets/"],
}
# Opt-in headers.
opt_in = {"alertmap/fmt.hpp": "fmt/format.h", "alertmap/format.hpp": "format", "alertmap/chrono.hpp": "chrono"}

# Headers that would cost compile time for every user, or add a dependency.
refused = re.compile(r"^(simdjson|fmt/|CLI/|doctest/|chrono$|format$|ranges$|iostream$|regex$|fstream$|sstream$|locale$|thread$|filesystem$)")


def reached(name, way):
    """All of our headers that `name` includes, directly or indirectly, each with the include path."""
    for quote, other in includes.get(name, []):
        if other in headers and other not in way:
            yield way + [other]
            yield from reached(other, way + [other])


for name, text in headers.items():
    if not re.search(r"^#pragma once$", text, re.MULTILINE):
        problems.append(f"{name}: no #pragma once")
    if re.search(r"^\s*using namespace\b", text, re.MULTILINE):
        problems.append(f"{name}: using namespace")
    for quote, other in includes[name]:
        if refused.match(other) and opt_in.get(name) != other:
            problems.append(f"{name} includes {other}")
        if quote == '"' and other not in headers:
            problems.append(f'{name} includes "{other}", which is no header of ours')
        if other in opt_in or (other == "alertmap/alertmap.hpp" and name != "alertmap/alertmap.hpp"):
            problems.append(f"{name} includes {other}")
    for folder, forbidden in walls.items():
        if name.startswith(folder):
            for way in reached(name, [name]):
                if any(way[-1].startswith("alertmap/" + prefix) for prefix in forbidden):
                    problems.append("wall: " + " -> ".join(way))

# The two umbrella headers are the complete API; the cost of alertmap.hpp does not grow with the vendors.
direct = {other for _, other in includes["alertmap/alertmap.hpp"]}
vendors = {other for _, other in includes["alertmap/targets.hpp"]}
for name in headers:
    if "/detail/" in name or name in ("alertmap/alertmap.hpp", "alertmap/targets.hpp", *opt_in):
        continue
    if (name in direct) == (name in vendors):
        problems.append(f"{name} must be included by one of alertmap/alertmap.hpp and alertmap/targets.hpp")

# Only one file includes simdjson.
for path in sorted((root / "src").iterdir()):
    if re.search(r"#\s*include\s*<simdjson", path.read_text()) and path.name != "parser.cpp":
        problems.append(f"src/{path.name} includes simdjson; only src/parser.cpp may")

# A test includes its header first, to check that it is self-contained.
for path in sorted((root / "tests").rglob("*_test.cpp")):
    mirrored = "alertmap/" + path.relative_to(root / "tests").as_posix().replace("_test.cpp", ".hpp")
    found = directive.findall(path.read_text())
    if mirrored in headers and (not found or found[0][1] != mirrored):
        problems.append(f"{path.relative_to(root)} does not include {mirrored} first")

print("\n".join(problems) or f"{len(headers)} headers, no wall crossed")
sys.exit(bool(problems))
