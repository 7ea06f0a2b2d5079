"""Checks that the steps of .ci/run are those in CONTRIBUTING.md, and that the workflow's jobs are these steps and the other CPUs. Argument:
the root of the repository."""

import json
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
problems = []


def words(path, pattern):
    found = re.search(pattern, (root / path).read_text(), re.DOTALL)
    if not found:
        problems.append(f"{path}: nothing like {pattern}")
    return re.findall(r"[\w-]+", found.group(1)) if found else []


steps = words(".ci/run", r"\nsteps=\(([^)]*)\)")
listed = words("CONTRIBUTING.md", r"`\.ci/run` has, in this order: ([^.]*)\.")
jobs = words(".github/workflows/ci.yml", r"\n {8}step: \[([^\]]*)\]")
run_sh = (root / "tests/run.sh").read_text()
presets = {preset["name"] for preset in json.loads((root / "CMakePresets.json").read_text())["testPresets"]}

if listed != steps:
    problems.append(f"CONTRIBUTING.md lists {' '.join(listed)}; .ci/run has {' '.join(steps)}")
# dev has one job per compiler.
if set(jobs) != {*steps, "i386", "s390x"} - {"dev"}:
    problems.append(f"ci.yml: {set(jobs) ^ ({*steps, 'i386', 's390x'} - {'dev'})} in one place only")
for step in {*steps, *jobs}:
    if step not in presets and not re.search(rf"^    {step}\)", run_sh, re.MULTILINE):
        problems.append(f"{step} is neither a test preset nor a case of tests/run.sh")

print("\n".join(problems) or f"{len(steps)} steps")
sys.exit(bool(problems))
