"""The README's table (rules, summed over the vendors) from the rows of the simulation: truth.py [--chart FILE.svg] ROWS.json"""

import argparse
import json
import subprocess

COLUMNS = ("lost", "wrongly_closed", "stuck", "doubled", "phantom")


def summed(rows):
    """{rule: {column: sum}} in order of the rows."""
    rules = {}
    for row in rows:
        rule = rules.setdefault(row["rule"], dict.fromkeys(("episodes", *COLUMNS, "unknowable"), 0))
        for column in rule:
            rule[column] += row[column]
    return rules


def print_table(rules):
    print("\n| per 100,000 episodes | lost | wrongly closed | stuck | doubled | phantom | unknowable |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, rule in rules.items():
        cells = [f"{100_000 * rule[column] / rule['episodes']:,.0f}" if rule[column] == 0 or 100_000 * rule[column] / rule["episodes"] >= 10
                 else f"{100_000 * rule[column] / rule['episodes']:.1f}" for column in (*COLUMNS, "unknowable")]
        bold = "**" if name.startswith("ledger") else ""
        print(f"| {bold}{name}{bold} | {' | '.join(cells)} |")
    episodes = max(rule["episodes"] for rule in rules.values())
    print(f"\n{episodes:,} episodes for each rule")


def draw(rules, path):
    """Stacked bars: failures per 100,000 episodes, on a square root axis so that small numbers are visible beside large ones."""
    colors = (0xC53030, 0xDD6B20, 0xD69E2E, 0x4A5568, 0x2B6CB0)
    names = list(rules)[::-1]
    ticks = ", ".join(f"'{name}' {place}" for place, name in enumerate(names))
    script = [
        "set terminal svg size 1000,520 font 'sans-serif,13' background rgb 'white' noenhanced",
        f"set output '{path}'",
        "set title 'Wrong per 100,000 episodes (square root scale): the sum of all simulated vendors'",
        "set style fill solid",
        "set border 3",
        "set tics nomirror",
        "set grid xtics",
        "set nonlinear x via sqrt(x) inverse x**2",
        f"set ytics ({ticks})",
        f"set yrange [-0.6:{len(names) - 0.4}]",
        "set xrange [0:*]",
        "set key outside top horizontal",
    ]
    plots = []
    for number, (column, color) in enumerate(zip(COLUMNS, colors)):
        script.append(f"$d{number} << END")
        for place, name in enumerate(names):
            rule = rules[name]
            scale = 100_000 / rule["episodes"]
            left = sum(rule[c] for c in COLUMNS[:number]) * scale
            script.append(f"{left} {left + rule[column] * scale} {place}")
        script.append("END")
        plots.append(f"$d{number} using 1:3:1:2:($3-0.35):($3+0.35) with boxxyerror lc rgb {color} title '{column.replace('_', ' ')}'")
    script.append("plot " + ", ".join(plots))
    subprocess.run(["gnuplot"], input="\n".join(script) + "\n", text=True, check=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--chart", metavar="FILE")
    arguments.add_argument("rows")
    options = arguments.parse_args()
    with open(options.rows, encoding="utf-8") as file:
        rules = summed(json.load(file))
    print_table(rules)
    if options.chart:
        draw(rules, options.chart)


if __name__ == "__main__":
    main()
