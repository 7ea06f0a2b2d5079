"""Checks the .deb of alertmap-relay: contents, dependencies, and its unpacked program, unit, man page and examples. Arguments: cpack, the
build directory."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

cpack, build = sys.argv[1:]


def run(*command, **named):
    return subprocess.run(command, check=True, capture_output=True, text=True, **named).stdout


def check(what, seen, wanted=True):
    if seen != wanted:
        sys.exit(f"{what}: {seen!r}, not {wanted!r}")


with tempfile.TemporaryDirectory() as folder:
    out, root = pathlib.Path(folder, "out"), pathlib.Path(folder, "root")
    run(cpack, "-B", str(out), "-G", "DEB", "-D", "CPACK_COMPONENTS_ALL=alertmap_Relay", cwd=build)
    packages = list(out.glob("*.deb"))
    check("packages", [path.name.split("_")[0] for path in packages], ["alertmap-relay"])
    package = packages[0]
    run("dpkg-deb", "-x", str(package), str(root))
    run("dpkg-deb", "-e", str(package), str(root / "control"))

    depends = run("dpkg-deb", "-f", str(package), "Depends")
    needed = ["libc6", "libcurl4", "libprometheus-cpp-core", "libre2", "libsqlite3-0", "libssl", "libstdc++6", "libyaml-cpp"]
    check(f"Depends: {depends}", [name for name in needed if name not in depends], [])
    check("nothing that only builds", "-dev" in depends, False)
    # Each library that the program needs is in a listed package, or belongs to libc.
    libraries = re.findall(r"NEEDED.*\[(.*)\]", run("readelf", "-d", str(root / "usr/bin/alertmap-relay")))
    check("Boost and the CLI parser are headers only", [name for name in libraries if "boost" in name or "CLI" in name], [])

    held = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and "control" not in path.parts)
    examples = [f"usr/share/doc/alertmap-relay/config/{system}/{name}.yml"
                for system in ("better-stack", "grafana-oncall", "rootly", "signl4") for name in ("alertmanager", "relay")]
    wanted = sorted(["usr/bin/alertmap-relay", "usr/lib/systemd/system/alertmap-relay.service", "usr/lib/sysusers.d/alertmap-relay.conf",
                     "usr/share/doc/alertmap-relay/README.md", "usr/share/doc/alertmap-relay/copyright",
                     "usr/share/doc/alertmap-relay/config/relay-alerts.yml", "usr/share/doc/alertmap-relay/config/relay-alerts.test.yml",
                     "usr/share/man/man8/alertmap-relay.8", *examples])
    check("files", held, wanted)
    for name in ("postinst", "prerm", "postrm"):
        check(f"mode of {name}", (root / "control" / name).stat().st_mode & 0o777, 0o755)
        run("sh", "-n", str(root / "control" / name))

    program = str(root / "usr/bin/alertmap-relay")
    check("version", run(program, "--version").startswith("alertmap-relay "))
    configuration = root / "usr/share/doc/alertmap-relay/config/signl4"
    (configuration / "secrets").mkdir()
    for name in re.search("Secrets are files: (.*)", (configuration / "relay.yml").read_text())[1].split():
        (configuration / name).write_text("/a-secret-of-the-test-of-packages")
    check("an example", run(program, "--config", str(configuration / "relay.yml"), "--check-config").strip().endswith("1 listeners, 2 routes, 1 destinations"))

    manual = (root / "usr/share/man/man8/alertmap-relay.8").read_text().replace("\\-", "-")
    options = set(re.findall(r"--[a-z-]+", run(program, "--help")))
    check("options that the man page lacks", sorted(option for option in options if option not in manual), [])
    if shutil.which("groff"):
        ended = subprocess.run(["groff", "-man", "-ww", "-z", str(root / "usr/share/man/man8/alertmap-relay.8")], capture_output=True, text=True)
        check("groff", ended.stderr, "")

    unit = (root / "usr/lib/systemd/system/alertmap-relay.service")
    if shutil.which("systemd-analyze"):
        # For the unpacked program, as it may not be installed.
        text = unit.read_text().replace("/usr/bin/alertmap-relay", program)
        unit.write_text(text)
        ended = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
        check("systemd-analyze verify", [line for line in ended.stderr.splitlines() if "alertmap-relay" in line], [])
        ended = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)], capture_output=True, text=True)
        check(f"exposure of the unit: {ended.stdout[-200:]}", ended.returncode, 0)
    else:
        print("SKIPPED: no systemd-analyze here, the unit was not looked at (Debian: systemd)")
    print(f"{package.name}: {depends}")
