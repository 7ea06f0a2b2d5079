"""Cost of including the umbrella header. Arguments: the file with the limits, the compiler and its flags.
The limits are for preprocessed lines, and for the compile time relative to a few standard headers, measured alternately. Seconds are
printed but not limited, as they depend on the machine."""

import json
import os
import subprocess
import sys
import tempfile

limits_file, *compiler = sys.argv[1:]
limits = json.load(open(limits_file))
umbrella = "#include <alertmap/alertmap.hpp>\n"
standard = "#include <memory>\n#include <optional>\n#include <span>\n#include <string>\n#include <vector>\n"


def compile(source, *flags):
    with tempfile.NamedTemporaryFile("w", suffix=".cpp") as file:
        file.write(source)
        file.flush()
        before = os.times()
        done = subprocess.run([*compiler, "-std=c++20", *flags, file.name], check=True, stdout=subprocess.PIPE)
        after = os.times()
    return done.stdout, after.children_user + after.children_system - before.children_user - before.children_system


lines = compile(umbrella, "-E", "-P")[0].count(b"\n")
sources = {"umbrella": umbrella, "standard": standard, "empty": ""}
seconds = dict.fromkeys(sources, float("inf"))
# The minimum of several runs, as other processes only add time.
for attempt in range(8):
    for name, source in sources.items():
        seconds[name] = min(seconds[name], compile(source, "-O2", "-c", "-o", os.devnull)[1])
    ratio = (seconds["umbrella"] - seconds["empty"]) / (seconds["standard"] - seconds["empty"])
    if attempt > 0 and ratio < limits["ratio"]:
        break

print(f"{lines} lines, {seconds['umbrella'] - seconds['empty']:.2f} s, {ratio:.1f} times <memory>, <optional>, <span>, <string>, <vector>")
if lines > limits["lines"] * (1 + limits["tolerance"]):
    sys.exit(f"more than {limits['lines']} lines and {limits['tolerance']:.0%}: if the new includes are worth it, change {limits_file}")
if ratio > limits["ratio"]:
    sys.exit(f"more than {limits['ratio']} times")
