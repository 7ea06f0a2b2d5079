#!/bin/sh
# Seeded histories of incidents through every rule: how often is the pager wrong? See tests/simulation/README.md.
set -eu

usage="usage: bench/truth.sh [--quick] [--histories N] [--check] [--json FILE] [--chart FILE.svg]
  --quick      150 histories instead of 10,000: below two minutes
  --check      fails if a ledger was wrong
  --json       writes [{"rule", "vendor", "episodes", "lost", "wrongly_closed", "stuck", "doubled", "phantom"}, ...]
  --chart      draws the chart of the README (needs gnuplot)
Rules without a ledger, and a preset with the IDs of another one, see one history of five: more would only take longer.
CXX chooses the compiler, ALERTMAP_TRUTH_BUILD the build directory, ALERTMAP_TRUTH_PROGRAM a program that is built already."

here=$(cd "$(dirname "$0")" && pwd)
build=${ALERTMAP_TRUTH_BUILD:-$here/../build/truth}
histories=10000
others=5
check=
json=
chart=
while [ $# -gt 0 ]; do
    case $1 in
        --quick) histories=150 others=3 ;;
        --check) check=--check ;;
        --histories) histories=$2 && shift ;;
        --json) json=$2 && shift ;;
        --chart) chart=$2 && shift ;;
        *) echo "$usage" >&2 && exit 2 ;;
    esac
    shift
done

program=${ALERTMAP_TRUTH_PROGRAM:-}
if [ -z "$program" ]; then
    mkdir -p "$build"
    {
        cmake -S "$here" -B "$build" && cmake --build "$build" --target truth -j "$(nproc)"
    } >"$build/truth.log" 2>&1 || { cat "$build/truth.log" >&2 && exit 1; }
    program=$build/truth
fi

rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
status=0
"$program" --histories "$histories" --others "$others" --rows "$rows" ${json:+--json "$json"} $check || status=$?
python3 "$here/truth.py" ${chart:+--chart "$chart"} "$rows"
exit $status
