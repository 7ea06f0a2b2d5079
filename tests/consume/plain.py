"""Builds and runs a program without CMake. Arguments: pkg-config | bare, static | shared, the prefix, a working directory, the directory of
main.cpp and other.cpp, the compiler, and the prefixes of simdjson, if not in the system."""

import os
import pathlib
import shlex
import subprocess
import sys

way, linkage, prefix, work, sources, compiler, *elsewhere = sys.argv[1:]
(pc,) = pathlib.Path(prefix).rglob("alertmap.pc")
library = pc.parent.parent
pathlib.Path(work).mkdir(parents=True, exist_ok=True)
program = f"{work}/{way}-{linkage}"


def pkg_config(*arguments, path=":".join([str(pc.parent), *(f"{folder}/lib/pkgconfig" for folder in elsewhere)])):
    command = ["pkg-config", *arguments, "alertmap"]
    answer = subprocess.run(command, env={**os.environ, "PKG_CONFIG_PATH": path}, check=True, stdout=subprocess.PIPE, text=True)
    return shlex.split(answer.stdout)


if way == "pkg-config":
    if linkage == "static":
        flags = pkg_config("--cflags", "--libs")
        assert "-lsimdjson" in flags, flags
    else:
        # Without other search paths there is no simdjson.pc: users of the shared library do not need it.
        os.environ["PKG_CONFIG_LIBDIR"] = str(pc.parent)
        flags = pkg_config("--cflags", "--libs")
        assert not any("simdjson" in flag for flag in flags), flags
    assert f"-L{library}" in flags or any(os.path.realpath(flag[2:]) == os.path.realpath(library) for flag in flags), flags
else:
    # No macros, no tools: include/ and lib/ are sufficient.
    flags = [f"-I{prefix}/include", f"-L{library}", "-lalertmap"] + ([*(f"-L{folder}/lib" for folder in elsewhere), "-lsimdjson"] if linkage == "static" else [])

command = [compiler, "-std=c++20", f"{sources}/main.cpp", f"{sources}/other.cpp", *flags, f"-Wl,-rpath,{library}", "-o", program]
print(shlex.join(command))
subprocess.run(command, check=True)
subprocess.run([program], check=True)
needed = subprocess.run(["readelf", "-d", program], check=True, stdout=subprocess.PIPE, text=True).stdout
assert ("libalertmap.so.0.1" in needed) == (linkage == "shared"), needed
