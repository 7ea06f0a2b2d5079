#!/bin/sh
# Builds and runs all installed candidates in rounds, and prints one table. See README.md.
set -eu

usage="usage: bench/run.sh [--quick] [--rounds N] [--filter REGEX] [--json FILE] [--chart FILE.svg|FILE.png] [--core N]
  --quick   fewer inputs, shorter rounds: under two minutes
  --filter  only these stage/candidate/alerts/escapes, and only those in C++
  --json    writes [{stage, candidate, alerts, escapes, ns_per_alert, gb_per_s, allocations_per_alert}, ...]
  --chart   draws the chart of the README (needs gnuplot)
   or: bench/run.sh --compare REV [--quick] [--filter REGEX] [--core N]
  --compare this tree against the library of a revision, both in one process by turns: the ratios of the times per stage
CXX chooses the compiler, ALERTMAP_BENCH_FLAGS its flags (default: -O2), ALERTMAP_BENCH_BUILD the build directory, ALERTMAP_BENCH_PEERS
directories, separated by semicolons, with the sources of further peers (yyjson)."

here=$(cd "$(dirname "$0")" && pwd)
build=${ALERTMAP_BENCH_BUILD:-$here/../build/bench}
rounds=5
seconds=0.05
filter=.
quick=
json=
chart=
core=$(($(nproc) - 1))
compare=
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=--quick rounds=3 seconds=0.01 ;;
        --rounds) rounds=$2 && shift ;;
        --filter) filter=$2 && shift ;;
        --json) json=$2 && shift ;;
        --chart) chart=$2 && shift ;;
        --core) core=$2 && shift ;;
        --compare) compare=$2 && shift ;;
        *) echo "$usage" >&2 && exit 2 ;;
    esac
    shift
done

say() { echo "$*" >&2; }
pinned() { taskset -c "$core" "$@"; }
command -v taskset >/dev/null || pinned() { "$@"; }

if [ -n "$compare" ]; then
    revision=$(git -C "$here/.." rev-parse --short "$compare^{commit}")
    build="$build/compare"
    mkdir -p "$build"
    old="$build/source-$revision"
    if [ ! -d "$old" ]; then
        mkdir "$old.part"
        git -C "$here/.." archive "$revision" | tar -x -C "$old.part"
        mv "$old.part" "$old"
    fi
    for side in "$revision:$old" "working-tree:$here/.."; do
        cmake -S "$here/compare" -B "$build/${side%%:*}" -DALERTMAP_SOURCE="${side#*:}" -DALERTMAP_BENCH_FLAGS="${ALERTMAP_BENCH_FLAGS:--O2}" \
            >"$build/build.log" 2>&1 && cmake --build "$build/${side%%:*}" -j "$(nproc)" >>"$build/build.log" 2>&1 ||
            { cat "$build/build.log" >&2 && exit 1; }
    done
    say "this tree / $revision; load $(cut -d ' ' -f 1 /proc/loadavg 2>/dev/null)"
    pinned "$build/working-tree/compare" $quick --filter "$filter" "$build/$revision/libsubject.so" "$build/working-tree/libsubject.so"
    exit
fi

mkdir -p "$build"
say "building in $build"
{
    cmake -S "$here" -B "$build" -DALERTMAP_BENCH_FLAGS="${ALERTMAP_BENCH_FLAGS:--O2}" -DALERTMAP_BENCH_PEERS="${ALERTMAP_BENCH_PEERS:-}" &&
        cmake --build "$build" -j "$(nproc)"
} >"$build/build.log" 2>&1 || { cat "$build/build.log" >&2 && exit 1; }
grep '^-- Peers:' "$build/build.log" >&2 || true

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Candidates in other languages read the same bodies from files, and their payloads are compared.
foreign="1/5 1000/5"
[ "$filter" = . ] || foreign=
set_file() { echo "$results/bodies-$(echo "$1" | tr / -)"; }
compare() { # name command...
    name=$1 && shift
    "$@" >"$results/actual"
    python3 "$here/same.py" "$results/expected" "$results/actual" || { say "$name writes other payloads" && exit 1; }
}
go=
if command -v go >/dev/null && (cd "$here/go" && GOFLAGS=-mod=mod go build -o "$build/bench-go" .) >>"$build/build.log" 2>&1; then
    go="$build/bench-go"
    say "$(go version)"
fi
node=$(command -v node || true)
[ -z "$node" ] || say "Node.js $(node --version)"
say "$(python3 --version)"
for set in $foreign; do
    bodies=$(set_file "$set")
    "$build/generate" "$bodies" "${set%/*}" "${set#*/}"
    "$build/bench" --payloads "${set%/*}" "${set#*/}" >"$results/expected"
    [ -z "$go" ] || compare "Go encoding/json" "$go" -payloads marshal "$bodies"
    [ -z "$go" ] || compare "Go text/template" "$go" -payloads template "$bodies"
    [ -z "$node" ] || compare "Node.js" node "$here/node/bench.mjs" "$bodies" payloads
    compare Python python3 "$here/python/bench.py" "$bodies" payloads
done

# A B C A B C: one process per round, in which the candidates of a stage are adjacent.
google() { # file arguments...
    file=$1 && shift
    "$@" --benchmark_filter="$filter" --benchmark_min_time="$seconds" --benchmark_out="$file" --benchmark_out_format=json \
        >"$results/log" 2>&1 || { cat "$results/log" >&2 && exit 1; }
}
round=1
while [ "$round" -le "$rounds" ]; do
    say "round $round of $rounds"
    mkdir "$results/$round"
    google "$results/$round/bench.json" pinned "$build/bench" $quick
    google "$results/$round/threads.json" "$build/bench" --threads
    for set in $foreign; do
        bodies=$(set_file "$set")
        [ -z "$go" ] || pinned "$go" -seconds "$seconds" -set "$set" "$bodies"
        [ -z "$node" ] || pinned node "$here/node/bench.mjs" "$bodies" "$set" "$seconds"
        pinned python3 "$here/python/bench.py" "$bodies" "$set" "$seconds"
    done >"$results/$round/foreign.jsonl"
    round=$((round + 1))
done

python3 "$here/table.py" ${json:+--json "$json"} ${chart:+--chart "$chart"} "$results"/[0-9]*
