"""The table of all rounds: table.py [--json FILE] [--chart FILE] ROUND...

Every ROUND is a directory with Google Benchmark's bench.json and threads.json, and foreign.jsonl of candidates in other languages.
A ratio is the median of the rounds' ratios, so that changes of the machine's speed between rounds do not matter.
"""

import argparse
import json
import pathlib
import subprocess
import sys
from statistics import median

REFERENCE = "simdjson On-Demand"
OURS = "alertmap"
# Not peers: they do less work than the stage.
BASELINES = ("od_walk", "od_walk, names too", "simdjson stage 1", "memcpy of the input", "memcpy of the output")

# Goals: factor relative to a candidate, per stage, for 1,000 alerts (one: for one) and 5 % escapes.
TARGETS = [
    ("parse", 1000, REFERENCE, 1.6),
    ("parse", 1000, "simdjson DOM", 2.0),
    ("parse", 1000, "RapidJSON SAX", 6.0),
    ("parse", 1000, "RapidJSON SAX, validating UTF-8", 6.0),
    ("parse", 1000, "nlohmann-json", 40.0),
    ("parse", 1000, "Go encoding/json", 50.0),
    ("end_to_end", 1000, "od_walk", 1.0),
    ("end_to_end", 1000, "od_walk, names too", 1.0),
    ("end_to_end", 1000, "RapidJSON SAX", 10.0),
    ("end_to_end", 1000, "RapidJSON SAX, validating UTF-8", 10.0),
    ("end_to_end", 1000, "nlohmann-json", 80.0),
    ("end_to_end", 1000, "Go encoding/json", 80.0),
]
THREADS_TARGET = 1.8
HOSTILE_TARGET = 10.0


def read(rounds):
    """{(stage, alerts, escapes): {candidate: [sample of each round]}}, and the context of the first round."""
    cases, context = {}, {}
    for directory in map(pathlib.Path, rounds):
        runs = []
        for name in ("bench.json", "threads.json"):
            # Google Benchmark leaves an empty file if the filter matches nothing.
            text = (directory / name).read_text(encoding="utf-8") if (directory / name).exists() else ""
            document = json.loads(text) if text.strip() else {"context": {}, "benchmarks": []}
            context = context or document["context"]
            runs += document["benchmarks"]
        foreign = directory / "foreign.jsonl"
        if foreign.exists():
            runs += map(json.loads, foreign.read_text(encoding="utf-8").splitlines())
        for run in runs:
            if run.get("error_occurred"):
                sys.exit(f"{run['name']}: {run['error_message']}")
            name = run["name"].split("/iterations:")[0]
            stage, rest = name.split("/", 1)
            candidate, alerts, escapes = rest.rsplit("/", 2)
            nanoseconds = run["real_time"] if run.get("real") else run["cpu_time"]
            case = cases.setdefault((stage, int(alerts), int(escapes)), {})
            case.setdefault(candidate, []).append(
                {
                    "ns": nanoseconds / run["alerts"],
                    "gb": run["bytes"] / nanoseconds,
                    "allocations": run["allocations"],
                    "memory": run.get("memory_per_byte"),
                    "label": run.get("label", ""),
                }
            )
    return cases, context


def middle(samples, key="ns"):
    values = [sample[key] for sample in samples]
    return None if None in values else median(values)


def ratio(case, slow, fast):
    """The factor by which `fast` is faster than `slow`; None if one of them was not measured."""
    if slow not in case or fast not in case:
        return None
    return median(a["ns"] / b["ns"] for a, b in zip(case[slow], case[fast]))


def best_peer(case):
    peers = [name for name in case if name != OURS and name not in BASELINES]
    return min(peers, key=lambda name: middle(case[name]), default=None)


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"


def number(value):
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value):
    return "" if value is None else f"{value:.2f}x"


def spread(samples):
    values = [sample["ns"] for sample in samples]
    return f"{number(median(values))} ({number(min(values))}..{number(max(values))})"


