"""Compiles a file twice: unchanged, which must succeed, and with ALERTMAP_FAILING_CODE, which must fail with an error that matches its
first line ("// error: <regular expression>"). Arguments: the file, then the compiler and its flags."""

import re
import subprocess
import sys

file, *compiler = sys.argv[1:]
reason = re.match(r"// error: (.*)", open(file).readline()).group(1)


def compile(*flags):
    command = [*compiler, "-std=c++20", "-Wall", "-Werror", "-fsyntax-only", *flags, file]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True)


good = compile()
if good.returncode != 0:
    sys.exit(f"{file} does not even compile without the failing code:\n{good.stderr}")
bad = compile("-DALERTMAP_FAILING_CODE")
if bad.returncode == 0:
    sys.exit(f"{file}: the failing code compiles")
if not re.search(f"error:.*({reason})", bad.stderr):
    sys.exit(f"{file}: failed, but not for \"{reason}\":\n{bad.stderr}")
