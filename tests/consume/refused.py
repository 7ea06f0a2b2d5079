"""Two versions of simdjson or alertmap in one program may crash at run time. Checks which combinations CMake and pkg-config reject, and with
which messages. Arguments: cmake, the root of the repository, the prefix of the static library, a working directory, the generator, the
compiler, and the prefixes of simdjson, if not in the system."""

import os
import pathlib
import re
import shutil
import subprocess
import sys

cmake, root, prefix, work, generator, compiler, *elsewhere = sys.argv[1:]
work = pathlib.Path(work)
shutil.rmtree(work, ignore_errors=True)
problems = []


def other_simdjson(version):
    """Makes a prefix with a minimal package of another version: its target, header and .pc."""
    there = work / f"simdjson-{version}"
    for folder in ("include", "lib/cmake/simdjson", "lib/pkgconfig"):
        (there / folder).mkdir(parents=True)
    (there / "include/simdjson.h").write_text(f'#define SIMDJSON_VERSION "{version}"\n')
    (there / "lib/cmake/simdjson/simdjson-config.cmake").write_text(
        "add_library(simdjson::simdjson INTERFACE IMPORTED)\n"
        f"set_target_properties(simdjson::simdjson PROPERTIES INTERFACE_INCLUDE_DIRECTORIES {there}/include)\n")
    (there / "lib/cmake/simdjson/simdjson-config-version.cmake").write_text(
        f"set(PACKAGE_VERSION {version})\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
    (there / "lib/pkgconfig/simdjson.pc").write_text(f"Name: simdjson\nDescription: another\nVersion: {version}\nLibs: -lsimdjson\n")
    return there


def configure(name, text, *options):
    """cmake's output for a project in one line, and whether it succeeded."""
    source = work / name
    source.mkdir(parents=True)
    (source / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.25)\nproject({name} LANGUAGES CXX)\n{text}\n")
    command = [cmake, "-S", str(source), "-B", str(source / "build"), "-G", generator, f"-DCMAKE_CXX_COMPILER={compiler}",
               f"-DCMAKE_PREFIX_PATH={';'.join(elsewhere)}", *options]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return done.returncode == 0, " ".join(done.stderr.split())


def refused(name, words, text, *options):
    content, said = configure(name, text, *options)
    if content or not re.search(words, said):
        problems.append(f"{name}: {said or 'no error'}")


installed = f"-Dalertmap_ROOT={prefix}"
find = "find_package(alertmap CONFIG REQUIRED)"
subdirectory = f"add_subdirectory({root} alertmap)"
# A simdjson that the project adds itself, as a subproject.
own = """add_library(simdjson INTERFACE)
target_include_directories(simdjson INTERFACE $<BUILD_INTERFACE:{include}>)
add_library(simdjson::simdjson ALIAS simdjson)"""

# Compatible combinations must be accepted; otherwise the rejections below would prove nothing.
for name, text in {"content_find": find, "content_subdirectory": subdirectory}.items():
    content, said = configure(name, text, installed)
    if not content:
        problems.append(f"{name}: {said}")

newer = other_simdjson("9.9.9")
older = other_simdjson("2.2.3")
crash = r"was built with simdjson \d+\.\d+\.\d+, and this project has simdjson 9\.9\.9"
refused("another_simdjson", crash, find, installed, f"-Dsimdjson_ROOT={newer}")
refused("own_simdjson_find", crash, own.format(include=newer / "include") + "\n" + find, installed)
refused("old_own_simdjson", "is simdjson 2.2.3, which is too old", own.format(include=older / "include") + "\n" + subdirectory)
# An alias of a version without one, so that CMake itself does not fail first.
refused("simdjson_behind", "this project has two simdjsons.*in front of alertmap", subdirectory + "\nadd_library(simdjson INTERFACE)")
refused("find_and_subdirectory", "this project has alertmap twice", f"{find}\n{subdirectory}", installed)
refused("subdirectory_and_find", "this project has alertmap twice", f"{subdirectory}\n{find}", installed)
refused("two_subdirectories", "this project has alertmap twice", f"{subdirectory}\nadd_subdirectory({root} again)")

# pkg-config.
(pc,) = pathlib.Path(prefix).rglob("alertmap.pc")
for folder, good in ((None, True), (newer, False)):
    places = [str(folder)] if folder else elsewhere
    path = ":".join([str(pc.parent), *(f"{place}/lib/pkgconfig" for place in places)])
    done = subprocess.run(["pkg-config", "--print-errors", "--exists", "alertmap"], env={**os.environ, "PKG_CONFIG_PATH": path},
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if (done.returncode == 0) != good or not (good or "simdjson" in done.stderr):
        problems.append(f"pkg-config with {folder}: {done.stderr or 'no error'}")

print("\n".join(problems) or "all refused")
sys.exit(bool(problems))