def print_context(context, rounds):
    print(f"CPU: {cpu_name()}, {context['num_cpus']} cores; load {context['load_avg'][0]:.2f} at the start")
    print(f"Compiler: {context['compiler']}; flags: {context['flags']}")
    print(f"simdjson {context['simdjson']}; SIMDJSON_DEVELOPMENT_CHECKS {context['SIMDJSON_DEVELOPMENT_CHECKS']}")
    print(f"{rounds} rounds; CPU time (two_threads: best wall-clock time), median (min..max) of the rounds")
    print("On-Demand, best peer: how many times as fast as that one; the median of the rounds' ratios")


def print_stage(key, case):
    stage, alerts, escapes = key
    peer = best_peer(case)
    print(f"\n{stage}: {alerts:,} alert{'s' if alerts != 1 else ''} per body, {escapes} % escapes")
    print(f"{'':32} {'ns/alert':>26} {'GB/s in':>8} {'allocs/alert':>13} {'On-Demand':>10} {'best peer':>10}")
    for name, samples in sorted(case.items(), key=lambda item: middle(item[1])):
        allocations = middle(samples, "allocations")
        counted = "" if allocations is None else f"{allocations:.3f}"
        against = times(ratio(case, REFERENCE, name))
        best = times(ratio(case, peer, name))
        print(f"{name:32} {spread(samples):>26} {number(middle(samples, 'gb')):>8} {counted:>13} {against:>10} {best:>10}")


def ns_per_byte(samples):
    return 1 / middle(samples, "gb")


def print_scaling(cases):
    rows = [(key[1], case[OURS]) for key, case in cases.items() if key[0] == "parse" and key[2] == 5 and OURS in case]
    if not rows:
        return
    print("\nalertmap's parse by size, 5 % escapes")
    print(f"{'alerts per body':>15} {'ns/byte':>8} {'Parser::memory() per body byte':>32}")
    for alerts, samples in sorted(rows):
        print(f"{alerts:>15,} {ns_per_byte(samples):>8.3f} {number(middle(samples, 'memory')):>32}")


def print_hostile(cases):
    hostile = {key: case for key, case in cases.items() if key[0].startswith("hostile: ")}
    ordinary = cases.get(("parse", 1000, 5), {}).get(OURS)
    if not hostile:
        return
    print(f"\nhostile bodies: alertmap's parse; target: at most {HOSTILE_TARGET:.0f}x the ordinary cost per byte (1,000 alerts)")
    print(f"{'':40} {'ns/byte':>8} {'ordinary':>9} {'memory/byte':>12} {'DOM ns/byte':>13}  outcome")
    for (stage, _, _), case in hostile.items():
        samples = case[OURS]
        cost = ns_per_byte(samples)
        against = times(cost / ns_per_byte(ordinary)) if ordinary else ""
        dom = f"{ns_per_byte(case['simdjson DOM']):.3f}" if "simdjson DOM" in case else ""
        name = stage.removeprefix("hostile: ")
        print(f"{name:40} {cost:>8.3f} {against:>9} {number(middle(samples, 'memory')):>12} {dom:>13}  {samples[0]['label']}")


def print_threads(cases):
    for (stage, alerts, _), case in cases.items():
        if not stage.startswith("two_threads"):
            continue
        print(f"\n{stage}, {alerts} alerts per body, independent bodies")
        for name in sorted({name.rsplit(", ", 1)[0] for name in case}):
            one, two = f"{name}, 1 thread", f"{name}, 2 threads"
            print(f"{name:32} {spread(case[one]):>26} {spread(case[two]):>26} {times(ratio(case, one, two)):>8} (ns/alert, one, two)")


