#!/bin/sh
# Seeded histories of incidents through every rule: how often is the pager wrong? See tests/simulation/README.md.
set -eu

usage="usage: bench/truth.sh [--quick] [--histories N] [--json FILE] [--chart FILE.svg]
  --quick      150 histories instead of 10,000: below two minutes
  --json       writes [{rule, vendor, episodes, lost, wrongly_closed, stuck, doubled, phantom, unknowable, requests}, ...]
  --chart      draws the chart of the README (needs gnuplot)
CXX chooses the compiler, ALERTMAP_TRUTH_BUILD the build directory."

here=$(cd "$(dirname "$0")" && pwd)
build=${ALERTMAP_TRUTH_BUILD:-$here/../build/truth}
histories=10000
json=
chart=
while [ $# -gt 0 ]; do
    case $1 in
        --quick) histories=150 ;;
        --histories) histories=$2 && shift ;;
        --json) json=$2 && shift ;;
        --chart) chart=$2 && shift ;;
        *) echo "$usage" >&2 && exit 2 ;;
    esac
    shift
done

mkdir -p "$build"
{
    cmake -S "$here" -B "$build" && cmake --build "$build" --target truth -j "$(nproc)"
} >"$build/truth.log" 2>&1 || { cat "$build/truth.log" >&2 && exit 1; }

rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
"$build/truth" --histories "$histories" --json "$rows"
python3 "$here/truth.py" ${chart:+--chart "$chart"} "$rows"
[ -z "$json" ] || cp "$rows" "$json"
