"""What the umbrella header costs every file that includes it. Arguments: the file with the limits, the compiler and its flags.
Lines are counted after the preprocessor; seconds are processor time of the compiler, above that of an empty file. On a slow or busy
machine all of it takes longer, so the standard headers that the umbrella needs are the yardstick there."""

import json
import os
import subprocess
import sys
import tempfile

limits_file, *compiler = sys.argv[1:]
limits = json.load(open(limits_file))
umbrella = "#include <alertmap/alertmap.hpp>\n"
standard = "".join(f"#include <{name}>\n" for name in "algorithm charconv memory optional span string variant vector".split())


def compile(source, *flags):
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as file:
        file.write(source)
        file.flush()
        before = os.times()
        done = subprocess.run([*compiler, "-std=c++20", *flags, file.name], check=True, stdout=subprocess.PIPE)
        after = os.times()
    return done.stdout, after.children_user + after.children_system - before.children_user - before.children_system


lines = compile(umbrella, "-E", "-P")[0].count(b"\n")
# The quickest of a few: what other processes do to the machine only ever adds to it.
best = {umbrella: float("inf"), standard: float("inf"), "": float("inf")}
for attempt in range(8):
    for source in best:
        best[source] = min(best[source], compile(source, "-O2", "-c", "-o", os.devnull)[1])
    seconds = best[umbrella] - best[""]
    ratio = seconds / (best[standard] - best[""])
    if seconds < limits["seconds"]:
        break

print(f"{lines} lines, {seconds:.2f} s, {ratio:.1f} times the standard headers")
if lines > limits["lines"] * (1 + limits["tolerance"]):
    sys.exit(f"more than {limits['lines']} lines and {limits['tolerance']:.0%}: if the new includes are worth it, change {limits_file}")
if seconds >= limits["seconds"] and ratio > limits["times_standard"]:
    sys.exit(f"more than {limits['seconds']} s, and than {limits['times_standard']} times the standard headers")