def print_targets(cases):
    ordinary = cases.get(("parse", 1000, 5), {}).get(OURS)
    print("\ntargets (5 % escapes; two_threads: 100 alerts per body, all others: 1,000)")
    for stage, alerts, peer, wanted in TARGETS:
        reached = ratio(cases.get((stage, alerts, 5), {}), peer, OURS)
        if reached is not None:
            print(f"{'reached' if reached >= wanted else 'MISSED':8} {stage}: {reached:.2f}x {peer} (target {wanted:g}x)")
    for (stage, alerts, escapes), case in cases.items():
        if stage.startswith("hostile") and ordinary:
            cost = ns_per_byte(case[OURS]) / ns_per_byte(ordinary)
            print(f"{'reached' if cost <= HOSTILE_TARGET else 'MISSED':8} {stage}: {cost:.1f}x the ordinary cost per byte (target {HOSTILE_TARGET:g}x)")
        ours = middle(case[OURS], "allocations") if OURS in case else None
        if ours is not None and ours >= 0.001 and not stage.startswith("hostile"):
            print(f"MISSED   {stage}, {alerts} alerts, {escapes} % escapes: {ours:.3f} allocations per alert (target 0)")
        if stage.startswith("two_threads"):
            one, two = f"{OURS}, 1 thread", f"{OURS}, 2 threads"
            reached = ratio(case, one, two)
            print(f"{'reached' if reached >= THREADS_TARGET else 'MISSED':8} {stage}: {reached:.2f}x one thread (target {THREADS_TARGET:g}x)")


def as_json(cases):
    return [
        {
            "stage": stage,
            "candidate": candidate,
            "alerts": alerts,
            "escapes": escapes,
            "ns_per_alert": round(middle(samples), 3),
            "gb_per_s": round(middle(samples, "gb"), 4),
            "allocations_per_alert": round(middle(samples, "allocations"), 4) if middle(samples, "allocations") is not None else None,
        }
        for (stage, alerts, escapes), case in cases.items()
        for candidate, samples in case.items()
    ]


def draw(cases, context, path):
    """Bar chart of ns per alert on a logarithmic axis, with parse and end to end side by side."""
    panels = [("parse", "parse"), ("end_to_end", "parse + map + write 3 payloads")]
    panels = [(cases[(stage, 1000, 5)], title) for stage, title in panels if (stage, 1000, 5) in cases]
    terminal = "svg size 1000,520 font 'sans-serif,13' background rgb 'white'" if path.endswith(".svg") else "pngcairo size 1000,520 font ',10'"
    script = [
        f"set terminal {terminal} noenhanced",
        f"set output '{path}'",
        f"set multiplot layout 1,{len(panels)} title 'CPU time per alert in ns (logarithmic): 1,000 alerts per body, {cpu_name()}, {context['compiler']} {context['flags']}'",
        "set logscale x",
        "set style fill solid",
        "set boxwidth 0.7",
        "set grid xtics",
        "set border 3",
        "set tics nomirror",
        "unset key",
        "set format x '%.0f'",
    ]
    for case, title in panels:
        rows = sorted(case.items(), key=lambda item: -middle(item[1]))
        ticks = ", ".join(f"'{name}' {place}" for place, (name, _) in enumerate(rows))
        values = [middle(samples) for _, samples in rows]
        script += [
            f"set title '{title}'",
            f"set ytics ({ticks})",
            f"set yrange [-0.6:{len(rows) - 0.4}]",
            f"set xrange [{min(values) / 2:g}:{max(values) * 4:g}]",
            f"$rows{len(script)} << END",
            *(
                f"{value} {place} {0x2b6cb0 if name == OURS else 0xc8c8c8 if name in BASELINES else 0x8a8f98} {number(value)}"
                for place, ((name, _), value) in enumerate(zip(rows, values))
            ),
            "END",
        ]
        block = next(line for line in reversed(script) if line.startswith("$rows")).split(" ")[0]
        script.append(
            f"plot {block} using ({min(values) / 2:g}):2:({min(values) / 2:g}):1:($2-0.35):($2+0.35):3 with boxxyerror lc rgb variable, "
            f"{block} using 1:2:4 with labels left offset 0.5,0"
        )
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", metavar="FILE")
    arguments.add_argument("--chart", metavar="FILE")
    arguments.add_argument("rounds", nargs="+")
    options = arguments.parse_args()
    cases, context = read(options.rounds)
    if not cases:
        sys.exit("nothing was measured")
    print_context(context, len(options.rounds))
    for key, case in cases.items():
        if not key[0].startswith(("hostile: ", "two_threads")):
            print_stage(key, case)
    print_scaling(cases)
    print_hostile(cases)
    print_threads(cases)
    print_targets(cases)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(as_json(cases), file, indent=1)
            file.write("\n")
    if options.chart:
        draw(cases, context, options.chart)


if __name__ == "__main__":
    main()
