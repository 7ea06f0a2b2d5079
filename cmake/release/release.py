#!/usr/bin/env python3
"""Makes the files of a release from the checked-out commit. Reproducible: the same commit gives the same bytes.

    cmake/release/release.py FOLDER [--without-abi]

FOLDER gets
    alertmap-VERSION.tar.gz             the source archive
    alertmap-VERSION-two-files.tar.gz   alertmap.hpp and alertmap.cpp
    alertmap-VERSION.spdx.json          the SBOM (SPDX 2.3): contents of the archive, and linked libraries
    SHA512SUMS                          of these three
    abi.txt                             abidiff's comparison of the shared library with the last tag, if there is one
"""

import datetime
import gzip
import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]


def run(*command, **named):
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, **named).stdout


def git(*arguments):
    return run("git", "-C", root, *arguments)


def pack(path, prefix, files, time):
    """A .tar.gz without machine-dependent parts: owner, times, order, name and time in gzip's header."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, (mode, content) in sorted(files.items()):
            entry = tarfile.TarInfo(f"{prefix}/{name}")
            entry.mtime = time
            if mode == 0o120000:
                entry.type, entry.linkname = tarfile.SYMTYPE, content.decode()
                tar.addfile(entry)
            else:
                entry.mode, entry.size = mode & 0o777, len(content)
                tar.addfile(entry, io.BytesIO(content))
    with open(path, "wb") as out, gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=9) as packed:
        packed.write(archive.getvalue())


def committed():
    """The files of the commit: name to mode and content."""
    files = {}
    for line in git("ls-tree", "-r", "-z", "HEAD").split(b"\0"):
        if line:
            head, name = line.split(b"\t", 1)
            mode, kind, blob = head.decode().split()
            if kind == "blob":
                files[name.decode()] = (int(mode, 8), blob)
    batch = run("git", "-C", root, "cat-file", "--batch", input="".join(f"{blob}\n" for _, blob in files.values()).encode())
    at = 0
    for name, (mode, blob) in files.items():
        end = batch.index(b"\n", at)
        size = int(batch[at:end].split()[2])
        files[name] = (mode, batch[end + 1:end + 1 + size])
        at = end + 1 + size + 1
    return files


def sbom(version, archive, files, time):
    """SPDX 2.3. simdjson and fmt are not in the archive; alertmap is linked with the user's versions."""
    packages = [
        ("alertmap", version, "MIT", f"pkg:generic/alertmap@{version}"),
        ("simdjson", "3.0 to 4.x", "Apache-2.0 OR MIT", "pkg:generic/simdjson"),
        ("fmt", "9.1 or newer", "MIT", "pkg:generic/fmt"),
        ("CLI11", "2.1 or newer", "BSD-3-Clause", "pkg:generic/cli11"),
    ]
    relations = [("DOCUMENT", "DESCRIBES", "alertmap"), ("alertmap", "DEPENDS_ON", "simdjson"),
                 ("fmt", "OPTIONAL_DEPENDENCY_OF", "alertmap"), ("CLI11", "OPTIONAL_DEPENDENCY_OF", "alertmap")]
    identify = lambda name: f"SPDXRef-{name}" if name == "DOCUMENT" else f"SPDXRef-Package-{name}"
    listed = [
        {
            "SPDXID": f"SPDXRef-File-{number}",
            "fileName": f"./{name}",
            "checksums": [{"algorithm": "SHA1", "checksumValue": hashlib.sha1(content).hexdigest()},
                          {"algorithm": "SHA512", "checksumValue": hashlib.sha512(content).hexdigest()}],
            "licenseConcluded": "MIT" if not name.startswith("tests/") else "NOASSERTION",
            "copyrightText": "NOASSERTION",
        }
        for number, (name, (_, content)) in enumerate(sorted(files.items()))
    ]
    code = hashlib.sha1("".join(sorted(file["checksums"][0]["checksumValue"] for file in listed)).encode()).hexdigest()
    document = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"alertmap-{version}",
        "documentNamespace": f"urn:sha512:{hashlib.sha512(archive).hexdigest()}",
        "creationInfo": {
            "created": datetime.datetime.fromtimestamp(time, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: alertmap/cmake/release/release.py"],
        },
        "packages": [
            {
                "SPDXID": identify(name),
                "name": name,
                "versionInfo": about,
                "downloadLocation": "NOASSERTION",
                "filesAnalyzed": name == "alertmap",
                **({"packageVerificationCode": {"packageVerificationCodeValue": code}, "licenseInfoFromFiles": ["NOASSERTION"],
                    "checksums": [{"algorithm": "SHA512", "checksumValue": hashlib.sha512(archive).hexdigest()}],
                    "hasFiles": [file["SPDXID"] for file in listed]} if name == "alertmap" else {}),
                "licenseConcluded": licence,
                "licenseDeclared": licence,
                "copyrightText": "NOASSERTION",
                "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}],
            }
            for name, about, licence, purl in packages
        ],
        "files": [{**file, "licenseInfoInFiles": ["NOASSERTION"]} for file in listed],
        "relationships": [
            {"spdxElementId": identify(one), "relationshipType": kind, "relatedSpdxElement": identify(other)} for one, kind, other in relations
        ],
    }
    return json.dumps(document, indent=1) + "\n"


