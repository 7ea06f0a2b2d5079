"""Checks the contents and dependencies of CPack's packages. Arguments: cpack, the build directory, a directory for unpacking the .deb files,
one for the .tar.gz."""

import pathlib
import shutil
import subprocess
import sys

cpack, build, deb_root, tgz_root = sys.argv[1:]
problems = []


def run(*command, **named):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **named).stdout


out = pathlib.Path(build) / "packages"
shutil.rmtree(out, ignore_errors=True)
run(cpack, "-B", str(out), "-G", "DEB;TGZ", cwd=build)

for root in (deb_root, tgz_root):
    shutil.rmtree(root, ignore_errors=True)
    pathlib.Path(root).mkdir(parents=True)
debs = {}
owner = {}
for path in sorted(out.glob("*.deb")):
    fields = dict(line.split(": ", 1) for line in run("dpkg-deb", "-f", path).splitlines() if ": " in line and line[0] != " ")
    debs[fields["Package"]] = fields
    for line in run("dpkg-deb", "-c", path).splitlines():
        name = line.split(None, 5)[5].split(" -> ")[0]
        if not name.endswith("/"):
            if name in owner:
                problems.append(f"{name} is in {owner[name]} and in {fields['Package']}")
            owner[name] = fields["Package"]
    run("dpkg-deb", "-x", path, deb_root)
for path in out.glob("*.tar.gz"):
    run("tar", "-xzf", path, "--strip-components=1", "-C", tgz_root)

holds = {
    "libalertmap0.1": ["libalertmap.so.0.1", "/copyright"],
    "libalertmap-dev": ["libalertmap.so", "alertmap.pc", "alertmap-config.cmake", "alertmap/alertmap.hpp", "alertmap/version.hpp", "/copyright"],
    "alertmap-tools": ["bin/alertmap-convert", "share/alertmap/targets/discord.json", "/copyright"],
}
if set(debs) != set(holds):
    problems.append(f"packages: {sorted(debs)}")
for package, names in holds.items():
    for name in names:
        if not any(file.endswith(name) for file, there in owner.items() if there == package):
            problems.append(f"{package} lacks {name}")
depends = {package: fields.get("Depends", "") for package, fields in debs.items()}
# The library contains a static simdjson.
needed = run("readelf", "-d", str(next(pathlib.Path(deb_root).rglob("libalertmap.so.0.1"))))
if "libsimdjson" in needed and "libsimdjson" not in depends.get("libalertmap0.1", ""):
    problems.append("libalertmap0.1 does not depend on libsimdjson")
for package in ("libalertmap-dev", "alertmap-tools"):
    if "libalertmap0.1" not in depends.get(package, ""):
        problems.append(f"{package} does not depend on libalertmap0.1: {depends.get(package)}")
# The tool finds the library and the target files relative to itself.
if not {"signl4", "discord"} <= set(run(f"{tgz_root}/bin/alertmap-convert", "--list-targets").splitlines()):
    problems.append("alertmap-convert does not list its targets")

print("\n".join(problems) or "\n".join(f"{package}: {text}" for package, text in depends.items()))
sys.exit(bool(problems))
