#!/bin/sh
# Instructions per input byte by callgrind, on bodies of 100 alerts with 5 % escapes, by function. Run run.sh first, which builds. Valgrind
# does not support AVX-512, so simdjson uses its haswell kernel.
# usage: bench/profile.sh [CANDIDATE...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${ALERTMAP_BENCH_BUILD:-$here/../build/bench}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
[ $# -gt 0 ] || set -- alertmap "simdjson On-Demand" "simdjson DOM"

instructions() { # passes stage candidate
    valgrind --tool=callgrind --toggle-collect='bench::*run_passes*' --callgrind-out-file="$out/$1" "$build/bench" --passes "$1" "$2" "$3" 2>"$out/log" >"$out/bytes"
    sed -n 's/.*Collected : *//p' "$out/log"
}
for stage in parse end_to_end; do
    for candidate in "$@"; do
        # The difference excludes the first pass, which allocates.
        few=$(instructions 1 $stage "$candidate")
        many=$(instructions 6 $stage "$candidate")
        echo "$few $many $(cat "$out/bytes")" | awk -v what="$stage, $candidate" '{ printf "%-40s %6.3f instructions/byte\n", what, ($2 - $1) / 5 / $3 }'
        [ "$candidate" != alertmap ] || callgrind_annotate "$out/6" | sed -n '/file:function/,$p' | sed -n 3,16p | sed 's/ \[.*//' | cut -c1-150
    done
done
