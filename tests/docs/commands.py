"""Runs the commands of a page as a new user would: its ```sh blocks, unchanged and in order, in one shell, in a copy of the checkout, with an
empty home directory. Arguments: the root of the repository, a working directory, the page, the compiler, and the prefixes of simdjson,
if not in the system.

    <!-- file: NAME -->     before any other block: the block is the file NAME
    <!-- not run: REASON -->  before a ```sh block: it is not run, and the reason is printed

Blocks whose tool is not installed (vcpkg, Conan) are skipped. `sudo` only runs its command. `apt install` installs nothing: it fails for
an unknown package, unpacks *.deb into the empty home instead of /, and assumes that the rest is installed."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

root, work, page, compiler, *elsewhere = sys.argv[1:]
root, work = pathlib.Path(root), pathlib.Path(work).resolve()
checkout, home, tools = work / "alertmap", work / "home", work / "tools"
shutil.rmtree(work, ignore_errors=True)
for folder in (home, tools):
    folder.mkdir(parents=True)

# The files of a checkout, without build results.
shutil.copytree(root, checkout, symlinks=True, ignore=lambda folder, names: [
    name for name in names if name in (".git", "__pycache__") or (folder == str(root) and name == "build")])


def tool(name, text):
    (tools / name).write_text(f"#!/bin/bash\nset -euo pipefail\n{text}\n")
    (tools / name).chmod(0o755)


tool("sudo", 'exec "$@"')
tool("apt", """
[ "$1" = install ] || { echo "apt $1: not expected"; exit 1; }
shift
for package in "$@"; do
    case $package in
        -*) ;;
        *.deb)
            dpkg-deb -x "$package" "$HOME"
            # Dependencies must be installed, or be one of the packages beside it.
            dpkg-deb -f "$package" Depends | tr ',' '\\n' | sed -E 's/^ *([^ |(]+).*/\\1/' | while read -r name; do
                dpkg-query -W "$name" >/dev/null 2>&1 || ls "$(dirname "$package")/${name}_"*.deb >/dev/null
            done ;;
        *) dpkg-query -W "$package" >/dev/null 2>&1 || apt-cache show "$package" >/dev/null ;;
    esac
done
""")

# The pages' builds use no optimization, which takes a third of the time.
tool("c++-quick", f'exec {compiler} "$@" -O0')

script = ["set -euo pipefail", f"cd {checkout}"]
ran = 0
text = (root / page).read_text()
for comment, kind, name, language, block in re.findall(
        r"(?:^(<!-- (file|not run): (.+?) -->)\n)?^[ ]*```(\w+)\n(.*?)^[ ]*```$", text, re.M | re.S):
    if kind == "file":
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text(block)
    if language != "sh":
        continue
    first = block.strip().splitlines()[0]
    needs = [program for program in ("vcpkg", "conan") if re.search(rf"(?m)^{program} |{program.upper()}_ROOT", block)]
    missing = [program for program in needs if not shutil.which(program)]
    if needs and not missing and not os.environ.get("ALERTMAP_REGISTRIES"):
        kind, name = "not run", "downloads; ALERTMAP_REGISTRIES=1 runs it"
    if kind == "not run":
        print(f"not run: {first}: {name}")
    elif missing:
        print(f"not run: {first}: no {missing[0]} here")
    else:
        ran += 1
        script.append(f"cat <<'THE_BLOCK'\n{block}THE_BLOCK\n{block}")

environment = {name: value for name, value in os.environ.items() if not name.startswith(("CMAKE_", "PKG_CONFIG", "DESTDIR", "VERBOSE"))}
environment.update(HOME=str(home), PATH=f"{tools}:{os.environ['PATH']}", CXX=str(tools / "c++-quick"), CMAKE_PREFIX_PATH=":".join(elsewhere),
                   PKG_CONFIG_PATH=":".join(f"{folder}/lib/pkgconfig" for folder in elsewhere))
# ccache keeps its files in the real home directory.
environment.setdefault("CCACHE_DIR", os.path.join(os.environ.get("HOME", "/"), ".cache/ccache"))
sys.stdout.flush()
status = subprocess.run(["bash", "-c", "\n".join(script)], env=environment, stdin=subprocess.DEVNULL).returncode
print(f"{ran} blocks, status {status}")
sys.exit(status != 0 or ran == 0)
