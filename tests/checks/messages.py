"""Checks CMake's messages for missing or outdated dependencies: they must name the package for apt, vcpkg and Conan. Arguments: cmake, the
root of the repository, a working directory, the generator, the compiler."""

import pathlib
import re
import shutil
import subprocess
import sys

cmake, root, work, generator, compiler = sys.argv[1:]
shutil.rmtree(work, ignore_errors=True)


def fake(name, version, target):
    """Makes a prefix with a package of this version."""
    prefix = pathlib.Path(work) / f"{name}-{version}"
    folder = prefix / "lib/cmake" / name
    folder.mkdir(parents=True)
    (folder / f"{name}-config.cmake").write_text(f"add_library({target} INTERFACE IMPORTED)\n")
    (folder / f"{name}-config-version.cmake").write_text(f"set(PACKAGE_VERSION {version})\nset(PACKAGE_VERSION_COMPATIBLE TRUE)\n")
    return f"-D{name}_ROOT={prefix}"


problems = []
cases = [
    ("simdjson was not found", "libsimdjson-dev", "simdjson", "-DCMAKE_DISABLE_FIND_PACKAGE_simdjson=ON"),
    ("simdjson 2.2.3 .* too old.*3.0 or newer", "libsimdjson-dev", "simdjson", fake("simdjson", "2.2.3", "simdjson::simdjson")),
    ("fmt 8.1.1 .* too old.*9.1 or newer", "libfmt-dev", "fmt", fake("fmt", "8.1.1", "fmt::fmt")),
]
for number, (says, apt, other, option) in enumerate(cases):
    command = [cmake, "-S", root, "-B", f"{work}/{number}", "-G", generator, f"-DCMAKE_CXX_COMPILER={compiler}",
               "-DALERTMAP_DEVELOPER_MODE=ON", option]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    text = " ".join(done.stderr.split())
    wanted = [says, f"apt install {apt}", f"vcpkg install {other}", f"conan install --requires=\"{other}/"]
    if done.returncode == 0 or not all(re.search(pattern, text) for pattern in wanted):
        problems.append(f"{option}: {text or 'no error'}")

# The packages would have no dependencies.
command = [cmake, "-S", root, "-B", f"{work}/packaging", "-G", generator, f"-DCMAKE_CXX_COMPILER={compiler}",
           "-DALERTMAP_PACKAGING=ON", "-DALERTMAP_DPKG_SHLIBDEPS="]
done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
if done.returncode == 0 or "apt install dpkg-dev" not in " ".join(done.stderr.split()):
    problems.append(f"no dpkg-shlibdeps: {done.stderr or 'no error'}")

# The compiler check needs no configuration.
for name, version, newer in [("GNU", "11.4.0", "g++-12"), ("Clang", "13.0.1", "clang-14")]:
    command = [cmake, f"-DCMAKE_CXX_COMPILER_ID={name}", f"-DCMAKE_CXX_COMPILER_VERSION={version}", "-P", f"{root}/cmake/Compiler.cmake"]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0 or version not in done.stderr or f"apt install {newer}" not in " ".join(done.stderr.split()):
        problems.append(f"{name} {version}: {done.stderr or 'no error'}")

print("\n".join(problems) or f"{len(cases) + 3} messages")
sys.exit(bool(problems))