def shared_library(source, build):
    """With debug information, from which abidiff reads the types."""
    run("cmake", "-S", source, "-B", build, "-DBUILD_SHARED_LIBS=ON", "-DALERTMAP_DEVELOPER_MODE=OFF", "-DCMAKE_BUILD_TYPE=RelWithDebInfo")
    run("cmake", "--build", build, "--target", "alertmap")
    return next(build.glob("libalertmap.so"))


def abi_report():
    tags = run("git", "-C", root, "tag", "--list", "v*", "--sort=-v:refname", "--merged", "HEAD").decode().split()
    tags = [tag for tag in tags if git("rev-list", "-n", "1", tag) != git("rev-parse", "HEAD")]
    if not tags:
        return "No tag before this commit: nothing to compare with.\n"
    if not shutil.which("abidiff"):
        sys.exit("abidiff is missing: apt install abigail-tools, or --without-abi")
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        libraries = []
        for name in (tags[0], "HEAD"):
            (work / name).mkdir()
            subprocess.run(["tar", "-x", "-C", str(work / name)], input=git("archive", name), check=True)
            libraries.append(shared_library(work / name, work / f"{name}-build"))
        report = subprocess.run(["abidiff", "--no-added-syms", *map(str, libraries)], stdout=subprocess.PIPE, text=True)
        # Bits of the status: 1 error, 2 usage, 4 changed, 8 changed incompatibly.
        if report.returncode & 3:
            sys.exit(f"abidiff failed: {report.stdout}")
        says = "incompatible" if report.returncode & 8 else "changed" if report.returncode & 4 else "the same"
        return f"Against {tags[0]}: {says}\n\n{report.stdout}"


def main(out, abi):
    out.mkdir(parents=True, exist_ok=True)
    if git("status", "--porcelain", "--untracked-files=no").strip():
        print("note: changes that are not committed are not in the release", file=sys.stderr)
    files = committed()
    version = re.search(rb"project\(alertmap\s+VERSION ([0-9.]+)", files["CMakeLists.txt"][1])[1].decode()
    time = int(git("log", "-1", "--format=%ct"))
    name = f"alertmap-{version}"

    pack(out / f"{name}.tar.gz", name, files, time)
    with tempfile.TemporaryDirectory() as work:
        # From what is committed, not from what lies in the checkout.
        with tarfile.open(out / f"{name}.tar.gz") as archive:
            archive.extractall(work)
        two = pathlib.Path(work) / "two-files"
        run(sys.executable, "-B", f"{work}/{name}/cmake/release/amalgamate.py", two)
        pack(out / f"{name}-two-files.tar.gz", f"{name}-two-files",
             {file.name: (0o644, file.read_bytes()) for file in two.iterdir()} | {"LICENSE": files["LICENSE"]}, time)
    (out / f"{name}.spdx.json").write_text(sbom(version, (out / f"{name}.tar.gz").read_bytes(), files, time))
    made = [f"{name}.tar.gz", f"{name}-two-files.tar.gz", f"{name}.spdx.json"]
    (out / "SHA512SUMS").write_text("".join(f"{hashlib.sha512((out / file).read_bytes()).hexdigest()}  {file}\n" for file in made))
    if abi:
        (out / "abi.txt").write_text(abi_report())
    print("\n".join(str(out / file) for file in [*made, "SHA512SUMS", *(["abi.txt"] if abi else [])]))


arguments = [argument for argument in sys.argv[1:] if argument != "--without-abi"]
if len(arguments) != 1:
    sys.exit(__doc__)
main(pathlib.Path(arguments[0]), "--without-abi" not in sys.argv)
