"""Checks that two files contain equal JSON values, line by line: same.py EXPECTED ACTUAL. Ignores the order of members."""

import itertools
import json
import sys

with open(sys.argv[1], encoding="utf-8") as expected, open(sys.argv[2], encoding="utf-8") as actual:
    for number, (one, other) in enumerate(itertools.zip_longest(expected, actual, fillvalue="null"), 1):
        if json.loads(one) != json.loads(other):
            sys.exit(f"line {number} differs:\n{one}{other}")
