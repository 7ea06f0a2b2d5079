"""Checks that programs print the same. Arguments: the programs; an argument may start with an emulator's command."""

import subprocess
import sys

first = None
for program in sys.argv[1:]:
    done = subprocess.run(program.split(), stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{program} ended with {done.returncode}")
    lines = done.stdout.splitlines()
    if not lines:
        sys.exit(f"{program} printed nothing")
    first = first or lines
    for number, (a, b) in enumerate(zip(first, lines), 1):
        if a != b:
            sys.exit(f"{program}: line {number} is another:\n{a!r}\n{b!r}")
    if len(lines) != len(first):
        sys.exit(f"{program}: {len(lines)} lines instead of {len(first)}")
print(f"{len(first)} lines, {len(sys.argv) - 1} times the same")
