"""The library as two files: the header compiles alone, the source without warnings, and README's program has the output shown in README.
Arguments: the root of the repository, a working directory, the compiler, and the prefixes of simdjson, if not in the system."""

import pathlib
import re
import subprocess
import sys

root, work, compiler, *folders = sys.argv[1:]
root, work = pathlib.Path(root), pathlib.Path(work)
work.mkdir(parents=True, exist_ok=True)
subprocess.run([sys.executable, "-B", root / "cmake/release/amalgamate.py", work, root], check=True)

readme = (root / "README.md").read_text()
program = re.search(r"^```cpp\n(.*?)^```$", readme, re.M | re.S)[1]
command, shown = re.search(r"^```text\n\$ \./pager < (\S+)\n(.*?)^```$", readme, re.M | re.S).groups()
(work / "pager.cpp").write_text(re.sub(r"#include <alertmap/.*>", '#include "alertmap.hpp"', program))

compile_it = [compiler, "-std=c++20", "-O0", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Wpedantic", "-Werror"]
compile_it += [f"-isystem{folder}/include" for folder in folders]
subprocess.run([*compile_it, "-fsyntax-only", "-x", "c++", "-include", work / "alertmap.hpp", "/dev/null"], check=True)
subprocess.run([*compile_it, "-c", work / "alertmap.cpp", "-o", work / "alertmap.o"], check=True)
subprocess.run([*compile_it, work / "pager.cpp", work / "alertmap.o", *(f"-L{folder}/lib" for folder in folders), "-lsimdjson",
                "-o", work / "pager"], check=True)
with open(root / command) as body:
    said = subprocess.run([work / "pager"], stdin=body, check=True, stdout=subprocess.PIPE, text=True).stdout
print(said)
sys.exit(said != shown)
