"""Two programs that must print the same. Arguments: the programs; a program may have words before it (an emulator), as one argument."""

import subprocess
import sys

outputs = []
for program in sys.argv[1:]:
    done = subprocess.run(program.split(), stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{program} ended with {done.returncode}")
    outputs.append(done.stdout.splitlines())
first, second = outputs
if not first:
    sys.exit("no output")
for number, (a, b) in enumerate(zip(first, second), 1):
    if a != b:
        sys.exit(f"line {number} differs:\n{a!r}\n{b!r}")
if len(first) != len(second):
    sys.exit(f"{len(first)} lines and {len(second)} lines")
print(f"{len(first)} lines, the same")
