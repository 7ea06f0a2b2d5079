#!/usr/bin/env bash
# Makes a prefix with another simdjson, for the whole suite, and prints its path:
#   tests/simdjson/prefix.sh FOLDER     of a folder with simdjson.h and simdjson.cpp (simdjson's "singleheader")
#   tests/simdjson/prefix.sh npm        of version 3.9, which the npm package @nozbe/simdjson carries
# tests/run.sh simdjson runs the whole suite on it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
out=$PWD/build/simdjson
mkdir -p "$out"

sources=${1:?"tests/simdjson/prefix.sh FOLDER | npm"}
if [ "$sources" = npm ]; then
    package=nozbe-simdjson-3.9.4.tgz
    if [ ! -f "$out/$package" ]; then
        (cd "$out" && npm pack --silent @nozbe/simdjson@3.9.4 >&2)
    fi
    # The registry is not trusted: these bytes were read.
    echo "ff7a023fc181a5dc9e8813049ee23a4b4ca5d327a40fa4317de77aee166a535188567de8fef66013ca80366ebd4c77f0ec98072d2f738f1e7a17f74edeafa4a0  $out/$package" | sha512sum --check --quiet >&2
    tar -xzf "$out/$package" -C "$out" package/src
    sources=$out/package/src
fi
sources=$(cd "$sources" && pwd)
name=$(printf '%s' "$sources" | sha256sum | head -c 8)
{
    cmake -S tests/simdjson -B "$out/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DSOURCES="$sources" -DCMAKE_INSTALL_PREFIX="$out/$name/prefix"
    cmake --build "$out/$name"
    cmake --install "$out/$name"
} >&2
echo "$out/$name/prefix"
