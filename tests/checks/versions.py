"""Checks that the version is the same everywhere, and that the recipes meet the package managers' requirements. Arguments: the root of the
repository, cmake."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import types

root = pathlib.Path(sys.argv[1])
cmake = sys.argv[2]
port = root / "cmake/vcpkg/ports/alertmap"
problems = []


def expect(truth, problem):
    if not truth:
        problems.append(problem)


def read(path):
    return (root / path).read_text()


def load_recipe(path):
    """Runs a conanfile.py with fake Conan modules, to read names, options and the version."""

    class ConanFile:
        recipe_folder = str(root)
        version = None

    def module(name, **members):
        sys.modules[name] = types.ModuleType(name)
        vars(sys.modules[name]).update(members)

    nothing = lambda *arguments, **named: None
    module("conan", ConanFile=ConanFile)
    module("conan.errors", ConanInvalidConfiguration=Exception)
    module("conan.tools")
    module("conan.tools.build", check_min_cppstd=nothing, can_run=nothing)
    module("conan.tools.cmake", CMake=nothing, CMakeDeps=nothing, CMakeToolchain=nothing, cmake_layout=nothing)
    module("conan.tools.files", copy=nothing, rmdir=nothing, load=lambda recipe, path: pathlib.Path(path).read_text())
    module("conan.tools.scm", Version=str)
    scope = {}
    exec(compile(read(path), path, "exec"), scope)
    return next(kind for kind in scope.values() if isinstance(kind, type) and issubclass(kind, ConanFile) and kind is not ConanFile)


# Versions.
recipe = load_recipe("conanfile.py")()
recipe.set_version()
manifest = json.loads(read("vcpkg.json"))
port_manifest = json.loads((port / "vcpkg.json").read_text())
versions = {
    "CMakeLists.txt": re.search(r"^project\(alertmap\s+VERSION (\d+\.\d+\.\d+)$", read("CMakeLists.txt"), re.MULTILINE).group(1),
    "vcpkg.json": manifest["version-semver"],
    "the vcpkg port": port_manifest["version-semver"],
    "conanfile.py": recipe.version,
    "CHANGELOG.md": re.search(r"^## \[(\d+\.\d+\.\d+)\]", read("CHANGELOG.md"), re.MULTILINE).group(1),
}
expect(len(set(versions.values())) == 1, f"versions differ: {versions}")

# The ABI version is 0.MINOR, from 1.0 on MAJOR; it is part of the exported symbols.
major, minor, _ = versions["CMakeLists.txt"].split(".")
abi = f"Abi_0_{minor}" if major == "0" else f"Abi_{major}"
expect(f"alertmap::detail::{abi})" in read("tests/checks/exported_symbols.txt"), f"tests/checks/exported_symbols.txt: no {abi}")

# vcpkg: as formatted by `vcpkg format-manifest`, and without what the curated registry rejects.
for name, path in {"vcpkg.json": root / "vcpkg.json", "port": port / "vcpkg.json"}.items():
    text = path.read_text()
    document = json.loads(text)
    expect(text == json.dumps(document, indent=2) + "\n", f"{name}: not formatted")
    order = ["name", "version-semver", "description", "homepage", "license", "supports", "dependencies", "features"]
    expect(list(document) == [key for key in order if key in document], f"{name}: keys unknown or in another order: {list(document)}")
    expect(document["name"] == "alertmap" and document["license"] == "MIT", f"{name}: name or licence")
    expect("version>=" not in text and "overrides" not in document, f"{name}: version constraints")
    for part in [document, *document.get("features", {}).values()]:
        names = [entry if isinstance(entry, str) else entry["name"] for entry in part["dependencies"]]
        expect(names == sorted(names), f"{name}: dependencies not sorted: {names}")
portfile = (port / "portfile.cmake").read_text()
for call in ["vcpkg_cmake_configure", "vcpkg_cmake_install", "vcpkg_cmake_config_fixup", "vcpkg_fixup_pkgconfig", "vcpkg_install_copyright"]:
    expect(len(re.findall(rf"^{call}\(", portfile, re.MULTILINE)) == 1, f"portfile.cmake: {call} once")
expect(not re.search(r"vcpkg_(configure|install)_cmake|FetchContent", portfile), "portfile.cmake: deprecated or refused calls")
usage = (port / "usage").read_text()
for line in ["find_package(alertmap CONFIG REQUIRED)", "PRIVATE alertmap::alertmap)", "PRIVATE alertmap::core)"]:
    expect(line in usage, f"usage: no {line}")

# The port with its sources, as in README: vcpkg must hash each file that is compiled or installed.
with tempfile.TemporaryDirectory() as out:
    subprocess.run([cmake, f"-DOUT={out}", "-P", root / "cmake/vcpkg/port.cmake"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    copied = pathlib.Path(out) / "alertmap"
    expect((copied / "portfile.cmake").read_text() == portfile, "port.cmake: portfile.cmake not copied")
    for file in root.glob("*"):
        if file.name in ("CMakeLists.txt", "LICENSE", "src", "include", "examples", "share"):
            for one in [file] if file.is_file() else filter(pathlib.Path.is_file, file.rglob("*")):
                expect((copied / "source" / one.relative_to(root)).is_file(), f"port.cmake: {one.relative_to(root)} not copied")
                if file.is_dir():
                    expect(f"{file.name}/*" in recipe.exports_sources, f"conanfile.py does not export {file.name}/")
options = set(re.findall(r"option\((ALERTMAP_\w+)", read("CMakeLists.txt")))
for option in re.findall(r"ALERTMAP_\w+", portfile + read("conanfile.py").replace("ALERTMAP_SHARED", "")):
    expect(option in options, f"a recipe sets {option}, which CMakeLists.txt does not know")

for option in options:
    expect(f"| `{option}` |" in read("README.md"), f"README.md does not have the option {option}")

# Conan.
for file in ("conanfile.py", "tests/test_package/conanfile.py"):
    expect("user_presets_path = False" in read(file), f"{file}: leaves CMakeUserPresets.json in the sources")
expect(recipe.name == "alertmap" and recipe.license == "MIT", "conanfile.py: name or licence")
expect(recipe.package_type == "library", "conanfile.py: package_type")
expect(set(recipe.options) == set(recipe.default_options) == {"shared", "fPIC", "tools"}, "conanfile.py: options")
expect("version" not in vars(type(recipe)), "conanfile.py: a version of its own")
for pattern in recipe.exports_sources:
    expect(any(root.glob(pattern)), f"conanfile.py exports {pattern}, which is not there")
for file in ["conanfile.py", "CMakeLists.txt", "test_package.cpp"]:
    expect((root / recipe.test_package_folder / file).is_file(), f"{recipe.test_package_folder}/{file} is missing")
load_recipe(f"{recipe.test_package_folder}/conanfile.py")

print("\n".join(problems) or f"version {recipe.version} everywhere")
sys.exit(bool(problems))
