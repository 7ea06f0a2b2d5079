"""Line coverage of include/ and src/ from a build with --coverage. A line is covered if any program of the build has run it. Arguments: the
root of the repository, the build directory, the minimum percentage."""

import json
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1]).resolve()
build = pathlib.Path(sys.argv[2]).resolve()
least = float(sys.argv[3])
lines = {}  # file: {line number: count}

with tempfile.TemporaryDirectory() as folder:
    data = [str(path) for path in sorted(build.rglob("*.gcda"))]
    if not data:
        sys.exit(f"no .gcda below {build}: build with preset coverage and run its tests")
    for first in range(0, len(data), 16):
        done = subprocess.run(["gcov", "--json-format", "--stdout", *data[first:first + 16]], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=True)
        for text in done.stdout.splitlines():
            if not text.startswith(b"{"):
                continue
            for file in json.loads(text)["files"]:
                path = (build / file["file"]).resolve()
                if not (root / "include" in path.parents or root / "src" in path.parents):
                    continue
                for line in file["lines"]:  # headers with declarations only have no lines
                    known = lines.setdefault(path.relative_to(root).as_posix(), {})
                    known[line["line_number"]] = known.get(line["line_number"], 0) + line["count"]


def ranges(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    parts = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


all_lines = covered = 0
for name, counts in sorted(lines.items()):
    missing = [number for number, count in counts.items() if count == 0]
    all_lines += len(counts)
    covered += len(counts) - len(missing)
    print(f"{100 * (1 - len(missing) / len(counts)):5.1f} %  {name}" + (f"  not covered: {ranges(missing)}" if missing else ""))
percentage = 100 * covered / all_lines
print(f"{percentage:.1f} % of {all_lines} lines in {len(lines)} files; at least {least:g} % must be")
sys.exit(percentage < least)
