#!/usr/bin/env python3
"""Writes the library as two files: alertmap.hpp, all public headers except fmt.hpp, and alertmap.cpp, all sources. simdjson is not included.

    cmake/release/amalgamate.py FOLDER [ROOT]"""

import pathlib
import re
import sys

out = pathlib.Path(sys.argv[1])
root = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).resolve().parents[2]


def version_header():
    """The same as CMake's configure_file of cmake/version.hpp.in."""
    major, minor, patch = re.search(r"project\(alertmap\s+VERSION (\d+)\.(\d+)\.(\d+)", (root / "CMakeLists.txt").read_text()).groups()
    values = {
        "PROJECT_VERSION": f"{major}.{minor}.{patch}",
        "PROJECT_VERSION_MAJOR": major,
        "PROJECT_VERSION_MINOR": minor,
        "PROJECT_VERSION_PATCH": patch,
        "abi_version_name": f"0_{minor}" if major == "0" else major,
    }
    return re.sub(r"@(\w+)@", lambda found: values[found[1]], (root / "cmake/version.hpp.in").read_text())


def find(name, beside):
    """The file of an include in quotes; None for a generated one."""
    if name == "alertmap/version.hpp":
        return None
    for place in (beside / name, root / "include" / name, root / "src" / name):
        if place.is_file():
            return place.resolve()
    sys.exit(f"no file for #include \"{name}\"")


def expand(text, beside, seen, system):
    lines = []
    depth = 0  # of conditions
    for line in text.splitlines():
        depth += bool(re.match(r"#\s*if", line)) - bool(re.match(r"#\s*endif", line))
        quoted = re.match(r'#\s*include "([^"]+)"', line)
        angled = re.match(r"#include (<[^>]+>)", line)
        if re.match(r"#\s*pragma once", line):
            continue
        if quoted:
            file = find(quoted[1], beside)
            if file not in seen:
                seen.add(file)
                lines.append(f"// ---- {quoted[1]}")
                lines += expand(file.read_text() if file else version_header(), file.parent if file else beside, seen, system)
        elif angled and depth == 0:
            if angled[1] not in system:
                lines.append(line)
            system.add(angled[1])
        else:
            lines.append(line)
    return lines


def write(name, head, lines):
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"
    (out / name).write_text(f"// alertmap {version}. {head}\n// Made by cmake/release/amalgamate.py: change the sources, not this file.\n"
                            f"// SPDX-License-Identifier: MIT\n{licence}\n{text}")


version = re.search(r'VERSION_STRING "([^"]+)"', version_header())[1]
licence = "".join(f"// {line}".rstrip() + "\n" for line in (root / "LICENSE").read_text().splitlines())
opt_in = {"fmt.hpp", "format.hpp", "chrono.hpp"}
seen, system = set(), set()
headers = sorted((root / "include/alertmap").rglob("*.hpp"), key=lambda file: (file.name != "alertmap.hpp", str(file)))
includes = [f'#include "{file.relative_to(root / "include")}"\n' for file in headers if file.name not in opt_in]
header = expand("".join(includes), root, seen, system)
sources = re.findall(r"^\s+(src/\S+\.cpp)\)?$", (root / "cmake/Library.cmake").read_text(), re.M)
if sorted(sources) != sorted(str(file.relative_to(root)) for file in (root / "src").rglob("*.cpp")):
    sys.exit(f"cmake/Library.cmake does not list the files of src/: {sources}")
body = []
for source in sources:
    body += [f"// ---- {source}"] + expand((root / source).read_text(), (root / source).parent, seen, system)
out.mkdir(parents=True, exist_ok=True)
write("alertmap.hpp", "All of its headers but the opt-in ones (fmt, format, chrono). Compile alertmap.cpp beside it, and link simdjson.", ["#pragma once"] + header)
write("alertmap.cpp", "All of its sources. Needs simdjson 3.0 to 4.x.", ['#include "alertmap.hpp"'] + body)
print(f"{out}/alertmap.hpp, {out}/alertmap.cpp: version {version}")
