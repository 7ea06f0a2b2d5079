"""Runs clang-format and clang-tidy. Arguments: the root of the repository, a directory for cached results, include directories.

To save time, one file includes all headers, and a few files include several sources each; clang-tidy reports their problems, too. (clang's
analyzer examines included .cpp files if the main file's name begins with UnifiedSource; a file with a known fault, checked first, verifies
this.) A file whose preprocessed text was checked before is not checked again."""

import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import time

start = time.monotonic()
root = pathlib.Path(sys.argv[1]).resolve()
memory = pathlib.Path(sys.argv[2])
include_folders = [root / "include", *map(pathlib.Path, sys.argv[3:]), root / "src", root / "tests"]
memory.mkdir(parents=True, exist_ok=True)
problems = []


def output(*command):
    return subprocess.run([str(word) for word in command], cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")


def tool(name):
    """Version 14, with or without a suffix: other versions format and warn differently."""
    for candidate in (f"{name}-14", name):
        try:
            text = output(candidate, "--version").stdout
        except FileNotFoundError:
            continue
        if re.search(r"version 14\.", text):
            return candidate
    sys.exit(f"{name} 14 is not installed: apt install {name}-14 (Debian 12: {name})")


clang_format = tool("clang-format")
clang_tidy = tool("clang-tidy")
sources = [path for folder in ("include", "src", "tests", "examples", "bench") for path in sorted((root / folder).rglob("*.[ch]pp"))]

done = output(clang_format, "--dry-run", "--Werror", *sources)
badly = sorted({line.split(":")[0] for line in done.stdout.splitlines() if "error:" in line})
problems += [f"{pathlib.Path(name).relative_to(root) if name.startswith('/') else name}: run clang-format" for name in badly]
if done.returncode != 0 and not badly:
    problems.append(done.stdout)

headers = memory / "headers.cpp"
# format.hpp needs a standard library with <format>, which version 14 may lack.
headers.write_text("".join(f'#include "{path.relative_to(root / "include").as_posix()}"\n' for path in sources
                           if root / "include" in path.parents and path.name != "format.hpp"))
flags = ["-std=c++20", "-Wall", *(f"-I{folder}" for folder in include_folders)]
config = root / ".clang-tidy"


def check(path):
    filter = f"^{re.escape(str(root))}/include/alertmap/" if path == headers else f"^{re.escape(str(root))}/src/"
    text = output("clang++", *flags, "-E", path).stdout
    key = hashlib.sha256((text + config.read_text() + filter).encode()).hexdigest()
    known = memory / key
    if known.exists():
        return []
    done = output(clang_tidy, f"--config-file={config}", "--quiet", f"--header-filter={filter}", path, "--", *flags)
    found = [line for line in done.stdout.splitlines() if re.search(r"(error|warning): .*\[[\w.,-]+\]$|error: ", line)]
    if done.returncode == 0 and not found:
        known.touch()
    return found or ([] if done.returncode == 0 else [f"{path}: {done.stdout[-2000:]}"])


# Assigns the largest file to the smallest group so far.
groups = [[] for _ in range(6)]
for path in sorted((root / "src").glob("*.cpp"), key=lambda path: -path.stat().st_size):
    min(groups, key=lambda group: sum(one.stat().st_size for one in group)).append(path)
units = [headers]
for number, group in enumerate(groups):
    units.append(memory / f"UnifiedSource{number}.cpp")
    units[-1].write_text("".join(f'#include "{path}"\n' for path in sorted(group)))
probe, fault = memory / "UnifiedSource.cpp", memory / "fault.cpp"
fault.write_text("int fault(int* p) { return p == nullptr ? *p : 0; }\n")
probe.write_text(f'#include "{fault.name}"\n')
if "NullDereference" not in output(clang_tidy, f"--config-file={config}", "--quiet", probe.resolve(), "--header-filter=/fault.cpp", "--").stdout:
    problems.append("clang-tidy does not find a fault that is there")

with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for found in pool.map(check, units):
        problems += [line.replace(f"{root}/", "") for line in found]

problems = list(dict.fromkeys(problems))
print("\n".join(problems) or f"{len(sources)} files formatted, {len(units)} units without a finding, {time.monotonic() - start:.0f} s")
sys.exit(bool(problems))
