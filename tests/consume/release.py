"""Checks that a release made from two clones has equal bytes and correct checksums, that its archive equals the commit, and that its SBOM
lists the files. Arguments: the root of the repository, a working directory."""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile

root, work = sys.argv[1], pathlib.Path(sys.argv[2])
shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
if subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
    print("no git checkout here: a release is made from a commit")
    sys.exit(77)  # CTest: skipped


def digest(path):
    return hashlib.sha512(path.read_bytes()).hexdigest()


problems = []
made = []
for name, mask in (("one", "022"), ("two", "077")):
    clone, out = work / name / "clone", work / name / "out"
    commands = f'umask {mask}; git clone -q "{root}" "{clone}" && "{sys.executable}" -B "{clone}/cmake/release/release.py" "{out}" --without-abi'
    subprocess.run(["sh", "-c", commands], check=True, stdout=subprocess.DEVNULL)
    made.append({file.name: digest(file) for file in out.iterdir()})
if made[0] != made[1] or len(made[0]) != 4:
    problems.append(f"not the same twice: {made}")

out, clone = work / "one/out", work / "one/clone"
sums = dict(reversed(line.split("  ")) for line in (out / "SHA512SUMS").read_text().splitlines())
if sums != {name: value for name, value in made[0].items() if name != "SHA512SUMS"}:
    problems.append(f"SHA512SUMS: {sums}")

(archive,) = (name for name in sums if name.endswith(".tar.gz") and "two-files" not in name)
with tarfile.open(out / archive) as tar:
    inside = {name.split("/", 1)[1] for name in tar.getnames()}
committed = set(subprocess.run(["git", "-C", clone, "ls-files"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines())
if inside != committed:
    problems.append(f"the archive and the commit differ: {sorted(inside ^ committed)[:10]}")

(bill,) = (name for name in sums if name.endswith(".spdx.json"))
bill = json.loads((out / bill).read_text())
names = {package["name"] for package in bill["packages"]}
if names != {"alertmap", "simdjson", "fmt", "CLI11"} or {file["fileName"][2:] for file in bill["files"]} != committed:
    problems.append(f"SBOM: {names}, {len(bill['files'])} files")
if not any(package.get("checksums", [{}])[0].get("checksumValue") == sums[archive] for package in bill["packages"]):
    problems.append("SBOM: not of this archive")

print("\n".join(problems) or "\n".join(f"{value[:16]}... {name}" for name, value in sums.items()))
sys.exit(bool(problems))
