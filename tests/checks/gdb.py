"""Checks the gdb printers for strings, label sets, times and buffers. Arguments: the root of the repository, then the compiler and its flags."""

import pathlib
import shutil
import subprocess
import sys
import tempfile

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
if not shutil.which("gdb"):
    sys.exit("gdb is not installed: apt install gdb")

expected = ['"High load \u00b0"', "absent", '{alertname="HighLoad", path="C:\\\\\\"x\\""}', "2026-01-15T10:00:00Z", '"{\\"a\\":1}"']
with tempfile.TemporaryDirectory() as folder:
    program = f"{folder}/program"
    subprocess.run([*compiler, "-std=c++20", "-g", "-O0", str(root / "tests/gdb/program.cpp"), "-o", program], check=True)
    names = ["text", "absent", "labels", "time", "buffer"]
    commands = ["set charset UTF-8", f"source {root}/share/alertmap/gdb/alertmap.py", "break stop_here", "run", *(f"output {name}\necho \\n" for name in names)]
    script = pathlib.Path(folder, "commands")
    script.write_text("\n".join(commands) + "\n")
    done = subprocess.run(["gdb", "-nx", "-batch", "-x", str(script), program], capture_output=True, text=True, encoding="utf-8", timeout=300)
shown = [line.split(": ", 1)[-1] if line.startswith("@") else line for line in done.stdout.splitlines()]
missing = [line for line in expected if not any(line in one for one in shown)]
if missing:
    sys.exit(f"not shown: {missing}\n{done.stdout}{done.stderr}")
print(*shown[-len(names):], sep="\n")
