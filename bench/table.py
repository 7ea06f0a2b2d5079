"""The table of all rounds: table.py [--json FILE] [--chart FILE] ROUND.json...

Every ROUND.json is what Google Benchmark wrote in one process. A ratio is the median of the ratios within each round, so
that a machine that changes speed between the rounds does not change it.
"""

import argparse
import json
import os
import subprocess
import sys
from statistics import median

REFERENCE = "simdjson On-Demand"
OURS = "alertmap"
# No peers: they do less than the stage asks for.
BASELINES = ("od_walk", "od_walk, names too", "simdjson stage 1", "memcpy of the input", "memcpy of the output")


def read(paths):
    """{(stage, alerts, escapes): {candidate: [sample of each round]}}, and the context of the first round."""
    cases, context = {}, {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        context = context or document["context"]
        for run in document["benchmarks"]:
            if run.get("error_occurred"):
                sys.exit(f"{run['name']}: {run['error_message']}")
            stage, candidate, alerts, escapes = run["name"].split("/")[:4]
            nanoseconds = run["real_time"] if run.get("real") else run["cpu_time"]
            case = cases.setdefault((stage, int(alerts), int(escapes)), {})
            case.setdefault(candidate, []).append(
                {
                    "ns": nanoseconds / run["alerts"],
                    "gb": run["bytes"] / nanoseconds,
                    "allocations": run["allocations"],
                }
            )
    return cases, context


def ratio(case, slow, fast):
    """How many times faster `fast` is than `slow`, or None."""
    if slow not in case or fast not in case:
        return None
    return median(a["ns"] / b["ns"] for a, b in zip(case[slow], case[fast]))


def best_peer(case):
    peers = [name for name in case if not name.startswith(OURS) and name not in BASELINES]
    return min(peers, key=lambda name: median(s["ns"] for s in case[name]), default=None)


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown"


def number(value, digits=3):
    """Three significant digits, no exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def times(value):
    return "" if value is None else f"{value:.2f}x"


def print_context(context, rounds):
    print(f"CPU: {cpu_name()}, {context['num_cpus']} cores; load {context['load_avg'][0]:.2f} at the start")
    print(f"Compiler: {context['compiler']}; flags: {context['flags']}")
    print(f"simdjson {context['simdjson']}; SIMDJSON_DEVELOPMENT_CHECKS {context['SIMDJSON_DEVELOPMENT_CHECKS']}")
    print(f"{rounds} rounds; time: CPU time of the thread, median (min..max); ratios: how many times as fast as ...")


def print_tables(cases):
    for (stage, alerts, escapes), case in cases.items():
        peer = best_peer(case)
        print(f"\n{stage}: {alerts:,} alert{'s' if alerts != 1 else ''} per body, {escapes} % escapes")
        print(f"{'':32} {'ns/alert':>26} {'GB/s in':>8} {'allocs/alert':>13} {'On-Demand':>10} {'best peer':>10}")
        for name, samples in sorted(case.items(), key=lambda item: median(s["ns"] for s in item[1])):
            ns = [s["ns"] for s in samples]
            spread = f"{number(median(ns))} ({number(min(ns))}..{number(max(ns))})"
            gigabytes = number(median(s["gb"] for s in samples))
            allocations = median(s["allocations"] for s in samples)
            against = times(ratio(case, REFERENCE, name)) if REFERENCE in case else ""
            print(f"{name:32} {spread:>26} {gigabytes:>8} {allocations:>13.4f} {against:>10} {times(ratio(case, peer, name)):>10}")


def as_json(cases):
    return [
        {
            "stage": stage,
            "candidate": candidate,
            "alerts": alerts,
            "escapes": escapes,
            "ns_per_alert": round(median(s["ns"] for s in samples), 3),
            "gb_per_s": round(median(s["gb"] for s in samples), 4),
            "allocations_per_alert": round(median(s["allocations"] for s in samples), 4),
        }
        for (stage, alerts, escapes), case in cases.items()
        for candidate, samples in case.items()
    ]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", metavar="FILE")
    arguments.add_argument("--chart", metavar="FILE")
    arguments.add_argument("rounds", nargs="+")
    options = arguments.parse_args()
    cases, context = read(options.rounds)
    print_context(context, len(options.rounds))
    print_tables(cases)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(as_json(cases), file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
